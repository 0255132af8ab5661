//! Approaches, and the findings they answer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kernel::Bilingual;

use super::rules::FINDINGS;

/// A version of the approaches.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toolkit {
    /// `approaches`.
    pub code: String,
    /// Its version. A report names the one it was made with.
    pub version: u16,
    /// The approaches; among those of one level that answer the same finding the first is the first to try.
    pub approaches: Vec<Approach>,
}

/// Something a school can do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approach {
    /// Its word, the same in later versions as long as it is the same approach.
    pub code: String,
    /// For whom.
    pub level: Level,
    /// What for.
    pub theme: Theme,
    /// Its name.
    pub title: Bilingual,
    /// What it is, in two to four sentences.
    pub about: Bilingual,
    /// How to begin, in this order.
    pub first_steps: Vec<Bilingual>,
    /// The codes of the directory's services that can help, the nearest first.
    pub help: Vec<String>,
    /// The findings it answers.
    pub fits: Vec<FindingCode>,
}

/// For whom an approach is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Every pupil.
    Universal,
    /// A group, a class or a pupil at greater risk.
    Targeted,
    /// With a service's help.
    Specialist,
}

/// What an approach is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Preventing and tackling bullying.
    Prevent,
    /// Supporting children who have experienced bullying.
    Experienced,
    /// Supporting children who have engaged in bullying.
    Engaged,
    /// A consistent and fair response.
    Consistent,
}

impl Level {
    /// Every one, the widest first.
    pub const ALL: [Self; 3] = [Self::Universal, Self::Targeted, Self::Specialist];
}

impl Theme {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Prevent, Self::Experienced, Self::Engaged, Self::Consistent];
}

/// The word of something a survey can show, one of [`FINDINGS`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct FindingCode(String);

impl FindingCode {
    /// Reads a word; nothing when no finding has it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        FINDINGS.contains(&word).then(|| Self(word.to_owned()))
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FindingCode {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word).ok_or_else(|| format!("no finding is called `{word}`"))
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something a school's results show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// Whether it is severe, or far from the authority's: then a specialist approach is worth its while.
    pub severe: bool,
}

/// An approach to try, and the findings it was chosen for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice<'t> {
    /// What to try.
    pub approach: &'t Approach,
    /// Why: those of the findings it answers, in their order.
    pub answers: Vec<FindingCode>,
}
