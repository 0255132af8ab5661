//! What pupils write in their own words: help is shown to who needs it, no text is anybody's, and no concern says whose.

use diesel::prelude::*;
use dolen_domain::access::Role;
use dolen_domain::audit::{self, Object};
use dolen_domain::db::schema::instruments as i;
use dolen_domain::db::types::Json;
use dolen_domain::kernel::{CampaignId, InstrumentId};
use dolen_domain::surveys::releases::{self, Reason};
use dolen_domain::surveys::{codes, concerns};
use dolen_tests::inspect::Inspector;
use dolen_tests::{Client, Reply, TestApp, bodies};
use serde_json::{Value, json};

use crate::pupils::{carried, go, send, text};

const LOUD: &str = "Sometimes I want to DIE";

/// One question with options, and one that is answered in words.
fn questionnaire() -> Value {
    let pair = |words: &str| json!({"cy": words, "en": words});
    json!({
        "code": "with_a_text", "version": 1, "title": pair("Example"), "definition": pair("What it means."),
        "bands": [{"code": "all", "years": [3, 11]}],
        "questions": [
            {"code": "safe", "kind": "single", "text": pair("Safe?"), "options": [
                {"code": "yes", "label": pair("Yes")}, {"code": "no", "label": pair("No")},
                {"code": "prefer_not_to_say", "label": pair("Prefer not to say")}]},
            {"code": "words", "kind": "text", "text": pair("Anything else?")}
        ]
    })
}

/// A campaign with that questionnaire, and a sheet of so many codes of the first school's.
async fn sheet(app: &TestApp, size: u16) -> (CampaignId, Vec<String>) {
    app.write(|work| {
        let (id, definition) = (InstrumentId::from_uuid(work.random_id()), questionnaire());
        let now = work.now();
        diesel::insert_into(i::table)
            .values((
                (i::id.eq(id), i::code.eq("with_a_text"), i::version.eq(1_i64), i::definition.eq(Json(definition))),
                i::published_at.eq(now),
            ))
            .execute(work.conn())?;
        audit::record(work, "instrument.publish", Object::one("instrument", id.uuid()), "test");
        Ok(())
    });
    let mut new = bodies::campaign(app.db().clock().now().date());
    new["instrument"] = json!("with_a_text");
    let campaign = app.signed_in(Role::Administrator).post("/v1/survey-campaigns").json(&new).await;
    campaign.expect_status(201);
    let id = CampaignId::from_uuid(campaign.json["id"].as_str().unwrap().parse().unwrap());
    let path = format!("/v1/survey-campaigns/{id}/schools/{}/code-sheets", app.world().schools[0].number);
    let new = json!({"year_group": 8, "class": "8 Glas", "size": size});
    let printed = app.signed_in(Role::SchoolSubmitter).post(&path).json(&new).await;
    printed.expect_status(201);
    let codes = printed.json["codes"].as_array().unwrap().iter();
    (id, codes.map(|code| code["en"].as_str().unwrap().to_owned()).collect())
}

/// The page of the question that is answered in words.
async fn asked(client: &Client, code: &str) -> Reply {
    let about = send(client, "/survey", &[("code", code)]).await;
    let first = go(client, "/survey/questions", &about, &[("go", "next")]).await;
    go(client, "/survey/questions", &first, &[("choice", "yes"), ("go", "next")]).await
}

/// Answers with a text, on through the page that tells where help is, if it comes.
async fn answer(client: &Client, code: &str, words: &str) {
    let page = asked(client, code).await;
    let mut page = go(client, "/survey/questions", &page, &[("choice", words), ("go", "next")]).await;
    if text(&page).contains("value=\"on\"") {
        page = go(client, "/survey/questions", &page, &[("go", "on")]).await;
    }
    assert!(text(&page).contains("action=\"/survey/finish\""), "{}", text(&page));
    assert_eq!(go(client, "/survey/finish", &page, &[]).await.header("location"), "/survey/thanks");
}

/// What the worker does.
fn look(app: &TestApp) {
    for at in app.read(concerns::to_look) {
        app.write(move |work| {
            audit::record(work, "test.look", Object::all("concern"), "");
            concerns::look(work, at)
        });
    }
}

#[tokio::test]
async fn who_writes_help_words_is_shown_where_help_is_and_goes_on() {
    let app = TestApp::start().await;
    let (_, codes) = sheet(&app, 2).await;
    let before = app.database().inspect().audit_entries();
    let nobody = app.anonymous();
    let page = asked(&nobody, &codes[0]).await;
    let said = text(&page);
    assert!(said.contains("<textarea") && said.contains("0800 1111") && said.contains("write anyone"), "{said}");
    // Too long: told kindly, with what was written.
    let long = "x".repeat(1001);
    let too_long = go(&nobody, "/survey/questions", &page, &[("choice", &long), ("go", "next")]).await;
    let said = text(&too_long);
    assert!(too_long.status == 422 && said.contains("Can you make it shorter?") && said.contains(&long), "{said}");
    assert!(!carried(&too_long).iter().any(|(name, _)| name == "a.words"));
    // Nothing at all is an answer too.
    let end = go(&nobody, "/survey/questions", &page, &[("choice", ""), ("go", "next")]).await;
    assert!(text(&end).contains("action=\"/survey/finish\""));
    let help = go(&nobody, "/survey/questions", &page, &[("choice", LOUD), ("go", "next")]).await;
    help.expect_status(200);
    let said = text(&help);
    assert!(said.contains("Thank you for writing that") && said.contains("0800 1111") && said.contains("080880 23456"));
    let welsh = go(&nobody, "/cy/survey/questions", &help, &[("go", "help")]).await;
    assert!(text(&welsh).contains("Diolch am ysgrifennu hynny"), "{}", text(&welsh));
    let back = go(&nobody, "/survey/questions", &welsh, &[("go", "stay")]).await;
    assert!(text(&back).contains(&format!("{LOUD}</textarea>")), "{}", text(&back));
    let end = go(&nobody, "/survey/questions", &help, &[("go", "on")]).await;
    assert!(carried(&end).contains(&("a.words".to_owned(), LOUD.to_owned())));
    let sent = go(&nobody, "/survey/finish", &end, &[]).await;
    assert_eq!(sent.header("location"), "/survey/thanks");
    for page in [&page, &too_long, &help, &welsh, &back, &end, &sent] {
        assert!(page.headers.get("set-cookie").is_none() && page.header("cache-control") == "no-store", "{page:?}");
        // The one script reads aloud; no page needs it.
        let (all, own) = (text(page).matches("<script").count(), text(page).matches("/read-aloud.js\"").count());
        assert!(all == own && (own == 1 || page.status == 303), "{all}");
    }
    // Words that only look like some lead on at once.
    let page = asked(&nobody, &codes[1]).await;
    let end = go(&nobody, "/survey/questions", &page, &[("choice", "The die is cast"), ("go", "next")]).await;
    assert!(text(&end).contains("action=\"/survey/finish\""));
    // A form none of these pages made is not taken, and its code is good still.
    let forged = [("a.words", "x"), ("a.words", "y")];
    assert_eq!(go(&nobody, "/survey/finish", &end, &forged).await.header("location"), "/survey");
    assert_eq!(go(&nobody, "/survey/finish", &end, &[]).await.header("location"), "/survey/thanks");
    let mut inspect = app.database().inspect();
    assert_eq!(inspect.audit_entries(), before, "no pupil is on record");
    assert_eq!(inspect.number("SELECT count(*) FROM survey_text_arrivals"), 2);
}

/// How many rows of one table were written by a transaction that wrote exactly one of the other: on PostgreSQL the two are
/// each other's.
fn pairs(inspect: &mut Inspector, one: &str, other: &str) -> i64 {
    inspect.number(&format!(
        "SELECT count(*) FROM (SELECT CAST(xmin AS text) AS x FROM {one}) o WHERE \
         (SELECT count(*) FROM {other} p WHERE CAST(p.xmin AS text) = o.x) = 1"
    ))
}

/// `facts/reliability.md` SUR-1, for texts: who knows in which order pupils came, or which transaction wrote what, learns
/// neither whose a text is nor whose words raised a concern.
#[tokio::test]
async fn no_text_and_no_concern_is_joined_to_an_answer() {
    const PUPILS: u16 = 24;
    let app = TestApp::with().standing().start().await;
    let (campaign, codes) = sheet(&app, PUPILS).await;
    let nobody = app.anonymous();
    let mut inspect = app.database().inspect();
    let postgres = inspect.is_postgres();
    let hex = if postgres { "encode(content, 'hex')" } else { "lower(hex(content))" };
    let rows = |inspect: &mut Inspector, table: &str, order: &str| {
        inspect.texts(&format!("SELECT {hex} AS value FROM {table} ORDER BY {order}"))
    };
    // Each pupil's sealed text: what was not there before.
    let mut own: Vec<String> = Vec::new();
    for (n, code) in codes.iter().enumerate() {
        answer(&nobody, code, if n == 11 { "suicide" } else { "More benches" }).await;
        let all = rows(&mut inspect, "survey_text_arrivals", "id");
        own.push(all.iter().find(|text| !own.contains(text)).unwrap().clone());
    }
    // As long as one another: what was written says nothing by its length.
    assert!(own.iter().all(|text| text.len() == own[0].len()), "{:?}", own.iter().map(String::len).collect::<Vec<_>>());
    if postgres {
        for other in ["arrivals", "survey_text_arrivals", "spent_arrivals"] {
            assert_eq!(pairs(&mut inspect, "survey_class_days", other), 0, "{other}");
        }
    }
    look(&app);
    assert_eq!(inspect.number("SELECT count(*) FROM survey_concerns"), 1);
    let in_place = |inspect: &mut Inspector, table: &str, order: &str| {
        let rows = rows(inspect, table, order);
        assert_eq!(rows.len(), usize::from(PUPILS));
        rows.iter().zip(&own).filter(|(here, own)| here == own).count()
    };
    let orders: &[&str] = if postgres { &["ctid", "CAST(CAST(xmin AS text) AS bigint), ctid", "id"] } else { &["id"] };
    let shuffled = |inspect: &mut Inspector, table: &str| {
        for order in orders {
            let matches = in_place(inspect, table, order);
            eprintln!("{matches} of {PUPILS} texts of {table} stand in their pupil's place by {order}");
            // By chance one is, give or take one: five of those more are allowed.
            assert!(matches <= 6, "{matches} of {table} by {order}");
        }
    };
    shuffled(&mut inspect, "survey_text_arrivals");
    if postgres {
        for (one, other) in [
            ("survey_text_arrivals", "arrivals"),
            ("arrivals", "survey_text_arrivals"),
            ("survey_text_arrivals", "spent_arrivals"),
            ("survey_concerns", "arrivals"),
            ("survey_concerns", "survey_text_arrivals"),
            ("survey_concerns", "spent_arrivals"),
            ("survey_concerns", "responses"),
        ] {
            assert_eq!(pairs(&mut inspect, one, other), 0, "{one} and {other}");
        }
        // Nothing of a pupil's is in the transaction that raised the concern.
        let beside = |table: &str| {
            format!(
                "SELECT count(*) FROM survey_concerns c JOIN {table} t ON CAST(t.xmin AS text) = CAST(c.xmin AS text)"
            )
        };
        for table in ["arrivals", "survey_text_arrivals", "spent_arrivals", "responses"] {
            assert_eq!(inspect.number(&beside(table)), 0, "{table}");
        }
        // The control: who writes a text down with its answer is found, each time.
        inspect.execute("CREATE TABLE naive_texts (n int); CREATE TABLE naive_answers (n int)");
        for n in 0..PUPILS {
            inspect.execute(&format!("INSERT INTO naive_texts VALUES ({n}); INSERT INTO naive_answers VALUES ({n})"));
        }
        assert_eq!(pairs(&mut inspect, "naive_texts", "naive_answers"), i64::from(PUPILS));
    }
    app.advance(40 * 86_400);
    app.write(move |work| codes::settle(work, campaign));
    shuffled(&mut inspect, "survey_texts");
    // The control: rows in the order of their pupils are all found.
    let kind = if postgres { "bytea" } else { "BLOB" };
    inspect.execute(&format!("CREATE TABLE control (content {kind})"));
    for text in &own {
        let literal = if postgres { format!("decode('{text}', 'hex')") } else { format!("x'{text}'") };
        inspect.execute(&format!("INSERT INTO control VALUES ({literal})"));
    }
    let matches = in_place(&mut inspect, "control", if postgres { "ctid" } else { "rowid" });
    assert_eq!(matches, usize::from(PUPILS), "the control");
}

#[tokio::test]
async fn the_schools_safeguarding_person_learns_of_the_class_and_nobody_of_whom() {
    let app = TestApp::with().standing().start().await;
    let (campaign, codes) = sheet(&app, 12).await;
    let nobody = app.anonymous();
    for (n, code) in codes.iter().enumerate() {
        answer(&nobody, code, if n == 3 { LOUD } else { "More benches" }).await;
    }
    let dsp = app.signed_in(Role::Dsp);
    assert_eq!(dsp.get("/v1/survey-concerns").await.json["items"], json!([]));
    look(&app);
    let found = dsp.get("/v1/survey-concerns").await.json["items"].as_array().unwrap().clone();
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        (&one["class"], &one["year_group"], &one["acknowledged_at"]),
        (&json!("8 Glas"), &json!(8), &Value::Null)
    );
    let mut inspect = app.database().inspect();
    let told = inspect.texts("SELECT wording AS value FROM notices WHERE subject_kind = 'concern'");
    assert!(!told.is_empty() && told.iter().all(|wording| wording == "concern_raised"), "{told:?}");
    // The link of the mail leads there, and nobody else anywhere.
    let link = format!("/r/{}", one["reference"].as_str().unwrap());
    assert_eq!(dsp.get(&link).await.header("location"), "/concerns");
    for other in [app.signed_in_at(Role::Dsp, 1), app.signed_in(Role::TeamLead), app.signed_in(Role::SchoolSubmitter)] {
        assert_eq!(other.get(&link).await.status, 404);
    }
    let page = dsp.get("/concerns").await;
    let said = text(&page);
    assert!(said.contains("Class 8 Glas, year 8") && said.contains("try to find out who"), "{said}");
    assert!(!said.contains("DIE") && !said.contains("benches"));
    let number = &app.world().schools[0].number;
    let id = one["id"].as_str().unwrap();
    let form = format!("/surveys/{campaign}/schools/{number}/concerns/{id}/acknowledge");
    assert!(said.contains(&form), "{said}");
    let done = go(&dsp, &form, &page, &[]).await;
    assert_eq!((done.status, done.header("location")), (303, "/concerns"));
    let said = text(&dsp.get("/concerns").await);
    assert!(!said.contains(&form) && said.contains("Acknowledged"), "{said}");
    assert_eq!(app.signed_in_at(Role::Dsp, 1).get("/v1/survey-concerns").await.json["items"], json!([]));
}

/// Publishes a campaign's results.
fn publish(app: &TestApp, campaign: CampaignId) {
    let line = app.write(move |work| releases::ask(work, campaign, Reason::First));
    let vault = app.app().vault.clone();
    let gathered = app.read(move |work| releases::gather(work, &vault, &line));
    let judged = releases::decide(gathered, releases::Threshold::default());
    assert!(app.write(move |work| releases::keep(work, &judged)));
}

#[tokio::test]
async fn names_are_taken_out_page_by_page_before_the_school_reads_it() {
    let app = TestApp::with().standing().start().await;
    let (campaign, codes) = sheet(&app, 30).await;
    let nobody = app.anonymous();
    for (n, code) in codes.iter().enumerate() {
        answer(&nobody, code, if n == 7 { "Example Bully took my bag" } else { "" }).await;
    }
    app.advance(40 * 86_400);
    app.write(move |work| codes::settle(work, campaign));
    let path = format!("/surveys/{campaign}/texts");
    // Everybody by role; a team lead and the authority's safeguarding lead alone.
    let nowhere = format!("{path}/{}", campaign.uuid());
    for role in Role::ALL.iter().filter(|role| **role != Role::Integration) {
        let client = app.signed_in(*role);
        let home = client.get("/account").await;
        let may = matches!(role, Role::TeamLead | Role::SafeguardingLead);
        assert_eq!(client.get(&path).await.status, if may { 200 } else { 403 }, "{role}");
        let sent = go(&client, &nowhere, &home, &[("verdict", "keep_back"), ("key", "0123456789")]).await;
        assert_eq!(sent.status, if may { 303 } else { 403 }, "{role}: {sent:?}");
    }
    let lead = app.signed_in(Role::TeamLead);
    let page = lead.get(&path).await;
    let said = text(&page);
    assert!(said.contains("One text waits") && said.contains("Example Bully took my bag"), "{said}");
    assert!(said.contains("What nobody has decided on is deleted after"), "{said}");
    // The first page says that it waits, to who decides.
    let link = format!("href=\"{path}\"");
    assert!(text(&lead.get("/").header("accept", "text/html").await).contains(&link));
    assert!(!text(&app.signed_in(Role::Analyst).get("/").header("accept", "text/html").await).contains(&link));
    let form = said.split("novalidate").next().unwrap().rsplit("action=\"").next().unwrap();
    let form = form.split('"').next().unwrap().to_owned();
    let other = [("text", "Example Bully is kind"), ("verdict", "pass")];
    let refused = go(&lead, &form, &page, &other).await;
    assert!(refused.status == 422 && text(&refused).contains("Only take pieces out"), "{}", text(&refused));
    let passed = [("text", "Example Bully took my bag"), ("named", "example bully"), ("verdict", "pass")];
    let sent = go(&lead, &form, &refused, &passed).await;
    assert_eq!(sent.status, 303, "{}", text(&sent));
    assert!(text(&lead.get(&path).await).contains("No text waits"));
    assert!(!text(&lead.get("/").header("accept", "text/html").await).contains(&link));
    let school = format!("/surveys/{campaign}/schools/{}/texts", app.world().schools[0].number);
    let dsp = app.signed_in(Role::Dsp);
    assert!(text(&dsp.get(&school).await).contains("once the authority has published them"));
    publish(&app, campaign);
    for client in [&dsp, &lead, &app.signed_in(Role::Analyst)] {
        let said = text(&client.get(&school).await);
        assert!(said.contains("[…] took my bag") && !said.contains("Bully"), "{said}");
    }
    assert_eq!(app.signed_in_at(Role::Dsp, 1).get(&school).await.status, 403);
    // Not without a second factor proved lately.
    app.advance(600);
    assert_ne!(lead.get(&path).await.status, 200);
}

#[tokio::test]
async fn no_file_brings_a_text() {
    let app = TestApp::start().await;
    let (campaign, _) = sheet(&app, 1).await;
    let number = &app.world().schools[1].number;
    let path = format!("/v1/survey-campaigns/{campaign}/schools/{number}/responses");
    let client = app.signed_in_at(Role::SchoolSubmitter, 1);
    let csv = "year_group,safe,words\n8,yes,some words\n";
    let refused = client.post(&path).header("content-type", "text/csv").key("free-text-1").body(csv.to_owned()).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let fault = &refused.json["errors"][0];
    assert_eq!((&fault["code"], &fault["column"]), (&json!("free_text"), &json!("words")));
    let body = json!({"responses": [{"year_group": 8, "answers": {"safe": "yes", "words": "some words"}}]});
    let refused = client.post(&path).json(&body).key("free-text-2").await;
    assert_eq!((refused.status, &refused.json["errors"][0]["code"]), (422, &json!("free_text")), "{refused:?}");
    assert!(!text(&refused).contains("some words"));
}
