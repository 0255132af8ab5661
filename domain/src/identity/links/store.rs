//! The table of one-time links. A link's digest is the proof here: there is no caller yet to grant anything to.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::sign_in_links as l;
use crate::kernel::{LinkId, PersonId, Result, Utc};

/// Puts a link in; unused ones before it end.
pub(super) fn insert(
    work: &mut Work<'_>,
    pass: &Grant<PersonId>,
    id: LinkId,
    digest: &[u8],
    expires_at: Utc,
) -> Result<()> {
    let now = work.now();
    let open = l::table.filter(l::person_id.eq(pass.id())).filter(l::used_at.is_null());
    diesel::update(open).set(l::expires_at.eq(now)).execute(work.conn())?;
    let row = (
        l::id.eq(id),
        l::person_id.eq(pass.id()),
        l::secret_hash.eq(digest),
        l::created_at.eq(now),
        l::expires_at.eq(expires_at),
    );
    diesel::insert_into(l::table).values(row).execute(work.conn())?;
    Ok(())
}

/// Whose unused link in force this is.
pub(super) fn open(work: &mut Work<'_>, digest: &[u8]) -> Result<Option<(LinkId, PersonId)>> {
    let now = work.now();
    let query = l::table
        .filter(l::secret_hash.eq(digest))
        .filter(l::used_at.is_null())
        .filter(l::expires_at.gt(now))
        .select((l::id, l::person_id));
    Ok(query.first(work.conn()).optional()?)
}

/// Uses a link up; false when it was used meanwhile.
pub(super) fn use_up(work: &mut Work<'_>, id: LinkId) -> Result<bool> {
    let now = work.now();
    let unused = l::table.find(id).filter(l::used_at.is_null());
    Ok(diesel::update(unused).set(l::used_at.eq(Some(now))).execute(work.conn())? == 1)
}
