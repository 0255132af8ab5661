//! The table of memberships. (`access` reads it too, for the caller alone.)

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::access::{Grant, Role, Scope};
use crate::db::Work;
use crate::db::schema::{memberships as m, people as p};
use crate::kernel::{ClientId, Code, Error, MembershipId, OfficerId, PersonId, Result, SchoolId, ServiceId, Utc};

use super::model::{Member, MembershipLine, MembershipState, NewMembership};

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
    state: MembershipState,
    begins_at: Utc,
}

#[derive(Queryable)]
struct LineRow {
    id: MembershipId,
    person: Option<PersonId>,
    role: Role,
    school: Option<SchoolId>,
    service: Option<ServiceId>,
    officer: Option<OfficerId>,
    deputy: bool,
    state: MembershipState,
}

impl LineRow {
    /// Nothing for a client's.
    fn line(self) -> Option<MembershipLine> {
        let Self { id, person, role, school, service, officer, deputy, state } = self;
        person.map(|person| MembershipLine { id, person, role, school, service, officer, deputy, state })
    }
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

/// Whether this officer of the contact list was somebody who is so no longer, and nobody is now. One whom nobody signs in
/// as yet has not left: their mail reaches them all the same.
///
/// # Errors
/// When the database can't be read.
pub fn is_vacated(work: &mut Work<'_>, officer: OfficerId) -> Result<bool> {
    if !people_of_officer(work, officer)?.is_empty() {
        return Ok(false);
    }
    let now = work.now();
    let held: i64 = m::table
        .filter(m::officer_id.eq(officer))
        .filter(m::person_id.is_not_null())
        .filter(m::state.eq_any(["confirmed", "ended"]))
        .filter(m::begins_at.le(now))
        .count()
        .get_result(work.conn())?;
    Ok(held > 0)
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

pub(super) fn insert(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: MembershipId,
    new: &NewMembership,
    state: MembershipState,
) -> Result<()> {
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
        state,
        begins_at: work.now(),
    };
    diesel::insert_into(m::table).values(&row).execute(work.conn()).map_err(|e| match e {
        DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Error::new(Code::NotFound),
        other => other.into(),
    })?;
    Ok(())
}

/// The roles of a person that have not ended, whether they count or wait: those that may force a second factor.
pub(in crate::identity) fn roles_of(work: &mut Work<'_>, person: PersonId) -> Result<Vec<Role>> {
    let now = work.now();
    Ok(m::table
        .filter(m::person_id.eq(person))
        .filter(m::state.ne(MembershipState::Ended))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .select(m::role)
        .load(work.conn())?)
}

/// The roles a person is invited to.
pub(in crate::identity) fn invited_roles(work: &mut Work<'_>, person: PersonId) -> Result<Vec<Role>> {
    let invited = m::table.filter(m::person_id.eq(person)).filter(m::state.eq(MembershipState::Invited));
    Ok(invited.order(m::id.asc()).select(m::role).load(work.conn())?)
}

/// What people hold or wait for, until it ends.
pub(in crate::identity) fn of_people(
    work: &mut Work<'_>,
    _pass: &Grant<Scope>,
    people: &[PersonId],
) -> Result<Vec<MembershipLine>> {
    let rows: Vec<LineRow> = m::table
        .filter(m::person_id.eq_any(people.iter().copied().map(Some).collect::<Vec<_>>()))
        .filter(m::state.ne(MembershipState::Ended))
        .order((m::begins_at.asc(), m::id.asc()))
        .select((m::id, m::person_id, m::role, m::school_id, m::service_id, m::officer_id, m::deputy, m::state))
        .load(work.conn())?;
    Ok(rows.into_iter().filter_map(LineRow::line).collect())
}

/// A person's membership, in whatever state.
pub(super) fn find(work: &mut Work<'_>, pass: &Grant<MembershipId>) -> Result<Option<MembershipLine>> {
    let row: Option<LineRow> = m::table
        .find(pass.id())
        .select((m::id, m::person_id, m::role, m::school_id, m::service_id, m::officer_id, m::deputy, m::state))
        .first(work.conn())
        .optional()?;
    Ok(row.and_then(LineRow::line))
}

/// Accepts all a person is invited to; says how many roles.
pub(super) fn accept(work: &mut Work<'_>, person: PersonId) -> Result<usize> {
    let invited = m::table.filter(m::person_id.eq(person)).filter(m::state.eq(MembershipState::Invited));
    Ok(diesel::update(invited).set(m::state.eq(MembershipState::Accepted)).execute(work.conn())?)
}

/// Puts an accepted role in force from now on.
pub(super) fn confirm(work: &mut Work<'_>, pass: &Grant<MembershipId>) -> Result<()> {
    let now = work.now();
    let accepted = m::table.find(pass.id()).filter(m::state.eq(MembershipState::Accepted));
    let changed = diesel::update(accepted)
        .set((m::state.eq(MembershipState::Confirmed), m::begins_at.eq(now)))
        .execute(work.conn())?;
    if changed == 1 { Ok(()) } else { Err(Error::new(Code::StateConflict)) }
}

/// Ends a role; says whose it was, when a person's.
pub(super) fn end(work: &mut Work<'_>, pass: &Grant<MembershipId>) -> Result<Option<PersonId>> {
    let now = work.now();
    let going = m::table.find(pass.id()).filter(m::state.ne(MembershipState::Ended));
    let changed = diesel::update(going)
        .set((m::state.eq(MembershipState::Ended), m::ends_at.eq(Some(now))))
        .execute(work.conn())?;
    if changed != 1 {
        return Err(Error::new(Code::NotFound));
    }
    Ok(m::table.find(pass.id()).select(m::person_id).first(work.conn())?)
}
