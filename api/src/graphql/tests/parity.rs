//! What REST shows, GraphQL shows; what REST refuses, GraphQL refuses.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::world::World;

const ALL: &str = "query($id: ID!) { referral(id: $id) {
    id reference version schoolNumber serviceCode yearGroup keyArea urgency state stateText { cy en }
    officer { id name role email keyAreas } queue routing { code officerId text { cy en } } reason successorId
    createdAt updatedAt school { number name { cy en } phase } service { code }
    events { at by kind state reason hasNote } } }";
const CONTENT: &str = "query($id: ID!) { referral(id: $id) { id content {
    pupil { givenName familyName bornOn upn } need evidence consent { givenBy givenOn } notes said { text } } } }";

fn lower(value: &Value) -> Value {
    json!(value.as_str().unwrap().to_lowercase())
}

#[actix_web::test]
async fn one_referral_reads_alike_by_both_ways() {
    let world = World::new();
    let id = world.open("k1").await.fine().text("/openReferral/referral/id");
    let rest = world.get("submitter", &format!("/v1/referrals/{id}")).await;
    let graph = world.ask("submitter", ALL, json!({"id": id})).await.fine();
    let g = |pointer: &str| graph.at(&format!("/referral{pointer}")).clone();
    let r = |pointer: &str| rest.body.pointer(pointer).cloned().unwrap_or_default();
    for (graph, rest) in [
        ("/id", "/id"),
        ("/reference", "/reference"),
        ("/schoolNumber", "/school_number"),
        ("/school/number", "/school_number"),
        ("/serviceCode", "/service"),
        ("/service/code", "/service"),
        ("/yearGroup", "/year_group"),
        ("/stateText", "/state_text"),
        ("/officer/id", "/officer/id"),
        ("/officer/name", "/officer/name"),
        ("/officer/role", "/officer/role"),
        ("/queue", "/queue"),
        ("/routing/0/text", "/routing/0/text"),
        ("/routing/0/officerId", "/routing/0/officer_id"),
    ] {
        assert_eq!(g(graph), r(rest), "{graph}");
    }
    for (graph, rest) in [
        ("/state", "/state"),
        ("/urgency", "/urgency"),
        ("/keyArea", "/key_area"),
        ("/routing/0/code", "/routing/0/code"),
    ] {
        assert_eq!(lower(&g(graph)), r(rest), "{graph}");
    }
    assert_eq!(g("/version"), json!(rest.etag.unwrap()));
    let instant = |v: Value| chrono::DateTime::parse_from_rfc3339(v.as_str().unwrap()).unwrap();
    assert_eq!(instant(g("/createdAt")), instant(r("/created_at")));
    let events = world.get("submitter", &format!("/v1/referrals/{id}/events")).await;
    assert_eq!(g("/events").as_array().unwrap().len(), events.body["items"].as_array().unwrap().len());
    assert_eq!(g("/events/0/kind"), "OPENED");
}

#[actix_web::test]
async fn content_is_for_those_who_must_know_it() {
    let world = World::new();
    let id = world.open("k1").await.fine().text("/openReferral/referral/id");
    for name in ["submitter", "dsp", "psychologist"] {
        let graph = world.ask(name, CONTENT, json!({"id": id})).await.fine();
        let rest = world.get(name, &format!("/v1/referrals/{id}/content")).await;
        assert_eq!(graph.at("/referral/content/need"), &rest.body["need"], "{name}");
        assert_eq!(graph.at("/referral/content/pupil/givenName"), &rest.body["pupil"]["given_name"]);
        assert_eq!(graph.at("/referral/content/consent/givenBy"), "PARENT");
    }
    let head = world.ask("head", CONTENT, json!({"id": id})).await;
    assert_eq!((head.text("/referral/id"), head.codes()), (id.clone(), vec!["forbidden"]));
    assert_eq!(head.body.pointer("/data/referral/content"), Some(&Value::Null));
    assert_eq!(head.body["errors"][0]["path"], json!(["referral", "content"]));
    assert!(!head.body.to_string().contains("canary"));
}

#[actix_web::test]
async fn unseen_and_unknown_read_alike() {
    let world = World::new();
    let id = world.open("k1").await.fine().text("/openReferral/referral/id");
    let mut answers = Vec::new();
    for unseen in [id.as_str(), "0198f2f0-0000-7000-8000-000000000000", "rubbish"] {
        let answer = world.ask("stranger", ALL, json!({"id": unseen})).await;
        assert_eq!(answer.body.pointer("/data/referral"), Some(&Value::Null));
        assert_eq!(answer.codes(), ["not_found"]);
        let mut error = answer.body["errors"][0].clone();
        error["extensions"]["requestId"].take();
        answers.push(error);
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
    let list = world.ask("stranger", "{ referrals { nodes { id } } }", json!({})).await.fine();
    assert_eq!(list.at("/referrals/nodes"), &json!([]));
}

#[actix_web::test]
async fn an_edge_needs_what_the_thing_itself_needs() {
    let world = World::new();
    let id = world.open("k1").await.fine().text("/openReferral/referral/id");
    let token = world.token("referrals:read");
    let answer = world.ask_as_client(&token, ALL, json!({"id": id})).await;
    // The envelope names its school and service; the directory itself is another scope's.
    assert_eq!(answer.text("/referral/schoolNumber"), "6764001");
    assert_eq!(answer.text("/referral/serviceCode"), "eps");
    assert_eq!(answer.at("/referral/school"), &Value::Null);
    assert_eq!(answer.codes(), ["scope_insufficient"; 3]);
    let directory = "{ schools { nodes { number } } school(number: \"6764001\") { number } }";
    let refused = world.ask_as_client(&token, directory, json!({})).await;
    assert_eq!(refused.codes(), ["scope_insufficient"; 2]);
}

#[actix_web::test]
async fn pages_follow_each_other() {
    let world = World::new();
    let mut opened = Vec::new();
    for key in ["a", "b", "c"] {
        world.clock.advance_seconds(1);
        opened.insert(0, world.open(key).await.fine().text("/openReferral/referral/id"));
    }
    let query = "query($after: String) { referrals(first: 2, after: $after, filter: {state: SUBMITTED, mine: true}) {
        edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
    let first = world.ask("submitter", query, json!({})).await.fine();
    assert_eq!(first.at("/referrals/nodes/0/id"), &json!(opened[0]));
    assert_eq!(first.at("/referrals/edges/1/node/id"), &json!(opened[1]));
    assert_eq!(first.at("/referrals/pageInfo/hasNextPage"), &json!(true));
    let end = first.text("/referrals/pageInfo/endCursor");
    assert_eq!(first.text("/referrals/edges/1/cursor"), end);
    let second = world.ask("submitter", query, json!({"after": end})).await.fine();
    assert_eq!(second.at("/referrals/nodes"), &json!([{"id": opened[2]}]));
    assert_eq!(second.at("/referrals/pageInfo/hasNextPage"), &json!(false));
    assert_eq!(second.at("/referrals/pageInfo/hasPreviousPage"), &json!(true));
    let bad = world.ask("submitter", query, json!({"after": "rubbish"})).await;
    assert_eq!(bad.codes(), ["invalid_cursor"]);
    // A cursor of one edge goes on from that edge.
    let after = first.text("/referrals/edges/0/cursor");
    let from = world.ask("submitter", query, json!({"after": after})).await.fine();
    assert_eq!(from.at("/referrals/nodes/0/id"), &json!(opened[1]));
}

#[actix_web::test]
async fn who_am_i() {
    let world = World::new();
    let me = "{ me { kind name roles scopes } services { code } officers { name email } }";
    let person = world.ask("dsp", me, json!({})).await.fine();
    assert_eq!(person.at("/me"), &json!({"kind": "PERSON", "name": "dsp", "roles": ["DSP"], "scopes": []}));
    assert_eq!(person.at("/officers/0/email"), "eps@la.example");
    let token = world.token("directory:read");
    let client = world.ask_as_client(&token, me, json!({})).await.fine();
    assert_eq!(client.at("/me/scopes"), &json!(["directory:read"]));
    let nobody = world.send(TestRequest::post().uri("/v1/graphql").set_json(json!({"query": me}))).await;
    assert_eq!((nobody.status, nobody.kind.as_str()), (401, "application/problem+json"));
}
