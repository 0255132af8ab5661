//! GraphQL over HTTP.

use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use actix_web::test::TestRequest;
use serde_json::json;

use super::world::{World, post};

#[actix_web::test]
async fn post_and_json_alone() {
    let world = World::new();
    let cookie = world.cookie("dsp");
    let signed = |r: TestRequest| r.insert_header((COOKIE, cookie.clone()));
    let me = json!({"query": "{ me { id } }"});
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
        let uri = "/v1/graphql?query=%7Bme%7Bid%7D%7D";
        let answer = world.send(signed(TestRequest::with_uri(uri).method(method.clone()))).await;
        assert_eq!((answer.status, &answer.body["code"]), (405, &json!("method_not_allowed")), "{method}");
    }
    let raw = |kind: &'static str, body: String| signed(post()).insert_header((CONTENT_TYPE, kind)).set_payload(body);
    for (request, status, code) in [
        (raw("application/x-www-form-urlencoded", "query=%7Bme%7Bid%7D%7D".into()), 415, "content_type_unsupported"),
        (raw("text/plain", me.to_string()), 415, "content_type_unsupported"),
        (raw("application/graphql", "{ me { id } }".into()), 415, "content_type_unsupported"),
        (signed(post()), 415, "content_type_unsupported"),
        (signed(post()).set_json(json!([me, me])), 422, "invalid_body"),
        (signed(post()).set_json(json!({"operationName": "a"})), 422, "invalid_body"),
        (signed(post()).set_json(json!({"query": 5})), 422, "invalid_body"),
        (signed(post()).set_json(json!({"query": "{me{id}}", "variables": [1]})), 422, "invalid_body"),
        (signed(post()).set_json(json!({"query": "{me{id}}", "id": "x"})), 422, "invalid_body"),
        (raw("application/json", "{".into()), 400, "malformed_body"),
        (signed(post()).set_json(json!({"query": " ".repeat(70_000)})), 413, "payload_too_large"),
        (post().set_json(&me), 401, "sign_in_required"),
        (signed(post()).insert_header(("sec-fetch-site", "cross-site")).set_json(&me), 403, "csrf_failed"),
        (post().insert_header(("authorization", "Bearer x")).set_json(&me), 401, "bad_token"),
    ] {
        let answer = world.send(request).await;
        assert_eq!((answer.status, &answer.body["code"]), (status, &json!(code)), "{}", answer.body);
        assert_eq!(answer.kind, "application/problem+json");
    }
    let extended = json!({"query": "query a { me { id } }", "operationName": "a", "variables": {}, "extensions": {}});
    world.send(signed(post()).set_json(extended)).await.fine();
}

#[actix_web::test]
async fn the_answer_has_the_type_asked_for() {
    let world = World::new();
    let cookie = world.cookie("dsp");
    let ask = |accept: &'static str, query: &str| {
        let request = post().insert_header((COOKIE, cookie.clone())).insert_header((ACCEPT, accept));
        request.set_json(json!({"query": query}))
    };
    let graphql = "application/graphql-response+json";
    for (accept, query, status, kind) in [
        ("*/*", "{ me { id } }", 200, "application/json"),
        ("application/json", "{ nothing }", 200, "application/json"),
        (graphql, "{ me { id } }", 200, graphql),
        (graphql, "{ nothing }", 400, graphql),
        (graphql, "{ referral(id: \"x\") { id } }", 200, graphql),
    ] {
        let answer = world.send(ask(accept, query)).await;
        assert_eq!((answer.status, answer.kind.as_str()), (status, kind), "{accept} {query}");
        assert_eq!(answer.body.get("data").is_some(), query != "{ nothing }");
    }
}

#[actix_web::test]
async fn a_wrong_variable_is_told_without_its_value() {
    let world = World::new();
    let query =
        "query($id: ID!, $f: ReferralFilter) { referral(id: $id) { id } referrals(filter: $f) { nodes { id } } }";
    for variables in [
        json!({"id": {"canary": 1}}),
        json!({"id": "x", "f": {"mine": "canary"}}),
        json!({"id": "x", "f": {"schoolNumber": ["canary"]}}),
        json!({"id": "x", "f": {"state": "canary"}}),
    ] {
        let answer = world.ask("dsp", query, variables).await;
        assert!(answer.codes().contains(&"invalid_body"), "{}", answer.body);
        assert!(!answer.body.to_string().contains("canary"), "{}", answer.body);
    }
}

#[actix_web::test]
async fn the_schema_is_public() {
    let world = World::new();
    let answer = world.send(TestRequest::get().uri("/v1/graphql/schema.graphql")).await;
    assert_eq!((answer.status, answer.kind.as_str()), (200, "text/plain; charset=utf-8"));
    assert_eq!(answer.body.as_str(), Some(crate::graphql::sdl().as_str()));
}
