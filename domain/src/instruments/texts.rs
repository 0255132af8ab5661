//! What may be wrong with the texts of a definition whoever reads them: characters nobody could see, and too many of them. Pure.

use serde_json::Value;

use crate::kernel::Bilingual;

use super::flaws::{Flaw, FlawKind};
use super::model::{Choice, Definition, Options, Wording};

/// Longest title of a questionnaire and longest answer, in characters: as a campaign's title. What ships is far below.
const LONGEST_TITLE: usize = 200;
/// Longest question, in characters: a child reads it from one screen (our own proposal; the longest that ships has 139).
const LONGEST_QUESTION: usize = 500;
/// Longest definition of bullying, in characters: twice a question (our own proposal; the longest that ships has 262).
const LONGEST_DEFINITION: usize = 1000;

/// The texts that are too long, and those with control characters.
pub(super) fn flaws(definition: &Definition) -> Vec<Flaw> {
    let mut long = Vec::new();
    let mut look = |place: &str, wording: &Wording, longest| {
        let mut one = |place: String, text: &Bilingual| {
            if [&text.cy, &text.en].iter().any(|half| half.chars().count() > longest) {
                long.push(Flaw { place, kind: FlawKind::TooLong });
            }
        };
        match wording {
            Wording::Common(text) => one(place.to_owned(), text),
            Wording::Banded(texts) => texts.iter().for_each(|(band, text)| one(format!("{place}/{band}"), text)),
        }
    };
    look("title", &Wording::Common(definition.title.clone()), LONGEST_TITLE);
    look("definition", &definition.definition, LONGEST_DEFINITION);
    for question in &definition.questions {
        look(&question.code, &question.text, LONGEST_QUESTION);
    }
    for (place, choice) in choices(definition) {
        look(&place, &choice.label, LONGEST_TITLE);
    }
    let odd = control_characters(definition).into_iter();
    let odd = odd.map(|at| Flaw { place: at.trim_start_matches('/').to_owned(), kind: FlawKind::BadCharacter });
    odd.chain(long).collect()
}

/// The places of answers that have no symbol of their own: no flaw, but a small child looks for one.
#[must_use]
pub fn without_symbol(definition: &Definition) -> Vec<String> {
    choices(definition).filter(|(_, choice)| choice.symbol.is_none()).map(|(place, _)| place).collect()
}

/// Every answer with its place: those of shared sets once.
fn choices(definition: &Definition) -> impl Iterator<Item = (String, &Choice)> {
    let shared = definition.sets.iter().map(|(name, choices)| (format!("sets/{name}"), choices));
    let own = definition.questions.iter().filter_map(|question| match &question.options {
        Options::Own(choices) => Some((format!("{}/options", question.code), choices)),
        Options::Shared(_) => None,
    });
    shared
        .chain(own)
        .flat_map(|(place, choices)| choices.iter().map(move |choice| (format!("{place}/{}", choice.code), choice)))
}

/// JSON pointers to the texts no database can store, and that no reader could see: those with control characters.
pub(super) fn control_characters(definition: &Definition) -> Vec<String> {
    let mut places = Vec::new();
    if let Ok(value) = serde_json::to_value(definition) {
        walk(&value, "", &mut places);
    }
    places
}

fn walk(value: &Value, at: &str, places: &mut Vec<String>) {
    match value {
        Value::String(text) if is_odd(text) => places.push(at.to_owned()),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| walk(item, &format!("{at}/{i}"), places));
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                // The name itself may be what is odd, and is not told then.
                if is_odd(name) {
                    places.push(at.to_owned());
                } else {
                    walk(item, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), places);
                }
            }
        }
        _ => {}
    }
}

fn is_odd(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::service::BUILTIN;
    use crate::instruments::{Layout, check};

    fn shipped(version: usize) -> Definition {
        serde_json::from_str(BUILTIN[version - 1]).unwrap()
    }

    fn found(definition: &Definition) -> Vec<(String, FlawKind)> {
        check(definition).into_iter().map(|flaw| (flaw.place, flaw.kind)).collect()
    }

    #[test]
    fn control_characters_are_found_where_they_stand() {
        let mut definition = shipped(1);
        definition.title.cy = "Arolwg\nbwlio".into();
        assert_eq!(found(&definition), [], "a line may be broken");
        definition.title.cy = "Arolwg\0".into();
        definition.questions[1].text = Wording::Common(Bilingual { cy: "a".into(), en: "b\u{7}".into() });
        let expected = ["questions/1/text/en", "title/cy"].map(|place| (place.to_owned(), FlawKind::BadCharacter));
        assert_eq!(found(&definition), expected);
        // What was published before this was looked for is read as it was.
        assert!(Layout::of(&definition).is_ok());
    }

    #[test]
    fn a_text_has_an_end() {
        let mut definition = shipped(2);
        let of = |n: usize| Bilingual { cy: "ŵ".repeat(n), en: "w".into() };
        definition.title = of(200);
        definition.questions[0].text = Wording::Common(of(500));
        definition.definition = Wording::Common(of(1000));
        definition.sets.get_mut("there_is").unwrap()[0].label = Wording::Common(of(200));
        assert_eq!(found(&definition), []);
        definition.title = of(201);
        definition.questions[0].text = Wording::Common(of(501));
        definition.definition = Wording::Common(of(1001));
        definition.sets.get_mut("there_is").unwrap()[0].label = Wording::Common(of(201));
        let expected = ["title", "definition", "safe_school", "sets/there_is/yes"];
        assert_eq!(found(&definition), expected.map(|place| (place.to_owned(), FlawKind::TooLong)));
        assert!(Layout::of(&definition).is_ok());
    }

    #[test]
    fn a_version_counts_from_one() {
        for version in [0, -1] {
            let definition = Definition { version, ..shipped(2) };
            assert_eq!(found(&definition), [("version".to_owned(), FlawKind::BadVersion)]);
        }
    }

    #[test]
    fn an_answer_without_a_symbol_is_no_flaw() {
        let mut definition = shipped(2);
        assert_eq!(without_symbol(&definition), Vec::<String>::new());
        definition.sets.get_mut("there_is").unwrap()[0].symbol = None;
        assert_eq!(without_symbol(&definition), ["sets/there_is/yes"]);
        assert_eq!(found(&definition), []);
        assert!(without_symbol(&shipped(1)).len() > 10);
    }
}
