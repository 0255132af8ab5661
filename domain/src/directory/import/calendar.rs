//! A file of terms, INSET days, holidays and closures against the calendar known.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike as _, NaiveDate};

use crate::directory::schools::School;
use crate::kernel::{Bilingual, CalendarEntry, CalendarId, DayKind, Days, Fault, FaultCode, SchoolNumber};

use super::cells::{self, Row};
use super::model::{CalendarLine, Change, Plan};
use super::table::{self, Column};

const COLUMNS: &[Column] = &[
    Column { name: "kind", required: true, called: &["math"] },
    Column { name: "school_number", required: false, called: &["number", "rhif", "rhif ysgol", "rhif yr ysgol"] },
    Column { name: "begins_on", required: true, called: &["begins", "from", "dechrau", "o"] },
    Column { name: "ends_on", required: false, called: &["ends", "until", "to", "diwedd", "hyd at"] },
    Column { name: "name_en", required: true, called: &["name", "enw saesneg"] },
    Column { name: "name_cy", required: false, called: &["welsh name", "enw", "enw cymraeg"] },
];

/// No term has more days than this, and nothing else more than half of it: a longer one is a slip of the keyboard.
const LONGEST_TERM: i64 = 200;

/// The values a column takes, where there is a list.
pub(super) fn allowed(column: &str) -> Vec<&'static str> {
    if column == "kind" { DayKind::ALL.iter().map(|k| k.as_str()).collect() } else { Vec::new() }
}

/// What importing this file would do. An entry is known again by its kind, its school and its first day. With `replace`,
/// known entries that begin in the school years the file is about and are not in it would be removed.
#[must_use]
pub fn plan_calendar(
    bytes: &[u8],
    schools: &[School],
    known: &[(CalendarId, CalendarLine)],
    replace: bool,
) -> Plan<CalendarLine> {
    let table = table::read(bytes, COLUMNS);
    let before: HashMap<String, &CalendarLine> = known.iter().map(|(_, line)| (line.key(), line)).collect();
    let mut plan = Plan { rows: table.rows.len(), faults: table.faults, ..Plan::default() };
    let (mut seen, mut years) = (HashSet::new(), HashSet::new());
    for row in &table.rows {
        let Some(line) = line(row, schools, &mut plan.faults) else { continue };
        if !seen.insert(line.key()) {
            plan.faults.push(Fault::in_row(row.number, Some("begins_on"), FaultCode::Duplicate));
            continue;
        }
        years.insert(school_year(line.entry.days.from));
        match before.get(&line.key()).map(|b| differences(b, &line)) {
            None => plan.added.push(line),
            Some(fields) if fields.is_empty() => plan.unchanged += 1,
            Some(fields) => plan.changed.push(Change { to: line, fields }),
        }
    }
    for (_, line) in known.iter().filter(|(_, line)| !seen.contains(&line.key())) {
        let goes = replace && years.contains(&school_year(line.entry.days.from));
        if goes { plan.removed.push(line.key()) } else { plan.missing.push(line.key()) }
    }
    plan
}

fn line(row: &Row, schools: &[School], faults: &mut Vec<Fault>) -> Option<CalendarLine> {
    let kind = row.required(faults, "kind", |text| text.to_lowercase().replace([' ', '-'], "_").parse::<DayKind>());
    let before = faults.len();
    let school = row.optional(faults, "school_number", |text| {
        let number = SchoolNumber::parse(text)?;
        schools.iter().find(|s| s.number == number).ok_or(FaultCode::NotFound)
    });
    let school_is_sound = faults.len() == before;
    let school = school.or_keep(None);
    let begins_on = row.required(faults, "begins_on", cells::date);
    let before = faults.len();
    let ends_on = row.optional(faults, "ends_on", cells::date).or_keep(None);
    let end_is_sound = faults.len() == before;
    let en = row.required(faults, "name_en", cells::text_up_to(100));
    let cy = row.optional(faults, "name_cy", cells::text_up_to(100)).or_keep(None);
    let (kind, from, en) = (kind?, begins_on?, en?);
    if !(school_is_sound && end_is_sound) {
        return None;
    }
    let days = Days { from, until: ends_on.unwrap_or(from) };
    let most = if kind == DayKind::Term { LONGEST_TERM } else { LONGEST_TERM / 2 };
    let length = (days.until - days.from).num_days();
    if length < 0 || length > most {
        let code = if length < 0 { FaultCode::WrongOrder } else { FaultCode::DateOutOfRange };
        faults.push(Fault::in_row(row.number, Some("ends_on"), code));
        return None;
    }
    Some(CalendarLine {
        entry: CalendarEntry { kind, school: school.map(|s| s.id), days },
        school: school.map(|s| s.number.clone()),
        name: Bilingual { cy: cy.unwrap_or_else(|| en.clone()), en },
    })
}

/// The columns in which an entry would differ.
fn differences(before: &CalendarLine, after: &CalendarLine) -> Vec<&'static str> {
    [
        ("ends_on", before.entry.days.until != after.entry.days.until),
        ("name_en", before.name.en != after.name.en),
        ("name_cy", before.name.cy != after.name.cy),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}

fn school_year(date: NaiveDate) -> i32 {
    if date.month() >= 8 { date.year() } else { date.year() - 1 }
}
