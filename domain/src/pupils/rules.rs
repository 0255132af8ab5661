//! Reading a child's identity as a sender gives it.

use chrono::{Datelike, NaiveDate};

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

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

/// What two spellings of one child have in common: the birthday and both names without case, spaces, hyphens and
/// apostrophes, in Unicode's composed form. Nothing when a name has nothing else: it tells nobody apart. For comparing
/// alone; accents stay, for two children may differ by one.
pub(super) fn likeness(identity: &PupilIdentity) -> Option<Zeroizing<String>> {
    let (given, family) = (plain(&identity.given_name), plain(&identity.family_name));
    let whole = !given.is_empty() && !family.is_empty();
    whole.then(|| Zeroizing::new(format!("{}\u{1f}{given}\u{1f}{family}", identity.born_on)))
}

fn plain(name: &str) -> String {
    let lower = name.nfc().collect::<String>().to_lowercase();
    let said = |c: &char| !c.is_whitespace() && !is_hyphen(*c) && !is_apostrophe(*c);
    lower.nfc().filter(said).collect()
}

/// Hyphen-minus, the dashes of General Punctuation, the minus sign.
const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Apostrophes, and what keyboards give for one.
const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '\u{b4}' | '\u{2bc}' | '\u{2018}' | '\u{2019}')
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

    fn named(given: &str, family: &str) -> PupilIdentity {
        let (given_name, family_name) = (given.to_owned(), family.to_owned());
        PupilIdentity { given_name, family_name, born_on: day(2012, 2, 29), upn: None }
    }

    #[test]
    fn spellings_of_one_name_are_alike_and_other_names_are_not() {
        let alike = [
            ("Siân-Élan", "O'Neill"),
            ("sia\u{302}n e\u{301}lan", "O\u{2019}NEILL"),
            ("SIÂN ÉLAN ", " o neill"),
            ("Siân\u{2011}Élan", "O\u{2bc}Neill"),
        ];
        let first = likeness(&named("Siân-Élan", "O'Neill")).unwrap();
        for (given, family) in alike {
            assert!(likeness(&named(given, family)).unwrap() == first, "{given} {family}");
        }
        // The controls: a twin, another accent, the names in another order or cut elsewhere, another day.
        for (given, family) in [
            ("Elin", "O'Neill"),
            ("Sian-Élan", "O'Neill"),
            ("O'Neill", "Siân-Élan"),
            ("Siân", "Élan O'Neill"),
            ("Siân-Élan", "O'Neil"),
        ] {
            assert!(likeness(&named(given, family)).unwrap() != first, "{given} {family}");
        }
        let other_day = PupilIdentity { born_on: day(2012, 2, 28), ..named("Siân-Élan", "O'Neill") };
        assert!(likeness(&other_day).unwrap() != first);
        // A number is no part of it, and a name of nothing but marks tells nobody apart.
        let numbered = PupilIdentity { upn: Upn::parse("L676400024001").ok(), ..named("Siân-Élan", "O'Neill") };
        assert!(likeness(&numbered).unwrap() == first);
        assert!(likeness(&named("-", "O'Neill")).is_none() && likeness(&named("Siân", "\u{2019} ")).is_none());
    }

    #[test]
    fn no_mark_case_or_form_of_a_random_name_makes_another_of_it() {
        let letters: Vec<char> = "abcdefghijlmnoprstuwyŵŷâêîôûéèïöáíóúñçßłøæœžščř".chars().collect();
        let marks = [' ', '-', '\'', '\u{2019}', '\u{2010}', '\u{a0}'];
        let mut seed = 7_u64;
        let mut dice = |bound: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % bound
        };
        for _ in 0..2000 {
            let name: String = (0..=dice(12)).map(|_| letters[dice(letters.len())]).collect();
            let mut spelled = String::new();
            for letter in name.chars() {
                match dice(3) {
                    0 if letter != 'ß' => spelled.extend(letter.to_uppercase()),
                    1 => spelled.extend(std::iter::once(letter).nfd()),
                    _ => spelled.push(letter),
                }
                if dice(4) == 0 {
                    spelled.push(marks[dice(marks.len())]);
                }
            }
            let (one, two) = (likeness(&named(&name, "Cyfenw")), likeness(&named(&spelled, "CYF-ENW")));
            assert!(one.is_some() && one == two, "{name} {spelled}");
            // The control: one letter more is another name.
            assert!(likeness(&named(&format!("{spelled}x"), "Cyfenw")) != one, "{name}");
        }
    }

    #[test]
    fn birthdays_run_from_1990_to_today() {
        let today = day(2026, 3, 2);
        assert!(birthday(day(1990, 1, 1), today).is_ok());
        assert!(birthday(today, today).is_ok());
        assert_eq!(birthday(day(2026, 3, 3), today), Err(FaultCode::InFuture));
    }
}
