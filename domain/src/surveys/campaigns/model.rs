//! A campaign.

use chrono::{Days, NaiveDate};

use crate::kernel::{
    Bilingual, CampaignId, InstrumentId, Phase, SchoolId, SchoolNumber, Utc, YearGroup, YearGroups, text_enum,
};

text_enum! {
    /// Where today lies relative to a campaign's days.
    pub enum Window {
        /// Before the first day.
        Ahead = "ahead",
        /// From the first day to the last, both included.
        Open = "open",
        /// After the last day, and schools that have begun may finish.
        Closing = "closing",
        /// Nothing is taken any more.
        Over = "over",
    }
}

text_enum! {
    /// Why a school has nothing to send.
    pub enum NilReason {
        /// It has no pupils in the year groups asked.
        NoPupils = "no_pupils",
        /// It is closed in these weeks.
        SchoolClosed = "school_closed",
        /// It takes no part this year.
        NotTakingPart = "not_taking_part",
    }
}

text_enum! {
    /// Why a school's survey is opened again. A word and no text: nothing of a child can get in.
    pub enum UnlockReason {
        /// It could not begin in time.
        StartedLate = "started_late",
        /// Something didn't work.
        TechnicalFault = "technical_fault",
        /// What it sent was wrong.
        MendedAnswers = "mended_answers",
        /// It came to the authority, or into the survey, late.
        JoinedLate = "joined_late",
        /// Something else, which the authority and the school know of.
        Other = "other",
    }
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
    /// The last day answers are taken from everybody.
    pub closes_on: NaiveDate,
    /// Days after that in which schools that have begun may finish.
    pub late_days: u16,
    /// The year groups asked.
    pub years: YearGroups,
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
        } else if today <= self.ends_on() {
            Window::Closing
        } else {
            Window::Over
        }
    }

    /// The last day answers are taken from anybody.
    #[must_use]
    pub fn ends_on(&self) -> NaiveDate {
        self.closes_on.checked_add_days(Days::new(self.late_days.into())).unwrap_or(self.closes_on)
    }
}

/// How a school stands in a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// The day it was signed off, or a nil return made.
    pub signed_off_on: Option<NaiveDate>,
    /// Why there is nothing to send, when that is so.
    pub nil: Option<NilReason>,
    /// The last day of its being opened again.
    pub unlocked_until: Option<NaiveDate>,
    /// Why it was.
    pub unlocked_for: Option<UnlockReason>,
}

text_enum! {
    /// How far a school is, in a word.
    pub enum Stage {
        /// Nothing has come, and no code was printed.
        Owing = "owing",
        /// Codes were printed or answers came.
        Begun = "begun",
        /// The school says that this is all.
        SignedOff = "signed_off",
        /// The school says that there is nothing to send.
        NilReturn = "nil_return",
    }
}

/// Why a school's answers are not taken today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// The window is ahead.
    Ahead,
    /// The school has signed off.
    SignedOff,
    /// The last day is over, and the school had not begun.
    NotBegun,
    /// The window is over.
    Over,
}

/// A campaign as one school finds it today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The campaign.
    pub campaign: Campaign,
    /// How the school stands in it.
    pub part: Part,
    /// Whether the school has printed codes or sent answers.
    pub begun: bool,
    /// Why it takes nothing today; nothing when it does.
    pub shut: Option<Shut>,
}

/// Which schools take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchoolsIn {
    /// Every school that is open on the first day.
    AllOpen,
    /// Every school of these phases that is open on the first day.
    OfPhases(Vec<Phase>),
    /// These.
    Listed(Vec<Listed>),
}

/// Pupils on roll.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rolls {
    /// All that are asked, when known.
    pub all: Option<i64>,
    /// Those of each year group, when known. They make up `all`.
    pub by_year: Vec<(YearGroup, i64)>,
}

/// A school that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub number: SchoolNumber,
    /// Its pupils on roll.
    pub rolls: Rolls,
}

/// A campaign to make.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    /// The questionnaire's code.
    pub instrument: String,
    /// Its version, which must be published; the newest when none is named.
    pub instrument_version: Option<i64>,
    /// The academic year, such as `2026/27`.
    pub academic_year: String,
    /// Its name.
    pub title: Bilingual,
    /// The first day answers are taken.
    pub opens_on: NaiveDate,
    /// The last day answers are taken from everybody.
    pub closes_on: NaiveDate,
    /// Days after that in which schools that have begun may finish.
    pub late_days: u16,
    /// The year groups asked; every one of the questionnaire's when none is named.
    pub years: Vec<YearGroup>,
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
    /// Responses and pupils on roll of each year group that has either.
    pub years: Vec<YearProgress>,
    /// Pupils on roll, when known.
    pub roll: Option<i64>,
    /// How far it is, in a word.
    pub stage: Stage,
    /// How it stands in the campaign.
    pub part: Part,
    /// The day the school last sent something. Of pupils who answer themselves no day is kept.
    pub last_received_on: Option<NaiveDate>,
}

/// How far a year group of a school is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearProgress {
    /// The year group.
    pub year: YearGroup,
    /// Responses accepted so far.
    pub accepted: i64,
    /// Pupils on roll, when known.
    pub roll: Option<i64>,
}
