//! What a new campaign must be. Pure.

use std::collections::{HashMap, HashSet};

use crate::directory::schools::School;
use crate::kernel::{FaultCode, Faults, SchoolId, clean_text};

use super::model::{NewCampaign, SchoolsIn};

/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// Largest roll taken; far above any school's.
const LARGEST_ROLL: i64 = 20_000;

/// Notes what is wrong with a campaign's own fields, and cleans its title.
pub(super) fn tidy(new: &mut NewCampaign, faults: &mut Faults) {
    if !is_academic_year(&new.academic_year) {
        faults.add("/academic_year", FaultCode::BadFormat);
    }
    for (pointer, text) in [("/title/cy", &mut new.title.cy), ("/title/en", &mut new.title.en)] {
        let clean = clean_text(text).and_then(|t| match t.chars().count() {
            0 => Err(FaultCode::Missing),
            1..=LONGEST_TITLE => Ok(t),
            _ => Err(FaultCode::TooLong),
        });
        if let Some(clean) = faults.keep(pointer, clean) {
            *text = clean;
        }
    }
    if new.closes_on < new.opens_on {
        faults.add("/closes_on", FaultCode::DateOutOfRange);
    }
}

/// The schools that take part, out of all there are.
pub(super) fn choose(new: &NewCampaign, all: &[School], faults: &mut Faults) -> Vec<(SchoolId, Option<i64>)> {
    let listed = match &new.schools {
        SchoolsIn::AllOpen => {
            return all.iter().filter(|s| s.is_open_on(new.opens_on)).map(|s| (s.id, None)).collect();
        }
        SchoolsIn::Listed(listed) => listed,
    };
    if listed.is_empty() {
        faults.add("/schools", FaultCode::Missing);
    }
    let by_number: HashMap<_, _> = all.iter().map(|s| (&s.number, s)).collect();
    let mut seen = HashSet::new();
    let mut chosen = Vec::with_capacity(listed.len());
    for (i, (number, roll)) in listed.iter().enumerate() {
        match by_number.get(number) {
            None => faults.add(format!("/schools/{i}/number"), FaultCode::NotFound),
            Some(_) if !seen.insert(number) => faults.add(format!("/schools/{i}/number"), FaultCode::Duplicate),
            Some(school) => chosen.push((school.id, *roll)),
        }
        if roll.is_some_and(|r| !(0..=LARGEST_ROLL).contains(&r)) {
            faults.add(format!("/schools/{i}/roll"), FaultCode::OutOfRange);
        }
    }
    chosen
}

/// `2026/27`: four digits, a slash, and the last two of the year after.
fn is_academic_year(text: &str) -> bool {
    let Some((first, second)) = text.split_once('/') else {
        return false;
    };
    let digits = |t: &str, n| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    let (true, true) = (digits(first, 4), digits(second, 2)) else {
        return false;
    };
    matches!((first.parse::<u32>(), second.parse::<u32>()), (Ok(a), Ok(b)) if a >= 2000 && (a + 1) % 100 == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn academic_years_follow_one_another() {
        for good in ["2026/27", "2099/00"] {
            assert!(is_academic_year(good), "{good}");
        }
        for bad in ["", "2026", "2026/28", "2026/2027", "26/27", "+026/27", "1998/99", "2026/27 "] {
            assert!(!is_academic_year(bad), "{bad}");
        }
    }
}
