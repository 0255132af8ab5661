//! What a pack holds.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::disclosure::Share;
use crate::disclosure::statistics::Points;
use crate::kernel::{Bilingual, text_enum};
use crate::surveys::releases::{Change, Released, Results};
use crate::toolkit::{Approach, Finding, FindingCode};

text_enum! {
    /// By which rule something stands out.
    pub enum Rule {
        /// The whole published range of the share lies outside the limits within which schools of this size lie by chance, 95
        /// times of 100, when they are as the authority (`facts/domain.md` §5, funnel).
        Funnel = "funnel",
        /// The share changed since the campaign before by more than chance makes, 95 times of 100, whatever the shares are
        /// within their published ranges (`facts/domain.md` §5, Newcombe).
        Change = "change",
        /// It is what most of those who were asked said.
        MostNamed = "most_named",
        /// Fewer than half of those on roll took part.
        ResponseRate = "response_rate",
    }
}

/// Which way is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A high share.
    High,
    /// A low share.
    Low,
}

/// A share that is shown, and what it is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// How many answered: this many or up to four more.
    pub base: u64,
    /// The share.
    pub share: Share,
    /// Its interval, 95 times of 100, in per cent.
    pub interval: Points,
    /// `u`, `low` or `high`, where one of them stands beside it.
    pub quality: Option<&'static str>,
}

/// What a reader sees of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Its share.
    Shown(Worth),
    /// A symbol in its place.
    Withheld {
        /// The symbol.
        symbol: &'static str,
        /// Why, as a word.
        reason: &'static str,
    },
}

impl Seen {
    /// What is shown, if anything is.
    #[must_use]
    pub fn shown(self) -> Option<Worth> {
        match self {
            Self::Shown(worth) => Some(worth),
            Self::Withheld { .. } => None,
        }
    }
}

/// A share that is shown now and was shown in the campaign before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The question.
    pub question: String,
    /// The option.
    pub option: String,
    /// What it is.
    pub now: Worth,
    /// What it was.
    pub before: Worth,
    /// By how many points it changed, 95 times of 100.
    pub change: Points,
}

/// Who can help: a service of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// The service's code.
    pub service: String,
    /// Its name.
    pub name: Bilingual,
    /// The officer to whom what this school sends it about bullying goes; nobody when it goes to the service's queue.
    pub officer: Option<NamedOfficer>,
}

/// An officer, as the contact list has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedOfficer {
    /// Their name.
    pub name: String,
    /// Their role's title.
    pub role_title: String,
    /// Where they are written to at work.
    pub email: String,
    /// Their telephone number.
    pub phone: Option<String>,
}

/// Something that stands out, and why it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What advice is chosen by.
    pub finding: Finding,
    /// The rule that said so.
    pub rule: Rule,
    /// The question, and the option that is counted; none for the response rate.
    pub of: Option<(String, String)>,
    /// The school's share.
    pub own: Option<Share>,
    /// What it is compared with: the authority's share, or the school's of the campaign before.
    pub compared: Option<Share>,
}

/// An approach to try, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What to try.
    pub approach: Approach,
    /// The findings it was chosen for.
    pub answers: Vec<FindingCode>,
    /// Who can help, the nearest first.
    pub help: Vec<Help>,
    /// The day the school said that it takes it up.
    pub taken_up_on: Option<NaiveDate>,
}

/// An approach that a school takes up after a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenUp {
    /// Its word.
    pub code: String,
    /// Its name.
    pub title: Bilingual,
    /// The day.
    pub on: NaiveDate,
}

/// What a school's results are held against: those of the campaign before.
#[derive(Debug, Clone)]
pub struct Before {
    /// Its release, of the same school.
    pub released: Released,
    /// Which of its questions each of ours can be compared with, by code
    /// ([`comparable`](crate::instruments::comparable)). The others have changed too much.
    pub same: BTreeMap<String, String>,
}

/// A school's pack.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its results.
    pub results: Results,
    /// Its results of the campaign before that asked much the same, when both are published.
    pub before: Option<Before>,
    /// What changed since then, of its own figures.
    pub changes: Vec<Changed>,
    /// What it took up after that.
    pub taken_up: Vec<TakenUp>,
    /// What it takes up now, the earliest first.
    pub takes_up: Vec<TakenUp>,
    /// What stands out, the most pressing first.
    pub found: Vec<Found>,
    /// What to try.
    pub advice: Vec<Suggestion>,
    /// The version of the toolkit.
    pub toolkit: u16,
}

impl Pack {
    /// What the school takes up that is not among what it is advised now: it took it up before the advice changed, or by itself.
    pub fn besides(&self) -> impl Iterator<Item = &TakenUp> {
        self.takes_up.iter().filter(|t| !self.advice.iter().any(|one| one.approach.code == t.code))
    }

    /// Which figures of the pack's tables are not what they were in the release before, or are there no more; of the school's
    /// own also those whose whole table is there no more. Nothing for a first release.
    pub fn corrected(&self) -> impl Iterator<Item = &Change> {
        let Released { header, tables, .. } = &self.results.released;
        header.changed.iter().filter(move |change| {
            let told = tables.iter().any(|table| table.code == change.table);
            // Breakdowns, which are no part of a pack, have questions of their own under the authority's code.
            (told || self.is_own(&change.table)) && header.questions.iter().any(|asked| asked.code == change.question)
        })
    }

    /// The questions, in their order, of which the school's own figures are not what they were: all its pupils' or a year
    /// group's.
    pub fn corrected_questions(&self) -> impl Iterator<Item = &str> {
        let own = |question: &str| self.corrected().any(|c| c.question == question && self.is_own(&c.table));
        let asked = self.results.released.header.questions.iter().map(|asked| asked.code.as_str());
        asked.filter(move |code| own(code))
    }

    /// Whether a table of this code is the school's, or of a year group of it.
    fn is_own(&self, table: &str) -> bool {
        let rest =
            table.strip_prefix("school/").and_then(|rest| rest.strip_prefix(self.results.school.number.as_str()));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
