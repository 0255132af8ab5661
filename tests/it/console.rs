//! The console over HTTP: who may come in, in which language, and what a form does once and only once.

use dolen_domain::access::Role;
use dolen_domain::kernel::{Caller, Code, Lang, PersonId, ReferralId, SchoolNumber, WarrnId};
use dolen_domain::pupils::NewPupil;
use dolen_domain::referrals::{self, NewConsent, OpenReferral, State};
use dolen_domain::warrn::{self, Section, SendWarrn};
use dolen_tests::world::PASSWORD;
use dolen_tests::writes::Draft;
use dolen_tests::{Client, Reply, TestApp};
use serde_json::json;

const SECRET: &str = "Enghraifft Gyfrinachol";

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

fn goes_to(reply: &Reply) -> &str {
    assert_eq!(reply.status, 303, "{reply:?}");
    reply.header("location")
}

/// The value of a hidden field of the page's form.
fn hidden(page: &str, name: &str) -> String {
    let after =
        page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    after.split('"').next().unwrap().to_owned()
}

fn title(page: &str) -> &str {
    page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap()
}

/// What a browser sends back of a form: its hidden fields, and what was typed.
fn filled(page: &str, typed: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut fields: Vec<_> = typed.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
    fields.extend(["csrf", "key", "version"].map(|n| (n, hidden(page, n))));
    fields
}

async fn send(client: &Client, path: &str, fields: &[(&'static str, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    client.post(path).without_key().form(&fields).await
}

fn pupil() -> NewPupil {
    NewPupil {
        given_name: "Enghraifft".to_owned(),
        family_name: "Gyfrinachol".to_owned(),
        born_on: chrono::NaiveDate::from_ymd_opt(2012, 5, 4).unwrap(),
        upn: None,
    }
}

/// A referral to the counselling service from the first school.
fn open_referral(app: &TestApp) -> ReferralId {
    let new = OpenReferral {
        school_number: app.world().schools[0].number.clone(),
        service: "sbc".to_owned(),
        pupil: pupil(),
        year_group: 9,
        key_area: Some("wellbeing".to_owned()),
        urgency: None,
        need: "Settling <b>back</b> in.".to_owned(),
        evidence: Some("Small groups.".to_owned()),
        consent: Some(NewConsent {
            given_by: "parent".to_owned(),
            given_on: chrono::NaiveDate::from_ymd_opt(2026, 2, 20).unwrap(),
        }),
        notes: None,
    };
    let caller = Caller::person(app.world().who_at(Role::SchoolSubmitter, 0).id, Lang::En, "test");
    let vault = app.app().vault.clone();
    app.db().write(&caller, move |work| referrals::open(work, &vault, new)).unwrap().id
}

fn send_warrn(app: &TestApp) -> (WarrnId, String) {
    let new = SendWarrn {
        school: SchoolNumber::parse(&app.world().schools[0].number).unwrap(),
        pupil: pupil(),
        agreement: "WASPI-2026-01".to_owned(),
        source: None,
        received_on: None,
        expected_return_on: None,
        summary: vec![Section { heading: "triggers".to_owned(), text: "Loud corridors.".to_owned() }],
    };
    let caller = Caller::person(app.world().who(Role::InReachWorker).id, Lang::En, "test");
    let (vault, settings) = (app.app().vault.clone(), app.app().settings.warrn.clone());
    let sent = app.db().write(&caller, move |work| warrn::send(work, &vault, &settings, new)).unwrap();
    (sent.record.id, sent.record.reference.to_string())
}

fn counsellor(app: &TestApp) -> PersonId {
    app.world().officer_of("sbc").id
}

fn state_of(app: &TestApp, id: ReferralId) -> State {
    app.read(move |work| referrals::peek(work, id)).state
}

#[tokio::test]
async fn nobody_comes_in_unasked_and_everybody_comes_back_to_the_page_they_wanted() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    assert_eq!(goes_to(&anyone.get("/").await), "/sign-in");
    assert_eq!(goes_to(&anyone.get("/cy").await), "/cy/sign-in");
    assert_eq!(goes_to(&anyone.get("/work?state=submitted").await), "/sign-in?next=%2Fwork%3Fstate%3Dsubmitted");
    let lost = app.with_session("no-such-session").get("/cy/work").await;
    assert_eq!(goes_to(&lost), "/cy/sign-in?next=%2Fwork&ended=yes");

    let (email, person) = (app.world().who(Role::Dsp).email.clone(), app.world().who(Role::Dsp).id);
    let sign_in = async |path: &str, next: &str, password: &str| {
        let code = app.code(person);
        let fields = [("email", email.as_str()), ("password", password), ("code", code.as_str()), ("next", next)];
        app.anonymous().post(path).without_key().form(&fields).await
    };
    for (path, next, to) in [
        ("/sign-in", "/work?state=submitted", "/work?state=submitted"),
        ("/cy/sign-in", "/work", "/cy/work"),
        ("/cy/sign-in", "", "/cy"),
        ("/sign-in", "//evil.example", "/"),
        ("/sign-in", "https://evil.example/", "/"),
        ("/sign-in", "/\\evil.example", "/"),
    ] {
        let reply = sign_in(path, next, PASSWORD).await;
        assert_eq!(goes_to(&reply), to);
        let token = reply.header("set-cookie").split(';').next().unwrap().trim_start_matches("dolen=");
        app.with_session(token).get("/work").await.expect_status(200);
    }
    let wrong = sign_in("/sign-in", "", "not <this> one").await;
    wrong.expect_status(401);
    let page = text(&wrong);
    assert!(title(&page).starts_with("Error: ") && page.contains("href=\"#email\"") && page.contains(&email), "{page}");
    assert!(!page.contains("not &#60;this"), "a password is never shown");
    sign_in("/sign-in", "", "").await.expect_status(422);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_needs_this_sessions_page() {
    let app = TestApp::start().await;
    let client = app.signed_in(Role::Dsp);
    let page = text(&client.get("/").await);
    let forged = client.post("/sign-out").without_key().form(&[("csrf", "0123456789abcdef01234567")]).await;
    forged.expect_status(403);
    client.get("/").await.expect_status(200);
    let other = app.signed_in(Role::TeamLead);
    other.post("/sign-out").without_key().form(&[("csrf", hidden(&page, "csrf").as_str())]).await.expect_status(403);
    let out = client.post("/cy/sign-out").without_key().form(&[("csrf", hidden(&page, "csrf").as_str())]).await;
    assert_eq!(goes_to(&out), "/cy/sign-in");
    assert_eq!(goes_to(&client.get("/").await), "/sign-in?ended=yes");
}

#[tokio::test]
async fn every_page_stands_in_both_languages_under_the_strict_policy() {
    let app = TestApp::start().await;
    let referral = open_referral(&app);
    let (record, _) = send_warrn(&app);
    let officer = app.signed_in_as(counsellor(&app));
    let pages = [
        (app.anonymous(), "/sign-in".to_owned(), 200),
        (app.anonymous(), "/problems/not_found".to_owned(), 200),
        (app.anonymous(), "/problems/no_such_code".to_owned(), 404),
        (officer.clone(), "/".to_owned(), 200),
        (officer.clone(), "/work?state=submitted&mine=yes".to_owned(), 200),
        (officer.clone(), format!("/referrals/{referral}"), 200),
        (officer.clone(), format!("/referrals/{referral}/decline"), 200),
        (officer.clone(), format!("/referrals/{referral}/redirect"), 200),
        (officer.clone(), "/referrals/not-an-id".to_owned(), 404),
        (officer.clone(), "/work?state=lost".to_owned(), 400),
        (officer.clone(), "/mail".to_owned(), 403),
        (officer, "/surveys".to_owned(), 200),
        (app.signed_in_at(Role::Dsp, 0), format!("/warrn/{record}"), 200),
        (app.signed_in(Role::Administrator), "/mail".to_owned(), 200),
        (app.signed_in(Role::Administrator), "/mail/..%2Fdolen.toml".to_owned(), 404),
    ];
    for (client, path, status) in pages {
        for (lang, address, other) in [("en", path.clone(), cy(&path)), ("cy", cy(&path), path.clone())] {
            // The browser's own preference is the other one: the address decides.
            let preferred = if lang == "en" { "cy" } else { "en" };
            let reply = client.get(&address).header("accept-language", preferred).header("accept", "text/html").await;
            reply.expect_status(status);
            let page = text(&reply);
            assert_eq!(reply.header("content-language"), lang, "{address}");
            assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
            assert_eq!(reply.header("cache-control"), "no-store");
            assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{address}");
            let link = format!("href=\"{}\"", other.replace('&', "&#38;"));
            assert!(page.contains(&link), "{address} leads to {other}: {page}");
            assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains("<script>"), "{address}");
            assert!(!page.contains(" onclick="), "{address}");
            assert!(!title(&page).contains("Gyfrinachol"), "{address}");
        }
    }
}

fn cy(path: &str) -> String {
    if path == "/" { "/cy".to_owned() } else { format!("/cy{path}") }
}

#[tokio::test]
async fn a_form_sent_twice_is_done_once_and_an_old_page_changes_nothing() {
    let app = TestApp::start().await;
    let id = open_referral(&app);
    let client = app.signed_in_as(counsellor(&app));
    let old = text(&client.get(&format!("/referrals/{id}/ask")).await);
    let page = text(&client.get(&format!("/referrals/{id}")).await);
    assert!(
        page.contains(SECRET) && page.contains("Settling &#60;b&#62;back"),
        "the officer reads the content: {page}"
    );
    let (first, second) = (filled(&page, &[]), filled(&page, &[]));
    let accept = format!("/referrals/{id}/accept");
    for fields in [&first, &second] {
        let reply = send(&client, &accept, fields).await;
        assert_eq!(goes_to(&reply), format!("/referrals/{id}"));
        assert!(reply.header("set-cookie").starts_with("dolen-flash=accepted;"), "{reply:?}");
    }
    let count = |sql: &str| app.database().inspect().number(sql);
    assert_eq!(count("SELECT count(*) FROM case_events WHERE kind = 'accepted'"), 1);
    assert_eq!(state_of(&app, id), State::Accepted);

    let stale = send(&client, &format!("/referrals/{id}/ask"), &filled(&old, &[("question", "Why?")])).await;
    assert_eq!(goes_to(&stale), format!("/referrals/{id}"));
    assert!(stale.header("set-cookie").starts_with("dolen-flash=changed;"), "{stale:?}");
    assert_eq!((state_of(&app, id), count("SELECT count(*) FROM case_events")), (State::Accepted, 2));
    let told = client
        .get(&format!("/referrals/{id}"))
        .header("cookie", &format!("dolen={}; dolen-flash=changed", client.secret()))
        .await;
    assert!(text(&told).contains("This record changed after you opened it"));
    assert!(told.header("set-cookie").starts_with("dolen-flash="), "said once");
}

#[tokio::test]
async fn a_wrong_token_or_another_site_does_nothing() {
    let app = TestApp::start().await;
    let id = open_referral(&app);
    let client = app.signed_in_as(counsellor(&app));
    let page = text(&client.get(&format!("/referrals/{id}")).await);
    let before = app.database().inspect().counts();
    let accept = format!("/referrals/{id}/accept");
    for wrong in ["", "0123456789abcdef01234567"] {
        let mut fields = filled(&page, &[]);
        fields.iter_mut().find(|(n, _)| *n == "csrf").unwrap().1 = wrong.to_owned();
        let reply = send(&client, &accept, &fields).await;
        reply.expect_status(403);
        assert!(text(&reply).contains("Nothing was done"), "{reply:?}");
    }
    let fields = filled(&page, &[]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let cross = client.post(&accept).without_key().header("sec-fetch-site", "cross-site").form(&fields).await;
    cross.expect_status(403);
    let json = client.post(&accept).without_key().header("content-type", "application/json").body("{}").await;
    json.expect_status(415);
    assert_eq!(app.database().inspect().counts(), before);
    assert_eq!(state_of(&app, id), State::Submitted);
}

#[tokio::test]
async fn what_was_typed_is_kept_and_its_faults_are_told_beside_it() {
    let app = TestApp::start().await;
    let id = open_referral(&app);
    let client = app.signed_in_as(counsellor(&app));
    let path = format!("/cy/referrals/{id}/decline");
    let page = text(&client.get(&path).await);
    let reply = send(&client, &path, &filled(&page, &[("reason", ""), ("note", "</textarea><b>x")])).await;
    reply.expect_status(422);
    let page = text(&reply);
    assert!(title(&page).starts_with("Gwall: ") && page.contains("href=\"#reason\""), "{page}");
    assert!(page.contains("&#60;/textarea&#62;&#60;b&#62;x") && !page.contains("<b>x"), "{page}");
    let page = text(&send(&client, &path, &filled(&page, &[("reason", "other"), ("note", "")])).await);
    assert!(page.contains("href=\"#note\"") && page.contains("value=\"other\" checked"), "{page}");
    assert_eq!(state_of(&app, id), State::Submitted);
    let done = send(&client, &path, &filled(&page, &[("reason", "other"), ("note", "Y rheswm.")])).await;
    assert_eq!(goes_to(&done), format!("/cy/referrals/{id}"));
    assert_eq!(state_of(&app, id), State::Declined);
    // What can't be done any more has no page.
    assert_eq!(goes_to(&client.get(&path).await), format!("/cy/referrals/{id}"));
}

#[tokio::test]
async fn the_service_asks_the_school_answers_and_the_service_passes_it_on() {
    let app = TestApp::start().await;
    let id = open_referral(&app);
    let officer = app.signed_in_as(counsellor(&app));
    let school = app.signed_in_at(Role::SchoolSubmitter, 0);
    for (client, step, field, typed, state) in [
        (&officer, "ask", "question", "What changed?", State::InfoRequested),
        (&school, "answer", "answer", "A new group.", State::Submitted),
        (&officer, "redirect", "service", "eps", State::Redirected),
    ] {
        let path = format!("/referrals/{id}/{step}");
        let other = if step == "answer" { &officer } else { &school };
        other.get(&path).await.expect_status(403);
        let reply = client.get(&path).await;
        reply.expect_status(200);
        let done = send(client, &path, &filled(&text(&reply), &[(field, typed)])).await;
        assert_eq!(goes_to(&done), format!("/referrals/{id}"), "{done:?}");
        assert_eq!(state_of(&app, id), state);
    }
    let page = text(&school.get(&format!("/referrals/{id}")).await);
    // What is over is read by who sent it and by the school's safeguarding person.
    assert!(page.contains("Goes on as") && page.contains("What changed?"), "{page}");
    let outline = text(&officer.get(&format!("/referrals/{id}")).await);
    assert!(!outline.contains("What changed?"), "the officer who held it keeps the outline");
    let page = text(&app.signed_in_at(Role::Dsp, 0).get(&format!("/referrals/{id}")).await);
    assert!(page.contains("What changed?") && page.contains("A new group."), "{page}");
    let head = text(&app.signed_in_at(Role::Headteacher, 0).get(&format!("/referrals/{id}")).await);
    assert!(!head.contains(SECRET) && !head.contains("A new group."), "a headteacher follows it without its content");
    app.signed_in_at(Role::Dsp, 1).get(&format!("/referrals/{id}")).await.expect_status(404);
}

#[tokio::test]
async fn a_session_that_ended_loses_the_form_and_says_so() {
    let app = TestApp::with().standing().start().await;
    let id = open_referral(&app);
    let client = app.signed_in_as(counsellor(&app));
    let path = format!("/referrals/{id}/ask");
    let page = text(&client.get(&path).await);
    app.advance(16 * 60);
    let late = send(&client, &path, &filled(&page, &[("question", SECRET)])).await;
    assert_eq!(goes_to(&late), format!("/sign-in?next=%2Freferrals%2F{id}%2Fask&ended=yes"));
    let told = text(&app.anonymous().get(goes_to(&late)).await);
    assert!(told.contains("Your session has ended") && !told.contains(SECRET));
    assert_eq!(state_of(&app, id), State::Submitted);
}

#[tokio::test]
async fn what_happened_is_in_words_on_every_page_of_a_record() {
    let app = TestApp::with().standing().start().await;
    let begun = Draft::of(&app, "start_provision").await;
    begun.sent(&app).await;
    let id = begun.path.split('/').nth(3).unwrap();
    let dsp = app.signed_in_at(Role::Dsp, 0);
    dsp.post(&format!("/v1/cases/{id}/tasks")).json(&json!({"what": "Ring home"})).await.expect_status(201);
    for path in [format!("/cases/{id}"), format!("/warrn/{id}/file")] {
        for (lang, said) in [
            ("", ["The record came in", "Special provision began", "A task was added"]),
            ("/cy", ["Derbyniwyd y cofnod", "", ""]),
        ] {
            let page = text(&dsp.get(&format!("{lang}{path}")).await);
            assert!(said.iter().all(|words| page.contains(words)), "{lang}{path}: {page}");
            for raw in ["provision_started", "task_added", ">received<"] {
                assert!(!page.contains(raw), "{raw} in {lang}{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_warrn_record_is_for_its_recipients_alone() {
    let app = TestApp::start().await;
    let (id, reference) = send_warrn(&app);
    let dsp = app.signed_in_at(Role::Dsp, 0);
    let path = format!("/warrn/{id}");
    let before = app.database().inspect().audit_entries();
    let page = text(&dsp.get(&path).await);
    assert!(page.contains(SECRET) && page.contains("Loud corridors."), "{page}");
    // The record, how far the return is, and its special provision.
    assert_eq!(app.database().inspect().actions_after(before), ["warrn.read"; 3]);
    let listed = text(&dsp.get("/work?warrn=waiting").await);
    assert!(listed.contains(&reference) && !listed.contains(SECRET), "{listed}");
    let sender = text(&app.signed_in(Role::InReachWorker).get(&path).await);
    assert!(!sender.contains(SECRET) && !sender.contains("/acknowledge"), "{sender}");
    for outsider in
        [app.signed_in_at(Role::Dsp, 1), app.signed_in_at(Role::Headteacher, 0), app.signed_in(Role::Administrator)]
    {
        outsider.get(&path).await.expect_status(404);
        outsider.get(&format!("/r/{reference}")).await.expect_status(404);
    }
    // Back this week and not acknowledged: the first thing on the first page, for who has the record.
    assert!(!text(&dsp.get("/").await).contains(&reference), "the control: nobody knows when");
    app.database().inspect().execute("UPDATE warrn_records SET expected_return_on = CURRENT_DATE");
    assert!(text(&dsp.get("/").await).contains(&reference));
    assert!(!text(&app.signed_in_at(Role::Dsp, 1).get("/").await).contains(&reference));
    let acknowledge = format!("{path}/acknowledge");
    let done = send(&dsp, &acknowledge, &filled(&page, &[])).await;
    assert_eq!(goes_to(&done), path);
    assert!(done.header("set-cookie").starts_with("dolen-flash=acknowledged;"));
    assert!(!text(&dsp.get(&path).await).contains("/acknowledge"));
    assert!(text(&dsp.get("/").await).contains(">0<"), "nothing waits any more");
}

#[tokio::test]
async fn a_mails_link_leads_to_its_record_in_the_readers_language() {
    let app = TestApp::start().await;
    let (id, reference) = send_warrn(&app);
    let reader = app.world().who_at(Role::Dsp, 0).id;
    let client = app.signed_in_as(reader);
    for (lang, browser, to) in [
        ("cy", "en", format!("/cy/warrn/{id}")),
        ("en", "cy", format!("/warrn/{id}")),
        ("both", "cy", format!("/cy/warrn/{id}")),
        ("both", "en", format!("/warrn/{id}")),
    ] {
        app.database().inspect().execute(&format!("UPDATE people SET lang = '{lang}'"));
        let reply = client.get(&format!("/r/{}", reference.to_lowercase())).header("accept-language", browser).await;
        assert_eq!(goes_to(&reply), to, "{lang} {browser}");
    }
    let nobody = app.anonymous().get(&format!("/r/{reference}")).header("accept-language", "cy").await;
    assert_eq!(goes_to(&nobody), format!("/cy/sign-in?next=%2Fr%2F{reference}"));
    for unknown in ["DL-3333-3333", "rubbish", "DL-"] {
        client.get(&format!("/r/{unknown}")).await.expect_status(404);
    }
}

#[tokio::test]
async fn every_problem_has_its_page_and_every_asset_its_own_address() {
    let app = TestApp::start().await;
    let anyone = app.anonymous();
    for code in Code::ALL {
        let page = text(&anyone.get(&format!("/problems/{}", code.as_str())).await);
        assert!(page.contains(&format!("<code>{}</code>", code.as_str())), "{page}");
    }
    let page = text(&anyone.get("/sign-in").await);
    let assets: Vec<&str> = page.split('"').filter(|v| v.starts_with("/assets/")).collect();
    assert!(assets.len() >= 4, "{assets:?}");
    for asset in assets {
        let reply = anyone.get(asset).await;
        reply.expect_status(200);
        assert!(reply.header("cache-control").contains("immutable"), "{asset}");
        let again = anyone.get(asset).header("if-none-match", reply.header("etag")).await;
        again.expect_status(304);
        let (hash, rest) = asset.trim_start_matches("/assets/").split_once('/').unwrap();
        let other = format!("/assets/{}/{rest}", hash.chars().rev().collect::<String>());
        anyone.get(&other).await.expect_status(404);
    }
    for address in ["/v1/nowhere", "/nowhere"] {
        anyone.get(address).header("accept", "application/json").await.expect_problem(404, "not_found");
    }
}
