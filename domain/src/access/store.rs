//! Memberships in force.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::schema::memberships as m;
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
        Actor::Client(id) => query.filter(m::client_id.eq::<ClientId>(id)),
        Actor::Anonymous | Actor::System => return Ok(Vec::new()),
    };
    let rows: Vec<Row> = query.load(work.conn())?;
    Ok(rows
        .into_iter()
        .map(|r| Membership { role: r.role, school: r.school_id, service: r.service_id, officer: r.officer_id })
        .collect())
}
