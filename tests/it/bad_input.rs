//! Whatever is sent, the answer is a problem with a code, and nothing is written.

use std::collections::BTreeMap;

use dolen_domain::access::Role;
use dolen_tests::writes::{Draft, keyed};
use dolen_tests::{Client, Reply, TestApp, bodies};
use reqwest::Method;
use serde_json::{Value, json};

/// How deep a body nests that means harm.
const DEEP: usize = 100_000;

/// What all writes leave alone when they refuse.
fn rows(app: &TestApp) -> BTreeMap<String, i64> {
    app.database().inspect().counts()
}

fn post(client: &Client, path: &str) -> dolen_tests::clients::Request {
    client.post(path).header("content-type", "application/json")
}

/// A service that takes bodies long enough to nest as deep as harms, so that it is the parser that refuses them.
async fn deep_reader() -> TestApp {
    TestApp::with().set("limits.body_bytes", "2000000").start().await
}

/// A JSON body's first words, then this, as the value of a field.
fn with_field(body: &Value, field: &str, raw: &str) -> Vec<u8> {
    let mut body = body.clone();
    body[field] = json!("@@@");
    body.to_string().replacen("\"@@@\"", raw, 1).into_bytes()
}

/// Bodies no write takes, whatever it is: name, bytes, and the codes that may be told.
fn bad_bodies(good: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let text = good.to_string();
    let needed = [
        "school_number",
        "school",
        "service",
        "question",
        "reason",
        "answer",
        "instrument",
        "responses",
        "email",
        "outcome",
        "reference",
    ];
    let first = || good.as_object().and_then(|o| o.keys().next().cloned());
    let field = needed.iter().find(|f| !good[**f].is_null()).map(|f| (*f).to_owned()).or_else(first).unwrap();
    let twice = text.replacen('{', &format!("{{\"{field}\":{},", good[&field]), 1);
    let mut nul = text.clone().into_bytes();
    nul.insert(1, 0);
    let mut latin = text.clone().into_bytes();
    latin.splice(2..3, [0xff, 0xfe]);
    let mut other = good.clone();
    other["unknown_field"] = json!(1);
    vec![
        ("empty", Vec::new()),
        ("white space", b" \n".to_vec()),
        ("cut off", text.as_bytes()[..text.len() - 1].to_vec()),
        ("followed by more", format!("{text}{text}").into_bytes()),
        ("followed by words", format!("{text} x").into_bytes()),
        ("a list", format!("[{text}]").into_bytes()),
        ("a list of nothing", b"[]".to_vec()),
        ("an object of nothing", b"{}".to_vec()),
        ("null", b"null".to_vec()),
        ("a number", b"1e400".to_vec()),
        ("a text", b"\"x\"".to_vec()),
        ("unquoted", b"{a: 1}".to_vec()),
        ("with a comment", format!("/* x */{text}").into_bytes()),
        ("with a comma at the end", text.replacen('}', ",}", 1).into_bytes()),
        ("an unknown field", other.to_string().into_bytes()),
        ("a field twice", twice.into_bytes()),
        ("NUL between", nul),
        ("not UTF-8", latin),
        ("UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("a byte order mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("a NUL escaped", with_field(good, &field, "\"a\\u0000b\"")),
        ("half a surrogate pair", with_field(good, &field, "\"a\\ud800b\"")),
        ("surrogates the wrong way round", with_field(good, &field, "\"\\udc00\\ud800\"")),
        ("a number beyond all", with_field(good, &field, "1e400")),
        ("a wrong type", with_field(good, &field, "{\"a\": [1]}")),
        ("null for a value", with_field(good, &field, "null")),
        ("lists in lists", with_field(good, &field, &"[".repeat(DEEP))),
        ("lists in lists, closed", with_field(good, &field, &format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP)))),
        ("an unknown field with deep content", {
            let deep = format!("{}1{}", "{\"a\":".repeat(DEEP), "}".repeat(DEEP));
            with_field(good, "unknown_field", &deep)
        }),
        ("10 MB", with_field(good, &field, &format!("\"{}\"", "x".repeat(10 << 20)))),
    ]
}

/// Takes back what was taken in, and nothing else: of any other body it says that it is not known.
const WITHDRAWS: &str = "withdraw_survey_responses";

fn refused(operation: &str, reply: &Reply) -> bool {
    [400, 413, 422].contains(&reply.status) || operation == WITHDRAWS && reply.code() == "submission_unknown"
}

#[tokio::test]
async fn no_write_takes_a_bad_body() {
    let app = deep_reader().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let Some(good) = &draft.body else { continue };
        let sender = draft.sender(&app);
        let before = rows(&app);
        // Spreadsheets begin their files with a mark; the bulk way in takes it. Nobody may know the day of a return, and
        // a review need not say how the pupil attends.
        let good_here = [
            ("submit_survey_responses", "a byte order mark"),
            ("move_warrn_return", "null for a value"),
            ("review_warrn_return", "null for a value"),
        ];
        let fits = |name: &str| !good_here.contains(&(operation.as_str(), name));
        for (name, bytes) in bad_bodies(good).into_iter().filter(|(name, _)| fits(name)) {
            let mut request = post(&sender, &draft.path).body(bytes);
            if let Some(version) = &draft.version {
                request = request.if_match(version);
            }
            let reply = request.await;
            assert!(refused(&operation, &reply), "{operation}, {name}: {reply:?}");
            reply.expect_any_problem();
            // The bulk way in reads as it goes, and may find a fault before the size.
            let bulk = ["submit_survey_responses", WITHDRAWS].contains(&operation.as_str());
            assert!(
                bulk || (name == "10 MB") == (reply.code() == "payload_too_large"),
                "{operation}, {name}: {reply:?}"
            );
        }
        assert_eq!(rows(&app), before, "{operation}");
        // The control: the good body is good.
        draft.from(&sender).key(&operation).await.expect_status(draft.status);
    }
}

/// The way to every text within, as JSON Pointers.
fn texts(value: &Value, way: &str) -> Vec<String> {
    match value {
        Value::String(_) => vec![way.to_owned()],
        Value::Array(items) => items.iter().enumerate().flat_map(|(n, i)| texts(i, &format!("{way}/{n}"))).collect(),
        Value::Object(map) => map.iter().flat_map(|(key, i)| texts(i, &format!("{way}/{key}"))).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn no_text_takes_nul_or_endless_words() {
    let app = deep_reader().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let Some(good) = &draft.body else { continue };
        let sender = draft.sender(&app);
        let before = rows(&app);
        for (way, text) in texts(good, "").iter().flat_map(|way| [(way, "a\0b".to_owned()), (way, "x".repeat(100_000))])
        {
            let mut body = good.clone();
            *body.pointer_mut(way).unwrap() = json!(text);
            let other = Draft { body: Some(body), ..draft.clone() };
            let reply = other.from(&sender).key(&dolen_tests::clients::fresh_key()).may_fail().await;
            assert!(reply.status == 404 || refused(&operation, &reply), "{operation}, {way}: {reply:?}");
            reply.expect_any_problem();
        }
        assert_eq!(rows(&app), before, "{operation}");
    }
    let dsp = app.signed_in(Role::Dsp);
    for path in ["/v1/referrals?service=", "/v1/referrals?school_number=", "/v1/referrals?state=", "/v1/schools/"] {
        let reply = dsp.get(&format!("{path}a%00b")).await;
        assert!([400, 404].contains(&reply.status), "{reply:?}");
    }
}

#[tokio::test]
async fn signing_in_takes_no_bad_body_either() {
    let app = deep_reader().await;
    let good = json!({"email": "nobody@la.example", "password": "x"});
    let before = rows(&app);
    for (name, bytes) in bad_bodies(&good) {
        let reply = post(&app.anonymous(), "/v1/session").body(bytes).await;
        assert!([400, 401, 413, 422].contains(&reply.status), "{name}: {reply:?}");
        reply.expect_any_problem();
    }
    assert_eq!(rows(&app), before);
}

#[tokio::test]
async fn faults_are_told_together_each_with_its_place() {
    let app = TestApp::start().await;
    let mut body = bodies::referral("6760000", "nil");
    body["year_group"] = json!(99);
    body["urgency"] = json!("now");
    body["need"] = json!(" ");
    body["pupil"]["upn"] = json!("B000000000000");
    let reply = app.signed_in(Role::SchoolSubmitter).post("/v1/referrals").json(&body).await;
    reply.expect_problem(422, "invalid_body");
    let places: Vec<&str> =
        reply.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert!(places.contains(&"/school_number"), "an unknown school: {places:?}");
    let mut known = bodies::referral(&app.world().schools[0].number, "nil");
    for field in ["year_group", "urgency", "need"] {
        known[field] = body[field].clone();
    }
    known["pupil"]["upn"] = json!("B000000000000");
    known["pupil"]["born_on"] = json!("2999-01-01");
    let reply = app.signed_in(Role::SchoolSubmitter).post("/v1/referrals").json(&known).await;
    reply.expect_problem(422, "invalid_body");
    let errors = reply.json["errors"].as_array().unwrap().clone();
    for place in ["/service", "/year_group", "/urgency", "/need", "/pupil/upn", "/pupil/born_on"] {
        assert!(errors.iter().any(|e| e["pointer"] == place), "{place} in {errors:?}");
    }
    assert!(errors.iter().all(|e| e["mend"].as_str().is_some_and(|m| !m.is_empty())));
    let welsh =
        app.signed_in(Role::SchoolSubmitter).post("/v1/referrals").header("accept-language", "cy").json(&known).await;
    assert_eq!(welsh.header("content-language"), "cy");
    assert_ne!(welsh.json["title"], reply.json["title"]);
    let body = String::from_utf8(reply.body).unwrap();
    assert!(!body.contains("Ddysgwr") && !body.contains("B000000000000"), "a fault never quotes a value: {body}");
}

#[tokio::test]
async fn a_wrong_content_type_is_refused() {
    let app = TestApp::start().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let Some(good) = &draft.body else { continue };
        let sender = draft.sender(&app);
        let before = rows(&app);
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "image/png", "json", ";"] {
            let request =
                sender.request(draft.method.clone(), &draft.path).header("content-type", kind).body(good.to_string());
            request.await.expect_problem(415, "content_type_unsupported");
        }
        sender
            .request(draft.method.clone(), &draft.path)
            .body(good.to_string())
            .await
            .expect_problem(415, "content_type_unsupported");
        assert_eq!(rows(&app), before, "{operation}");
    }
}

#[tokio::test]
async fn a_stale_or_missing_version_is_refused() {
    let app = TestApp::start().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        if draft.version.is_none() {
            continue;
        }
        let sender = draft.sender(&app);
        let before = rows(&app);
        for stale in ["\"x\"", "x", "*", "W/\"x\"", "\"\"", "\"000000000000000000000000\""] {
            let other = Draft { version: Some(stale.to_owned()), ..draft.clone() };
            other.from(&sender).key(&dolen_tests::clients::fresh_key()).await.expect_problem(412, "version_mismatch");
        }
        let none = Draft { version: None, ..draft.clone() };
        none.from(&sender).key(&dolen_tests::clients::fresh_key()).await.expect_problem(428, "version_required");
        assert_eq!(rows(&app), before, "{operation}");
    }
}

#[tokio::test]
async fn lists_refuse_a_page_that_is_none() {
    let app = TestApp::start().await;
    let administrator = app.signed_in(Role::Administrator);
    let dsp = app.signed_in(Role::Dsp);
    let lists = [
        (&administrator, "/v1/notices"),
        (&dsp, "/v1/schools"),
        (&dsp, "/v1/referrals"),
        (&dsp, "/v1/warrn-records"),
        (&dsp, "/v1/survey-campaigns"),
    ];
    for (client, path) in lists {
        client.get(path).await.expect_status(200);
        let cursors = ["x", "AQ", "%00", "%ff%fe", "..%2f", &"A".repeat(199), &"A".repeat(5000)];
        for query in cursors.map(|c| format!("cursor={c}")) {
            let reply = client.get(&format!("{path}?{query}")).await;
            reply.expect_any_problem();
            assert_eq!(reply.status, 400, "{reply:?}");
        }
        for limit in ["0", "-1", "201", "99999999999999999999", "x", "", "1.5", "%00"] {
            let reply = client.get(&format!("{path}?limit={limit}")).await;
            reply.expect_problem(400, "invalid_parameter");
        }
        client.get(&format!("{path}?surprise=1")).await.expect_problem(400, "invalid_parameter");
        client.get(&format!("{path}?limit=1&limit=2")).await.expect_problem(400, "invalid_parameter");
    }
}

#[tokio::test]
async fn an_unknown_address_is_not_found_and_a_wrong_method_is_told_the_right_ones() {
    let app = TestApp::start().await;
    let client = app.signed_in(Role::Dsp);
    let id = uuid::Uuid::from_u128(1);
    for path in
        ["/v1/nothing", "/v1/", "/v1/referrals/", "/v1/schools/6764001/x", "/v1//schools", "/v1/%00", "/v1/%2e%2e/x"]
    {
        client.get(path).await.expect_problem(404, "not_found");
    }
    for path in ["/v1/referrals/x", "/v1/schools/x", "/v1/schools/%00", "/v1/schools/6769999", "/v1/referrals/%ff"] {
        client.get(path).await.expect_problem(404, "not_found");
    }
    client.get(&format!("/v1/referrals/{id}")).await.expect_problem(404, "not_found");
    for (method, path, allowed) in [
        (Method::DELETE, "/v1/schools".to_owned(), "GET"),
        (Method::PUT, "/v1/referrals".to_owned(), "GET, POST"),
        (Method::PATCH, "/v1/session".to_owned(), "GET, POST, DELETE"),
        (Method::GET, "/v1/oauth/token".to_owned(), "POST"),
        (Method::GET, format!("/v1/referrals/{id}/accept"), "POST"),
        (Method::TRACE, "/v1/schools".to_owned(), "GET"),
    ] {
        let reply: Reply = client.request(method, &path).await;
        reply.expect_problem(405, "method_not_allowed");
        let mut told: Vec<&str> = reply.header("allow").split(", ").collect();
        let mut right: Vec<&str> = allowed.split(", ").collect();
        told.sort_unstable();
        right.sort_unstable();
        assert_eq!(told, right, "{path}");
    }
}
