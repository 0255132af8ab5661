//! Records close together: told to the psychology service's lead however they come in, and to nobody else.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dolen_domain::access::Role;
use dolen_domain::kernel::{Caller, Lang, SchoolNumber};
use dolen_domain::pupils::NewPupil;
use dolen_domain::warrn::{self, Section, SendWarrn};
use dolen_tests::TestApp;
use dolen_tests::writes::Draft;
use serde_json::json;

/// A record of a child of its own.
fn record(number: &str) -> SendWarrn {
    SendWarrn {
        school: SchoolNumber::parse(number).unwrap(),
        pupil: NewPupil {
            given_name: dolen_tests::bodies::pupil()["given_name"].as_str().unwrap().to_owned(),
            family_name: "Ddysgwr".to_owned(),
            born_on: "2012-05-04".parse().unwrap(),
            upn: None,
        },
        agreement: "WASPI-2026-01".to_owned(),
        source: None,
        received_on: None,
        expected_return_on: None,
        summary: vec![Section { heading: "triggers".to_owned(), text: "Loud corridors.".to_owned() }],
    }
}

/// Two records at the same moment: the second waits until the first is there, and sees it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_records_at_once_see_each_other() {
    let app = TestApp::start().await;
    let (db, vault) = (app.db().clone(), app.app().vault.clone());
    let (settings, number) = (app.app().settings.warrn.clone(), app.world().schools[0].number.clone());
    let sender = Caller::person(app.world().who(Role::InReachWorker).id, Lang::En, "test");
    let (ready, is_ready) = mpsc::channel();
    let send = move |after: Option<mpsc::Sender<()>>| {
        let (vault, settings, number) = (vault.clone(), settings.clone(), number.clone());
        db.write(&sender, move |work| {
            warrn::send(work, &vault, &settings, record(&number))?;
            if let Some(ready) = after {
                // Not there for anybody else yet.
                ready.send(()).unwrap();
                thread::sleep(Duration::from_millis(500));
            }
            Ok(())
        })
        .unwrap();
    };
    let first = thread::spawn({
        let send = send.clone();
        move || send(Some(ready))
    });
    is_ready.recv().unwrap();
    send(None);
    first.join().unwrap();
    assert_eq!(app.database().inspect().number("SELECT count(*) FROM warrn_alert_records"), 2);
}

/// The lead reads where and how many; who is told nothing finds nothing.
#[tokio::test]
async fn an_alert_is_for_the_psychologists_lead_alone() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        Draft::of(&app, "send_warrn_record").await.sent(&app).await;
    }
    let read = app.signed_in(Role::TeamLead).get("/v1/alerts").await;
    read.expect_status(200);
    let [alert] = &read.json["items"].as_array().unwrap()[..] else { panic!("{read:?}") };
    assert_eq!((&alert["records"], &alert["school_number"]), (&json!(2), &json!(app.world().schools[0].number)));
    assert!(!String::from_utf8_lossy(&read.body).contains("Ddysgwr"));
    for role in [Role::Dsp, Role::Headteacher, Role::Officer, Role::SafeguardingLead, Role::InReachWorker] {
        app.signed_in(role).get("/v1/alerts").await.expect_problem(403, "forbidden");
    }
}

/// The report is of a year that is over, and says nothing of few.
#[tokio::test]
async fn the_report_is_of_a_year_that_is_over() {
    let app = TestApp::start().await;
    let analyst = app.signed_in(Role::Analyst);
    let of = |year: &str| analyst.get(&format!("/v1/reports/reintegration?academic_year={year}"));
    let report = of("2024/25").await;
    report.expect_status(200);
    assert_eq!(report.json["figures"][0]["symbol"], json!("z"));
    assert_eq!(report.json["median_school_days"], json!(null));
    of("2098/99").await.expect_problem(409, "state_conflict");
    of("2024/26").await.expect_problem(400, "invalid_parameter");
    app.signed_in(Role::Dsp)
        .get("/v1/reports/reintegration?academic_year=2024/25")
        .await
        .expect_problem(403, "forbidden");
}
