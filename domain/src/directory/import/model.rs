//! What an import would change, and what it tells whoever ran it.

use chrono::NaiveDate;
use serde::Serialize;

use crate::directory::officers::{Coverage, KeyArea, Officer};
use crate::directory::schools::School;
use crate::directory::services::Service;
use crate::identity::Preference;
use crate::kernel::{Bilingual, CalendarEntry, EmailAddress, Fault, FaultCode, Medium, Phase, SchoolNumber, ServiceId};

/// A school as a file has it, with what the file leaves out as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolEntry {
    /// Its number, by which it is known again.
    pub number: SchoolNumber,
    /// Its name.
    pub name: Bilingual,
    /// Its phase.
    pub phase: Phase,
    /// The language it teaches in.
    pub medium: Medium,
    /// Its cluster.
    pub cluster: Option<String>,
    /// The day from which its phase and cluster are these; today, when the file says none.
    pub place_from: Option<NaiveDate>,
    /// Its first day.
    pub opened_on: Option<NaiveDate>,
    /// Its last day.
    pub closed_on: Option<NaiveDate>,
}

/// An officer as a contact list has them, with what the list leaves out as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerEntry {
    /// Their address, by which they are known again.
    pub email: EmailAddress,
    /// Their name.
    pub name: String,
    /// Their role's title.
    pub role_title: String,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Their language.
    pub lang: Preference,
    /// What they look after, in order, each once.
    pub areas: Vec<KeyArea>,
    /// Their services, in order, each once.
    pub services: Vec<ServiceId>,
    /// The schools they cover, in order, each once.
    pub coverage: Vec<Coverage>,
    /// Their deputy's address.
    pub deputy: Option<EmailAddress>,
    /// The first and last day of their absence.
    pub absent: Option<(NaiveDate, NaiveDate)>,
}

/// An entry of the calendar as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarLine {
    /// What it says, of whom and for which days.
    pub entry: CalendarEntry,
    /// The school's number, when it is of one school.
    pub school: Option<SchoolNumber>,
    /// What it is called.
    pub name: Bilingual,
}

impl CalendarLine {
    /// By what it is known again: its kind, its school and its first day.
    #[must_use]
    pub fn key(&self) -> String {
        let school = self.school.as_ref().map_or("*", SchoolNumber::as_str);
        format!("{} {school} {}", self.entry.kind, self.entry.days.from)
    }
}

/// What a contact list is read against.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Everyone who ever was on the list.
    pub officers: &'a [Officer],
    /// Every service.
    pub services: &'a [Service],
    /// Every school.
    pub schools: &'a [School],
}

/// A known thing that would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    /// What it would become.
    pub to: T,
    /// The columns that differ.
    pub fields: Vec<&'static str>,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<T> {
    /// The rows read, the header and empty rows not counted.
    pub rows: usize,
    /// New things.
    pub added: Vec<T>,
    /// Known things that would change.
    pub changed: Vec<Change<T>>,
    /// How many are as they were.
    pub unchanged: usize,
    /// Known things the file does not name: school numbers or addresses. They stay.
    pub missing: Vec<String>,
    /// Known things that would be removed, because the file replaces what was there.
    pub removed: Vec<String>,
    /// What is wrong. With one fault nothing is written.
    pub faults: Vec<Fault>,
}

impl<T> Default for Plan<T> {
    fn default() -> Self {
        Self {
            rows: 0,
            added: Vec::new(),
            changed: Vec::new(),
            unchanged: 0,
            missing: Vec::new(),
            removed: Vec::new(),
            faults: Vec::new(),
        }
    }
}

/// One changed thing in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its school number or address.
    pub key: String,
    /// The columns that differ.
    pub fields: Vec<&'static str>,
}

/// One fault in a report, with how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultLine {
    /// The row, counted from 1 with the header not counted; none for the file as a whole.
    pub row: Option<u64>,
    /// The column: its name, or its letter in a spreadsheet when it has none of ours.
    pub column: Option<String>,
    /// What is wrong.
    pub code: FaultCode,
    /// How to mend it.
    pub mend: Bilingual<&'static str>,
    /// The allowed values, where there is a list of them.
    pub allowed: Vec<&'static str>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Whether it was only tried.
    pub dry_run: bool,
    /// Whether anything was written.
    pub written: bool,
    /// The rows read.
    pub rows: usize,
    /// The school numbers or addresses that are new.
    pub added: Vec<String>,
    /// Those that change.
    pub changed: Vec<Changed>,
    /// How many stay as they are.
    pub unchanged: usize,
    /// Those known but not in the file. They stay.
    pub missing: Vec<String>,
    /// Those removed, because the file replaces what was there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// How many faults there are.
    pub fault_count: usize,
    /// The first thousand of them.
    pub faults: Vec<FaultLine>,
}

/// A report holds no more faults than this; nobody mends more at a time.
const MOST_FAULTS: usize = 1000;

impl ImportReport {
    /// The report of a plan; `key` names one of its things, `allowed` the values a column takes.
    pub(super) fn of<T>(
        plan: &Plan<T>,
        dry_run: bool,
        key: impl Fn(&T) -> String,
        allowed: impl Fn(&str) -> Vec<&'static str>,
    ) -> Self {
        let line = |fault: &Fault| FaultLine {
            row: fault.row,
            column: fault.column.clone(),
            code: fault.code,
            mend: fault.code.mend(),
            allowed: match (&fault.column, fault.code) {
                (Some(column), FaultCode::NotInList) => allowed(column),
                _ => Vec::new(),
            },
        };
        let changes = !plan.added.is_empty() || !plan.changed.is_empty() || !plan.removed.is_empty();
        Self {
            dry_run,
            written: changes && !dry_run && plan.faults.is_empty(),
            rows: plan.rows,
            added: plan.added.iter().map(&key).collect(),
            changed: plan.changed.iter().map(|c| Changed { key: key(&c.to), fields: c.fields.clone() }).collect(),
            unchanged: plan.unchanged,
            missing: plan.missing.clone(),
            removed: plan.removed.clone(),
            fault_count: plan.faults.len(),
            faults: plan.faults.iter().take(MOST_FAULTS).map(line).collect(),
        }
    }

    /// The counts, for the audit record: no names, no addresses.
    #[must_use]
    pub fn counts(&self) -> String {
        format!(
            "added {} changed {} unchanged {} missing {} faults {} written {} dry_run {}",
            self.added.len(),
            self.changed.len(),
            self.unchanged,
            self.missing.len(),
            self.fault_count,
            self.written,
            self.dry_run
        ) + &if self.removed.is_empty() { String::new() } else { format!(" removed {}", self.removed.len()) }
    }
}
