//! API clients' tokens, as they come over the wire.

mod hostile;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dolen_api::auth::tokens::Tokens;
use dolen_domain::access::Role;
use dolen_domain::identity;
use dolen_domain::kernel::Scopes;
use dolen_tests::TestApp;

/// Any id; a token's own.
const TOKEN_ID: uuid::Uuid = uuid::Uuid::from_u128(7);

#[tokio::test]
async fn a_client_gets_a_token_and_uses_it() {
    let app = TestApp::start().await;
    let client = app.world().integration(0).clone();
    app.token(&client).await.get("/v1/schools").await.expect_status(200);
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", client.id, client.secret));
    let form = [("grant_type", "client_credentials")];
    let request = app.anonymous().post("/v1/oauth/token").header("authorization", &format!("Basic {basic}"));
    let reply = request.form(&form).await;
    reply.expect_status(200);
    assert_eq!((reply.json["token_type"].as_str(), reply.json["expires_in"].as_i64()), (Some("Bearer"), Some(600)));
    assert_eq!(reply.json["scope"], client.scopes);
    assert_eq!(reply.header("cache-control"), "no-store");
    let keys = app.anonymous().get("/v1/oauth/jwks.json").await;
    let head = reply.json["access_token"].as_str().unwrap().split('.').next().unwrap().to_owned();
    let head: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    assert_eq!(head["kid"], keys.json["keys"][0]["kid"], "the key it is signed with is published");
    assert_eq!(head["alg"], "EdDSA");
}

#[tokio::test]
async fn who_is_not_the_client_gets_none() {
    let app = TestApp::start().await;
    let (client, other) = (app.world().integration(0).clone(), app.world().integration(1).clone());
    let id = client.id.to_string();
    let ask = |form: Vec<(&'static str, String)>| {
        let app = &app;
        async move {
            let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let reply = app.anonymous().post("/v1/oauth/token").form(&form).await;
            (reply.status, reply.json["error"].as_str().unwrap_or_default().to_owned())
        }
    };
    let grant = || ("grant_type", "client_credentials".to_owned());
    let who =
        |id: &str, secret: &str| vec![grant(), ("client_id", id.to_owned()), ("client_secret", secret.to_owned())];
    for form in
        [who(&id, &other.secret), who(&id, ""), who("x", &client.secret), who(&other.id.to_string(), &client.secret)]
    {
        assert_eq!(ask(form).await, (401, "invalid_client".to_owned()));
    }
    assert_eq!(ask(vec![grant()]).await, (401, "invalid_client".to_owned()));
    assert_eq!(ask(vec![]).await, (400, "invalid_request".to_owned()));
    assert_eq!(ask(vec![("grant_type", "password".to_owned())]).await, (400, "unsupported_grant_type".to_owned()));
    let mut more = who(&id, &client.secret);
    more.push(("scope", "warrn:write".to_owned()));
    assert_eq!(ask(more).await, (400, "invalid_scope".to_owned()));
}

#[tokio::test]
async fn a_token_ends_after_ten_minutes() {
    let app = TestApp::with().standing().start().await;
    let client = app.token(&app.world().integration(0).clone()).await;
    client.get("/v1/schools").await.expect_status(200);
    app.advance(599);
    client.get("/v1/schools").await.expect_status(200);
    app.advance(1);
    client.get("/v1/schools").await.expect_problem(401, "bad_token");
}

#[tokio::test]
async fn only_our_own_key_for_our_own_service_counts() {
    let app = TestApp::start().await;
    let client = app.world().integration(0).clone();
    let scopes = Scopes::parse(client.scopes);
    let sign = |seed: u8, issuer: &str| {
        let tokens = Tokens::new(&[seed; 32], issuer, 10).unwrap();
        tokens.sign(client.id, &scopes, app.db().clock().now(), TOKEN_ID).unwrap().0
    };
    // The control: a token made here with the service's own key is taken.
    app.with_bearer(&sign(2, app.base())).get("/v1/schools").await.expect_status(200);
    for foreign in [sign(3, app.base()), sign(2, "https://other.example")] {
        let reply = app.with_bearer(&foreign).get("/v1/schools").await;
        reply.expect_problem(401, "bad_token");
        assert!(reply.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test]
async fn an_altered_token_is_none() {
    let app = TestApp::start().await;
    let client = app.world().integration(0).clone();
    let token = app.fetch_token(&client, None).await;
    let parts: Vec<&str> = token.split('.').collect();
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let mut claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    claims["scope"] = "warrn:read".into();
    let (richer, kid) = (part(&claims.to_string()), app.anonymous().get("/v1/oauth/jwks.json").await);
    let kid = kid.json["keys"][0]["kid"].as_str().unwrap().to_owned();
    let none = part(&format!(r#"{{"alg":"none","typ":"at+jwt","kid":"{kid}"}}"#));
    let hmac = part(&format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":"{kid}"}}"#));
    for altered in [
        format!("{}.{richer}.{}", parts[0], parts[2]),
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{hmac}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        "x".repeat(5000),
        ".".to_owned(),
    ] {
        app.with_bearer(&altered).get("/v1/schools").await.expect_problem(401, "bad_token");
    }
    let basic = app.anonymous().get("/v1/schools").header("authorization", "Basic YTpi").await;
    basic.expect_problem(401, "bad_token");
    // A session's secret is no token, and a token no session.
    let session = app.signed_in(Role::Dsp);
    app.with_bearer(session.secret()).get("/v1/schools").await.expect_problem(401, "bad_token");
    app.with_session("x").get("/v1/schools").await.expect_problem(401, "bad_token");
    app.with_bearer(&token).get("/v1/schools").await.expect_status(200);
}

#[tokio::test]
async fn a_token_allows_what_its_scopes_say_and_no_more() {
    let app = TestApp::start().await;
    let client = app.world().integration(0).clone();
    let narrow = app.fetch_token(&client, Some("surveys:read")).await;
    app.with_bearer(&narrow).get("/v1/schools").await.expect_problem(403, "scope_insufficient");
    let asked_for_more = app.fetch_token(&client, Some("directory:read warrn:write")).await;
    app.with_bearer(&asked_for_more).get("/v1/schools").await.expect_status(200);
    // What no client may, no scope gives.
    app.token(&client).await.get("/v1/notices").await.expect_problem(403, "scope_insufficient");
    app.token(&client).await.get("/v1/session").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_client_that_was_stopped_is_refused_though_its_token_lives() {
    let app = TestApp::start().await;
    let client = app.world().integration(0).clone();
    let token = app.token(&client).await;
    token.get("/v1/schools").await.expect_status(200);
    let id = client.id;
    app.write(move |work| identity::deactivate_client(work, id));
    token.get("/v1/schools").await.expect_problem(401, "bad_token");
}
