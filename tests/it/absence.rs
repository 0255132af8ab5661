//! Somebody says when they are away, over REST and on the page of their account. What that does to a WARRN record is tried
//! beside the record.

use chrono::Days;
use dolen_domain::access::Role;
use dolen_tests::{Client, Reply, TestApp};
use serde_json::json;

const PATH: &str = "/v1/account/absence";

/// The days a client has said to be away.
async fn said(client: &Client) -> serde_json::Value {
    let reply = client.get(PATH).await;
    reply.expect_status(200);
    reply.json["items"].clone()
}

/// A form of the page, sent with what it carries.
async fn send(client: &Client, begins_on: &str, ends_on: &str) -> Reply {
    let page = client.get("/account/absence").header("accept", "text/html").await;
    page.expect_status(200);
    let html = String::from_utf8(page.body.clone()).unwrap();
    let hidden = |name: &str| {
        let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (csrf, key) = (hidden("csrf"), hidden("key"));
    let form = [("csrf", csrf.as_str()), ("key", key.as_str()), ("begins_on", begins_on), ("ends_on", ends_on)];
    client.post("/account/absence").without_key().form(&form).await
}

#[tokio::test]
async fn somebody_says_when_they_are_away_and_that_they_are_not() {
    let app = TestApp::start().await;
    let (dsp, head) = (app.signed_in(Role::Dsp), app.signed_in(Role::Headteacher));
    let today = app.db().clock().now().date();
    let day = |n: u64| today.checked_add_days(Days::new(n)).unwrap().to_string();
    assert_eq!(said(&dsp).await, json!([]));
    let reply = dsp.post(PATH).json(&json!({"begins_on": day(1), "ends_on": day(5)})).await;
    reply.expect_status(201);
    // The page shows it, and another person's stays what it was.
    let page = dsp.get("/account/absence").header("accept", "text/html").await;
    assert!(String::from_utf8(page.body.clone()).unwrap().contains(&day(5)));
    assert_eq!(said(&head).await, json!([]));
    // The page takes the place of what was said before.
    send(&dsp, &day(2), &day(3)).await.expect_status(303);
    assert_eq!(said(&dsp).await, json!([{"begins_on": day(2), "ends_on": day(3)}]));
    // What is wrong is told at its field and changes nothing.
    for (begins_on, ends_on, told) in [
        (day(3), day(2), "The last day must be today or later"),
        (day(1), day(500), "Give a day within a year"),
        (day(1), String::new(), "Give a date"),
        ("soon".to_owned(), day(2), "begins_on-error"),
    ] {
        let reply = send(&dsp, &begins_on, &ends_on).await;
        reply.expect_status(422);
        assert!(String::from_utf8(reply.body.clone()).unwrap().contains(told), "{told}");
    }
    let wrong = dsp.post(PATH).json(&json!({"begins_on": day(3), "ends_on": day(2)})).await;
    wrong.expect_problem(422, "invalid_body");
    assert_eq!(said(&dsp).await, json!([{"begins_on": day(2), "ends_on": day(3)}]));
    // Both left empty: not away. So does the other way in.
    send(&dsp, "", "").await.expect_status(303);
    assert_eq!(said(&dsp).await, json!([]));
    dsp.post(PATH).json(&json!({"begins_on": day(0), "ends_on": day(0)})).await.expect_status(201);
    dsp.delete(PATH).await.expect_status(204);
    assert_eq!(said(&dsp).await, json!([]));
    app.anonymous().get(PATH).await.expect_status(401);
}
