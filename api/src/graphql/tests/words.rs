//! One answer by GraphQL and by REST, in the same words.

use serde_json::{Value, json};

/// Fields that hold a word of a list, or several.
const WORDS: &[&str] = &[
    "kind",
    "relation",
    "reason",
    "scan",
    "part",
    "state",
    "step",
    "source",
    "outcome",
    "outcomes",
    "possible",
    "waiting",
    "attendance",
    "who",
];

/// GraphQL's answer as REST would give it: its names of fields and words of lists, and nothing where there is nothing.
pub fn in_words_of_rest(value: &Value) -> Value {
    alike(value, &|name| if name == "serviceCode" { "service".to_owned() } else { snake(name) })
}

/// REST's answer, to be compared with that: without what only addresses and versions say.
pub fn rests(value: &Value) -> Value {
    alike(value, &str::to_owned)
}

fn snake(name: &str) -> String {
    name.chars()
        .flat_map(|c| if c.is_ascii_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
        .collect()
}

fn alike(value: &Value, called: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| alike(item, called)).collect(),
        Value::Object(map) => {
            let told = map.iter().filter(|(_, v)| !v.is_null() && **v != json!([]));
            let one = |(name, value): (&String, &Value)| {
                let name = called(name);
                let value = match value.as_str() {
                    Some(time) if name.ends_with("_at") || name == "at" => instant(time),
                    _ if WORDS.contains(&name.as_str()) => words(value, called),
                    _ => alike(value, called),
                };
                (name, value)
            };
            let all =
                told.map(one).filter(|(name, value)| *name != "version" && !(name == "record" && value.is_string()));
            Value::Object(all.collect())
        }
        _ => value.clone(),
    }
}

fn words(value: &Value, called: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(word) => json!(word.to_lowercase()),
        Value::Array(items) => items.iter().map(|item| words(item, called)).collect(),
        _ => alike(value, called),
    }
}

/// The two write the same instant each in its own way.
fn instant(time: &str) -> Value {
    json!(chrono::DateTime::parse_from_rfc3339(time).unwrap().timestamp_micros())
}
