//! Reading referrals: the envelope, the content (on record), lists and history.

use crate::access::{self, Action};
use crate::audit::{self, Object};
use crate::cases::{self, CaseKind};
use crate::db::Work;
use crate::kernel::{Code, Error, Page, PageRequest, Reference, ReferralId, Result};
use crate::pupils;
use crate::vault::Vault;

use super::super::model::{Envelope, Event, EventKind, Filter, Note, Opened, Reading};
use super::super::store;
use super::{content_place, permit};

/// A referral's envelope; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn envelope(work: &mut Work<'_>, id: ReferralId) -> Result<Envelope> {
    let pass = permit(work, Action::ReadReferral, id)?;
    let envelope = store::find(work, &pass)?;
    audit::read(work, audit::Reading::ReferralEnvelope, object(&envelope), pass.basis());
    Ok(envelope)
}

/// A referral's envelope for what is not a reading of it: to decide by, or to name it beside another. Not on record.
///
/// # Errors
/// A refusal of `access`.
pub fn peek(work: &mut Work<'_>, id: ReferralId) -> Result<Envelope> {
    let pass = permit(work, Action::ReadReferral, id)?;
    store::find(work, &pass)
}

/// The referral as the audit chain names it.
const fn object(envelope: &Envelope) -> Object {
    Object::one("referral", envelope.id.uuid()).at(envelope.school)
}

/// The version of a referral, for a caller who may do this to it: a change compares it with the version they saw.
///
/// # Errors
/// A refusal of `access` to that very action.
pub fn version(work: &mut Work<'_>, action: Action, id: ReferralId) -> Result<i64> {
    let pass = permit(work, action, id)?;
    Ok(store::find(work, &pass)?.version)
}

/// A referral as the caller may see it: with its content when they must know it. The reading is put on record, so it
/// belongs in a write; without a record nothing is read.
///
/// # Errors
/// A refusal of `access` to the envelope; being refused the content alone is no error.
pub fn read(work: &mut Work<'_>, vault: &Vault, id: ReferralId) -> Result<Reading> {
    let seen = permit(work, Action::ReadReferral, id)?;
    let envelope = store::find(work, &seen)?;
    let pass = match permit(work, Action::ReadReferralContent, id) {
        Ok(pass) => pass,
        Err(e) if matches!(e.code, Code::Forbidden | Code::ScopeInsufficient | Code::StepUpRequired) => {
            audit::read(work, audit::Reading::ReferralEnvelope, object(&envelope), seen.basis());
            return Ok(Reading { envelope, opened: None, step_up: e.code == Code::StepUpRequired });
        }
        Err(e) => return Err(e),
    };
    let key = pupils::key(work, vault, envelope.pupil)?;
    let sealed = store::content(work, &pass)?;
    let content = vault.open(&pass, &key, content_place(id), &sealed)?;
    let mut notes = Vec::new();
    for stored in cases::events(work, &pass)? {
        if let Some(sealed) = &stored.note {
            let text = vault.open(&pass, &key, CaseKind::Referral.note_place(stored.id), sealed)?;
            notes.push(Note { at: stored.event.at, kind: word(&stored.event.kind)?, text });
        }
    }
    audit::read(work, audit::Reading::ReferralContent, object(&envelope), pass.basis());
    Ok(Reading { envelope, opened: Some(Opened { content, notes }), step_up: false })
}

/// A page of the referrals the caller may see that match, newest first.
///
/// # Errors
/// A refusal of `access`.
pub fn list(work: &mut Work<'_>, filter: &Filter, request: PageRequest) -> Result<Page<Envelope>> {
    let pass = access::scope(work, Action::ReadReferral)?;
    let own = if filter.mine { access::standing(work)?.officers().collect() } else { Vec::new() };
    store::page(work, &pass, filter, own, request)
}

/// How many referrals the caller may see that match.
///
/// # Errors
/// A refusal of `access`.
pub fn count(work: &mut Work<'_>, filter: &Filter) -> Result<i64> {
    let pass = access::scope(work, Action::ReadReferral)?;
    let own = if filter.mine { access::standing(work)?.officers().collect() } else { Vec::new() };
    store::count(work, &pass, filter, own)
}

/// What happened to a referral, oldest first, without what was said; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn history(work: &mut Work<'_>, id: ReferralId) -> Result<Vec<Event>> {
    let pass = permit(work, Action::ReadReferral, id)?;
    let envelope = store::find(work, &pass)?;
    audit::read(work, audit::Reading::ReferralTimeline, object(&envelope), pass.basis());
    events(work, &pass)
}

/// The same beside a referral whose reading is on record already.
///
/// # Errors
/// A refusal of `access`.
pub fn history_beside(work: &mut Work<'_>, seen: &Envelope) -> Result<Vec<Event>> {
    let pass = permit(work, Action::ReadReferral, seen.id)?;
    events(work, &pass)
}

fn events(work: &mut Work<'_>, pass: &access::Grant<ReferralId>) -> Result<Vec<Event>> {
    let stored = cases::events(work, pass)?;
    // What was done with the case itself (a document kept, a pause) is on the case's own timeline.
    stored.into_iter().filter(|s| s.event.kind.parse::<EventKind>().is_ok()).map(|s| event(s.event)).collect()
}

/// An event of the case, in a referral's words.
fn event(event: cases::Event) -> Result<Event> {
    let cases::Event { at, actor, kind, state, reason, has_note } = event;
    let reason = reason.map(|r| word(&r)).transpose()?;
    Ok(Event { at, actor, kind: word(&kind)?, state: word(&state)?, reason, has_note })
}

/// A stored word.
fn word<T: std::str::FromStr>(stored: &str) -> Result<T> {
    stored.parse().map_err(|_| Error::internal("an event of a referral can't be read"))
}

/// The referral a reference names, for a caller who may follow it.
///
/// # Errors
/// [`Code::NotFound`] when there is none or the caller may not know of it.
pub fn by_reference(work: &mut Work<'_>, reference: &Reference) -> Result<ReferralId> {
    // One that does not exist is asked about all the same, so that both refusals read alike and take as long.
    let id = cases::id_of(work, CaseKind::Referral, reference)?.map(|id| ReferralId::from_uuid(id.uuid()));
    let facts = super::facts(work, id.unwrap_or(ReferralId::from_uuid(uuid::Uuid::nil())))?.unwrap_or_default();
    access::grant(work, Action::ReadReferral, id, &facts)?.id().ok_or_else(|| Code::NotFound.into())
}
