//! Requests another site could make a reader's browser send, to every address that changes something, and the headers of
//! every answer (`facts/reliability.md` SES-1).

use dolen_api::console::policy::{Opens, PAGES};
use dolen_domain::access::Role;
use dolen_tests::clients::fresh_key;
use dolen_tests::{Client, Reply, TestApp};
use reqwest::Method;
use uuid::Uuid;

/// The address with something in each of its places; nobody asks whether it is there before the request is refused.
fn filled(path: &str) -> String {
    let part = |part: &str| match part {
        "{number}" => "1".to_owned(),
        part if part.starts_with('{') => Uuid::nil().to_string(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The forms of who has signed in. The others change nothing a reader has, and are opened by what only they know.
fn forms() -> Vec<String> {
    let forms = PAGES.iter().filter(|page| page.method == "POST" && page.opens != Opens::Anybody);
    forms.map(|page| filled(page.path)).collect()
}

/// The token a page of this reader's carries.
async fn token(client: &Client) -> String {
    let page = client.get("/account").header("accept", "text/html").await;
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let after = text.split("name=\"csrf\" value=\"").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

/// What every answer carries, to whomever and about whatever.
#[track_caller]
fn carries_the_headers(reply: &Reply) {
    for (name, begins) in [
        ("content-security-policy", "default-src 'none'"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=()"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-request-id", ""),
    ] {
        assert!(reply.headers.contains_key(name) && reply.header(name).starts_with(begins), "{name}: {reply:?}");
    }
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert!(!reply.headers.contains_key(name), "{name}: {reply:?}");
    }
    for cookie in reply.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(
            cookie.contains("; HttpOnly") && cookie.contains("; SameSite=") && cookie.contains("; Path=/"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn no_form_is_taken_that_the_readers_own_page_did_not_send() {
    let app = TestApp::start().await;
    let mut tried = 0;
    for role in [Role::Administrator, Role::Dsp, Role::SafeguardingLead] {
        let (reader, other) = (app.signed_in(role), app.signed_in(role));
        let (own, foreign) = (token(&reader).await, token(&other).await);
        assert_ne!(own, foreign, "each session has its own");
        let before = app.database().inspect().counts();
        for path in forms() {
            let key = fresh_key();
            let with = |csrf: &str| vec![("csrf".to_owned(), csrf.to_owned()), ("key".to_owned(), key.clone())];
            let post = || reader.post(&path).without_key().header("accept", "text/html");
            let file = path.ends_with("/documents") || path.ends_with("/bulk");
            let nil = Uuid::nil();
            let file = file || [format!("/questionnaires/{nil}"), format!("/surveys/{nil}/rolls")].contains(&path);
            let send = |csrf: Option<&str>, site: &str| {
                let fields: Vec<(String, String)> = csrf.map_or_else(Vec::new, with);
                let form: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                let request = post().header("sec-fetch-site", site);
                if file { request.form_with_file(&form, ("a.txt", "text/plain", b"x")) } else { request.form(&form) }
            };
            for (request, status) in [
                (send(None, "same-origin"), 403),
                (send(Some(""), "same-origin"), 403),
                (send(Some(&foreign), "same-origin"), 403),
                (send(Some(&own), "cross-site"), 403),
                (send(Some(&own), "same-site"), 403),
                (post().header("content-type", "text/plain").body(format!("csrf={own}&key={key}")), 415),
                (post().header("content-type", "application/json").body(format!("{{\"csrf\":\"{own}\"}}")), 415),
            ] {
                let reply = request.await;
                assert_eq!(reply.status, status, "{role}: {reply:?}");
                carries_the_headers(&reply);
                tried += 1;
            }
        }
        assert_eq!(app.database().inspect().counts(), before, "nothing was done, nor put on record");
    }
    assert!(tried > 700, "{tried}");
    // The control: the reader's own page is heard.
    let reader = app.signed_in(Role::Dsp);
    let own = token(&reader).await;
    let form = [("csrf", own.as_str()), ("key", "k"), ("lang", "cy")];
    let heard =
        reader.post("/account/language").without_key().header("sec-fetch-site", "same-origin").form(&form).await;
    assert_ne!(heard.status, 403, "{heard:?}");
}

#[tokio::test]
async fn no_operation_is_taken_from_another_site_or_as_a_plain_form() {
    let app = TestApp::start().await;
    let document = serde_json::to_value(dolen_api::openapi::document()).unwrap();
    let reader = app.signed_in(Role::Administrator);
    let before = app.database().inspect().counts();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let address = filled(path);
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let id = operation["operationId"].as_str().unwrap();
            if method == Method::GET {
                // Every address that is read has the headers too, whoever asks.
                carries_the_headers(&app.anonymous().get(&address).await);
                continue;
            }
            let from =
                |site: &str| reader.request(method.clone(), &address).key(&fresh_key()).header("sec-fetch-site", site);
            let by_cookie =
                operation["security"].as_array().is_some_and(|all| all.iter().any(|s| s.get("session").is_some()));
            if !by_cookie {
                continue;
            }
            for site in ["cross-site", "same-site", "nonsense"] {
                let reply = from(site).header("content-type", "application/json").body("{}").await;
                reply.expect_problem(403, "csrf_failed");
                carries_the_headers(&reply);
                tried += 1;
            }
            if operation.get("requestBody").is_some() {
                // What a page of another site can send without asking first.
                for kind in ["text/plain", "application/x-www-form-urlencoded"] {
                    let reply = from("same-origin").header("content-type", kind).body("{}").await;
                    // Whose files and answers come in is asked before a byte of them is taken.
                    let late = [
                        "add_case_document",
                        "add_warrn_document",
                        "submit_survey_responses",
                        "check_survey_responses",
                        "withdraw_survey_responses",
                    ]
                    .contains(&id)
                        && reply.status == 404;
                    assert!(reply.status == 415 || late, "{id} as {kind}: {reply:?}");
                    tried += 1;
                }
            }
        }
    }
    for (site, kind, status) in [
        ("cross-site", "application/json", 403),
        ("same-origin", "application/x-www-form-urlencoded", 415),
        ("same-origin", "text/plain", 415),
    ] {
        let query = "{\"query\": \"{ viewer { id } }\"}";
        let asked = reader.post("/v1/graphql").header("sec-fetch-site", site).header("content-type", kind).body(query);
        let reply = asked.await;
        assert_eq!(reply.status, status, "{kind} from {site}: {reply:?}");
        tried += 1;
    }
    assert!(tried > 200, "{tried}");
    assert_eq!(app.database().inspect().counts(), before, "nothing was done, nor put on record");
}
