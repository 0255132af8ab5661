//! What the clock does: each record is looked at by itself, so that one that can't be dealt with holds up no other.

use std::collections::{HashMap, HashSet};

use crate::access::{self, Action};
use crate::audit::{self, Object};
use crate::cases::{self, CaseKind};
use crate::db::Work;
use crate::directory::calendar;
use crate::kernel::{Actor, Code, Error, Result, WarrnId};
use crate::warrn::service::facts;
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;
use crate::warrn::store::lists::Which;

use super::{after_closing, escalation, leave, recount, succession};

/// So many late steps are looked at in one go; the next look takes the rest.
const MOST: i64 = 5000;

/// The records [`tend`] has something to do in, with their references for the log: open ones whose recipients have left
/// a part, those with nobody there while it presses, those counted by an older calendar, closed ones whose school's
/// recipient has left, then those with late steps, the longest late first. For the worker to ask in a read, so that an
/// idle clock writes nothing.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn waiting_for_clock(work: &mut Work<'_>, settings: &WarrnSettings) -> Result<Vec<(WarrnId, String)>> {
    only_the_service(work)?;
    let pass = access::scope(work, Action::ReadWarrn)?;
    let standing = records::lists::standing(work, &pass, Which::Open)?;
    let mut ids = succession::deserted(work, &standing, settings);
    ids.extend(leave::unattended(work, &standing, settings)?);
    ids.extend(recount::outdated(work)?);
    let closed = records::lists::standing(work, &pass, Which::Closed)?;
    ids.extend(after_closing::deserted(work, &closed, settings));
    let late = cases::late_cases(work, &[CaseKind::Warrn], MOST)?;
    ids.extend(late.into_iter().map(|case| WarrnId::from_uuid(case.uuid())));
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    let mut references: HashMap<_, _> = records::lists::references(work, &pass, &ids)?.into_iter().collect();
    Ok(ids.into_iter().map(|id| (id, references.remove(&id).unwrap_or_default())).collect())
}

/// Deals with one record: counts its times again when the calendar has changed, names somebody for each part whose
/// recipients have left, and beside those who are away, and tells the next in line of every late step. Says how many parts
/// and steps it dealt with. One record in one transaction: its failing is its own.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn tend(work: &mut Work<'_>, settings: &WarrnSettings, id: WarrnId) -> Result<usize> {
    only_the_service(work)?;
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::ReadWarrn, id, &known)?;
    // Before the calendar is asked for: another worker may have counted by a newer one meanwhile.
    cases::lock_milestones(work, &pass)?;
    let version = calendar::version(work)?;
    let calendar = calendar::load(work, &settings.calendar)?;
    let recounted = recount::recount(work, settings, (version, &calendar), &pass)?;
    let filled = succession::fill(work, settings, &calendar, &pass)?;
    let filled = filled + after_closing::follow(work, settings, &pass)?;
    let filled = filled + leave::stand_in(work, settings, &calendar, &pass)?;
    let told = escalation::escalate(work, settings, &calendar, &pass)?;
    if filled + told == 0 && !recounted {
        // Another worker was quicker. A write needs its entry all the same.
        audit::record(work, "warrn.clock", Object::all("warrn"), "nothing overdue");
    }
    Ok(filled + told + usize::from(recounted))
}

fn only_the_service(work: &Work<'_>) -> Result<()> {
    if work.caller().actor == Actor::System { Ok(()) } else { Err(Error::new(Code::Forbidden)) }
}
