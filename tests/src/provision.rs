//! Writes on special provision, ready to be sent; with what they change begun.

use chrono::Days;
use dolen_domain::access::Role;
use serde_json::{Value, json};

use crate::TestApp;
use crate::writes::Draft;

/// Whether a write is one of these.
#[must_use]
pub fn drafts(operation: &str) -> bool {
    ["start_provision", "review_provision", "extend_provision", "end_provision"].contains(&operation)
}

/// A reduced timetable of three weeks from today.
#[must_use]
pub fn timetable(app: &TestApp) -> Value {
    let today = app.db().clock().now().date();
    let later = |days| today.checked_add_days(Days::new(days)).unwrap();
    json!({
        "kind": "reduced_timetable", "starts_on": today, "review_on": later(7), "ends_on": later(21),
        "plan": "An hour more each week.", "minutes_per_week": 750, "reason": "Tired by noon.",
        "consent": {"by": "Rhiant Enghreifftiol", "on": today},
    })
}

/// A write of provision, ready, on a fresh record.
///
/// # Panics
/// When it is not known here.
pub async fn draft(app: &TestApp, operation: &str) -> Draft {
    let today = app.db().clock().now().date();
    let later = |days| today.checked_add_days(Days::new(days)).unwrap();
    let acknowledge = Box::pin(Draft::of(app, "acknowledge_warrn_record")).await;
    let record = acknowledge.path.trim_end_matches("/acknowledge");
    let dsp = app.world().who(Role::Dsp).id;
    let start = Draft::post(dsp, format!("{record}/provision"), timetable(app), 201);
    if operation == "start_provision" {
        return start;
    }
    let begun = start.sent(app).await;
    let one = format!("/v1/provision/{}", begun.json["id"].as_str().unwrap());
    let (word, body) = match operation {
        "review_provision" => ("reviews", json!({"held_on": today, "note": "Goes well.", "next_on": later(14)})),
        "extend_provision" => {
            let consent = json!({"by": "Rhiant Enghreifftiol", "on": today});
            ("extension", json!({"ends_on": later(28), "reason": "Slower than hoped.", "consent": consent}))
        }
        "end_provision" => ("end", json!({"on": today, "ending": "full_time", "note": "Back."})),
        other => panic!("the write `{other}` is not known to tests/src/provision.rs: add it"),
    };
    let version = Some(begun.header("etag").to_owned());
    Draft { version, ..Draft::post(dsp, format!("{one}/{word}"), body, 200) }
}
