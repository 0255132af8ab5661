//! Every write may safely be sent twice.

#![expect(clippy::expect_used, clippy::format_collect, reason = "a test says what it expects")]

use dolen_domain::access::Role;
use dolen_domain::kernel::from_hex;
use dolen_tests::mutations::{Mutation, names};
use dolen_tests::writes::{Draft, keyed};
use dolen_tests::{Reply, TestApp, bodies, canary};
use serde_json::json;
use std::future::IntoFuture as _;

/// What a repeat gives again, byte for byte.
fn told(reply: &Reply) -> (u16, Vec<u8>, [String; 3]) {
    let headers = ["etag", "location", "content-type"].map(|name| reply.header(name).to_owned());
    (reply.status, reply.body.clone(), headers)
}

fn replayed(reply: &Reply) -> bool {
    reply.header("idempotent-replayed") == "true"
}

#[tokio::test]
async fn a_repeat_is_told_the_same_and_changes_nothing() {
    let app = TestApp::start().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let sender = draft.sender(&app);
        let first = draft.from(&sender).key(&operation).await;
        first.expect_status(draft.status);
        assert!(!replayed(&first), "{operation}");
        let before = app.database().inspect().counts();
        let again = draft.from(&sender).key(&operation).await;
        assert!(replayed(&again), "{operation}: {again:?}");
        assert_eq!(told(&again), told(&first), "{operation}");
        let mut after = app.database().inspect().counts();
        // That it was asked for again is on record; nothing else is.
        *after.get_mut("audit_entries").unwrap() -= 1;
        assert_eq!(after, before, "{operation}");
    }
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let app = TestApp::start().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let sender = draft.sender(&app);
        draft.from(&sender).key(&operation).await.expect_status(draft.status);
        let before = app.database().inspect().counts();
        draft.otherwise().from(&sender).key(&operation).await.expect_problem(422, "idempotency_key_reused");
        assert_eq!(app.database().inspect().counts(), before, "{operation}");
    }
}

#[tokio::test]
async fn a_write_without_a_key_is_refused() {
    let app = TestApp::start().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let sender = draft.sender(&app);
        let before = app.database().inspect().counts();
        draft.from(&sender).await.expect_problem(400, "idempotency_key_required");
        for bad in ["", "a b", &"x".repeat(256)] {
            draft.from(&sender).key(bad).await.expect_problem(400, "idempotency_key_invalid");
        }
        assert_eq!(app.database().inspect().counts(), before, "{operation}");
        draft.from(&sender).key(&format!("{operation:x<255}")).await.expect_status(draft.status);
    }
}

#[tokio::test]
async fn a_key_is_its_callers_own() {
    let app = TestApp::start().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        draft.from(&draft.sender(&app)).key(&operation).await.expect_status(draft.status);
        let other = draft.from(&app.signed_in(Role::Auditor)).key(&operation).await;
        assert!(!replayed(&other), "{operation}: {other:?}");
        // Everybody may say when they are away themselves.
        let own = operation == "record_absence" && other.status == 201;
        assert!(own || [403, 404].contains(&other.status), "{operation}: {other:?}");
    }
    // Two who may both: each gets a referral of their own.
    let mut ids = Vec::new();
    for role in [Role::SchoolSubmitter, Role::Dsp] {
        let body = bodies::referral(&app.world().schools[0].number, "eps");
        let reply = app.signed_in(role).post("/v1/referrals").key("k").json(&body).await;
        reply.expect_status(201);
        assert!(!replayed(&reply));
        ids.push(reply.json["id"].clone());
    }
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_key_is_forgotten_after_two_days() {
    let app = TestApp::with().standing().start().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let first = draft.from(&draft.sender(&app)).key(&operation).await;
        first.expect_status(draft.status);
        app.advance(48 * 3600);
        assert!(replayed(&draft.from(&draft.sender(&app)).key(&operation).await), "{operation}");
        app.advance(1);
        let again = draft.from(&draft.sender(&app)).key(&operation).await;
        assert!(!replayed(&again), "{operation}: {again:?}");
        if operation == "open_referral" {
            again.expect_status(201);
            assert_ne!(again.json["id"], first.json["id"]);
        }
    }
}

#[tokio::test]
async fn a_refused_write_keeps_no_answer() {
    let app = TestApp::start().await;
    let submitter = app.signed_in(Role::SchoolSubmitter);
    let mut body = bodies::referral(&app.world().schools[0].number, "eps");
    body["year_group"] = json!(99);
    submitter.post("/v1/referrals").key("k").json(&body).await.expect_problem(422, "invalid_body");
    body["year_group"] = json!(9);
    let mended = submitter.post("/v1/referrals").key("k").json(&body).await;
    mended.expect_status(201);
    assert!(!replayed(&mended));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_at_once_do_it_once() {
    let app = TestApp::start().await;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let sender = draft.sender(&app);
        let requests: Vec<_> =
            (0..16).map(|_| tokio::spawn(draft.from(&sender).key(&operation).into_future())).collect();
        let mut replies = Vec::new();
        for request in requests {
            replies.push(request.await.unwrap());
        }
        for reply in &replies {
            assert_eq!(told(reply), told(&replies[0]), "{operation}");
            reply.expect_status(draft.status);
        }
        assert_eq!(replies.iter().filter(|r| !replayed(r)).count(), 1, "{operation}");
        let records = format!("SELECT count(*) FROM idempotency_keys WHERE key = '{operation}'");
        assert_eq!(app.database().inspect().number(&records), 1, "{operation}");
    }
}

/// Takes every case from everybody: it is another school's, another service's, another officer's, sent by nobody known,
/// and its recipients' time has run out.
fn take_away(app: &TestApp) {
    let last = &app.world().schools[3].number;
    let nobody = if is_postgres(app) { "gen_random_uuid()" } else { "randomblob(16)" };
    app.database().inspect().execute(&format!(
        "UPDATE cases SET school_id = (SELECT id FROM schools WHERE number = '{last}'), opened_by_id = {nobody}, \
         service_id = CASE WHEN service_id IS NULL THEN NULL ELSE (SELECT id FROM services WHERE code = 'bss') END, \
         officer_id = NULL, queue = CASE WHEN kind = 'referral' THEN 'queue' ELSE queue END; \
         UPDATE case_recipients SET ends_at = begins_at"
    ));
}

/// The keys' table as it is kept, byte for byte.
fn kept(app: &TestApp) -> Vec<Vec<u8>> {
    let hex = |column: &str| {
        if is_postgres(app) { format!("encode({column}, 'hex')") } else { format!("hex({column})") }
    };
    let rows = app.database().inspect().texts(&format!(
        "SELECT {} || {} AS value FROM idempotency_keys",
        hex("answer"),
        hex("fingerprint")
    ));
    rows.iter().map(|row| from_hex(row).expect("hex")).collect()
}

fn is_postgres(app: &TestApp) -> bool {
    app.database().inspect().is_postgres()
}

#[tokio::test]
async fn a_repeat_by_who_has_lost_the_record_or_the_role_is_refused() {
    for role_too in [false, true] {
        let app = TestApp::start().await;
        let (mut rest, mut graphql) = (Vec::new(), Vec::new());
        for operation in keyed() {
            let draft = Draft::of(&app, &operation).await;
            let reply = draft.from(&draft.sender(&app)).key(&operation).await;
            reply.expect_status(draft.status);
            rest.push((operation, draft, reply));
        }
        for name in names() {
            let mutation = Mutation::of(&app, &name).await;
            let reply = mutation.from(&mutation.sender(&app), &name).await;
            assert_eq!(mutation.told(&reply), Ok(()));
            graphql.push((name, mutation, reply));
        }
        // The control: with everything as it was, the repeat is given.
        for (operation, draft, first) in &rest {
            assert_eq!(draft.from(&draft.sender(&app)).key(operation).await.body, first.body, "{operation}");
        }
        if role_too {
            app.database().inspect().execute("UPDATE memberships SET ends_at = begins_at");
        }
        take_away(&app);
        let mut refused = 0;
        for (operation, draft, first) in &rest {
            // Who broke the glass may always read that they did.
            let emergency = draft.path.contains("/emergency-accesses");
            let asked_for = draft.path.contains("/subject-access");
            // A class's concern is no case: its school reads it whatever becomes of a child's.
            let concern = draft.path.contains("/concerns/");
            let is_case = !emergency && !asked_for && !concern && first.json["reference"].is_string()
                || draft.path.contains("/referrals/")
                || draft.path.contains("/warrn");
            // Who handed a record over lost it by that, and is told again what they did.
            let handed = operation == "hand_over_warrn_record";
            if (!is_case || handed) && !role_too {
                continue;
            }
            let again = draft.from(&draft.sender(&app)).key(operation).await;
            assert!([403, 404].contains(&again.status), "{operation}: {again:?}");
            again.expect_any_problem();
            for word in [&first.json["reference"], &first.json["id"]].into_iter().filter_map(|w| w.as_str()) {
                assert!(!String::from_utf8_lossy(&again.body).contains(word), "{operation}: {again:?}");
            }
            refused += 1;
        }
        for (name, mutation, first) in &graphql {
            let no_case = name == "createSurveyCampaign" || name.ends_with("EmergencyAccess");
            let no_case = no_case || name == "handOverWarrnRecord";
            if no_case && !role_too {
                continue;
            }
            let again = mutation.from(&mutation.sender(&app), name).await;
            let told = mutation.told(&again).unwrap_err();
            assert!(["forbidden", "not_found"].contains(&told.as_str()), "{name}: {told}");
            assert_ne!(again.json["data"], first.json["data"], "{name}");
            refused += 1;
        }
        eprintln!("{refused} repeats by who has lost the {}: refused", if role_too { "role" } else { "record" });
    }
}

#[tokio::test]
async fn a_kept_answer_is_sealed() {
    let app = TestApp::start().await;
    let mut references = Vec::new();
    for operation in keyed() {
        let reply = Draft::of(&app, &operation).await.sent(&app).await;
        references.extend(reply.json["reference"].as_str().map(str::to_owned));
        references.extend(reply.json["id"].as_str().map(str::to_owned));
    }
    assert!(references.len() > 4, "answers that name something");
    let words: Vec<&str> = references.iter().map(String::as_str).chain(["Ddysgwr", "reference", "settling"]).collect();
    let rows = kept(&app);
    assert!(rows.len() > 8);
    assert_eq!(rows.iter().find_map(|row| canary::find(row, &words)), None);
    // The control: an answer that is kept open is found.
    let first = references[0].as_bytes();
    let hex: String = first.iter().map(|b| format!("{b:02x}")).collect();
    let literal = if is_postgres(&app) { format!("'\\x{hex}'::bytea") } else { format!("x'{hex}'") };
    app.database().inspect().execute(&format!("UPDATE idempotency_keys SET answer = {literal}"));
    assert!(kept(&app).iter().all(|row| canary::find(row, &words).is_some()));
}
