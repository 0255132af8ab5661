//! Writes on the way back to school, ready to be sent; with the steps before them taken.

use chrono::Days;
use dolen_domain::access::Role;
use serde_json::{Value, json};

use crate::TestApp;
use crate::writes::Draft;

/// The steps before each, in the order they are taken.
const BEFORE: &[(&str, &[&str])] = &[
    ("assess_warrn_risk", &[]),
    ("hold_warrn_meeting", &[]),
    ("agree_warrn_plan", &["assess_warrn_risk", "hold_warrn_meeting"]),
    ("record_warrn_return", &[]),
    ("withdraw_warrn_return", &["record_warrn_return"]),
    ("end_warrn_part_time", &["record_warrn_return"]),
    ("review_warrn_return", &["record_warrn_return"]),
    ("close_warrn_record", &[]),
    ("move_warrn_return", &[]),
    ("add_warrn_document", &[]),
    ("refer_from_warrn_record", &[]),
];

/// Whether a write is one of these.
#[must_use]
pub fn drafts(operation: &str) -> bool {
    BEFORE.iter().any(|(known, _)| *known == operation)
}

/// The last part of a step's address, and what is said in it.
fn step(app: &TestApp, operation: &str) -> (&'static str, Value) {
    let today = app.db().clock().now().date();
    let later = today.checked_add_days(Days::new(14)).unwrap();
    match operation {
        "assess_warrn_risk" => {
            ("risk-assessment", json!({"held_on": today, "with_eps": true, "findings": "Loud corridors."}))
        }
        "hold_warrn_meeting" => {
            let present = json!([{"who": "parent", "name": "Rhiant Enghreifftiol"}]);
            ("return-meeting", json!({"held_on": today, "present": present, "note": "All agreed."}))
        }
        "agree_warrn_plan" => {
            let plan = json!({
                "agreed_on": today, "triggers": "Noise.", "what_helps": "A walk.", "safe_places": "The library.",
                "key_adult": "The tutor.", "adjustments": "A card.", "review_on": later,
            });
            ("return-plan", plan)
        }
        "record_warrn_return" => ("return", json!({"on": today, "attendance": "part_time"})),
        "withdraw_warrn_return" => ("return/withdrawal", json!({"reason": "Another day."})),
        "end_warrn_part_time" => ("full-time", json!({"on": today})),
        "review_warrn_return" => {
            ("reviews", json!({"held_on": today, "attendance": "full_time", "note": "Goes well."}))
        }
        "close_warrn_record" => ("outcome", json!({"outcome": "re_referred", "note": "Seen again."})),
        "move_warrn_return" => ("return-date", json!({"expected_return_on": later})),
        "add_warrn_document" => {
            ("documents", json!({"name": "Llythyr.txt", "media_type": "text/plain", "content": "QW5ud3ls"}))
        }
        "refer_from_warrn_record" => {
            let consent = json!({"given_by": "parent", "given_on": today});
            let need = "Somebody to talk to.";
            let body = json!({
                "service": "eps", "year_group": 9, "key_area": "wellbeing", "urgency": "soon", "need": need,
                "evidence": "A card, for a term.", "consent": consent,
            });
            ("referrals", body)
        }
        other => panic!("the write `{other}` is not known to tests/src/returns.rs: add it"),
    }
}

/// A write of a return, ready, on a fresh record that the school has acknowledged.
///
/// # Panics
/// When it is not known here.
pub async fn draft(app: &TestApp, operation: &str) -> Draft {
    let acknowledge = Box::pin(Draft::of(app, "acknowledge_warrn_record")).await;
    let mut version = acknowledge.sent(app).await.header("etag").to_owned();
    let record = acknowledge.path.trim_end_matches("/acknowledge");
    let (_, before) = BEFORE.iter().find(|(known, _)| *known == operation).expect("one of these");
    for done in *before {
        of(app, done, record, &version).sent(app).await.header("etag").clone_into(&mut version);
    }
    of(app, operation, record, &version)
}

fn of(app: &TestApp, operation: &str, record: &str, version: &str) -> Draft {
    let (word, body) = step(app, operation);
    let draft = Draft::post(app.world().who(Role::Dsp).id, format!("{record}/{word}"), body, 200);
    match operation {
        "add_warrn_document" | "refer_from_warrn_record" => Draft { status: 201, ..draft },
        _ => Draft { version: Some(version.to_owned()), ..draft },
    }
}
