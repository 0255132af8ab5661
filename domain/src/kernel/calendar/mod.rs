//! The calendar: which days an office works and a school teaches, and counting them.
//!
//! Pure. What the authority sets (terms, INSET, closures) is loaded by `directory::calendar`; days are those of the
//! United Kingdom's clock. Where the terms of a time are not known, school days fall back to working days and the answer
//! says so: a clock that runs too fast is seen, one that stands still is not.

mod bank_holidays;
mod count;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use super::{SchoolId, text_enum};

pub use bank_holidays::bank_holidays;
pub use count::{Counted, Pause};

text_enum! {
    /// Whose bank holidays hold. Wales and England have the same.
    pub enum Division {
        /// Wales.
        Wales = "wales",
        /// England.
        England = "england",
    }
}

text_enum! {
    /// What an entry of the calendar says.
    pub enum DayKind {
        /// A term, or half of one: its first and last day.
        Term = "term",
        /// A day on which staff train and pupils stay away.
        Inset = "inset",
        /// A holiday inside a term, such as half-term.
        Holiday = "holiday",
        /// The authority's offices are closed; with a school, that school is.
        Closure = "closure",
        /// A bank holiday more than the shipped list has, as one proclaimed late.
        BankHoliday = "bank_holiday",
    }
}

/// Days from one to another, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
}

impl Days {
    /// Whether the day is one of them.
    #[must_use]
    pub fn hold(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.until
    }
}

/// One entry of the authority's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarEntry {
    /// What it says.
    pub kind: DayKind,
    /// Of one school; of all of them when none is named.
    pub school: Option<SchoolId>,
    /// For these days.
    pub days: Days,
}

/// What an authority sets for its clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarSettings {
    /// Whose bank holidays hold.
    pub division: Division,
    /// The hour (UK time) at which a day begins: what came in the night counts from then.
    pub opens: u32,
    /// The hour (UK time) from which an arrival counts from the next day.
    pub closes: u32,
}

/// The product's own proposal, for the authority to change.
impl Default for CalendarSettings {
    fn default() -> Self {
        Self { division: Division::Wales, opens: 9, closes: 16 }
    }
}

/// Two known terms with no more days than this between them have a holiday there; with more, a term is missing. Summer
/// holidays have about 45 days.
const LONGEST_HOLIDAY: i64 = 70;

/// What one school, or all of them, has of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct SchoolDays {
    terms: Vec<Days>,
    closed: Vec<Days>,
}

/// The calendar of an authority and its schools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    settings: CalendarSettings,
    bank_holidays: BTreeSet<NaiveDate>,
    offices_closed: Vec<Days>,
    everywhere: SchoolDays,
    schools: BTreeMap<SchoolId, SchoolDays>,
}

/// What is known of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    In,
    Between,
    Unknown,
}

impl Calendar {
    /// The shipped bank holidays and these entries.
    #[must_use]
    pub fn new(settings: CalendarSettings, entries: &[CalendarEntry]) -> Self {
        let shipped = match settings.division {
            Division::Wales | Division::England => bank_holidays(),
        };
        let mut calendar = Self {
            settings,
            bank_holidays: shipped.into_iter().map(|(date, _)| date).collect(),
            offices_closed: Vec::new(),
            everywhere: SchoolDays::default(),
            schools: BTreeMap::new(),
        };
        for entry in entries {
            calendar.put(entry);
        }
        calendar.everywhere.terms.sort_unstable();
        for own in calendar.schools.values_mut() {
            own.terms.sort_unstable();
        }
        calendar
    }

    fn put(&mut self, entry: &CalendarEntry) {
        let of = match entry.school {
            Some(school) => self.schools.entry(school).or_default(),
            None => &mut self.everywhere,
        };
        match (entry.kind, entry.school) {
            (DayKind::Term, _) => of.terms.push(entry.days),
            (DayKind::Inset | DayKind::Holiday, _) | (DayKind::Closure, Some(_)) => of.closed.push(entry.days),
            (DayKind::Closure, None) => self.offices_closed.push(entry.days),
            (DayKind::BankHoliday, _) => {
                self.bank_holidays.extend(entry.days.from.iter_days().take_while(|d| *d <= entry.days.until));
            }
        }
    }

    /// Whether the date is a bank holiday. Years the shipped list does not have go by the rules.
    #[must_use]
    pub fn is_bank_holiday(&self, date: NaiveDate) -> bool {
        self.bank_holidays.contains(&date)
            || !bank_holidays::YEARS.contains(&date.year()) && bank_holidays::by_rule(date.year()).contains(&date)
    }

    /// Whether the authority's offices work: Monday to Friday, no bank holiday, no closure.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.is_weekday(date) && !self.offices_closed.iter().any(|d| d.hold(date))
    }

    /// Whether the school teaches: in term, no bank holiday, no INSET, no holiday or closure. Where its terms are not
    /// known, whether the offices work. No school means what holds for all of them.
    #[must_use]
    pub fn is_school_day(&self, school: Option<SchoolId>, date: NaiveDate) -> bool {
        self.school_day(school, date).value
    }

    /// Whether it is known if the date is in term.
    #[must_use]
    pub fn knows_terms(&self, school: Option<SchoolId>, date: NaiveDate) -> bool {
        self.term(school, date) != Term::Unknown
    }

    /// The settings it was made with.
    #[must_use]
    pub const fn settings(&self) -> CalendarSettings {
        self.settings
    }

    fn school_day(&self, school: Option<SchoolId>, date: NaiveDate) -> Counted<bool> {
        let own = school.and_then(|id| self.schools.get(&id));
        let closed = self.everywhere.closed.iter().chain(own.into_iter().flat_map(|o| &o.closed));
        if !self.is_weekday(date) || closed.into_iter().any(|d| d.hold(date)) {
            return Counted { value: false, assumed: false };
        }
        match self.term(school, date) {
            Term::In => Counted { value: true, assumed: false },
            Term::Between => Counted { value: false, assumed: false },
            Term::Unknown => Counted { value: self.is_working_day(date), assumed: true },
        }
    }

    fn is_weekday(&self, date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !self.is_bank_holiday(date)
    }

    /// A school goes by its own terms in an academic year for which it has some, else by everybody's.
    fn term(&self, school: Option<SchoolId>, date: NaiveDate) -> Term {
        let own: &[Days] = school.and_then(|id| self.schools.get(&id)).map_or(&[], |own| &own.terms);
        let has_own = |term: &Days| own.iter().any(|o| academic_year(o.from) == academic_year(term.from));
        let terms = || own.iter().chain(self.everywhere.terms.iter().filter(|t| !has_own(t)));
        if terms().any(|t| t.hold(date)) {
            return Term::In;
        }
        let before = terms().map(|t| t.until).filter(|d| *d < date).max();
        let after = terms().map(|t| t.from).filter(|d| *d > date).min();
        match before.zip(after) {
            Some((before, after)) if (after - before).num_days() <= LONGEST_HOLIDAY => Term::Between,
            _ => Term::Unknown,
        }
    }
}

/// The year in which the school year of a date began; August is the first month of the next.
fn academic_year(date: NaiveDate) -> i32 {
    if date.month() >= 8 { date.year() } else { date.year() - 1 }
}
