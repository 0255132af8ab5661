//! The table of people around a child.

use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::people::{PersonDetails, Relation, StoredPerson};
use crate::db::Work;
use crate::db::schema::case_people as p;
use crate::db::types::{SealedBytes, Utc};
use crate::kernel::{CaseId, CasePersonId, Result};
use crate::vault::Sealed;

#[derive(Queryable, Insertable)]
#[diesel(table_name = p)]
struct Row {
    id: CasePersonId,
    case_id: CaseId,
    relation: Relation,
    details: SealedBytes,
    added_at: Utc,
    ended_at: Option<Utc>,
}

pub(in crate::cases) fn insert(
    work: &mut Work<'_>,
    pass: &Grant<CaseId>,
    id: CasePersonId,
    relation: Relation,
    details: Sealed<PersonDetails>,
) -> Result<()> {
    let row =
        Row { id, case_id: pass.id(), relation, details: details.into_stored(), added_at: work.now(), ended_at: None };
    diesel::insert_into(p::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// How many were ever added to a case.
pub(in crate::cases) fn count(work: &mut Work<'_>, pass: &Grant<CaseId>) -> Result<i64> {
    Ok(p::table.filter(p::case_id.eq(pass.id())).count().get_result(work.conn())?)
}

/// Ends somebody in force; says whether there was such.
pub(in crate::cases) fn end(work: &mut Work<'_>, pass: &Grant<CaseId>, id: CasePersonId) -> Result<bool> {
    let now = work.now();
    let theirs = p::table.filter(p::case_id.eq(pass.id())).filter(p::id.eq(id)).filter(p::ended_at.is_null());
    Ok(diesel::update(theirs).set(p::ended_at.eq(now)).execute(work.conn())? == 1)
}

pub(in crate::cases) fn people(work: &mut Work<'_>, pass: &Grant<CaseId>) -> Result<Vec<StoredPerson>> {
    let rows: Vec<Row> =
        p::table.filter(p::case_id.eq(pass.id())).order((p::added_at.asc(), p::id.asc())).load(work.conn())?;
    let stored = rows.into_iter().map(|r| StoredPerson {
        id: r.id,
        relation: r.relation,
        details: Sealed::from_stored(r.details),
        added_at: r.added_at,
        ended_at: r.ended_at,
    });
    Ok(stored.collect())
}
