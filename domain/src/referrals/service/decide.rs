//! What the two sides do with an open referral. Each change needs the version the caller saw.

use crate::access::{Action, Grant};
use crate::audit::{self, Object};
use crate::cases::{self, CaseKind, LinkKind, NewEvent, OfCase as _};
use crate::db::Work;
use crate::directory::{schools, services};
use crate::kernel::{Code, Error, Fault, FaultCode, Faults, ReferralId, Result, uk_date};
use crate::notices::Wording;
use crate::pupils;
use crate::vault::Vault;

use super::super::model::{Command, DeclineReason, Envelope, EventKind};
use super::super::rules::{optional_text, text, transition};
use super::super::store::{self, Change};
use super::open::{Lodging, lodge, unfit};
use super::{content_place, permit, tell_referrer, tell_service};

/// The service takes the referral.
///
/// # Errors
/// [`Code::VersionMismatch`], [`Code::StateConflict`], or a refusal of `access`.
pub fn accept(work: &mut Work<'_>, id: ReferralId, version: i64) -> Result<Envelope> {
    let (pass, seen) = take_up(work, Action::DecideReferral, id)?;
    let change = advance(&seen, version, Command::Accept)?;
    let event = bare(work, &seen, EventKind::Accepted, change);
    let after = put_down(work, &pass, &seen, change, event, "referral.accept")?;
    tell_referrer(work, &after, Wording::ReferralAccepted)?;
    Ok(after)
}

/// The service asks the school something; the question is sealed.
///
/// # Errors
/// As [`accept`], and [`Code::InvalidBody`] at `/question`.
pub fn request_information(
    work: &mut Work<'_>,
    vault: &Vault,
    id: ReferralId,
    version: i64,
    question: &str,
) -> Result<Envelope> {
    let (pass, seen) = take_up(work, Action::DecideReferral, id)?;
    let question = required("/question", question)?;
    let change = advance(&seen, version, Command::RequestInformation)?;
    let mut event = bare(work, &seen, EventKind::InfoRequested, change);
    say(work, vault, &seen, &mut event, Some(&question))?;
    let after = put_down(work, &pass, &seen, change, event, "referral.request_information")?;
    tell_referrer(work, &after, Wording::ReferralInfoRequested)?;
    Ok(after)
}

/// The school answers; the answer is sealed and the referral is with the service again.
///
/// # Errors
/// As [`accept`], and [`Code::InvalidBody`] at `/answer`.
pub fn answer(work: &mut Work<'_>, vault: &Vault, id: ReferralId, version: i64, answer: &str) -> Result<Envelope> {
    let (pass, seen) = take_up(work, Action::AnswerReferral, id)?;
    let answer = required("/answer", answer)?;
    let change = advance(&seen, version, Command::Answer)?;
    let mut event = bare(work, &seen, EventKind::Answered, change);
    say(work, vault, &seen, &mut event, Some(&answer))?;
    let after = put_down(work, &pass, &seen, change, event, "referral.answer")?;
    tell_service(work, &after, Wording::ReferralAnswered)?;
    Ok(after)
}

/// The service declines, with a reason (a word of [`DeclineReason`]) and perhaps a note, which is sealed. The reason
/// `other` needs the note.
///
/// # Errors
/// As [`accept`], and [`Code::InvalidBody`] at `/reason` or `/note`.
pub fn decline(
    work: &mut Work<'_>,
    vault: &Vault,
    id: ReferralId,
    version: i64,
    reason: &str,
    note: Option<&str>,
) -> Result<Envelope> {
    let (pass, seen) = take_up(work, Action::DecideReferral, id)?;
    let mut faults = Faults::default();
    let reason = faults.keep("/reason", reason.parse::<DeclineReason>());
    let note = optional_text("/note", note, &mut faults);
    if reason == Some(DeclineReason::Other) && note == Some(None) {
        faults.add("/note", FaultCode::Missing);
    }
    faults.finish()?;
    let change = Change { reason, ..advance(&seen, version, Command::Decline)? };
    let mut event = bare(work, &seen, EventKind::Declined, change);
    say(work, vault, &seen, &mut event, note.flatten().as_ref())?;
    let after = put_down(work, &pass, &seen, change, event, "referral.decline")?;
    tell_referrer(work, &after, Wording::ReferralDeclined)?;
    Ok(after)
}

/// The service passes the referral to another service (by code), whose gate it must pass: this one ends, and a successor
/// with the same content, sealed anew, is routed there. Gives the ended one, which names its successor.
///
/// # Errors
/// As [`accept`]; [`Code::InvalidBody`] at `/service` or `/note`; [`Code::ReferralAlreadyOpen`] when the child is there
/// already.
pub fn redirect(
    work: &mut Work<'_>,
    vault: &Vault,
    id: ReferralId,
    version: i64,
    service: &str,
    note: Option<&str>,
) -> Result<Envelope> {
    let (pass, seen) = take_up(work, Action::DecideReferral, id)?;
    let mut faults = Faults::default();
    let note = optional_text("/note", note, &mut faults).flatten();
    let to = match services::by_code(work, service) {
        Err(e) if e.code == Code::NotFound => faults.keep("/service", Err(FaultCode::NotFound)),
        other => Some(other?),
    };
    match &to {
        Some(s) if s.id == seen.service => faults.add("/service", FaultCode::NotInList),
        Some(s) if !s.active => faults.add("/service", FaultCode::NotOpen),
        _ => {}
    }
    faults.finish()?;
    let to = to.ok_or_else(|| Error::internal("a redirection without a fault lacks its service"))?;
    let change = advance(&seen, version, Command::Redirect)?;

    let school = schools::by_id(work, seen.school)?;
    let key = pupils::key(work, vault, seen.pupil)?;
    let sealed = store::content(work, &pass)?;
    let content = vault.open(&pass, &key, content_place(id), &sealed)?;
    let mut unfit = unfit(&to, &school, seen.year_group, &content);
    if !school.is_open_on(uk_date(work.now())) {
        unfit.push(Fault::at("/service", FaultCode::NotOpen));
    }
    if !unfit.is_empty() {
        return Err(Error::faults(Code::InvalidBody, unfit));
    }
    let lodging = Lodging {
        school: &school,
        service: &to,
        pupil: seen.pupil,
        key: &key,
        year_group: seen.year_group,
        key_area: seen.key_area,
        urgency: seen.urgency,
        content: &content,
        opened_by: seen.opened_by,
        note: note.as_ref(),
    };
    let successor = lodge(work, vault, &pass, &lodging)?;
    let object = Object::one("referral", successor.id.uuid()).at(successor.school);
    audit::record(work, "referral.open", object, format!("{} by redirection", to.code));
    cases::link(work, &pass, successor.id.case(), LinkKind::RedirectedTo)?;

    let change = Change { successor: Some(successor.id), ..change };
    let mut event = bare(work, &seen, EventKind::Redirected, change);
    say(work, vault, &seen, &mut event, note.as_ref())?;
    let after = put_down(work, &pass, &seen, change, event, "referral.redirect")?;
    tell_referrer(work, &after, Wording::ReferralRedirected)?;
    Ok(after)
}

/// Asks for the grant and reads the referral as it stands.
fn take_up(work: &mut Work<'_>, action: Action, id: ReferralId) -> Result<(Grant<ReferralId>, Envelope)> {
    let pass = permit(work, action, id)?;
    let seen = store::find(work, &pass)?;
    Ok((pass, seen))
}

/// What the command changes, when the caller saw the referral as it is. A stale copy is told first: what its reader
/// meant to do may make no sense any more.
fn advance(seen: &Envelope, version: i64, command: Command) -> Result<Change> {
    if seen.version != version {
        return Err(Code::VersionMismatch.into());
    }
    Ok(Change { state: transition(seen.state, command)?, reason: seen.reason, successor: seen.successor })
}

/// The event of a change, with nothing said yet.
fn bare(work: &Work<'_>, seen: &Envelope, kind: EventKind, change: Change) -> NewEvent {
    NewEvent {
        id: work.new_id(),
        case: seen.id.case(),
        kind: kind.as_str(),
        state: change.state.as_str(),
        reason: change.reason.map(DeclineReason::as_str),
        note: None,
    }
}

/// Seals what was said with the event.
fn say(work: &mut Work<'_>, vault: &Vault, seen: &Envelope, event: &mut NewEvent, text: Option<&String>) -> Result<()> {
    if let Some(text) = text {
        let key = pupils::key(work, vault, seen.pupil)?;
        event.note = Some(vault.seal(&key, CaseKind::Referral.note_place(event.id), text, work.chance())?);
    }
    Ok(())
}

/// Stores a change with its event and audit entry. Gives the referral as it stands after.
fn put_down(
    work: &mut Work<'_>,
    pass: &Grant<ReferralId>,
    seen: &Envelope,
    change: Change,
    event: NewEvent,
    action: &'static str,
) -> Result<Envelope> {
    store::update(work, pass, seen.version, change)?;
    cases::add_event(work, pass, event)?;
    let detail = change.reason.map_or_else(|| change.state.to_string(), |r| format!("{} {r}", change.state));
    audit::record(work, action, Object::one("referral", seen.id.uuid()).at(seen.school), detail);
    Ok(Envelope {
        state: change.state,
        reason: change.reason,
        successor: change.successor,
        version: seen.version + 1,
        updated_at: work.now(),
        ..seen.clone()
    })
}

/// A text that must be there, alone in its body.
fn required(pointer: &str, raw: &str) -> Result<String> {
    let mut faults = Faults::default();
    let text = text(pointer, raw, &mut faults);
    faults.finish()?;
    text.ok_or_else(|| Error::internal("a text without a fault is missing"))
}
