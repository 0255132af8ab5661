//! Memberships and emergency accesses in force.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::db::Work;
use crate::db::schema::{
    case_recipients as cr, cases as k, client_consents as c, emergency_accesses as e, emergency_owners as o,
    emergency_reviews, memberships as m,
};
use crate::kernel::{Actor, ClientId, EmergencyId, OfficerId, PersonId, PupilId, Result, SchoolId, ServiceId};

use super::model::{Emergency, Facts, Membership, Role, StateWord};

#[derive(Queryable)]
struct Row {
    role: Role,
    school_id: Option<SchoolId>,
    service_id: Option<ServiceId>,
    officer_id: Option<OfficerId>,
}

/// Confirmed, begun, not ended: what counts at this instant.
pub(super) fn memberships(work: &mut Work<'_>, actor: Actor) -> Result<Vec<Membership>> {
    let now = work.now();
    let mut query = m::table
        .filter(m::state.eq("confirmed"))
        .filter(m::begins_at.le(now))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .select((m::role, m::school_id, m::service_id, m::officer_id))
        .into_boxed();
    query = match actor {
        Actor::Person(id) => query.filter(m::person_id.eq::<PersonId>(id)),
        // A client counts for nothing at a school that does not consent now; where no school is named none is asked.
        Actor::Client(id) => query.filter(m::client_id.eq::<ClientId>(id)).filter(
            m::school_id.is_null().or(exists(
                c::table
                    .filter(c::client_id.nullable().eq(m::client_id))
                    .filter(c::school_id.nullable().eq(m::school_id))
                    .filter(c::withdrawn_at.is_null()),
            )),
        ),
        Actor::Anonymous | Actor::System => return Ok(Vec::new()),
    };
    let rows: Vec<Row> = query.load(work.conn())?;
    Ok(rows
        .into_iter()
        .map(|r| Membership { role: r.role, school: r.school_id, service: r.service_id, officer: r.officer_id })
        .collect())
}

/// The person's emergency accesses that have begun and not ended at this instant.
pub(super) fn emergencies(work: &mut Work<'_>, person: PersonId) -> Result<Vec<Emergency>> {
    let now = work.now();
    let rows: Vec<(EmergencyId, PupilId, Option<ServiceId>)> = e::table
        .filter(e::person_id.eq(person))
        .filter(e::started_at.le(now))
        .filter(e::ends_at.gt(now))
        .select((e::id, e::pupil_id, e::service_id))
        .load(work.conn())?;
    Ok(rows.into_iter().map(|(id, pupil, service)| Emergency { id, pupil, service }).collect())
}

/// What the policy needs to know of an emergency access, nothing when there is none. It stands here because the notices,
/// which ask whether a recipient may still know of it, stand below the area that owns it.
///
/// # Errors
/// When the database can't be read.
pub fn emergency_facts(work: &mut Work<'_>, id: EmergencyId) -> Result<Option<Facts>> {
    type Found = (SchoolId, PupilId, PersonId, Option<ServiceId>);
    let found: Option<Found> = e::table
        .find(id)
        .select((e::school_id, e::pupil_id, e::person_id, e::service_id))
        .first(work.conn())
        .optional()?;
    let Some((school, pupil, person, service)) = found else { return Ok(None) };
    let reviewed: i64 =
        emergency_reviews::table.filter(emergency_reviews::id.eq(id)).count().get_result(work.conn())?;
    let told: Vec<(Option<PersonId>, Option<OfficerId>, Option<ServiceId>)> = o::table
        .filter(o::emergency_id.eq(id))
        .select((o::person_id, o::officer_id, o::service_id))
        .load(work.conn())?;
    let mut facts = Facts {
        school: Some(school),
        service,
        pupil: Some(pupil),
        state: Some(if reviewed == 0 { StateWord::Open } else { StateWord::Closed }),
        sender: Some(Actor::Person(person)),
        ..Facts::default()
    };
    let people: Vec<PersonId> = told.iter().filter_map(|(person, ..)| *person).collect();
    let at: Vec<(Option<PersonId>, SchoolId)> = cr::table
        .inner_join(k::table.on(k::id.eq(cr::case_id)))
        .filter(k::pupil_id.eq(pupil))
        .filter(cr::person_id.eq_any(people))
        .select((cr::person_id, k::school_id))
        .load(work.conn())?;
    facts.recipients_at = at.into_iter().filter_map(|(person, school)| Some((person?, school))).collect();
    for (person, officer, service) in told {
        facts.recipients.extend(person);
        facts.recipient_officers.extend(officer);
        facts.recipient_services.extend(service);
    }
    Ok(Some(facts))
}
