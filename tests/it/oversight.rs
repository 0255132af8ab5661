//! Breaking the glass over HTTP, and what both databases refuse of themselves.

use dolen_domain::access::Role;
use dolen_tests::{TestApp, bodies};
use serde_json::{Value, json};

const REASON: &str = "The child is in danger now and the named person can't be reached.";

/// A record of the first school's child, by its reference.
async fn record(app: &TestApp) -> Value {
    let school = app.world().schools[0].number.clone();
    let sent = app.signed_in(Role::InReachWorker).post("/v1/warrn-records").json(&bodies::warrn(&school)).await;
    sent.expect_status(201);
    sent.json
}

#[actix_web::test]
async fn the_glass_is_broken_told_reviewed_and_ends() {
    let app = TestApp::with().standing().start().await;
    let record = record(&app).await;
    let path = format!("/v1/warrn-records/{}/content", record["id"].as_str().unwrap());
    let lead = app.signed_in(Role::SafeguardingLead);
    lead.get(&path).await.expect_problem(404, "not_found");
    let asked = json!({"reference": record["reference"], "reason": REASON});
    let start =
        async |client: &dolen_tests::Client, body: &Value| client.post("/v1/emergency-accesses").json(body).await;

    for role in [Role::Administrator, Role::Analyst, Role::Auditor, Role::Dsp] {
        start(&app.signed_in(role), &asked).await.expect_problem(403, "forbidden");
    }
    let short = start(&lead, &json!({"reference": record["reference"], "reason": "urgent"})).await;
    short.expect_problem(422, "invalid_body");
    assert_eq!(short.json["errors"][0]["pointer"], "/reason", "{:?}", short.json);
    let started = start(&lead, &asked).await;
    started.expect_status(201);
    assert_eq!(started.json["records"][0]["reference"], record["reference"]);
    start(&lead, &asked).await.expect_problem(409, "emergency_in_force");
    lead.get(&path).await.expect_status(200);

    // Five minutes later the factor is stale, and an hour after the start nothing opens.
    let address = started.header("location").to_owned();
    app.advance(301);
    lead.get(&path).await.expect_problem(403, "step_up_required");
    let review = json!({"outcome": "appropriate", "note": "Seen."});
    let own = lead.post(&format!("{address}/review")).json(&review).await;
    own.expect_problem(403, "own_review");
    let readers = app.signed_in(Role::Auditor).get(&path.replace("content", "readers")).await;
    readers.expect_status(200);
    assert_eq!(
        (&readers.json["items"][0]["emergency"], &readers.json["items"][0]["role"]),
        (&json!(true), &json!("safeguarding_lead"))
    );
    app.signed_in(Role::Dsp).get(&address).await.expect_status(200);
    app.signed_in(Role::Headteacher).get(&address).await.expect_problem(404, "not_found");
    app.advance(3600 - 301);
    app.signed_in(Role::SafeguardingLead).get(&path).await.expect_problem(404, "not_found");
    let report = app.signed_in(Role::Auditor).get("/v1/access-report").await;
    report.expect_status(200);
    assert_eq!(report.json["readers"][0]["emergencies"], 1);
}

#[actix_web::test]
async fn neither_database_changes_an_access() {
    let app = TestApp::start().await;
    let record = record(&app).await;
    let asked = json!({"reference": record["reference"], "reason": REASON});
    app.signed_in(Role::SafeguardingLead).post("/v1/emergency-accesses").json(&asked).await.expect_status(201);
    for sql in [
        "UPDATE emergency_accesses SET person_id = person_id",
        "UPDATE emergency_accesses SET reason = reason",
        "UPDATE emergency_accesses SET started_at = started_at, ends_at = ends_at",
        "DELETE FROM emergency_accesses",
        "UPDATE emergency_owners SET person_id = person_id",
        "DELETE FROM emergency_owners",
    ] {
        let tried = app.db().upkeep(&dolen_domain::kernel::Caller::system("test"), move |work| {
            use diesel::RunQueryDsl as _;
            Ok(diesel::sql_query(sql).execute(work.conn())?)
        });
        assert!(tried.is_err(), "{sql}");
    }
}
