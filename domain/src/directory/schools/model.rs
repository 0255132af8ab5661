//! A school.

use chrono::NaiveDate;

use crate::kernel::{Bilingual, Medium, Phase, SchoolId, SchoolNumber};

/// A school of the authority, open or closed. A closed one stays: old records name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// Its id.
    pub id: SchoolId,
    /// Its seven-digit number.
    pub number: SchoolNumber,
    /// Its name; the same text twice where it has one name only.
    pub name: Bilingual,
    /// Its phase.
    pub phase: Phase,
    /// The language it teaches in.
    pub medium: Medium,
    /// The cluster of schools it belongs to.
    pub cluster: Option<String>,
    /// Its first day, when known.
    pub opened_on: Option<NaiveDate>,
    /// Its last day, when it has one.
    pub closed_on: Option<NaiveDate>,
}

/// What a school was of on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its phase.
    pub phase: Phase,
    /// The cluster of schools it belonged to.
    pub cluster: Option<String>,
}

impl School {
    /// The school with the phase and cluster it had on some day.
    #[must_use]
    pub fn placed(self, place: Option<Place>) -> Self {
        match place {
            Some(Place { phase, cluster }) => Self { phase, cluster, ..self },
            None => self,
        }
    }

    /// Whether the school is open on a date; the first and the last day count.
    #[must_use]
    pub fn is_open_on(&self, date: NaiveDate) -> bool {
        self.opened_on.is_none_or(|d| d <= date) && self.closed_on.is_none_or(|d| date <= d)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_day_are_open() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 9, d).unwrap();
        let mut school = School {
            id: SchoolId::from_uuid(uuid::Uuid::nil()),
            number: SchoolNumber::parse("6764051").unwrap(),
            name: Bilingual { cy: "Ysgol".into(), en: "School".into() },
            phase: Phase::Secondary,
            medium: Medium::English,
            cluster: None,
            opened_on: Some(day(2)),
            closed_on: Some(day(4)),
        };
        assert_eq!([1, 2, 4, 5].map(|d| school.is_open_on(day(d))), [false, true, true, false]);
        school.opened_on = None;
        school.closed_on = None;
        assert!(school.is_open_on(day(1)));
    }
}
