//! A file of schools against the schools known.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::directory::schools::School;
use crate::kernel::{Bilingual, Fault, FaultCode, Medium, Phase, SchoolId, SchoolNumber};

use super::cells::{self, Row};
use super::model::{Change, Plan, SchoolEntry};
use super::table::{self, Column};
use super::words;

const COLUMNS: &[Column] = &[
    Column {
        name: "number",
        required: true,
        called: &["school number", "rhif", "rhif ysgol", "rhif yr ysgol", "laestab"],
    },
    Column {
        name: "name",
        required: true,
        called: &["school", "school name", "name en", "enw", "ysgol", "enw r ysgol", "enw ysgol", "enw saesneg"],
    },
    Column { name: "name_cy", required: false, called: &["welsh name", "name welsh", "enw cymraeg"] },
    Column { name: "phase", required: true, called: &["sector", "cyfnod"] },
    Column { name: "medium", required: true, called: &["language", "language medium", "cyfrwng", "iaith"] },
    Column { name: "cluster", required: false, called: &["clwstwr"] },
    Column { name: "place_from", required: false, called: &["in cluster from", "cluster from", "yn y clwstwr o"] },
    Column { name: "opened_on", required: false, called: &["opened", "agorwyd", "dyddiad agor", "agorwyd ar"] },
    Column { name: "closed_on", required: false, called: &["closed", "caewyd", "dyddiad cau", "caewyd ar"] },
];

/// The values a column takes, where there is a list.
pub(super) fn allowed(column: &str) -> Vec<&'static str> {
    match column {
        "phase" => Phase::ALL.iter().map(|p| p.as_str()).collect(),
        "medium" => Medium::ALL.iter().map(|m| m.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// What importing this file would do today. `la` is the authority's three digits; a school of another is a fault, and so is a
/// change of phase or cluster that is yet to come: it is imported when it comes. `since` says from when on each school has been of
/// its phase and cluster: another day for that is a change too.
#[must_use]
pub fn plan_schools(
    bytes: &[u8],
    (la, today): (&str, NaiveDate),
    existing: &[School],
    since: &BTreeMap<SchoolId, NaiveDate>,
) -> Plan<SchoolEntry> {
    let table = table::read(bytes, COLUMNS);
    let known: HashMap<&SchoolNumber, &School> = existing.iter().map(|s| (&s.number, s)).collect();
    let mut plan = Plan { rows: table.rows.len(), faults: table.faults, ..Plan::default() };
    let mut seen = HashSet::new();
    for row in &table.rows {
        let number = row.required(&mut plan.faults, "number", |text| {
            let number = SchoolNumber::parse(text)?;
            if number.authority() == la { Ok(number) } else { Err(FaultCode::WrongPlace) }
        });
        if let Some(number) = &number
            && !seen.insert(number.clone())
        {
            plan.faults.push(Fault::in_row(row.number, Some("number"), FaultCode::Duplicate));
        }
        let before = number.as_ref().and_then(|n| known.get(n).copied());
        let Some(entry) = entry(row, number, before, (today, &mut plan.faults)) else {
            continue;
        };
        match before.map(|b| differences(b, since.get(&b.id), &entry)) {
            None => plan.added.push(entry),
            Some(fields) if fields.is_empty() => plan.unchanged += 1,
            Some(fields) => plan.changed.push(Change { to: entry, fields }),
        }
    }
    plan.missing = existing.iter().filter(|s| !seen.contains(&s.number)).map(|s| s.number.to_string()).collect();
    plan
}

/// One row, over what was known of the school.
fn entry(
    row: &Row,
    number: Option<SchoolNumber>,
    before: Option<&School>,
    (today, faults): (NaiveDate, &mut Vec<Fault>),
) -> Option<SchoolEntry> {
    let name = row.required(faults, "name", cells::text_up_to(200));
    let name_cy = row.optional(faults, "name_cy", cells::text_up_to(200));
    let phase = row.required(faults, "phase", words::phase);
    let medium = row.required(faults, "medium", words::medium);
    let cluster = row.optional(faults, "cluster", cells::text_up_to(100));
    let place_from = row.optional(faults, "place_from", |text| {
        cells::date(text).and_then(|day| if day <= today { Ok(day) } else { Err(FaultCode::InFuture) })
    });
    let opened_on = row.optional(faults, "opened_on", cells::date).or_keep(before.and_then(|b| b.opened_on));
    let closed_on = row.optional(faults, "closed_on", cells::date).or_keep(before.and_then(|b| b.closed_on));
    if opened_on.zip(closed_on).is_some_and(|(opened, closed)| closed < opened) {
        faults.push(Fault::in_row(row.number, Some("closed_on"), FaultCode::WrongOrder));
    }
    let en = name?;
    // A school with one name has it in both languages, also after that name changes.
    let cy_before = before.filter(|b| b.name.cy != b.name.en).map(|b| b.name.cy.clone());
    Some(SchoolEntry {
        number: number?,
        name: Bilingual { cy: name_cy.or_keep(cy_before).unwrap_or_else(|| en.clone()), en },
        phase: phase?,
        medium: medium?,
        cluster: cluster.or_keep(before.and_then(|b| b.cluster.clone())),
        place_from: place_from.or_keep(None),
        opened_on,
        closed_on,
    })
}

/// The columns in which a school would differ.
fn differences(before: &School, since: Option<&NaiveDate>, after: &SchoolEntry) -> Vec<&'static str> {
    [
        ("name", before.name.en != after.name.en),
        ("name_cy", before.name.cy != after.name.cy),
        ("phase", before.phase != after.phase),
        ("medium", before.medium != after.medium),
        ("cluster", before.cluster != after.cluster),
        ("place_from", after.place_from.is_some() && after.place_from.as_ref() != since),
        ("opened_on", before.opened_on != after.opened_on),
        ("closed_on", before.closed_on != after.closed_on),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}
