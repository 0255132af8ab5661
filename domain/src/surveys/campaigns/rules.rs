//! What a new campaign must be. Pure.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::directory::schools::School;
use crate::instruments::Definition;
use crate::kernel::{FaultCode, Faults, SchoolId, YearGroups, clean_text};

use super::model::{Campaign, NewCampaign, Part, Rolls, SchoolsIn, Shut, Stage, Window};

/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// Largest roll taken; far above any school's.
pub(in crate::surveys) const LARGEST_ROLL: i64 = 20_000;
/// Longest time to finish in, in days: a guard against slips, longer than any campaign.
const LONGEST_LATE: u16 = 62;

/// Notes what is wrong with a campaign's own fields, and cleans its title.
pub(super) fn tidy(new: &mut NewCampaign, faults: &mut Faults) {
    let days = days_of(&new.academic_year);
    if days.is_none() {
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
    let beyond = |day| days.is_some_and(|(first, last)| day < first || day > last);
    if beyond(new.opens_on) {
        faults.add("/opens_on", FaultCode::DateOutOfRange);
    }
    if new.closes_on < new.opens_on || beyond(new.closes_on) {
        faults.add("/closes_on", FaultCode::DateOutOfRange);
    }
    if new.late_days > LONGEST_LATE {
        faults.add("/late_days", FaultCode::OutOfRange);
    }
}

/// The year groups a campaign asks: those named, each of which the questionnaire must be for; all of its when none is.
pub(super) fn years(new: &NewCampaign, definition: &Definition, faults: &mut Faults) -> YearGroups {
    for (i, year) in new.years.iter().enumerate() {
        if definition.band_of(*year).is_none() {
            faults.add(format!("/year_groups/{i}"), FaultCode::OutOfRange);
        }
    }
    if new.years.is_empty() {
        YearGroups::of(YearGroups::ALL.iter().filter(|year| definition.band_of(*year).is_some()))
    } else {
        YearGroups::of(new.years.iter().copied())
    }
}

/// Why a school's answers are not taken on a day; nothing when they are. Who has begun may finish in the closing days
/// (issue: "accept only what has begun"); whom the authority opened it again for may send until that day.
pub(super) fn shut(campaign: &Campaign, part: &Part, begun: bool, today: NaiveDate) -> Option<Shut> {
    if part.signed_off_on.is_some() {
        return Some(Shut::SignedOff);
    }
    match campaign.window(today) {
        Window::Ahead => Some(Shut::Ahead),
        _ if part.unlocked_until.is_some_and(|last| today <= last) => None,
        Window::Open => None,
        Window::Closing => (!begun).then_some(Shut::NotBegun),
        Window::Over => Some(Shut::Over),
    }
}

/// How far a school is, in a word.
pub(super) fn stage(part: &Part, begun: bool) -> Stage {
    match (part.signed_off_on, part.nil) {
        (Some(_), Some(_)) => Stage::NilReturn,
        (Some(_), None) => Stage::SignedOff,
        (None, _) if begun => Stage::Begun,
        (None, _) => Stage::Owing,
    }
}

/// Notes what is wrong with rolls, and reckons what all come to.
pub(super) fn reckon(rolls: &mut Rolls, asked: Option<YearGroups>, at: &str, faults: &mut Faults) {
    let mut seen = HashSet::new();
    for (i, (year, pupils)) in rolls.by_year.iter().enumerate() {
        let place = format!("{at}/rolls/{i}");
        if !seen.insert(*year) {
            faults.add(format!("{place}/year_group"), FaultCode::Duplicate);
        } else if asked.is_some_and(|asked| !asked.has(*year)) {
            faults.add(format!("{place}/year_group"), FaultCode::OutOfRange);
        }
        if !(0..=LARGEST_ROLL).contains(pupils) {
            faults.add(format!("{place}/pupils"), FaultCode::OutOfRange);
        }
    }
    if !rolls.by_year.is_empty() {
        let sum = rolls.by_year.iter().map(|(_, pupils)| (*pupils).clamp(0, LARGEST_ROLL)).sum();
        if rolls.all.is_some_and(|all| all != sum) {
            faults.add(format!("{at}/roll"), FaultCode::OutOfRange);
        }
        rolls.all = Some(sum);
    }
    if rolls.all.is_some_and(|r| !(0..=LARGEST_ROLL).contains(&r)) {
        faults.add(format!("{at}/roll"), FaultCode::OutOfRange);
    }
}

/// The schools that take part, out of all there are. A choice that yields none is a fault: nobody would be asked.
pub(super) fn choose(
    new: &mut NewCampaign,
    all: &[School],
    asked: Option<YearGroups>,
    faults: &mut Faults,
) -> Vec<(SchoolId, Rolls)> {
    let open = all.iter().filter(|s| s.is_open_on(new.opens_on));
    let listed = match &mut new.schools {
        SchoolsIn::AllOpen => {
            let chosen: Vec<_> = open.map(|s| (s.id, Rolls::default())).collect();
            if chosen.is_empty() {
                faults.add("/schools", FaultCode::Missing);
            }
            return chosen;
        }
        SchoolsIn::OfPhases(phases) => {
            let chosen: Vec<_> = open.filter(|s| phases.contains(&s.phase)).map(|s| (s.id, Rolls::default())).collect();
            if phases.is_empty() {
                faults.add("/phases", FaultCode::Missing);
            } else if chosen.is_empty() {
                faults.add("/phases", FaultCode::NotFound);
            }
            return chosen;
        }
        SchoolsIn::Listed(listed) => listed,
    };
    if listed.is_empty() {
        faults.add("/schools", FaultCode::Missing);
    }
    let by_number: HashMap<_, _> = all.iter().map(|s| (&s.number, s)).collect();
    let mut seen = HashSet::new();
    let mut chosen = Vec::with_capacity(listed.len());
    for (i, school) in listed.iter_mut().enumerate() {
        reckon(&mut school.rolls, asked, &format!("/schools/{i}"), faults);
        match by_number.get(&school.number) {
            None => faults.add(format!("/schools/{i}/school_number"), FaultCode::NotFound),
            Some(_) if !seen.insert(school.number.clone()) => {
                faults.add(format!("/schools/{i}/school_number"), FaultCode::Duplicate);
            }
            Some(found) => chosen.push((found.id, school.rolls.clone())),
        }
    }
    chosen
}

/// The days a campaign of an academic year may have, which runs from 1 September to 31 August: those and a month before and after,
/// for a survey that is made ready or ends in the holidays. The year is written `2026/27`: four digits, a slash, and the last two of
/// the year after; of this century, a guard against slips. `None` for what is no such year.
fn days_of(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (first, second) = text.split_once('/')?;
    let digits = |t: &str, n| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(first, 4) || !digits(second, 2) {
        return None;
    }
    let (first, second) = (first.parse::<i32>().ok()?, second.parse::<i32>().ok()?);
    if !(2000..2100).contains(&first) || (first + 1) % 100 != second {
        return None;
    }
    Some((NaiveDate::from_ymd_opt(first, 8, 1)?, NaiveDate::from_ymd_opt(first + 1, 9, 30)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Phase;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
    }

    fn campaign() -> Campaign {
        Campaign {
            id: crate::kernel::CampaignId::from_uuid(uuid::Uuid::nil()),
            instrument: crate::kernel::InstrumentId::from_uuid(uuid::Uuid::nil()),
            academic_year: "2025/26".into(),
            title: crate::kernel::Bilingual { cy: "Arolwg".into(), en: "Survey".into() },
            opens_on: day(2),
            closes_on: day(13),
            late_days: 4,
            years: YearGroups::ALL,
            version: 1,
            created_at: crate::kernel::Utc::from_micros(0),
        }
    }

    #[test]
    fn a_choice_that_yields_no_school_is_a_fault() {
        let school = |phase, closed_on| School {
            id: SchoolId::from_uuid(uuid::Uuid::nil()),
            number: crate::kernel::SchoolNumber::parse("6764051").unwrap(),
            name: crate::kernel::Bilingual { cy: "Ysgol".into(), en: "School".into() },
            phase,
            medium: crate::kernel::Medium::English,
            cluster: None,
            opened_on: None,
            closed_on,
        };
        let chosen = |schools: SchoolsIn, all: &[School]| {
            let mut faults = Faults::default();
            let mut new = crate::surveys::stage::new_campaign(schools);
            let number = choose(&mut new, all, None, &mut faults).len();
            (number, faults.into_vec().into_iter().map(|f| (f.pointer, f.code)).collect::<Vec<_>>())
        };
        let (open, shut) =
            (school(Phase::Primary, None), school(Phase::Secondary, NaiveDate::from_ymd_opt(2025, 8, 31)));
        let all = [open, shut];
        let fault = |pointer: &str, code| (0, vec![(pointer.to_owned(), code)]);
        assert_eq!(chosen(SchoolsIn::AllOpen, &all), (1, vec![]));
        assert_eq!(chosen(SchoolsIn::OfPhases(vec![Phase::Primary]), &all), (1, vec![]));
        assert_eq!(chosen(SchoolsIn::OfPhases(vec![]), &all), fault("/phases", FaultCode::Missing));
        for none in [Phase::Nursery, Phase::Secondary] {
            assert_eq!(chosen(SchoolsIn::OfPhases(vec![none]), &all), fault("/phases", FaultCode::NotFound));
        }
        assert_eq!(chosen(SchoolsIn::AllOpen, &all[1..]), fault("/schools", FaultCode::Missing));
        assert_eq!(chosen(SchoolsIn::Listed(vec![]), &all), fault("/schools", FaultCode::Missing));
    }

    /// Each day of the campaign, for who has begun and who hasn't, with and without a second chance.
    #[test]
    fn a_school_finds_the_door_open_or_told_why_not() {
        let part = Part::default();
        let again = Part { unlocked_until: Some(day(20)), ..part };
        let signed = Part { signed_off_on: Some(day(5)), ..part };
        for (on, begun, part, expected) in [
            (1, true, part, Some(Shut::Ahead)),
            (1, false, again, Some(Shut::Ahead)),
            (2, false, part, None),
            (13, false, part, None),
            (14, false, part, Some(Shut::NotBegun)),
            (14, true, part, None),
            (17, true, part, None),
            (18, true, part, Some(Shut::Over)),
            (18, false, again, None),
            (20, false, again, None),
            (21, true, again, Some(Shut::Over)),
            (5, true, signed, Some(Shut::SignedOff)),
            (18, true, signed, Some(Shut::SignedOff)),
        ] {
            assert_eq!(shut(&campaign(), &part, begun, day(on)), expected, "day {on}, begun: {begun}, {part:?}");
        }
    }

    #[test]
    fn rolls_of_years_make_up_the_whole() {
        let year = |n| crate::kernel::YearGroup::new(n).unwrap();
        let asked = Some(YearGroups::of([year(7), year(8)]));
        let reckoned = |all, by_year: &[(i64, i64)]| {
            let mut rolls = Rolls { all, by_year: by_year.iter().map(|(y, n)| (year(*y), *n)).collect() };
            let mut faults = Faults::default();
            reckon(&mut rolls, asked, "/schools/0", &mut faults);
            (rolls.all, faults.into_vec().into_iter().map(|f| f.pointer).collect::<Vec<_>>())
        };
        assert_eq!(reckoned(None, &[(7, 90), (8, 85)]), (Some(175), vec![]));
        assert_eq!(reckoned(Some(12), &[]), (Some(12), vec![]));
        assert_eq!(reckoned(Some(12), &[(7, 90)]).1, ["/schools/0/roll"]);
        assert_eq!(
            reckoned(None, &[(7, 1), (7, 1), (9, 1), (8, -1)]).1,
            ["/schools/0/rolls/1/year_group", "/schools/0/rolls/2/year_group", "/schools/0/rolls/3/pupils"]
        );
    }

    #[test]
    fn academic_years_follow_one_another() {
        for good in ["2026/27", "2099/00"] {
            assert!(days_of(good).is_some(), "{good}");
        }
        for bad in ["", "2026", "2026/28", "2026/2027", "26/27", "+026/27", "1998/99", "2026/27 ", "2100/01", "9999/00"]
        {
            assert!(days_of(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_window_lies_in_its_academic_year_or_next_to_it() {
        let wrong = |opens: &str, closes: &str| {
            let mut new = crate::surveys::stage::new_campaign(SchoolsIn::AllOpen);
            (new.opens_on, new.closes_on, new.late_days) =
                (opens.parse().unwrap(), closes.parse().unwrap(), LONGEST_LATE);
            let mut faults = Faults::default();
            tidy(&mut new, &mut faults);
            let all = faults.into_vec().into_iter();
            all.map(|f| (f.pointer, f.code)).collect::<Vec<_>>()
        };
        let at = |pointer: &str| (pointer.to_owned(), FaultCode::DateOutOfRange);
        assert_eq!(wrong("2025-08-01", "2026-09-30"), []);
        assert_eq!(wrong("2025-07-31", "2026-10-01"), [at("/opens_on"), at("/closes_on")]);
        assert_eq!(wrong("2026-03-02", "2026-03-01"), [at("/closes_on")]);
        assert_eq!(wrong("0001-01-01", "2026-03-01"), [at("/opens_on")]);
        assert_eq!(wrong("9999-12-31", "9999-12-31"), [at("/opens_on"), at("/closes_on")]);
    }
}
