//! Who is named, first and as deputy, and how they are told.

use crate::access::Role;
use crate::db::Work;
use crate::directory::schools::School;
use crate::directory::{officers, services};
use crate::identity;
use crate::kernel::{Code, RecipientId, Result, add_working_days};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::routing::{self, Item, Reason};

use super::model::{NamedRecipient, Part, WarrnEnvelope};
use super::rules;
use super::settings::WarrnSettings;

/// How somebody came to be a part's recipient, as a word for the audit record.
pub(super) type How = &'static str;

/// The school's DSP; else its deputy DSP; else the authority's safeguarding lead.
pub(super) fn first_dsp(work: &mut Work<'_>, school: &School) -> Result<Option<(Recipient, How)>> {
    // The holders come before the deputies.
    let holders = identity::holders(work, Role::Dsp, school.id)?;
    match holders.first() {
        Some((person, deputy)) => Ok(Some((Recipient::Person(*person), if *deputy { "deputy" } else { "named" }))),
        None => lead(work, &[]),
    }
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
    let listed = officers::all_listed(work)?;
    let decision = routing::decide(&item, &listed, work.now().date());
    let deputy = decision.steps.iter().any(|s| s.code == Reason::DeputyUsed);
    match decision.officer() {
        Some(id) => Ok(Some((Recipient::Officer(id), if deputy { "deputy" } else { "named" }))),
        None => lead(work, &[]),
    }
}

/// The authority's safeguarding lead, the first who is not named already.
pub(super) fn lead(work: &mut Work<'_>, taken: &[Recipient]) -> Result<Option<(Recipient, How)>> {
    let leads = identity::holders_anywhere(work, Role::SafeguardingLead)?;
    let free = leads.into_iter().map(Recipient::Person).find(|to| !taken.contains(to));
    Ok(free.map(|to| (to, "safeguarding_lead")))
}

/// The school's deputy DSP; else another DSP who came since.
pub(super) fn deputy_dsp(
    work: &mut Work<'_>,
    record: &WarrnEnvelope,
    taken: &[Recipient],
) -> Result<Option<(Recipient, How)>> {
    let holders = identity::holders(work, Role::Dsp, record.school)?;
    let free = |deputy: bool| {
        holders
            .iter()
            .filter(|(_, d)| *d == deputy)
            .map(|(person, _)| Recipient::Person(*person))
            .find(|to| !taken.contains(to))
    };
    Ok(free(true).map(|to| (to, "deputy")).or_else(|| free(false).map(|to| (to, "named"))))
}

/// Who stands in for the officer who is late.
pub(super) fn deputy_psychologist(
    work: &mut Work<'_>,
    late: &NamedRecipient,
    taken: &[Recipient],
) -> Result<Option<(Recipient, How)>> {
    let Recipient::Officer(id) = late.to else {
        return Ok(None);
    };
    let listed = officers::all_listed(work)?;
    let officer = match listed.iter().find(|o| o.id == id) {
        Some(officer) => officer.clone(),
        // Off the list since, but their deputy may still be on it.
        None => officers::by_id(work, id)?,
    };
    let deputy = rules::stand_in(&officer, &listed, work.now().date(), taken);
    Ok(deputy.map(|id| (Recipient::Officer(id), "deputy")))
}

/// A recipient from now on, with the settings' time to acknowledge.
pub(super) fn new_recipient(
    work: &Work<'_>,
    settings: &WarrnSettings,
    part: Part,
    to: Recipient,
    stage: i64,
) -> NamedRecipient {
    NamedRecipient {
        id: RecipientId::from_uuid(work.new_id()),
        part,
        stage,
        to,
        begins_at: work.now(),
        ends_at: None,
        due_at: add_working_days(work.now(), settings.acknowledge_within_working_days),
        acknowledged_at: None,
        acknowledged_by: None,
        escalated_at: None,
    }
}

/// Writes the one message a recipient gets.
pub(super) fn tell(
    work: &mut Work<'_>,
    record: &WarrnEnvelope,
    named: &NamedRecipient,
    wording: Wording,
) -> Result<()> {
    notices::enqueue(
        work,
        NewNotice {
            wording,
            to: named.to,
            subject: Subject::Warrn(record.id),
            reference: record.reference.clone(),
            due_at: Some(named.due_at),
            dedupe: format!(
                "warrn:{}:{}:{}",
                record.id,
                named.part,
                if named.is_deputy() { "deputy" } else { "first" }
            ),
        },
    )
}
