//! The report.

use crate::access::Role;
use crate::kernel::{Actor, Bilingual, PupilId, Utc, pair, text_enum};

text_enum! {
    /// Why a reader is worth a question.
    pub enum Flag {
        /// Many children in a day.
        ManyInADay = "many_in_a_day",
        /// Many children in a week.
        ManyInAWeek = "many_in_a_week",
        /// Far more children in a week than this reader's usual.
        FarAboveUsual = "far_above_usual",
        /// Outside working hours.
        OutOfHours = "out_of_hours",
        /// After the case was closed.
        NoOpenCase = "no_open_case",
        /// By breaking the glass.
        Emergency = "emergency",
    }
}

impl Flag {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::ManyInADay => pair("Llawer o blant mewn diwrnod", "Many children in a day"),
            Self::ManyInAWeek => pair("Llawer o blant mewn wythnos", "Many children in a week"),
            Self::FarAboveUsual => pair("Llawer mwy na'r arfer", "Far more than usual"),
            Self::OutOfHours => pair("Y tu allan i oriau gwaith", "Outside working hours"),
            Self::NoOpenCase => pair("Heb achos agored", "No open case"),
            Self::Emergency => pair("Mynediad brys", "Emergency access"),
        }
    }
}

/// One opening of something sealed, as the report counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// By whom.
    pub who: Actor,
    /// When.
    pub at: Utc,
    /// About which child.
    pub child: PupilId,
    /// Whether the case was closed by then.
    pub closed: bool,
}

/// What a reader did in the last seven days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Who.
    pub who: Actor,
    /// Their name; none for an API client.
    pub name: Option<String>,
    /// Their roles in force.
    pub roles: Vec<Role>,
    /// Different children whose records they opened in the last 24 hours.
    pub children_day: u32,
    /// …and in the last 7 days.
    pub children_week: u32,
    /// …and in the four weeks before, each week for itself, added up: a quarter of it is their usual.
    pub children_four_weeks: u32,
    /// Openings outside working hours.
    pub out_of_hours: u32,
    /// Openings after the case was closed.
    pub no_open_case: u32,
    /// Emergency accesses started.
    pub emergencies: u32,
    /// What of it is worth a question.
    pub flags: Vec<Flag>,
}

/// Everybody who opened anything in the last seven days; those with most flags first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Up to when.
    pub at: Utc,
    /// The readers.
    pub readers: Vec<Watched>,
}
