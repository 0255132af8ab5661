//! A child changes school while a WARRN record is open: the authority's lead is told and hands it over, by REST and the
//! console.

use dolen_domain::access::Role;
use dolen_tests::clients::fresh_key;
use dolen_tests::{Reply, TestApp, bodies};
use serde_json::{Value, json};

const UPN: &str = "L676400024001";

/// A record of a child with a number, sent for the first school.
async fn sent(app: &TestApp, child: &Value) -> Reply {
    let mut body = bodies::warrn(&app.world().schools[0].number);
    body["pupil"] = child.clone();
    let sent = app.signed_in(Role::InReachWorker).post("/v1/warrn-records").json(&body).await;
    sent.expect_status(201);
    sent
}

/// Another school opens a referral for the child.
async fn turns_up(app: &TestApp, school: usize, child: &Value) {
    let mut body = bodies::referral(&app.world().schools[school].number, "eps");
    body["pupil"] = child.clone();
    app.signed_in_at(Role::SchoolSubmitter, school).post("/v1/referrals").json(&body).await.expect_status(201);
}

fn told(app: &TestApp) -> i64 {
    app.database().inspect().number("SELECT count(*) FROM notices WHERE wording = 'child_moved'")
}

#[tokio::test]
async fn a_record_follows_its_child_once_the_lead_hands_it_over() {
    let app = TestApp::with().standing().start().await;
    let mut child = bodies::pupil();
    child["upn"] = json!(UPN);
    let path = format!("/v1/warrn-records/{}", sent(&app, &child).await.json["id"].as_str().unwrap());
    let hand_over = format!("{path}/hand-over");
    let (lead, sender) = (app.signed_in(Role::SafeguardingLead), app.signed_in(Role::InReachWorker));
    let (old, new) = (app.signed_in_at(Role::Dsp, 0), app.signed_in_at(Role::Dsp, 1));
    // The control: while the child is where the record is it is no lead's.
    lead.get(&path).await.expect_problem(404, "not_found");
    assert_eq!(lead.get("/v1/warrn-records").await.json["items"], json!([]));

    turns_up(&app, 1, &child).await;
    assert_eq!(told(&app), 1);
    let listed = lead.get("/v1/warrn-records").await;
    assert_eq!(listed.json["items"][0]["child_moved"], json!(true));
    let seen = lead.get(&path).await;
    seen.expect_status(200);
    assert_eq!(seen.json["hand_over_to"], json!(app.world().schools[1].number));
    let text = |reply: &Reply| String::from_utf8_lossy(&reply.body).into_owned();
    let page = lead.get(&path.replace("/v1/warrn-records", "/warrn")).header("accept", "text/html").await;
    assert!(text(&page).contains("The child has changed school") && text(&page).contains("/hand-over"), "{page:?}");
    let asked = lead.get(&hand_over.replace("/v1/warrn-records", "/warrn")).header("accept", "text/html").await;
    assert!(text(&asked).contains("Hand over to Second Example School"), "{asked:?}");
    let first = lead.get("/").header("accept", "text/html").await;
    assert!(text(&first).contains("whose child has changed school: hand over"));

    // The old school keeps it, the new one sees nothing, the sender is told nothing.
    let kept = old.get(&path).await;
    assert_eq!((&kept.json["child_moved"], &kept.json["hand_over_to"]), (&json!(true), &Value::Null));
    assert_eq!(sender.get(&path).await.json["child_moved"], Value::Null);
    new.get(&path).await.expect_problem(404, "not_found");
    assert_eq!(new.get("/v1/warrn-records").await.json["items"], json!([]));
    let tag = seen.header("etag").to_owned();
    old.post(&hand_over).key(&fresh_key()).if_match(&tag).await.expect_problem(403, "forbidden");
    new.post(&hand_over).key(&fresh_key()).if_match(&tag).await.expect_problem(404, "not_found");
    lead.post(&hand_over).key(&fresh_key()).await.expect_problem(428, "version_required");

    let done = lead.post(&hand_over).key("once").if_match(&tag).await;
    done.expect_status(200);
    let again = lead.post(&hand_over).key("once").if_match(&tag).await;
    assert_eq!((again.status, &again.json), (200, &done.json), "a kept answer is given again");
    lead.post(&hand_over).key(&fresh_key()).if_match(done.header("etag")).await.expect_problem(404, "not_found");
    for lost in [&old, &lead] {
        lost.get(&path).await.expect_problem(404, "not_found");
    }
    let theirs = new.get(&path).await;
    theirs.expect_status(200);
    assert_eq!(theirs.json["school_number"], json!(app.world().schools[1].number));
    assert_eq!((&theirs.json["child_moved"], theirs.header("etag")), (&json!(false), done.header("etag")));
    new.get(&format!("{path}/content")).await.expect_status(200);
    let acknowledged = new.post(&format!("{path}/acknowledge")).key(&fresh_key()).if_match(done.header("etag")).await;
    acknowledged.expect_status(200);
}

#[tokio::test]
async fn what_is_where_its_child_is_is_not_handed_over() {
    let app = TestApp::with().standing().start().await;
    let mut child = bodies::pupil();
    child["upn"] = json!(UPN);
    let record = sent(&app, &child).await;
    let path = format!("/v1/warrn-records/{}", record.json["id"].as_str().unwrap());
    // It has come to the lead as a late one does.
    let email = &app.world().who(Role::SafeguardingLead).email;
    app.database().inspect().execute(&format!(
        "UPDATE case_recipients SET person_id = (SELECT id FROM people WHERE email = '{email}') WHERE part = 'dsp'"
    ));
    let lead = app.signed_in(Role::SafeguardingLead);
    let refused = lead.post(&format!("{path}/hand-over")).key(&fresh_key()).if_match(record.header("etag")).await;
    refused.expect_problem(409, "state_conflict");
    assert!(refused.json["detail"].as_str().is_some_and(|d| d.contains("own school")), "{refused:?}");
    // The control: the same request, once the child is elsewhere.
    turns_up(&app, 1, &child).await;
    let done = lead.post(&format!("{path}/hand-over")).key(&fresh_key()).if_match(record.header("etag")).await;
    done.expect_status(200);
}
