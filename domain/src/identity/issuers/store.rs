//! The tables of sign-ins under way and of bindings. Until somebody is recognised there is no caller to grant anything to;
//! from then on [`Recognised`] is the proof.

use diesel::prelude::*;

use crate::access::{Grant, Role};
use crate::db::Work;
use crate::db::failure::conflict;
use crate::db::schema::{issuer_links as links, issuer_states as states, memberships as m, sessions};
use crate::identity::memberships::{Member, NewMembership};
use crate::kernel::{Code, MembershipId, OfficerId, PersonId, Result, SchoolId, ServiceId, SessionId, Utc};

use super::model::{Arrival, PlacedRole, Recognised};

#[derive(Insertable)]
#[diesel(table_name = states)]
struct StateRow<'a> {
    state_hash: &'a [u8],
    browser_hash: &'a [u8],
    issuer: &'a str,
    next: &'a str,
    expires_at: Utc,
}

#[derive(Insertable)]
#[diesel(table_name = links)]
struct LinkRow<'a> {
    issuer: &'a str,
    subject: &'a str,
    person_id: PersonId,
    created_at: Utc,
    last_used_at: Utc,
}

#[derive(Insertable)]
#[diesel(table_name = m)]
struct MembershipRow<'a> {
    id: MembershipId,
    person_id: Option<PersonId>,
    role: Role,
    school_id: Option<SchoolId>,
    service_id: Option<ServiceId>,
    officer_id: Option<OfficerId>,
    deputy: bool,
    state: &'static str,
    begins_at: Utc,
    source: Option<&'a str>,
}

pub(super) fn insert_state(
    work: &mut Work<'_>,
    (state, browser): (&[u8], &[u8]),
    issuer: &str,
    next: &str,
    expires_at: Utc,
) -> Result<()> {
    let row = StateRow { state_hash: state, browser_hash: browser, issuer, next, expires_at };
    diesel::insert_into(states::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// Uses a state up, once: of two at the same time one finds it used.
pub(super) fn use_state(work: &mut Work<'_>, (state, browser): (&[u8], &[u8]), issuer: &str) -> Result<Option<String>> {
    let now = work.now();
    let unused = states::table
        .filter(states::state_hash.eq(state))
        .filter(states::browser_hash.eq(browser))
        .filter(states::issuer.eq(issuer))
        .filter(states::used_at.is_null())
        .filter(states::expires_at.gt(now));
    if diesel::update(unused).set(states::used_at.eq(now)).execute(work.conn())? != 1 {
        return Ok(None);
    }
    Ok(states::table.find(state).select(states::next).first(work.conn()).optional()?)
}

pub(super) fn forget_states(work: &mut Work<'_>) -> Result<usize> {
    let now = work.now();
    Ok(diesel::delete(states::table.filter(states::expires_at.lt(now))).execute(work.conn())?)
}

/// Whom a subject of an issuer is bound to.
pub(super) fn link(work: &mut Work<'_>, issuer: &str, subject: &str) -> Result<Option<PersonId>> {
    let query = links::table.filter(links::issuer.eq(issuer)).filter(links::subject.eq(subject));
    Ok(query.select(links::person_id).first(work.conn()).optional()?)
}

/// Notes that a binding was used.
pub(super) fn touch_link(work: &mut Work<'_>, issuer: &str, subject: &str) -> Result<()> {
    let now = work.now();
    let query = links::table.filter(links::issuer.eq(issuer)).filter(links::subject.eq(subject));
    diesel::update(query).set(links::last_used_at.eq(now)).execute(work.conn())?;
    Ok(())
}

/// Binds a subject to a person; a person who is bound to another subject of the issuer stays with that one.
pub(super) fn insert_link(work: &mut Work<'_>, issuer: &str, subject: &str, person_id: PersonId) -> Result<()> {
    let now = work.now();
    let row = LinkRow { issuer, subject, person_id, created_at: now, last_used_at: now };
    diesel::insert_into(links::table)
        .values(&row)
        .execute(work.conn())
        .map_err(conflict("issuer_links_person_id_issuer_key", Code::AccountUnknown))?;
    Ok(())
}

/// Forgets a person's bindings, all or those of one issuer; says how many.
pub(super) fn remove_links(work: &mut Work<'_>, pass: &Grant<PersonId>, issuer: Option<&str>) -> Result<usize> {
    let of_person = links::table.filter(links::person_id.eq(pass.id()));
    Ok(match issuer {
        Some(issuer) => diesel::delete(of_person.filter(links::issuer.eq(issuer))).execute(work.conn())?,
        None => diesel::delete(of_person).execute(work.conn())?,
    })
}

type HeldRow = (MembershipId, Role, Option<SchoolId>, Option<ServiceId>, Option<OfficerId>, bool);

/// The roles in force that came from the issuer.
pub(super) fn held(work: &mut Work<'_>, who: &Recognised) -> Result<Vec<(MembershipId, NewMembership)>> {
    let now = work.now();
    let rows: Vec<HeldRow> = m::table
        .filter(m::person_id.eq(who.person))
        .filter(m::source.eq(&who.issuer))
        .filter(m::state.eq("confirmed"))
        .filter(m::ends_at.is_null().or(m::ends_at.gt(now)))
        .order(m::id.asc())
        .select((m::id, m::role, m::school_id, m::service_id, m::officer_id, m::deputy))
        .load(work.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, role, school, service, officer, deputy)| {
            (id, NewMembership { who: Member::Person(who.person), role, school, service, officer, deputy })
        })
        .collect())
}

/// Gives a role, confirmed and in force from now, as the issuer's.
pub(super) fn give(work: &mut Work<'_>, who: &Recognised, id: MembershipId, role: &PlacedRole) -> Result<()> {
    let row = MembershipRow {
        id,
        person_id: Some(who.person),
        role: role.role,
        school_id: role.school,
        service_id: role.service,
        officer_id: role.officer,
        deputy: role.deputy,
        state: "confirmed",
        begins_at: work.now(),
        source: Some(&who.issuer),
    };
    diesel::insert_into(m::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// Ends a role the issuer gave.
pub(super) fn end(work: &mut Work<'_>, who: &Recognised, id: MembershipId) -> Result<()> {
    let now = work.now();
    let own = m::table.find(id).filter(m::person_id.eq(who.person)).filter(m::source.eq(&who.issuer));
    diesel::update(own).set((m::state.eq("ended"), m::ends_at.eq(Some(now)))).execute(work.conn())?;
    Ok(())
}

/// Notes on a session by whom its person arrived.
pub(super) fn note_arrival(work: &mut Work<'_>, id: SessionId, arrival: &Arrival) -> Result<()> {
    diesel::update(sessions::table.find(id)).set(sessions::issuer.eq(Some(&arrival.code))).execute(work.conn())?;
    Ok(())
}
