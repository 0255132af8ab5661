//! A questionnaire's definition, as it is written in JSON and stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::{Bilingual, InstrumentId, YearGroup, text_enum};

use super::symbols::Symbol;
use super::wording;

/// The answer every question must offer (`facts/ecosystem.md` §1.5).
pub const PREFER_NOT_TO_SAY: &str = "prefer_not_to_say";

/// Longest text a pupil may write, in characters: about a page by hand, and little enough to go from page to page in a form
/// (our own proposal; no figure was found).
pub const LONGEST_TEXT: usize = 1000;

/// The option under which a release tells the answers of the case definition together: no answer is called so.
pub const OFTEN: &str = "two_or_three_a_month_or_more";

text_enum! {
    /// How a question is answered.
    pub enum Kind {
        /// One.
        Single = "single",
        /// Any number.
        Multi = "multi",
        /// In the pupil's own words, or not at all. It has no place in the packed answers and in no table of results
        /// (`docs/adr/0024-free-text.md`).
        Text = "text",
    }
}

/// Text for everyone, or worded for each age band. How it is read: [`super::wording`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Wording {
    /// The same for every band.
    Common(Bilingual),
    /// By band code.
    Banded(BTreeMap<String, Bilingual>),
}

impl Wording {
    /// The text for a band.
    #[must_use]
    pub fn of(&self, band: &str) -> Option<&Bilingual> {
        match self {
            Self::Common(text) => Some(text),
            Self::Banded(texts) => texts.get(band),
        }
    }
}

/// An age band: the year groups that get the same version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its code, such as `7-11`.
    pub code: String,
    /// The first and last year group.
    pub years: [YearGroup; 2],
}

impl Band {
    /// Whether a year group belongs to it.
    #[must_use]
    pub fn has(&self, year: YearGroup) -> bool {
        let [first, last] = self.years;
        first <= year && year <= last
    }
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its code, as answers name it.
    pub code: String,
    /// The [`Symbol`] beside it, by its word; none in versions older than symbols.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// What the pupil reads.
    pub label: Wording,
    /// The bands that get it; all of the question's when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<String>,
}

impl Choice {
    /// The symbol beside it, when it has one that can be drawn.
    #[must_use]
    pub fn drawn(&self) -> Option<Symbol> {
        self.symbol.as_deref()?.parse().ok()
    }
}

/// A question's possible answers: its own, or a set shared by several questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Options {
    /// The name of a set in [`Definition::sets`].
    Shared(String),
    /// Its own.
    Own(Vec<Choice>),
}

impl Options {
    /// Whether there are none: what a text has.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::Own(choices) if choices.is_empty())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::Own(Vec::new())
    }
}

/// A condition on an earlier answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskIf {
    /// The earlier question.
    pub question: String,
    /// The answers of which one must have been given.
    pub any_of: Vec<String>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its code, as answers and columns name it.
    pub code: String,
    /// What keeps its results comparable from one questionnaire to another; its code when there is none. See
    /// [`super::comparable`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<String>,
    /// One answer, several, or a text.
    pub kind: Kind,
    /// What the pupil reads.
    pub text: Wording,
    /// The possible answers; none of a text.
    #[serde(default, skip_serializing_if = "Options::is_none")]
    pub options: Options,
    /// The bands that are asked; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<String>,
    /// Asked when any of these holds; always when empty. A question that was itself skipped holds nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask_if: Vec<AskIf>,
}

impl Question {
    /// Its comparability key.
    #[must_use]
    pub fn key(&self) -> &str {
        self.trend.as_deref().unwrap_or(&self.code)
    }
}

/// A questionnaire in one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its code.
    pub code: String,
    /// Its version. A published version never changes.
    pub version: i64,
    /// Its name.
    #[serde(deserialize_with = "wording::pair")]
    pub title: Bilingual,
    /// What bullying means here, shown before the first question (`facts/ecosystem.md` §1.5).
    pub definition: Wording,
    /// The age bands.
    pub bands: Vec<Band>,
    /// Answers shared by several questions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<String, Vec<Choice>>,
    /// The questions, in order.
    pub questions: Vec<Question>,
}

impl Definition {
    /// The question with this comparability key; each has its own.
    #[must_use]
    pub fn keyed(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|q| q.key() == key)
    }

    /// A question's possible answers, in order.
    #[must_use]
    pub fn options_of<'a>(&'a self, question: &'a Question) -> &'a [Choice] {
        match &question.options {
            Options::Own(choices) => choices,
            Options::Shared(name) => self.sets.get(name).map_or(&[], Vec::as_slice),
        }
    }

    /// The band of a year group; none when the questionnaire is not for it.
    #[must_use]
    pub fn band_of(&self, year: YearGroup) -> Option<&Band> {
        self.bands.iter().find(|b| b.has(year))
    }

    /// The questions a band is asked, in order.
    pub fn questions_of<'a>(&'a self, band: &'a str) -> impl Iterator<Item = &'a Question> + 'a {
        self.questions.iter().filter(move |q| in_band(&q.bands, band))
    }
}

impl Definition {
    /// The questions a pupil is asked who has answered so far what `given` says, in order. What was given to a question that
    /// is not asked itself counts for nothing.
    pub fn asked<'a, 'g>(&'a self, band: &'a str, given: impl Fn(&str) -> &'g [String]) -> Vec<&'a Question> {
        let mut asked: Vec<&Question> = Vec::new();
        for question in self.questions_of(band) {
            let holds = |on: &AskIf| {
                let is_asked = asked.iter().any(|q| q.code == on.question);
                is_asked && given(&on.question).iter().any(|option| on.any_of.contains(option))
            };
            if question.ask_if.is_empty() || question.ask_if.iter().any(holds) {
                asked.push(question);
            }
        }
        asked
    }
}

/// Whether a list of bands holds this one; an empty list holds all.
pub(super) fn in_band(bands: &[String], band: &str) -> bool {
    bands.is_empty() || bands.iter().any(|b| b == band)
}

/// A published questionnaire.
#[derive(Debug, Clone)]
pub struct Instrument {
    /// Its id.
    pub id: InstrumentId,
    /// What it asks.
    pub definition: Definition,
}
