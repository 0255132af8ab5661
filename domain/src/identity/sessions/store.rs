//! The table of sessions. A token's digest is the proof here: there is no caller yet to grant anything to.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::schema::{people, sessions};
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
}

pub(in crate::identity) fn insert(
    work: &mut Work<'_>,
    id: SessionId,
    person_id: PersonId,
    token_hash: &[u8],
    expires_at: Utc,
) -> Result<()> {
    let now = work.now();
    let row = NewRow { id, token_hash, person_id, created_at: now, last_used_at: now, expires_at };
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

pub(super) fn forget_expired(work: &mut Work<'_>) -> Result<usize> {
    let now = work.now();
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(now))).execute(work.conn())?)
}
