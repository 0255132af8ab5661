//! When the calendar changes: a closure makes the school days fewer, and what is due is due on another day. The times of
//! open steps are counted again by the calendar as it is.

use crate::access::Grant;
use crate::audit;
use crate::cases;
use crate::db::Work;
use crate::directory::calendar;
use crate::kernel::{Calendar, Result, WarrnId};
use crate::warrn::service::object;
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;

use super::service::{Why, clock_of, note, reschedule, tell_others};
use super::store;

/// The open records whose times were counted by an older calendar.
pub(super) fn outdated(work: &mut Work<'_>) -> Result<Vec<WarrnId>> {
    match calendar::changed_at(work)? {
        Some(changed_at) => store::reckoned_before(work, changed_at),
        None => Ok(Vec::new()),
    }
}

/// Counts a record's open times up to the return again, when the calendar has changed since they were counted, and tells
/// the recipients if any moved; says whether there was anything to count. A step that is late already stays so, unless
/// there is time yet by the calendar as it is.
pub(super) fn recount(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    calendar: &Calendar,
    pass: &Grant<WarrnId>,
) -> Result<bool> {
    cases::lock_milestones(work, pass)?;
    let Some(changed_at) = calendar::changed_at(work)? else { return Ok(false) };
    let record = records::envelope(work, pass)?;
    if record.closed_at.is_some() || store::reckoned_at(work, pass)?.is_some_and(|at| at >= changed_at) {
        return Ok(false);
    }
    let (_, progress, milestones) = store::progress(work, pass)?;
    let clock = clock_of(calendar, record.school, settings);
    let moved = reschedule(work, pass, clock, &progress, &milestones, Why::CalendarChanged)?;
    store::set_reckoned(work, pass)?;
    if moved > 0 {
        let version = cases::advance(work, pass, record.version, None)?;
        note(work, pass, record.id, "calendar_changed", progress.state())?;
        tell_others(work, pass, &record, &format!("calendar:{version}"))?;
    }
    audit::record(work, "warrn.recount", object(&record), format!("clocks {moved}"));
    Ok(true)
}
