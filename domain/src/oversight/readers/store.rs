//! The readings in the audit record, and the records they are of. The names of all readings hold `.read`.

use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::CaseKind;
use crate::db::Work;
use crate::db::schema::{audit_entries as a, cases as c};
use crate::db::types::{Uid, Utc};
use crate::kernel::{CaseId, Cursor, Page, PageRequest, PupilId, Result};

/// What the names of readings are like.
pub(in crate::oversight) const READINGS: &str = "%.read%";

/// A reading as stored.
#[derive(Queryable)]
pub(in crate::oversight) struct Row {
    pub seq: i64,
    pub at: Utc,
    pub actor_kind: String,
    pub actor_id: Option<Uid>,
    pub action: String,
    pub object_id: Option<Uid>,
    pub detail: String,
}

/// A page of the readings of these things, newest first. The cursor's id is the entry's number.
pub(super) fn page<T>(
    work: &mut Work<'_>,
    _pass: &Grant<T>,
    ids: &[uuid::Uuid],
    request: PageRequest,
) -> Result<Page<Row>> {
    let ids: Vec<Option<Uid>> = ids.iter().map(|id| Some(Uid::from_uuid(*id))).collect();
    let mut query = a::table
        .filter(a::object_id.eq_any(ids))
        .filter(a::action.like(READINGS))
        .order(a::seq.desc())
        .limit(request.limit.get() + 1)
        .select((a::seq, a::at, a::actor_kind, a::actor_id, a::action, a::object_id, a::detail))
        .into_boxed();
    if let Some(after) = request.after {
        query = query.filter(a::seq.lt(i64::try_from(after.id.as_u128()).unwrap_or(0)));
    }
    let rows: Vec<Row> = query.load(work.conn())?;
    let number = |seq| uuid::Uuid::from_u128(u128::from(u64::try_from(seq).unwrap_or(0)));
    Ok(Page::from_overfull(rows, request.limit, |r| Cursor { at: r.at, id: number(r.seq) }))
}

/// The child's records: their ids, kinds and references.
pub(super) fn records_of(work: &mut Work<'_>, pass: &Grant<PupilId>) -> Result<Vec<(CaseId, CaseKind, String)>> {
    let found = c::table.filter(c::pupil_id.eq(pass.id())).select((c::id, c::kind, c::reference));
    Ok(found.load(work.conn())?)
}

/// Whether there is such a child.
pub(super) fn is_pupil(work: &mut Work<'_>, id: PupilId) -> Result<bool> {
    use crate::db::schema::pupils;
    let found: i64 = pupils::table.filter(pupils::id.eq(id)).count().get_result(work.conn())?;
    Ok(found > 0)
}

/// The record itself.
pub(super) fn record<T>(work: &mut Work<'_>, _pass: &Grant<T>, id: CaseId) -> Result<Vec<(CaseId, CaseKind, String)>> {
    Ok(c::table.find(id).select((c::id, c::kind, c::reference)).load(work.conn())?)
}
