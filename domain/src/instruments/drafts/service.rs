//! Copying, writing, publishing and throwing away.

use crate::access::{Action, Facts, Grant, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::instruments::{self, Definition, check, good_code, is_builtin};
use crate::kernel::{Code, Error, FaultCode, Faults, InstrumentId, Result};

use super::model::{Held, Line, Stage};
use super::{rules, store};

fn allowed(work: &mut Work<'_>, id: InstrumentId) -> Result<Grant<InstrumentId>> {
    grant(work, Action::ManageCampaign, id, &Facts::default())
}

/// Every questionnaire: drafts, then what is published, by code, the newest version first.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`].
pub fn list(work: &mut Work<'_>) -> Result<Vec<Line>> {
    let scope = scope(work, Action::ManageCampaign)?;
    Ok(store::all(work, &scope)?.iter().map(Held::line).collect())
}

/// A questionnaire, draft or published.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`], or [`Code::NotFound`].
pub fn by_id(work: &mut Work<'_>, id: InstrumentId) -> Result<Held> {
    let grant = allowed(work, id)?;
    store::by_id(work, &grant)
}

/// How often a draft was written.
///
/// # Errors
/// As [`by_id`]; [`Code::StateConflict`] when it is published.
pub fn revision(work: &mut Work<'_>, id: InstrumentId) -> Result<i64> {
    let grant = allowed(work, id)?;
    Ok(draft(work, &grant)?.revision)
}

fn draft(work: &mut Work<'_>, grant: &Grant<InstrumentId>) -> Result<Held> {
    let held = store::by_id(work, grant)?;
    match held.stage {
        Stage::Draft => Ok(held),
        Stage::Published => Err(Error::new(Code::StateConflict).with_detail("a published version never changes")),
    }
}

/// Begins a draft as a copy of a published questionnaire: under a code that is free, or as the next version of its own code,
/// where that is the authority's.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`]; [`Code::NotFound`]; [`Code::StateConflict`] when what is to be copied is a draft
/// itself; [`Code::InvalidBody`] for a code that won't do, is taken, or ships with the service.
pub fn copy(work: &mut Work<'_>, of: InstrumentId, code: &str) -> Result<Held> {
    let id = InstrumentId::from_uuid(work.new_id());
    let (to, of) = (allowed(work, id)?, allowed(work, of)?);
    let source = store::by_id(work, &of)?;
    if source.stage == Stage::Draft {
        return Err(Error::new(Code::StateConflict).with_detail("publish it before it is copied"));
    }
    let code = code.trim();
    let fault = |what| Err(Error::fault("/code", what));
    if !good_code(code) {
        return fault(FaultCode::BadFormat);
    }
    let newest = store::newest(work, code)?;
    let anothers = newest.is_some() && code != source.definition.code;
    if is_builtin(code) || anothers || store::is_drafted(work, code)? {
        return fault(FaultCode::Duplicate);
    }
    let definition = rules::copied(&source.definition, code, newest.unwrap_or(0) + 1);
    store::insert(work, &to, &definition)?;
    note(work, "instrument.draft", id, &definition);
    store::by_id(work, &to)
}

/// Puts a whole definition in the place of a draft's. It may be flawed still.
///
/// # Errors
/// As [`revision`]; [`Code::VersionMismatch`] when it was written by another since; [`Code::InvalidBody`] when its code or
/// version is not the draft's, or a text can't be stored.
pub fn replace(work: &mut Work<'_>, id: InstrumentId, revision: i64, definition: &Definition) -> Result<Held> {
    let grant = allowed(work, id)?;
    let held = draft(work, &grant)?;
    // A stale copy is told first: what is wrong with it may be mended by now.
    if held.revision != revision {
        return Err(Code::VersionMismatch.into());
    }
    let mut faults = Faults::default();
    if definition.code != held.definition.code {
        faults.add("/code", FaultCode::NotInList);
    }
    if definition.version != held.definition.version {
        faults.add("/version", FaultCode::NotInList);
    }
    rules::storable(definition, &mut faults);
    faults.finish()?;
    store::update(work, &grant, revision, definition)?;
    note(work, "instrument.write", id, definition);
    store::by_id(work, &grant)
}

/// Publishes a draft: from now on campaigns may ask it, and it never changes.
///
/// # Errors
/// As [`revision`]; [`Code::VersionMismatch`]; [`Code::StateConflict`] while it is flawed.
pub fn publish(work: &mut Work<'_>, id: InstrumentId, revision: i64) -> Result<Held> {
    let grant = allowed(work, id)?;
    let held = draft(work, &grant)?;
    let flaws = check(&held.definition).len();
    if flaws > 0 {
        return Err(Error::new(Code::StateConflict).with_detail(format!("{flaws} flaws keep it from being published")));
    }
    store::delete(work, &grant, revision)?;
    instruments::store::insert(work, id, &held.definition)?;
    note(work, "instrument.publish", id, &held.definition);
    store::by_id(work, &grant)
}

/// Throws a draft away.
///
/// # Errors
/// As [`revision`]; [`Code::VersionMismatch`].
pub fn discard(work: &mut Work<'_>, id: InstrumentId, revision: i64) -> Result<()> {
    let grant = allowed(work, id)?;
    let held = draft(work, &grant)?;
    store::delete(work, &grant, revision)?;
    note(work, "instrument.discard", id, &held.definition);
    Ok(())
}

fn note(work: &mut Work<'_>, action: &'static str, id: InstrumentId, definition: &Definition) {
    let detail = format!("{} {}", definition.code, definition.version);
    audit::record(work, action, Object::one("instrument", id.uuid()), detail);
}

#[cfg(test)]
mod tests;
