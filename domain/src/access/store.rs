//! Memberships in force.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::db::Work;
use crate::db::schema::{client_consents as c, memberships as m};
use crate::kernel::{Actor, ClientId, OfficerId, PersonId, Result, SchoolId, ServiceId};

use super::model::{Membership, Role};

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
