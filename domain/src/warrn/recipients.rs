//! Who is named, first and as deputy, and how they are told.

use crate::access::Role;
use crate::db::Work;
use crate::directory::officers::{self, Officer};
use crate::directory::schools::School;
use crate::directory::services;
use crate::identity;
use crate::kernel::{Code, PersonId, RecipientId, Result, SchoolId, Utc, uk_date};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::routing::{self, Item, Reason};

use super::model::{NamedRecipient, Part, WarrnEnvelope};
use super::returns::Step;
use super::rules;
use super::settings::WarrnSettings;

/// How somebody came to be a part's recipient, as a word for the audit record.
pub(super) type How = &'static str;

/// For want of anybody else.
pub(super) const SAFEGUARDING_LEAD: How = "safeguarding_lead";

/// The school's DSP; else, or when they are on leave, its deputy DSP; else the authority's safeguarding lead.
pub(super) fn first_dsp(work: &mut Work<'_>, school: &School) -> Result<Option<(Recipient, How)>> {
    // The holders come before the deputies.
    match present_dsps(work, school.id)?.first() {
        Some((person, deputy)) => Ok(Some((Recipient::Person(*person), if *deputy { "deputy" } else { "named" }))),
        None => lead(work, &[]),
    }
}

/// The school's DSPs who are not on leave today, and whether each is a deputy.
fn present_dsps(work: &mut Work<'_>, school: SchoolId) -> Result<Vec<(PersonId, bool)>> {
    let mut holders = identity::holders(work, Role::Dsp, school)?;
    let people: Vec<PersonId> = holders.iter().map(|(person, _)| *person).collect();
    let today = uk_date(work.now());
    let absent = identity::absent(work, &people, today)?;
    holders.retain(|(person, _)| !absent.contains(person));
    Ok(holders)
}

/// The school's educational psychologist as the contact list routes to them, or who stands in for them; else the
/// authority's safeguarding lead. A record has no queue to wait in.
pub(super) fn first_psychologist(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    school: &School,
) -> Result<Option<(Recipient, How)>> {
    let service = match services::by_code(work, &settings.psychology_service) {
        Ok(service) => service,
        Err(error) if error.code == Code::NotFound => return lead(work, &[]),
        Err(error) => return Err(error),
    };
    let item = Item {
        service: service.id,
        service_code: service.code,
        key_area: None,
        school: school.number.clone(),
        cluster: school.cluster.clone(),
        phase: school.phase,
        medium: school.medium,
        queue: service.gate.queue,
    };
    let today = uk_date(work.now());
    let listed = present_officers(work, |officer| officer.services.contains(&service.id))?;
    let decision = routing::decide(&item, &listed, today);
    let deputy = decision.steps.iter().any(|s| s.code == Reason::DeputyUsed);
    match decision.officer() {
        Some(id) => Ok(Some((Recipient::Officer(id), if deputy { "deputy" } else { "named" }))),
        None => lead(work, &[]),
    }
}

/// The contact list as it is today: of those who are asked about, an officer is away too when everybody who holds the post
/// has said so, or has left it.
fn present_officers(work: &mut Work<'_>, asked: impl Fn(&Officer) -> bool) -> Result<Vec<Officer>> {
    let today = uk_date(work.now());
    let mut listed = officers::all_listed(work)?;
    for officer in listed.iter_mut().filter(|o| asked(o)) {
        let people = identity::people_of_officer(work, officer.id)?;
        let absent = identity::absent(work, &people, today)?;
        let all_away = !people.is_empty() && people.iter().all(|person| absent.contains(person));
        if all_away || identity::is_vacated(work, officer.id)? {
            officer.absent = Some((today, today));
        }
    }
    Ok(listed)
}

/// Whether somebody who was named can still act on a record today.
pub(super) fn is_there(work: &mut Work<'_>, school: SchoolId, to: Recipient) -> Result<bool> {
    let today = uk_date(work.now());
    Ok(match to {
        Recipient::Person(person) => {
            let dsps = present_dsps(work, school)?;
            dsps.iter().any(|(dsp, _)| *dsp == person) || leads(work)?.contains(&to)
        }
        Recipient::Officer(id) => {
            let listed = present_officers(work, |officer| officer.id == id)?;
            let away = |o: &Officer| o.absent.is_some_and(|(from, until)| from <= today && today <= until);
            listed.iter().any(|o| o.id == id && !away(o))
        }
    })
}

/// All of the authority's safeguarding leads.
pub(super) fn leads(work: &mut Work<'_>) -> Result<Vec<Recipient>> {
    let leads = identity::holders_anywhere(work, Role::SafeguardingLead)?;
    let mut each: Vec<Recipient> = leads.into_iter().map(Recipient::Person).collect();
    let mut seen = Vec::new();
    each.retain(|to| {
        !seen.contains(to) && {
            seen.push(*to);
            true
        }
    });
    Ok(each)
}

/// The authority's safeguarding lead, the first who is not named already.
fn lead(work: &mut Work<'_>, taken: &[Recipient]) -> Result<Option<(Recipient, How)>> {
    let free = leads(work)?.into_iter().find(|to| !taken.contains(to));
    Ok(free.map(|to| (to, SAFEGUARDING_LEAD)))
}

/// The deputy of a part who is there and not named for it yet.
pub(super) fn next_deputy(
    work: &mut Work<'_>,
    record: &WarrnEnvelope,
    part: Part,
    named: &[NamedRecipient],
) -> Result<Option<Recipient>> {
    let now = work.now();
    let of_part = || named.iter().filter(|n| n.part == part);
    let taken: Vec<Recipient> = of_part().filter(|n| n.in_force(now)).map(|n| n.to).collect();
    match part {
        Part::Dsp => deputy_dsp(work, record, &taken),
        Part::Ep => match of_part().filter(|n| n.stage == 0).max_by_key(|n| n.begins_at) {
            Some(first) => deputy_psychologist(work, first, &taken),
            None => Ok(None),
        },
    }
}

/// The school's deputy DSP; else another DSP who came since.
fn deputy_dsp(work: &mut Work<'_>, record: &WarrnEnvelope, taken: &[Recipient]) -> Result<Option<Recipient>> {
    let holders = present_dsps(work, record.school)?;
    let free = |deputy: bool| {
        holders
            .iter()
            .filter(|(_, d)| *d == deputy)
            .map(|(person, _)| Recipient::Person(*person))
            .find(|to| !taken.contains(to))
    };
    Ok(free(true).or_else(|| free(false)))
}

/// Who stands in for the officer who is late or away.
fn deputy_psychologist(work: &mut Work<'_>, late: &NamedRecipient, taken: &[Recipient]) -> Result<Option<Recipient>> {
    let Recipient::Officer(id) = late.to else {
        return Ok(None);
    };
    let listed = present_officers(work, |_| true)?;
    let officer = match listed.iter().find(|o| o.id == id) {
        Some(officer) => officer.clone(),
        // Off the list since, but their deputy may still be on it.
        None => officers::by_id(work, id)?,
    };
    let deputy = rules::stand_in(&officer, &listed, uk_date(work.now()), taken);
    Ok(deputy.map(Recipient::Officer))
}

/// A recipient from now on, who has this long to acknowledge.
pub(super) fn named_from(work: &Work<'_>, part: Part, to: Recipient, stage: i64, due_at: Utc) -> NamedRecipient {
    NamedRecipient {
        id: RecipientId::from_uuid(work.new_id()),
        part,
        stage,
        to,
        begins_at: work.now(),
        ends_at: None,
        due_at,
        acknowledged_at: None,
        acknowledged_by: None,
        escalated_at: None,
    }
}

/// Writes the one message a recipient gets of a record that came in.
pub(super) fn tell(work: &mut Work<'_>, record: &WarrnEnvelope, named: &NamedRecipient) -> Result<()> {
    let dedupe = if named.stage == 0 { "first".to_owned() } else { format!("first:{}", named.to.uuid()) };
    tell_once(work, record, named, &dedupe)
}

/// Writes the one message somebody gets who is named in the place of who left, at this instant.
pub(super) fn tell_successor(work: &mut Work<'_>, record: &WarrnEnvelope, named: &NamedRecipient) -> Result<()> {
    let dedupe = format!("after:{}:{}", named.to.uuid(), named.begins_at.micros());
    tell_once(work, record, named, &dedupe)
}

fn tell_once(work: &mut Work<'_>, record: &WarrnEnvelope, named: &NamedRecipient, dedupe: &str) -> Result<()> {
    notices::enqueue(
        work,
        NewNotice {
            wording: Wording::WarrnReceived,
            to: named.to,
            subject: Subject::Warrn(record.id),
            reference: record.reference.clone(),
            due_at: Some(named.due_at),
            dedupe: format!("warrn:{}:{}:{dedupe}", record.id, named.part),
        },
    )
}

/// A step that is late, and how often it was told with this.
pub(super) struct Late {
    pub step: Step,
    pub turn: i64,
    pub stage: i64,
    /// The time that passed: another time is told anew.
    pub was_due: Option<Utc>,
    /// When it was to be told again to the last in line; nothing the first time.
    pub again: Option<Utc>,
}

/// Tells somebody that a step is late and has come to them; once for each step, stage and time that passed, and once each
/// time it is told again.
pub(super) fn tell_late(
    work: &mut Work<'_>,
    record: &WarrnEnvelope,
    to: Recipient,
    due_at: Utc,
    late: &Late,
) -> Result<()> {
    notices::enqueue(
        work,
        NewNotice {
            wording: if late.step.is_of_provision() { Wording::ProvisionOverdue } else { Wording::WarrnEscalated },
            to,
            subject: Subject::Warrn(record.id),
            reference: record.reference.clone(),
            due_at: Some(due_at),
            dedupe: format!(
                "warrn:{}:{}:{}:{}:{}:{}{}",
                record.id,
                late.step,
                late.turn,
                late.stage,
                to.uuid(),
                late.was_due.map_or(0, Utc::micros),
                late.again.map_or_else(String::new, |at| format!(":{}", at.micros())),
            ),
        },
    )
}

/// Tells somebody that a record has gone on. `what` is the change, in words of ours: it is told once.
pub(super) fn tell_news(work: &mut Work<'_>, record: &WarrnEnvelope, to: Recipient, what: &str) -> Result<()> {
    notices::enqueue(
        work,
        NewNotice {
            wording: Wording::WarrnNews,
            to,
            subject: Subject::Warrn(record.id),
            reference: record.reference.clone(),
            due_at: None,
            dedupe: format!("warrn:{}:{what}:{}", record.id, to.uuid()),
        },
    )
}
