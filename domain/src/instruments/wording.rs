//! How the texts of a definition are read: who writes one is told of every text that lacks a language, and where, so a
//! language that isn't there is read as an empty text, which [`super::check`] finds. Nothing else is forgiven.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::kernel::Bilingual;

use super::model::{Options, Wording};

/// The languages as they are written.
const LANGUAGES: &[&str] = &["cy", "en"];

/// Reads a pair of which either may be missing.
///
/// # Errors
/// What the format reports, and anything but `cy` and `en`.
pub(super) fn pair<'de, D: Deserializer<'de>>(from: D) -> Result<Bilingual, D::Error> {
    Loose::deserialize(from).map(Into::into)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Loose {
    #[serde(default)]
    cy: String,
    #[serde(default)]
    en: String,
}

impl From<Loose> for Bilingual {
    fn from(Loose { cy, en }: Loose) -> Self {
        Self { cy, en }
    }
}

/// What stands under a key of a wording: a language's text, or a band's pair.
enum Part {
    Text(String),
    Pair(Bilingual),
}

/// Reads a part; it knows its key, so that what is wrong with it is told at its place.
struct PartOf<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for PartOf<'_> {
    type Value = Part;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Part, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PartOf<'_> {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a pair of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Part, E> {
        if LANGUAGES.contains(&self.0) {
            Ok(Part::Text(text.to_owned()))
        } else {
            Err(E::unknown_field(self.0, LANGUAGES))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Part, A::Error> {
        pair(MapAccessDeserializer::new(map)).map(Part::Pair)
    }
}

impl<'de> Deserialize<'de> for Wording {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(WholeWording)
    }
}

struct WholeWording;

impl<'de> Visitor<'de> for WholeWording {
    type Value = Wording;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in cy and en, or such a text for each age band")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wording, A::Error> {
        let (mut common, mut banded) = (BTreeMap::new(), BTreeMap::new());
        while let Some(key) = map.next_key::<String>()? {
            if common.contains_key(&key) || banded.contains_key(&key) {
                return Err(A::Error::custom("a language or an age band twice"));
            }
            match map.next_value_seed(PartOf(&key))? {
                Part::Text(text) => drop(common.insert(key, text)),
                Part::Pair(texts) => drop(banded.insert(key, texts)),
            }
        }
        if common.is_empty() {
            return Ok(Wording::Banded(banded));
        }
        if !banded.is_empty() {
            return Err(A::Error::custom("either cy and en, or a text for each age band"));
        }
        let mut of = |language: &str| common.remove(language).unwrap_or_default();
        Ok(Wording::Common(Bilingual { cy: of("cy"), en: of("en") }))
    }
}

/// Told at its place too: an untagged enum would say no more than that nothing fits.
impl<'de> Deserialize<'de> for Options {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WholeOptions)
    }
}

struct WholeOptions;

impl<'de> Visitor<'de> for WholeOptions {
    type Value = Options;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a set, or a list of answers")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Options, E> {
        Ok(Options::Shared(name.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Options, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(list)).map(Options::Own)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::instruments::service::BUILTIN;
    use crate::instruments::{Definition, Flaw, FlawKind, check};

    fn shipped() -> Value {
        serde_json::from_str(BUILTIN[1]).unwrap()
    }

    fn read(definition: Value) -> Result<Definition, serde_json::Error> {
        serde_json::from_value(definition)
    }

    #[test]
    fn a_missing_language_is_found_wherever_it_is_missing_and_beside_other_flaws() {
        let mut spoilt = shipped();
        spoilt["title"] = json!({"cy": "Arolwg"});
        spoilt["definition"] = json!({"7-11": {"en": "Bullying is"}, "11-16": {"cy": "Bwlio", "en": "Bullying"}});
        spoilt["questions"][0]["text"] = json!({"en": "Do you feel safe here?"});
        spoilt["questions"][1]["trend"] = json!("safe_school");
        let mut own = spoilt["sets"]["there_is"].clone();
        own[0]["label"] = json!({"cy": "Oes"});
        spoilt["questions"][2]["options"] = own;
        let definition = read(spoilt).unwrap();
        let third = definition.questions[2].code.clone();
        let missing = |place: &str| Flaw { place: place.to_owned(), kind: FlawKind::MissingLanguage };
        let expected = [
            missing("title"),
            missing("definition/7-11"),
            missing("safe_school"),
            Flaw { place: "safe_travel/trend".into(), kind: FlawKind::SharedTrend },
            missing(&format!("{third}/options/yes")),
        ];
        assert_eq!(check(&definition), expected);
    }

    #[test]
    fn a_band_that_never_reads_a_text_has_no_half_of_it_either() {
        let mut spoilt = shipped();
        spoilt["questions"][0]["bands"] = json!(["7-11"]);
        spoilt["questions"][0]["text"] = json!({"7-11": {"cy": "Iawn?", "en": "Well?"}});
        assert_eq!(check(&read(spoilt.clone()).unwrap()), []);
        spoilt["questions"][0]["text"]["11-16"] = json!({"en": "Well?"});
        let expected = Flaw { place: "safe_school/11-16".into(), kind: FlawKind::MissingLanguage };
        assert_eq!(check(&read(spoilt).unwrap()), [expected]);
    }

    #[test]
    fn nothing_else_is_forgiven() {
        for (text, told) in [
            (json!({"cy": "a", "en": "b", "fr": "c"}), "unknown field `fr`"),
            (json!({"7-11": {"cy": "a", "fr": "b"}}), "unknown field `fr`"),
            (json!({"cy": "a", "7-11": {"cy": "a", "en": "b"}}), "either cy and en"),
            (json!({"cy": "a", "en": null}), "invalid type: null"),
            (json!({"cy": 5, "en": "b"}), "invalid type: integer"),
            (json!("a"), "invalid type: string"),
            (json!(["a", "b"]), "invalid type: sequence"),
        ] {
            let mut spoilt = shipped();
            spoilt["questions"][0]["text"] = text.clone();
            let error = read(spoilt).unwrap_err().to_string();
            assert!(error.starts_with(told), "{text}: {error}");
        }
        let twice = serde_json::from_str::<Wording>(r#"{"en": "a", "en": "b"}"#).unwrap_err().to_string();
        assert!(twice.starts_with("a language or an age band twice"), "{twice}");
        let mut spoilt = shipped();
        spoilt["questions"][0]["options"] = json!([{"code": "yes", "label": {"cy": "a"}, "x": 1}]);
        let error = read(spoilt).unwrap_err().to_string();
        assert!(error.starts_with("unknown field `x`"), "{error}");
    }

    /// A published version never changes: what was stored is read and written again byte by byte, a band called `cy` too.
    #[test]
    fn what_is_whole_is_written_again_as_it_was() {
        for text in BUILTIN {
            let stored: Value = serde_json::from_str(text).unwrap();
            let stored = serde_json::to_value(read(stored).unwrap()).unwrap().to_string();
            let again = read(serde_json::from_str(&stored).unwrap()).unwrap();
            assert_eq!(serde_json::to_value(&again).unwrap().to_string(), stored);
        }
        for text in [
            r#"{"cy":"Iawn?","en":"Well?"}"#,
            r#"{"cy":{"cy":"Iawn?","en":"Well?"},"en":{"cy":"Iawn?","en":"Well?"}}"#,
            r#"{"11-16":{"cy":"a","en":"b"},"7-11":{"cy":"c","en":"d"}}"#,
        ] {
            assert_eq!(serde_json::to_string(&serde_json::from_str::<Wording>(text).unwrap()).unwrap(), text);
        }
    }
}
