//! The table of wrapped keys.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::fragments::{Turnstile, hold};
use crate::db::schema::{child_keys, retired_keys};
use crate::db::types::{SealedBytes, Utc};
use crate::kernel::{Error, KeyId, Result};

#[derive(Insertable)]
#[diesel(table_name = child_keys)]
struct NewKey<'a> {
    id: KeyId,
    kek_id: &'a str,
    wrapped: SealedBytes,
    created_at: Utc,
}

pub(super) fn insert(work: &mut Work<'_>, id: KeyId, kek_id: &str, wrapped: SealedBytes) -> Result<()> {
    // A retirement that counts the keys meanwhile would not see this one.
    hold(work.conn(), Turnstile::MasterKeys, false)?;
    if is_retired(work, kek_id)? {
        return Err(Error::internal(format!("master key {kek_id} was retired: make another one keys.master")));
    }
    let row = NewKey { id, kek_id, wrapped, created_at: work.now() };
    diesel::insert_into(child_keys::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// Whether a master key was retired.
fn is_retired(work: &mut Work<'_>, kek_id: &str) -> Result<bool> {
    Ok(retired_keys::table.find(kek_id).select(retired_keys::kek_id).first::<String>(work.conn()).optional()?.is_some())
}

/// The id of the master key a child's key is wrapped under, and the wrapped key.
pub(super) fn find(work: &mut Work<'_>, id: KeyId) -> Result<(String, SealedBytes)> {
    child_keys::table
        .find(id)
        .filter(child_keys::kek_id.ne(""))
        .select((child_keys::kek_id, child_keys::wrapped))
        .first(work.conn())
        .optional()?
        .ok_or_else(|| Error::internal("a child's key is gone: the child was erased"))
}

/// Overwrites a wrapped key. The row stays, so that the child's own row still stands on something.
pub(super) fn destroy(work: &mut Work<'_>, id: KeyId) -> Result<()> {
    let nothing = SealedBytes(Vec::new());
    diesel::update(child_keys::table.find(id))
        .set((child_keys::kek_id.eq(""), child_keys::wrapped.eq(nothing)))
        .execute(work.conn())?;
    Ok(())
}
