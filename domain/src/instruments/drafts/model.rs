//! Questionnaires as who manages campaigns sees them.

use crate::instruments::Definition;
use crate::kernel::{Bilingual, InstrumentId, Utc, text_enum};

text_enum! {
    /// How far a questionnaire is.
    pub enum Stage {
        /// It may be changed, and no campaign can ask it.
        Draft = "draft",
        /// Campaigns may ask it, and it never changes.
        Published = "published",
    }
}

/// A questionnaire in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id: a draft's stays when it is published.
    pub id: InstrumentId,
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: i64,
    /// Its name.
    pub title: Bilingual,
    /// How far it is.
    pub stage: Stage,
    /// Whether it ships with the service.
    pub builtin: bool,
    /// When it was published, or last changed.
    pub at: Utc,
}

/// A questionnaire with what it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub id: InstrumentId,
    /// What it asks.
    pub definition: Definition,
    /// How far it is.
    pub stage: Stage,
    /// Whether it ships with the service.
    pub builtin: bool,
    /// How often it was written; 0 once it is published.
    pub revision: i64,
    /// When it was published, or last changed.
    pub at: Utc,
}

impl Held {
    /// As a line of the list.
    #[must_use]
    pub fn line(&self) -> Line {
        Line {
            id: self.id,
            code: self.definition.code.clone(),
            version: self.definition.version,
            title: self.definition.title.clone(),
            stage: self.stage,
            builtin: self.builtin,
            at: self.at,
        }
    }
}
