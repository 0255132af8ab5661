//! Raising an alert and showing it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::access::{self, Action, Facts, Grant, Role};
use crate::audit::{self, Object, Reading};
use crate::db::Work;
use crate::directory::schools::School;
use crate::directory::services;
use crate::identity;
use crate::kernel::{Actor, AlertId, Code, Reference, Result, ServiceId};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::warrn::settings::WarrnSettings;

use super::model::{Alert, AlertPlace};
use super::store::{self, NewAlert};

/// The fewest children whose records are close together.
const FEWEST: usize = 2;

/// Looks whether a record that just came makes a group, or makes one larger, and tells the psychology service's leads.
pub(in crate::warrn) fn raise(
    work: &mut Work<'_>,
    pass: &Grant<()>,
    settings: &WarrnSettings,
    school: &School,
) -> Result<()> {
    let service = match services::by_code(work, &settings.psychology_service) {
        Ok(service) => service,
        Err(error) if error.code == Code::NotFound => {
            tracing::error!(
                code = settings.psychology_service,
                "warrn.psychology_service names no service: records that come close together are told to nobody"
            );
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    store::one_at_a_time(work, pass, service.id)?;
    let since = work.now().plus_hours(-24 * 7 * i64::from(settings.cluster_weeks));
    let here = store::near(work, pass, since, &[school.id])?;
    let mut groups = vec![(AlertPlace::School(school.id), here.clone())];
    if let Some(cluster) = &school.cluster {
        let schools = store::schools_of(work, pass, cluster)?;
        let all = store::near(work, pass, since, &schools)?;
        // The same records are the same group.
        if all != here {
            groups.push((AlertPlace::Cluster(cluster.clone()), all));
        }
    }
    for (place, near) in groups {
        let mut children: Vec<_> = near.iter().map(|(_, pupil)| *pupil).collect();
        children.sort_unstable();
        children.dedup();
        if children.len() < FEWEST {
            continue;
        }
        let id = AlertId::from_uuid(work.new_id());
        let reference = Reference::random(work.chance());
        let records = near.iter().map(|(record, _)| *record).collect();
        let new = NewAlert { id, reference: reference.clone(), service: service.id, place, records };
        store::insert(work, pass, new)?;
        if !tell_leads(work, pass, (id, service.id), &reference)? {
            tracing::error!(alert = %reference, "records came close together and the psychology service has no lead to tell yet");
        }
        audit::record(work, "alert.raise", Object::one("alert", id.uuid()), format!("children {}", children.len()));
    }
    Ok(())
}

/// Tells every lead of an alert's service, if there is one, and keeps that they were told. Nobody is told in their place: an
/// alert is for them alone, and waits for who is named.
fn tell_leads<T>(
    work: &mut Work<'_>,
    pass: &Grant<T>,
    (id, service): (AlertId, ServiceId),
    reference: &Reference,
) -> Result<bool> {
    let leads = identity::people_of_service(work, Role::TeamLead, service)?;
    for lead in &leads {
        notices::enqueue(
            work,
            NewNotice {
                wording: Wording::AlertRaised,
                to: Recipient::Person(*lead),
                subject: Subject::Alert(id),
                reference: reference.clone(),
                due_at: None,
                dedupe: format!("alert:{id}:{lead}"),
            },
        )?;
    }
    if leads.is_empty() {
        return Ok(false);
    }
    store::mark_told(work, pass, id)?;
    Ok(true)
}

/// The alerts that were told to nobody for want of a lead whose service has one by now, with their references for the log.
/// For the worker to ask in a read.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn untold(work: &mut Work<'_>) -> Result<Vec<(AlertId, String)>> {
    only_the_service(work)?;
    let pass = access::scope(work, Action::ReadAlerts)?;
    let mut led: HashMap<ServiceId, bool> = HashMap::new();
    let mut found = Vec::new();
    for (id, reference, service) in store::untold(work, &pass)? {
        let has_lead = match led.entry(service) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(!identity::people_of_service(work, Role::TeamLead, service)?.is_empty()),
        };
        if has_lead {
            found.push((id, reference));
        }
    }
    Ok(found)
}

/// Tells an alert late, to the leads there are now; says whether it was untold until now.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn tell_late(work: &mut Work<'_>, id: AlertId) -> Result<bool> {
    only_the_service(work)?;
    let pass = access::grant(work, Action::ReadAlerts, id, &Facts::default())?;
    let object = Object::one("alert", id.uuid());
    let told = match store::lock_untold(work, &pass)? {
        Some((reference, service)) => tell_leads(work, &pass, (id, service), &reference)?,
        // Another worker was quicker.
        None => false,
    };
    // A write needs its entry either way.
    audit::record(work, "alert.tell", object, if told { "late" } else { "nothing" });
    Ok(told)
}

fn only_the_service(work: &Work<'_>) -> Result<()> {
    if work.caller().actor == Actor::System { Ok(()) } else { Err(Code::Forbidden.into()) }
}

/// The alerts of the caller's service, the last raised first. On record, so it belongs in a write.
///
/// # Errors
/// A refusal of [`Action::ReadAlerts`].
pub fn alerts(work: &mut Work<'_>) -> Result<Vec<Alert>> {
    let pass = access::scope(work, Action::ReadAlerts)?;
    let found = store::alerts(work, &pass)?;
    audit::read(work, Reading::Alerts, Object::all("alert"), found.len());
    Ok(found)
}

/// The alert with a reference, for who may know of it.
///
/// # Errors
/// [`Code::NotFound`] for everybody else.
pub fn by_reference(work: &mut Work<'_>, reference: &Reference) -> Result<AlertId> {
    let found = store::by_reference(work, reference)?;
    let facts = found.map_or_else(Facts::default, |(_, service)| Facts { service: Some(service), ..Facts::default() });
    let pass = access::grant(work, Action::ReadAlerts, found.map(|(id, _)| id), &facts)?;
    pass.id().ok_or_else(|| Code::NotFound.into())
}
