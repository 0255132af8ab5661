//! Breaking the glass, seeing that it was broken, and reviewing it.

use crate::access::{self, Action, Basis, Facts, Grant, Role};
use crate::audit::{self, Object, Reading};
use crate::db::Work;
use crate::directory::services;
use crate::identity;
use crate::kernel::{
    Actor, Code, EmergencyId, Error, FaultCode, Faults, Page, PageRequest, PersonId, PupilId, Reference, Result,
    ServiceId,
};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::oversight::OversightSettings;
use crate::pupils;
use crate::vault::{Place, Vault};

use super::model::{Emergency, EmergencyFilter, EmergencyView, MINUTES, NewEmergency, NewReview, Opened, Review};
use super::rules::{self, About};
use super::store::{self, NewRow, Owner};

/// Where a reason is sealed.
const fn reason_place(id: EmergencyId) -> Place {
    Place { table: "emergency_accesses", column: "reason", row: id.uuid() }
}

/// Where a review's note is sealed.
const fn note_place(id: EmergencyId) -> Place {
    Place { table: "emergency_reviews", column: "note", row: id.uuid() }
}

/// The access as the audit chain names it.
const fn object(emergency: &Emergency) -> Object {
    Object::one("emergency", emergency.id.uuid()).at(emergency.school)
}

/// Opens one child's records to the caller for an hour. Whose records they are, and the authority's safeguarding leads,
/// are told in the same transaction.
///
/// # Errors
/// [`Code::Forbidden`] and [`Code::StepUpRequired`] before anything is said about the body; [`Code::InvalidBody`] with
/// every fault; [`Code::EmergencyInForce`] when the caller has one to the child already.
pub fn start(
    work: &mut Work<'_>,
    vault: &Vault,
    settings: &OversightSettings,
    new: &NewEmergency,
) -> Result<EmergencyView> {
    let service = service_of(work, settings)?;
    let pass = access::grant(work, Action::StartEmergency, (), &Facts { service, ..Facts::default() })?;
    let (Actor::Person(person), Basis::Role(role, _)) = (work.caller().actor, pass.basis()) else {
        return Err(Error::new(Code::Forbidden));
    };
    let mut faults = Faults::default();
    let sound = rules::parse(new, &mut faults);
    let child = match sound.as_ref() {
        Some((about, _)) => child_of(work, about, &mut faults)?,
        None => None,
    };
    faults.finish()?;
    let (Some((_, reason)), Some(pupil)) = (sound, child) else {
        return Err(Error::internal("an emergency without a fault was not sound"));
    };
    let school = store::school_of(work, pupil)?.ok_or_else(|| Error::new(Code::NotFound))?;

    store::put_out(work, &pass, person, pupil)?;
    if store::has_live(work, person, pupil)? {
        return Err(Error::new(Code::EmergencyInForce));
    }
    let emergency = Emergency {
        id: EmergencyId::from_uuid(work.new_id()),
        reference: Reference::random(work.chance()),
        person,
        role,
        school,
        started_at: work.now(),
        ends_at: work.now().plus_seconds(MINUTES * 60),
        review: None,
    };
    let key = pupils::key(work, vault, pupil)?;
    let reason = vault.seal(&key, reason_place(emergency.id), &reason, work.chance())?;
    store::insert(work, &pass, NewRow { emergency: &emergency, pupil, service, reason })?;
    tell(work, &pass, &emergency, pupil, service)?;
    audit::record(work, "emergency.start", object(&emergency), format!("minutes={MINUTES} {}", pass.basis()));
    // What was opened just now is shown on the right to open it: a post elsewhere may give that and no right to follow it.
    let cases = store::cases_of(work, &pass, pupil)?;
    Ok(EmergencyView { emergency, cases, opened: None, step_up: false, may_review: false })
}

/// The service that names who may break the glass; none when the authority does not run it.
fn service_of(work: &mut Work<'_>, settings: &OversightSettings) -> Result<Option<ServiceId>> {
    match services::by_code(work, &settings.emergency_service) {
        Ok(service) => Ok(Some(service.id)),
        Err(error) if error.code == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The child asked about; a fault when there is none.
fn child_of(work: &mut Work<'_>, about: &About, faults: &mut Faults) -> Result<Option<PupilId>> {
    let (found, pointer) = match about {
        About::Case(reference) => (store::of_case(work, reference)?, "/reference"),
        About::Pupil(id) => (store::school_of(work, *id)?.map(|_| *id), "/pupil"),
    };
    if found.is_none() {
        faults.add(pointer, FaultCode::NotFound);
    }
    Ok(found)
}

/// Notes whose records they are, and tells them and the safeguarding leads: everybody but who broke the glass.
fn tell(
    work: &mut Work<'_>,
    pass: &Grant<()>,
    emergency: &Emergency,
    pupil: PupilId,
    service: Option<ServiceId>,
) -> Result<()> {
    let own: Vec<_> = access::standing(work)?.officers().collect();
    let mut to: Vec<Recipient> = Vec::new();
    for owner in store::owners(work, pupil)? {
        match owner {
            Owner::Person(id) if id == emergency.person => continue,
            Owner::Officer(id) if own.contains(&id) => continue,
            Owner::Person(id) => to.push(Recipient::Person(id)),
            Owner::Officer(id) => to.push(Recipient::Officer(id)),
            Owner::LeadsOf(id) => to.extend(leads_of(work, id)?),
        }
        store::add_owner(work, pass, emergency.id, owner)?;
    }
    to.extend(reviewers(work, emergency.person, service)?);
    to.retain(|r| *r != Recipient::Person(emergency.person));
    for to in to {
        let notice = NewNotice {
            wording: Wording::EmergencyStarted,
            to,
            subject: Subject::Emergency(emergency.id),
            reference: emergency.reference.clone(),
            due_at: None,
            dedupe: format!("emergency:{}:{}", emergency.id, to.uuid()),
        };
        notices::enqueue(work, notice)?;
    }
    Ok(())
}

fn leads_of(work: &mut Work<'_>, service: ServiceId) -> Result<Vec<Recipient>> {
    let leads = identity::people_of_service(work, Role::TeamLead, service)?;
    Ok(leads.into_iter().map(Recipient::Person).collect())
}

/// Who is asked to review: the authority's safeguarding leads; where there is no other, the service's leads.
fn reviewers(work: &mut Work<'_>, not: PersonId, service: Option<ServiceId>) -> Result<Vec<Recipient>> {
    let leads = identity::holders_anywhere(work, Role::SafeguardingLead)?;
    let others: Vec<Recipient> = leads.into_iter().filter(|p| *p != not).map(Recipient::Person).collect();
    match service {
        Some(service) if others.is_empty() => leads_of(work, service),
        _ => Ok(others),
    }
}

/// The grant of an action on an access. An unknown one has no facts, and is refused like one that may not be seen.
fn permit(work: &mut Work<'_>, action: Action, id: EmergencyId) -> Result<(Grant<EmergencyId>, Facts)> {
    let facts = access::emergency_facts(work, id)?;
    let known = facts.is_some();
    let facts = facts.unwrap_or_default();
    let pass = access::grant(work, action, id, &facts)?;
    if known { Ok((pass, facts)) } else { Err(Error::new(Code::NotFound)) }
}

/// An access without what was said; the child's records with it for who started it, while it lasts. On record, so it
/// belongs in a write.
///
/// # Errors
/// [`Code::NotFound`] for who may not know of it.
pub fn get(work: &mut Work<'_>, id: EmergencyId) -> Result<EmergencyView> {
    let (view, basis) = view(work, id)?;
    audit::read(work, Reading::EmergencyEnvelope, object(&view.emergency), basis);
    Ok(view)
}

/// An access without what was said, and on what ground the caller sees it.
fn view(work: &mut Work<'_>, id: EmergencyId) -> Result<(EmergencyView, Basis)> {
    let (pass, facts) = permit(work, Action::ReadEmergency, id)?;
    let emergency = store::find(work, &pass)?;
    let actor = work.caller().actor;
    let cases = if actor == Actor::Person(emergency.person) && emergency.in_force(work.now()) {
        let pupil = store::pupil_of(work, &pass)?;
        store::cases_of(work, &pass, pupil)?
    } else {
        Vec::new()
    };
    let may_review = emergency.review.is_none()
        && rules::is_another(actor, emergency.person)
        && access::grant(work, Action::ReviewEmergency, id, &facts).is_ok();
    Ok((EmergencyView { emergency, cases, opened: None, step_up: false, may_review }, pass.basis()))
}

/// An access as the caller may see it, with what was said for who reviews; on record, so it belongs in a write.
///
/// # Errors
/// [`Code::NotFound`] for who may not know of it; being refused what was said is no error.
pub fn read(work: &mut Work<'_>, vault: &Vault, id: EmergencyId) -> Result<EmergencyView> {
    let (view, basis) = view(work, id)?;
    let (opened, step_up) = match reason(work, vault, id) {
        Ok(opened) => (Some(opened), false),
        Err(e) if matches!(e.code, Code::Forbidden | Code::StepUpRequired) => {
            audit::read(work, Reading::EmergencyEnvelope, object(&view.emergency), basis);
            (None, e.code == Code::StepUpRequired)
        }
        Err(e) => return Err(e),
    };
    Ok(EmergencyView { opened, step_up, ..view })
}

/// The reason given and the review's note, for who reviews; on record as [`read`] is.
///
/// # Errors
/// A refusal of [`Action::ReadEmergencyReason`].
pub fn reason(work: &mut Work<'_>, vault: &Vault, id: EmergencyId) -> Result<Opened> {
    let (pass, _) = permit(work, Action::ReadEmergencyReason, id)?;
    let emergency = store::find(work, &pass)?;
    let pupil = store::pupil_of(work, &pass)?;
    let key = pupils::key(work, vault, pupil)?;
    let (sealed, note) = store::sealed(work, &pass)?;
    let reason = vault.open(&pass, &key, reason_place(id), &sealed)?;
    let note = note.map(|sealed| vault.open(&pass, &key, note_place(id), &sealed)).transpose()?;
    audit::read(work, Reading::EmergencyReason, object(&emergency), pass.basis());
    Ok(Opened { reason, note })
}

/// A page of the accesses the caller may know of that match, newest first.
///
/// # Errors
/// A refusal of `access`.
pub fn list(work: &mut Work<'_>, filter: EmergencyFilter, request: PageRequest) -> Result<Page<Emergency>> {
    let pass = access::scope(work, Action::ReadEmergency)?;
    let own = match work.caller().actor {
        Actor::Person(id) => Some(id),
        _ => None,
    };
    store::page(work, &pass, filter, own, request)
}

/// The access a reference names, for who may know of it.
///
/// # Errors
/// [`Code::NotFound`] when there is none or the caller may not know of it.
pub fn by_reference(work: &mut Work<'_>, reference: &Reference) -> Result<EmergencyId> {
    let id = store::id_of(work, reference)?.unwrap_or_else(|| EmergencyId::from_uuid(uuid::Uuid::nil()));
    match permit(work, Action::ReadEmergency, id) {
        Ok((pass, _)) => Ok(pass.id()),
        Err(error) => Err(error),
    }
}

/// Says what another person made of an access, which closes it.
///
/// # Errors
/// [`Code::OwnReview`] for who started it; [`Code::InvalidBody`] with every fault; [`Code::StateConflict`] when it has a
/// review.
pub fn review(work: &mut Work<'_>, vault: &Vault, id: EmergencyId, new: &NewReview) -> Result<EmergencyView> {
    let (pass, _) = permit(work, Action::ReviewEmergency, id)?;
    let emergency = store::find(work, &pass)?;
    let actor = work.caller().actor;
    let (Actor::Person(reviewer), true) = (actor, rules::is_another(actor, emergency.person)) else {
        return Err(Error::new(Code::OwnReview));
    };
    let mut faults = Faults::default();
    let sound = rules::parse_review(new, &mut faults);
    faults.finish()?;
    let (outcome, note) = sound.ok_or_else(|| Error::internal("a review without a fault was not sound"))?;
    if emergency.review.is_some() {
        return Err(Error::new(Code::StateConflict));
    }
    let pupil = store::pupil_of(work, &pass)?;
    let key = pupils::key(work, vault, pupil)?;
    let note = vault.seal(&key, note_place(id), &note, work.chance())?;
    let review = Review { reviewer, outcome, reviewed_at: work.now() };
    store::insert_review(work, &pass, review, note)?;
    audit::record(work, "emergency.review", object(&emergency), format!("{outcome} {}", pass.basis()));
    Ok(view(work, id)?.0)
}
