//! API clients: secrets that overlap, networks, ends, and each school's consent.

use dolen_domain::access::Role;
use dolen_domain::identity::{self, Networks};
use dolen_domain::kernel::ClientId;
use dolen_tests::world::TestClient;
use dolen_tests::{Client, TestApp};
use serde_json::json;

/// Whether this secret gets a token.
async fn opens(app: &TestApp, id: ClientId, secret: &str) -> bool {
    let id = id.to_string();
    let form = [("grant_type", "client_credentials"), ("client_id", id.as_str()), ("client_secret", secret)];
    let reply = app.anonymous().post("/v1/oauth/token").form(&form).await;
    assert!([200, 401].contains(&reply.status), "{reply:?}");
    reply.status == 200
}

async fn rotate(admin: &Client, id: ClientId, hours: u32) -> String {
    let path = format!("/v1/api-clients/{id}/secrets");
    let reply = admin.post(&path).json(&json!({"overlap_hours": hours})).await;
    reply.expect_status(201);
    reply.json["client_secret"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_secret_is_replaced_while_both_work_and_none_is_stored() {
    let app = TestApp::with().standing().start().await;
    let admin = app.signed_in(Role::Administrator);
    let TestClient { id, secret: first, .. } = app.world().integration(0).clone();
    let second = rotate(&admin, id, 2).await;
    assert!(opens(&app, id, &first).await && opens(&app, id, &second).await);
    app.advance(7199);
    let admin = app.signed_in(Role::Administrator);
    assert!(opens(&app, id, &first).await, "to the second");
    app.advance(1);
    assert!(!opens(&app, id, &first).await && opens(&app, id, &second).await, "and no longer");
    let third = rotate(&admin, id, 2).await;
    let fourth = rotate(&admin, id, 2).await;
    assert!(!opens(&app, id, &second).await, "never three");
    assert!(opens(&app, id, &third).await && opens(&app, id, &fourth).await);
    let fifth = rotate(&admin, id, 0).await;
    assert!(!opens(&app, id, &fourth).await && opens(&app, id, &fifth).await, "at once, where that is asked");
    let bad = admin.post(&format!("/v1/api-clients/{id}/secrets")).json(&json!({"overlap_hours": 721})).await;
    bad.expect_problem(422, "invalid_body");
    // No secret is anywhere in the database, whole or in part, as text or as bytes.
    let mut inspect = app.database().inspect();
    let postgres = inspect.is_postgres();
    for secret in [&first, &second, &third, &fourth, &fifth] {
        let tail = &secret[6..];
        for (table, column) in
            [("api_clients", "secret_hash"), ("api_clients", "old_secret_hash"), ("idempotency_keys", "answer")]
        {
            let sql = if postgres {
                format!("SELECT count(*) FROM {table} WHERE position(convert_to('{tail}', 'UTF8') in {column}) > 0")
            } else {
                format!("SELECT count(*) FROM {table} WHERE instr({column}, CAST('{tail}' AS BLOB)) > 0")
            };
            assert_eq!(inspect.number(&sql), 0, "{table}.{column}");
        }
    }
}

#[tokio::test]
async fn a_client_is_added_seen_limited_and_stopped() {
    let app = TestApp::with().standing().start().await;
    let admin = app.signed_in(Role::Administrator);
    let body = json!({
        "name": "New system", "scopes": ["directory:read", "surveys:read"], "role": "integration",
        "school_number": app.world().schools[0].number, "networks": ["127.0.0.9/8", "2001:db8::1"],
        "expires_at": "2026-03-02T10:00:00Z",
    });
    app.advance(1);
    let made = admin.post("/v1/api-clients").json(&body).await;
    made.expect_status(201);
    let id: ClientId = made.json["client_id"].as_str().unwrap().parse().unwrap();
    let secret = made.json["client_secret"].as_str().unwrap().to_owned();
    let seen = admin.get(&format!("/v1/api-clients/{id}")).await;
    seen.expect_status(200);
    assert_eq!(seen.json["networks"], json!(["127.0.0.0/8", "2001:db8::1/128"]));
    assert_eq!(seen.json["schools"], json!([{"school_number": app.world().schools[0].number, "consents": false}]));
    assert!(seen.json.get("client_secret").is_none());
    let list = admin.get("/v1/api-clients?limit=1").await;
    assert_eq!(
        (list.json["items"][0]["id"].clone(), list.json["next_cursor"].is_string()),
        (json!(id.to_string()), true)
    );
    assert!(opens(&app, id, &secret).await);
    app.advance(3600);
    assert!(!opens(&app, id, &secret).await, "it has ended");
    let admin = app.signed_in(Role::Administrator);
    let lifted = admin.post(&format!("/v1/api-clients/{id}/limits")).json(&json!({"networks": []})).await;
    lifted.expect_status(200);
    assert!(opens(&app, id, &secret).await, "the end is lifted");
    admin.post(&format!("/v1/api-clients/{id}/deactivate")).await.expect_status(200);
    assert!(!opens(&app, id, &secret).await);
    // All faults are told together, and nobody else may do any of it.
    let bad = json!({"name": "", "scopes": ["x"], "role": "administrator", "school_number": "6769999", "networks": ["1.2.3"]});
    let reply = admin.post("/v1/api-clients").json(&bad).await;
    reply.expect_problem(422, "invalid_body");
    let places: Vec<&str> =
        reply.json["errors"].as_array().unwrap().iter().filter_map(|e| e["pointer"].as_str()).collect();
    for place in ["/name", "/scopes/0", "/role", "/school_number", "/networks/0"] {
        assert!(places.contains(&place), "{place}: {places:?}");
    }
    app.signed_in(Role::Headteacher).get("/v1/api-clients").await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_client_calls_from_its_networks_alone() {
    let app = TestApp::with().set("server.trusted_proxies", "127.0.0.0/8").start().await;
    let client = app.world().integration(0).clone();
    let token = app.token(&client).await;
    let limit = |networks: &str| {
        let networks = Networks::parse(networks).unwrap();
        app.write(move |work| identity::limit_client(work, client.id, &networks, None));
    };
    let from = |address: &'static str| {
        let token = &token;
        async move { token.get("/v1/schools").header("x-forwarded-for", address).await }
    };
    limit("203.0.113.0/24");
    from("203.0.113.7").await.expect_status(200);
    // Whoever is before the proxy can write what they like before the proxy's own word.
    for elsewhere in ["203.0.112.7", "203.0.113.7, 198.51.100.1", "nonsense", ""] {
        from(elsewhere).await.expect_problem(403, "address_not_allowed");
    }
    token.get("/v1/schools").await.expect_problem(403, "address_not_allowed");
    let id = client.id.to_string();
    let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &client.secret)];
    let reply = app.anonymous().post("/v1/oauth/token").form(&form).await;
    assert_eq!((reply.status, reply.json["error"].as_str()), (400, Some("unauthorized_client")));
    let wrong = [("grant_type", "client_credentials"), ("client_id", id.as_str()), ("client_secret", "dolen_x")];
    let reply = app.anonymous().post("/v1/oauth/token").form(&wrong).await;
    assert_eq!(reply.json["error"], "invalid_client", "who lacks the secret learns nothing of networks");
    limit("");
    token.get("/v1/schools").await.expect_status(200);
    // Nobody is a proxy who is not named as one.
    let app = TestApp::start().await;
    let client = app.world().integration(0).clone();
    let token = app.token(&client).await;
    let networks = Networks::parse("203.0.113.0/24").unwrap();
    app.write(move |work| identity::limit_client(work, client.id, &networks, None));
    let claimed = token.get("/v1/schools").header("x-forwarded-for", "203.0.113.7").await;
    claimed.expect_problem(403, "address_not_allowed");
}

#[tokio::test]
async fn a_client_acts_for_a_school_only_while_it_consents() {
    let app = TestApp::with().standing().start().await;
    let client = app.world().integration(0).clone();
    let (own, other) = (app.world().schools[0].clone(), app.world().schools[1].clone());
    let token = app.token(&client).await;
    let referral = |school: &str| {
        json!({
            "school_number": school, "service": "eps", "year_group": 9, "need": "an invented need",
            "pupil": {"given_name": "Example", "family_name": "Child", "born_on": "2012-01-01"},
            "evidence": "what was tried", "consent": {"given_by": "parent", "given_on": "2026-02-20"},
        })
    };
    let opened = token.post("/v1/referrals").json(&referral(&own.number)).await;
    opened.expect_status(201);
    let address = opened.header("location").to_owned();
    token.get(&address).await.expect_status(200);
    let foreign = token.post("/v1/referrals").json(&referral(&other.number)).await;
    foreign.expect_problem(403, "forbidden");
    let head = app.signed_in_at(Role::Headteacher, 0);
    let at = |school: &str, act: &str| format!("/v1/schools/{school}/api-clients/{}/{act}", client.id);
    let listed = head.get(&format!("/v1/schools/{}/api-clients", own.number)).await;
    assert_eq!(
        (listed.json["items"][0]["consents"].clone(), listed.json["items"].as_array().unwrap().len()),
        (json!(true), 1)
    );
    // Withdrawn: with the next request, though its token lives.
    app.advance(1);
    head.post(&at(&own.number, "withdraw")).await.expect_status(200);
    let without = token.post("/v1/referrals").json(&referral(&own.number)).await;
    let same = |a: &dolen_tests::Reply, b: &dolen_tests::Reply| {
        let body = |r: &dolen_tests::Reply| String::from_utf8_lossy(&r.body).replace(r.header("x-request-id"), "");
        assert_eq!((a.status, body(a)), (b.status, body(b)));
    };
    same(&without, &foreign);
    token.get(&address).await.expect_problem(404, "not_found");
    assert_eq!(token.get("/v1/referrals").await.status, 403);
    token.get("/v1/schools").await.expect_problem(403, "forbidden");
    head.post(&at(&own.number, "withdraw")).await.expect_problem(409, "state_conflict");
    // Given again by the safeguarding person: everything is as before.
    app.advance(1);
    let dsp = app.signed_in_at(Role::Dsp, 0);
    dsp.post(&at(&own.number, "consent")).await.expect_status(200);
    dsp.post(&at(&own.number, "consent")).await.expect_problem(409, "state_conflict");
    token.get(&address).await.expect_status(200);
    let listed = dsp.get(&format!("/v1/schools/{}/api-clients", own.number)).await;
    assert_eq!(listed.json["items"][0]["basis"], "school");
    // Nobody consents for another school, nor for themselves, nor to a client of another school.
    let elsewhere = app.signed_in_at(Role::Headteacher, 1);
    elsewhere.post(&at(&own.number, "withdraw")).await.expect_problem(403, "forbidden");
    elsewhere.post(&at(&other.number, "consent")).await.expect_problem(404, "not_found");
    app.signed_in(Role::Administrator).post(&at(&own.number, "consent")).await.expect_problem(403, "forbidden");
    token.post(&at(&own.number, "consent")).await.expect_problem(403, "scope_insufficient");
    app.signed_in_at(Role::SchoolSubmitter, 0).post(&at(&own.number, "consent")).await.expect_problem(403, "forbidden");
    let mut inspect = app.database().inspect();
    let rows = "SELECT count(*) FROM client_consents WHERE withdrawn_at IS NOT NULL AND withdrawn_by IS NOT NULL";
    assert_eq!(inspect.number(rows), 1, "what was is kept");
    let entries = "SELECT count(*) FROM audit_entries WHERE action IN ('client.consent', 'client.withdraw') AND actor_kind = 'person' AND school_id IS NOT NULL";
    assert_eq!(inspect.number(entries), 2);
    // A health system has no school, and nobody is asked.
    let health = app.token(app.world().health()).await;
    health.get("/v1/warrn-records").await.expect_status(200);
}

#[tokio::test]
async fn the_console_lets_a_school_look_and_decide() {
    let app = TestApp::with().standing().start().await;
    let client = app.world().integration(0).clone();
    let token = app.token(&client).await;
    let head = app.signed_in_at(Role::Headteacher, 0);
    let page = |client: &Client, path: &'static str| {
        let client = client.clone();
        async move {
            let reply = client.get(path).header("accept", "text/html").await;
            (reply.status, String::from_utf8(reply.body).unwrap())
        }
    };
    let field = |text: &str, name: &str| {
        let at = format!("name=\"{name}\" value=\"");
        text.split(&at).nth(1).unwrap_or_else(|| panic!("{name}: {text}")).split('"').next().unwrap().to_owned()
    };
    app.advance(1);
    let (status, text) = page(&head, "/systems").await;
    assert!(status == 200 && text.contains("School information system"), "{text}");
    let press = |text: &str, act: &'static str| {
        let form = [("csrf", field(text, "csrf")), ("key", field(text, "key")), ("school", field(text, "school"))];
        let (head, path) = (head.clone(), format!("/systems/{}/{act}", client.id));
        async move {
            let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
            head.post(&path).form(&form).await
        }
    };
    let reply = press(&text, "withdraw").await;
    assert_eq!((reply.status, reply.header("location")), (303, "/systems"), "{reply:?}");
    token.get("/v1/schools").await.expect_problem(403, "forbidden");
    app.advance(1);
    let (_, text) = page(&head, "/cy/systems").await;
    assert!(text.contains("Nid yw'r ysgol yn cydsynio") || text.contains("Nid yw&#39;r ysgol yn cydsynio"), "{text}");
    assert_eq!(press(&text, "consent").await.status, 303);
    token.get("/v1/schools").await.expect_status(200);
    assert_eq!(page(&app.signed_in(Role::Analyst), "/systems").await.0, 403);
    let forged: Vec<(&str, &str)> = vec![("csrf", "x"), ("key", "k"), ("school", &app.world().schools[0].number)];
    let reply = head.post(&format!("/systems/{}/withdraw", client.id)).form(&forged).await;
    assert_eq!(reply.status, 403);
}
