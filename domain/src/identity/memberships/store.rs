//! The table of memberships. (`access` reads it too, for the caller alone.)

use diesel::prelude::*;

use crate::access::Role;
use crate::db::Work;
use crate::db::schema::{memberships as m, people as p};
use crate::kernel::{OfficerId, PersonId, Result, SchoolId, ServiceId};

/// The active people who hold a role at a school now, and whether as deputy. First the holders, then the deputies.
///
/// # Errors
/// When the database can't be read.
pub fn holders(work: &mut Work<'_>, role: Role, school: SchoolId) -> Result<Vec<(PersonId, bool)>> {
    let now = work.now();
    Ok(m::table
        .inner_join(p::table.on(m::person_id.eq(p::id.nullable())))
        .filter(p::active.eq(true))
        .filter(m::role.eq(role))
        .filter(m::school_id.eq(school))
        .filter(m::state.eq("confirmed"))
        .filter(m::begins_at.le(now))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .order((m::deputy.asc(), m::begins_at.asc(), m::id.asc()))
        .select((p::id, m::deputy))
        .load(work.conn())?)
}

/// The active people who hold a role now for the whole authority, at no school; the longest first.
///
/// # Errors
/// When the database can't be read.
pub fn holders_anywhere(work: &mut Work<'_>, role: Role) -> Result<Vec<PersonId>> {
    let now = work.now();
    Ok(m::table
        .inner_join(p::table.on(m::person_id.eq(p::id.nullable())))
        .filter(p::active.eq(true))
        .filter(m::role.eq(role))
        .filter(m::school_id.is_null())
        .filter(m::state.eq("confirmed"))
        .filter(m::begins_at.le(now))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .order((m::deputy.asc(), m::begins_at.asc(), m::id.asc()))
        .select(p::id)
        .load(work.conn())?)
}

/// The active people who are this officer of the contact list now, each once.
///
/// # Errors
/// When the database can't be read.
pub fn people_of_officer(work: &mut Work<'_>, officer: OfficerId) -> Result<Vec<PersonId>> {
    let now = work.now();
    Ok(m::table
        .inner_join(p::table.on(m::person_id.eq(p::id.nullable())))
        .filter(p::active.eq(true))
        .filter(m::officer_id.eq(officer))
        .filter(m::state.eq("confirmed"))
        .filter(m::begins_at.le(now))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .select(p::id)
        .distinct()
        .order(p::id.asc())
        .load(work.conn())?)
}

/// The active people who hold a role in a service now, each once.
///
/// # Errors
/// When the database can't be read.
pub fn people_of_service(work: &mut Work<'_>, role: Role, service: ServiceId) -> Result<Vec<PersonId>> {
    let now = work.now();
    Ok(m::table
        .inner_join(p::table.on(m::person_id.eq(p::id.nullable())))
        .filter(p::active.eq(true))
        .filter(m::role.eq(role))
        .filter(m::service_id.eq(service))
        .filter(m::state.eq("confirmed"))
        .filter(m::begins_at.le(now))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .select(p::id)
        .distinct()
        .order(p::id.asc())
        .load(work.conn())?)
}
