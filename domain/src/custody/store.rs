//! The tables of wrapped keys, by the master key they name.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::fragments::{OnConflictDoNothing, Turnstile, for_update_skip_locked, hold};
use crate::db::schema::{child_keys as c, retired_keys as r, system_keys as s};
use crate::db::types::{SealedBytes, Utc};
use crate::kernel::{KeyId, Result};
use crate::vault::Purpose;

/// Master key ids, each with the number of rows that name it.
type Counts = Vec<(String, i64)>;

/// Whether every purpose has its key, wrapped.
pub(super) fn is_complete(work: &mut Work<'_>) -> Result<bool> {
    let there: i64 = s::table.filter(s::kek_id.ne("")).count().get_result(work.conn())?;
    Ok(usize::try_from(there).is_ok_and(|n| n == Purpose::ALL.len()))
}

pub(super) fn system_key(work: &mut Work<'_>, purpose: Purpose) -> Result<Option<(String, SealedBytes)>> {
    Ok(s::table.find(purpose).select((s::kek_id, s::wrapped)).first(work.conn()).optional()?)
}

/// Adds a key; another process that was first is left alone.
pub(super) fn add_system_key(work: &mut Work<'_>, purpose: Purpose, kek: &str, wrapped: SealedBytes) -> Result<()> {
    let row = (s::purpose.eq(purpose), s::kek_id.eq(kek), s::wrapped.eq(wrapped), s::created_at.eq(work.now()));
    OnConflictDoNothing(diesel::insert_into(s::table).values(row)).execute(work.conn())?;
    Ok(())
}

/// Puts a key under another master key, unless somebody else did meanwhile. Says how many rows that were.
pub(super) fn replace_system_key(
    work: &mut Work<'_>,
    purpose: Purpose,
    from: &str,
    to: &str,
    wrapped: SealedBytes,
) -> Result<i64> {
    let row = s::table.filter(s::purpose.eq(purpose)).filter(s::kek_id.eq(from));
    let changed = diesel::update(row).set((s::kek_id.eq(to), s::wrapped.eq(wrapped))).execute(work.conn())?;
    Ok(i64::try_from(changed).unwrap_or(i64::MAX))
}

/// Children's keys and our own, counted by the master key they name. One that was destroyed names none.
pub(super) fn counts(work: &mut Work<'_>) -> Result<(Counts, Counts)> {
    let children = c::table
        .filter(c::kek_id.ne(""))
        .group_by(c::kek_id)
        .select((c::kek_id, diesel::dsl::count_star()))
        .order(c::kek_id)
        .load(work.conn())?;
    let own = s::table
        .filter(s::kek_id.ne(""))
        .group_by(s::kek_id)
        .select((s::kek_id, diesel::dsl::count_star()))
        .order(s::kek_id)
        .load(work.conn())?;
    Ok((children, own))
}

/// Some children's keys under a master key, kept until the transaction ends; what others hold is passed over.
pub(super) fn some_under(work: &mut Work<'_>, kek: &str, limit: i64) -> Result<Vec<(KeyId, SealedBytes)>> {
    let query = c::table.filter(c::kek_id.eq(kek)).order(c::id).limit(limit.max(0)).select((c::id, c::wrapped));
    Ok(for_update_skip_locked(query).load(work.conn())?)
}

/// Puts a child's key under another master key.
pub(super) fn replace_child_key(
    work: &mut Work<'_>,
    id: KeyId,
    from: &str,
    to: &str,
    wrapped: SealedBytes,
) -> Result<i64> {
    let row = c::table.filter(c::id.eq(id)).filter(c::kek_id.eq(from));
    let changed = diesel::update(row).set((c::kek_id.eq(to), c::wrapped.eq(wrapped))).execute(work.conn())?;
    Ok(i64::try_from(changed).unwrap_or(i64::MAX))
}

pub(super) fn retired(work: &mut Work<'_>) -> Result<Vec<(String, Utc)>> {
    Ok(r::table.order(r::retired_at).select((r::kek_id, r::retired_at)).load(work.conn())?)
}

/// Waits until nobody is in the middle of wrapping a key, and lets nobody begin until the transaction ends.
pub(super) fn alone(work: &mut Work<'_>) -> Result<()> {
    Ok(hold(work.conn(), Turnstile::MasterKeys, true)?)
}

/// Lets nobody retire a master key until the transaction ends; whether this one was retired.
pub(super) fn is_retired(work: &mut Work<'_>, kek: &str) -> Result<bool> {
    hold(work.conn(), Turnstile::MasterKeys, false)?;
    Ok(retired(work)?.iter().any(|(id, _)| id == kek))
}

pub(super) fn retire(work: &mut Work<'_>, kek: &str) -> Result<()> {
    let row = (r::kek_id.eq(kek), r::retired_at.eq(work.now()));
    diesel::insert_into(r::table).values(row).execute(work.conn())?;
    Ok(())
}
