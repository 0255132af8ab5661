//! What every case has reads alike by REST and GraphQL, and is refused alike.

use serde_json::{Value, json};

use super::words::{in_words_of_rest, rests};
use super::world::World;

const ALL: &str = "query($id: ID!) { case(id: $id) { version
    envelope { id kind reference schoolNumber serviceCode officer { id name role } queue openedAt updatedAt closedAt
        closeReason }
    timeline { at by kind state reason hasNote }
    links { kind outward case { id kind reference schoolNumber serviceCode officer { name } } }
    pauses { reason reasonText { cy en } beginsAt endsAt stopsClocks }
    people { id relation relationText { cy en } name contact remark addedAt endedAt }
    tasks { id what personId dueOn addedAt doneAt doneBy }
    documents { id name mediaType size scan addedBy addedAt } } }";

/// Sends a change that is taken, and gives what came of it.
async fn change(world: &World, name: &str, field: &str, input: Value) -> Value {
    let (first, rest) = field.split_at(1);
    let of = if field.ends_with("Pause") || field == "pauseCase" { "pause { reason endsAt }" } else { "part { id }" };
    let kind = format!("{}{rest}Input", first.to_uppercase());
    let query =
        format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ {of} userErrors {{ code pointer }} }} }}");
    let answer = world.ask(name, &query, json!({"input": input})).await.fine();
    answer.at(&format!("/{field}")).clone()
}

/// A referral with one of everything kept with it.
async fn kept(world: &World) -> String {
    let id = world.open("k1").await.fine().text("/openReferral/referral/id");
    let made = async |field: &str, mut input: Value| {
        input["id"] = json!(id);
        input["idempotencyKey"] = json!(format!("{field} {}", input.to_string().len()).replace(' ', "-"));
        let made = change(world, "dsp", field, input).await;
        assert_eq!(made["userErrors"], json!([]), "{field}");
        made
    };
    let person = json!({"relation": "KEY_ADULT", "name": "canary name", "contact": "canary contact"});
    let person = made("addCasePerson", person).await;
    made("addCasePerson", json!({"relation": "PARENT", "name": "canary parent", "remark": "canary remark"})).await;
    made("endCasePerson", json!({"personId": person["part"]["id"]})).await;
    let task = made("addCaseTask", json!({"what": "canary task", "dueOn": "2026-03-09"})).await;
    made("addCaseTask", json!({"what": "canary task without a day"})).await;
    made("completeCaseTask", json!({"taskId": task["part"]["id"]})).await;
    let pause = made("pauseCase", json!({"reason": "AWAITING_CONSENT"})).await;
    assert_eq!(pause["pause"], json!({"reason": "AWAITING_CONSENT", "endsAt": null}));
    world.clock.advance_seconds(60);
    assert!(made("endCasePause", json!({})).await["pause"]["endsAt"].is_string());
    id
}

/// Passes a referral on, and gives the id of the one it became.
async fn redirect(world: &World, id: &str) -> String {
    let version = "query($id: ID!) { referral(id: $id) { version } }";
    let version = world.ask("psychologist", version, json!({"id": id})).await.fine().text("/referral/version");
    let query = "mutation($input: RedirectReferralInput!) { redirectReferral(input: $input) {
        referral { successorId } userErrors { code } } }";
    let input = json!({"idempotencyKey": "r", "id": id, "expectedVersion": version, "service": "sbc"});
    let done = world.ask("psychologist", query, json!({"input": input})).await.fine();
    done.text("/redirectReferral/referral/successorId")
}

#[actix_web::test]
async fn a_case_reads_alike_by_both_ways() {
    let world = World::new();
    let id = kept(&world).await;
    world.keep_document("dsp", &id);
    let successor = redirect(&world, &id).await;
    let graph = world.ask("dsp", ALL, json!({"id": id})).await.fine();
    let g = |field: &str| in_words_of_rest(graph.at(&format!("/case{field}")));
    let whole = world.get("dsp", &format!("/v1/cases/{id}")).await;
    assert_eq!(g("/envelope"), rests(&whole.body));
    assert_eq!(g("/version"), json!(whole.etag.unwrap()));
    for part in ["timeline", "pauses", "people", "tasks", "documents"] {
        let rest = world.get("dsp", &format!("/v1/cases/{id}/{part}")).await;
        assert_eq!(rest.status, 200, "{part}: {}", rest.body);
        assert!(!rest.body["items"].as_array().unwrap().is_empty(), "{part}");
        assert_eq!(g(&format!("/{part}")), rests(&rest.body["items"]), "{part}");
    }
    let links = world.get("dsp", &format!("/v1/cases/{id}/links")).await;
    let (links, link) = (rests(&links.body["items"]), g("/links/0"));
    assert_eq!((&link["kind"], &link["outward"]), (&links[0]["kind"], &links[0]["outward"]));
    assert_eq!((&link["case"]["id"], &link["case"]["reference"]), (&json!(successor), &links[0]["case"]["reference"]));
    assert_eq!(graph.at("/case/links").as_array().unwrap().len(), 1);

    let own = "{ ownTasks { id dueOn case { id kind reference schoolNumber serviceCode officer { id name role }
        queue openedAt updatedAt closedAt closeReason } } }";
    let other = world.open("k2").await.fine().text("/openReferral/referral/id");
    let task = json!({"idempotencyKey": "t", "id": other, "what": "canary task", "dueOn": "2026-03-09"});
    change(&world, "dsp", "addCaseTask", task).await;
    let graph = world.ask("dsp", own, json!({})).await.fine();
    let rest = world.get("dsp", "/v1/tasks").await;
    assert!(graph.at("/ownTasks").as_array().unwrap().iter().any(|t| t["dueOn"] == "2026-03-09"));
    assert_eq!(in_words_of_rest(graph.at("/ownTasks")), rests(&rest.body["items"]));
    let token = world.token("referrals:read");
    assert_eq!(world.ask_as_client(&token, own, json!({})).await.codes(), ["not_found"]);
}

#[actix_web::test]
async fn what_is_sealed_is_for_those_who_may_open_it_and_have_just_proved_who_they_are() {
    let world = World::new();
    let id = kept(&world).await;
    let head = world.ask("head", ALL, json!({"id": id})).await;
    assert_eq!((head.codes(), head.text("/case/envelope/id")), (vec!["forbidden"; 3], id.clone()));
    assert!(head.at("/case/timeline").is_array() && head.at("/case/people").is_null());
    assert!(!head.body.to_string().contains("canary"));
    for unseen in [id.as_str(), "0198f2f0-0000-7000-8000-000000000000", "rubbish"] {
        let stranger = world.ask("stranger", ALL, json!({"id": unseen})).await;
        assert_eq!((stranger.codes(), stranger.at("/case")), (vec!["not_found"], &Value::Null));
    }
    let token = world.token("referrals:read");
    let client = world.ask_as_client(&token, ALL, json!({"id": id})).await;
    assert_eq!(client.codes().len(), 3, "{}", client.body);
    assert!(!client.body.to_string().contains("canary"));

    let cookie = world.cookie("dsp");
    let fresh = world.ask_with(&cookie, ALL, json!({"id": id})).await.fine();
    // In no order worth a promise: both came at one moment.
    let people = fresh.at("/case/people").as_array().unwrap();
    assert!(people.iter().any(|p| p["name"] == "canary parent"), "{people:?}");
    world.clock.advance_seconds(6 * 60);
    let late = world.ask_with(&cookie, ALL, json!({"id": id})).await;
    assert_eq!(late.codes(), ["step_up_required"; 3]);
    assert!(late.at("/case/pauses").is_array() && !late.body.to_string().contains("canary"));
}

#[actix_web::test]
async fn each_reading_is_on_record() {
    let world = World::new();
    let id = kept(&world).await;
    let seen = "query($id: ID!) { referralReaders(id: $id, first: 100) { nodes { part own } } }";
    let parts = async || {
        let answer = world.ask("dsp", seen, json!({"id": id})).await.fine();
        let nodes = answer.at("/referralReaders/nodes").as_array().unwrap().clone();
        let mut parts: Vec<_> = nodes.iter().map(|n| n["part"].as_str().unwrap().to_owned()).collect();
        parts.retain(|part| part != "READERS");
        parts.sort();
        parts
    };
    assert_eq!(parts().await, Vec::<String>::new());
    world.ask("dsp", ALL, json!({"id": id})).await.fine();
    // The envelope, and with it what happened, what it led to and its pauses, each by itself.
    let expected = ["DOCUMENTS", "ENVELOPE", "ENVELOPE", "ENVELOPE", "ENVELOPE", "PEOPLE", "TASKS"];
    assert_eq!(parts().await, expected);
}

#[actix_web::test]
async fn a_change_is_refused_as_by_rest() {
    let world = World::new();
    let id = kept(&world).await;
    let codes = async |name: &str, field: &str, mut input: Value| {
        input["idempotencyKey"] = json!(format!("r-{name}-{}", input.to_string().len()));
        if input["id"].is_null() {
            input["id"] = json!(id);
        }
        let made = change(&world, name, field, input).await;
        let told = made["userErrors"].as_array().unwrap().clone();
        let one = |e: &Value| (e["code"].as_str().unwrap().to_owned(), e["pointer"].as_str().map(str::to_owned));
        told.iter().map(one).collect::<Vec<_>>()
    };
    let at = |code: &str, pointer: &str| vec![(code.to_owned(), Some(pointer.to_owned()))];
    let whole = |code: &str| vec![(code.to_owned(), None)];
    let task = json!({"what": "x"});
    assert_eq!(codes("stranger", "addCaseTask", task.clone()).await, whole("not_found"));
    assert_eq!(codes("head", "addCaseTask", json!({"what": "", "personId": "rubbish"})).await, whole("forbidden"));
    assert_eq!(codes("dsp", "addCaseTask", json!({"what": "x", "id": "rubbish"})).await, whole("not_found"));
    let stranger = json!({"what": "x", "personId": world.person("stranger").uuid()});
    for nobody in [json!({"what": "x", "personId": "rubbish"}), stranger] {
        assert_eq!(codes("dsp", "addCaseTask", nobody).await, at("not_found", "/personId"));
    }
    let late = json!({"what": "xx", "dueOn": "2020-01-01"});
    assert_eq!(codes("dsp", "addCaseTask", late).await, at("date_out_of_range", "/dueOn"));
    let nameless = json!({"relation": "PARENT", "name": ""});
    assert_eq!(codes("dsp", "addCasePerson", nameless).await, at("missing", "/name"));
    let nobody = json!({"personId": "0198f2f0-0000-7000-8000-000000000000"});
    assert_eq!(codes("dsp", "endCasePerson", nobody).await, whole("not_found"));
    assert_eq!(codes("dsp", "endCasePause", json!({})).await, whole("state_conflict"));
    assert_eq!(codes("dsp", "pauseCase", json!({"reason": "AWAITING_PANEL"})).await, vec![]);
    assert_eq!(codes("dsp", "pauseCase", json!({"reason": "AWAITING_HEALTH"})).await, whole("state_conflict"));
}
