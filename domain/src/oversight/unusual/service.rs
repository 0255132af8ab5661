//! Making the report.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object, Reading};
use crate::db::Work;
use crate::db::types::Uid;
use crate::directory::calendar;
use crate::identity;
use crate::kernel::{Actor, CalendarSettings, CaseId, PersonId, Result};
use crate::oversight::OversightSettings;
use crate::oversight::readers::is_opening;

use super::model::{Opening, Report};
use super::{rules, store};

/// Who opened what is sealed in the last seven days, against the settings' limits and against their own usual; on record,
/// so it belongs in a write.
///
/// # Errors
/// A refusal of [`Action::ReadAccessReport`].
pub fn report(work: &mut Work<'_>, settings: &OversightSettings) -> Result<Report> {
    let pass = access::grant(work, Action::ReadAccessReport, (), &Facts::default())?;
    let now = work.now();
    let readings = store::readings(work, &pass, now.plus_seconds(-rules::SECONDS))?;
    let mut ids: Vec<CaseId> =
        readings.iter().filter_map(|r| r.object_id).map(|id| CaseId::from_uuid(id.uuid())).collect();
    ids.sort_unstable();
    ids.dedup();
    let records = store::records(work, &pass, &ids)?;
    let openings: Vec<Opening> = readings
        .iter()
        .filter(|r| is_opening(&r.action, &r.detail))
        .filter_map(|r| {
            let (child, closed) = records.get(&CaseId::from_uuid(r.object_id?.uuid()))?;
            let who = Actor::from_stored(&r.actor_kind, r.actor_id.map(Uid::uuid))?;
            Some(Opening { who, at: r.at, child: *child, closed: closed.is_some_and(|at| at < r.at) })
        })
        .collect();
    let calendar = calendar::load(work, &CalendarSettings::default())?;
    let emergencies = store::emergencies(work, &pass, now.plus_seconds(-7 * 86_400))?;
    let mut readers = rules::watch(&openings, &emergencies, now, settings, &calendar);
    let people: Vec<PersonId> = readers.iter().filter_map(|w| person(w.who)).collect();
    let people = identity::people_by_ids(work, &people)?;
    for watched in &mut readers {
        let standing = access::standing_of(work, watched.who)?;
        watched.roles = standing.memberships.iter().map(|m| m.role).collect();
        watched.roles.sort_unstable();
        watched.roles.dedup();
        let id = person(watched.who);
        watched.name = people.iter().find(|p| Some(p.id) == id).map(|p| p.name.clone());
    }
    audit::read(work, Reading::AccessReport, Object::all("access_report"), pass.basis());
    Ok(Report { at: now, readers })
}

const fn person(who: Actor) -> Option<PersonId> {
    match who {
        Actor::Person(id) => Some(id),
        _ => None,
    }
}
