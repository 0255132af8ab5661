//! Queries made to hurt: each is refused, and quickly.

use std::time::{Duration, Instant};

use serde_json::json;

use super::world::{Answer, World};

const DEAR: &str = "query_too_expensive";

/// Sends a query as someone who may see much.
async fn throw(world: &World, query: &str) -> Answer {
    let began = Instant::now();
    let answer = world.ask("psychologist", query, json!({})).await;
    // Generous: unoptimised, on a machine that does other things too. Running into the deadline would still show.
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    answer
}

async fn refused(query: &str, code: &str) {
    let world = World::new();
    let answer = throw(&world, query).await;
    let shown = query.get(..60).unwrap_or(query);
    assert!(answer.status == 200 && answer.body.get("data").is_none(), "{shown}: {}", answer.body);
    assert!(answer.codes().iter().all(|c| *c == code) && !answer.codes().is_empty(), "{shown}: {}", answer.body);
}

fn many(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}

#[actix_web::test]
async fn depth() {
    let deepest =
        "{ surveyCampaigns(first: 1) { edges { node { progress(first: 1) { edges { node { name { cy } } } } } } } }";
    throw(&World::new(), deepest).await;
    refused(&deepest.replace("cy", "cy { a }"), DEAR).await;
    for levels in [9, 30, 300] {
        refused(&format!("{{{}me{}}}", "me{".repeat(levels), "}".repeat(levels)), DEAR).await;
    }
    refused(&"{me".repeat(10_000), DEAR).await;
    refused(&format!("{{ school(number: {}1) }}", "[".repeat(400)), DEAR).await;
}

#[actix_web::test]
async fn aliases_and_repeats() {
    refused(&format!("{{{}}}", many(31, |n| format!("a{n}: me {{ id }} "))), DEAR).await;
    refused(&format!("{{ me {{ {} }} }}", "id ".repeat(500)), DEAR).await;
    for count in [500, 5_000] {
        refused(&format!("{{ {} }}", "__typename ".repeat(count)), DEAR).await;
    }
    // Twenty thousand are more than a request may hold with that name alone; shorter than it there is none.
    let world = World::new();
    let huge = throw(&world, &format!("{{ {} }}", "__typename ".repeat(20_000))).await;
    assert_eq!((huge.status, &huge.body["code"]), (413, &json!("payload_too_large")));
    // Through fragments they are counted too.
    let spread = format!("{{ {} }} fragment f on Query {{ __typename me {{ id }} }}", "...f".repeat(40));
    refused(&spread, DEAR).await;
}

#[actix_web::test]
async fn fragments() {
    refused("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "invalid_body").await;
    refused("{ ...a } fragment a on Query { me { id } ...a }", "invalid_body").await;
    // Thirty fragments, each twice the one before: a thousand million fields.
    let nested = many(30, |n| format!("fragment f{n} on Query {{ ...f{m} ...f{m} }} ", m = n + 1));
    refused(&format!("{{ ...f0 }} {nested} fragment f30 on Query {{ __typename }}"), DEAR).await;
    let wide = many(8, |n| format!("fragment f{n} on Query {{ {} }} ", format!("...f{} ", n + 1).repeat(50)));
    refused(&format!("{{ ...f0 }} {wide} fragment f8 on Query {{ __typename }}"), DEAR).await;
}

#[actix_web::test]
async fn lists() {
    refused("{ referrals(first: 1000000000) { nodes { id } } }", DEAR).await;
    refused("{ surveyCampaigns(first: 100) { nodes { progress(first: 100) { nodes { schoolNumber } } } } }", DEAR)
        .await;
    refused("{ referrals(first: 20) { nodes { content { need } } } }", DEAR).await;
    let variables = "query($n: Int = 100) { referrals(first: $n) { nodes { school { number } service { code } } } }";
    refused(variables, DEAR).await;
    let world = World::new();
    for first in ["0", "-1", "101"] {
        let answer = throw(&world, &format!("{{ referrals(first: {first}) {{ pageInfo {{ endCursor }} }} }}")).await;
        assert_eq!(answer.codes(), ["invalid_parameter"], "{first}");
    }
    throw(&world, "{ referrals(first: 100) { nodes { id school { number } } } }").await.fine();
}

#[actix_web::test]
async fn much_text() {
    refused(&"a ".repeat(30_000), DEAR).await;
    refused(&format!("{{ school(number: [{}]) {{ number }} }}", "1-".repeat(20_000)), DEAR).await;
    // Comments, white space and strings cost nothing but their bytes.
    let world = World::new();
    let long = format!("{{ school(number: \"{}\") {{ number }} }} {}", "9".repeat(30_000), "#{{{\n".repeat(5_000));
    assert_eq!(throw(&world, &long).await.codes(), ["not_found"]);
}

#[actix_web::test]
async fn directives_and_rubbish() {
    refused("{ me @include(if: true) @skip(if: false) @include(if: true) { id } }", DEAR).await;
    refused("{ me { id ", "malformed_body").await;
    refused("{ me { id } } \"", "malformed_body").await;
    refused("", "malformed_body").await;
    refused("subscription { a }", "invalid_body").await;
    refused("{ me }", "invalid_body").await;
}

#[actix_web::test]
async fn introspection_and_suggestions_are_off() {
    refused("{ __schema { types { name } } }", "invalid_body").await;
    refused("{ __type(name: \"Query\") { name } }", "invalid_body").await;
    let world = World::new();
    let near = throw(&world, "{ referal(id: \"1\") { id } }").await;
    assert_eq!(near.codes(), ["invalid_body"]);
    assert!(!near.body.to_string().to_lowercase().contains("mean"), "{}", near.body);
    throw(&world, "{ __typename me { __typename id } }").await.fine();
}

#[actix_web::test]
async fn many_errors_are_cut_short() {
    let world = World::new();
    let answer = throw(&world, &format!("{{ {} }}", many(150, |n| format!("x{n} ")))).await;
    assert_eq!(answer.codes().len(), crate::graphql::limits::ERRORS);
}

#[actix_web::test]
async fn a_list_that_turns_out_long_uses_up_the_budget() {
    let world = World::with(&[("limits.graphql_objects", "6")]);
    throw(&world, "{ schools(first: 1) { nodes { number } } }").await.fine();
    let answer = throw(&world, "{ schools(first: 2) { nodes { number } edges { node { number } } } }").await;
    assert_eq!(answer.codes(), [DEAR]);
    assert!(answer.body.get("data").is_none());
}
