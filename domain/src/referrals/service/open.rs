//! Opening a referral: read, gate, route, seal, store, tell.

use crate::access::{self, Action, Facts, Grant};
use crate::audit::{self, Object};
use crate::cases::{self, CaseKind, NewEvent, OfCase as _};
use crate::db::Work;
use crate::directory::officers::{self, KeyArea};
use crate::directory::schools::{self, School};
use crate::directory::services::{self, Service};
use crate::kernel::{
    Actor, Code, Error, Fault, FaultCode, Faults, PupilId, ReferralId, Result, SchoolNumber, YearGroup, uk_date,
};
use crate::notices::Wording;
use crate::pupils;
use crate::routing::{self, Item};
use crate::vault::{ChildKey, Vault};

use super::super::model::{Content, Envelope, EventKind, OpenReferral, State, Urgency};
use super::super::{rules, store};
use super::{content_place, tell_service};

/// Opens a referral of a child to a service and routes it to an officer, or to the service's queue. The reasons are in
/// the envelope's `routing`.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault at once, [`Code::ReferralAlreadyOpen`], or a refusal of `access`.
pub fn open(work: &mut Work<'_>, vault: &Vault, raw: OpenReferral) -> Result<Envelope> {
    open_of(work, vault, raw, None)
}

/// Opens a referral as [`open`] does, of a child that is known already from another of its records: `raw` says who it is,
/// and no second child is made of one without a number.
///
/// # Errors
/// As [`open`].
pub fn open_for(work: &mut Work<'_>, vault: &Vault, raw: OpenReferral, pupil: PupilId) -> Result<Envelope> {
    open_of(work, vault, raw, Some(pupil))
}

fn open_of(work: &mut Work<'_>, vault: &Vault, raw: OpenReferral, known: Option<PupilId>) -> Result<Envelope> {
    let today = uk_date(work.now());
    let mut faults = Faults::default();
    let school = found(work, &mut faults, "/school_number", |work| {
        schools::by_number(work, &SchoolNumber::parse(&raw.school_number)?).map_err(Refused::Other)
    })?;
    // Who may not open a referral is told so before anything is said of what they sent.
    let pass = match &school {
        Some(school) => Some(access::grant(work, Action::OpenReferral, school.id, &Facts::of_school(school.id))?),
        None => access::scope(work, Action::OpenReferral).map(|_| None)?,
    };
    if school.as_ref().is_some_and(|s| !s.is_open_on(today)) {
        faults.add("/school_number", FaultCode::NotOpen);
    }
    let service =
        found(work, &mut faults, "/service", |work| services::by_code(work, &raw.service).map_err(Refused::Other))?;
    if service.as_ref().is_some_and(|s| !s.active) {
        faults.add("/service", FaultCode::NotOpen);
    }
    let parsed = rules::parse(raw, today, &mut faults);
    if let Some(service) = &service {
        let who = school.as_ref().map(|s| s.phase).zip(parsed.year_group);
        for fault in rules::gate(&service.gate, who, parsed.has_consent, parsed.has_evidence) {
            faults.add(fault.pointer, fault.code);
        }
    }
    faults.finish()?;
    let (Some(pass), Some(school), Some(service), Some(year_group), Some(content)) =
        (pass, school, service, parsed.year_group, parsed.content)
    else {
        return Err(Error::internal("a referral without a fault lacks a part"));
    };
    let (pupil, key) = match known {
        Some(pupil) => {
            pupils::lock(work, &[pupil])?;
            (pupil, pupils::key(work, vault, pupil)?)
        }
        None => cases::child(work, vault, school.id, &content.pupil)?,
    };
    let lodging = Lodging {
        school: &school,
        service: &service,
        pupil,
        key: &key,
        year_group,
        key_area: parsed.key_area,
        urgency: parsed.urgency,
        content: &content,
        opened_by: work.caller().actor,
        note: None,
    };
    let referral = lodge(work, vault, &pass, &lodging)?;
    let to = if referral.officer.is_some() { "officer" } else { "queue" };
    let object = Object::one("referral", referral.id.uuid()).at(referral.school);
    audit::record(work, "referral.open", object, format!("{} to {to}", service.code));
    Ok(referral)
}

/// Why a thing a body names was not found: the name is no name, or the look-up failed.
enum Refused {
    Name(FaultCode),
    Other(Error),
}

impl From<FaultCode> for Refused {
    fn from(code: FaultCode) -> Self {
        Self::Name(code)
    }
}

/// Looks something up by what the body says; what is not there is a fault at its place.
fn found<T>(
    work: &mut Work<'_>,
    faults: &mut Faults,
    pointer: &str,
    look: impl FnOnce(&mut Work<'_>) -> Result<T, Refused>,
) -> Result<Option<T>> {
    match look(work) {
        Ok(thing) => Ok(Some(thing)),
        Err(Refused::Name(code)) => Ok(faults.keep(pointer, Err(code))),
        Err(Refused::Other(error)) if error.code == Code::NotFound => {
            Ok(faults.keep(pointer, Err(FaultCode::NotFound)))
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// A referral ready to be routed and stored.
pub(super) struct Lodging<'a> {
    pub school: &'a School,
    pub service: &'a Service,
    pub pupil: PupilId,
    pub key: &'a ChildKey,
    pub year_group: YearGroup,
    pub key_area: Option<KeyArea>,
    pub urgency: Urgency,
    pub content: &'a Content,
    pub opened_by: Actor,
    /// What the service it comes from says, when it was redirected.
    pub note: Option<&'a String>,
}

/// Routes, seals and stores a referral, notes its first event, and tells the service.
pub(super) fn lodge<T>(work: &mut Work<'_>, vault: &Vault, pass: &Grant<T>, new: &Lodging<'_>) -> Result<Envelope> {
    let item = Item {
        service: new.service.id,
        service_code: new.service.code.clone(),
        key_area: new.key_area,
        school: new.school.number.clone(),
        cluster: new.school.cluster.clone(),
        phase: new.school.phase,
        medium: new.school.medium,
        queue: new.service.gate.queue.clone(),
    };
    let routing = routing::decide(&item, &officers::all_listed(work)?, uk_date(work.now()));
    let id = ReferralId::from_uuid(work.new_id());
    let referral = Envelope {
        id,
        reference: cases::fresh_reference(work)?,
        school: new.school.id,
        service: new.service.id,
        pupil: new.pupil,
        year_group: new.year_group,
        key_area: new.key_area,
        urgency: new.urgency,
        state: State::Submitted,
        officer: routing.officer(),
        queue: routing.queue().map(str::to_owned),
        routing,
        reason: None,
        successor: None,
        opened_by: new.opened_by,
        version: 1,
        created_at: work.now(),
        updated_at: work.now(),
    };
    let sealed = vault.seal(new.key, content_place(id), new.content, work.chance())?;
    store::insert(work, pass, &referral, sealed)?;
    let event = work.new_id();
    let note =
        new.note.map(|n| vault.seal(new.key, CaseKind::Referral.note_place(event), n, work.chance())).transpose()?;
    let first = NewEvent {
        id: event,
        case: id.case(),
        kind: EventKind::Opened.as_str(),
        state: State::Submitted.as_str(),
        reason: None,
        note,
    };
    cases::add_event(work, pass, first)?;
    tell_service(work, &referral, Wording::ReferralReceived)?;
    Ok(referral)
}

/// The gate's faults for a service that is only chosen now: all of them speak of the choice.
pub(super) fn unfit(service: &Service, school: &School, year: YearGroup, content: &Content) -> Vec<Fault> {
    let who = Some((school.phase, year));
    rules::gate(&service.gate, who, content.consent.is_some(), content.evidence.is_some())
        .into_iter()
        .map(|fault| Fault::at("/service", fault.code))
        .collect()
}
