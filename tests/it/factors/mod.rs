//! The second factor, what leads to one and what a session may do without it (`facts/reliability.md` SES-2, DOS-2, AUZ-4).

mod invitations;
mod sessions;

use dolen_domain::access::Role;
use dolen_domain::identity;
use dolen_domain::kernel::PersonId;
use dolen_tests::world::{PASSWORD, secret_of};
use dolen_tests::{Client, Reply, TestApp};
use serde_json::{Value, json};

/// Signs in with this code, or none.
pub async fn sign_in(app: &TestApp, email: &str, password: &str, code: Option<&str>) -> Reply {
    let body = json!({"email": email, "password": password, "code": code});
    app.anonymous().post("/v1/session").without_key().json(&body).await
}

/// The cookie's value an answer sets.
pub fn cookie(reply: &Reply) -> String {
    let header = reply.header("set-cookie");
    header.split(';').next().and_then(|pair| pair.split_once('=')).unwrap().1.to_owned()
}

/// Somebody with the session an answer gave.
pub fn with_cookie(app: &TestApp, reply: &Reply) -> Client {
    app.with_session(&cookie(reply))
}

/// The code an app shows that was given this secret, so many steps from now.
pub fn code_of(app: &TestApp, secret: &str, steps: i64) -> String {
    identity::code_at(&secret_of(secret), identity::step_of(app.db().clock().now()) + steps)
}

/// Takes a person's factor away, as an operator does.
pub fn without_factor(app: &TestApp, person: PersonId) {
    app.write(move |work| identity::reset_factor(work, person));
}

/// The body of a refusal without what tells requests apart.
fn told(reply: &Reply) -> Value {
    let mut body = reply.json.clone();
    body["request_id"] = json!(null);
    body
}

#[tokio::test]
async fn a_code_is_asked_for_once_the_password_was_right_and_works_once() {
    let app = TestApp::with().standing().start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    sign_in(&app, &dsp.email, PASSWORD, None).await.expect_problem(401, "second_factor_required");
    sign_in(&app, &dsp.email, PASSWORD, Some(" ")).await.expect_problem(401, "second_factor_required");
    let wrong = sign_in(&app, &dsp.email, "wrong wrong wrong", None).await;
    wrong.expect_problem(401, "invalid_credentials");
    let code = app.code(dsp.id);
    let wrong = sign_in(&app, &dsp.email, "wrong wrong wrong", Some(&code)).await;
    wrong.expect_problem(401, "invalid_credentials");

    let reply = sign_in(&app, &dsp.email, PASSWORD, Some(&code)).await;
    reply.expect_status(201);
    assert!(reply.json["second_factor_at"].is_string());
    with_cookie(&app, &reply).get("/v1/referrals").await.expect_status(200);
    sign_in(&app, &dsp.email, PASSWORD, Some(&code)).await.expect_problem(401, "second_factor_wrong");
    // The next step's code is taken, for a clock that runs ahead; the one after it is not.
    let ahead = |steps| code_of(&app, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", steps);
    sign_in(&app, &dsp.email, PASSWORD, Some(&ahead(2))).await.expect_problem(401, "second_factor_wrong");
    sign_in(&app, &dsp.email, PASSWORD, Some(&ahead(1))).await.expect_status(201);
    // Having used a later one, an earlier one is worth nothing.
    app.advance(30);
    sign_in(&app, &dsp.email, PASSWORD, Some(&ahead(-1))).await.expect_problem(401, "second_factor_wrong");
    app.advance(30);
    sign_in(&app, &dsp.email, PASSWORD, Some(&ahead(-1))).await.expect_problem(401, "second_factor_wrong");
}

#[tokio::test]
async fn failed_codes_lock_as_failed_passwords_do() {
    let app = TestApp::with().standing().start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    for _ in 0..5 {
        sign_in(&app, &dsp.email, PASSWORD, Some("000000")).await.expect_problem(401, "second_factor_wrong");
    }
    let code = app.code(dsp.id);
    let locked = sign_in(&app, &dsp.email, PASSWORD, Some(&code)).await;
    locked.expect_problem(429, "account_locked");
    assert_eq!(locked.header("retry-after"), "900");
    app.advance(900);
    let code = app.code(dsp.id);
    sign_in(&app, &dsp.email, PASSWORD, Some(&code)).await.expect_status(201);

    // At step-up too: a session that was left open is no place to guess codes in.
    let left_open = app.signed_in_as(dsp.id);
    let guess = async |code: &str| {
        left_open.post("/v1/sessions/current/second-factor").without_key().json(&json!({"code": code})).await
    };
    for _ in 0..5 {
        guess("000000").await.expect_problem(401, "second_factor_wrong");
    }
    app.advance(60);
    let code = app.code(dsp.id);
    guess(&code).await.expect_problem(429, "account_locked");
}

#[tokio::test]
async fn nobody_learns_from_a_lock_which_addresses_are_known() {
    let app = TestApp::with().standing().start().await;
    let known = app.world().who(Role::Dsp).email.clone();
    let gone = app.world().who(Role::Analyst).clone();
    app.write(move |work| identity::deactivate_person(work, gone.id));
    let mut heard = Vec::new();
    for email in [known.as_str(), "nobody@la.example", gone.email.as_str()] {
        let mut all = Vec::new();
        for _ in 0..7 {
            let reply = sign_in(&app, email, "wrong wrong wrong", Some("123456")).await;
            all.push((reply.status, told(&reply), reply.header("retry-after").to_owned()));
        }
        app.advance(901);
        let reply = sign_in(&app, email, "wrong wrong wrong", None).await;
        all.push((reply.status, told(&reply), String::new()));
        heard.push(all);
    }
    assert_eq!(heard[0], heard[1], "an address nobody has");
    assert_eq!(heard[0], heard[2], "an address of somebody let go");
    assert!(heard[0].iter().any(|h| h.0 == 429) && heard[0].iter().any(|h| h.0 == 401), "{heard:?}");
}

#[tokio::test]
async fn a_recovery_code_works_once_and_a_new_set_voids_the_old() {
    let app = TestApp::with().standing().start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    let client = app.signed_in_as(dsp.id);
    let make = async || {
        let reply = client.post("/v1/account/recovery-codes").without_key().await;
        reply.expect_status(200);
        let codes = reply.json["recovery_codes"].as_array().unwrap().iter();
        codes.map(|c| c.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let old = make().await;
    assert_eq!(old.len(), 10);
    let new = make().await;
    sign_in(&app, &dsp.email, PASSWORD, Some(&old[0])).await.expect_problem(401, "second_factor_wrong");
    sign_in(&app, &dsp.email, PASSWORD, Some(&new[0].to_lowercase())).await.expect_status(201);
    sign_in(&app, &dsp.email, PASSWORD, Some(&new[0])).await.expect_problem(401, "second_factor_wrong");
    let another = app.world().who_at(Role::Dsp, 1).email.clone();
    sign_in(&app, &another, PASSWORD, Some(&new[1])).await.expect_problem(401, "second_factor_wrong");
    assert_eq!(client.get("/v1/account/second-factor").await.json["recovery_codes_left"], 9);
    // Nothing of them is stored but digests.
    let mut inspect = app.database().inspect();
    assert_eq!(inspect.number("SELECT count(*) FROM recovery_codes"), 10);
    // An hour-old proof is not enough to make more.
    app.advance(301);
    client.post("/v1/account/recovery-codes").without_key().await.expect_problem(403, "step_up_required");
}

#[tokio::test]
async fn who_must_have_a_factor_and_has_none_can_only_add_one() {
    let app = TestApp::with().standing().start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    without_factor(&app, dsp.id);
    let reply = sign_in(&app, &dsp.email, PASSWORD, None).await;
    reply.expect_status(201);
    let half = with_cookie(&app, &reply);
    for path in ["/v1/referrals", "/v1/schools", "/v1/sessions", "/v1/warrn-records", "/v1/survey-campaigns"] {
        half.get(path).await.expect_problem(403, "second_factor_enrolment_required");
    }
    let query = json!({"query": "{ schools(first: 1) { nodes { number } } }"});
    half.post("/v1/graphql").json(&query).await.expect_problem(403, "second_factor_enrolment_required");
    let more = half.post("/v1/account/recovery-codes").without_key().await;
    more.expect_problem(403, "second_factor_enrolment_required");
    let html = half.get("/work").header("accept", "text/html").await;
    assert_eq!((html.status, html.header("location")), (303, "/account/second-factor"));
    half.get("/v1/session").await.expect_status(200);
    let code = json!({"code": "123456"});
    let proof = half.post("/v1/sessions/current/second-factor").without_key().json(&code).await;
    proof.expect_problem(403, "second_factor_enrolment_required");

    let begun = half.post("/v1/account/second-factor").without_key().await;
    begun.expect_status(201);
    let secret = begun.json["secret"].as_str().unwrap().to_owned();
    assert!(begun.json["uri"].as_str().unwrap().contains(&secret));
    let confirm = async |client: &Client, code: &str| {
        client.post("/v1/account/second-factor/confirm").without_key().json(&json!({"code": code})).await
    };
    confirm(&half, "000000").await.expect_problem(401, "second_factor_wrong");
    half.get("/v1/referrals").await.expect_problem(403, "second_factor_enrolment_required");
    // Begun and not confirmed: it does not count yet, and signing in asks for nothing.
    sign_in(&app, &dsp.email, PASSWORD, None).await.expect_status(201);
    let done = confirm(&half, &code_of(&app, &secret, 0)).await;
    done.expect_status(200);
    assert_eq!(done.json["recovery_codes"].as_array().unwrap().len(), 10);
    half.get("/v1/session").await.expect_problem(401, "bad_token");
    with_cookie(&app, &done).get("/v1/referrals").await.expect_status(200);
    sign_in(&app, &dsp.email, PASSWORD, None).await.expect_problem(401, "second_factor_required");
    // The confirming code is used up; the secret in the database is none that anybody can read.
    let used = code_of(&app, &secret, 0);
    sign_in(&app, &dsp.email, PASSWORD, Some(&used)).await.expect_problem(401, "second_factor_wrong");
    app.advance(30);
    let next = code_of(&app, &secret, 0);
    sign_in(&app, &dsp.email, PASSWORD, Some(&next)).await.expect_status(201);
}

#[tokio::test]
async fn a_role_that_forces_none_needs_none_and_one_that_has_one_proves_it() {
    let app = TestApp::with().set("auth.second_factor_roles", "administrator auditor").start().await;
    let (dsp, admin) = (app.world().who(Role::Dsp).clone(), app.world().who(Role::Administrator).clone());
    without_factor(&app, dsp.id);
    without_factor(&app, admin.id);
    app.half_signed_in_as(dsp.id).get("/v1/referrals").await.expect_status(200);
    let forced = app.half_signed_in_as(admin.id).get("/v1/notices").await;
    forced.expect_problem(403, "second_factor_enrolment_required");
    // A session in which a factor that is there was not proved, such as another way of signing in may open.
    let half = app.half_signed_in_as(app.world().who(Role::Auditor).id);
    half.get("/v1/schools").await.expect_problem(401, "second_factor_required");
    let html = half.get("/surveys").header("accept", "text/html").await;
    assert_eq!((html.status, html.header("location")), (303, "/step-up?then=%2Fsurveys"));
    let code = app.code(app.world().who(Role::Auditor).id);
    let proved = half.post("/v1/sessions/current/second-factor").without_key().json(&json!({"code": code})).await;
    proved.expect_status(200);
    with_cookie(&app, &proved).get("/v1/schools").await.expect_status(200);
}

#[tokio::test]
async fn an_open_session_is_not_enough_to_replace_a_factor() {
    let app = TestApp::with().standing().start().await;
    let dsp = app.world().who(Role::Dsp).clone();
    let left_open = app.signed_in_as(dsp.id);
    app.advance(301);
    left_open.post("/v1/account/second-factor").without_key().await.expect_problem(403, "step_up_required");
    let code = json!({"code": app.code(dsp.id)});
    let fresh = left_open.post("/v1/sessions/current/second-factor").without_key().json(&code).await;
    fresh.expect_status(200);
    let fresh = with_cookie(&app, &fresh);
    let begun = fresh.post("/v1/account/second-factor").without_key().await;
    begun.expect_status(201);
    app.advance(301);
    let code = json!({"code": code_of(&app, begun.json["secret"].as_str().unwrap(), 0)});
    let late = fresh.post("/v1/account/second-factor/confirm").without_key().json(&code).await;
    late.expect_problem(403, "step_up_required");
    // What gives others a right needs a fresh proof too.
    let tired = app.signed_in(Role::Administrator);
    app.advance(301);
    let reset = format!("/v1/people/{}/reset-second-factor", dsp.id);
    tired.post(&reset).await.expect_problem(403, "step_up_required");
    let confirm = format!("/v1/memberships/{}/confirm", dolen_tests::world::accepted_membership(&app));
    tired.post(&confirm).await.expect_problem(403, "step_up_required");
    // Nobody takes their own away; another administrator's is taken.
    let admin = app.world().who(Role::Administrator).clone();
    let own = app.signed_in_as(admin.id).post(&format!("/v1/people/{}/reset-second-factor", admin.id)).await;
    own.expect_problem(403, "forbidden");
    app.signed_in_as(admin.id).post(&format!("/v1/people/{}/reset-second-factor", dsp.id)).await.expect_status(200);
    fresh.get("/v1/session").await.expect_problem(401, "bad_token");
}

#[tokio::test]
async fn every_form_of_the_account_is_refused_to_another_site() {
    let app = TestApp::start().await;
    let (dsp, admin) = (app.world().who(Role::Dsp).id, app.world().who(Role::Administrator).id);
    let other = uuid_of(&app, dsp);
    for (person, path) in [
        (dsp, "/step-up".to_owned()),
        (dsp, "/account/language".to_owned()),
        (dsp, "/account/password".to_owned()),
        (dsp, "/account/second-factor".to_owned()),
        (dsp, "/account/second-factor/confirm".to_owned()),
        (dsp, "/account/recovery-codes".to_owned()),
        (dsp, "/account/sessions/end-others".to_owned()),
        (dsp, format!("/account/sessions/{other}/end")),
        (admin, "/people".to_owned()),
        (admin, format!("/people/person/{dsp}/reset")),
        (admin, format!("/people/person/{dsp}/deactivate")),
        (admin, format!("/people/person/{dsp}/end-sessions")),
        (admin, format!("/people/roles/{other}/confirm")),
        (admin, format!("/people/roles/{other}/end")),
    ] {
        let client = app.signed_in_as(person);
        let before = app.database().inspect().audit_entries();
        let fields = [("lang", "cy"), ("code", "000000"), ("key", "k")];
        for (site, token) in [("cross-site", ""), ("same-site", ""), ("same-origin", ""), ("same-origin", "0123")] {
            let mut form = fields.to_vec();
            form.push(("csrf", token));
            let reply = client.post(&path).without_key().header("sec-fetch-site", site).form(&form).await;
            assert_eq!(reply.status, 403, "{path} from {site} with {token:?}: {reply:?}");
        }
        assert_eq!(app.database().inspect().audit_entries(), before, "{path}");
    }
    for path in ["/invitation/x.y", "/sign-in-link/x"] {
        for site in ["cross-site", "same-site"] {
            let reply = app.anonymous().post(path).without_key().header("sec-fetch-site", site).form(&[]).await;
            assert_eq!(reply.status, 403, "{path}");
        }
    }
}

/// A session of somebody's, by id.
fn uuid_of(app: &TestApp, person: PersonId) -> String {
    let rules = app.app().sign_in_rules();
    app.write(move |work| identity::open_session(work, person, &rules)).id.to_string()
}
