//! Running an import.

use std::collections::HashMap;

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::{calendar, officers, schools, services};
use crate::kernel::{CalendarId, EmailAddress, OfficerId, Result, uk_date};

use super::model::{CalendarLine, ImportReport, Known, OfficerEntry};

/// Imports schools: everything or, with a single fault or as a dry run, nothing. `la` is the authority's three digits.
/// Audited whatever comes of it, a dry run too: call it in a write.
///
/// # Errors
/// When the caller may not manage the directory. Faults of the file are in the report.
pub fn import_schools(work: &mut Work<'_>, bytes: &[u8], la: &str, dry_run: bool) -> Result<ImportReport> {
    let pass = access::grant(work, Action::ManageDirectory, (), &Facts::default())?;
    let existing = schools::all(work)?;
    let since = schools::store::since(work)?;
    let plan = super::plan_schools(bytes, (la, uk_date(work.now())), &existing, &since);
    let report = ImportReport::of(&plan, dry_run, |e| e.number.to_string(), super::schools::allowed);
    if report.written {
        schools::store::insert(work, &pass, &plan.added)?;
        for change in &plan.changed {
            schools::store::update(work, &pass, &change.to)?;
        }
    }
    audit::record(work, "directory.import", Object::all("school"), report.counts());
    Ok(report)
}

/// Imports a contact list: everything or, with a single fault or as a dry run, nothing. Audited
/// whatever comes of it, a dry run too: call it in a write.
///
/// # Errors
/// When the caller may not manage the directory. Faults of the file are in the report.
pub fn import_officers(work: &mut Work<'_>, bytes: &[u8], dry_run: bool) -> Result<ImportReport> {
    let pass = access::grant(work, Action::ManageDirectory, (), &Facts::default())?;
    let (everyone, services, schools) = (officers::store::everyone(work)?, services::all(work)?, schools::all(work)?);
    let known = Known { officers: &everyone, services: &services, schools: &schools };
    let plan = super::plan_officers(bytes, &known);
    let report = ImportReport::of(&plan, dry_run, |e| e.email.to_string(), super::officers::allowed);
    if report.written {
        let mut ids: HashMap<&EmailAddress, OfficerId> = everyone.iter().map(|o| (&o.email, o.id)).collect();
        for entry in &plan.added {
            ids.insert(&entry.email, OfficerId::from_uuid(work.new_id()));
        }
        let id_of = |entry: &OfficerEntry| ids.get(&entry.email).copied();
        let added: Vec<_> = plan.added.iter().filter_map(|e| Some((id_of(e)?, e))).collect();
        let changed: Vec<_> = plan.changed.iter().filter_map(|c| Some((id_of(&c.to)?, &c.to))).collect();
        officers::store::insert(work, &pass, &added)?;
        for (id, entry) in &changed {
            officers::store::update(work, &pass, *id, entry)?;
        }
        // Only now is everyone there whom a deputy may be.
        for (id, entry) in added.iter().chain(&changed) {
            let deputy = entry.deputy.as_ref().and_then(|d| ids.get(d).copied());
            officers::store::set_deputy(work, &pass, *id, deputy)?;
        }
        officers::store::attach(work, &pass, &added)?;
        officers::store::attach(work, &pass, &changed)?;
    }
    audit::record(work, "directory.import", Object::all("officer"), report.counts());
    Ok(report)
}

/// Imports terms, INSET days, holidays and closures: everything or, with a single fault or as a dry run, nothing. With
/// `replace`, what the file does not have in the school years it is about goes. Audited whatever comes of it: call it in
/// a write.
///
/// # Errors
/// When the caller may not manage the directory. Faults of the file are in the report.
pub fn import_calendar(work: &mut Work<'_>, bytes: &[u8], replace: bool, dry_run: bool) -> Result<ImportReport> {
    let pass = access::grant(work, Action::ManageDirectory, (), &Facts::default())?;
    calendar::store::alone(work, &pass)?;
    let known = calendar::store::lines(work)?;
    let plan = super::plan_calendar(bytes, &schools::all(work)?, &known, replace);
    let report = ImportReport::of(&plan, dry_run, CalendarLine::key, super::calendar::allowed);
    if report.written {
        let gone = known.iter().filter(|(_, line)| {
            let key = line.key();
            plan.removed.contains(&key) || plan.changed.iter().any(|c| c.to.key() == key)
        });
        let gone: Vec<CalendarId> = gone.map(|(id, _)| *id).collect();
        calendar::store::remove(work, &pass, &gone)?;
        calendar::store::insert(work, &pass, plan.added.iter().chain(plan.changed.iter().map(|c| &c.to)))?;
        if plan.added.len() + gone.len() > 0 {
            calendar::store::advance(work, &pass)?;
        }
    }
    audit::record(work, "directory.import", Object::all("calendar"), report.counts());
    Ok(report)
}
