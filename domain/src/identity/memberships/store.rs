//! The table of memberships. (`access` reads it too, for the caller alone.)

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::access::{Grant, Role};
use crate::db::Work;
use crate::db::schema::{memberships as m, people as p};
use crate::kernel::{ClientId, Code, Error, MembershipId, OfficerId, PersonId, Result, SchoolId, ServiceId, Utc};

use super::model::{Member, NewMembership};

#[derive(Insertable)]
#[diesel(table_name = m)]
struct NewRow {
    id: MembershipId,
    person_id: Option<PersonId>,
    client_id: Option<ClientId>,
    role: Role,
    school_id: Option<SchoolId>,
    service_id: Option<ServiceId>,
    officer_id: Option<OfficerId>,
    deputy: bool,
    state: &'static str,
    begins_at: Utc,
}

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

pub(super) fn insert(work: &mut Work<'_>, _pass: &Grant<()>, id: MembershipId, new: &NewMembership) -> Result<()> {
    let (person_id, client_id) = match new.who {
        Member::Person(id) => (Some(id), None),
        Member::Client(id) => (None, Some(id)),
    };
    let row = NewRow {
        id,
        person_id,
        client_id,
        role: new.role,
        school_id: new.school,
        service_id: new.service,
        officer_id: new.officer,
        deputy: new.deputy,
        state: "confirmed",
        begins_at: work.now(),
    };
    diesel::insert_into(m::table).values(&row).execute(work.conn()).map_err(|e| match e {
        DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Error::new(Code::NotFound),
        other => other.into(),
    })?;
    Ok(())
}

pub(super) fn end(work: &mut Work<'_>, pass: &Grant<MembershipId>) -> Result<()> {
    let now = work.now();
    let in_force = m::table.find(pass.id()).filter(m::state.eq("confirmed"));
    let changed =
        diesel::update(in_force).set((m::state.eq("ended"), m::ends_at.eq(Some(now)))).execute(work.conn())?;
    if changed == 1 { Ok(()) } else { Err(Error::new(Code::NotFound)) }
}
