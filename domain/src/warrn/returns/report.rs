//! What became of the returns of an academic year, for the authority: figures that are safe to publish, and none of a
//! school.

use chrono::{Datelike as _, NaiveDate};

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::calendar;
use crate::disclosure::{
    Choice, Counts, PublishedFigure, Question, Tally, Threshold, disclose_group, publish, publish_median,
};
use crate::kernel::{Code, Error, Result, SchoolId, uk_date};
use crate::warrn::settings::WarrnSettings;

use super::clocks::{SUSTAINED_WEEKS, later};
use super::model::Outcome;
use super::store;

/// The returns of one academic year.
#[derive(Debug, Clone)]
pub struct Reintegration {
    /// The year, as `2025/26`.
    pub academic_year: String,
    /// Closed records by outcome.
    pub outcomes: PublishedFigure,
    /// Of those whose child came back, how many a review saw still at school after six and after twelve weeks.
    pub sustained: PublishedFigure,
    /// Half of the children were back after so many school days or fewer; nothing when too few came back.
    pub median_school_days: Option<u32>,
}

/// The names of the two shares of [`Reintegration::sustained`].
pub const SUSTAINED: [&str; 2] = ["six_weeks", "twelve_weeks"];

/// A closed record as the report counts it.
pub(super) struct Ended {
    pub school: SchoolId,
    pub received_on: NaiveDate,
    pub returned_on: Option<NaiveDate>,
    /// The last day on which a review saw the pupil attend.
    pub attended_on: Option<NaiveDate>,
    pub outcome: Outcome,
}

/// The report of the records closed in an academic year that is over, from September to August. Nothing is closed in it
/// any more, so that two readings can't be subtracted from each other (`facts/reliability.md` SUR-4). On record, so it
/// belongs in a write.
///
/// # Errors
/// A refusal of [`Action::ReadReturnReport`]; [`Code::InvalidParameter`] when it is no academic year;
/// [`Code::StateConflict`] until it is over.
pub fn reintegration(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    threshold: Threshold,
    academic_year: &str,
) -> Result<Reintegration> {
    let pass = access::grant(work, Action::ReadReturnReport, (), &Facts::default())?;
    let (from, until) = days_of(academic_year).ok_or(Code::InvalidParameter)?;
    if uk_date(work.now()) < until {
        let detail =
            format!("the report is given after the last day of the year, {}", until.pred_opt().unwrap_or(until));
        return Err(Error::new(Code::StateConflict).with_detail(detail));
    }
    let calendar = calendar::load(work, &settings.calendar)?;
    let ended = store::ended(work, &pass, calendar.start_of(from), calendar.start_of(until))?;
    let days =
        |e: &Ended| e.returned_on.map(|on| calendar.school_days_between(Some(e.school), e.received_on, on, &[]).value);
    let days: Vec<u32> = ended.iter().filter_map(days).collect();
    audit::record(work, "warrn.report", Object::all("warrn"), academic_year.to_owned());
    Ok(Reintegration {
        academic_year: academic_year.to_owned(),
        outcomes: by_outcome(&ended, threshold)?,
        sustained: sustained(&ended, threshold),
        median_school_days: publish_median(days, threshold),
    })
}

/// Every record has one outcome: what the others leave over is known too, so they are decided together.
fn by_outcome(ended: &[Ended], threshold: Threshold) -> Result<PublishedFigure> {
    let of = |outcome: &Outcome| ended.iter().filter(|e| e.outcome == *outcome).count();
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let counted = Tally::Counted {
        base: narrow(ended.len()),
        counts: Outcome::ALL.iter().map(|outcome| narrow(of(outcome))).collect(),
    };
    let question = Question {
        code: "outcome".to_owned(),
        options: Outcome::ALL.iter().map(|o| o.as_str().to_owned()).collect(),
        choice: Choice::One,
        tallies: vec![if ended.is_empty() { Tally::NotAsked } else { counted }],
    };
    let figures = disclose_group("authority", vec![question], threshold).map_err(Error::internal)?;
    figures.into_iter().next().ok_or_else(|| Error::internal("a question without a figure"))
}

/// By what the reviews saw, and not by the day of the closing: a record left open says nothing of the pupil. A return that
/// ended in another absence after a review at seven weeks was sustained for six.
fn sustained(ended: &[Ended], threshold: Threshold) -> PublishedFigure {
    let back: Vec<(NaiveDate, &Ended)> = ended.iter().filter_map(|e| Some((e.returned_on?, e))).collect();
    let seen = |on: NaiveDate, e: &Ended, weeks: u32| e.attended_on.is_some_and(|held| later(on, weeks * 7) <= held);
    let lasted = |weeks: u32| back.iter().filter(|(on, e)| seen(*on, e, weeks)).count() as u64;
    let counts = SUSTAINED_WEEKS.map(lasted);
    // Too few and none at all read alike: that of a few records nobody came back is not told.
    let (asked, base) = (ended.len() as u64, back.len() as u64);
    publish(SUSTAINED.into_iter(), &Counts { asked, base, counts: &counts }, threshold)
}

/// The academic years that are over on a day, the last first: this many of them.
#[must_use]
pub fn years_over(today: NaiveDate, years: u8) -> Vec<String> {
    let this = if today.month() < 9 { today.year() - 1 } else { today.year() };
    (1..=i32::from(years)).map(|n| this - n).map(|year| format!("{year}/{:02}", (year + 1) % 100)).collect()
}

/// The first day of an academic year and of the next one, from `2025/26`.
fn days_of(year: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (from, until) = year.split_once('/')?;
    let (from, until): (i32, i32) = (from.parse().ok().filter(|_| from.len() == 4)?, until.parse().ok()?);
    if (from + 1) % 100 != until || year.len() != 7 {
        return None;
    }
    Some((NaiveDate::from_ymd_opt(from, 9, 1)?, NaiveDate::from_ymd_opt(from + 1, 9, 1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Figure, Share};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn ended(outcome: Outcome, weeks: Option<u32>) -> Ended {
        let back = day("2026-03-09");
        Ended {
            school: SchoolId::from_uuid(uuid::Uuid::nil()),
            received_on: day("2026-03-02"),
            returned_on: weeks.map(|_| back),
            attended_on: weeks.map(|w| later(back, w * 7)),
            outcome,
        }
    }

    #[test]
    fn too_few_records_are_no_figure_and_enough_are_rounded() {
        let few: Vec<Ended> = (0..29).map(|_| ended(Outcome::Sustained12Weeks, Some(12))).collect();
        let threshold = Threshold::default();
        assert!(matches!(by_outcome(&few, threshold).unwrap().view(), Figure::Withheld { symbol: "c", .. }));
        assert!(matches!(sustained(&few, threshold).view(), Figure::Withheld { .. }));
        let nobody: Vec<Ended> = (0..3).map(|_| ended(Outcome::MovedOn, None)).collect();
        assert_eq!(sustained(&nobody, threshold), sustained(&few, threshold), "nor whether anybody came back");
        assert!(matches!(sustained(&[], threshold).view(), Figure::NotAsked { symbol: "z" }));
        let mut all = few;
        all.extend((0..4).map(|_| ended(Outcome::ReAbsence, Some(7))));
        all.push(ended(Outcome::MovedOn, None));
        let figure = by_outcome(&all, threshold).unwrap();
        let Figure::Shown { base, shares } = figure.view() else { panic!("enough") };
        let ranges = |shares: &[Share], of: &[usize]| of.iter().map(|n| shares[*n].range()).collect::<Vec<_>>();
        assert_eq!((base, ranges(shares, &[0, 2, 4])), (30, ["85–100%", "0–15%", "0–15%"].map(str::to_owned).to_vec()));
        let figure = sustained(&all, threshold);
        let Figure::Shown { base, shares } = figure.view() else { panic!("enough") };
        let told = ["85–100%", "85–100%"].map(str::to_owned).to_vec();
        assert_eq!((base, ranges(shares, &[0, 1])), (30, told), "33 came back; 4 of them for 7 weeks");
        // Closed as they were, and no review saw the child: nothing shows that they were there.
        for e in &mut all {
            e.attended_on = None;
        }
        let figure = sustained(&all, threshold);
        let Figure::Shown { shares, .. } = figure.view() else { panic!("enough") };
        assert_eq!(ranges(shares, &[0, 1]), ["0–15%", "0–15%"].map(str::to_owned));
    }

    /// How many counts each share may be of, by all the ways five ranges leave thirty records.
    fn left_open(figure: &PublishedFigure) -> Vec<usize> {
        let Figure::Shown { shares, .. } = figure.view() else { panic!("enough") };
        let may = |share: &Share| {
            let (from, to) = (u32::from(share.band.from), u32::from(share.band.to));
            (0..=30_u32).filter(|n| (from * 30..=to * 30).contains(&(n * 1000))).collect::<Vec<_>>()
        };
        let mut ways = vec![vec![]];
        for share in shares {
            let of =
                |way: &Vec<u32>| may(share).into_iter().map(|n| [way.as_slice(), &[n]].concat()).collect::<Vec<_>>();
            ways = ways.iter().flat_map(of).filter(|way| way.iter().sum::<u32>() <= 30).collect();
        }
        ways.retain(|way| way.iter().sum::<u32>() == 30);
        let counts =
            |n: usize| ways.iter().filter_map(|way| way.get(n)).collect::<std::collections::BTreeSet<_>>().len();
        (0..shares.len()).map(counts).collect()
    }

    #[test]
    fn outcomes_told_together_leave_each_of_them_open() {
        let few = |outcome, n| (0..n).map(move |_| ended(outcome, None));
        let all: Vec<Ended> = few(Outcome::Sustained12Weeks, 15).chain(few(Outcome::ReAbsence, 15)).collect();
        let together = left_open(&by_outcome(&all, Threshold::default()).unwrap());
        assert!(together.iter().all(|counts| *counts >= 4), "{together:?}");
        // The control: each told by itself, two halves leave nothing for the others.
        let counts = Counts { asked: 30, base: 30, counts: &[15, 0, 15, 0, 0] };
        let alone = publish(Outcome::ALL.iter().map(|o| o.as_str()), &counts, Threshold::default());
        assert_eq!(left_open(&alone), [1; 5]);
    }

    #[test]
    fn a_year_is_over_from_september() {
        assert_eq!(years_over(day("2026-08-31"), 2), ["2024/25", "2023/24"]);
        assert_eq!(years_over(day("2026-09-01"), 1), ["2025/26"]);
        assert_eq!(years_over(day("2100-12-31"), 1), ["2099/00"]);
        for today in ["2026-08-31", "2026-09-01"].map(day) {
            assert!(years_over(today, 5).iter().all(|y| days_of(y).is_some_and(|(_, until)| until <= today)));
        }
    }

    #[test]
    fn academic_years_are_read_strictly() {
        assert_eq!(days_of("2025/26"), Some((day("2025-09-01"), day("2026-09-01"))));
        assert_eq!(days_of("2099/00"), Some((day("2099-09-01"), day("2100-09-01"))));
        for bad in ["2025", "2025/27", "2025/2026", "25/26", "2025/-6", "/26", ""] {
            assert_eq!(days_of(bad), None, "{bad}");
        }
    }
}
