//! A campaign.

use chrono::NaiveDate;

use crate::kernel::{Bilingual, CampaignId, InstrumentId, SchoolId, SchoolNumber, Utc};

/// Where today lies relative to a campaign's first and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Before the first day.
    Ahead,
    /// From the first day to the last, both included.
    Open,
    /// After the last day.
    Over,
}

/// A survey campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// The questionnaire asked.
    pub instrument: InstrumentId,
    /// The academic year, such as `2026/27`.
    pub academic_year: String,
    /// Its name.
    pub title: Bilingual,
    /// The first day answers are taken.
    pub opens_on: NaiveDate,
    /// The last day answers are taken.
    pub closes_on: NaiveDate,
    /// Its version, for entity tags.
    pub version: i64,
    /// When it was made.
    pub created_at: Utc,
}

impl Campaign {
    /// Where a day lies relative to the window.
    #[must_use]
    pub fn window(&self, today: NaiveDate) -> Window {
        if today < self.opens_on {
            Window::Ahead
        } else if today <= self.closes_on {
            Window::Open
        } else {
            Window::Over
        }
    }
}

/// Which schools take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchoolsIn {
    /// Every school that is open on the first day.
    AllOpen,
    /// These, each with the number of pupils on roll when known.
    Listed(Vec<(SchoolNumber, Option<i64>)>),
}

/// A campaign to make.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    /// The questionnaire's code; its newest version is taken.
    pub instrument: String,
    /// The academic year, such as `2026/27`.
    pub academic_year: String,
    /// Its name.
    pub title: Bilingual,
    /// The first day answers are taken.
    pub opens_on: NaiveDate,
    /// The last day answers are taken.
    pub closes_on: NaiveDate,
    /// Which schools take part.
    pub schools: SchoolsIn,
}

/// How far a school is. How many answered, never what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its id.
    pub school: SchoolId,
    /// Its number.
    pub number: SchoolNumber,
    /// Its name.
    pub name: Bilingual,
    /// Responses accepted so far.
    pub accepted: i64,
    /// Pupils on roll, when known.
    pub roll: Option<i64>,
    /// The day the school last sent something. Of pupils who answer themselves no day is kept.
    pub last_received_on: Option<NaiveDate>,
}
