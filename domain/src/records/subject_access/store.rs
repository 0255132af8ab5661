//! The tables of requests, pieces and bundles; and reading what is sealed in a child's cases.

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Binary;

use crate::access::Grant;
use crate::both;
use crate::cases::{Case, CaseKind, CaseRow};
use crate::db::Work;
use crate::db::schema::{
    audit_entries as a, case_documents as d, cases as c, legal_holds as h, subject_access_bundles as b,
    subject_access_pieces as p, subject_access_requests as r,
};
use crate::db::types::sql::UuidSql;
use crate::db::types::{SealedBytes, Uid, Utc};
use crate::kernel::{
    Actor, BundleId, CaseId, Code, DocumentId, Error, PersonId, PieceId, PupilId, Reference, Result, SchoolId,
    SubjectAccessId, uk_date,
};
use crate::records::sealed::{Column, Found, Owner};
use crate::vault::Sealed;

use super::model::{AskedBy, Decision, Format, PieceContent, Reason, Request, State};

#[derive(Queryable, Selectable)]
#[diesel(table_name = r)]
struct Row {
    id: SubjectAccessId,
    reference: String,
    pupil_id: PupilId,
    asked_by: AskedBy,
    received_on: NaiveDate,
    due_on: NaiveDate,
    state: State,
    opened_by: PersonId,
    opened_at: Utc,
    finished_at: Option<Utc>,
    version: i64,
}

#[expect(clippy::needless_pass_by_value, reason = "a row is taken apart")]
fn request_of(row: Row, (pieces, undecided): (i64, i64)) -> Result<Request> {
    let reference = Reference::parse(&row.reference);
    Ok(Request {
        id: row.id,
        reference: reference.map_err(|_| Error::internal("a stored reference can't be read"))?,
        pupil: row.pupil_id,
        asked_by: row.asked_by,
        received_on: row.received_on,
        due_on: row.due_on,
        state: row.state,
        opened_by: row.opened_by,
        opened_at: row.opened_at,
        finished_at: row.finished_at,
        pieces,
        undecided,
        version: row.version,
    })
}

fn counts(work: &mut Work<'_>, id: SubjectAccessId) -> Result<(i64, i64)> {
    let all = || p::table.filter(p::request_id.eq(id)).count();
    let undecided = all().filter(p::decision.is_null()).get_result(work.conn())?;
    Ok((all().get_result(work.conn())?, undecided))
}

/// The child of the case a reference names, unless it was disposed of.
pub(super) fn child_of(work: &mut Work<'_>, _pass: &Grant<()>, reference: &Reference) -> Result<Option<PupilId>> {
    let found = c::table.filter(c::reference.eq(reference.as_str())).filter(c::disposed_at.is_null());
    Ok(found.select(c::pupil_id).first(work.conn()).optional()?)
}

pub(super) fn insert(work: &mut Work<'_>, _pass: &Grant<()>, new: &Request) -> Result<()> {
    let row = (
        (r::id.eq(new.id), r::reference.eq(new.reference.as_str()), r::pupil_id.eq(new.pupil)),
        (r::asked_by.eq(new.asked_by), r::received_on.eq(new.received_on), r::due_on.eq(new.due_on)),
        (r::state.eq(new.state), r::opened_by.eq(new.opened_by), r::opened_at.eq(new.opened_at)),
        r::version.eq(new.version),
    );
    diesel::insert_into(r::table).values(row).execute(work.conn())?;
    Ok(())
}

pub(super) fn find(work: &mut Work<'_>, pass: &Grant<SubjectAccessId>) -> Result<Request> {
    let row = r::table.find(pass.id()).select(Row::as_select()).first(work.conn())?;
    let counts = counts(work, pass.id())?;
    request_of(row, counts)
}

/// The newest requests.
pub(super) fn list(work: &mut Work<'_>, _pass: &Grant<()>, limit: i64) -> Result<Vec<Request>> {
    let rows: Vec<Row> =
        r::table.order((r::opened_at.desc(), r::id.desc())).limit(limit).select(Row::as_select()).load(work.conn())?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let counts = counts(work, row.id)?;
        all.push(request_of(row, counts)?);
    }
    Ok(all)
}

/// Moves a request from one state to the next, counting its version up.
///
/// # Errors
/// [`Code::StateConflict`] when it stands elsewhere by now.
pub(super) fn advance(
    work: &mut Work<'_>,
    pass: &Grant<SubjectAccessId>,
    from: State,
    to: State,
    by: PersonId,
) -> Result<()> {
    let now = work.now();
    let row = r::table.filter(r::id.eq(pass.id())).filter(r::state.eq(from));
    let next = (r::state.eq(to), r::version.eq(r::version + 1));
    let changed = if to == State::Gathered {
        diesel::update(row).set((next, r::gathered_at.eq(now))).execute(work.conn())?
    } else {
        diesel::update(row).set((next, r::finished_at.eq(now), r::finished_by.eq(by))).execute(work.conn())?
    };
    if changed == 1 { Ok(()) } else { Err(Code::StateConflict.into()) }
}

/// The child's cases that were not disposed of, the oldest first.
pub(super) fn cases_of(work: &mut Work<'_>, _pass: &Grant<SubjectAccessId>, pupil: PupilId) -> Result<Vec<Case>> {
    let theirs = c::table.filter(c::pupil_id.eq(pupil)).filter(c::disposed_at.is_null());
    let rows: Vec<CaseRow> =
        theirs.order((c::opened_at.asc(), c::id.asc())).select(CaseRow::as_select()).load(work.conn())?;
    rows.into_iter().map(CaseRow::case).collect()
}

/// The cases the request was gathered from, disposed of since or not, the oldest first.
pub(super) fn cases_gathered(
    work: &mut Work<'_>,
    pass: &Grant<SubjectAccessId>,
) -> Result<Vec<(CaseId, CaseKind, SchoolId)>> {
    let request = r::table.find(pass.id()).select((r::pupil_id, r::gathered_at));
    let (pupil, gathered): (PupilId, Option<Utc>) = request.first(work.conn())?;
    let Some(at) = gathered else { return Ok(Vec::new()) };
    // Not by the pieces: those of a case that was disposed of are gone, and the bundle still holds what they said.
    let theirs = c::table.filter(c::pupil_id.eq(pupil)).filter(c::opened_at.le(at));
    let there = theirs.filter(c::disposed_at.is_null().or(c::disposed_at.ge(at)));
    let found = there.order((c::opened_at.asc(), c::id.asc())).select((c::id, c::kind, c::school_id));
    Ok(found.load(work.conn())?)
}

#[derive(QueryableByName)]
struct SealedRow {
    #[diesel(sql_type = UuidSql)]
    id: Uid,
    #[diesel(sql_type = Binary)]
    sealed: SealedBytes,
}

/// The rows of one sealed column that belong to a case. The words put together are those of the list of columns.
pub(super) fn sealed(
    work: &mut Work<'_>,
    _pass: &Grant<SubjectAccessId>,
    column: Column,
    case: CaseId,
) -> Result<Vec<Found>> {
    let Owner::Case(key) = column.owner else { return Ok(Vec::new()) };
    let (table, name) = (column.table, column.column);
    let sql = format!("SELECT id, {name} AS sealed FROM {table} WHERE {key} = $1 AND {name} IS NOT NULL ORDER BY id");
    let owner = Uid::from_uuid(case.uuid());
    let rows: Vec<SealedRow> = both!(work.conn(), |c| diesel::sql_query(sql).bind::<UuidSql, _>(owner).load(c))?;
    Ok(rows.into_iter().map(|row| Found { column, case, row: row.id.uuid(), sealed: row.sealed }).collect())
}

/// The kind of a document.
pub(super) fn media_type(work: &mut Work<'_>, _pass: &Grant<SubjectAccessId>, id: DocumentId) -> Result<String> {
    Ok(d::table.find(id).select(d::media_type).first(work.conn())?)
}

pub(super) fn add_piece(
    work: &mut Work<'_>,
    pass: &Grant<SubjectAccessId>,
    (id, number): (PieceId, i64),
    case: CaseId,
    marked: bool,
    content: Sealed<PieceContent>,
) -> Result<()> {
    let row = (
        (p::id.eq(id), p::request_id.eq(pass.id()), p::number.eq(number), p::case_id.eq(case)),
        (p::marked.eq(marked), p::content.eq(content.into_stored())),
    );
    diesel::insert_into(p::table).values(row).execute(work.conn())?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = p)]
pub(super) struct StoredPiece {
    pub id: PieceId,
    pub number: i64,
    pub marked: bool,
    pub content: SealedBytes,
    pub decision: Option<Decision>,
    pub reason: Option<Reason>,
}

/// Every piece, in order.
pub(super) fn pieces(work: &mut Work<'_>, pass: &Grant<SubjectAccessId>) -> Result<Vec<StoredPiece>> {
    let theirs = p::table.filter(p::request_id.eq(pass.id())).order(p::number.asc());
    Ok(theirs.select(StoredPiece::as_select()).load(work.conn())?)
}

/// Notes a decision; says whether there is such a piece.
pub(super) fn decide(
    work: &mut Work<'_>,
    pass: &Grant<SubjectAccessId>,
    number: i64,
    decision: Decision,
    reason: Option<Reason>,
    by: PersonId,
) -> Result<bool> {
    let now = work.now();
    let piece = p::table.filter(p::request_id.eq(pass.id())).filter(p::number.eq(number));
    let set = (p::decision.eq(decision), p::reason.eq(reason), p::decided_by.eq(by), p::decided_at.eq(now));
    Ok(diesel::update(piece).set(set).execute(work.conn())? == 1)
}

/// Everything the audit record says of these things: when, who, what.
pub(super) fn readings(
    work: &mut Work<'_>,
    _pass: &Grant<SubjectAccessId>,
    things: &[uuid::Uuid],
) -> Result<Vec<(Utc, Actor, String)>> {
    let things: Vec<Option<Uid>> = things.iter().map(|id| Some(Uid::from_uuid(*id))).collect();
    let rows: Vec<(Utc, String, Option<Uid>, String)> = a::table
        .filter(a::object_id.eq_any(things))
        .filter(a::action.like("%.read%"))
        .order(a::seq.asc())
        .select((a::at, a::actor_kind, a::actor_id, a::action))
        .load(work.conn())?;
    let known = rows.into_iter().filter_map(|(at, kind, id, action)| {
        Actor::from_stored(&kind, id.map(Uid::uuid)).map(|actor| (at, actor, action))
    });
    Ok(known.collect())
}

pub(super) fn add_bundle(
    work: &mut Work<'_>,
    pass: &Grant<SubjectAccessId>,
    id: BundleId,
    format: Format,
    content: Sealed<String>,
    size: i64,
) -> Result<()> {
    let row = (
        (b::id.eq(id), b::request_id.eq(pass.id()), b::format.eq(format)),
        (b::content.eq(content.into_stored()), b::size.eq(size), b::made_at.eq(work.now())),
    );
    diesel::insert_into(b::table).values(row).execute(work.conn())?;
    Ok(())
}

pub(super) fn bundle(
    work: &mut Work<'_>,
    pass: &Grant<SubjectAccessId>,
    format: Format,
) -> Result<(BundleId, Sealed<String>)> {
    let found = b::table.filter(b::request_id.eq(pass.id())).filter(b::format.eq(format));
    let (id, sealed): (BundleId, SealedBytes) =
        found.filter(b::content.ne(nothing())).select((b::id, b::content)).first(work.conn())?;
    Ok((id, Sealed::from_stored(sealed)))
}

/// What is left of a bundle that has ended.
const fn nothing() -> SealedBytes {
    SealedBytes(Vec::new())
}

/// The requests released before then whose bundle has not ended and of whose child nothing is held, the oldest first.
pub(super) fn over(work: &mut Work<'_>, _pass: &Grant<()>, before: Utc, limit: i64) -> Result<Vec<SubjectAccessId>> {
    let today = uk_date(work.now());
    let theirs = b::table.filter(b::request_id.eq(r::id)).filter(b::content.ne(nothing()));
    let placed = h::table.filter(h::pupil_id.eq(r::pupil_id)).filter(h::ended_at.is_null());
    let held = exists(placed.filter(h::until.is_null().or(h::until.ge(today))));
    let released = r::table.filter(r::finished_at.lt(before)).filter(exists(theirs)).filter(not(held));
    Ok(released.order((r::finished_at.asc(), r::id.asc())).limit(limit).select(r::id).load(work.conn())?)
}

/// Empties the bundle of a request. Its rows stay: that it was given is no secret.
pub(super) fn end_bundle(work: &mut Work<'_>, _pass: &Grant<()>, request: SubjectAccessId) -> Result<()> {
    let theirs = b::table.filter(b::request_id.eq(request));
    diesel::update(theirs).set(b::content.eq(nothing())).execute(work.conn())?;
    Ok(())
}
