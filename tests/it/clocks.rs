//! What the clock of records does when somebody leaves, when one record can't be dealt with, and when there is nobody to
//! tell yet; by the worker, on either database.

use std::time::Duration;

use dolen_api::worker;
use dolen_domain::access::Role;
use dolen_domain::directory::import::import_calendar;
use dolen_domain::kernel::{Caller, Lang};
use dolen_tests::TestApp;
use dolen_tests::writes::Draft;

/// A record that came in: its id and reference.
async fn sent(app: &TestApp) -> (String, String) {
    let sent = Draft::of(app, "send_warrn_record").await.sent(app).await;
    let word = |key: &str| sent.json[key].as_str().unwrap().to_owned();
    (word("id"), word("reference"))
}

fn of(reference: &str) -> String {
    format!("case_id = (SELECT id FROM cases WHERE reference = '{reference}')")
}

async fn tick(app: &TestApp) {
    worker::deliver_waiting(app.app()).await.unwrap();
}

#[tokio::test]
async fn a_record_that_fails_is_tried_again_and_holds_up_no_other() {
    let app = TestApp::with().standing().start().await;
    let (_, bad) = sent(&app).await;
    let (_, good) = sent(&app).await;
    let mut inspect = app.database().inspect();
    let mut rename = |from: &str, to: &str| {
        inspect.execute(&format!("UPDATE case_milestones SET kind = '{to}' WHERE kind = '{from}' AND {}", of(&bad)));
    };
    rename("acknowledge_dsp", "nonsense");
    app.advance(30 * 86_400);
    let told = |reference: &str| {
        let steps = format!("SELECT count(*) FROM case_milestones WHERE stage > 0 AND {}", of(reference));
        app.database().inspect().number(&steps)
    };
    tick(&app).await;
    assert_eq!(told(&bad), 0, "nothing of it was kept");
    assert!(told(&good) > 0, "the other was dealt with");
    // Mended, the next look takes it.
    rename("nonsense", "acknowledge_dsp");
    tick(&app).await;
    assert!(told(&bad) > 0);
}

#[tokio::test]
async fn who_left_after_reading_is_followed() {
    let app = TestApp::start().await;
    let draft = Draft::of(&app, "acknowledge_warrn_record").await;
    draft.sent(&app).await;
    let path = draft.path.trim_end_matches("/acknowledge").to_owned();
    let deputy = app.world().people.iter().find(|p| p.role == Role::Dsp && p.deputy && p.school == Some(0)).unwrap();
    let reads = async |who| app.signed_in_as(who).get(&path).await.status;
    tick(&app).await;
    assert_eq!(reads(deputy.id).await, 404, "not their record while the DSP is there");
    let mut inspect = app.database().inspect();
    inspect.execute("UPDATE memberships SET ends_at = begins_at WHERE role = 'dsp' AND NOT deputy");
    inspect.execute("UPDATE memberships SET ends_at = begins_at WHERE role = 'officer'");
    tick(&app).await;
    assert_eq!(reads(deputy.id).await, 200);
    assert_eq!(reads(app.world().who(Role::SafeguardingLead).id).await, 200, "nobody is a psychologist any more");
    let rows = "SELECT part || ' ' || CASE WHEN ends_at IS NULL THEN 'now' ELSE 'ended' END AS value \
         FROM case_recipients ORDER BY 1";
    let expected = ["dsp ended", "dsp now", "ep ended", "ep now"];
    assert_eq!(inspect.texts(rows), expected);
    let (entries, mails) =
        ("SELECT count(*) FROM audit_entries WHERE object_kind = 'warrn'", "SELECT count(*) FROM notices");
    let before = (inspect.number(entries), inspect.number(mails));
    tick(&app).await;
    assert_eq!(inspect.texts(rows), expected, "once");
    assert_eq!((inspect.number(entries), inspect.number(mails)), before);
}

#[tokio::test]
async fn a_closed_record_follows_the_schools_dsp_and_who_comes_back_has_another_row() {
    let app = TestApp::start().await;
    let draft = Draft::of(&app, "close_warrn_record").await;
    draft.sent(&app).await;
    let path = draft.path.trim_end_matches("/outcome").to_owned();
    let dsp = app.world().who(Role::Dsp).id;
    let deputy = app.world().people.iter().find(|p| p.role == Role::Dsp && p.deputy && p.school == Some(0)).unwrap().id;
    let reads = async |who| app.signed_in_as(who).get(&path).await.status;
    tick(&app).await;
    assert_eq!((reads(dsp).await, reads(deputy).await), (200, 404), "the DSP is there");
    let mut inspect = app.database().inspect();
    let (mails, rows) = ("SELECT count(*) FROM notices", "SELECT count(*) FROM case_recipients WHERE part = 'dsp'");
    let told = inspect.number(mails);
    inspect.execute("UPDATE memberships SET ends_at = begins_at WHERE role = 'dsp' AND NOT deputy");
    assert_eq!(reads(dsp).await, 404, "at the next request, whatever the clock does");
    tick(&app).await;
    assert_eq!((reads(dsp).await, reads(deputy).await), (404, 200));
    assert_eq!((inspect.number(mails), inspect.number(rows)), (told, 2), "nothing is asked of them");
    inspect.execute("UPDATE memberships SET ends_at = NULL WHERE role = 'dsp' AND NOT deputy");
    inspect.execute("UPDATE memberships SET ends_at = begins_at WHERE role = 'dsp' AND deputy");
    tick(&app).await;
    assert_eq!((reads(dsp).await, reads(deputy).await), (200, 404));
    let ended = inspect.number(&format!("{rows} AND ends_at IS NOT NULL"));
    assert_eq!((inspect.number(rows), ended), (3, 2), "each time has a row, and the old ones stay");
}

#[tokio::test]
async fn an_alert_waits_for_a_lead() {
    let app = TestApp::start().await;
    let mut inspect = app.database().inspect();
    inspect.execute("UPDATE memberships SET ends_at = begins_at WHERE role = 'team_lead'");
    sent(&app).await;
    sent(&app).await;
    let raised = "SELECT count(*) FROM notices WHERE wording = 'alert_raised'";
    tick(&app).await;
    assert_eq!((inspect.number("SELECT count(*) FROM warrn_alerts"), inspect.number(raised)), (1, 0));
    inspect.execute("UPDATE memberships SET ends_at = NULL WHERE role = 'team_lead'");
    tick(&app).await;
    tick(&app).await;
    assert_eq!(inspect.number(raised), 1, "told late, and once");
    let unfinished = "SELECT count(*) FROM notices WHERE wording = 'alert_raised' AND state <> 'delivered'";
    assert_eq!(inspect.number(unfinished), 0, "and the lead may know of it still");
}

/// PostgreSQL takes a record while a new calendar is being read in: it is counted by the old one, and kept first.
#[tokio::test]
async fn a_record_that_comes_while_the_calendar_changes_is_counted_by_the_new_one() {
    let app = TestApp::with().standing().start().await;
    let acknowledge_by = async |reference: &str| {
        let listed = app.signed_in(Role::Dsp).get("/v1/warrn-records").await;
        let items = listed.json["items"].as_array().unwrap().clone();
        let one = items.into_iter().find(|r| r["reference"] == reference).unwrap();
        one["due_at"].as_str().unwrap_or_else(|| panic!("{one}")).to_owned()
    };
    let (_, first) = sent(&app).await;
    let before = acknowledge_by(&first).await;
    let file = format!("kind,school_number,begins_on,ends_on,name_en\nclosure,,{},,Snow\n", &before[..10]);
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (kept, is_kept) = std::sync::mpsc::channel();
    let setter = Caller::person(app.world().who(Role::Administrator).id, Lang::En, "test");
    let db = app.db().clone();
    let importing = std::thread::spawn(move || {
        let report = db.write(&setter, move |work| {
            let report = import_calendar(work, file.as_bytes(), false, false)?;
            begun.send(()).unwrap();
            // SQLite has one writer: the record comes when this one has ended.
            let _ = is_kept.recv_timeout(Duration::from_secs(1));
            Ok(report)
        });
        assert!(report.unwrap().written);
    });
    has_begun.recv().unwrap();
    let (_, second) = sent(&app).await;
    let _ = kept.send(());
    importing.join().unwrap();
    tick(&app).await;
    let after = acknowledge_by(&second).await;
    assert_eq!(after, acknowledge_by(&first).await, "the one there was, counted again");
    assert!(after > before, "{after} {before}");
}
