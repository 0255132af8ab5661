//! The tables of factors and recovery codes. A person's own are theirs without a grant; another's need one.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{factors as f, recovery_codes as r};
use crate::db::types::SealedBytes;
use crate::kernel::{FactorId, PersonId, Result, Utc};

#[derive(Insertable)]
#[diesel(table_name = f)]
struct NewRow {
    id: FactorId,
    person_id: PersonId,
    secret: SealedBytes,
    last_step: i64,
    created_at: Utc,
    confirmed_at: Option<Utc>,
}

/// A factor as it is stored.
#[derive(Queryable)]
pub(in crate::identity) struct Row {
    pub id: FactorId,
    pub secret: SealedBytes,
    pub last_step: i64,
    pub confirmed_at: Option<Utc>,
}

/// Puts a new factor in, confirmed or waiting.
pub(super) fn insert(
    work: &mut Work<'_>,
    id: FactorId,
    person_id: PersonId,
    secret: Vec<u8>,
    confirmed_at: Option<Utc>,
) -> Result<()> {
    let row = NewRow { id, person_id, secret: SealedBytes(secret), last_step: 0, created_at: work.now(), confirmed_at };
    diesel::insert_into(f::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// A person's factor in force.
pub(in crate::identity) fn confirmed(work: &mut Work<'_>, person: PersonId) -> Result<Option<Row>> {
    let query = f::table.filter(f::person_id.eq(person)).filter(f::confirmed_at.is_not_null()).select((
        f::id,
        f::secret,
        f::last_step,
        f::confirmed_at,
    ));
    Ok(query.first(work.conn()).optional()?)
}

/// The same, held until the transaction ends, so that a code is taken once.
pub(super) fn confirmed_for_update(work: &mut Work<'_>, person: PersonId) -> Result<Option<Row>> {
    let query = f::table.filter(f::person_id.eq(person)).filter(f::confirmed_at.is_not_null()).select((
        f::id,
        f::secret,
        f::last_step,
        f::confirmed_at,
    ));
    Ok(for_update(query).get_result(work.conn()).optional()?)
}

/// A person's factor that waits for its first code.
pub(super) fn pending(work: &mut Work<'_>, person: PersonId) -> Result<Option<Row>> {
    let query = f::table
        .filter(f::person_id.eq(person))
        .filter(f::confirmed_at.is_null())
        .order(f::created_at.desc())
        .select((f::id, f::secret, f::last_step, f::confirmed_at));
    Ok(query.first(work.conn()).optional()?)
}

/// Keeps the step of the code just used; false when a later one was used meanwhile.
pub(super) fn use_step(work: &mut Work<'_>, id: FactorId, step: i64) -> Result<bool> {
    let later = f::table.find(id).filter(f::last_step.lt(step));
    Ok(diesel::update(later).set(f::last_step.eq(step)).execute(work.conn())? == 1)
}

/// Makes a waiting factor count.
pub(super) fn confirm(work: &mut Work<'_>, id: FactorId) -> Result<()> {
    let now = work.now();
    diesel::update(f::table.find(id)).set(f::confirmed_at.eq(Some(now))).execute(work.conn())?;
    Ok(())
}

/// Removes a person's factors that wait.
pub(super) fn forget_pending(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    let waiting = f::table.filter(f::person_id.eq(person)).filter(f::confirmed_at.is_null());
    diesel::delete(waiting).execute(work.conn())?;
    Ok(())
}

/// Removes a person's factors but one.
pub(super) fn forget_others(work: &mut Work<'_>, person: PersonId, keep: FactorId) -> Result<()> {
    diesel::delete(f::table.filter(f::person_id.eq(person)).filter(f::id.ne(keep))).execute(work.conn())?;
    Ok(())
}

/// Removes whatever a person proves a second factor with.
pub(super) fn forget_all(work: &mut Work<'_>, pass: &Grant<PersonId>) -> Result<()> {
    forget_all_of(work, pass.id())
}

/// The same for who has followed a one-time link: that is the proof.
pub(in crate::identity) fn forget_all_of(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    diesel::delete(f::table.filter(f::person_id.eq(person))).execute(work.conn())?;
    diesel::delete(r::table.filter(r::person_id.eq(person))).execute(work.conn())?;
    Ok(())
}

/// Replaces a person's recovery codes.
pub(super) fn replace_codes(work: &mut Work<'_>, person: PersonId, digests: &[Vec<u8>]) -> Result<()> {
    diesel::delete(r::table.filter(r::person_id.eq(person))).execute(work.conn())?;
    for digest in digests {
        let row = (r::person_id.eq(person), r::code_hash.eq(digest), r::used_at.eq(None::<Utc>));
        diesel::insert_into(r::table).values(row).execute(work.conn())?;
    }
    Ok(())
}

/// The digests of a person's unused recovery codes.
pub(super) fn unused_codes(work: &mut Work<'_>, person: PersonId) -> Result<Vec<Vec<u8>>> {
    let unused = r::table.filter(r::person_id.eq(person)).filter(r::used_at.is_null());
    Ok(unused.select(r::code_hash).order(r::code_hash.asc()).load(work.conn())?)
}

/// Uses a recovery code up; false when it was used meanwhile.
pub(super) fn use_code(work: &mut Work<'_>, person: PersonId, digest: &[u8]) -> Result<bool> {
    let now = work.now();
    let unused = r::table.find((person, digest)).filter(r::used_at.is_null());
    Ok(diesel::update(unused).set(r::used_at.eq(Some(now))).execute(work.conn())? == 1)
}

/// Which of these people have a factor in force.
pub(in crate::identity) fn having(work: &mut Work<'_>, people: &[PersonId]) -> Result<Vec<PersonId>> {
    let confirmed = f::table.filter(f::confirmed_at.is_not_null()).filter(f::person_id.eq_any(people));
    Ok(confirmed.select(f::person_id).load(work.conn())?)
}
