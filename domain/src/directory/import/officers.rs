//! A contact list against the officers known.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use crate::directory::officers::{Coverage, KeyArea, Officer};
use crate::identity::Preference;
use crate::kernel::{EmailAddress, Fault, FaultCode, OfficerId, SchoolNumber, ServiceId};

use super::cells::{self, Cell, Row};
use super::contact;
use super::model::{Change, Known, OfficerEntry, Plan};
use super::table::{self, Column};
use super::words::{self, flat, read_key_areas};

const COLUMNS: &[Column] = &[
    Column { name: "Name", required: true, called: &["enw"] },
    Column {
        name: "Contact details",
        required: true,
        called: &["contact", "email", "e mail", "email address", "manylion cyswllt", "e bost", "ebost"],
    },
    Column { name: "Phone", required: false, called: &["telephone", "tel", "ffôn", "rhif ffôn"] },
    Column { name: "Role", required: true, called: &["role title", "job title", "rôl", "swydd", "teitl swydd"] },
    Column { name: "Key Areas", required: true, called: &["key area", "areas", "meysydd allweddol", "prif feysydd"] },
    Column { name: "Services", required: false, called: &["service", "gwasanaethau", "gwasanaeth"] },
    Column { name: "Coverage", required: false, called: &["covers", "cwmpas", "ysgolion"] },
    Column { name: "Deputy", required: false, called: &["deputy email", "dirprwy"] },
    Column { name: "Absent from", required: false, called: &["yn absennol o", "absennol o"] },
    Column { name: "Absent until", required: false, called: &["yn absennol tan", "absennol tan", "absent to"] },
    Column { name: "Language", required: false, called: &["iaith"] },
];

/// The values a column takes, where there is a list.
pub(super) fn allowed(column: &str) -> Vec<&'static str> {
    match column {
        "Key Areas" => KeyArea::ALL.iter().map(|a| a.as_str()).collect(),
        "Language" => Preference::ALL.iter().map(|p| p.as_str()).collect(),
        "Coverage" => vec!["all", "school:", "cluster:", "phase:", "medium:"],
        _ => Vec::new(),
    }
}

/// What importing this contact list would do.
#[must_use]
pub fn plan_officers(bytes: &[u8], known: &Known<'_>) -> Plan<OfficerEntry> {
    let table = table::read(bytes, COLUMNS);
    let by_email: HashMap<&EmailAddress, &Officer> = known.officers.iter().map(|o| (&o.email, o)).collect();
    let email_of: HashMap<OfficerId, &EmailAddress> = known.officers.iter().map(|o| (o.id, &o.email)).collect();
    let deputy_of = |o: &Officer| o.deputy.and_then(|d| email_of.get(&d).copied().cloned());
    let mut plan = Plan { rows: table.rows.len(), faults: table.faults, ..Plan::default() };
    let mut seen = HashSet::new();
    let mut deputies: HashMap<EmailAddress, EmailAddress> =
        known.officers.iter().filter_map(|o| Some((o.email.clone(), deputy_of(o)?))).collect();
    let mut named = Vec::new();
    for row in &table.rows {
        let contact = row.required(&mut plan.faults, "Contact details", contact::read);
        if let Some((email, _)) = &contact
            && !seen.insert(email.clone())
        {
            plan.faults.push(Fault::in_row(row.number, Some("Contact details"), FaultCode::Duplicate));
        }
        let before = contact.as_ref().and_then(|(email, _)| by_email.get(email).copied());
        let deputy_before = before.and_then(deputy_of);
        let Some(entry) = entry(row, contact, before, deputy_before.clone(), known, &mut plan.faults) else {
            continue;
        };
        match &entry.deputy {
            Some(deputy) => _ = deputies.insert(entry.email.clone(), deputy.clone()),
            None => _ = deputies.remove(&entry.email),
        }
        named.push((row.number, entry.email.clone(), entry.deputy.clone()));
        match before.map(|b| differences(b, deputy_before.as_ref(), &entry)) {
            None => plan.added.push(entry),
            Some(fields) if fields.is_empty() => plan.unchanged += 1,
            Some(fields) => plan.changed.push(Change { to: entry, fields }),
        }
    }
    for (number, email, deputy) in named {
        let Some(deputy) = deputy else { continue };
        if !seen.contains(&deputy) && !by_email.contains_key(&deputy) {
            plan.faults.push(Fault::in_row(number, Some("Deputy"), FaultCode::NotFound));
        } else if leads_back(&email, &deputies) {
            plan.faults.push(Fault::in_row(number, Some("Deputy"), FaultCode::DeputyLoop));
        }
    }
    plan.missing =
        known.officers.iter().filter(|o| o.listed && !seen.contains(&o.email)).map(|o| o.email.to_string()).collect();
    plan
}

/// Whether someone's deputy, their deputy and so on lead back to them.
fn leads_back(start: &EmailAddress, deputies: &HashMap<EmailAddress, EmailAddress>) -> bool {
    let mut at = start;
    for _ in 0..=deputies.len() {
        match deputies.get(at) {
            Some(next) if next == start => return true,
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}

/// One row, over what was known of the officer.
fn entry(
    row: &Row,
    contact: Option<(EmailAddress, Option<String>)>,
    before: Option<&Officer>,
    deputy_before: Option<EmailAddress>,
    known: &Known<'_>,
    faults: &mut Vec<Fault>,
) -> Option<OfficerEntry> {
    let name = row.required(faults, "Name", cells::text_up_to(200));
    let role_title = row.required(faults, "Role", cells::text_up_to(200));
    let phone = row.optional(faults, "Phone", contact::phone);
    let (areas, services) = duties(row, before, known, faults);
    let coverage = row.optional(faults, "Coverage", |text| coverage(text, known));
    let deputy = row.optional(faults, "Deputy", EmailAddress::parse);
    let lang = row.optional(faults, "Language", words::preference);
    let absent = absence(row, before, faults);
    let (email, phone_beside) = contact?;
    let phone = match phone {
        Cell::Value(phone) => Some(phone),
        Cell::Blank => phone_beside,
        Cell::NoColumn => phone_beside.or_else(|| before.and_then(|b| b.phone.clone())),
    };
    let coverage = coverage.or_keep(before.map(|b| b.coverage.iter().cloned().collect::<BTreeSet<_>>()));
    Some(OfficerEntry {
        email,
        name: name?,
        role_title: role_title?,
        phone,
        lang: lang.or_keep(before.map(|b| b.lang)).unwrap_or(Preference::Both),
        areas,
        services,
        // Whoever is not said to cover only some schools covers them all, as in the seed's list.
        coverage: coverage.map_or_else(|| vec![Coverage::All], |c| c.into_iter().collect()),
        deputy: deputy.or_keep(deputy_before),
        absent,
    })
}

/// The areas and services of a row. An empty key-areas cell is read off the role's title, as the seed's list has
/// "Lead for Social Inclusion" with none beside it. Services are the Services column and what the key areas name.
fn duties(
    row: &Row,
    before: Option<&Officer>,
    known: &Known<'_>,
    faults: &mut Vec<Fault>,
) -> (Vec<KeyArea>, Vec<ServiceId>) {
    let text = row.text("Key Areas").unwrap_or_default();
    let mut reading = read_key_areas(text);
    if reading.unknown {
        faults.push(Fault::in_row(row.number, Some("Key Areas"), FaultCode::NotInList));
    }
    if text.is_empty() {
        reading.areas = read_key_areas(row.text("Role").unwrap_or_default()).areas;
    }
    let service = |code: &str| known.services.iter().find(|s| s.code == code).map(|s| s.id);
    let mut services: BTreeSet<ServiceId> = reading.services.iter().filter_map(|code| service(code)).collect();
    let listed = row.optional(faults, "Services", |text| {
        let code = |code: &str| service(&code.to_lowercase()).ok_or(FaultCode::NotInList);
        pieces(text).map(code).collect::<Result<Vec<_>, _>>()
    });
    match listed {
        Cell::Value(listed) => services.extend(listed),
        Cell::NoColumn if services.is_empty() => {
            services.extend(before.iter().flat_map(|b| b.services.iter().copied()));
        }
        Cell::NoColumn | Cell::Blank => {}
    }
    (reading.areas.into_iter().collect(), services.into_iter().collect())
}

/// The parts of a cell between semicolons.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|p| !p.is_empty())
}

/// A coverage cell: `all`, or any of `school:6764051`, `cluster:…`, `phase:primary`, `medium:welsh`.
fn coverage(text: &str, known: &Known<'_>) -> Result<BTreeSet<Coverage>, FaultCode> {
    let mut covered = BTreeSet::new();
    for piece in pieces(text) {
        let (kind, value) = piece.split_once(':').map_or((piece, ""), |(k, v)| (k, v.trim()));
        covered.insert(match flat(kind).as_str() {
            "all" | "all schools" | "pob" | "pob ysgol" if value.is_empty() => Coverage::All,
            "school" | "ysgol" => {
                let number = SchoolNumber::parse(value)?;
                if !known.schools.iter().any(|s| s.number == number) {
                    return Err(FaultCode::NotFound);
                }
                Coverage::School(number)
            }
            "cluster" | "clwstwr" => {
                let wanted = flat(value);
                let mut clusters = known.schools.iter().filter_map(|s| s.cluster.as_ref());
                Coverage::Cluster(clusters.find(|c| flat(c) == wanted).ok_or(FaultCode::NotFound)?.clone())
            }
            "phase" | "cyfnod" => Coverage::Phase(words::phase(value)?),
            "medium" | "cyfrwng" => Coverage::Medium(words::medium(value)?),
            _ => return Err(FaultCode::NotInList),
        });
    }
    if covered.contains(&Coverage::All) {
        covered.retain(|c| *c == Coverage::All);
    }
    Ok(covered)
}

/// An absence has a first and a last day; without the columns it stays as it was.
fn absence(row: &Row, before: Option<&Officer>, faults: &mut Vec<Fault>) -> Option<(NaiveDate, NaiveDate)> {
    let from = row.optional(faults, "Absent from", cells::date);
    let until = row.optional(faults, "Absent until", cells::date);
    let fault = match (from, until) {
        (Cell::NoColumn, Cell::NoColumn) => return before.and_then(|b| b.absent),
        (Cell::Value(from), Cell::Value(until)) if from <= until => return Some((from, until)),
        (Cell::Value(_), Cell::Value(_)) => ("Absent until", FaultCode::WrongOrder),
        (Cell::Value(_), _) if row.text("Absent until").unwrap_or_default().is_empty() => {
            ("Absent until", FaultCode::Missing)
        }
        (_, Cell::Value(_)) if row.text("Absent from").unwrap_or_default().is_empty() => {
            ("Absent from", FaultCode::Missing)
        }
        _ => return None,
    };
    faults.push(Fault::in_row(row.number, Some(fault.0), fault.1));
    None
}

/// The columns in which an officer would differ.
fn differences(before: &Officer, deputy: Option<&EmailAddress>, after: &OfficerEntry) -> Vec<&'static str> {
    let set = |coverage: &[Coverage]| coverage.iter().cloned().collect::<BTreeSet<_>>();
    [
        ("Name", before.name != after.name),
        ("Phone", before.phone != after.phone),
        ("Role", before.role_title != after.role_title),
        ("Key Areas", !before.areas.iter().collect::<BTreeSet<_>>().into_iter().eq(after.areas.iter())),
        ("Services", !before.services.iter().collect::<BTreeSet<_>>().into_iter().eq(after.services.iter())),
        ("Coverage", set(&before.coverage) != set(&after.coverage)),
        ("Deputy", deputy != after.deputy.as_ref()),
        ("Absent from", before.absent.map(|a| a.0) != after.absent.map(|a| a.0)),
        ("Absent until", before.absent.map(|a| a.1) != after.absent.map(|a| a.1)),
        ("Language", before.lang != after.lang),
        ("Listed", !before.listed),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}
