//! The table of consents. (`access` reads it too, for the caller alone.)

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::failure::conflict;
use crate::db::schema::{api_clients as a, client_consents as c, memberships as m};
use crate::kernel::{ClientId, Code, PersonId, Result, SchoolId, Scopes, Utc};

use super::model::{Consent, ConsentBasis, Given};

#[derive(Insertable)]
#[diesel(table_name = c)]
struct NewRow {
    client_id: ClientId,
    school_id: SchoolId,
    given_at: Utc,
    basis: ConsentBasis,
    given_by: Option<PersonId>,
}

/// Whether a client in force has a role at the school now.
pub(super) fn is_set_up(work: &mut Work<'_>, pass: &Grant<(SchoolId, ClientId)>) -> Result<bool> {
    let (school, client) = pass.id();
    let now = work.now();
    let found: i64 = m::table
        .filter(m::client_id.eq(client))
        .filter(m::school_id.eq(school))
        .filter(m::state.eq("confirmed"))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .count()
        .get_result(work.conn())?;
    Ok(found > 0)
}

/// Whether the school consents already.
pub(super) fn is_given(work: &mut Work<'_>, pass: &Grant<(SchoolId, ClientId)>) -> Result<bool> {
    let (school, client) = pass.id();
    let in_force =
        c::table.filter(c::client_id.eq(client)).filter(c::school_id.eq(school)).filter(c::withdrawn_at.is_null());
    let found: i64 = in_force.count().get_result(work.conn())?;
    Ok(found > 0)
}

pub(super) fn give(
    work: &mut Work<'_>,
    pass: &Grant<(SchoolId, ClientId)>,
    basis: ConsentBasis,
    given_by: Option<PersonId>,
) -> Result<()> {
    let (school_id, client_id) = pass.id();
    let row = NewRow { client_id, school_id, given_at: work.now(), basis, given_by };
    diesel::insert_into(c::table)
        .values(&row)
        .execute(work.conn())
        .map_err(conflict("client_consents_client_id_school_id_key", Code::StateConflict))?;
    Ok(())
}

/// Withdraws the consent in force; says whether there was one.
pub(super) fn withdraw(work: &mut Work<'_>, pass: &Grant<(SchoolId, ClientId)>, by: Option<PersonId>) -> Result<bool> {
    let (school, client) = pass.id();
    let now = work.now();
    let in_force =
        c::table.filter(c::client_id.eq(client)).filter(c::school_id.eq(school)).filter(c::withdrawn_at.is_null());
    let changed =
        diesel::update(in_force).set((c::withdrawn_at.eq(Some(now)), c::withdrawn_by.eq(by))).execute(work.conn())?;
    Ok(changed == 1)
}

/// The active clients with a role at the school, by name, each with the consent in force.
pub(super) fn of_school(work: &mut Work<'_>, pass: &Grant<SchoolId>) -> Result<Vec<Consent>> {
    let now = work.now();
    let clients: Vec<(ClientId, String, String)> = a::table
        .inner_join(m::table.on(m::client_id.eq(a::id.nullable())))
        .filter(a::active.eq(true))
        .filter(m::school_id.eq(pass.id()))
        .filter(m::state.eq("confirmed"))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .select((a::id, a::name, a::scopes))
        .distinct()
        .order((a::name.asc(), a::id.asc()))
        .load(work.conn())?;
    let given: Vec<(ClientId, Utc, ConsentBasis, Option<PersonId>)> = c::table
        .filter(c::school_id.eq(pass.id()))
        .filter(c::withdrawn_at.is_null())
        .select((c::client_id, c::given_at, c::basis, c::given_by))
        .load(work.conn())?;
    let consent = |client| {
        given.iter().find(|(id, ..)| *id == client).map(|(_, at, basis, by)| Given { at: *at, basis: *basis, by: *by })
    };
    Ok(clients
        .into_iter()
        .map(|(client, name, scopes)| Consent { client, name, scopes: Scopes::parse(&scopes), given: consent(client) })
        .collect())
}
