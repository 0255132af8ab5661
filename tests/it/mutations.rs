//! What holds of every write holds of every mutation: once for its key, on record, and nothing for a bad input
//! (`facts/reliability.md` IDM-1).

use std::future::IntoFuture as _;

use dolen_domain::access::Role;
use dolen_tests::mutations::{Mutation, names};
use dolen_tests::{Reply, TestApp};
use serde_json::{Value, json};

/// What one request left on record.
fn recorded(app: &TestApp, reply: &Reply) -> Vec<String> {
    let id = reply.header("x-request-id");
    app.database().inspect().texts(&format!(
        "SELECT action || ' by ' || actor_kind AS value FROM audit_entries WHERE request_id = '{id}' ORDER BY seq"
    ))
}

fn replayed(app: &TestApp, reply: &Reply) -> bool {
    recorded(app, reply).iter().any(|entry| entry.starts_with("request.replay"))
}

#[tokio::test]
async fn every_mutation_is_on_record_and_a_repeat_of_it_is_told_the_same() {
    let app = TestApp::start().await;
    for name in names() {
        let mutation = Mutation::of(&app, &name).await;
        let sender = mutation.sender(&app);
        let first = mutation.from(&sender, &name).await;
        assert_eq!(mutation.told(&first), Ok(()), "{name}");
        let entries = recorded(&app, &first);
        assert!(!entries.is_empty() && entries.iter().all(|e| e.ends_with(" by person")), "{name}: {entries:?}");
        assert!(!replayed(&app, &first), "{name}");
        let before = app.database().inspect().counts();
        let again = mutation.from(&sender, &name).await;
        assert_eq!(again.json["data"], first.json["data"], "{name}");
        assert!(replayed(&app, &again), "{name}");
        let mut after = app.database().inspect().counts();
        // That it was asked for again is on record; so is what is read to answer.
        let more = i64::try_from(recorded(&app, &again).len()).unwrap();
        *after.get_mut("audit_entries").unwrap() -= more;
        assert_eq!(after, before, "{name}");
        let other = mutation.clone().otherwise().from(&sender, &name).await;
        assert_eq!(mutation.told(&other), Err("idempotency_key_reused".to_owned()), "{name}");
    }
}

#[tokio::test]
async fn a_mutation_needs_a_good_key_of_its_own() {
    let app = TestApp::with().standing().start().await;
    for name in names() {
        let mutation = Mutation::of(&app, &name).await;
        let sender = mutation.sender(&app);
        let before = app.database().inspect().counts();
        let none = mutation.raw(&sender, &mutation.input).await;
        assert!(none.json["errors"].is_array() && none.json["data"].is_null(), "{name}: {none:?}");
        for bad in ["", "a b", &"x".repeat(256)] {
            let told = mutation.told(&mutation.from(&sender, bad).await);
            assert_eq!(told, Err("idempotency_key_invalid".to_owned()), "{name}");
        }
        assert_eq!(app.database().inspect().counts(), before, "{name}");
        let key = format!("{name:x<255}");
        assert_eq!(mutation.told(&mutation.from(&sender, &key).await), Ok(()), "{name}");
        // A stranger's request under it is a first one, and refused for what it is.
        let stranger = mutation.from(&app.signed_in(Role::Auditor), &key).await;
        let told = mutation.told(&stranger).unwrap_err();
        assert!(["forbidden", "not_found"].contains(&told.as_str()), "{name}: {told}");
        app.advance(48 * 3600);
        assert!(replayed(&app, &mutation.from(&mutation.sender(&app), &key).await), "{name}: kept for two days");
        app.advance(1);
        let late = mutation.from(&mutation.sender(&app), &key).await;
        assert!(!replayed(&app, &late), "{name}: forgotten after two days");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_mutations_at_once_do_it_once() {
    let app = TestApp::start().await;
    for name in names() {
        let mutation = Mutation::of(&app, &name).await;
        let sender = mutation.sender(&app);
        let asked: Vec<_> = (0..16).map(|_| tokio::spawn(mutation.from(&sender, &name).into_future())).collect();
        let mut replies = Vec::new();
        for request in asked {
            replies.push(request.await.unwrap());
        }
        for reply in &replies {
            assert_eq!((mutation.told(reply), &reply.json["data"]), (Ok(()), &replies[0].json["data"]), "{name}");
        }
        assert_eq!(replies.iter().filter(|r| !replayed(&app, r)).count(), 1, "{name}");
        let kept = format!("SELECT count(*) FROM idempotency_keys WHERE key = '{name}'");
        assert_eq!(app.database().inspect().number(&kept), 1, "{name}");
    }
}

/// The way to every value within, as JSON Pointers.
fn ways(value: &Value, way: &str) -> Vec<String> {
    let below: Vec<String> = match value {
        Value::Array(items) => items.iter().enumerate().flat_map(|(n, i)| ways(i, &format!("{way}/{n}"))).collect(),
        Value::Object(map) => map.iter().flat_map(|(key, i)| ways(i, &format!("{way}/{key}"))).collect(),
        _ => Vec::new(),
    };
    if way.is_empty() { below } else { [vec![way.to_owned()], below].concat() }
}

#[tokio::test]
async fn no_mutation_takes_a_bad_input() {
    let app = TestApp::start().await;
    let mut tried = 0;
    for name in names() {
        let mutation = Mutation::of(&app, &name).await;
        let sender = mutation.sender(&app);
        let before = app.database().inspect().counts();
        let mut good = mutation.input.clone();
        good["idempotencyKey"] = json!(name);
        let mut bad: Vec<(String, Value)> = [json!(null), json!([]), json!({}), json!("x"), json!(1), json!([[]])]
            .into_iter()
            .map(|input| (input.to_string(), input))
            .collect();
        let mut unknown = good.clone();
        unknown["unknownField"] = json!(1);
        bad.push(("an unknown field".to_owned(), unknown));
        for way in ways(&good, "") {
            let was = good.pointer(&way).unwrap();
            let wrong: &[Value] = match was {
                Value::String(_) => {
                    &[json!("a\0b"), json!("x".repeat(50_000)), json!({"a": 1}), json!(7), json!([null])]
                }
                Value::Bool(_) => &[json!("x"), json!(1), json!({"a": 1})],
                _ => &[json!("x"), json!(true), json!({"a": 1})],
            };
            for value in wrong {
                let mut input = good.clone();
                *input.pointer_mut(&way).unwrap() = value.clone();
                bad.push((format!("{way} is {value:.40}"), input));
            }
        }
        for (what, input) in bad {
            let reply = mutation.raw(&sender, &input).await;
            let told = mutation.told(&reply);
            assert!(told.is_err(), "{name} took {what}: {reply:?}");
            tried += 1;
        }
        assert_eq!(app.database().inspect().counts(), before, "{name}");
        // The control: the good input is good.
        assert_eq!(mutation.told(&mutation.raw(&sender, &good).await), Ok(()), "{name}");
    }
    assert!(tried >= 200, "{tried}");
}
