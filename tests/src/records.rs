//! Writes of records management, ready to be sent; with everything before them done.

use std::sync::Arc;

use dolen_domain::access::Role;
use dolen_domain::kernel::Caller;
use dolen_domain::records::retention;
use serde_json::{Value, json};

use crate::writes::Draft;
use crate::{TestApp, bodies};

/// Whether a write is one of these.
#[must_use]
pub fn drafts(operation: &str) -> bool {
    operation.contains("retention") || operation.contains("legal_hold") || operation.contains("subject_access")
}

/// A write of records management, ready.
///
/// # Panics
/// When it is not known here.
pub async fn draft(app: &TestApp, operation: &str) -> Draft {
    let administrator = app.world().who(Role::Administrator).id;
    let lead = app.world().who(Role::SafeguardingLead).id;
    let rule = |years, version| {
        let source = "Decided by the records officer";
        json!({"version": version, "anchor": "born_on", "years": years, "action": "destroy", "source": source})
    };
    let rules = "/v1/retention/rules/referral";
    match operation {
        "change_retention_rule" => Draft::post(administrator, rules, rule(40, version(app).await), 200),
        "decide_retention_change" => {
            let proposed = Draft::post(administrator, rules, rule(10, version(app).await), 200).sent(app).await;
            let path = format!("/v1/retention/changes/{}/decide", proposed.json["id"].as_str().unwrap());
            Draft::post(administrator, path, json!({"outcome": "refused"}), 200)
        }
        "run_retention" => Draft::post(administrator, "/v1/retention/runs", json!({"confirm": "dispose"}), 200),
        "review_retention" => {
            let reference = over(app, "sbc").await;
            let body = json!({"reference": reference, "record_class": "counselling_referral", "keep_years": 5});
            Draft::post(administrator, "/v1/retention/reviews", body, 200)
        }
        "place_legal_hold" => hold(app).await,
        "end_legal_hold" => {
            let placed = hold(app).await.sent(app).await;
            let path = format!("/v1/retention/holds/{}/end", placed.json["id"].as_str().unwrap());
            Draft::post(administrator, path, Value::Null, 200).bare()
        }
        "open_subject_access_request" => asked(app).await,
        "gather_subject_access" => {
            let path = format!("{}/gather", asked_for(app).await);
            Draft::post(lead, path, Value::Null, 200).bare()
        }
        "withdraw_subject_access_request" => {
            let path = format!("{}/withdraw", asked_for(app).await);
            Draft::post(administrator, path, Value::Null, 200).bare()
        }
        "decide_subject_access_piece" => {
            let path = gathered(app).await;
            Draft::post(lead, format!("{path}/pieces/1"), json!({"decision": "keep"}), 200)
        }
        "release_subject_access" => {
            let path = gathered(app).await;
            let pieces = app.signed_in_as(lead).get(&format!("{path}/pieces")).await;
            for piece in pieces.json["items"].as_array().unwrap() {
                let path = format!("{path}/pieces/{}", piece["number"]);
                Draft::post(lead, path, json!({"decision": "keep"}), 200).sent(app).await;
            }
            Draft::post(lead, format!("{path}/release"), Value::Null, 200).bare()
        }
        other => panic!("the write `{other}` is not known to tests/src/records.rs: add it"),
    }
}

/// The version of the rule for referrals, as it stands.
async fn version(app: &TestApp) -> Value {
    let rules = app.signed_in(Role::Administrator).get("/v1/retention/rules").await;
    let rules = rules.json["rules"].as_array().unwrap();
    rules.iter().find(|rule| rule["record_class"] == "referral").unwrap()["version"].clone()
}

/// A referral about a child long grown up, declined and reckoned, and the reference it has.
///
/// # Panics
/// When any of it is refused.
pub async fn over(app: &TestApp, service: &str) -> String {
    let number = app.world().schools[0].number.as_str();
    let mut body = bodies::referral(number, service);
    body["pupil"]["born_on"] = json!("1990-05-04");
    let opened = Draft::post(app.world().who(Role::SchoolSubmitter).id, "/v1/referrals", body, 201).sent(app).await;
    let path = format!("/v1/referrals/{}/decline", opened.json["id"].as_str().unwrap());
    let mut decline =
        Draft::post(app.world().officer_of(service).id, path, json!({"reason": "other", "note": "x"}), 200);
    decline.version = Some(opened.header("etag").to_owned());
    decline.sent(app).await;
    let vault = Arc::clone(&app.app().vault);
    app.db().write(&Caller::system("test"), move |work| retention::reckon(work, &vault)).unwrap();
    opened.json["reference"].as_str().unwrap().to_owned()
}

/// The reference of a fresh referral.
async fn referred(app: &TestApp) -> String {
    let body = bodies::referral(app.world().schools[0].number.as_str(), "eps");
    let opened = Draft::post(app.world().who(Role::SchoolSubmitter).id, "/v1/referrals", body, 201).sent(app).await;
    opened.json["reference"].as_str().unwrap().to_owned()
}

async fn hold(app: &TestApp) -> Draft {
    let body = json!({"reference": referred(app).await, "whole_child": true, "reason": "A claim before the court."});
    Draft::post(app.world().who(Role::Administrator).id, "/v1/retention/holds", body, 201)
}

async fn asked(app: &TestApp) -> Draft {
    let body = json!({"reference": referred(app).await, "asked_by": "child", "received_on": "2026-03-01"});
    Draft::post(app.world().who(Role::Administrator).id, "/v1/subject-access-requests", body, 201)
}

/// The address of a request.
async fn asked_for(app: &TestApp) -> String {
    let opened = asked(app).await.sent(app).await;
    format!("/v1/subject-access-requests/{}", opened.json["id"].as_str().unwrap())
}

/// The address of a request that was gathered.
async fn gathered(app: &TestApp) -> String {
    let path = asked_for(app).await;
    let lead = app.world().who(Role::SafeguardingLead).id;
    Draft::post(lead, format!("{path}/gather"), Value::Null, 200).bare().sent(app).await;
    path
}
