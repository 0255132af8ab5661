//! Days and hours in words, as a clock in the United Kingdom shows them.

use chrono::{Datelike, NaiveDate, Timelike};
use dolen_domain::kernel::{Lang, Utc, uk_date, uk_time};

const WELSH: [&str; 12] = [
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
];
const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day: "22 Tachwedd 2026", "22 November 2026".
#[must_use]
pub fn day(lang: Lang, date: NaiveDate) -> String {
    let names = match lang {
        Lang::Cy => WELSH,
        Lang::En => ENGLISH,
    };
    let month = names.get(date.month0() as usize).unwrap_or(&"");
    format!("{} {month} {}", date.day(), date.year())
}

/// The day of an instant.
#[must_use]
pub fn day_of(lang: Lang, at: Utc) -> String {
    day(lang, uk_date(at))
}

/// The hour of an instant: "9:32am".
#[must_use]
pub fn hour(at: Utc) -> String {
    let at = uk_time(at);
    let (afternoon, hour) = at.hour12();
    format!("{hour}:{:02}{}", at.minute(), if afternoon { "pm" } else { "am" })
}

/// For the `datetime` of a `<time>`.
#[must_use]
pub fn machine(at: &Utc) -> String {
    at.chrono().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_read_naturally() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!([day(Lang::Cy, date), day(Lang::En, date)], ["22 Tachwedd 2026", "22 November 2026"]);
        let summer = Utc::from_date_hour(NaiveDate::from_ymd_opt(2026, 7, 31).unwrap(), 23);
        assert_eq!((day_of(Lang::En, summer), hour(summer)), ("1 August 2026".to_owned(), "12:00am".to_owned()));
        assert_eq!(hour(summer.plus_seconds(13 * 3600 + 300)), "1:05pm");
        assert_eq!(machine(&summer), "2026-07-31T23:00:00Z");
    }
}
