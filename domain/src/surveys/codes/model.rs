//! Sheets of codes, and the codes themselves.

use chrono::NaiveDate;

use crate::instruments::Definition;
use crate::kernel::{Bilingual, CampaignId, SchoolId, SheetId, YearGroup};

/// How many words a code has before its number.
pub(super) const WORDS: usize = 3;

/// A code: three words, which a pupil types in either language, and a number. 243 words and 9,000 numbers give more than
/// 10¹¹ codes, so that with 30,000 of them unspent one guess in four million is right.
#[derive(Clone, PartialEq, Eq)]
pub struct WordCode {
    pub(super) words: [usize; WORDS],
    pub(super) number: u16,
}

impl std::fmt::Debug for WordCode {
    /// Whoever has a code can answer with it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WordCode(…)")
    }
}

/// A sheet to be printed for a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSheet {
    /// The class's year group.
    pub year_group: YearGroup,
    /// What the school calls the class, 1 to 40 characters.
    pub class: String,
    /// How many codes, 1 to [`super::rules::LARGEST_SHEET`].
    pub size: u16,
}

/// A sheet without its codes: nobody can have those twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its id.
    pub id: SheetId,
    /// The class's year group.
    pub year_group: YearGroup,
    /// What the school calls the class.
    pub class: String,
    /// How many codes it had.
    pub size: u16,
    /// How many of them nobody has answered with.
    pub unspent: u16,
    /// The day it was made.
    pub made_on: NaiveDate,
    /// The day it was lost or called back.
    pub voided_on: Option<NaiveDate>,
}

/// A sheet with its codes, as it is printed. They are told this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The sheet.
    pub sheet: Sheet,
    /// Its codes.
    pub codes: Vec<WordCode>,
}

/// What an unspent code opens.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub title: Bilingual,
    /// The questionnaire.
    pub definition: Definition,
    /// The pupil's year group.
    pub year_group: YearGroup,
    /// What the school calls their class.
    pub(super) class: String,
    /// The pupil's school.
    pub(super) school: SchoolId,
}

/// What came of typing a code.
#[derive(Debug, Clone)]
pub enum Entered {
    /// It is good.
    Ready(Box<Ticket>),
    /// Somebody has answered with it.
    Spent,
    /// It is good, and the campaign takes no answers today.
    Closed,
    /// There is no such code, or its sheet was called back.
    Unknown,
}
