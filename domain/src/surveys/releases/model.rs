//! Releases and their tables.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::directory::schools::School;
use crate::disclosure::{Breach, BroadFigure, PublishedFigure};
use crate::instruments::{Definition, Layout};
use crate::kernel::{Bilingual, CampaignId, SchoolId, YearGroup, text_enum};
use crate::surveys::campaigns::{Campaign, Rolls};
use crate::surveys::tallies::Rows;

use super::snapshot::{Masks, Snapshot};

text_enum! {
    /// How far a release is.
    pub enum State {
        /// A worker decides it.
        Deciding = "deciding",
        /// It would tell too much, or too few answers changed since the one before.
        Refused = "refused",
        /// It is out, and never changes.
        Published = "published",
    }
}

text_enum! {
    /// Why there is a release.
    pub enum Reason {
        /// The campaign's first.
        First = "first",
        /// A school sent answers later.
        LateAnswers = "late_answers",
        /// A school's answers were mended.
        MendedAnswers = "mended_answers",
        /// Rolls were mended.
        MendedRolls = "mended_rolls",
        /// Something else, which the authority tells its schools.
        Other = "other",
    }
}

text_enum! {
    /// Whose answers a table counts.
    pub enum Kind {
        /// Everybody's.
        Authority = "authority",
        /// A year group's, of all schools.
        Year = "year",
        /// A phase's.
        Phase = "phase",
        /// A cluster's.
        Cluster = "cluster",
        /// A school's.
        School = "school",
        /// A year group's of a school.
        SchoolYear = "school_year",
    }
}

/// A release, without its tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its number, from 1.
    pub number: i64,
    /// How far it is.
    pub state: State,
    /// Why it is.
    pub reason: Reason,
    /// The day it was asked for.
    pub asked_on: NaiveDate,
    /// The day it was published.
    pub published_on: Option<NaiveDate>,
    /// Why it was refused: the cell in words, with no number of anybody.
    pub refusal: Option<String>,
    /// SHA-256 of all that was published, in hexadecimal.
    pub digest: Option<String>,
}

/// A question as a release has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its code.
    pub code: String,
    /// Its options, in the order of shares.
    pub options: Vec<String>,
}

/// A question of which a release has the figures of an earlier one: since then some answers to it changed, but in some year group
/// fewer than ten, or so that both releases together would tell of few.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The question's code.
    pub question: String,
    /// The number of the release that decided its figures.
    pub release: i64,
}

/// A figure that is not what it was in the release before, was not there, or is there no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The table's code.
    pub table: String,
    /// The question's.
    pub question: String,
}

/// A large group told of broadly: pupils who say one thing of themselves, or all, in the authority or a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// Whether of the authority or of a phase.
    pub kind: Kind,
    /// Names it in its release, such as `authority/gender/girl`; the area's own code for all its pupils.
    pub code: String,
    /// The area's name.
    pub area: Bilingual,
    /// The question and the answer that the group is made by; none for all pupils.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<(String, String)>,
    /// Its figures, each with its question. [`super::ROLES`] is one of them.
    pub figures: Vec<(String, BroadFigure)>,
}

/// What stands above a release's tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The release's number.
    pub number: i64,
    /// Why it is.
    pub reason: Reason,
    /// The academic year.
    pub academic_year: String,
    /// The campaign's name.
    pub title: Bilingual,
    /// The first and the last day answers were taken.
    pub window: [NaiveDate; 2],
    /// The day it was published.
    pub published_on: NaiveDate,
    /// The questionnaire's code and version, such as `bullying/1`.
    pub instrument: String,
    /// Figures rest on so many answers at least.
    pub min_base: u64,
    /// The questions, in the order of each table's figures.
    pub questions: Vec<Asked>,
    /// What changed since the release before; nothing for the first.
    pub changed: Vec<Change>,
    /// Questions of which the figures are an earlier release's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
    /// Girls, boys and others, and the roles in bullying, of the authority and its phases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<Breakdown>,
}

/// One group's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Whose answers.
    pub kind: Kind,
    /// Names it in its release, such as `school/6764051/year/8`.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// The school's number, of a school's tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_number: Option<String>,
    /// The year group, of a year group's tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_group: Option<u8>,
    /// How many took part, where the schools and the authority know it from following the survey anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responses: Option<u32>,
    /// Pupils on roll who were asked, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll: Option<i64>,
    /// Of a school's own table: the codes of the phase and cluster it belonged to, whose tables it is shown with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// One for each question.
    pub figures: Vec<PublishedFigure>,
}

impl Table {
    /// The share of pupils on roll who took part, in per cent.
    #[must_use]
    pub fn rate(&self) -> Option<i64> {
        let roll = self.roll.filter(|r| *r > 0)?;
        Some(100 * i64::from(self.responses?) / roll)
    }
}

/// Some tables of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// What stands above them.
    pub header: Header,
    /// The tables, in order.
    pub tables: Vec<Table>,
    /// SHA-256 of the whole release, in hexadecimal.
    pub digest: String,
}

/// What a school is given of a release, and the wording of what was asked.
#[derive(Debug, Clone)]
pub struct Results {
    /// The campaign.
    pub campaign: Campaign,
    /// The school.
    pub school: School,
    /// What was asked.
    pub definition: Definition,
    /// The school's own tables first, then those it stands beside: the authority, its phase, its cluster.
    pub released: Released,
}

/// The answers of a year group of a school.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The school, by its place in [`Gathered::schools`].
    pub(super) school: usize,
    /// The year group.
    pub(super) year: YearGroup,
    /// Its answers.
    pub(super) rows: Rows,
}

/// A school that was expected.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The school.
    pub(super) school: School,
    /// Its pupils on roll.
    pub(super) rolls: Rolls,
}

/// Everything a decision needs. It holds answers, and goes no further than [`super::decide`].
#[derive(Debug)]
pub struct Gathered {
    pub(super) campaign: Campaign,
    pub(super) line: Line,
    pub(super) layout: Layout,
    pub(super) schools: Vec<Expected>,
    pub(super) cells: Vec<Cell>,
    /// The releases before, oldest first.
    pub(super) before: Vec<Earlier>,
    /// What releases of other surveys with the same questionnaire were made of.
    pub(super) others: Vec<Snapshot>,
    pub(super) snapshot: Snapshot,
    /// What the snapshots' hashes stand for.
    pub(super) masks: Masks,
    pub(super) today: NaiveDate,
}

impl Gathered {
    /// The release before.
    pub(super) fn last(&self) -> Option<&Released> {
        self.before.last().map(|before| &before.released)
    }
}

/// A release that is out.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub(super) released: Released,
    /// What it was made of.
    pub(super) snapshot: Snapshot,
}

/// What was decided.
#[derive(Debug)]
pub struct Judged {
    pub(super) line: Line,
    pub(super) outcome: Result<Released, Breach>,
    pub(super) owners: Vec<Option<SchoolId>>,
    pub(super) snapshot: Snapshot,
}
