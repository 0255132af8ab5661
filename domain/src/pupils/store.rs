//! The table of children.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::fragments::{OnConflictDoNothing, for_update};
use crate::db::schema::pupils;
use crate::db::types::{SealedBytes, Utc};
use crate::db::{Work, failure};
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

/// One of a school, to be looked at.
pub(super) struct Candidate {
    pub id: PupilId,
    pub key_id: KeyId,
    pub upn_index: Option<Vec<u8>>,
    pub identity: Sealed<PupilIdentity>,
}

type CandidateRow = (PupilId, KeyId, Option<Vec<u8>>, SealedBytes);

impl Candidate {
    fn of((id, key_id, upn_index, sealed): CandidateRow) -> Self {
        Self { id, key_id, upn_index, identity: Sealed::from_stored(sealed) }
    }
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

/// The children of a school who are not erased.
pub(super) fn of_school(work: &mut Work<'_>, school: SchoolId) -> Result<Vec<Candidate>> {
    let nothing = SealedBytes(Vec::new());
    let all = pupils::table.filter(pupils::school_id.eq(school)).filter(pupils::identity.ne(nothing));
    let rows: Vec<CandidateRow> = all
        .order(pupils::id.asc())
        .select((pupils::id, pupils::key_id, pupils::upn_index, pupils::identity))
        .load(work.conn())?;
    Ok(rows.into_iter().map(Candidate::of).collect())
}

/// One of them as they are now; their row stays locked until the transaction ends.
pub(super) fn candidate_locked(work: &mut Work<'_>, id: PupilId) -> Result<Option<Candidate>> {
    let nothing = SealedBytes(Vec::new());
    let one = pupils::table.filter(pupils::id.eq(id)).filter(pupils::identity.ne(nothing));
    let one = one.select((pupils::id, pupils::key_id, pupils::upn_index, pupils::identity));
    let row: Option<CandidateRow> = for_update(one).get_result(work.conn()).optional()?;
    Ok(row.map(Candidate::of))
}

/// Gives a child the number they had not, with who they are by now.
pub(super) fn set_number(
    work: &mut Work<'_>,
    id: PupilId,
    index: &[u8],
    identity: Sealed<PupilIdentity>,
) -> Result<()> {
    diesel::update(pupils::table.find(id))
        .set((pupils::upn_index.eq(index), pupils::identity.eq(identity.into_stored())))
        .execute(work.conn())
        .map(|_| ())
        .map_err(|error| match failure::unique_key(&error) {
            // Another request gave it to another child meanwhile; sent again, it finds them.
            Some(_) => Error::unavailable(error),
            None => error.into(),
        })
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
