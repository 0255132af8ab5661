//! Hand-made tables.

use chrono::NaiveTime;

use super::*;
use crate::kernel::{Utc, uk_instant, uk_time};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The instant a UK clock shows, written `2026-03-02 10:30`.
fn at(text: &str) -> Utc {
    let (date, time) = text.split_once(' ').unwrap();
    uk_instant(day(date), NaiveTime::parse_from_str(time, "%H:%M").unwrap())
}

fn shown(at: Utc) -> String {
    uk_time(at).format("%Y-%m-%d %H:%M").to_string()
}

fn days(from: &str, until: &str) -> Days {
    Days { from: day(from), until: day(until) }
}

fn school(n: u128) -> SchoolId {
    SchoolId::from_uuid(uuid::Uuid::from_u128(n))
}

/// A school year like many in Wales; school 1 trains one day more, school 2 has its own spring and summer.
fn year() -> Calendar {
    let entry = |kind, school, days| CalendarEntry { kind, school, days };
    let entries = [
        entry(DayKind::Term, None, days("2026-01-05", "2026-03-27")),
        entry(DayKind::Term, None, days("2026-04-13", "2026-07-20")),
        entry(DayKind::Term, None, days("2025-09-01", "2025-12-19")),
        entry(DayKind::Term, None, days("2026-09-01", "2026-12-18")),
        entry(DayKind::Holiday, None, days("2026-02-16", "2026-02-20")),
        entry(DayKind::Inset, None, days("2026-09-01", "2026-09-01")),
        entry(DayKind::Inset, Some(school(1)), days("2026-03-13", "2026-03-13")),
        entry(DayKind::Closure, Some(school(1)), days("2026-01-08", "2026-01-09")),
        entry(DayKind::Term, Some(school(2)), days("2025-09-03", "2026-03-20")),
        entry(DayKind::Term, Some(school(2)), days("2026-04-07", "2026-07-24")),
        entry(DayKind::Closure, None, days("2026-12-29", "2026-12-31")),
        entry(DayKind::BankHoliday, None, days("2026-06-15", "2026-06-15")),
    ];
    Calendar::new(CalendarSettings::default(), &entries)
}

#[test]
fn offices_work_from_monday_to_friday_less_bank_holidays_and_closures() {
    let calendar = year();
    for (date, works) in [
        ("2026-03-02", true),
        ("2026-03-07", false),
        ("2026-03-08", false),
        ("2026-04-03", false), // Good Friday
        ("2026-04-06", false), // Easter Monday
        ("2026-04-07", true),
        ("2026-06-15", false), // of the authority's own list
        ("2026-12-28", false), // for Boxing Day, a Saturday
        ("2026-12-29", false), // closed
        ("2027-01-04", true),
        ("2027-12-27", false), // for Christmas Day, a Saturday
        ("2027-12-28", false), // for Boxing Day, a Sunday
        ("2027-12-29", true),
        ("2034-04-07", false), // Good Friday of a year not on the list
        ("2034-04-10", false),
        ("2034-04-11", true),
    ] {
        assert_eq!(calendar.is_working_day(day(date)), works, "{date}");
    }
}

#[test]
fn schools_teach_in_term_less_inset_holidays_and_closures() {
    let calendar = year();
    let (all, one, two) = (None, Some(school(1)), Some(school(2)));
    for (date, school, teaches) in [
        ("2026-03-02", all, true),
        ("2026-03-13", all, true),
        ("2026-03-13", one, false), // its INSET
        ("2026-01-08", one, false), // closed for snow
        ("2026-01-08", two, true),
        ("2026-02-18", all, false), // half-term
        ("2026-02-18", two, false), // everybody's
        ("2026-03-28", all, false),
        ("2026-04-01", all, false), // Easter holiday
        ("2026-03-23", two, false), // a holiday of its own
        ("2026-03-23", one, true),
        ("2026-04-07", two, true),
        ("2026-04-07", one, false),
        ("2026-05-04", all, false), // bank holiday in term
        ("2026-07-22", all, false),
        ("2026-07-22", two, true),
        ("2026-08-12", all, false),
        ("2026-09-01", all, false), // INSET
        ("2026-09-02", two, true),  // the next year it has no terms of its own
    ] {
        assert_eq!(calendar.is_school_day(school, day(date)), teaches, "{date} {school:?}");
        assert!(calendar.knows_terms(school, day(date)), "{date}");
    }
}

#[test]
fn without_terms_working_days_are_counted_and_it_is_said() {
    let calendar = year();
    // After the last known term nothing is known; before the first neither.
    for date in ["2027-02-03", "2025-06-03", "2026-12-21"] {
        assert!(!calendar.knows_terms(None, day(date)), "{date}");
        assert!(calendar.is_school_day(None, day(date)), "{date}");
    }
    assert!(!calendar.is_school_day(None, day("2026-12-25")), "a bank holiday all the same");
    let counted = calendar.add_school_days(None, at("2026-12-17 10:00"), 2);
    assert_eq!((shown(counted.value), counted.assumed), ("2026-12-21 10:00".to_owned(), true));
    let counted = calendar.add_school_days(None, at("2026-12-17 10:00"), 1);
    assert_eq!((shown(counted.value), counted.assumed), ("2026-12-18 10:00".to_owned(), false));
    // A term left out of the file is no long holiday: from July to January there are more than seventy days.
    let entry = |from, until| CalendarEntry { kind: DayKind::Term, school: None, days: days(from, until) };
    let gap = [entry("2026-04-13", "2026-07-20"), entry("2027-01-04", "2027-03-19")];
    let gap = Calendar::new(CalendarSettings::default(), &gap);
    assert!(gap.is_school_day(None, day("2026-10-06")) && !gap.knows_terms(None, day("2026-10-06")));
    let none = Calendar::new(CalendarSettings::default(), &[]);
    assert_eq!(
        none.add_school_days(None, at("2026-03-06 10:00"), 1).value,
        none.add_working_days(at("2026-03-06 10:00"), 1)
    );
}

#[test]
fn days_are_added_on_the_clock_people_read() {
    let calendar = year();
    for (from, n, due) in [
        ("2026-03-02 10:30", 1, "2026-03-03 10:30"),
        ("2026-03-06 10:30", 1, "2026-03-09 10:30"), // Friday
        ("2026-03-02 10:30", 0, "2026-03-02 10:30"),
        ("2026-03-02 16:00", 1, "2026-03-04 09:00"), // after hours: from tomorrow morning
        ("2026-03-02 15:59", 1, "2026-03-03 15:59"),
        ("2026-03-02 06:00", 1, "2026-03-03 09:00"),
        ("2026-03-06 18:00", 1, "2026-03-10 09:00"), // Friday evening: from Monday
        ("2026-03-07 11:00", 0, "2026-03-09 09:00"), // Saturday
        ("2026-03-27 10:30", 1, "2026-03-30 10:30"), // over the change to summer time
        ("2026-10-23 10:30", 1, "2026-10-26 10:30"), // and back
        ("2026-04-02 10:30", 1, "2026-04-07 10:30"), // over Easter
        ("2026-12-24 10:30", 1, "2027-01-04 10:30"), // Christmas, its substitute, closed offices, New Year
        ("2026-12-24 17:00", 1, "2027-01-05 09:00"),
    ] {
        assert_eq!(shown(calendar.add_working_days(at(from), n)), due, "{from} + {n}");
    }
    for (from, n, due) in [
        ("2026-03-27 10:30", 1, "2026-04-13 10:30"), // the Easter holidays
        ("2026-02-13 10:30", 2, "2026-02-24 10:30"), // half-term
        ("2026-08-10 10:30", 1, "2026-09-03 09:00"), // in the summer holidays, with INSET after
        ("2026-03-27 16:30", 1, "2026-04-14 09:00"),
    ] {
        let counted = calendar.add_school_days(None, at(from), n);
        assert_eq!((shown(counted.value).as_str(), counted.assumed), (due, false), "{from} + {n}");
    }
    assert_eq!(shown(calendar.add_school_days(Some(school(1)), at("2026-03-12 10:30"), 1).value), "2026-03-16 10:30");
    // An hour in UTC is not the same hour on the clock.
    assert_eq!(calendar.add_working_days(at("2026-03-27 10:30"), 1), at("2026-03-27 10:30").plus_hours(71));
}

#[test]
fn days_before_a_date_and_between_two() {
    let calendar = year();
    for (date, n, found) in [
        ("2026-03-09", 0, "2026-03-09"),
        ("2026-03-09", 1, "2026-03-06"),
        ("2026-04-13", 1, "2026-03-27"), // back over the holidays
        ("2026-02-23", 2, "2026-02-12"),
    ] {
        assert_eq!(calendar.school_days_before(None, day(date), n).value, day(found), "{date} - {n}");
    }
    assert_eq!(calendar.working_days_before(day("2026-04-13"), 1), day("2026-04-10"));
    assert_eq!(calendar.working_days_before(day("2026-04-07"), 1), day("2026-04-02"));

    let pause = |from: &str, until: Option<&str>| Pause { from: day(from), until: until.map(day) };
    let between = |pauses: &[Pause]| calendar.working_days_between(day("2026-03-02"), day("2026-03-16"), pauses);
    assert_eq!(between(&[]), 10);
    assert_eq!(between(&[pause("2026-03-05", Some("2026-03-09"))]), 8, "the weekend inside it counts nothing twice");
    assert_eq!(between(&[pause("2026-03-05", Some("2026-03-09")), pause("2026-03-06", Some("2026-03-10"))]), 7);
    assert_eq!(between(&[pause("2026-03-05", None)]), 2, "still paused");
    assert_eq!(calendar.working_days_between(day("2026-03-16"), day("2026-03-02"), &[]), 0);
    let taught = calendar.school_days_between(None, day("2026-03-26"), day("2026-04-14"), &[]);
    assert_eq!(taught, Counted { value: 3, assumed: false });
}

#[test]
fn a_closure_without_an_end_is_no_endless_loop() {
    let entry = CalendarEntry {
        kind: DayKind::Closure,
        school: None,
        days: Days { from: day("2026-03-02"), until: NaiveDate::MAX },
    };
    let calendar = Calendar::new(CalendarSettings::default(), &[entry]);
    assert_eq!(shown(calendar.add_working_days(at("2026-03-02 10:00"), 5)), "2026-03-02 09:00");
}
