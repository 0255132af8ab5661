//! The table of children.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::fragments::{OnConflictDoNothing, for_update};
use crate::db::schema::pupils;
use crate::db::types::{SealedBytes, Utc};
use crate::kernel::{Code, Error, KeyId, PupilId, Result, SchoolId};
use crate::vault::Sealed;

use super::model::PupilIdentity;

#[derive(Queryable)]
pub(super) struct Known {
    pub id: PupilId,
    /// Where the child is.
    #[cfg_attr(not(test), expect(dead_code, reason = "what a test looks at"))]
    pub school_id: SchoolId,
}

/// One found by its number.
pub(super) struct Found {
    pub id: PupilId,
    pub school_id: SchoolId,
    pub key_id: KeyId,
    pub identity: Sealed<PupilIdentity>,
}

#[derive(Insertable)]
#[diesel(table_name = pupils)]
struct NewRow {
    id: PupilId,
    school_id: SchoolId,
    key_id: KeyId,
    upn_index: Option<Vec<u8>>,
    identity: SealedBytes,
    created_at: Utc,
}

pub(super) fn by_index(work: &mut Work<'_>, index: &[u8]) -> Result<Option<Known>> {
    Ok(pupils::table
        .filter(pupils::upn_index.eq(index))
        .select((pupils::id, pupils::school_id))
        .first(work.conn())
        .optional()?)
}

/// As [`by_index`] with who it is, and the child's row stays locked until the transaction ends.
pub(super) fn by_index_locked(work: &mut Work<'_>, index: &[u8]) -> Result<Option<Found>> {
    let one = pupils::table.filter(pupils::upn_index.eq(index)).select((
        pupils::id,
        pupils::school_id,
        pupils::key_id,
        pupils::identity,
    ));
    let row: Option<(PupilId, SchoolId, KeyId, SealedBytes)> = for_update(one).get_result(work.conn()).optional()?;
    Ok(row.map(|(id, school_id, key_id, sealed)| Found {
        id,
        school_id,
        key_id,
        identity: Sealed::from_stored(sealed),
    }))
}

/// Locks the children's rows until the transaction ends, always in the same order; gives those that are there.
pub(super) fn lock(work: &mut Work<'_>, ids: &[PupilId]) -> Result<Vec<PupilId>> {
    let rows = pupils::table.filter(pupils::id.eq_any(ids.to_vec())).order(pupils::id).select(pupils::id);
    Ok(for_update(rows).load(work.conn())?)
}

pub(super) fn insert(
    work: &mut Work<'_>,
    id: PupilId,
    school_id: SchoolId,
    key_id: KeyId,
    upn_index: Option<Vec<u8>>,
    identity: Sealed<PupilIdentity>,
) -> Result<()> {
    let row = NewRow { id, school_id, key_id, upn_index, identity: identity.into_stored(), created_at: work.now() };
    let added = OnConflictDoNothing(diesel::insert_into(pupils::table).values(&row)).execute(work.conn())?;
    // Two requests met over one new child. The loser rolls back whole and finds the child when it is sent again.
    if added == 0 { Err(Error::unavailable("the child was added by another request")) } else { Ok(()) }
}

pub(super) fn move_to(work: &mut Work<'_>, id: PupilId, school: SchoolId) -> Result<()> {
    diesel::update(pupils::table.find(id)).set(pupils::school_id.eq(school)).execute(work.conn())?;
    Ok(())
}

pub(super) fn key_id(work: &mut Work<'_>, id: PupilId) -> Result<KeyId> {
    let key = pupils::table.find(id).select(pupils::key_id).first(work.conn()).optional()?;
    key.ok_or_else(|| Error::new(Code::NotFound))
}

pub(super) fn identity<T>(
    work: &mut Work<'_>,
    _pass: &Grant<T>,
    id: PupilId,
) -> Result<(KeyId, Sealed<PupilIdentity>)> {
    let row: Option<(KeyId, SealedBytes)> =
        pupils::table.find(id).select((pupils::key_id, pupils::identity)).first(work.conn()).optional()?;
    row.map(|(key, sealed)| (key, Sealed::from_stored(sealed))).ok_or_else(|| Error::new(Code::NotFound))
}
