//! Dates, marks, and taking a sealed value apart. Pure.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use serde_json::Value;

use crate::kernel::{Bilingual, pair};

/// By when a request is answered: one calendar month, or the month's last day where it has no such day
/// (UK GDPR article 12(3); `facts/domain.md` §12).
#[must_use]
pub fn due_on(received: NaiveDate) -> NaiveDate {
    received.checked_add_months(Months::new(1)).unwrap_or(received)
}

/// The name of where a piece was found. Welsh awaits a translator's review.
#[must_use]
pub fn source_name(table: &str) -> Bilingual<&'static str> {
    match table {
        "referrals" => pair("Atgyfeiriad", "Referral"),
        "warrn_records" => pair("Cofnod WARRN", "WARRN record"),
        "provisions" => pair("Darpariaeth arbennig", "Special provision"),
        "provision_notes" => pair("Nodyn ar ddarpariaeth arbennig", "Note on special provision"),
        "warrn_steps" => pair("Cam dychwelyd i'r ysgol", "Step of a return to school"),
        "case_events" => pair("Nodyn", "Note"),
        "case_people" => pair("Person o amgylch y plentyn", "Person around the child"),
        "case_tasks" => pair("Tasg", "Task"),
        "case_documents" => pair("Dogfen", "Document"),
        _ => pair("Cofnod", "Record"),
    }
}

/// The parts of a value, each with its path. The child's own identity within a record is left out: it is given whole,
/// once, at the head of the bundle.
pub(super) fn leaves(value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect("", value, &mut found);
    found
}

fn collect(path: &str, value: &Value, found: &mut Vec<(String, String)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") };
    match value {
        Value::Null => {}
        Value::Object(map) => {
            for (key, inner) in map.iter().filter(|(key, _)| !path.is_empty() || *key != "pupil") {
                collect(&below(key), inner, found);
            }
        }
        Value::Array(list) => {
            for (number, inner) in list.iter().enumerate() {
                collect(&below(&(number + 1).to_string()), inner, found);
            }
        }
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        Value::Bool(_) | Value::Number(_) => found.push((path.to_owned(), value.to_string())),
    }
}

/// The words a text is made of, small.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2).map(str::to_lowercase)
}

/// The parts of people's names that a text is searched for.
pub(super) fn name_words<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    names.flat_map(words).collect()
}

/// Whether a text names one of them.
pub(super) fn names_any(text: &str, names: &BTreeSet<String>) -> bool {
    words(text).any(|word| names.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_calendar_month() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        assert_eq!(due_on(day(3, 2)), day(4, 2));
        assert_eq!(due_on(day(1, 31)), day(2, 28));
    }

    #[test]
    fn every_part_of_a_value_is_found_but_the_childs_own_name() {
        let value = serde_json::json!({
            "pupil": { "given_name": "Own" }, "need": "a", "consent": { "by": "b", "pupil": "c", "n": 1 }, "none": null,
            "summary": [{ "text": "d" }],
        });
        let texts: Vec<String> = leaves(&value).into_iter().map(|(path, text)| format!("{path}={text}")).collect();
        assert_eq!(texts, ["consent/by=b", "consent/n=1", "consent/pupil=c", "need=a", "summary/1/text=d"]);
        assert_eq!(leaves(&Value::String("x".to_owned())), [(String::new(), "x".to_owned())]);
    }

    #[test]
    fn names_are_whole_words_in_any_case() {
        let names = name_words(["Mrs Aunt Example-Smith"].into_iter());
        assert!(names_any("spoke to EXAMPLE's aunt", &names) && names_any("Smith said", &names));
        assert!(!names_any("for example, auntie and smithy", &name_words(["Aunt Smith"].into_iter())));
        assert!(!names_any("of an", &name_words(["An Of"].into_iter())), "words of two letters are no names");
    }
}
