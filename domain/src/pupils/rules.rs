//! Reading a child's identity as a sender gives it.

use chrono::{Datelike, NaiveDate};

use crate::kernel::{FaultCode, Faults, FreeText, Upn};

use super::{NewPupil, PupilIdentity};

/// Nobody in a school was born before this year: an older date is a slip of the keyboard.
const EARLIEST_BIRTH: i32 = 1990;

/// Longest name taken, in characters.
const NAME: usize = 100;

impl NewPupil {
    /// Checks every field and notes each fault below `prefix` (`/pupil`, say); the identity when there was none.
    pub fn parse(self, prefix: &str, today: NaiveDate, faults: &mut Faults) -> Option<PupilIdentity> {
        let given_name = faults.keep(format!("{prefix}/given_name"), FreeText::<NAME>::parse(&self.given_name));
        let family_name = faults.keep(format!("{prefix}/family_name"), FreeText::<NAME>::parse(&self.family_name));
        let born_on = faults.keep(format!("{prefix}/born_on"), birthday(self.born_on, today));
        // The outer option is whether the field is sound, the inner one whether a number was given.
        let upn = match self.upn {
            None => Some(None),
            Some(raw) => faults.keep(format!("{prefix}/upn"), Upn::parse(&raw)).map(Some),
        };
        Some(PupilIdentity {
            given_name: given_name?.as_str().to_owned(),
            family_name: family_name?.as_str().to_owned(),
            born_on: born_on?,
            upn: upn?,
        })
    }
}

fn birthday(date: NaiveDate, today: NaiveDate) -> Result<NaiveDate, FaultCode> {
    if date > today {
        Err(FaultCode::InFuture)
    } else if date.year() < EARLIEST_BIRTH {
        Err(FaultCode::DateOutOfRange)
    } else {
        Ok(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn raw() -> NewPupil {
        NewPupil {
            given_name: " Enw ".to_owned(),
            family_name: "Cyfenw".to_owned(),
            born_on: day(2012, 2, 29),
            upn: Some("l676400024001".to_owned()),
        }
    }

    #[test]
    fn a_sound_identity_is_trimmed_and_its_number_read() {
        let mut faults = Faults::default();
        let identity = raw().parse("/pupil", day(2026, 3, 2), &mut faults).unwrap();
        assert!(faults.is_empty());
        assert_eq!(identity.given_name, "Enw");
        assert_eq!(identity.upn.as_ref().map(Upn::as_str), Some("L676400024001"));
        assert_eq!(format!("{identity:?} {:?}", raw()), "PupilIdentity(…) NewPupil(…)");
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_place() {
        let mut faults = Faults::default();
        let bad = NewPupil {
            given_name: "  ".to_owned(),
            family_name: "x".repeat(101),
            born_on: day(1989, 12, 31),
            upn: Some("Q207000016049".to_owned()),
        };
        assert!(bad.parse("/pupil", day(2026, 3, 2), &mut faults).is_none());
        let told: Vec<_> = faults.into_vec().into_iter().map(|f| (f.pointer, f.code)).collect();
        assert_eq!(
            told,
            [
                ("/pupil/given_name".to_owned(), FaultCode::Missing),
                ("/pupil/family_name".to_owned(), FaultCode::TooLong),
                ("/pupil/born_on".to_owned(), FaultCode::DateOutOfRange),
                ("/pupil/upn".to_owned(), FaultCode::BadCheckLetter),
            ]
        );
    }

    #[test]
    fn birthdays_run_from_1990_to_today() {
        let today = day(2026, 3, 2);
        assert!(birthday(day(1990, 1, 1), today).is_ok());
        assert!(birthday(today, today).is_ok());
        assert_eq!(birthday(day(2026, 3, 3), today), Err(FaultCode::InFuture));
    }
}
