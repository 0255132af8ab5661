//! Sessions: what ends them, and what of them is worth nothing afterwards.

use dolen_domain::access::Role;
use dolen_domain::identity::{self, Member, NewMembership};
use dolen_tests::world::PASSWORD;
use dolen_tests::{Client, TestApp};
use serde_json::json;

use super::{cookie, sign_in, with_cookie};

/// Refused on the very next request.
async fn is_dead(client: &Client, why: &str) {
    let reply = client.get("/v1/session").await;
    assert_eq!((reply.status, reply.code()), (401, "bad_token"), "after {why}");
    assert_eq!(client.get("/v1/schools").await.status, 401, "after {why}");
}

#[tokio::test]
async fn an_old_session_is_worth_nothing_whatever_ended_it() {
    let app = TestApp::start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    let admin = app.signed_in(Role::Administrator);
    let session = || app.signed_in_as(dsp.id);

    let one = session();
    one.delete("/v1/session").await.expect_status(204);
    is_dead(&one, "signing out").await;

    let (one, other) = (session(), session());
    let body = json!({"old": PASSWORD, "new": "cyfrinair newydd sbon"});
    let changed = one.post("/v1/account/password").without_key().json(&body).await;
    changed.expect_status(204);
    is_dead(&one, "a password change, in the same session").await;
    is_dead(&other, "a password change, in another session").await;
    with_cookie(&app, &changed).get("/v1/schools").await.expect_status(200);
    let wrong = json!({"old": PASSWORD, "new": "cyfrinair newydd arall"});
    let wrong = with_cookie(&app, &changed).post("/v1/account/password").without_key().json(&wrong).await;
    wrong.expect_problem(401, "invalid_credentials");

    let one = session();
    admin.post(&format!("/v1/people/{}/end-sessions", dsp.id)).await.expect_status(200);
    is_dead(&one, "an administrator's ending them").await;

    let one = session();
    let role = NewMembership {
        who: Member::Person(dsp.id),
        role: Role::Analyst,
        school: None,
        service: None,
        officer: None,
        deputy: false,
    };
    let membership = app.write(move |work| identity::add_membership(work, &role));
    admin.post(&format!("/v1/memberships/{membership}/end")).await.expect_status(200);
    is_dead(&one, "the end of a role").await;

    let one = session();
    admin.post(&format!("/v1/people/{}/reset-second-factor", dsp.id)).await.expect_status(200);
    is_dead(&one, "the loss of a factor").await;

    let one = session();
    admin.post(&format!("/v1/people/{}/deactivate", dsp.id)).await.expect_status(200);
    is_dead(&one, "being let go").await;
    // The control: a session that nothing ended is alive.
    admin.get("/v1/session").await.expect_status(200);
}

#[tokio::test]
async fn a_session_known_before_is_none_that_was_proved_since() {
    let app = TestApp::with().standing().start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    // Whoever knows a cookie beforehand does not get in by somebody's signing in with it.
    let planted = "planted-by-somebody-else";
    let body = json!({"email": dsp.email, "password": PASSWORD, "code": app.code(dsp.id)});
    let reply = app.with_session(planted).post("/v1/session").without_key().json(&body).await;
    reply.expect_status(201);
    assert_ne!(cookie(&reply), planted);
    app.with_session(planted).get("/v1/session").await.expect_problem(401, "bad_token");

    let before = with_cookie(&app, &reply);
    let ids = |reply: &dolen_tests::Reply| reply.json["items"][0]["id"].as_str().unwrap().to_owned();
    let id = ids(&before.get("/v1/sessions").await);
    let ends = before.get("/v1/session").await.json["expires_at"].clone();
    app.advance(60);
    let code = json!({"code": app.code(dsp.id)});
    let proved = before.post("/v1/sessions/current/second-factor").without_key().json(&code).await;
    proved.expect_status(200);
    assert_eq!(proved.json["expires_at"], ends, "proving does not make it last longer");
    is_dead(&before, "step-up").await;
    let after = with_cookie(&app, &proved);
    assert_ne!(ids(&after.get("/v1/sessions").await), id);
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions_and_no_others() {
    let app = TestApp::with().standing().start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let body = json!({"email": dsp.email, "password": PASSWORD, "code": app.code(dsp.id)});
    let reply = app.anonymous().post("/v1/session").header("user-agent", agent).without_key().json(&body).await;
    let one = with_cookie(&app, &reply);
    app.advance(61);
    let (two, stranger) = (app.signed_in_as(dsp.id), app.signed_in_at(Role::Dsp, 1));
    let list = one.get("/v1/sessions").await;
    let items = list.json["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let current: Vec<_> = items.iter().filter(|i| i["current"] == true).collect();
    assert_eq!((current.len(), current[0]["device"].as_str()), (1, Some("Firefox, Windows")));
    assert!(!list.json.to_string().contains("Gecko"), "the families alone");

    let id = items.iter().find(|i| i["current"] == false).unwrap()["id"].as_str().unwrap();
    stranger.delete(&format!("/v1/sessions/{id}")).await.expect_problem(404, "not_found");
    two.get("/v1/session").await.expect_status(200);
    one.delete(&format!("/v1/sessions/{id}")).await.expect_status(204);
    is_dead(&two, "being ended from another").await;
    let three = app.signed_in_as(dsp.id);
    let ended = one.delete("/v1/sessions").await;
    assert_eq!(ended.json["ended"], 1);
    is_dead(&three, "all others were ended").await;
    one.get("/v1/session").await.expect_status(200);
    stranger.get("/v1/session").await.expect_status(200);
}

#[tokio::test]
async fn a_lock_does_not_end_at_a_session_and_a_code_does_not_outlive_it() {
    let app = TestApp::with().standing().start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    let code = app.code(dsp.id);
    let reply = sign_in(&app, &dsp.email, PASSWORD, Some(&code)).await;
    let client = with_cookie(&app, &reply);
    app.advance(15 * 60);
    is_dead(&client, "a quarter of an hour idle").await;
    let client = app.signed_in_as(dsp.id);
    for _ in 0..48 {
        client.get("/v1/session").await.expect_status(200);
        app.advance(600);
    }
    is_dead(&client, "eight hours").await;
}
