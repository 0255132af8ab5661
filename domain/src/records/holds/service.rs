//! Placing and ending holds.

use crate::access::{self, Action, Facts, Grant};
use crate::audit::{self, Object, Reading};
use crate::db::Work;
use crate::kernel::{
    Actor, CaseId, Code, Error, FaultCode, Faults, FreeText, HoldId, PupilId, Reference, Result, SchoolId, uk_date,
};
use crate::pupils;
use crate::records::retention::manage;
use crate::vault::{Place, Vault};

use super::model::{Hold, NewHold};
use super::store;

/// Longest reason, in characters.
const REASON: usize = 1000;
/// Shortest: a hold without a reason keeps things for ever.
const SHORTEST: usize = 10;

const fn reason_place(id: HoldId) -> Place {
    Place { table: "legal_holds", column: "reason", row: id.uuid() }
}

/// Holds a case, or everything of its child. The reason is sealed under the child's key.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; a refusal of `access`.
pub fn place(work: &mut Work<'_>, vault: &Vault, new: &NewHold) -> Result<HoldId> {
    let pass = manage(work)?;
    let Actor::Person(by) = work.caller().actor else { return Err(Code::Forbidden.into()) };
    let mut faults = Faults::default();
    let found = match Reference::parse(&new.reference) {
        Ok(reference) => case_to_hold(work, &pass, &reference)?,
        Err(code) => {
            faults.add("/reference", code);
            None
        }
    };
    if found.is_none() && faults.is_empty() {
        faults.add("/reference", FaultCode::NotFound);
    }
    let reason = faults.keep("/reason", FreeText::<REASON>::parse(&new.reason));
    if reason.as_ref().is_some_and(|r| r.as_str().chars().count() < SHORTEST) {
        faults.add("/reason", FaultCode::TooShort);
    }
    if new.until.is_some_and(|day| day < uk_date(work.now())) {
        faults.add("/until", FaultCode::DateOutOfRange);
    }
    faults.finish()?;
    let (Some((case, pupil, school)), Some(reason)) = (found, reason) else {
        return Err(Error::internal("a hold without a fault was not sound"));
    };
    let id = HoldId::from_uuid(work.new_id());
    let key = pupils::key(work, vault, pupil)?;
    let sealed = vault.seal(&key, reason_place(id), &reason.as_str().to_owned(), work.chance())?;
    let on = (!new.whole_child).then_some(case);
    store::insert(work, &pass, id, (pupil, on), sealed, by, new.until)?;
    let what = if new.whole_child { "child" } else { "case" };
    audit::record(work, "retention.hold", Object::one("case", case.uuid()).at(school), format!("{what} {id}"));
    Ok(id)
}

/// The case a reference names, its child locked: a disposal under way ends first, and what it took is not there.
fn case_to_hold(
    work: &mut Work<'_>,
    pass: &Grant<()>,
    reference: &Reference,
) -> Result<Option<(CaseId, PupilId, SchoolId)>> {
    let Some((_, pupil, _)) = store::case_of(work, pass, reference)? else { return Ok(None) };
    pupils::lock(work, &[pupil])?;
    store::case_of(work, pass, reference)
}

/// Ends a hold.
///
/// # Errors
/// [`Code::NotFound`] when no such hold is in force.
pub fn end(work: &mut Work<'_>, id: HoldId) -> Result<()> {
    let pass = manage(work)?;
    let Actor::Person(by) = work.caller().actor else { return Err(Code::Forbidden.into()) };
    if !store::end(work, &pass, id, by)? {
        return Err(Code::NotFound.into());
    }
    audit::record(work, "retention.end_hold", Object::one("legal_hold", id.uuid()), "");
    Ok(())
}

/// Every hold, those in force first, without reasons.
///
/// # Errors
/// A refusal of `access`.
pub fn list(work: &mut Work<'_>) -> Result<Vec<Hold>> {
    let pass = manage(work)?;
    store::list(work, &pass)
}

/// Why something is held, for who may open what a child's request found; on record.
///
/// # Errors
/// A refusal of `access`; [`Code::NotFound`].
pub fn reason(work: &mut Work<'_>, vault: &Vault, id: HoldId) -> Result<String> {
    let pass = access::grant(work, Action::OpenSubjectAccess, id, &Facts::default())?;
    let (pupil, sealed) = store::reason(work, &pass)?;
    let key = pupils::key(work, vault, pupil)?;
    let reason = vault.open(&pass, &key, reason_place(id), &sealed)?;
    audit::read(work, Reading::HoldReason, Object::one("legal_hold", id.uuid()), "");
    Ok(reason)
}
