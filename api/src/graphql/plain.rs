//! Objects whose fields are there already, and the scalars and texts they are made of.

use async_graphql::{InputObject, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;
use dolen_domain::kernel::{Bilingual, Code, Result};
use serde::{Deserialize, Serialize};

/// Declares an object whose fields are there already: reading them costs nothing beyond the object itself.
macro_rules! plain {
    ($(#[$m:meta])* $v:vis struct $n:ident { $($(#[$fm:meta])* $fv:vis $f:ident: $t:ty),* $(,)? }) => {
        #[derive(async_graphql::SimpleObject)]
        $(#[$m])*
        $v struct $n { $($(#[$fm])* #[graphql(complexity = 0)] $fv $f: $t),* }
    };
}
pub(super) use plain;

plain! {
    /// A text in Welsh and English.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct BilingualText {
        /// Welsh.
        pub cy: String,
        /// English.
        pub en: String,
    }
}

impl From<Bilingual> for BilingualText {
    fn from(t: Bilingual) -> Self {
        Self { cy: t.cy, en: t.en }
    }
}

impl From<Bilingual<&'static str>> for BilingualText {
    fn from(t: Bilingual<&'static str>) -> Self {
        t.to_owned_pair().into()
    }
}

impl From<crate::rest::directory::TextView> for BilingualText {
    fn from(t: crate::rest::directory::TextView) -> Self {
        Self { cy: t.cy, en: t.en }
    }
}

/// A text in Welsh and English, coming in.
#[derive(InputObject)]
pub struct BilingualTextInput {
    /// Welsh.
    pub cy: String,
    /// English.
    pub en: String,
}

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Date(pub NaiveDate);

/// A calendar day, such as `2026-03-02` (RFC 3339, `full-date`).
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let day = match &value {
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        day.map(Self).ok_or_else(|| InputValueError::custom("a day is written as 2026-03-02"))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(text) if text.parse::<NaiveDate>().is_ok())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Reads an id. One that is none of ours is of nothing we have.
///
/// # Errors
/// [`Code::NotFound`].
pub fn known_id<T: std::str::FromStr>(id: &str) -> Result<T> {
    id.parse().map_err(|_| Code::NotFound.into())
}
