//! What the authority reads.

use crate::instruments::Definition;
use crate::kernel::Bilingual;
use crate::surveys::campaigns::Campaign;
use crate::surveys::packs::{Changed, Direction, Mark, Seen};
use crate::surveys::releases::Released;

/// A count of schools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// So many.
    Number(u64),
    /// Fewer than five, or none: which schools they are could be guessed.
    Few,
}

impl Told {
    /// A count of schools, told from five on (`facts/domain.md` §5, the least count of the education statistics).
    #[must_use]
    pub fn of(schools: usize) -> Self {
        const FEWEST: usize = 5;
        match u64::try_from(schools) {
            Ok(number) if schools >= FEWEST => Self::Number(number),
            _ => Self::Few,
        }
    }
}

/// A cell of the table of schools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatCell {
    /// The question.
    pub question: String,
    /// The option that is counted.
    pub option: String,
    /// Its share, or the symbol in its place.
    pub seen: Seen,
    /// How it stands to the authority's; nothing for the authority's own.
    pub mark: Option<Mark>,
}

/// Every school beside the authority.
#[derive(Debug, Clone)]
pub struct Heat {
    /// The campaign.
    pub campaign: Campaign,
    /// What was asked.
    pub definition: Definition,
    /// The newest release, whole.
    pub released: Released,
    /// The columns: question and option.
    pub columns: Vec<(String, String)>,
}

/// How the schools took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakingPart {
    /// Schools that were asked.
    pub schools: usize,
    /// Those that say that all their answers are there.
    pub signed_off: Told,
    /// Those that had nothing to send.
    pub nil_returns: Told,
    /// Pupils who took part.
    pub responses: u64,
    /// Pupils on roll, of the schools whose roll is known.
    pub roll: Option<i64>,
    /// The share of those on roll who took part, in per cent, of the same schools.
    pub rate: Option<i64>,
}

/// How many schools stand out by a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingOut {
    /// The finding's word.
    pub finding: &'static str,
    /// The question.
    pub question: String,
    /// The option that is counted.
    pub option: &'static str,
    /// Which way is worse.
    pub worse: Direction,
    /// Schools whose whole range lies above what chance makes.
    pub above: Told,
    /// Schools whose whole range lies below it.
    pub below: Told,
    /// Schools that show a figure.
    pub of: Told,
}

/// An approach that schools take up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approached {
    /// Its word.
    pub code: String,
    /// Its name.
    pub title: Bilingual,
    /// Schools that take it up after this campaign.
    pub now: Told,
    /// Schools that took it up after the one before.
    pub before: Option<Told>,
}

/// The authority's annual report. It names no school.
#[derive(Debug, Clone)]
pub struct Annual {
    /// The campaign.
    pub campaign: Campaign,
    /// What was asked.
    pub definition: Definition,
    /// The tables of the newest release that are no school's.
    pub released: Released,
    /// The same of the campaign before that asked much the same, when it is published.
    pub before: Option<Released>,
    /// What changed since then, of the authority as a whole.
    pub changes: Vec<Changed>,
    /// How the schools took part.
    pub taking_part: TakingPart,
    /// How many schools stand out, finding by finding.
    pub standing_out: Vec<StandingOut>,
    /// Schools that take up anything at all.
    pub schools_taking_up: Told,
    /// What they take up: the approaches of which a count is told, now or before.
    pub taken_up: Vec<Approached>,
}
