//! Counting days forwards, backwards and between.

use chrono::{NaiveDate, NaiveTime, Timelike as _};

use crate::kernel::{SchoolId, Utc, uk_date, uk_instant, uk_time};

use super::Calendar;

/// No count looks further than this, so that a closure without an end is no endless loop.
const FURTHEST: usize = 800;

/// Something counted in school days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted<T> {
    /// What was asked for.
    pub value: T,
    /// Whether terms were not known for some of the days, and working days were counted in their place.
    pub assumed: bool,
}

/// A time in which a clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The first day of it.
    pub from: NaiveDate,
    /// The first day after it; none while it lasts.
    pub until: Option<NaiveDate>,
}

impl Pause {
    fn holds(self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|end| date < end)
    }
}

impl Calendar {
    /// So many working days after an instant, at the same time on the clock. What comes out of hours counts from the
    /// morning of the next working day.
    #[must_use]
    pub fn add_working_days(&self, from: Utc, days: u32) -> Utc {
        self.add(from, days, |date| Counted { value: self.is_working_day(date), assumed: false }).value
    }

    /// So many school days after an instant, likewise.
    #[must_use]
    pub fn add_school_days(&self, school: Option<SchoolId>, from: Utc, days: u32) -> Counted<Utc> {
        self.add(from, days, |date| self.school_day(school, date))
    }

    /// The day so many working days before a date; the date itself for none.
    #[must_use]
    pub fn working_days_before(&self, date: NaiveDate, days: u32) -> NaiveDate {
        before(date, days, |date| Counted { value: self.is_working_day(date), assumed: false }).value
    }

    /// The day so many school days before a date; the date itself for none.
    #[must_use]
    pub fn school_days_before(&self, school: Option<SchoolId>, date: NaiveDate, days: u32) -> Counted<NaiveDate> {
        before(date, days, |date| self.school_day(school, date))
    }

    /// How many working days passed from a date to another, the first not counted and the last counted, without those
    /// in a pause.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate, pauses: &[Pause]) -> u32 {
        between(from, to, pauses, |date| Counted { value: self.is_working_day(date), assumed: false }).value
    }

    /// How many school days passed, likewise.
    #[must_use]
    pub fn school_days_between(
        &self,
        school: Option<SchoolId>,
        from: NaiveDate,
        to: NaiveDate,
        pauses: &[Pause],
    ) -> Counted<u32> {
        between(from, to, pauses, |date| self.school_day(school, date))
    }

    /// The instant at which a date begins.
    #[must_use]
    pub fn start_of(&self, date: NaiveDate) -> Utc {
        uk_instant(date, NaiveTime::MIN)
    }

    /// The instant at which the offices open on a date.
    #[must_use]
    pub fn opening(&self, date: NaiveDate) -> Utc {
        uk_instant(date, hour(self.settings.opens))
    }

    /// The instant from which an arrival on a date counts from the next day.
    #[must_use]
    pub fn closing(&self, date: NaiveDate) -> Utc {
        uk_instant(date, hour(self.settings.closes))
    }

    fn add(&self, from: Utc, days: u32, counts: impl Fn(NaiveDate) -> Counted<bool>) -> Counted<Utc> {
        let local = uk_time(from);
        let (mut date, mut time) = (uk_date(from), local.time());
        let mut assumed = false;
        let mut is_counted = |date| {
            let day = counts(date);
            assumed |= day.assumed;
            day.value
        };
        if local.hour() < self.settings.opens {
            time = hour(self.settings.opens);
        } else if local.hour() >= self.settings.closes {
            time = hour(self.settings.opens);
            date = date.succ_opt().unwrap_or(date);
        }
        if !is_counted(date) {
            time = hour(self.settings.opens);
            date = date.iter_days().take(FURTHEST).find(|d| is_counted(*d)).unwrap_or(date);
        }
        for _ in 0..days {
            date = date.iter_days().skip(1).take(FURTHEST).find(|d| is_counted(*d)).unwrap_or(date);
        }
        Counted { value: uk_instant(date, time), assumed }
    }
}

fn before(date: NaiveDate, days: u32, counts: impl Fn(NaiveDate) -> Counted<bool>) -> Counted<NaiveDate> {
    let mut assumed = false;
    let mut date = date;
    for _ in 0..days {
        let mut earlier = std::iter::successors(date.pred_opt(), NaiveDate::pred_opt).take(FURTHEST);
        let found = earlier.find(|d| {
            let day = counts(*d);
            assumed |= day.assumed;
            day.value
        });
        date = found.unwrap_or(date);
    }
    Counted { value: date, assumed }
}

fn between(
    from: NaiveDate,
    to: NaiveDate,
    pauses: &[Pause],
    counts: impl Fn(NaiveDate) -> Counted<bool>,
) -> Counted<u32> {
    let mut counted = Counted { value: 0, assumed: false };
    for date in from.iter_days().skip(1).take_while(|d| *d <= to) {
        if pauses.iter().any(|p| p.holds(date)) {
            continue;
        }
        let day = counts(date);
        counted.assumed |= day.assumed;
        counted.value += u32::from(day.value);
    }
    counted
}

fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour.min(23), 0, 0).unwrap_or_default()
}
