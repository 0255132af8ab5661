//! Bank holidays: the shipped list, and the rules for the years after it.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::kernel::Bilingual;

/// England and Wales have one list (Banking and Financial Dealings Act 1971, Schedule 1 and section 1(3); Christmas Day
/// and Good Friday by common law). Substitute days as proclaimed each year.
const SHIPPED: &str = include_str!("bank_holidays.csv");

/// The years the shipped list is for.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 2025..=2030;

/// The shipped list: each day with its name.
#[must_use]
pub fn bank_holidays() -> Vec<(NaiveDate, Bilingual<&'static str>)> {
    SHIPPED
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',');
            let date = cells.next()?.parse().ok()?;
            Some((date, Bilingual { cy: cells.next()?, en: cells.next()? }))
        })
        .collect()
}

/// The days the rules give for a year: what an unpublished year will most likely have.
pub(super) fn by_rule(year: i32) -> Vec<NaiveDate> {
    let new_year = NaiveDate::from_ymd_opt(year, 1, 1).map(next_weekday);
    let easter = easter_sunday(year);
    let christmas = NaiveDate::from_ymd_opt(year, 12, 25);
    let boxing_day = christmas.and_then(|d| d.succ_opt());
    let (christmas, boxing_day) = match christmas.map(|d| d.weekday()) {
        // Boxing Day stays on the Monday and Christmas Day's substitute comes after it.
        Some(Weekday::Sun) => (christmas.and_then(|d| d.checked_add_days(Days::new(2))), boxing_day),
        Some(Weekday::Sat) => {
            let monday = christmas.map(next_weekday);
            (monday, monday.and_then(|d| d.succ_opt()))
        }
        _ => (christmas, boxing_day.map(next_weekday)),
    };
    [
        new_year,
        easter.and_then(|d| d.checked_sub_days(Days::new(2))),
        easter.and_then(|d| d.succ_opt()),
        NaiveDate::from_weekday_of_month_opt(year, 5, Weekday::Mon, 1),
        last_monday(year, 5),
        last_monday(year, 8),
        christmas,
        boxing_day,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn next_weekday(mut date: NaiveDate) -> NaiveDate {
    while matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
        date = date.succ_opt().unwrap_or(date);
    }
    date
}

fn last_monday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_days(Days::new(last.weekday().num_days_from_monday().into()))
}

/// Easter Sunday of the Gregorian calendar (Gauss's method in the form of J.-M. Oudin, 1940; `Explanatory Supplement to
/// the Astronomical Almanac`, chapter 12).
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let century = year / 100;
    let golden = year % 19;
    let k = (century - 17) / 25;
    let mut moon = (century - century / 4 - (century - k) / 3 + 19 * golden + 15) % 30;
    moon -= (moon / 28) * (1 - (moon / 28) * (29 / (moon + 1)) * ((21 - golden) / 11));
    let day = (year + year / 4 + moon + 2 - century + century / 4) % 7;
    let from = moon - day;
    let month = 3 + (from + 40) / 44;
    let day = from + 28 - 31 * (month / 4);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_where_the_almanacs_have_it() {
        // Among them the earliest and the latest of the century, and the years in which simpler methods err.
        let known = [
            "1981-04-19",
            "2008-03-23",
            "2011-04-24",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2029-04-01",
            "2030-04-21",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
        ];
        for text in known {
            assert_eq!(easter_sunday(day(text).year()), Some(day(text)));
        }
    }

    #[test]
    fn the_shipped_list_is_what_the_rules_give() {
        let shipped = bank_holidays();
        assert_eq!(shipped.len(), 48, "every line is read");
        assert_eq!(SHIPPED.lines().count(), 49);
        for year in YEARS {
            let listed: Vec<_> = shipped.iter().map(|(d, _)| *d).filter(|d| d.year() == year).collect();
            assert_eq!(listed, by_rule(year), "{year}");
        }
        assert!(shipped.iter().all(|(_, name)| !name.cy.is_empty() && !name.en.is_empty()));
        // The control: another list is not what the rules give.
        assert_ne!(by_rule(2026), by_rule(2027));
    }

    #[test]
    fn christmas_at_a_weekend_has_its_substitutes() {
        let ends = |year| by_rule(year).split_off(6);
        assert_eq!(ends(2026), [day("2026-12-25"), day("2026-12-28")], "Friday and Saturday");
        assert_eq!(ends(2027), [day("2027-12-27"), day("2027-12-28")], "Saturday and Sunday");
        assert_eq!(ends(2022), [day("2022-12-27"), day("2022-12-26")], "Sunday and Monday");
        assert_eq!(by_rule(2028)[0], day("2028-01-03"), "a Saturday");
    }
}
