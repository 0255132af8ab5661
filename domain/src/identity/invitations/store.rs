//! The table of invitations. A link's digest is the proof here: there is no caller yet to grant anything to.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::invitations as i;
use crate::kernel::{InvitationId, PersonId, Result, Utc};

#[derive(Insertable)]
#[diesel(table_name = i)]
struct NewRow<'a> {
    id: InvitationId,
    person_id: PersonId,
    secret_hash: &'a [u8],
    created_at: Utc,
    expires_at: Utc,
}

/// An invitation that may still be followed.
#[derive(Queryable)]
pub(super) struct Row {
    pub id: InvitationId,
    pub person: PersonId,
    pub secret_hash: Vec<u8>,
}

/// Puts an invitation in; those before it are void.
pub(super) fn insert(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: InvitationId,
    person_id: PersonId,
    secret_hash: &[u8],
    expires_at: Utc,
) -> Result<()> {
    void(work, person_id)?;
    let row = NewRow { id, person_id, secret_hash, created_at: work.now(), expires_at };
    diesel::insert_into(i::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// Makes a person's open invitations void.
pub(in crate::identity) fn void(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    let now = work.now();
    let open = i::table.filter(i::person_id.eq(person)).filter(i::used_at.is_null()).filter(i::voided_at.is_null());
    diesel::update(open).set(i::voided_at.eq(Some(now))).execute(work.conn())?;
    Ok(())
}

/// The invitation with this id, while its link works.
pub(super) fn open(work: &mut Work<'_>, id: InvitationId) -> Result<Option<Row>> {
    let now = work.now();
    let query = i::table
        .filter(i::id.eq(id))
        .filter(i::used_at.is_null())
        .filter(i::voided_at.is_null())
        .filter(i::expires_at.gt(now))
        .select((i::id, i::person_id, i::secret_hash));
    Ok(query.first(work.conn()).optional()?)
}

/// A person's invitation whose link works.
pub(super) fn open_of(work: &mut Work<'_>, person: PersonId) -> Result<Option<Row>> {
    let now = work.now();
    let query = i::table
        .filter(i::person_id.eq(person))
        .filter(i::used_at.is_null())
        .filter(i::voided_at.is_null())
        .filter(i::expires_at.gt(now))
        .order(i::created_at.desc())
        .select((i::id, i::person_id, i::secret_hash));
    Ok(query.first(work.conn()).optional()?)
}

/// Uses a link up; false when it was used meanwhile.
pub(super) fn use_up(work: &mut Work<'_>, id: InvitationId) -> Result<bool> {
    let now = work.now();
    let unused = i::table.find(id).filter(i::used_at.is_null());
    Ok(diesel::update(unused).set(i::used_at.eq(Some(now))).execute(work.conn())? == 1)
}

/// Whether a person has followed a link of theirs.
pub(in crate::identity) fn was_followed(work: &mut Work<'_>, person: PersonId) -> Result<bool> {
    let used = i::table.filter(i::person_id.eq(person)).filter(i::used_at.is_not_null());
    Ok(used.select(i::id).first::<InvitationId>(work.conn()).optional()?.is_some())
}
