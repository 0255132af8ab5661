//! An authority's own questionnaires: from a copy of what ships to a campaign that asks them.

use dolen_domain::access::Role;
use dolen_tests::questionnaires::{code, shipped};
use dolen_tests::{Client, Reply, TestApp, bodies};
use reqwest::Method;
use serde_json::{Value, json};

async fn copy(client: &Client, of: &Value, code: &str) -> Reply {
    client.post("/v1/questionnaires").json(&json!({"copy_of": of, "code": code})).await
}

async fn put(client: &Client, draft: &Reply, definition: &Value) -> Reply {
    let path = format!("/v1/questionnaires/{}", draft.json["id"].as_str().unwrap());
    client.request(Method::PUT, &path).json(definition).if_match(draft.header("etag")).await
}

async fn publish(client: &Client, draft: &Reply) -> Reply {
    let path = format!("/v1/questionnaires/{}/publish", draft.json["id"].as_str().unwrap());
    client.post(&path).if_match(draft.header("etag")).await
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

#[tokio::test]
async fn a_copy_is_mended_published_asked_and_never_changes() {
    let app = TestApp::start().await;
    let lead = app.signed_in(Role::TeamLead);
    let (of, own) = (json!(shipped(&app)), code());
    let draft = copy(&lead, &of, &own).await;
    draft.expect_status(201);
    assert_eq!((draft.json["state"].as_str(), &draft.json["flaws"]), (Some("draft"), &json!([])));
    assert!(!draft.json["reading_ages"].as_array().unwrap().is_empty());
    // A flawed one is kept, told of, and not published.
    let mut definition = draft.json["definition"].clone();
    definition["questions"][0]["text"] = json!({"cy": "", "en": "Do you feel safe here?"});
    definition["questions"][1]["trend"] = json!("safe_school");
    definition["sets"]["there_is"][0]["symbol"] = json!("thumb");
    let flawed = put(&lead, &draft, &definition).await;
    flawed.expect_status(200);
    let flaws: Vec<(&str, &str)> = flawed.json["flaws"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["code"].as_str().unwrap(), f["place"].as_str().unwrap()))
        .collect();
    let expected = [
        ("missing_language", "safe_school"),
        ("shared_trend", "safe_travel/trend"),
        ("unknown_symbol", "trusted_adult/options/yes"),
    ];
    assert_eq!(flaws, expected);
    publish(&lead, &flawed).await.expect_problem(409, "state_conflict");
    // Who saw the older one is told; who says no version too.
    put(&lead, &draft, &definition).await.expect_problem(412, "version_mismatch");
    let path = format!("/v1/questionnaires/{}", draft.json["id"].as_str().unwrap());
    lead.request(Method::PUT, &path).json(&definition).await.expect_problem(428, "version_required");
    // A definition's fault is told with its place, and never with what was written.
    definition["questions"][0]["kind"] = json!("xqsecret");
    let refused = put(&lead, &flawed, &definition).await;
    refused.expect_problem(422, "invalid_body");
    assert!(text(&refused).contains("/questions/0/kind") && !text(&refused).contains("xqsecret"), "{refused:?}");
    definition["questions"][0]["kind"] = json!("single");
    definition["title"]["en"] = json!("A\u{0}");
    put(&lead, &flawed, &definition).await.expect_problem(422, "invalid_body");
    // Mended, it is published; a campaign asks it.
    let good = put(&lead, &flawed, &draft.json["definition"]).await;
    publish(&lead, &good).await.expect_status(200);
    let out = lead.get(&path).await;
    assert_eq!(out.json["state"], "published");
    put(&lead, &out, &draft.json["definition"]).await.expect_problem(409, "state_conflict");
    lead.request(Method::DELETE, &path).if_match(out.header("etag")).await.expect_problem(409, "state_conflict");
    let mut new = bodies::campaign(app.db().clock().now().date());
    new["instrument"] = json!(own);
    let made = lead.post("/v1/survey-campaigns").json(&new).await;
    made.expect_status(201);
    let asked = lead.get(&format!("/v1/survey-campaigns/{}/instrument", made.json["id"].as_str().unwrap())).await;
    assert_eq!((asked.json["code"].as_str(), &asked.json["version"]), (Some(own.as_str()), &json!(1)));
}

#[tokio::test]
async fn a_text_without_one_of_the_languages_is_a_flaw_beside_others_and_no_more() {
    let app = TestApp::start().await;
    let lead = app.signed_in(Role::TeamLead);
    let draft = copy(&lead, &json!(shipped(&app)), &code()).await;
    let mut definition = draft.json["definition"].clone();
    definition["questions"][0]["text"] = json!({"en": "Do you feel safe here?"});
    definition["questions"][1]["trend"] = json!("safe_school");
    definition["sets"]["there_is"][0]["label"] = json!({"cy": "Oes"});
    let flawed = put(&lead, &draft, &definition).await;
    flawed.expect_status(200);
    let flaws = flawed.json["flaws"].as_array().unwrap().iter();
    let flaws: Vec<_> = flaws.map(|f| (f["code"].as_str().unwrap(), f["place"].as_str().unwrap())).collect();
    let expected = [
        ("missing_language", "safe_school"),
        ("shared_trend", "safe_travel/trend"),
        ("missing_language", "trusted_adult/options/yes"),
    ];
    assert_eq!(flaws, expected);
    publish(&lead, &flawed).await.expect_problem(409, "state_conflict");
    // Another language than the two is none that is absent.
    definition["questions"][0]["text"] = json!({"cy": "Iawn?", "en": "Well?", "fr": "xqsecret"});
    let refused = put(&lead, &flawed, &definition).await;
    refused.expect_problem(422, "invalid_body");
    assert!(text(&refused).contains("/questions/0/text/fr") && text(&refused).contains("unknown_field"), "{refused:?}");
    assert!(!text(&refused).contains("xqsecret"), "{refused:?}");
}

#[tokio::test]
async fn a_campaign_asks_the_version_that_was_chosen() {
    let app = TestApp::start().await;
    let lead = app.signed_in(Role::TeamLead);
    let asks = async |version: Value| {
        let mut new = bodies::campaign(app.db().clock().now().date());
        if !version.is_null() {
            new["instrument_version"] = version;
        }
        let made = lead.post("/v1/survey-campaigns").json(&new).await;
        if made.status != 201 {
            return Err(made);
        }
        let path = format!("/v1/survey-campaigns/{}/instrument", made.json["id"].as_str().unwrap());
        Ok(lead.get(&path).await.json["version"].clone())
    };
    assert_eq!(asks(Value::Null).await.ok(), Some(json!(2)), "the newest");
    assert_eq!(asks(json!(1)).await.ok(), Some(json!(1)));
    let refused = asks(json!(9)).await.unwrap_err();
    refused.expect_problem(422, "invalid_body");
    assert!(text(&refused).contains("/instrument_version"), "{refused:?}");
    // And so does the form.
    let page = text(&lead.get("/surveys/new").header("accept", "text/html").await);
    let csrf = hidden(&page, "csrf");
    let begin = async |instrument: &str, key: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("key", key),
            ("title_cy", "Arolwg"),
            ("title_en", "Survey"),
            ("instrument", instrument),
            ("academic_year", "2025/26"),
            ("opens_on", "2026-03-01"),
            ("closes_on", "2026-04-30"),
            ("schools", "all"),
        ];
        lead.post("/surveys").without_key().header("accept", "text/html").form(&fields).await
    };
    let made = begin("bullying/1", "first").await;
    made.expect_status(303);
    let path = format!("/v1{}/instrument", made.header("location").replace("/surveys/", "/survey-campaigns/"));
    assert_eq!(lead.get(&path).await.json["version"], json!(1));
    for none in ["bullying", "bullying/x", "bullying/9", "none/1"] {
        let refused = begin(none, none).await;
        assert!(refused.status == 422 && text(&refused).contains("id=\"instrument-error\""), "{none}: {refused:?}");
    }
}

/// What a page carries hidden.
fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_pupil_sees_a_symbol_beside_each_answer_and_none_of_the_first_versions() {
    let app = TestApp::start().await;
    let (lead, nobody, number) = (app.signed_in(Role::TeamLead), app.anonymous(), &app.world().schools[0].number);
    for (version, symbols) in [(1, 0), (2, 5)] {
        let mut new = bodies::campaign(app.db().clock().now().date());
        new["instrument_version"] = json!(version);
        let made = lead.post("/v1/survey-campaigns").json(&new).await;
        let sheets = format!("/v1/survey-campaigns/{}/schools/{number}/code-sheets", made.json["id"].as_str().unwrap());
        let printed = app.signed_in(Role::SchoolSubmitter).post(&sheets).json(&bodies::codes()).await;
        let code = printed.json["codes"][0]["en"].as_str().unwrap();
        let send = async |path: &str, fields: &[(&str, &str)]| {
            text(&nobody.post(path).without_key().header("accept", "text/html").form(fields).await)
        };
        let about = send("/survey", &[("code", code)]).await;
        let pass = hidden(&about, "pass");
        let first = send("/survey/questions", &[("code", code), ("pass", &pass), ("go", "next")]).await;
        assert_eq!(first.matches("class=\"dolen-pupil__choice\"").count(), 5, "{first}");
        assert_eq!(first.matches("<svg class=\"dolen-pupil__symbol\"").count(), symbols, "{first}");
    }
}

#[tokio::test]
async fn what_ships_is_nobodys_and_drafts_are_no_schools() {
    let app = TestApp::start().await;
    let (lead, of) = (app.signed_in(Role::Administrator), json!(shipped(&app)));
    let refused = copy(&lead, &of, "bullying").await;
    refused.expect_problem(422, "invalid_body");
    assert!(text(&refused).contains("/code"), "{refused:?}");
    copy(&lead, &json!(uuid::Uuid::from_u128(7)), "own").await.expect_problem(404, "not_found");
    for role in [Role::Headteacher, Role::SchoolSubmitter, Role::Analyst, Role::Officer] {
        copy(&app.signed_in(role), &of, "own").await.expect_problem(403, "forbidden");
        app.signed_in(role).get("/v1/questionnaires").await.expect_problem(403, "forbidden");
    }
    let draft = copy(&lead, &of, "own").await;
    copy(&lead, &of, "own").await.expect_problem(422, "invalid_body");
    let path = format!("/v1/questionnaires/{}", draft.json["id"].as_str().unwrap());
    lead.request(Method::DELETE, &path).if_match(draft.header("etag")).await.expect_status(204);
    lead.get(&path).await.expect_problem(404, "not_found");
    copy(&lead, &of, "own").await.expect_status(201);
}

#[tokio::test]
async fn a_draft_is_seen_as_pupils_will_see_it() {
    let app = TestApp::start().await;
    let lead = app.signed_in(Role::TeamLead);
    let draft = copy(&lead, &json!(shipped(&app)), "own").await;
    let at = format!("/questionnaires/{}", draft.json["id"].as_str().unwrap());
    let page = async |path: String| text(&lead.get(&path).header("accept", "text/html").await);
    let list = page("/questionnaires".to_owned()).await;
    assert!(list.contains("own") && list.contains("comes with Dolen"), "{list}");
    let one = page(at.clone()).await;
    assert!(one.contains("Nothing. It can be published.") && one.contains(&format!("{at}/publish")), "{one}");
    let young = page(format!("{at}/preview?band=7-11")).await;
    assert!(young.contains("grown-up at school") && !young.contains("What happened online?"), "{young}");
    let old = page(format!("/cy{at}/preview?band=11-16")).await;
    assert!(old.contains("Beth ddigwyddodd ar-lein?") && old.contains("<svg class=\"dolen-pupil__symbol\""), "{old}");
    // Every answer has its symbol, which a screen reader does not read.
    let answers = old.matches("class=\"dolen-pupil__choice\"").count();
    assert_eq!(old.matches("aria-hidden=\"true\" focusable=\"false\"").count(), answers);
    // What another would not draw is looked for: a file of theirs is JSON to be changed and sent again.
    let file = lead.get(&format!("{at}/file")).await;
    let sent: Value = serde_json::from_slice(&file.body).unwrap();
    assert_eq!(sent, draft.json["definition"]);
    // A question that is answered in one's own words has a box for them, and nothing to choose.
    let mut definition = sent;
    let own = json!({"code": "own_words", "kind": "text", "text": {"cy": "Rhywbeth arall?", "en": "Anything else?"}});
    definition["questions"].as_array_mut().unwrap().push(own);
    put(&lead, &draft, &definition).await.expect_status(200);
    let old = page(format!("{at}/preview?band=11-16")).await;
    assert!(old.contains("aria-label=\"Anything else?\"></textarea>"), "{old}");
    assert_eq!(old.matches("class=\"dolen-pupil__choice\"").count(), answers);
    // A new survey may ask what is published, and drafts are not among it.
    let new = page("/surveys/new".to_owned()).await;
    assert!(
        new.contains("value=\"bullying/2\"") && new.contains("value=\"bullying/1\"") && !new.contains("own/1"),
        "{new}"
    );
}
