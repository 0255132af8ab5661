//! The table of keys.

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::Work;
use crate::db::fragments::OnConflictDoNothing;
use crate::db::schema::idempotency_keys as keys;
use crate::db::types::{Uid, Utc};
use crate::kernel::{Error, Result};

/// A caller: kind and id.
type Owner = (&'static str, Uuid);

#[derive(Insertable)]
#[diesel(table_name = keys)]
struct NewRow<'a> {
    actor_kind: &'a str,
    actor_id: Uid,
    key: &'a str,
    fingerprint: &'a [u8],
    status: i64,
    answer: &'a [u8],
    created_at: Utc,
    expires_at: Utc,
}

#[derive(Queryable)]
pub(super) struct Stored {
    pub fingerprint: Vec<u8>,
    pub status: i64,
    pub answer: Vec<u8>,
}

pub(super) fn claim(work: &mut Work<'_>, owner: Owner, key: &str, fingerprint: &[u8], expires_at: Utc) -> Result<bool> {
    let row = NewRow {
        actor_kind: owner.0,
        actor_id: Uid::from_uuid(owner.1),
        key,
        fingerprint,
        status: 0,
        answer: &[],
        created_at: work.now(),
        expires_at,
    };
    Ok(OnConflictDoNothing(diesel::insert_into(keys::table).values(&row)).execute(work.conn())? == 1)
}

pub(super) fn find(work: &mut Work<'_>, owner: Owner, key: &str) -> Result<Stored> {
    Ok(keys::table
        .find((owner.0, Uid::from_uuid(owner.1), key))
        .select((keys::fingerprint, keys::status, keys::answer))
        .first(work.conn())?)
}

pub(super) fn complete(work: &mut Work<'_>, owner: Owner, key: &str, status: i64, answer: &[u8]) -> Result<()> {
    let changed = diesel::update(keys::table.find((owner.0, Uid::from_uuid(owner.1), key)))
        .set((keys::status.eq(status), keys::answer.eq(answer)))
        .execute(work.conn())?;
    if changed == 1 { Ok(()) } else { Err(Error::internal("an idempotency key was completed before it was claimed")) }
}

pub(super) fn forget_if_expired(work: &mut Work<'_>, owner: Owner, key: &str) -> Result<()> {
    let now = work.now();
    diesel::delete(keys::table.find((owner.0, Uid::from_uuid(owner.1), key)).filter(keys::expires_at.lt(now)))
        .execute(work.conn())?;
    Ok(())
}

pub(super) fn forget_expired(work: &mut Work<'_>) -> Result<usize> {
    let now = work.now();
    Ok(diesel::delete(keys::table.filter(keys::expires_at.lt(now))).execute(work.conn())?)
}
