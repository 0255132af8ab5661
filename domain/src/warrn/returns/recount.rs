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
    let version = calendar::version(work)?;
    store::counted_before(work, version)
}

/// Counts a record's open times up to the return again, when the calendar has changed since they were counted, and tells
/// the recipients if any moved; says whether there was anything to count. A step that is late already stays so, unless
/// there is time yet by the calendar as it is.
pub(super) fn recount(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    (version, calendar): (i64, &Calendar),
    pass: &Grant<WarrnId>,
) -> Result<bool> {
    cases::lock_milestones(work, pass)?;
    let record = records::envelope(work, pass)?;
    if record.closed_at.is_some() || store::calendar_version(work, pass)? >= version {
        return Ok(false);
    }
    let (_, progress, milestones) = store::progress(work, pass)?;
    let clock = clock_of(calendar, record.school, settings);
    let moved = reschedule(work, pass, clock, &progress, &milestones, Why::CalendarChanged)?;
    store::set_calendar_version(work, pass, version)?;
    if moved > 0 {
        let version = cases::advance(work, pass, record.version, None)?;
        note(work, pass, record.id, "calendar_changed", progress.state())?;
        tell_others(work, pass, &record, &format!("calendar:{version}"))?;
    }
    audit::record(work, "warrn.recount", object(&record), format!("clocks {moved}"));
    Ok(true)
}
