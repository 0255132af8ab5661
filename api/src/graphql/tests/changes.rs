//! Mutations: once for a key, in the version seen, with the caller's mistakes in the payload.

use serde_json::{Value, json};

use super::world::{OPEN, World, referral};

const ACCEPT: &str = "mutation($input: AcceptReferralInput!) { acceptReferral(input: $input) {
    referral { id state version school { number } } userErrors { code message pointer } } }";

#[actix_web::test]
async fn a_repeat_gives_the_same_and_another_input_is_refused() {
    let world = World::new();
    let first = world.open("k1").await.fine();
    let again = world.open("k1").await.fine();
    assert_eq!(first.body, again.body);
    // The same input in another order is the same request.
    let shuffled = "mutation($i: PupilInput!) { openReferral(input: {need: \"canary need\", pupil: $i, yearGroup: 9,
        service: \"eps\", schoolNumber: \"6764001\", keyArea: WELLBEING, evidence: \"canary evidence\",
        consent: {givenOn: \"2026-03-01\", givenBy: PARENT}, idempotencyKey: \"k1\"}) { referral { id } } }";
    let same = world.ask("submitter", shuffled, json!({"i": referral("k1")["pupil"]})).await.fine();
    assert_eq!(same.at("/openReferral/referral/id"), first.at("/openReferral/referral/id"));
    let mut other = referral("k1");
    other["yearGroup"] = json!(8);
    let refused = world.ask("submitter", OPEN, json!({"input": other})).await.fine();
    assert_eq!(refused.user_codes("openReferral"), ["idempotency_key_reused"]);
    assert_eq!(refused.at("/openReferral/referral"), &Value::Null);
    // Somebody else's key is their own.
    let mut another = referral("k1");
    another["pupil"]["givenName"] = json!("Arall");
    let own = world.ask("dsp", OPEN, json!({"input": another})).await.fine();
    assert_ne!(own.at("/openReferral/referral/id"), first.at("/openReferral/referral/id"));
    let all = world.ask("submitter", "{ referrals { nodes { id } } }", json!({})).await.fine();
    assert_eq!(all.at("/referrals/nodes").as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_change_needs_the_version_seen() {
    let world = World::new();
    let opened = world.open("k1").await.fine();
    let (id, version) = (opened.text("/openReferral/referral/id"), opened.text("/openReferral/referral/version"));
    let accept =
        |key: &str, version: &str| json!({"input": {"idempotencyKey": key, "id": id, "expectedVersion": version}});
    let stale = world.ask("psychologist", ACCEPT, accept("a1", "rubbish")).await.fine();
    assert_eq!(stale.user_codes("acceptReferral"), ["version_mismatch"]);
    for (name, code) in [("stranger", "not_found"), ("submitter", "forbidden")] {
        let refused = world.ask(name, ACCEPT, accept("a1", &version)).await.fine();
        assert_eq!(refused.user_codes("acceptReferral"), [code], "{name}");
    }
    let done = world.ask("psychologist", ACCEPT, accept("a2", &version)).await.fine();
    assert_eq!(done.at("/acceptReferral/referral/state"), "ACCEPTED");
    assert_eq!(done.at("/acceptReferral/referral/school/number"), "6764001");
    assert_ne!(done.text("/acceptReferral/referral/version"), version);
    let again = world.ask("psychologist", ACCEPT, accept("a2", &version)).await.fine();
    assert_eq!(again.body, done.body);
    let now = done.text("/acceptReferral/referral/version");
    let late = world.ask("psychologist", ACCEPT, accept("a3", &now)).await.fine();
    assert_eq!(late.user_codes("acceptReferral"), ["state_conflict"]);
}

#[actix_web::test]
async fn faults_come_together_with_their_places_in_the_callers_language() {
    let world = World::new();
    let mut input = referral("k1");
    input["pupil"]["givenName"] = json!("");
    input["yearGroup"] = json!(99);
    let answer = world.ask_in_welsh("submitter", OPEN, json!({"input": input})).await.fine();
    let errors = answer.at("/openReferral/userErrors").as_array().unwrap().clone();
    let places: Vec<_> = errors.iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert!(places.contains(&"/pupil/givenName") && places.contains(&"/yearGroup"), "{places:?}");
    assert_eq!(errors[0]["message"], "Mae gwallau yn y cynnwys");
    let bad_key = world.open("").await.fine();
    assert_eq!(bad_key.user_codes("openReferral"), ["idempotency_key_invalid"]);
}

#[actix_web::test]
async fn a_question_is_asked_answered_and_the_referral_passed_on() {
    let world = World::new();
    let opened = world.open("k1").await.fine();
    let id = opened.text("/openReferral/referral/id");
    let mut version = opened.text("/openReferral/referral/version");
    for (name, field, more, state) in [
        ("psychologist", "requestReferralInformation", json!({"question": "canary q"}), "INFO_REQUESTED"),
        ("submitter", "answerReferral", json!({"answer": "canary a"}), "SUBMITTED"),
        ("psychologist", "redirectReferral", json!({"service": "sbc", "note": "canary n"}), "REDIRECTED"),
        ("psychologist", "declineReferral", json!({"reason": "OTHER"}), "-"),
    ] {
        let (first, rest) = field.split_at(1);
        let kind = format!("{}{rest}Input", first.to_uppercase());
        let query = format!(
            "mutation($input: {kind}!) {{ {field}(input: $input) {{
            referral {{ state version successorId }} userErrors {{ code pointer }} }} }}"
        );
        let mut input = json!({"idempotencyKey": field, "id": id, "expectedVersion": version});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = world.ask(name, &query, json!({"input": input})).await.fine();
        if state == "-" {
            assert_eq!(answer.user_codes(field), ["missing"], "a decline for another reason needs a note");
            continue;
        }
        assert_eq!(answer.at(&format!("/{field}/referral/state")), state, "{}", answer.body);
        assert_eq!(answer.at(&format!("/{field}/referral/successorId")).is_null(), state != "REDIRECTED");
        version = answer.text(&format!("/{field}/referral/version"));
    }
}
