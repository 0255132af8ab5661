//! The table of sessions. A token's digest is the proof here: there is no caller yet to grant anything to.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::fragments::{OnConflictDoNothing, for_update};
use crate::db::schema::{people, sessions, sign_in_misses as misses};
use crate::identity::Preference;
use crate::kernel::{PersonId, Result, SessionId, Utc};

#[derive(Insertable)]
#[diesel(table_name = sessions)]
struct NewRow<'a> {
    id: SessionId,
    token_hash: &'a [u8],
    person_id: PersonId,
    created_at: Utc,
    last_used_at: Utc,
    expires_at: Utc,
    second_factor_at: Option<Utc>,
    device: &'a str,
}

/// What a session is opened with.
pub(in crate::identity) struct NewLine<'a> {
    pub id: SessionId,
    pub person: PersonId,
    pub token_hash: &'a [u8],
    pub expires_at: Utc,
    pub second_factor_at: Option<Utc>,
    pub device: &'a str,
}

#[derive(Queryable)]
pub(super) struct Row {
    pub id: SessionId,
    pub person: PersonId,
    pub name: String,
    pub lang: Preference,
    pub last_used_at: Utc,
    pub expires_at: Utc,
    pub issuer: Option<String>,
    pub second_factor_at: Option<Utc>,
}

pub(in crate::identity) fn insert(work: &mut Work<'_>, new: &NewLine<'_>) -> Result<()> {
    let now = work.now();
    let row = NewRow {
        id: new.id,
        token_hash: new.token_hash,
        person_id: new.person,
        created_at: now,
        last_used_at: now,
        expires_at: new.expires_at,
        second_factor_at: new.second_factor_at,
        device: new.device,
    };
    diesel::insert_into(sessions::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// The session with this digest, unless it ended or its person may no longer sign in.
pub(super) fn open_by_digest(work: &mut Work<'_>, token_hash: &[u8]) -> Result<Option<Row>> {
    let query = sessions::table
        .inner_join(people::table.on(sessions::person_id.eq(people::id)))
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::ended_at.is_null())
        .filter(people::active.eq(true))
        .select((
            sessions::id,
            people::id,
            people::name,
            people::lang,
            sessions::last_used_at,
            sessions::expires_at,
            sessions::issuer,
            sessions::second_factor_at,
        ));
    Ok(query.first(work.conn()).optional()?)
}

/// Notes the use of an open session not used since `before`.
pub(super) fn touch(work: &mut Work<'_>, id: SessionId, before: Utc) -> Result<bool> {
    let now = work.now();
    let due = sessions::table.find(id).filter(sessions::ended_at.is_null()).filter(sessions::last_used_at.le(before));
    Ok(diesel::update(due).set(sessions::last_used_at.eq(now)).execute(work.conn())? == 1)
}

/// Ends an open session, of this person when one is named.
pub(super) fn end(work: &mut Work<'_>, id: SessionId, owner: Option<PersonId>) -> Result<bool> {
    let now = work.now();
    let open = sessions::table.find(id).filter(sessions::ended_at.is_null());
    let changed = match owner {
        Some(person) => diesel::update(open.filter(sessions::person_id.eq(person)))
            .set(sessions::ended_at.eq(now))
            .execute(work.conn())?,
        None => diesel::update(open).set(sessions::ended_at.eq(now)).execute(work.conn())?,
    };
    Ok(changed == 1)
}

/// Ends every open session of a person; says how many.
pub(in crate::identity) fn end_all(work: &mut Work<'_>, person: PersonId) -> Result<usize> {
    let now = work.now();
    let open = sessions::table.filter(sessions::person_id.eq(person)).filter(sessions::ended_at.is_null());
    Ok(diesel::update(open).set(sessions::ended_at.eq(now)).execute(work.conn())?)
}

/// Ends every open session of a person but one; says how many.
pub(in crate::identity) fn end_others(work: &mut Work<'_>, person: PersonId, keep: SessionId) -> Result<usize> {
    let now = work.now();
    let open = sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(keep));
    Ok(diesel::update(open).set(sessions::ended_at.eq(now)).execute(work.conn())?)
}

/// Gives an open session of a person a new id and a new token; says when it ends. The old ones are nothing from now on.
pub(super) fn renew(
    work: &mut Work<'_>,
    old: SessionId,
    person: PersonId,
    new: SessionId,
    token_hash: &[u8],
) -> Result<Option<Utc>> {
    let now = work.now();
    let open = sessions::table.find(old).filter(sessions::person_id.eq(person)).filter(sessions::ended_at.is_null());
    diesel::update(open)
        .set((sessions::id.eq(new), sessions::token_hash.eq(token_hash), sessions::last_used_at.eq(now)))
        .execute(work.conn())?;
    Ok(sessions::table.find(new).select(sessions::expires_at).first(work.conn()).optional()?)
}

/// Notes that a second factor was proved in a session just now.
pub(super) fn set_proved(work: &mut Work<'_>, id: SessionId) -> Result<()> {
    let now = work.now();
    diesel::update(sessions::table.find(id)).set(sessions::second_factor_at.eq(Some(now))).execute(work.conn())?;
    Ok(())
}

/// A line of the list: id, begun, used, ends, device.
pub(super) type Line = (SessionId, Utc, Utc, Utc, String);

/// The open sessions of a person, the last begun first.
pub(super) fn open_of(work: &mut Work<'_>, person: PersonId) -> Result<Vec<Line>> {
    Ok(sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null())
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .select((sessions::id, sessions::created_at, sessions::last_used_at, sessions::expires_at, sessions::device))
        .load(work.conn())?)
}

/// The failures noted for an address nobody has, and until when it is locked.
pub(super) fn miss(work: &mut Work<'_>, address_hash: &[u8]) -> Result<Option<(i64, Option<Utc>)>> {
    let query =
        misses::table.filter(misses::address_hash.eq(address_hash)).select((misses::failed, misses::locked_until));
    Ok(for_update(query).get_result(work.conn()).optional()?)
}

/// The same, without holding the row.
pub(super) fn locked_miss(work: &mut Work<'_>, address_hash: &[u8]) -> Result<Option<Utc>> {
    let found: Option<Option<Utc>> =
        misses::table.find(address_hash).select(misses::locked_until).first(work.conn()).optional()?;
    Ok(found.flatten())
}

/// Keeps the failures of an address nobody has.
pub(super) fn set_miss(work: &mut Work<'_>, address_hash: &[u8], failed: i64, locked_until: Option<Utc>) -> Result<()> {
    let now = work.now();
    let changed = diesel::update(misses::table.find(address_hash))
        .set((misses::failed.eq(failed), misses::locked_until.eq(locked_until), misses::updated_at.eq(now)))
        .execute(work.conn())?;
    if changed == 0 {
        let row = (
            misses::address_hash.eq(address_hash),
            misses::failed.eq(failed),
            misses::locked_until.eq(locked_until),
            misses::updated_at.eq(now),
        );
        // Another attempt on the same address may have been first; then its count stands.
        OnConflictDoNothing(diesel::insert_into(misses::table).values(row)).execute(work.conn())?;
    }
    Ok(())
}

/// Forgets what was noted of addresses nobody has, a day after.
pub(super) fn forget_misses(work: &mut Work<'_>) -> Result<usize> {
    let before = work.now().plus_hours(-24);
    Ok(diesel::delete(misses::table.filter(misses::updated_at.lt(before))).execute(work.conn())?)
}

pub(super) fn forget_expired(work: &mut Work<'_>) -> Result<usize> {
    let now = work.now();
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(now))).execute(work.conn())?)
}
