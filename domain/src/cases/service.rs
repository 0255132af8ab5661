//! What can be done with any case, whatever it is the envelope of.

use crate::access::{self, Facts, Grant};
use crate::audit::{self, Object, Reading};
use crate::db::Work;
use crate::kernel::{CaseId, Code, Error, Result};

use super::model::{Case, CaseKind, Event, Linked, Pause, PauseReason, Use};
use super::store;
use super::store::events::NewEvent;

/// What a case shows of itself to the decision, with its kind.
///
/// # Errors
/// When the database can't be read.
pub fn facts(work: &mut Work<'_>, id: CaseId) -> Result<Option<(CaseKind, Facts)>> {
    store::envelope::facts(work, id)
}

/// Grants a use of a case, whatever its kind. Who may not see it is told that there is none: the answer must not tell one
/// kind from another.
///
/// # Errors
/// [`Code::NotFound`], or a refusal of the use to who may see the case.
pub fn permit(work: &mut Work<'_>, wanted: Use, id: CaseId) -> Result<(CaseKind, Grant<CaseId>)> {
    if work.caller().actor == crate::kernel::Actor::Anonymous {
        return Err(Code::SignInRequired.into());
    }
    let Some((kind, facts)) = store::envelope::facts(work, id)? else { return Err(Code::NotFound.into()) };
    let seen = access::grant(work, kind.action(Use::See), id, &facts).map_err(|error| {
        let refused = matches!(error.code, Code::Forbidden | Code::ScopeInsufficient);
        if refused { Error::new(Code::NotFound) } else { error }
    })?;
    let pass = match wanted {
        Use::See => seen,
        Use::Open | Use::Keep => access::grant(work, kind.action(wanted), id, &facts)?,
    };
    Ok((kind, pass))
}

/// The case as the audit chain names it: as what it is the envelope of.
pub(super) fn object(case: &Case) -> Object {
    Object::one(case.kind.as_str(), case.id.uuid()).at(case.school)
}

/// Lets a case be seen, on record: that a child has a WARRN record is sensitive, whichever way it is read.
fn see(work: &mut Work<'_>, id: CaseId, part: Reading) -> Result<(Grant<CaseId>, Case)> {
    let (_, pass) = permit(work, Use::See, id)?;
    let case = store::envelope::find(work, &pass)?;
    audit::read(work, part, object(&case), pass.basis());
    Ok((pass, case))
}

/// A case's envelope; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn case(work: &mut Work<'_>, id: CaseId) -> Result<Case> {
    Ok(see(work, id, Reading::CaseEnvelope)?.1)
}

/// What happened to a case, oldest first, without what was said; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn timeline(work: &mut Work<'_>, id: CaseId) -> Result<Vec<Event>> {
    let (pass, _) = see(work, id, Reading::CaseTimeline)?;
    Ok(store::events::events(work, &pass)?.into_iter().map(|stored| stored.event).collect())
}

/// The cases linked with one, as far as the caller may see them; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn links(work: &mut Work<'_>, id: CaseId) -> Result<Vec<Linked>> {
    let (pass, _) = see(work, id, Reading::CaseLinks)?;
    let ends = store::links::links(work, &pass)?;
    let mut passes = Vec::with_capacity(ends.len());
    for (_, _, other) in &ends {
        match permit(work, Use::See, *other) {
            Ok((_, pass)) => passes.push(pass),
            Err(error) if error.code == Code::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let cases = store::envelope::find_all(work, &passes)?;
    let linked = ends.into_iter().filter_map(|(kind, outward, other)| {
        cases.iter().find(|c| c.id == other).map(|case| Linked { kind, outward, case: case.clone() })
    });
    Ok(linked.collect())
}

/// Notes something on the timeline of a case whose state has no word of its own.
pub(super) fn note(
    work: &mut Work<'_>,
    pass: &Grant<CaseId>,
    kind: &'static str,
    reason: Option<&'static str>,
) -> Result<()> {
    let event = NewEvent { id: work.new_id(), case: pass.id(), kind, state: "open", reason, note: None };
    store::events::add_event(work, pass, event)
}

/// An open case for keeping something with it.
///
/// # Errors
/// A refusal of `access`; [`Code::StateConflict`] when it is closed.
pub(super) fn keep(work: &mut Work<'_>, id: CaseId) -> Result<(Grant<CaseId>, Case)> {
    let (_, pass) = permit(work, Use::Keep, id)?;
    let case = store::envelope::find(work, &pass)?;
    if case.closed.is_some() { Err(Code::StateConflict.into()) } else { Ok((pass, case)) }
}

/// The pauses of a case, the first first; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn pauses(work: &mut Work<'_>, id: CaseId) -> Result<Vec<Pause>> {
    let (pass, case) = see(work, id, Reading::CasePauses)?;
    store::pauses::pauses(work, &pass, case.kind.clocks_can_stop())
}

/// Lets a case's clocks stand still from now, for a reason; those of a return go on all the same.
///
/// # Errors
/// A refusal of `access`; [`Code::StateConflict`] when they stand still already or the case is closed.
pub fn pause(work: &mut Work<'_>, id: CaseId, reason: PauseReason) -> Result<Pause> {
    let (pass, case) = keep(work, id)?;
    store::pauses::begin(work, &pass, reason)?;
    note(work, &pass, "paused", Some(reason.as_str()))?;
    audit::record(work, "case.pause", object(&case), reason.as_str());
    Ok(Pause { reason, begins_at: work.now(), ends_at: None, stops_clocks: case.kind.clocks_can_stop() })
}

/// Lets a case's clocks go on.
///
/// # Errors
/// A refusal of `access`; [`Code::StateConflict`] when they do not stand still.
pub fn resume(work: &mut Work<'_>, id: CaseId) -> Result<Pause> {
    let (pass, case) = keep(work, id)?;
    let Some(ended) = store::pauses::end(work, &pass, case.kind.clocks_can_stop())? else {
        return Err(Code::StateConflict.into());
    };
    note(work, &pass, "resumed", None)?;
    audit::record(work, "case.resume", object(&case), "");
    Ok(ended)
}
