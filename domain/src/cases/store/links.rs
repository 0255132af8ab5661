//! The table of links.

use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::model::{LinkKind, OfCase};
use crate::db::Work;
use crate::db::fragments::OnConflictDoNothing;
use crate::db::schema::case_links as l;
use crate::db::types::Utc;
use crate::kernel::{CaseId, Result};

#[derive(Insertable)]
#[diesel(table_name = l)]
struct NewRow {
    from_id: CaseId,
    to_id: CaseId,
    kind: LinkKind,
    added_at: Utc,
}

/// Links a case to another. Twice is once.
pub fn link<T: OfCase>(work: &mut Work<'_>, from: &Grant<T>, to: CaseId, kind: LinkKind) -> Result<()> {
    let row = NewRow { from_id: from.id().case(), to_id: to, kind, added_at: work.now() };
    OnConflictDoNothing(diesel::insert_into(l::table).values(&row)).execute(work.conn())?;
    Ok(())
}

/// The other ends of a case's links: how, whether outward, and which.
pub fn links(work: &mut Work<'_>, pass: &Grant<CaseId>) -> Result<Vec<(LinkKind, bool, CaseId)>> {
    let id = pass.id();
    let rows: Vec<(CaseId, CaseId, LinkKind)> = l::table
        .filter(l::from_id.eq(id).or(l::to_id.eq(id)))
        .order((l::added_at.asc(), l::from_id.asc(), l::to_id.asc()))
        .select((l::from_id, l::to_id, l::kind))
        .load(work.conn())?;
    let ends = rows.into_iter().map(|(from, to, kind)| (kind, from == id, if from == id { to } else { from }));
    Ok(ends.collect())
}
