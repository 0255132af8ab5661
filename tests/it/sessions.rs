//! People's sessions: in, out, locked out, and for how long.

use dolen_domain::access::Role;
use dolen_domain::identity::{self, Member, NewMembership};
use dolen_domain::kernel::Caller;
use dolen_tests::world::PASSWORD;
use dolen_tests::{Reply, TestApp};
use serde_json::json;

/// Signs in as a browser does, with the code of whose address it is.
pub async fn sign_in(app: &TestApp, email: &str, password: &str) -> Reply {
    let person = app.world().people.iter().find(|p| p.email == email).map(|p| app.code(p.id));
    let body = json!({"email": email, "password": password, "code": person});
    app.anonymous().post("/v1/session").without_key().json(&body).await
}

fn email(app: &TestApp, role: Role) -> String {
    app.world().who(role).email.clone()
}

#[tokio::test]
async fn signing_in_sets_a_cookie_no_script_can_read() {
    let app = TestApp::start().await;
    let before = app.database().inspect().audit_entries();
    let reply = sign_in(&app, &email(&app, Role::Dsp), PASSWORD).await;
    reply.expect_status(201);
    let cookie = reply.header("set-cookie");
    let (pair, flags) = cookie.split_once("; ").unwrap();
    let token = pair.strip_prefix("dolen=").expect("its plain name on plain HTTP");
    assert!(token.len() >= 43, "32 random bytes");
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(flags.split("; ").any(|f| f == flag), "{flag} in {flags}");
    }
    assert!(!flags.contains("Domain") && !flags.contains("Secure"), "{flags}");
    assert_eq!(app.database().inspect().actions_after(before), ["session.open"]);
    assert_eq!(app.database().inspect().number("SELECT count(*) FROM sessions"), 1);
    let stored = app.database().inspect().counts();
    assert_eq!(stored["sessions"], 1);
    let me = app.with_session(token).get("/v1/session").await;
    me.expect_status(200);
    assert_eq!(me.json["person_id"], app.world().who(Role::Dsp).id.to_string());
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_its_host() {
    let app = TestApp::with().set("server.public_url", "https://dolen.example").start().await;
    let reply = sign_in(&app, &email(&app, Role::Dsp), PASSWORD).await;
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-dolen="), "{cookie}");
    assert!(cookie.contains("; Secure") && cookie.contains("; HttpOnly") && cookie.contains("; Path=/"), "{cookie}");
    assert!(!reply.header("strict-transport-security").is_empty());
    let token = cookie.split(';').next().unwrap().trim_start_matches("__Host-dolen=");
    let plain = app.anonymous().get("/v1/session").header("cookie", &format!("dolen={token}")).await;
    plain.expect_problem(401, "sign_in_required");
    app.with_session(token).get("/v1/session").await.expect_status(200);
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_known() {
    let app = TestApp::start().await;
    let mut told = Vec::new();
    for (email, password) in [
        (email(&app, Role::Dsp).as_str(), "wrong wrong wrong"),
        ("nobody@la.example", PASSWORD),
        ("no address at all", PASSWORD),
    ] {
        let reply = sign_in(&app, email, password).await;
        reply.expect_problem(401, "invalid_credentials");
        assert!(reply.headers.get("set-cookie").is_none());
        let mut body = reply.json.clone();
        body["request_id"] = json!(null);
        told.push(body);
    }
    assert!(told.windows(2).all(|w| w[0] == w[1]), "{told:?}");
}

#[tokio::test]
async fn five_failures_lock_the_account_for_a_while() {
    let app = TestApp::with().standing().start().await;
    let email = email(&app, Role::Dsp);
    let before = app.database().inspect().audit_entries();
    for _ in 0..5 {
        sign_in(&app, &email, "wrong wrong wrong").await.expect_problem(401, "invalid_credentials");
    }
    assert_eq!(app.database().inspect().actions_after(before), ["person.lock"]);
    let locked = sign_in(&app, &email, PASSWORD).await;
    locked.expect_problem(429, "account_locked");
    assert_eq!(locked.header("retry-after"), "900");
    sign_in(&app, &app.world().who_at(Role::Dsp, 1).email, PASSWORD).await.expect_status(201);
    app.advance(899);
    sign_in(&app, &email, PASSWORD).await.expect_problem(429, "account_locked");
    app.advance(1);
    sign_in(&app, &email, PASSWORD).await.expect_status(201);
}

#[tokio::test]
async fn attempts_from_one_address_are_limited() {
    let app = TestApp::with().set("auth.attempts_per_minute", "3").start().await;
    for _ in 0..3 {
        sign_in(&app, "nobody@la.example", PASSWORD).await.expect_problem(401, "invalid_credentials");
    }
    let limited = sign_in(&app, &email(&app, Role::Dsp), PASSWORD).await;
    limited.expect_problem(429, "rate_limited");
    assert!(limited.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn requests_of_one_caller_are_limited_and_of_another_are_not() {
    let app = TestApp::with().set("limits.requests_per_minute", "3").start().await;
    let (one, other) = (app.signed_in(Role::Dsp), app.signed_in(Role::Analyst));
    for _ in 0..3 {
        one.get("/v1/services").await.expect_status(200);
    }
    one.get("/v1/services").await.expect_problem(429, "rate_limited");
    other.get("/v1/services").await.expect_status(200);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let app = TestApp::with().standing().start().await;
    let client = app.signed_in(Role::Dsp);
    for _ in 0..3 {
        app.advance(14 * 60);
        client.get("/v1/session").await.expect_status(200);
    }
    app.advance(15 * 60);
    client.get("/v1/session").await.expect_problem(401, "bad_token");
    app.advance(-60);
    client.get("/v1/session").await.expect_status(200);
}

#[tokio::test]
async fn a_session_ends_after_a_working_day_however_used() {
    let app = TestApp::with().standing().start().await;
    let client = app.signed_in(Role::Dsp);
    for _ in 0..47 {
        app.advance(600);
        client.get("/v1/session").await.expect_status(200);
    }
    app.advance(599);
    client.get("/v1/session").await.expect_status(200);
    app.advance(1);
    client.get("/v1/session").await.expect_problem(401, "bad_token");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let app = TestApp::start().await;
    let (one, other) = (app.signed_in(Role::Dsp), app.signed_in(Role::Dsp));
    let before = app.database().inspect().audit_entries();
    let reply = one.delete("/v1/session").await;
    reply.expect_status(204);
    assert!(reply.header("set-cookie").contains("Max-Age=0"), "{}", reply.header("set-cookie"));
    assert_eq!(app.database().inspect().actions_after(before), ["session.close"]);
    one.get("/v1/session").await.expect_problem(401, "bad_token");
    one.delete("/v1/session").await.expect_problem(401, "bad_token");
    other.get("/v1/session").await.expect_status(200);
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let app = TestApp::start().await;
    let client = app.signed_in(Role::Dsp);
    for site in ["cross-site", "same-site"] {
        let reply = client.delete("/v1/session").header("sec-fetch-site", site).await;
        reply.expect_problem(403, "csrf_failed");
    }
    client.get("/v1/session").await.expect_status(200);
    // Signing a victim in as somebody else is an attack too.
    let code = app.code(app.world().who(Role::Dsp).id);
    let body = json!({"email": email(&app, Role::Dsp), "password": PASSWORD, "code": code});
    let request = app.anonymous().post("/v1/session").json(&body).header("sec-fetch-site", "cross-site");
    let reply = request.await;
    reply.expect_problem(403, "csrf_failed");
    assert!(reply.headers.get("set-cookie").is_none());
    client.delete("/v1/session").header("sec-fetch-site", "same-origin").await.expect_status(204);
}

#[tokio::test]
async fn a_role_that_ended_allows_nothing_from_the_next_request_on() {
    let app = TestApp::start().await;
    let person = app.world().who(Role::Analyst).id;
    let client = app.signed_in(Role::Analyst);
    client.get("/v1/notices").await.expect_problem(403, "forbidden");
    let role = Role::Administrator;
    let new =
        NewMembership { who: Member::Person(person), role, school: None, service: None, officer: None, deputy: false };
    let membership = app.write(move |work| identity::add_membership(work, &new));
    client.get("/v1/notices").await.expect_status(200);
    app.write(move |work| identity::end_membership(work, membership));
    client.get("/v1/notices").await.expect_problem(401, "bad_token");
    app.signed_in(Role::Analyst).get("/v1/notices").await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn who_was_let_go_is_signed_out_everywhere() {
    let app = TestApp::start().await;
    let person = app.world().who(Role::Dsp).clone();
    let client = app.signed_in_as(person.id);
    client.get("/v1/session").await.expect_status(200);
    app.write(move |work| identity::deactivate_person(work, person.id));
    client.get("/v1/session").await.expect_problem(401, "bad_token");
    sign_in(&app, &person.email, PASSWORD).await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_opened() {
    let app = TestApp::start().await;
    let person = app.world().who(Role::Dsp).id;
    let client = app.signed_in_as(person);
    let hash = identity::hash_password("cyfrinair newydd sbon", &**app.db().chance()).unwrap();
    let set = app.db().write(&Caller::system("test"), move |work| identity::set_password(work, person, &hash));
    set.unwrap();
    client.get("/v1/session").await.expect_problem(401, "bad_token");
}
