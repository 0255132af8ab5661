//! The United Kingdom's own time: what a person there reads off a clock and a calendar.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta};

use super::Utc;

/// The instant as a clock in the United Kingdom shows it. Summer time runs from 01:00 UTC on the last Sunday of March to
/// 01:00 UTC on the last Sunday of October (The Summer Time Order 2002, SI 2002/262).
#[must_use]
pub fn uk_time(at: Utc) -> DateTime<chrono::Utc> {
    let at = at.chrono();
    let change = |month| {
        let last = NaiveDate::from_ymd_opt(at.year(), month, 31)?;
        let sunday = last.checked_sub_days(Days::new(last.weekday().num_days_from_sunday().into()))?;
        Some(sunday.and_hms_opt(1, 0, 0)?.and_utc())
    };
    match (change(3), change(10)) {
        (Some(from), Some(until)) if from <= at && at < until => at + TimeDelta::hours(1),
        _ => at,
    }
}

/// The calendar day in the United Kingdom.
#[must_use]
pub fn uk_date(at: Utc) -> NaiveDate {
    uk_time(at).date_naive()
}

/// The instant at which a clock in the United Kingdom shows this time on this day: the first of two in the hour that
/// comes twice, and an hour later in the one that is left out.
#[must_use]
pub fn uk_instant(date: NaiveDate, time: NaiveTime) -> Utc {
    let shown = date.and_time(time);
    let guess = Utc::from_micros(shown.and_utc().timestamp_micros());
    let earlier = guess.plus_hours(-1);
    if uk_time(earlier).naive_utc() == shown { earlier } else { guess }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_changes_at_one_o_clock_utc() {
        let at = |m, d, h| uk_time(Utc::from_date_hour(NaiveDate::from_ymd_opt(2026, m, d).unwrap(), h)).to_string();
        assert_eq!(at(3, 29, 0), "2026-03-29 00:00:00 UTC");
        assert_eq!(at(3, 29, 1), "2026-03-29 02:00:00 UTC");
        assert_eq!(at(10, 25, 0), "2026-10-25 01:00:00 UTC");
        assert_eq!(at(10, 25, 1), "2026-10-25 01:00:00 UTC");
        let late = Utc::from_date_hour(NaiveDate::from_ymd_opt(2026, 7, 1).unwrap(), 23);
        assert_eq!(uk_date(late), NaiveDate::from_ymd_opt(2026, 7, 2).unwrap());
    }

    #[test]
    fn a_time_on_the_clock_is_found_again() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        for (date, hour) in [(day(1, 5), 9), (day(7, 6), 8), (day(3, 29), 8), (day(10, 25), 9)] {
            assert_eq!(uk_instant(date, nine), Utc::from_date_hour(date, hour), "{date}");
            assert_eq!(uk_time(uk_instant(date, nine)).naive_utc(), date.and_time(nine));
        }
        let half_one = NaiveTime::from_hms_opt(1, 30, 0).unwrap();
        assert_eq!(uk_time(uk_instant(day(3, 29), half_one)).to_string(), "2026-03-29 02:30:00 UTC");
        assert_eq!(uk_instant(day(10, 25), half_one).plus_seconds(-1800), Utc::from_date_hour(day(10, 25), 0));
    }
}
