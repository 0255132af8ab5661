//! A concern, and what is counted until there is one.

use chrono::NaiveDate;

use crate::kernel::{CampaignId, ConcernId, PersonId, Reference, SchoolId, Utc, YearGroup};

/// Among whom the words were written: the smallest group that still hides who.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// In this class.
    Class(YearGroup, String),
    /// In one of this year group's classes of which few answered.
    Year(YearGroup),
    /// In one of the school's classes of which few answered.
    School,
}

impl Scope {
    /// A word for the record, which names no class.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Class(..) => "class",
            Self::Year(_) => "year group",
            Self::School => "school",
        }
    }
}

/// Help words were written in a class on a day. One however many wrote some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// Its id.
    pub id: ConcernId,
    /// Its reference, which messages quote.
    pub reference: Reference,
    /// The campaign.
    pub campaign: CampaignId,
    /// The school.
    pub school: SchoolId,
    /// Among whom.
    pub scope: Scope,
    /// On which day.
    pub day: NaiveDate,
    /// Who has taken it up, and when.
    pub acknowledged: Option<(PersonId, Utc)>,
}

/// What is known of a class's day: how many answered since it was looked at, and whether any of them wrote help words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ClassDay {
    pub year_group: YearGroup,
    pub class: String,
    pub day: NaiveDate,
    pub answered: i64,
    pub help: bool,
}
