//! Working days: Monday to Friday. Bank holidays, terms and INSET days come with the school calendar.

use chrono::{Datelike, NaiveDate, Weekday};

use super::Utc;

/// Whether the date is a Monday to Friday.
#[must_use]
pub fn is_working_day(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The same time of day (UTC) so many working days later. An instant at a weekend counts from the next Monday.
#[must_use]
pub fn add_working_days(from: Utc, days: u32) -> Utc {
    const DAY: i64 = 86_400;
    let mut at = from;
    while !is_working_day(at.date()) {
        at = at.plus_seconds(DAY);
    }
    for _ in 0..days {
        at = at.plus_seconds(DAY);
        while !is_working_day(at.date()) {
            at = at.plus_seconds(DAY);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> Utc {
        // March 2026: the 2nd is a Monday.
        Utc::from_date_hour(NaiveDate::from_ymd_opt(2026, 3, day).unwrap(), 15)
    }

    #[test]
    fn weekends_do_not_count() {
        assert_eq!(add_working_days(at(2), 1), at(3));
        assert_eq!(add_working_days(at(6), 1), at(9), "Friday to Monday");
        assert_eq!(add_working_days(at(7), 1), at(10), "Saturday counts from Monday");
        assert_eq!(add_working_days(at(2), 10), at(16));
        assert_eq!(add_working_days(at(8), 0), at(9));
    }
}
