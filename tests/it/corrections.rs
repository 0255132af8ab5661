//! A correction of a survey's results: what few answered otherwise keeps its earlier figures, by every way out, and says so.

use dolen_domain::access::Role;
use dolen_domain::kernel::CampaignId;
use dolen_domain::surveys::releases::Reason;
use dolen_tests::{TestApp, surveys};
use serde_json::{Value, json};

const DAY: i64 = 86_400;

/// A pupil of the first sending. Nothing is nought, as the figures around it would be told more broadly.
fn pupil(at: usize) -> Value {
    let bullied = ["weekly", "once_or_twice", "not_at_all", "not_at_all", "prefer_not_to_say"][at % 5];
    let belonging = ["always", "mostly", "sometimes", "never", "prefer_not_to_say"][at / 5 % 5];
    json!({"bullied": bullied, "belonging": belonging, "gender": if at.is_multiple_of(2) { "girl" } else { "boy" }})
}

/// Twenty who come late to one school; so many of them say how often they belong.
fn late(app: &TestApp, campaign: CampaignId, school: &str, belonging: usize) {
    let late = (0..20).map(|at| {
        let mut pupil = json!({"bullied": "weekly", "gender": "girl"});
        if at < belonging {
            pupil["belonging"] = json!("never");
        }
        pupil
    });
    surveys::open_again(app, campaign, school);
    surveys::send(app, campaign, school, late);
    app.advance(DAY);
}

/// A campaign with a first release, and with a second after twenty came late to the first school.
fn corrected(app: &TestApp, belonging: usize) -> CampaignId {
    let campaign = surveys::campaign(app, "2026-03-01", "2026-03-02");
    for school in &app.world().schools {
        surveys::send(app, campaign, &school.number, (0..200).map(pupil));
    }
    app.advance(2 * DAY);
    assert!(surveys::publish(app, campaign, Reason::First));
    late(app, campaign, &app.world().schools[0].number, belonging);
    assert!(surveys::publish(app, campaign, Reason::LateAnswers));
    campaign
}

/// Every figure of a question in a release's document, each with where it stands.
fn figures<'a>(document: &'a Value, question: &str) -> Vec<(&'a Value, &'a Value)> {
    let groups = ["tables", "breakdowns"].into_iter().flat_map(|part| document[part].as_array().unwrap());
    let told = |group: &'a Value| group["figures"].as_array().unwrap().iter().map(|figure| (&group["code"], figure));
    groups.flat_map(told).filter(|(_, figure)| figure["question"] == question).collect()
}

#[tokio::test]
async fn what_two_answered_otherwise_keeps_its_figures_and_every_way_says_so() {
    let app = TestApp::with().standing().start().await;
    let campaign = corrected(&app, 2);
    let (id, number) = (campaign.uuid(), &app.world().schools[0].number);
    let analyst = app.signed_in(Role::Analyst);
    let release = async |n: u8| analyst.get(&format!("/v1/survey-campaigns/{id}/releases/{n}")).await.json;
    let [first, second] = [release(1).await, release(2).await];
    let carried = json!([{"question": "belonging", "release": 1}]);
    assert_eq!((&first["carried"], &second["carried"]), (&json!([]), &carried));
    let was = figures(&first, "belonging");
    assert!(was.iter().filter(|(_, figure)| figure["symbol"].is_null()).count() > 5, "there is something to carry");
    assert_eq!(was, figures(&second, "belonging"));
    assert_ne!(figures(&first, "bullied"), figures(&second, "bullied"), "what twenty answered is told anew");
    let changed = second["changed"].as_array().unwrap();
    assert!(!changed.is_empty() && changed.iter().all(|c| c["question"] != "belonging"), "{changed:?}");

    let dsp = app.signed_in(Role::Dsp);
    let school = format!("/v1/survey-campaigns/{id}/schools/{number}");
    let report = format!("/v1/survey-campaigns/{id}/report");
    for (reader, path) in
        [(&dsp, format!("{school}/pack")), (&dsp, format!("{school}/results")), (&analyst, report.clone())]
    {
        let reply = reader.get(&path).await;
        assert_eq!((&reply.json["release"], &reply.json["carried"]), (&json!(2), &carried), "{path}: {reply:?}");
    }
    let query = "query($id: ID!) { surveyRelease(campaignId: $id) { number carried { question release } }
        surveyReport(campaignId: $id) { release carried { question release } } }";
    let graph = analyst.post("/v1/graphql").json(&json!({"query": query, "variables": {"id": id}})).await;
    let expected = json!({"surveyRelease": {"number": 2, "carried": carried},
        "surveyReport": {"release": 2, "carried": carried}});
    assert_eq!(graph.json["data"], expected, "{graph:?}");
    for (reader, path, sentence) in [
        (&dsp, format!("/surveys/{id}/schools/{number}"), "These figures are those of release 1"),
        (&dsp, format!("/cy/surveys/{id}/schools/{number}"), "rhyddhad 1"),
        (&analyst, format!("/surveys/{id}/report"), "These figures are those of release 1"),
    ] {
        let page = reader.get(&path).header("accept", "text/html").await;
        page.expect_status(200);
        assert!(String::from_utf8_lossy(&page.body).contains(sentence), "{path}");
    }
}

/// The pack of a school that sent more, and of one that didn't, as JSON and as a page.
#[tokio::test]
async fn a_correction_tells_each_school_what_changed_of_its_own() {
    let app = TestApp::with().standing().start().await;
    let id = corrected(&app, 2).uuid();
    let analyst = app.signed_in(Role::Analyst);
    let changed = analyst.get(&format!("/v1/survey-campaigns/{id}/releases/2")).await.json["changed"].clone();
    for (at, mended) in [(0, true), (1, false)] {
        let number = &app.world().schools[at].number;
        let pack = analyst.get(&format!("/v1/survey-campaigns/{id}/schools/{number}/pack")).await.json;
        assert_eq!(pack["reason"], "late_answers");
        let tables: Vec<&Value> = pack["tables"].as_array().unwrap().iter().map(|table| &table["code"]).collect();
        let asked: Vec<&Value> = pack["questions"].as_array().unwrap().iter().map(|q| &q["code"]).collect();
        let told = |c: &&Value| tables.contains(&&c["table"]) && asked.contains(&&c["question"]);
        let of_these: Vec<&Value> = changed.as_array().unwrap().iter().filter(told).collect();
        assert!(of_these.iter().any(|c| c["table"] == "authority"), "it stands beside the authority: {changed}");
        assert_eq!(pack["changed"].as_array().unwrap().iter().collect::<Vec<_>>(), of_these);
        let own = |c: &&&Value| c["table"].as_str().unwrap().starts_with(&format!("school/{number}"));
        let own: Vec<&Value> = of_these.iter().filter(own).map(|c| &c["question"]).collect();
        assert_eq!((own.contains(&&json!("bullied")), own.is_empty()), (mended, !mended), "{own:?}");
        let bullied = pack["questions"].as_array().unwrap().iter().find(|q| q["code"] == "bullied").unwrap();
        for (lang, place, none) in [
            ("en", "", "None of your school&#39;s own figures changed."),
            ("cy", "/cy", "Ni newidiodd yr un o ffigurau eich ysgol ei hun."),
        ] {
            let path = format!("{place}/surveys/{id}/schools/{number}");
            let page = analyst.get(&path).header("accept", "text/html").await;
            let page = String::from_utf8_lossy(&page.body).into_owned();
            assert_eq!(page.contains(none), !mended, "{path}: {page}");
            let listed = format!("<li>{}</li>", bullied["text"][lang].as_str().unwrap().replace('\'', "&#39;"));
            assert_eq!(page.contains(&listed), mended, "{path}: {listed}");
        }
    }
}

#[tokio::test]
async fn what_twelve_answered_otherwise_is_told_anew() {
    let app = TestApp::with().standing().start().await;
    let id = corrected(&app, 12).uuid();
    let analyst = app.signed_in(Role::Analyst);
    let release = async |n: u8| analyst.get(&format!("/v1/survey-campaigns/{id}/releases/{n}")).await.json;
    let [first, second] = [release(1).await, release(2).await];
    assert_eq!(second["carried"], json!([]));
    assert_ne!(figures(&first, "belonging"), figures(&second, "belonging"));
}

/// A question stays carried from the release that decided it, until ten answer otherwise.
#[tokio::test]
async fn a_third_release_names_the_one_that_decided() {
    let app = TestApp::with().standing().start().await;
    let campaign = corrected(&app, 2);
    let (id, number) = (campaign.uuid(), app.world().schools[0].number.clone());
    // Each time anew: days go by, and a session ends.
    let document = async |n: u8| {
        let reply = app.signed_in(Role::Analyst).get(&format!("/v1/survey-campaigns/{id}/releases/{n}")).await;
        reply.expect_status(200);
        reply
    };
    let [one, two] = [document(1).await, document(2).await];
    // Two and seven are nine since the first release: too few still.
    late(&app, campaign, &number, 7);
    assert!(surveys::publish(&app, campaign, Reason::LateAnswers));
    let third = document(3).await.json;
    assert_eq!(third["carried"], json!([{"question": "belonging", "release": 1}]));
    assert_eq!(figures(&one.json, "belonging"), figures(&third, "belonging"));
    late(&app, campaign, &number, 10);
    assert!(surveys::publish(&app, campaign, Reason::LateAnswers));
    let fourth = document(4).await.json;
    assert_eq!(fourth["carried"], json!([]));
    assert_ne!(figures(&one.json, "belonging"), figures(&fourth, "belonging"));
    // Releases never change, whatever came after.
    for (number, before) in [(1, one), (2, two)] {
        let again = document(number).await;
        assert_eq!((&again.body, again.header("etag")), (&before.body, before.header("etag")));
    }
}

/// Not every school signs off: what a row or a body would be recognised by is forgotten with the first release.
#[tokio::test]
async fn what_was_sent_is_recognised_no_longer_than_until_a_release() {
    use diesel::prelude::*;
    use dolen_domain::db::schema::{response_keys, submissions};
    let app = TestApp::with().standing().start().await;
    let campaign = surveys::campaign(&app, "2026-03-01", "2026-03-02");
    let system = app.token(&app.world().clients[0]).await;
    let path = format!("/v1/survey-campaigns/{}/schools/{}/responses", campaign.uuid(), app.world().schools[0].number);
    let rows = (0..40).map(|at| json!({"year_group": 8, "row_key": format!("r{at}"), "answers": pupil(at)}));
    system.post(&path).json(&json!({"responses": rows.collect::<Vec<_>>()})).await.expect_status(201);
    let held = || {
        app.read(|work| {
            let keys: i64 = response_keys::table.count().get_result(work.conn())?;
            let digests: Vec<Vec<u8>> = submissions::table.select(submissions::digest).load(work.conn())?;
            Ok((keys, digests))
        })
    };
    let before = held();
    assert_eq!((before.0, before.1.len()), (40, 1));
    app.advance(2 * DAY);
    assert!(surveys::publish(&app, campaign, Reason::First));
    let after = held();
    assert_eq!((after.0, after.1.len()), (0, 1));
    assert_ne!(before.1, after.1);
}
