//! One response, from JSON or from the fields of a table.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::instruments::{Answer, Layout};
use crate::kernel::{FaultCode, YearGroup, clean_text};

use super::super::model::PackedRow;
use super::{Refusal, RowFault};

/// Longest row key, in characters.
const LONGEST_KEY: usize = 128;

/// A question's code and its answer.
pub(super) type Given<'a> = (Cow<'a, str>, Answer<'a>);

/// Reads `{"year_group": 7, "row_key": "…", "answers": {"question": "option" or ["option", …]}}`.
///
/// An unknown field is not named in the fault: a sender's slip may have put a child's name there.
pub(super) fn from_json(text: &[u8], layout: &Layout) -> Result<PackedRow, Refusal> {
    if memchr::memchr(0, text).is_some() {
        return Err(Refusal::whole(FaultCode::BadCharacter));
    }
    let text = std::str::from_utf8(text).map_err(|_| Refusal::whole(FaultCode::BadEncoding))?;
    // The parser stops at 128 levels, so no nesting exhausts the stack.
    let Node::Object(fields) = serde_json::from_str(text).map_err(|_| Refusal::whole(FaultCode::BadFormat))? else {
        return Err(Refusal::whole(FaultCode::WrongType));
    };
    let mut faults: Vec<RowFault> = Vec::new();
    let (mut year, mut key, mut answers) = (None, None, None);
    for (name, value) in fields {
        let place = match name.as_ref() {
            "year_group" => &mut year,
            "row_key" => &mut key,
            "answers" => &mut answers,
            _ => {
                faults.push((None, FaultCode::UnknownField));
                continue;
            }
        };
        if place.replace(value).is_some() {
            faults.push((Some(name.into_owned()), FaultCode::Duplicate));
        }
    }
    let year = match year {
        None => Err(FaultCode::Missing),
        Some(Node::Whole(n)) => Ok(n),
        Some(_) => Err(FaultCode::WrongType),
    };
    let key = match key {
        None => Ok(None),
        Some(Node::Text(text)) => Ok(Some(text)),
        Some(_) => Err(FaultCode::WrongType),
    };
    let answers = match answers {
        Some(Node::Object(answers)) => answers.into_iter().map(|(code, node)| (code, node.answer())).collect(),
        Some(_) => {
            faults.push((Some("answers".to_owned()), FaultCode::WrongType));
            Vec::new()
        }
        None => {
            faults.push((Some("answers".to_owned()), FaultCode::Missing));
            Vec::new()
        }
    };
    assemble(layout, year, key, &answers, faults)
}

/// Checks the parts of a row together and packs them.
pub(super) fn assemble(
    layout: &Layout,
    year: Result<i64, FaultCode>,
    key: Result<Option<Cow<'_, str>>, FaultCode>,
    answers: &[Given<'_>],
    mut faults: Vec<RowFault>,
) -> Result<PackedRow, Refusal> {
    let year = year.and_then(YearGroup::new).and_then(|y| Ok((y, layout.band(y).ok_or(FaultCode::OutOfRange)?)));
    let key = key.and_then(|key| key.map(|text| clean_key(&text)).transpose());
    let band = year.ok().map(|(_, band)| band);
    let packed = match year {
        Ok((year, band)) => match layout.pack(band, answers) {
            Ok(packed) => Some((year, packed)),
            Err(misfits) => {
                faults.extend(misfits.into_iter().map(|(question, code)| (Some(question), code)));
                None
            }
        },
        Err(code) => {
            faults.push((Some("year_group".to_owned()), code));
            None
        }
    };
    let key = key.unwrap_or_else(|code| {
        faults.push((Some("row_key".to_owned()), code));
        None
    });
    match packed {
        Some((year_group, answers)) if faults.is_empty() => Ok(PackedRow { year_group, answers, key }),
        _ => Err(Refusal { faults, band }),
    }
}

fn clean_key(raw: &str) -> Result<String, FaultCode> {
    let key = clean_text(raw)?;
    match key.chars().count() {
        0 => Err(FaultCode::Missing),
        1..=LONGEST_KEY => Ok(key),
        _ => Err(FaultCode::TooLong),
    }
}

/// A JSON value, as far as a response goes. Objects keep repeated names, so that they can be refused.
enum Node<'a> {
    Text(Cow<'a, str>),
    Whole(i64),
    List(Vec<Node<'a>>),
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
    Other,
}

impl<'a> Node<'a> {
    fn answer(self) -> Answer<'a> {
        let text = |node| if let Node::Text(text) = node { Some(text) } else { None };
        match self {
            Self::Text(text) => Answer::One(text),
            Self::List(nodes) => nodes.into_iter().map(text).collect::<Option<_>>().map_or(Answer::Other, Answer::Many),
            Self::Whole(_) | Self::Object(_) | Self::Other => Answer::Other,
        }
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Nodes)
    }
}

/// Builds [`Node`]s.
struct Nodes;

impl<'de> Visitor<'de> for Nodes {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_i64<E>(self, n: i64) -> Result<Self::Value, E> {
        Ok(Node::Whole(n))
    }
    fn visit_u64<E>(self, n: u64) -> Result<Self::Value, E> {
        Ok(Node::Whole(i64::try_from(n).unwrap_or(i64::MAX)))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Node::Other)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Node::Other)
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Other)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, value)) = map.next_entry::<Node<'de>, Node<'de>>()? {
            // JSON names are always text.
            if let Node::Text(name) = name {
                fields.push((name, value));
            }
        }
        Ok(Node::Object(fields))
    }
}
