//! The documents of the API: committed, fresh, and kind to the generators that read them.
//!
//! The rules are those of `facts/ecosystem.md` §2.6, each learned from a generator that stumbled.

use std::collections::{BTreeMap, BTreeSet};

use dolen_api::{graphql, openapi};
use dolen_tests::binary::root;
use dolen_tests::writes::WITHOUT_KEY;
use serde_json::{Value, json};

/// Words that are taken in some language clients are generated for.
const TAKEN: &[&str] = &[
    "Case",
    "Class",
    "Error",
    "Object",
    "Default",
    "Exception",
    "Enum",
    "Event",
    "Function",
    "Import",
    "Interface",
    "Map",
    "Module",
    "None",
    "Null",
    "Number",
    "Package",
    "Public",
    "Record",
    "Return",
    "Set",
    "String",
    "Switch",
    "Type",
    "Union",
    "Void",
];

/// What an operation's name begins with.
const VERBS: &[&str] = &[
    "accept",
    "acknowledge",
    "add",
    "agree",
    "answer",
    "assess",
    "begin",
    "change",
    "check",
    "close",
    "complete",
    "confirm",
    "consent",
    "copy",
    "create",
    "deactivate",
    "decide",
    "decline",
    "discard",
    "download",
    "end",
    "extend",
    "gather",
    "get",
    "hand",
    "hold",
    "invite",
    "limit",
    "list",
    "move",
    "open",
    "pause",
    "place",
    "print",
    "prove",
    "publish",
    "record",
    "redirect",
    "refer",
    "release",
    "replace",
    "reopen",
    "request",
    "reset",
    "review",
    "rotate",
    "run",
    "send",
    "set",
    "sign",
    "start",
    "submit",
    "take",
    "void",
    "withdraw",
];

/// Operations whose 400 and 401 follow RFC 6749 §5.2, because every OAuth library expects them so, and whose form may
/// hold more than is known (§3.2).
const OAUTH: &str = "create_token";

/// The one operation whose answer is whatever kind of file somebody kept: generators make bytes of it.
const DOWNLOAD: &str = "get_case_document_content";

/// Operations for people and systems who are not signed in.
const PUBLIC: &[&str] = &["create_token", "get_jwks", "create_session"];

fn document() -> Value {
    serde_json::to_value(openapi::document()).unwrap()
}

#[test]
fn the_committed_documents_are_fresh() {
    for (file, text, command) in [
        ("openapi.json", openapi::text_31(), "cargo run -- openapi > openapi/openapi.json"),
        ("openapi-3.0.json", openapi::text_30(), "cargo run -- openapi --v30 > openapi/openapi-3.0.json"),
        ("schema.graphql", graphql::sdl(), "cargo run -- graphql-schema > openapi/schema.graphql"),
    ] {
        let committed = std::fs::read_to_string(root().join("openapi").join(file)).unwrap_or_default();
        let fresh = committed.trim_end() == text.trim_end();
        assert!(fresh, "openapi/{file} is not what the code makes; make it again:\n\n    {command}\n");
    }
}

/// Every operation: its method, its path, itself.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if ["get", "put", "post", "delete", "options", "head", "patch", "trace"].contains(&method.as_str()) {
                found.push((method.clone(), path.clone(), operation));
            }
        }
    }
    found
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// What is wrong with the document's head.
fn head(document: &Value) -> Vec<String> {
    let info = &document["info"];
    let mut wrong = Vec::new();
    let mut need = |good: bool, what: &str| {
        if !good {
            wrong.push(what.to_owned());
        }
    };
    need(!text(info, "title").is_empty() && !text(info, "description").is_empty(), "info has no title or description");
    need(!text(&info["license"], "name").is_empty(), "the license has no name");
    need(text(&info["license"], "identifier") == "EUPL-1.2", "the license has no SPDX identifier");
    need(!text(&info["contact"], "name").is_empty(), "there is no contact");
    need(document["servers"].as_array().is_some_and(|s| !s.is_empty()), "there are no servers");
    wrong
}

/// What is wrong with an operation by itself.
fn operation(method: &str, path: &str, operation: &Value) -> Vec<String> {
    let id = text(operation, "operationId");
    let mut wrong = Vec::new();
    let mut need = |good: bool, what: String| {
        if !good {
            wrong.push(format!("{method} {path}: {what}"));
        }
    };
    let snake = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let (verb, noun) = id.split_once('_').unwrap_or((id, ""));
    need(snake && VERBS.contains(&verb) && !noun.is_empty(), format!("`{id}` is not verb_noun"));
    need(operation["tags"].as_array().is_some_and(|t| t.len() == 1), "not exactly one tag".to_owned());
    need(!text(operation, "summary").is_empty(), "no summary".to_owned());
    let secured = operation["security"].as_array().is_some_and(|s| !s.is_empty());
    need(secured != PUBLIC.contains(&id), "who may call it is not said".to_owned());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        need(
            !text(parameter, "description").is_empty(),
            format!("the parameter {} has no description", parameter["name"]),
        );
    }
    let keyed = operation["parameters"].as_array().is_some_and(|p| p.iter().any(|p| p["name"] == "Idempotency-Key"));
    let keeps_nothing = WITHOUT_KEY.iter().any(|(without, _)| *without == id);
    let writes = method == "post" && !PUBLIC.contains(&id) && !keeps_nothing;
    need(keyed == writes, "a POST takes an Idempotency-Key, and nothing else does".to_owned());
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        need(!text(response, "description").is_empty(), format!("{status} has no description"));
        let content: Vec<(&String, &Value)> = response["content"].as_object().into_iter().flatten().collect();
        if status.starts_with(['4', '5']) && !(id == OAUTH && ["400", "401"].contains(&status.as_str())) {
            let problem = content.len() == 1
                && content[0].0 == "application/problem+json"
                && content[0].1["schema"]["$ref"] == "#/components/schemas/Problem";
            need(problem, format!("{status} is not the one problem"));
        } else {
            need(content.len() <= 1 || id == DOWNLOAD, format!("{status} has several media types"));
        }
        for (_, media) in content {
            need(media["schema"]["type"] != "array", format!("{status} is a bare list"));
        }
    }
    let ok = operation["responses"].as_object().is_some_and(|r| r.keys().any(|s| s.starts_with('2')));
    need(ok, "no answer when all is well".to_owned());
    wrong
}

/// What is wrong with the names of operations together.
fn names(document: &Value) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = operations(document);
    let twice = all.iter().filter(|(_, _, o)| !seen.insert(text(o, "operationId").to_owned()));
    twice.map(|(_, _, o)| format!("two operations are named {}", o["operationId"])).collect()
}

/// The schemas that a value refers to, and those they refer to.
fn reached(document: &Value, from: &Value, found: &mut BTreeSet<String>) {
    match from {
        Value::Array(items) => items.iter().for_each(|i| reached(document, i, found)),
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next())
                && found.insert(name.to_owned())
            {
                reached(document, &document["components"]["schemas"][name], found);
            }
            map.values().for_each(|v| reached(document, v, found));
        }
        _ => {}
    }
}

/// Every object within, with the way to it.
fn objects<'a>(value: &'a Value, way: &str, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, i)| objects(i, &format!("{way}/{n}"), found)),
        Value::Object(map) => {
            found.push((way.to_owned(), value));
            map.iter().for_each(|(key, inner)| objects(inner, &format!("{way}/{key}"), found));
        }
        _ => {}
    }
}

/// What is wrong with the schemas.
fn schemas(document: &Value) -> Vec<String> {
    let all: BTreeMap<&String, &Value> = document["components"]["schemas"].as_object().unwrap().iter().collect();
    let mut wrong: Vec<String> =
        all.keys().filter(|n| TAKEN.contains(&n.as_str())).map(|n| format!("the name {n} is taken")).collect();
    let (mut asked, mut used) = (BTreeSet::new(), BTreeSet::new());
    for (_, _, operation) in operations(document) {
        reached(document, operation, &mut used);
        if operation["operationId"] != OAUTH {
            reached(document, &operation["requestBody"], &mut asked);
        }
    }
    for (name, schema) in &all {
        if asked.contains(*name) && schema["type"] == "object" && schema["additionalProperties"] != false {
            wrong.push(format!("{name} comes in and allows fields it does not know"));
        }
        if !used.contains(*name) {
            wrong.push(format!("{name} is used nowhere"));
        }
        if text(schema, "description").is_empty() {
            wrong.push(format!("{name} has no description"));
        }
    }
    let mut inside = Vec::new();
    objects(&document["components"], "components", &mut inside);
    objects(&document["paths"], "paths", &mut inside);
    for (way, object) in inside {
        let null = |v: &Value| v["type"] == "null";
        for choice in ["oneOf", "anyOf"] {
            if object[choice].as_array().is_some_and(|c| c.iter().any(null)) {
                wrong.push(format!("{way}: {choice} with null"));
            }
        }
        if object.get("allOf").is_some() {
            wrong.push(format!("{way}: allOf"));
        }
    }
    wrong
}

/// Everything that is wrong.
fn complaints(document: &Value) -> Vec<String> {
    let mut wrong = head(document);
    wrong.extend(names(document));
    wrong.extend(schemas(document));
    wrong.extend(operations(document).iter().flat_map(|(m, p, o)| operation(m, p, o)));
    wrong
}

#[test]
fn generators_can_read_the_document() {
    let wrong = complaints(&document());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn each_rule_notices_what_breaks_it() {
    let problem = "application~1problem+json";
    let referral = "/components/schemas/NewReferral";
    let post = "/paths/~1v1~1referrals/post";
    let cases: Vec<(String, Value, &str)> = vec![
        ("/info/license/identifier".into(), Value::Null, "SPDX"),
        ("/info/contact".into(), Value::Null, "contact"),
        ("/servers".into(), json!([]), "servers"),
        (format!("{post}/operationId"), json!("openReferral"), "verb_noun"),
        (format!("{post}/operationId"), json!("list_referrals"), "two operations"),
        (format!("{post}/tags"), json!(["a", "b"]), "one tag"),
        (format!("{post}/security"), json!([]), "who may call"),
        (format!("{post}/parameters"), json!([]), "Idempotency-Key"),
        (format!("{post}/responses/201/description"), json!(""), "201 has no description"),
        (format!("{post}/responses/422/content"), json!({"application/json": {}}), "422 is not the one problem"),
        (format!("{post}/responses/422/content/{problem}/schema"), json!({"type": "object"}), "422 is not the one"),
        (format!("{post}/responses/201/content/application~1json/schema"), json!({"type": "array"}), "bare list"),
        (format!("{referral}/additionalProperties"), Value::Null, "NewReferral comes in"),
        ("/components/schemas/NewPupil/additionalProperties".into(), json!(true), "NewPupil comes in"),
        ("/components/schemas/School/description".into(), json!(""), "School has no description"),
        (format!("{referral}/properties/need"), json!({"oneOf": [{"type": "null"}, {}]}), "oneOf with null"),
        (format!("{referral}/properties/need"), json!({"allOf": []}), "allOf"),
    ];
    for (place, value, expected) in cases {
        let mut document = document();
        *document.pointer_mut(&place).unwrap_or_else(|| panic!("{place} is not there")) = value;
        let wrong = complaints(&document);
        assert!(wrong.iter().any(|w| w.contains(expected)), "{place}: {wrong:?}");
    }
    let mut document = document();
    document["components"]["schemas"]["Case"] = json!({"type": "object", "description": "x"});
    let wrong = complaints(&document);
    assert!(wrong.contains(&"the name Case is taken".to_owned()) && wrong.contains(&"Case is used nowhere".to_owned()));
}

#[test]
fn the_older_document_is_of_its_version() {
    let older: Value = serde_json::from_str(&openapi::text_30()).unwrap();
    assert_eq!(older["openapi"], "3.0.3");
    let mut inside = Vec::new();
    objects(&older, "", &mut inside);
    for (way, object) in inside {
        assert!(!object["type"].is_array() && object["type"] != "null", "{way}: a type of 3.1");
        assert!(object.get("const").is_none() && object.get("prefixItems").is_none(), "{way}: a word of 3.1");
    }
}
