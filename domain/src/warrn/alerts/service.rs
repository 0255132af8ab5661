//! Raising an alert and showing it.

use crate::access::{self, Action, Facts, Grant, Role};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools::School;
use crate::directory::services;
use crate::identity;
use crate::kernel::{AlertId, Code, Reference, Result};
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
        Err(error) if error.code == Code::NotFound => return Ok(()),
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
        let leads = identity::people_of_service(work, Role::TeamLead, service.id)?;
        if leads.is_empty() {
            tracing::error!(alert = %reference, "records came close together and the psychology service has no lead to tell");
        }
        for lead in leads {
            notices::enqueue(
                work,
                NewNotice {
                    wording: Wording::AlertRaised,
                    to: Recipient::Person(lead),
                    subject: Subject::Alert(id),
                    reference: reference.clone(),
                    due_at: None,
                    dedupe: format!("alert:{id}:{lead}"),
                },
            )?;
        }
        audit::record(work, "alert.raise", Object::one("alert", id.uuid()), format!("children {}", children.len()));
    }
    Ok(())
}

/// The alerts of the caller's service, the last raised first. On record, so it belongs in a write.
///
/// # Errors
/// A refusal of [`Action::ReadAlerts`].
pub fn alerts(work: &mut Work<'_>) -> Result<Vec<Alert>> {
    let pass = access::scope(work, Action::ReadAlerts)?;
    let found = store::alerts(work, &pass)?;
    audit::record(work, "alert.read", Object::all("alert"), format!("alerts {}", found.len()));
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
