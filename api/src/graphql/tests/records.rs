//! WARRN records, surveys and the ledger.

use std::sync::atomic::Ordering;

use async_graphql::Request;
use serde_json::{Value, json};

use super::world::World;
use crate::graphql::schema;
use crate::graphql::visit::Visit;

const SEND: &str = "mutation($input: SendWarrnRecordInput!) { sendWarrnRecord(input: $input) {
    warrnRecord { id version schoolNumber agreement recipients { part deputy acknowledgedAt } ownPart { part } }
    userErrors { code pointer } } }";
const ACKNOWLEDGE: &str = "mutation($input: AcknowledgeWarrnRecordInput!) { acknowledgeWarrnRecord(input: $input) {
    warrnRecord { id version ownPart { part acknowledgedAt } } userErrors { code } } }";
const ONE: &str = "query($id: ID!) { warrnRecord(id: $id) {
    id version agreement content { pupil { givenName } summary { text } } } }";

fn record(world: &World, key: &str) -> Value {
    let heading = &world.app.settings.warrn.headings[0].code;
    json!({"input": {
        "idempotencyKey": key, "school": "6764001", "agreement": "WASPI-2026-01",
        "pupil": {"givenName": "Enghraifft", "familyName": "Ddysgwr", "bornOn": "2012-04-05"},
        "summary": [{"heading": heading, "text": "canary text"}],
    }})
}

#[actix_web::test]
async fn a_record_goes_to_its_recipients_and_nobody_else() {
    let world = World::new();
    let sent = world.ask("inreach", SEND, record(&world, "w1")).await.fine();
    let parts = sent.at("/sendWarrnRecord/warrnRecord/recipients");
    assert_eq!((&parts[0]["part"], &parts[1]["part"]), (&json!("DSP"), &json!("EP")));
    let again = world.ask("inreach", SEND, record(&world, "w1")).await.fine();
    assert_eq!(sent.body, again.body);
    let id = sent.text("/sendWarrnRecord/warrnRecord/id");
    let dsp = world.ask("dsp", ONE, json!({"id": id})).await.fine();
    assert_eq!(dsp.at("/warrnRecord/content/summary/0/text"), "canary text");
    let sender = world.ask("inreach", ONE, json!({"id": id})).await;
    assert_eq!((sender.codes(), sender.text("/warrnRecord/id")), (vec!["forbidden"], id.clone()));
    for name in ["head", "submitter", "stranger", "administrator"] {
        let refused = world.ask(name, ONE, json!({"id": id})).await;
        assert_eq!((refused.codes(), refused.at("/warrnRecord")), (vec!["not_found"], &Value::Null), "{name}");
    }
    let list = "{ warrnRecords(first: 5) { nodes { id schoolNumber ownPart { part } version agreement } } }";
    let listed = world.ask("psychologist", list, json!({})).await.fine();
    assert_eq!(listed.text("/warrnRecords/nodes/0/version"), dsp.text("/warrnRecord/version"));
    assert_eq!(listed.at("/warrnRecords/nodes/0/ownPart/part"), "EP");
    let refused = world.ask("analyst", list, json!({})).await;
    assert_eq!(refused.codes(), ["forbidden"]);

    let version = dsp.text("/warrnRecord/version");
    let input = json!({"input": {"idempotencyKey": "a1", "id": id, "expectedVersion": version}});
    let done = world.ask("dsp", ACKNOWLEDGE, input.clone()).await.fine();
    assert!(done.at("/acknowledgeWarrnRecord/warrnRecord/ownPart/acknowledgedAt").is_string());
    assert_eq!(world.ask("dsp", ACKNOWLEDGE, input.clone()).await.fine().body, done.body);
    let sender = world.ask("inreach", ACKNOWLEDGE, input).await.fine();
    assert_eq!(sender.user_codes("acknowledgeWarrnRecord"), ["forbidden"]);
    let mut bad = record(&world, "w2");
    bad["input"]["school"] = json!("12");
    let bad = world.ask("inreach", SEND, bad).await.fine();
    assert_eq!(bad.user_codes("sendWarrnRecord"), ["bad_format"]);
}

#[actix_web::test]
async fn a_campaign_is_made_followed_and_closed() {
    let world = World::new();
    let make = "mutation($input: CreateSurveyCampaignInput!) { createSurveyCampaign(input: $input) {
        surveyCampaign { id window } userErrors { code pointer } } }";
    let campaign = |key: &str, schools: Value| {
        json!({"input": {"idempotencyKey": key, "instrument": "bullying", "academicYear": "2025/26",
            "title": {"cy": "Arolwg", "en": "Survey"}, "opensOn": "2026-03-02", "closesOn": "2026-03-06",
            "schools": schools}})
    };
    let refused = world.ask("dsp", make, campaign("c1", Value::Null)).await.fine();
    assert_eq!(refused.user_codes("createSurveyCampaign"), ["forbidden"]);
    let flawed = campaign("c1", json!([{"schoolNumber": "1"}]));
    let flawed = world.ask("administrator", make, flawed).await.fine();
    assert_eq!(flawed.at("/createSurveyCampaign/userErrors/0/pointer"), "/schools/0/schoolNumber");
    let made = world.ask("administrator", make, campaign("c1", Value::Null)).await.fine();
    assert_eq!(made.at("/createSurveyCampaign/surveyCampaign/window"), "OPEN");
    let id = made.text("/createSurveyCampaign/surveyCampaign/id");

    let follow = "query($id: ID!, $after: String) { surveyCampaign(id: $id) { title { cy }
        progress(first: 1, after: $after) { nodes { schoolNumber accepted } pageInfo { endCursor hasNextPage } } }
        surveyCampaigns { nodes { id } } }";
    let first = world.ask("administrator", follow, json!({"id": id})).await.fine();
    assert_eq!(first.at("/surveyCampaigns/nodes/0/id"), &json!(id));
    assert_eq!(first.at("/surveyCampaign/progress/nodes/0/schoolNumber"), "6764001");
    let end = first.text("/surveyCampaign/progress/pageInfo/endCursor");
    let second = world.ask("administrator", follow, json!({"id": id, "after": end})).await.fine();
    assert_eq!(second.at("/surveyCampaign/progress/nodes/0/schoolNumber"), "6764002");
    assert_eq!(second.at("/surveyCampaign/progress/pageInfo/hasNextPage"), &json!(false));
    let refused = world.ask("submitter", follow, json!({"id": id})).await;
    assert_eq!(refused.codes(), ["forbidden"]);

    let results = "query($id: ID!, $n: String!) { surveyCampaign(id: $id) { results(schoolNumber: $n) {
        schoolNumber note { cy } figures { question symbol base shares { percent } } } } }";
    let own = json!({"id": id, "n": "6764001"});
    let early = world.ask("head", results, own.clone()).await;
    assert_eq!(early.codes(), ["state_conflict"]);
    world.clock.advance_seconds(7 * 86_400);
    world.publish(&id);
    let given = world.ask("head", results, own).await.fine();
    let figures = given.at("/surveyCampaign/results/figures").as_array().unwrap();
    assert!(!figures.is_empty());
    assert!(figures.iter().all(|f| f["base"].is_null() && ["c", "z", "x"].contains(&f["symbol"].as_str().unwrap())));
    let other = world.ask("head", results, json!({"id": id, "n": "6764002"})).await;
    assert_eq!(other.codes(), ["forbidden"]);
}

#[actix_web::test]
async fn the_ledger_is_for_who_runs_the_service() {
    let world = World::new();
    let reference = world.open("k1").await.fine().text("/openReferral/referral/reference");
    let ledger = "{ notices { nodes { reference state attempts } } }";
    let seen = world.ask("administrator", ledger, json!({})).await.fine();
    assert_eq!(seen.at("/notices/nodes/0"), &json!({"reference": reference, "state": "CREATED", "attempts": 0}));
    assert_eq!(world.ask("submitter", ledger, json!({})).await.codes(), ["forbidden"]);
}

/// The lines of all campaigns' releases are loaded together; a release is read once, whatever is asked of it.
#[actix_web::test]
async fn releases_are_loaded_together_and_read_once() {
    let world = World::new();
    let make = "mutation($input: CreateSurveyCampaignInput!) { createSurveyCampaign(input: $input) {
        surveyCampaign { id } userErrors { code } } }";
    let mut made = Vec::new();
    for key in ["c1", "c2", "c3"] {
        let input = json!({"input": {"idempotencyKey": key, "instrument": "bullying", "academicYear": "2025/26",
            "title": {"cy": "Arolwg", "en": "Survey"}, "opensOn": "2026-03-02", "closesOn": "2026-03-06"}});
        made.push(world.ask("administrator", make, input).await.fine().text("/createSurveyCampaign/surveyCampaign/id"));
    }
    world.clock.advance_seconds(7 * 86_400);
    made[..2].iter().for_each(|id| world.publish(id));
    let visit = Visit::new(world.app.clone(), world.signed("analyst"));
    let tally = visit.tally.clone();
    let list = "{ surveyCampaigns { nodes { id releases { number state reason publishedOn digest } } } }";
    let response = schema(&world.app).execute(Request::new(list).data(visit)).await;
    assert_eq!(response.errors, []);
    let data = serde_json::to_value(&response.data).unwrap();
    let of = |id: &String| {
        let nodes = data["surveyCampaigns"]["nodes"].as_array().unwrap();
        nodes.iter().find(|n| n["id"] == **id).unwrap()["releases"].clone()
    };
    assert_eq!((of(&made[0])[0]["state"].clone(), of(&made[2])), (json!("PUBLISHED"), json!([])));
    assert_eq!((tally.batches.load(Ordering::Relaxed), tally.transactions.load(Ordering::Relaxed)), (1, 2));

    let whole = "query($id: ID!, $n: Int, $after: String) { surveyRelease(campaignId: $id, number: $n) { number minBase
        tables(first: 1, after: $after) { nodes { kind figures(questions: [\"bullied\"]) { question symbol base } }
            pageInfo { hasNextPage endCursor } }
        schools(first: 1, after: $after) { nodes { schoolNumber cells { symbol mark } } }
        changed { nodes { table } } } }";
    let first = world.ask("analyst", whole, json!({"id": made[0]})).await.fine();
    assert_eq!(first.at("/surveyRelease/tables/nodes/0/kind"), "AUTHORITY");
    assert_eq!(first.at("/surveyRelease/tables/nodes/0/figures/0/question"), "bullied");
    assert_eq!(first.at("/surveyRelease/tables/nodes/0/figures/1"), &Value::Null);
    assert_eq!(first.at("/surveyRelease/schools/nodes/0/schoolNumber"), &Value::Null);
    let after = first.text("/surveyRelease/tables/pageInfo/endCursor");
    let second = world.ask("analyst", whole, json!({"id": made[0], "n": 1, "after": after})).await.fine();
    assert_eq!(second.at("/surveyRelease/schools/nodes/0/schoolNumber"), "6764001");
    assert_ne!(second.at("/surveyRelease/tables/nodes/0/kind"), "AUTHORITY");
    for (who, id, number, code) in [
        ("head", &made[0], None, "forbidden"),
        ("analyst", &made[0], Some(2), "not_found"),
        ("analyst", &made[2], None, "not_found"),
    ] {
        let refused = world.ask(who, whole, json!({"id": id, "n": number})).await;
        assert_eq!(refused.codes(), [code], "{who} {number:?}");
    }
    let rubbish = world.ask("analyst", whole, json!({"id": made[0], "after": "rubbish"})).await;
    assert_eq!(rubbish.codes(), ["invalid_cursor"; 2]);
}
