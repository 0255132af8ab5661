//! Who did what is on record, with the change or not at all.

use dolen_domain::access::Role;
use dolen_domain::audit::{self, Object};
use dolen_domain::db::Work;
use dolen_domain::kernel::{Caller, Code, Result};
use dolen_tests::writes::{Draft, operations};
use dolen_tests::{Reply, TestApp};

/// The writes that leave no entry, and why.
const UNRECORDED: &[(&str, &str)] = &[
    ("create_token", "changes nothing; what the token is used for is on record"),
    ("check_survey_responses", "changes nothing"),
];

/// What one request left on record.
fn recorded(app: &TestApp, reply: &Reply) -> Vec<String> {
    let id = reply.header("x-request-id");
    app.database().inspect().texts(&format!(
        "SELECT action || ' by ' || actor_kind AS value FROM audit_entries WHERE request_id = '{id}' ORDER BY seq"
    ))
}

#[tokio::test]
async fn every_write_is_on_record() {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|o| !UNRECORDED.iter().any(|(u, _)| u == o)) {
        let draft = Draft::of(&app, operation).await;
        let reply = draft.sent(&app).await;
        let entries = recorded(&app, &reply);
        assert!(!entries.is_empty(), "{operation} left no entry");
        assert!(entries.iter().all(|e| e.ends_with(" by person")), "{operation}: {entries:?}");
    }
}

#[tokio::test]
async fn reading_what_is_sensitive_is_on_record_before_it_leaves() {
    let app = TestApp::start().await;
    let referral = Draft::of(&app, "open_referral").await.sent(&app).await;
    let warrn = Draft::of(&app, "send_warrn_record").await.sent(&app).await;
    for (record, area) in [(referral, "referrals"), (warrn, "warrn-records")] {
        let path = format!("/v1/{area}/{}/content", record.json["id"].as_str().unwrap());
        let read = app.signed_in(Role::Dsp).get(&path).await;
        read.expect_status(200);
        assert_eq!(recorded(&app, &read).len(), 1, "{path}");
        let refused = app.signed_in(Role::Analyst).get(&path).await;
        refused.expect_problem(404, "not_found");
        assert!(recorded(&app, &refused).is_empty(), "nothing was read");
        // When the entry can't be kept, nothing leaves.
        let (client, mut inspect) = (app.signed_in(Role::Dsp), app.database().inspect());
        inspect.execute("ALTER TABLE audit_entries RENAME TO audit_entries_away");
        let failed = client.get(&path).may_fail().await;
        inspect.execute("ALTER TABLE audit_entries_away RENAME TO audit_entries");
        assert!(failed.status >= 500, "{failed:?}");
        assert!(!String::from_utf8_lossy(&failed.body).contains("Ddysgwr"), "{failed:?}");
    }
}

/// What one request left on record, with the details.
fn readings(app: &TestApp, reply: &Reply) -> Vec<String> {
    let id = reply.header("x-request-id");
    app.database().inspect().texts(&format!(
        "SELECT action || ' ' || detail AS value FROM audit_entries WHERE request_id = '{id}' ORDER BY seq"
    ))
}

#[tokio::test]
async fn reading_one_referral_or_one_emergency_access_is_on_record_once() {
    let app = TestApp::start().await;
    let dsp = app.signed_in(Role::Dsp);
    let referral = Draft::of(&app, "open_referral").await.sent(&app).await;
    let id = referral.json["id"].as_str().unwrap();
    let (envelope, timeline) =
        ("referral.read envelope dsp/own_school", "referral.read envelope timeline dsp/own_school");
    for (path, expected) in [("", envelope), ("/events", timeline)] {
        let path = format!("/v1/referrals/{id}{path}");
        let read = dsp.get(&path).await;
        read.expect_status(200);
        assert_eq!(readings(&app, &read), [expected], "{path}");
        let refused = app.signed_in(Role::Analyst).get(&path).await;
        refused.expect_problem(404, "not_found");
        assert!(readings(&app, &refused).is_empty(), "nothing was read");
    }
    // A version the caller has is a reading too.
    let tag = dsp.get(&format!("/v1/referrals/{id}")).await.header("etag").to_owned();
    let known = dsp.get(&format!("/v1/referrals/{id}")).header("If-None-Match", &tag).await;
    assert_eq!((known.status, readings(&app, &known)), (304, vec![envelope.to_owned()]));
    // However many fields ask for it, and in however many aliases.
    let fields = "reference state yearGroup version schoolNumber routing { text { en } }";
    let query = format!("{{ a: referral(id: \"{id}\") {{ {fields} events {{ at }} again: events {{ kind }} }} }}");
    let asked = dsp.post("/v1/graphql").json(&serde_json::json!({ "query": query })).await;
    assert!(asked.json["errors"].is_null(), "{asked:?}");
    assert_eq!(readings(&app, &asked), [envelope, timeline]);
    // A list holds what it holds, and leaves nothing.
    let list = dsp.get("/v1/referrals").await;
    assert!(readings(&app, &list).is_empty() && list.json["items"][0]["id"] == id);

    let started = Draft::of(&app, "start_emergency_access").await.sent(&app).await;
    started.expect_status(201);
    let id = started.json["id"].as_str().unwrap();
    let auditor = app.signed_in(Role::Auditor);
    let seen = "emergency.read envelope auditor/any";
    assert_eq!(readings(&app, &auditor.get(&format!("/v1/emergency-accesses/{id}")).await), [seen]);
    let query = format!("{{ emergencyAccess(id: \"{id}\") {{ reference role startedAt schoolNumber }} }}");
    let asked = auditor.post("/v1/graphql").json(&serde_json::json!({ "query": query })).await;
    assert!(asked.json["errors"].is_null(), "{asked:?}");
    assert_eq!(readings(&app, &asked), [seen]);
}

#[tokio::test]
async fn a_page_of_one_referral_is_on_record_once() {
    let app = TestApp::start().await;
    let referral = Draft::of(&app, "open_referral").await.sent(&app).await;
    let id = referral.json["id"].as_str().unwrap();
    for (role, path, expected) in [
        (Role::Dsp, format!("/referrals/{id}"), "referral.read_content content dsp/own_school"),
        (Role::Headteacher, format!("/referrals/{id}"), "referral.read envelope headteacher/own_school"),
    ] {
        let page = app.signed_in(role).get(&path).await;
        page.expect_status(200);
        assert_eq!(readings(&app, &page), [expected], "{path}");
    }
}

#[tokio::test]
async fn no_words_of_a_record_are_on_record() {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|o| *o != "create_token") {
        Draft::of(&app, operation).await.sent(&app).await;
    }
    let texts =
        |columns: &str| app.database().inspect().texts(&format!("SELECT {columns} AS value FROM audit_entries"));
    let entries = texts("action || '|' || object_kind || '|' || detail");
    // The control: words that are there are found.
    assert!(entries.iter().any(|e| e.contains("referral.")));
    for word in ["Enghraifft", "Ddysgwr", "2012", "settling", "corridors", "September", "elsewhere", "Since", "@"] {
        assert_eq!(entries.iter().find(|e| e.contains(word)), None, "{word}");
    }
    // By chance the digits of a random request id may be those of a year: an id, and nothing else.
    let ids = texts("request_id");
    let is_id = |id: &String| ["start", "test"].contains(&id.as_str()) || id.parse::<uuid::Uuid>().is_ok();
    assert_eq!(ids.iter().find(|id| !is_id(id)), None);
}

/// Puts a school in, without a word.
fn add_school(work: &mut Work<'_>) -> Result<()> {
    use diesel::prelude::*;
    use dolen_domain::db::schema::schools as s;
    use dolen_domain::kernel::SchoolId;

    let row = (
        (s::id.eq(SchoolId::from_uuid(work.new_id())), s::number.eq("6769999"), s::name_cy.eq("Y"), s::name_en.eq("S")),
        (s::phase.eq("primary"), s::medium.eq("welsh"), s::version.eq(1_i64), s::updated_at.eq(work.now())),
    );
    diesel::insert_into(s::table).values(row).execute(work.conn())?;
    Ok(())
}

#[tokio::test]
async fn a_write_without_an_entry_is_rolled_back() {
    let app = TestApp::start().await;
    let system = Caller::system("test");
    let before = app.database().inspect().counts();
    let refused = app.db().write(&system, add_school).unwrap_err();
    assert_eq!(refused.code, Code::Internal);
    assert_eq!(app.database().inspect().counts(), before);
    // The control: with its entry it stays.
    app.write(|work| {
        add_school(work)?;
        audit::record(work, "test.school", Object::all("school"), "");
        Ok(())
    });
    let after = app.database().inspect().counts();
    assert_eq!(after["schools"], before["schools"] + 1);
    assert_eq!(after["audit_entries"], before["audit_entries"] + 1);
}

#[tokio::test]
async fn a_failed_write_takes_its_entry_with_it() {
    let app = TestApp::start().await;
    let before = app.database().inspect().counts();
    let failed = app.db().write(&Caller::system("test"), |work| {
        add_school(work)?;
        audit::record(work, "test.school", Object::all("school"), "");
        add_school(work)
    });
    assert_eq!(failed.unwrap_err().code, Code::AlreadyExists);
    assert_eq!(app.database().inspect().counts(), before);
}

#[tokio::test]
async fn what_must_be_recorded_is_refused_in_a_read() {
    let app = TestApp::start().await;
    let read = app.db().read(&Caller::system("test"), |work| {
        audit::record(work, "test.read", Object::all("school"), "");
        Ok(())
    });
    assert_eq!(read.unwrap_err().code, Code::Internal);
}

/// What a writer does: as it should, fail after recording, or fail in the middle.
fn write_or_fail(work: &mut Work<'_>, how: usize) -> Result<()> {
    if how == 1 {
        add_school(work)?;
    }
    audit::record(work, "test.write", Object::all("school"), "");
    match how {
        // The same number twice: the second fails in the database, and takes the first and the entry with it.
        1 => add_school(work),
        2 => Err(Code::StateConflict.into()),
        _ => Ok(()),
    }
}

#[tokio::test]
async fn thirty_two_writers_half_of_whom_fail_make_one_chain_without_gaps() {
    const WRITERS: usize = 32;
    const EACH: usize = 12;
    let app = TestApp::start().await;
    let before = app.database().inspect().audit_entries();
    let begun = std::time::Instant::now();
    let done: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let db = app.db();
                scope.spawn(move || {
                    let mut done = 0;
                    for round in 0..EACH {
                        // Half as they should, a quarter each in either way not.
                        let how = [0, 1, 0, 2][(n + round) % 4];
                        loop {
                            match db.write(&Caller::system("test"), move |work| write_or_fail(work, how)) {
                                Ok(()) => {
                                    assert_eq!(how, 0, "a failed write was told to have been done");
                                    done += 1;
                                }
                                // Another's failure may take a whole group with it: whoever is told so tries again.
                                Err(e) if e.code == Code::Unavailable => continue,
                                Err(_) => assert_ne!(how, 0, "a good write failed"),
                            }
                            break;
                        }
                    }
                    done
                })
            })
            .collect();
        writers.into_iter().map(|w| w.join().unwrap()).sum()
    });
    assert_eq!(done, WRITERS * EACH / 2);
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    let rate = done as f64 / begun.elapsed().as_secs_f64();
    eprintln!("{done} written beside as many failures, {rate:.0}/s");
    // `facts/reliability.md` AUD-2: at least 100 audited writes a second.
    assert!(rate >= 100.0, "{rate:.0} audited writes a second");
    let entries = before + i64::try_from(done).unwrap();
    assert_eq!(app.read(audit::verify), audit::Finding::Whole { entries });
    assert_eq!(app.database().inspect().number("SELECT max(seq) FROM audit_entries"), entries, "gapless");
    assert_eq!(app.database().inspect().number("SELECT count(*) FROM schools WHERE number = '6769999'"), 0);
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_an_entry() {
    let app = TestApp::start().await;
    let mut inspect = app.database().inspect();
    let before = inspect.audit_entries();
    let mut statements = vec![
        "UPDATE audit_entries SET detail = 'x' WHERE seq = 1",
        "UPDATE audit_entries SET seq = seq + 1000",
        "DELETE FROM audit_entries WHERE seq = 1",
        "DELETE FROM audit_entries",
        "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE seq = 1",
    ];
    if inspect.is_postgres() {
        statements.push("TRUNCATE audit_entries");
    } else {
        statements.push("REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE seq = 1");
    }
    for sql in statements {
        assert!(inspect.try_execute(sql).is_err(), "{sql}");
    }
    assert_eq!(inspect.audit_entries(), before);
}
