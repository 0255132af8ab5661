//! The same over the API: who may, what a child is given, and that the file of tombstones does its work.

use dolen_domain::access::{Action, Role};
use dolen_domain::kernel::{Caller, CaseId};
use dolen_domain::records::retention::{self, RecordClass};
use dolen_tests::writes::Draft;
use dolen_tests::{TestApp, records};
use serde_json::json;

/// Who may, said a second time: the tests of readings and of writes hold the policy's rows to it.
pub(super) fn allowed(role: Role, action: Action) -> bool {
    match action {
        Action::ManageRetention => role == Role::Administrator,
        Action::HandleSubjectAccess => matches!(role, Role::Administrator | Role::SafeguardingLead),
        Action::OpenSubjectAccess => role == Role::SafeguardingLead,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_child_is_given_their_own_and_nothing_of_others() {
    let app = TestApp::start().await;
    let lead = app.signed_in(Role::SafeguardingLead);
    let gather = Draft::of(&app, "gather_subject_access").await;
    let path = gather.path.trim_end_matches("/gather").to_owned();
    let key = dolen_tests::clients::fresh_key;
    let early = lead.post(&format!("{path}/release")).key(&key()).await;
    assert_eq!(early.status, 409, "nothing is released before it was gathered");
    gather.sent(&app).await;
    let pieces = lead.get(&format!("{path}/pieces")).await;
    pieces.expect_status(200);
    let items = pieces.json["items"].as_array().unwrap().clone();
    assert!(items.iter().any(|p| p["text"] == "Help with settling back in."), "{items:?}");
    // One piece waits: nothing leaves.
    for piece in &items[1..] {
        let redact = piece["text"] == "Help with settling back in.";
        let body =
            if redact { json!({"decision": "redact", "reason": "third_party"}) } else { json!({"decision": "keep"}) };
        lead.post(&format!("{path}/pieces/{}", piece["number"])).key(&key()).json(&body).await.expect_status(200);
    }
    assert_eq!(lead.post(&format!("{path}/release")).key(&key()).await.status, 409, "one piece waits");
    assert_eq!(lead.get(&format!("{path}/bundle/json")).await.status, 404, "there is no bundle yet");
    let bare = lead.post(&format!("{path}/pieces/1")).key(&key()).json(&json!({"decision": "redact"})).await;
    assert_eq!(bare.status, 422, "a redaction has its reason");
    let first_redacted = items[0]["text"] == "Help with settling back in.";
    let body = if first_redacted {
        json!({"decision": "redact", "reason": "third_party"})
    } else {
        json!({"decision": "keep"})
    };
    lead.post(&format!("{path}/pieces/1")).key(&key()).json(&body).await.expect_status(200);
    lead.post(&format!("{path}/release")).key(&key()).await.expect_status(200);
    for format in ["json", "html", "pdf"] {
        let reply = lead.get(&format!("{path}/bundle/{format}")).await;
        reply.expect_status(200);
        assert_eq!(reply.header("cache-control"), "no-store");
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(!text.contains("Help with settling back in."), "{format}: it was redacted");
        if format == "pdf" {
            assert!(text.starts_with("%PDF-") && text.contains("StructTreeRoot"));
        } else {
            assert!(text.contains("Enghraifft") && text.contains("Small group sessions"), "{format}");
        }
    }
    // The administrator took the request in, and opens nothing of it.
    let administrator = app.signed_in(Role::Administrator);
    administrator.get(&path).await.expect_status(200);
    assert_eq!(administrator.get(&format!("{path}/bundle/json")).await.status, 403);
    let entries = app
        .database()
        .inspect()
        .texts("SELECT action AS value FROM audit_entries WHERE action LIKE 'subject_access.%' ORDER BY seq");
    for action in ["subject_access.gather", "subject_access.read", "subject_access.release", "subject_access.download"]
    {
        assert!(entries.iter().any(|e| e == action), "{action}: {entries:?}");
    }
}

/// The wrapped key of the child whose record has this reference.
fn wrapped_key_of(app: &TestApp, reference: &str) -> Vec<u8> {
    let hex = if app.database().inspect().is_postgres() { "encode(k.wrapped, 'hex')" } else { "lower(hex(k.wrapped))" };
    let found = app.database().inspect().texts(&format!(
        "SELECT {hex} AS value FROM child_keys k JOIN pupils p ON p.key_id = k.id JOIN cases c ON c.pupil_id = p.id \
         WHERE c.reference = '{reference}'"
    ));
    dolen_domain::kernel::from_hex(&found[0]).unwrap()
}

/// Whether SQLite's files hold these bytes. PostgreSQL's are its owner's to scrub: asked by the row alone.
fn in_files(app: &TestApp, bytes: &[u8]) -> bool {
    if app.database().inspect().is_postgres() {
        let hex = dolen_domain::kernel::to_hex(bytes);
        let query = format!("SELECT count(*) FROM child_keys WHERE wrapped = decode('{hex}', 'hex')");
        return app.database().inspect().number(&query) > 0;
    }
    let path = std::path::Path::new(app.database().url().trim_start_matches("sqlite:"));
    super::holds_bytes(&super::bytes(path.parent().unwrap()), bytes)
}

#[tokio::test]
async fn a_service_started_over_an_older_backup_disposes_again_before_it_serves() {
    let app = TestApp::start().await;
    let reference = records::over(&app, "bss").await;
    let key = wrapped_key_of(&app, &reference);
    assert!(in_files(&app, &key), "the control: before it is destroyed the key is there");
    let kept = super::Backup::take(app.database());
    let run = Draft::of(&app, "run_retention").await.sent(&app).await;
    assert!(!in_files(&app, &key), "the wrapped key is still in a file");
    assert!(run.json["certificate"]["body"].as_str().unwrap().contains(&reference), "{run:?}");
    let file = std::fs::read_to_string(app.folder().join("tombstones")).unwrap();
    assert_eq!(file.lines().count(), 3, "a certificate, the case and the child: {file}");
    assert!(!file.contains("Enghraifft"));

    let content = format!(
        "SELECT count(*) FROM referrals r JOIN cases c ON c.id = r.id \
         WHERE c.reference = '{reference}' AND length(r.content) > 0"
    );
    let restored = kept.restore();
    assert_eq!(restored.inspect().number(&content), 1, "the control: the backup holds it");
    let mut settings = (*app.app().settings).clone();
    settings.database.url = restored.url().to_owned();
    let clock = std::sync::Arc::new(dolen_domain::kernel::SystemClock);
    let again =
        dolen_api::app::App::open(settings.clone(), clock.clone(), std::sync::Arc::new(super::OsChance)).unwrap();
    assert_eq!(restored.inspect().number(&content), 0);
    drop(again);
    // A file nobody can read stops the start: what is not known to be gone must not come back.
    std::fs::write(app.folder().join("tombstones"), "nonsense\n").unwrap();
    assert!(dolen_api::app::App::open(settings, clock, std::sync::Arc::new(super::OsChance)).is_err());
}

/// A record whose special provision was reviewed and has ended, and its reference.
async fn provided(app: &TestApp) -> (String, String) {
    let key = dolen_tests::clients::fresh_key;
    let ended = Draft::of(app, "end_provision").await.sent(app).await;
    let path = format!("/v1/warrn-records/{}", ended.json["record_id"].as_str().unwrap());
    let dsp = app.signed_in(Role::Dsp);
    let record = dsp.get(&path).await;
    let acknowledged = dsp.post(&format!("{path}/acknowledge")).key(&key()).if_match(record.header("etag")).await;
    acknowledged.expect_status(200);
    (path, record.json["reference"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn special_provision_is_found_for_the_child() {
    let app = TestApp::start().await;
    let key = dolen_tests::clients::fresh_key;
    let (_, reference) = provided(&app).await;
    let body = json!({"reference": reference, "asked_by": "child", "received_on": "2026-03-01"});
    let asked = app.signed_in(Role::Administrator).post("/v1/subject-access-requests").key(&key()).json(&body).await;
    asked.expect_status(201);
    let path = format!("/v1/subject-access-requests/{}", asked.json["id"].as_str().unwrap());
    let lead = app.signed_in(Role::SafeguardingLead);
    lead.post(&format!("{path}/gather")).key(&key()).await.expect_status(200);
    let pieces = lead.get(&format!("{path}/pieces")).await;
    let texts: Vec<_> = pieces.json["items"].as_array().unwrap().iter().filter_map(|p| p["text"].as_str()).collect();
    for said in ["An hour more each week.", "Tired by noon.", "Rhiant Enghreifftiol", "Back."] {
        assert!(texts.contains(&said), "{said}: {texts:?}");
    }
}

#[tokio::test]
async fn special_provision_goes_with_its_record() {
    let app = TestApp::with().standing().start().await;
    let key = dolen_tests::clients::fresh_key;
    let (path, _) = provided(&app).await;
    let dsp = app.signed_in(Role::Dsp);
    let record = dsp.get(&path).await;
    let body = json!({"outcome": "re_referred"});
    let closed = dsp.post(&format!("{path}/outcome")).key(&key()).if_match(record.header("etag")).json(&body).await;
    closed.expect_status(200);
    let count = |table: &str| app.database().inspect().number(&format!("SELECT count(*) FROM {table}"));
    assert_eq!((count("provisions"), count("provision_notes")), (1, 1), "the control");
    let (worker, vault) = (Caller::system("worker"), app.app().vault.clone());
    while app.db().read(&worker, retention::is_any_unreckoned).unwrap() {
        let vault = vault.clone();
        app.db().write(&worker, move |work| retention::reckon(work, &vault)).unwrap();
    }
    // The record's own rule says 25 years, the provision's 31: nothing of it goes before.
    let kept = |class: &str| {
        let day = if app.database().inspect().is_postgres() { "dispose_after::text" } else { "dispose_after" };
        let query = format!("SELECT {day} AS value FROM case_retention WHERE record_class = '{class}'");
        app.database().inspect().texts(&query)
    };
    // `tests/src/bodies.rs`.
    let born = 2012;
    assert_eq!(kept("warrn"), [format!("{}-12-31", born + 31)]);
    assert_eq!(kept("documents"), [format!("{}-12-31", born + 31)]);
    let longer = retention::NewRule {
        anchor: "born_on".to_owned(),
        years: 35,
        end: "destroy".to_owned(),
        source: "Decided by the records officer".to_owned(),
    };
    let administrator = super::caller(app.world().who(Role::Administrator).id);
    app.db()
        .write(&administrator, move |work| retention::change_rule(work, RecordClass::Provision, 1, &longer))
        .unwrap();
    let vault = app.app().vault.clone();
    app.db().write(&worker, move |work| retention::reckon(work, &vault)).unwrap();
    assert_eq!(kept("warrn"), [format!("{}-12-31", born + 35)]);
    let vault = app.app().vault.clone();
    app.advance(100 * 31_557_600);
    // A WARRN record is looked at by two people before it goes.
    let case = CaseId::from_uuid(path.rsplit('/').next().unwrap().parse().unwrap());
    for who in [administrator.clone(), super::second_administrator(app.db(), app.world())] {
        let proved = app.db().read(&who, |work| Ok(work.now())).unwrap();
        let who = Caller { second_factor_at: Some(proved), ..who };
        app.db().write(&who, move |work| retention::review(work, case, RecordClass::Warrn, None)).unwrap();
    }
    let certificate = app.db().write(&administrator, move |work| retention::run(work, &vault)).unwrap();
    assert!(certificate.is_some(), "something was due");
    assert_eq!((count("provisions"), count("provision_notes")), (0, 0));
}
