//! From an invitation to a role in force; and the one-time link of the command line.

use dolen_domain::access::Role;
use dolen_domain::identity;
use dolen_domain::kernel::PersonId;
use dolen_domain::notices::{self, Composed};
use dolen_tests::world::PASSWORD;
use dolen_tests::{Client, Reply, TestApp};
use serde_json::json;

use super::{code_of, sign_in, with_cookie};

const EMAIL: &str = "new.analyst@la.example";

async fn invite(app: &TestApp) -> Reply {
    let body = json!({"email": EMAIL, "name": "Example Analyst", "role": "analyst", "lang": "both"});
    let reply = app.signed_in(Role::Administrator).post("/v1/invitations").json(&body).await;
    reply.expect_status(201);
    reply
}

/// The mails that wait, written out as the worker would.
fn mails(app: &TestApp) -> Vec<notices::Mail> {
    let held = app.app().db.upkeep(&dolen_domain::kernel::Caller::system("test"), |work| notices::claim(work, 50, 1));
    let (held, vault) = (held.unwrap(), app.app().vault.clone());
    held.into_iter()
        .filter_map(|one| {
            match app.read(|work| notices::compose_account(work, &vault, &one, "https://dolen.la.example")) {
                Composed::Ready(mail) => Some(mail),
                Composed::Withdrawn(_) => None,
            }
        })
        .collect()
}

/// The path of the link in a mail.
fn link(mail: &notices::Mail) -> String {
    let line = mail.text.lines().find(|l| l.starts_with("https://dolen.la.example/invitation/")).unwrap();
    line.trim_start_matches("https://dolen.la.example").to_owned()
}

fn state(app: &TestApp, membership: &str) -> String {
    let id = membership.replace('-', "");
    let mut inspect = app.database().inspect();
    let shown = if inspect.is_postgres() { "replace(CAST(id AS text), '-', '')" } else { "lower(hex(id))" };
    inspect.texts(&format!("SELECT state AS value FROM memberships WHERE {shown} = '{id}'")).remove(0)
}

async fn follow(app: &TestApp, path: &str, password: &str) -> Reply {
    let form: &[(&str, &str)] = if password.is_empty() { &[] } else { &[("password", password)] };
    app.anonymous().post(path).without_key().header("accept", "text/html").form(form).await
}

#[tokio::test]
async fn invited_accepted_confirmed_ended_and_only_confirmed_allows_anything() {
    let app = TestApp::with().standing().start().await;
    let invited = invite(&app).await;
    let membership = invited.json["membership_id"].as_str().unwrap().to_owned();
    assert_eq!(state(&app, &membership), "invited");
    let admin = app.signed_in(Role::Administrator);
    let verb = async |client: &Client, verb: &str| client.post(&format!("/v1/memberships/{membership}/{verb}")).await;
    verb(&admin, "confirm").await.expect_problem(409, "state_conflict");

    let written = mails(&app);
    assert_eq!(written.len(), 1);
    let path = link(&written[0]);
    assert_eq!(written[0].to.as_str(), EMAIL);
    assert!(!written[0].text.contains("nalyst"), "neither name nor role: {}", written[0].text);
    // Looking at it changes nothing, however often a mail scanner does.
    for _ in 0..2 {
        app.anonymous().get(&path).header("accept", "text/html").await.expect_status(200);
    }
    assert_eq!(follow(&app, &path, "short").await.status, 422);
    let followed = follow(&app, &path, PASSWORD).await;
    assert_eq!((followed.status, followed.header("location")), (303, "/account/second-factor"));
    assert_eq!(state(&app, &membership), "invited", "a password alone accepts nothing where a factor is forced");
    assert_eq!(follow(&app, &path, PASSWORD).await.status, 404, "once");

    let half = with_cookie(&app, &followed);
    half.get("/v1/schools").await.expect_problem(403, "second_factor_enrolment_required");
    let begun = half.post("/v1/account/second-factor").without_key().await;
    let code = json!({"code": code_of(&app, begun.json["secret"].as_str().unwrap(), 0)});
    let done = half.post("/v1/account/second-factor/confirm").without_key().json(&code).await;
    done.expect_status(200);
    assert_eq!(state(&app, &membership), "accepted");
    let person = with_cookie(&app, &done);
    person.get("/v1/schools").await.expect_problem(403, "forbidden");
    verb(&person, "confirm").await.expect_problem(403, "forbidden");
    verb(&admin, "confirm").await.expect_status(200);
    assert_eq!(state(&app, &membership), "confirmed");
    person.get("/v1/schools").await.expect_status(200);
    verb(&admin, "confirm").await.expect_problem(409, "state_conflict");
    verb(&admin, "end").await.expect_status(200);
    assert_eq!(state(&app, &membership), "ended");
    person.get("/v1/schools").await.expect_problem(401, "bad_token");
    verb(&admin, "end").await.expect_problem(404, "not_found");
    verb(&admin, "confirm").await.expect_problem(409, "state_conflict");
}

#[tokio::test]
async fn an_administrator_confirms_no_role_of_their_own() {
    let app = TestApp::start().await;
    let admin = app.world().who(Role::Administrator).clone();
    let body = json!({"email": admin.email, "name": "Example", "role": "auditor"});
    let invited = app.signed_in_as(admin.id).post("/v1/invitations").json(&body).await;
    invited.expect_status(201);
    let path = link(&mails(&app)[0]);
    // Who has a password keeps it, and is not let in by a link.
    let followed = follow(&app, &path, "another password of mine").await;
    assert_eq!((followed.status, followed.header("location")), (303, "/sign-in"));
    assert!(followed.headers.get_all("set-cookie").iter().all(|c| !c.to_str().unwrap().starts_with("dolen=")));
    let code = app.code(admin.id);
    sign_in(&app, &admin.email, PASSWORD, Some(&code)).await.expect_status(201);
    let path = format!("/v1/memberships/{}/confirm", invited.json["membership_id"].as_str().unwrap());
    app.signed_in_as(admin.id).post(&path).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_link_ends_with_its_time_with_a_newer_one_and_with_its_person() {
    let app = TestApp::with().standing().start().await;
    invite(&app).await;
    let first = link(&mails(&app)[0]);
    app.advance(1);
    let again = invite(&app).await;
    assert_eq!(follow(&app, &first, PASSWORD).await.status, 404, "a newer one");
    app.advance(1);
    let second = link(mails(&app).last().unwrap());
    let tampered = format!("{}x", &second[..second.len() - 1]);
    assert_eq!(follow(&app, &tampered, PASSWORD).await.status, 404, "another secret");
    // Neither the outbox nor the table can lead anybody in.
    let secret = second.rsplit('.').next().unwrap();
    let mut inspect = app.database().inspect();
    for (table, column) in [("notices", "dedupe"), ("notices", "reference"), ("audit_entries", "detail")] {
        let found = inspect.texts(&format!("SELECT {column} AS value FROM {table}"));
        assert!(found.iter().all(|text| !text.contains(secret)), "{table}");
    }
    app.advance(7 * 24 * 3600);
    assert_eq!(follow(&app, &second, PASSWORD).await.status, 404, "after seven days");
    assert!(mails(&app).is_empty(), "and no mail is written for it any more");
    invite(&app).await;
    let third = link(mails(&app).last().unwrap());
    let person: PersonId = again.json["person_id"].as_str().unwrap().parse().unwrap();
    app.write(move |work| identity::deactivate_person(work, person));
    assert_eq!(follow(&app, &third, PASSWORD).await.status, 404, "a person let go");
}

#[tokio::test]
async fn a_one_time_link_lets_an_administrator_in_to_add_another_factor() {
    let app = TestApp::with().standing().start().await;
    let admin = app.world().who(Role::Administrator).clone();
    let make = |person| app.write(move |work| identity::new_sign_in_link(work, person)).reveal().to_owned();
    let (before, token) = (app.signed_in_as(admin.id), make(admin.id));
    let path = format!("/sign-in-link/{token}");
    app.anonymous().get(&path).header("accept", "text/html").await.expect_status(200);
    before.get("/v1/session").await.expect_status(200);
    let known = app.database().inspect().audit_entries();
    let followed = app.anonymous().post(&path).without_key().form(&[]).await;
    assert_eq!((followed.status, followed.header("location")), (303, "/account/second-factor"));
    let actions = app.database().inspect().actions_after(known);
    assert_eq!(actions, ["person.sign_in_link_used", "session.open"]);
    before.get("/v1/session").await.expect_problem(401, "bad_token");
    let half = with_cookie(&app, &followed);
    half.get("/v1/people").await.expect_problem(403, "second_factor_enrolment_required");
    let begun = half.post("/v1/account/second-factor").without_key().await;
    let code = json!({"code": code_of(&app, begun.json["secret"].as_str().unwrap(), 0)});
    let done = half.post("/v1/account/second-factor/confirm").without_key().json(&code).await;
    with_cookie(&app, &done).get("/v1/people").await.expect_status(200);
    assert_eq!(app.anonymous().post(&path).without_key().form(&[]).await.status, 404, "once");

    let late = format!("/sign-in-link/{}", make(admin.id));
    app.advance(15 * 60);
    assert_eq!(app.anonymous().post(&late).without_key().form(&[]).await.status, 404, "after a quarter of an hour");
    let (old, new) = (make(admin.id), make(admin.id));
    assert_eq!(app.anonymous().get(&format!("/sign-in-link/{old}")).await.status, 404, "a newer one");
    assert_eq!(app.anonymous().get(&format!("/sign-in-link/{new}")).await.status, 200);
    // Its owner was told by mail that the way they sign in was changed.
    assert!(mails(&app).iter().any(|m| m.to.as_str() == admin.email && m.text.contains("/account")));
    // For administrators alone, and only from the command line.
    let dsp = app.world().who(Role::Dsp).id;
    let refused = app
        .db()
        .write(&dolen_domain::kernel::Caller::system("test"), move |work| identity::new_sign_in_link(work, dsp));
    assert!(refused.is_err());
    let caller = dolen_domain::kernel::Caller::person(admin.id, dolen_domain::kernel::Lang::En, "test");
    let refused = app.db().write(&caller, move |work| identity::new_sign_in_link(work, admin.id));
    assert!(refused.is_err());
}

#[tokio::test]
async fn bad_invitations_are_told_all_at_once_and_to_administrators_alone() {
    let app = TestApp::start().await;
    let body = json!({"email": "no address", "name": "", "role": "king", "school": "6760000", "lang": "fr"});
    let reply = app.signed_in(Role::Administrator).post("/v1/invitations").json(&body).await;
    reply.expect_problem(422, "invalid_body");
    let pointers: Vec<_> = reply.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/email", "/name", "/lang", "/role", "/school"]);
    app.signed_in(Role::Dsp).post("/v1/invitations").json(&body).await.expect_problem(403, "forbidden");
    let place = json!({"email": "x@school.example", "name": "Example", "role": "dsp"});
    let reply = app.signed_in(Role::Administrator).post("/v1/invitations").json(&place).await;
    assert_eq!(reply.json["errors"][0]["pointer"], "/school");
    // Who was let go is not invited back by their address alone.
    let gone = app.world().who(Role::Analyst).clone();
    app.write(move |work| identity::deactivate_person(work, gone.id));
    let again = json!({"email": gone.email, "name": "Example", "role": "analyst"});
    let reply = app.signed_in(Role::Administrator).post("/v1/invitations").json(&again).await;
    reply.expect_problem(409, "already_exists");
}
