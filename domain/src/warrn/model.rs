//! What a WARRN record is, and what its readers see.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::{PersonId, RecipientId, Reference, SchoolId, SchoolNumber, Utc, WarrnId, text_enum};
use crate::notices::Recipient;
use crate::pupils::{NewPupil, PupilIdentity};

use super::returns::Source;

text_enum! {
    /// Which of the two parts a recipient stands for (`seeds/003`: "School Designated Safeguarding Officer and LA
    /// Education Team, for attention of the School Educational Psychologist").
    pub enum Part {
        /// The school's designated safeguarding person.
        Dsp = "dsp",
        /// The school's educational psychologist.
        Ep = "ep",
    }
}

/// One section of the summary. No `Debug` of the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading's code.
    pub heading: String,
    /// The text below it.
    pub text: String,
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Section(…)")
    }
}

/// What is sealed: the child as the sender named them, and the summary. No `Debug` of it.
///
/// The name is kept here too, beside the child's own row: a slip in a pupil number must not put another child's name
/// on the record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The child.
    pub pupil: PupilIdentity,
    /// The summary.
    pub summary: Vec<Section>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(…)")
    }
}

/// A record as it is sent.
#[derive(Debug, Clone)]
pub struct SendWarrn {
    /// The child's school.
    pub school: SchoolNumber,
    /// The child.
    pub pupil: NewPupil,
    /// The information-sharing agreement under which it is sent (WASPI, `facts/domain.md` §12), 1 to 100 characters.
    pub agreement: String,
    /// Where it came from; another worker of health when it is not said.
    pub source: Option<Source>,
    /// The day the sender had it; today when it is not said.
    pub received_on: Option<NaiveDate>,
    /// The day the child is expected back.
    pub expected_return_on: Option<NaiveDate>,
    /// The summary: at least one section, each heading at most once.
    pub summary: Vec<Section>,
}

/// Someone named in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRecipient {
    /// The row's id.
    pub id: RecipientId,
    /// For which part.
    pub part: Part,
    /// How they came to be named: 0 first, 1 as the deputy of who was late, 2 as the authority's safeguarding lead.
    pub stage: i64,
    /// Who.
    pub to: Recipient,
    /// Since when they may know.
    pub begins_at: Utc,
    /// Until when, if it has ended.
    pub ends_at: Option<Utc>,
    /// By when they must have acknowledged.
    pub due_at: Utc,
    /// When they did.
    pub acknowledged_at: Option<Utc>,
    /// Who did, for them.
    pub acknowledged_by: Option<PersonId>,
    /// When a deputy was named because they had not.
    pub escalated_at: Option<Utc>,
}

impl NamedRecipient {
    /// Whether they were named when another was late.
    #[must_use]
    pub const fn is_deputy(&self) -> bool {
        self.stage > 0
    }

    /// Whether they may know at this instant.
    #[must_use]
    pub fn in_force(&self, now: Utc) -> bool {
        self.begins_at <= now && self.ends_at.is_none_or(|end| now < end)
    }
}

/// A record without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarrnEnvelope {
    /// Its id.
    pub id: WarrnId,
    /// Its public reference.
    pub reference: Reference,
    /// The child's school.
    pub school: SchoolId,
    /// The information-sharing agreement.
    pub agreement: String,
    /// The day the child is expected back.
    pub expected_return_on: Option<NaiveDate>,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// When it came.
    pub received_at: Utc,
    /// When it was closed.
    pub closed_at: Option<Utc>,
}

/// What a sender is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The record.
    pub record: WarrnEnvelope,
    /// Exactly who was told, one for each part.
    pub recipients: Vec<NamedRecipient>,
}

/// How the caller's part of a record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mine {
    /// The part.
    pub part: Part,
    /// By when it must be acknowledged.
    pub due_at: Utc,
    /// When the part was acknowledged, by whomever of it.
    pub acknowledged_at: Option<Utc>,
}

/// What an acknowledgement left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// The record's version now.
    pub version: i64,
    /// When the caller's part was acknowledged: now, or before when it already was.
    pub at: Utc,
}
