//! The United Kingdom's own time: what a person there reads off a clock and a calendar.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta};

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
}
