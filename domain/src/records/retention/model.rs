//! Rules, what is due by them, and what is left of what went.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::{Bilingual, CaseId, PersonId, PupilId, Reference, RuleChangeId, SchoolId, Utc, pair, text_enum};

text_enum! {
    /// A class of records with a rule of its own.
    pub enum RecordClass {
        /// A referral.
        Referral = "referral",
        /// A referral to school-based counselling.
        CounsellingReferral = "counselling_referral",
        /// A WARRN record and the return that follows.
        Warrn = "warrn",
        /// A provision: handling plan, reduced timetable, EOTAS.
        Provision = "provision",
        /// Documents kept with a case, whatever it is.
        Documents = "documents",
    }
}

impl RecordClass {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Referral => pair("Atgyfeiriad", "Referral"),
            Self::CounsellingReferral => pair("Atgyfeiriad cwnsela", "Counselling referral"),
            Self::Warrn => pair("Cofnod WARRN", "WARRN record"),
            Self::Provision => pair("Darpariaeth", "Provision"),
            Self::Documents => pair("Dogfennau", "Documents"),
        }
    }
}

text_enum! {
    /// What the years are counted from.
    pub enum Anchor {
        /// The child's date of birth.
        BornOn = "born_on",
        /// The day the case was closed.
        Closed = "closed",
    }
}

text_enum! {
    /// What happens when the years are over.
    pub enum End {
        /// Somebody decides.
        Review = "review",
        /// It is destroyed.
        Destroy = "destroy",
    }
}

text_enum! {
    /// What somebody decided at a review.
    pub enum Review {
        /// It is kept for longer.
        Keep = "keep",
        /// It goes with the next run, once a second person agrees.
        Destroy = "destroy",
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// For what.
    pub class: RecordClass,
    /// Counted from what.
    pub anchor: Anchor,
    /// How many years.
    pub years: i64,
    /// And then.
    pub end: End,
    /// Where it comes from, in words.
    pub source: String,
    /// Its version, from 1.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Utc,
}

/// A rule as somebody wants it, not yet checked.
#[derive(Debug, Clone)]
pub struct NewRule {
    /// Counted from what, as a word of [`Anchor`].
    pub anchor: String,
    /// How many years, 1 to 100.
    pub years: i64,
    /// And then, as a word of [`End`].
    pub end: String,
    /// Where it comes from, in words, 1 to 300 characters.
    pub source: String,
}

/// A change that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// Its id.
    pub id: RuleChangeId,
    /// The rule as it would be.
    pub class: RecordClass,
    /// Counted from what.
    pub anchor: Anchor,
    /// How many years.
    pub years: i64,
    /// And then.
    pub end: End,
    /// Where it comes from.
    pub source: String,
    /// Who wants it.
    pub proposed_by: PersonId,
    /// Since when.
    pub proposed_at: Utc,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// It holds.
    Now,
    /// It shortens, and waits for a second person.
    Waits(RuleChangeId),
}

/// What a review led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewed {
    /// It is kept for longer.
    Kept,
    /// One person says that it may go; another has to agree.
    Waits,
    /// A second person agreed: it goes with the next run.
    Goes,
}

impl Reviewed {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "keep",
            Self::Waits => "waits",
            Self::Goes => "destroy",
        }
    }
}

/// How something stands whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It goes with the next run.
    Due,
    /// Somebody has to decide.
    Review,
    /// It is held: by a legal hold, or because the child asks for it.
    Held,
    /// Its case is still worked on.
    Open,
}

impl Standing {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Due => pair("I'w waredu", "To be disposed of"),
            Self::Review => pair("Angen adolygiad", "Needs a review"),
            Self::Held => pair("Dan ataliad cyfreithiol", "On legal hold"),
            Self::Open => pair("Yn dal ar agor", "Still open"),
        }
    }

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Review => "review",
            Self::Held => "held",
            Self::Open => "open",
        }
    }
}

/// Something whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// The school.
    pub school: SchoolId,
    /// The child, as an id.
    pub pupil: PupilId,
    /// What of it.
    pub class: RecordClass,
    /// Kept until then.
    pub dispose_after: NaiveDate,
    /// The rule's version by which.
    pub rule: i64,
    /// How it stands.
    pub standing: Standing,
    /// Whether one person said that it may go, and another has to agree.
    pub waits: bool,
}

/// What is over on a day, and what a run would do: nothing is changed by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The day.
    pub on: NaiveDate,
    /// What is over: first what is due, the longest first, then what waits for something.
    pub items: Vec<Item>,
    /// Children of whom nothing would be left to open.
    pub children: Vec<PupilId>,
    /// Whether there is more than is listed; the next plan has it.
    pub more: bool,
}

impl Plan {
    /// What a run would dispose of.
    pub fn due(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|i| i.standing == Standing::Due)
    }

    /// How many would go, by class.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for item in self.due() {
            *counts.entry(item.class.as_str()).or_default() += 1;
        }
        counts
    }
}

/// What says that something went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its number.
    pub number: i64,
    /// When.
    pub made_at: Utc,
    /// What went, as JSON.
    pub body: String,
    /// SHA-256 of the body, also in the audit record.
    pub digest: Vec<u8>,
}

/// What a tombstone stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shredded {
    /// Everything of a child: the key is gone.
    Pupil,
    /// A case.
    Case,
    /// The documents of a case.
    Documents,
}

impl Shredded {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pupil => "pupil",
            Self::Case => "case",
            Self::Documents => "documents",
        }
    }
}
