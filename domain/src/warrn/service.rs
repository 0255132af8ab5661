//! Sending, reading, listing, acknowledging.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object, Reading};
use crate::cases::{self, CaseKind, DocumentRules, NewDocument, OfCase as _};
use crate::db::Work;
use crate::directory::{calendar, schools};
use crate::kernel::{
    Actor, Code, DocumentId, Error, FaultCode, Faults, Page, PageRequest, RecipientId, Reference, Result, SchoolNumber,
    WarrnId, uk_date,
};
use crate::pupils;
use crate::vault::{Place, Vault};

use super::model::{Acknowledged, Content, NamedRecipient, Part, SendWarrn, Sent, WarrnEnvelope};
use super::recipients::{SAFEGUARDING_LEAD, first_dsp, first_psychologist, leads, named_from, tell};
use super::returns::{self, SchoolClock};
use super::rules;
use super::settings::WarrnSettings;
use super::store::{self, NewRecord};
use super::views::{Opened, WarrnListed, WarrnView};

/// Where a record's content is sealed.
const fn place(id: WarrnId) -> Place {
    Place { table: "warrn_records", column: "content", row: id.uuid() }
}

/// The record as the audit chain names it.
pub(super) const fn object(record: &WarrnEnvelope) -> Object {
    Object::one("warrn", record.id.uuid()).at(record.school)
}

/// Takes a record in, names its two recipients and tells them.
///
/// A record is never lost for want of a recipient: a school without a DSP has its deputy DSP named, and a part with
/// nobody at all falls to the authority's safeguarding lead.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; [`Code::NoOfficer`] when there is nobody for either part, and nothing is kept.
pub fn send(work: &mut Work<'_>, vault: &Vault, settings: &WarrnSettings, sent: SendWarrn) -> Result<Sent> {
    let pass = access::grant(work, Action::SendWarrn, (), &Facts::default())?;
    let actor = work.caller().actor;
    if actor.uuid().is_none() {
        return Err(Code::Forbidden.into());
    }
    let mut faults = Faults::default();
    let school = school_taking(work, &sent.school, &mut faults)?;
    let sound = rules::check(settings, sent, uk_date(work.now()), &mut faults);
    faults.finish()?;
    let (Some(school), Some(sound)) = (school, sound) else {
        return Err(Error::internal("a record without a fault was not sound"));
    };

    let dsp = first_dsp(work, &school)?;
    let ep = first_psychologist(work, settings, &school)?;
    if dsp.is_none() && ep.is_none() {
        return Err(Error::new(Code::NoOfficer));
    }

    let (pupil, key) = cases::child(work, vault, school.id, &sound.pupil)?;
    let record = WarrnEnvelope {
        id: WarrnId::from_uuid(work.new_id()),
        reference: cases::fresh_reference(work)?,
        school: school.id,
        agreement: sound.agreement,
        expected_return_on: sound.expected_return_on,
        version: 1,
        received_at: work.now(),
        closed_at: None,
    };
    let content = Content { pupil: sound.pupil, summary: sound.summary };
    let content = vault.seal(&key, place(record.id), &content, work.chance())?;
    store::insert(work, &pass, NewRecord { record: &record, pupil, content })?;

    let version = calendar::version(work)?;
    let calendar = calendar::load(work, &settings.calendar)?;
    returns::begin(work, &pass, settings, (version, &calendar), &record, (sound.source, sound.received_on))?;
    let clock = SchoolClock { calendar: &calendar, school: record.school, clocks: &settings.clocks };
    let mut recipients = Vec::with_capacity(2);
    let mut words = Vec::with_capacity(2);
    for (part, chosen) in [(Part::Dsp, dsp), (Part::Ep, ep)] {
        words.push(format!("{part}={}", chosen.map_or("nobody", |(_, how)| how)));
        let Some((to, how)) = chosen else { continue };
        let step = returns::Step::acknowledgement_of(part);
        let due = clock.due(step, record.received_at, record.expected_return_on, record.received_at);
        let due_at = due.map_or(record.received_at, |d| d.value);
        // A part that falls to the authority's safeguarding lead falls to all of them.
        let others = if how == SAFEGUARDING_LEAD { leads(work)? } else { Vec::new() };
        let others = others.into_iter().filter(|other| *other != to).map(|other| (other, 2));
        for (to, stage) in std::iter::once((to, 0)).chain(others) {
            let named = named_from(work, part, to, stage, due_at);
            if store::name(work, &pass, record.id, &named)? {
                tell(work, &record, &named)?;
                recipients.push(named);
            }
        }
    }
    super::alerts::raise(work, &pass, settings, &school)?;
    audit::record(work, "warrn.send", object(&record), words.join(" "));
    Ok(Sent { record, recipients })
}

/// The school, when it is one of ours and open; a fault otherwise.
fn school_taking(work: &mut Work<'_>, number: &SchoolNumber, faults: &mut Faults) -> Result<Option<schools::School>> {
    let today = uk_date(work.now());
    match schools::by_number(work, number) {
        Ok(school) if school.is_open_on(today) => Ok(Some(school)),
        Err(error) if error.code != Code::NotFound => Err(error),
        Ok(_) | Err(_) => {
            faults.add("/school", FaultCode::NotFound);
            Ok(None)
        }
    }
}

/// What a record shows of itself to the decision: its recipients are those in force now.
///
/// # Errors
/// When the database can't be read.
pub fn facts(work: &mut Work<'_>, id: WarrnId) -> Result<Option<Facts>> {
    let found = cases::facts(work, id.case())?;
    Ok(found.filter(|(kind, _)| *kind == CaseKind::Warrn).map(|(_, facts)| facts))
}

/// The record a reference names, for a recipient or its sender.
///
/// # Errors
/// [`Code::NotFound`] when there is none or the caller may not know of it.
pub fn by_reference(work: &mut Work<'_>, reference: &Reference) -> Result<WarrnId> {
    // One that does not exist is asked about all the same, so that both refusals read alike and take as long.
    let id = cases::id_of(work, CaseKind::Warrn, reference)?.map(|id| WarrnId::from_uuid(id.uuid()));
    let facts = facts(work, id.unwrap_or(WarrnId::from_uuid(uuid::Uuid::nil())))?.unwrap_or_default();
    access::grant(work, Action::ReadWarrn, id, &facts)?.id().ok_or_else(|| Code::NotFound.into())
}

/// A record without its content, for its recipients and its sender. On record too: that it exists says much.
///
/// # Errors
/// [`Code::NotFound`] for everybody else.
pub fn envelope(work: &mut Work<'_>, id: WarrnId) -> Result<WarrnView> {
    let facts = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::ReadWarrn, id, &facts)?;
    let view = WarrnView::of(work, &pass, &facts, Opened::No)?;
    audit::read(work, Reading::WarrnEnvelope, object(view.record()), pass.basis());
    Ok(view)
}

/// Opens a record for a recipient, or shows its sender how far it got. On record before the bytes leave: call it inside
/// [`crate::db::Db::write`].
///
/// # Errors
/// [`Code::NotFound`] for everybody else, of the same school too.
pub fn read(work: &mut Work<'_>, vault: &Vault, id: WarrnId) -> Result<WarrnView> {
    // An unknown record has no facts, and nobody stands to it in any way.
    let facts = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::ReadWarrn, id, &facts)?;
    let (opened, basis) = match access::grant(work, Action::ReadWarrnContent, id, &facts) {
        Ok(pass) => {
            let (pupil, sealed) = store::content(work, &pass)?;
            let key = pupils::key(work, vault, pupil)?;
            (Opened::Yes(vault.open(&pass, &key, place(id), &sealed)?), pass.basis())
        }
        Err(error) if error.code == Code::StepUpRequired => (Opened::StepUp, pass.basis()),
        Err(error) if matches!(error.code, Code::Forbidden | Code::ScopeInsufficient) => (Opened::No, pass.basis()),
        Err(error) => return Err(error),
    };
    let view = WarrnView::of(work, &pass, &facts, opened)?;
    let part = if view.content().is_some() { Reading::WarrnContent } else { Reading::WarrnEnvelope };
    audit::read(work, part, object(view.record()), basis);
    Ok(view)
}

/// What a record says, for a recipient alone; on record as [`read`] is.
///
/// # Errors
/// A refusal of [`Action::ReadWarrnContent`]: [`Code::NotFound`] for everybody but its recipients and its sender.
pub fn content(work: &mut Work<'_>, vault: &Vault, id: WarrnId) -> Result<Content> {
    let facts = facts(work, id)?.unwrap_or_default();
    access::grant(work, Action::ReadWarrnContent, id, &facts)?;
    read(work, vault, id)?.into_content().ok_or_else(|| Code::Forbidden.into())
}

/// The version of a record, for who means to do something with it.
///
/// # Errors
/// A refusal of the action.
pub fn version(work: &mut Work<'_>, action: Action, id: WarrnId) -> Result<i64> {
    let facts = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, action, id, &facts)?;
    Ok(store::envelope(work, &pass)?.version)
}

/// Keeps a document with an open record: for its recipients, and for its sender, who may send what belongs to it and not
/// read what others added.
///
/// # Errors
/// The faults of the document; [`Code::StateConflict`] when the record is closed.
pub fn attach(
    work: &mut Work<'_>,
    vault: &Vault,
    rules: &DocumentRules,
    id: WarrnId,
    document: NewDocument,
) -> Result<DocumentId> {
    let facts = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::AttachToWarrn, id.case(), &facts)?;
    let case = cases::find(work, &pass)?;
    cases::attach(work, vault, rules, &pass, &case, document)
}

/// A page of the records the caller received or sent, newest first, without content.
///
/// # Errors
/// [`Code::Forbidden`] for who could never receive or send one.
pub fn list(work: &mut Work<'_>, request: PageRequest) -> Result<Page<WarrnListed>> {
    let pass = access::scope(work, Action::ReadWarrn)?;
    let page = store::lists::page(work, &pass, request)?;
    let items = returns::with_mine(work, &pass, page.items)?;
    Ok(Page { items, next: page.next })
}

/// Acknowledges the caller's part of a record. A part already acknowledged stays as it was, whatever the version.
///
/// # Errors
/// [`Code::VersionMismatch`] when the record has changed since the caller read it; [`Code::StateConflict`] when it is closed;
/// [`Code::Forbidden`] for its sender.
pub fn acknowledge(work: &mut Work<'_>, id: WarrnId, version: i64) -> Result<Acknowledged> {
    let facts = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::AcknowledgeWarrn, id, &facts)?;
    let Actor::Person(person) = work.caller().actor else {
        return Err(Error::new(Code::Forbidden));
    };
    // Steps before recipients before the record, as the clock does: two that wait for each other never lock in a circle.
    cases::lock_milestones(work, &pass)?;
    let recipients = store::lock_recipients(work, &pass)?;
    let record = store::envelope(work, &pass)?;
    let standing = access::standing(work)?;
    let now = work.now();
    let own = rules::own(&standing, record.school, &recipients, now);
    let waiting: Vec<&NamedRecipient> =
        own.iter().copied().filter(|r| rules::acknowledged_at(r.part, &recipients, now).is_none()).collect();
    if waiting.is_empty() {
        let before = own.iter().filter_map(|r| rules::acknowledged_at(r.part, &recipients, now)).min();
        audit::record(work, "warrn.acknowledge", object(&record), "again");
        return Ok(Acknowledged { version: record.version, at: before.unwrap_or(record.received_at) });
    }
    if record.version != version {
        return Err(Error::new(Code::VersionMismatch));
    }
    if record.closed_at.is_some() {
        return Err(Error::new(Code::StateConflict));
    }
    let ids: Vec<RecipientId> = waiting.iter().map(|r| r.id).collect();
    store::acknowledge(work, &pass, &ids, person)?;
    for named in &waiting {
        returns::acknowledged(work, &pass, named.part)?;
    }
    let version = cases::advance(work, &pass, version, None)?;
    let parts: Vec<&str> = waiting.iter().map(|r| r.part.as_str()).collect();
    audit::record(work, "warrn.acknowledge", object(&record), parts.join(" "));
    Ok(Acknowledged { version, at: work.now() })
}
