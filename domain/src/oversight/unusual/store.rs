//! The openings in the audit record of the last weeks.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::{audit_entries as a, cases as c, emergency_accesses as e};
use crate::db::types::{Uid, Utc};
use crate::kernel::{Actor, CaseId, PersonId, PupilId, Result};
use crate::oversight::readers::store::READINGS;

/// An entry of a reading, before it is known of which child.
#[derive(Queryable)]
pub(super) struct Row {
    pub at: Utc,
    pub actor_kind: String,
    pub actor_id: Option<Uid>,
    pub action: String,
    pub object_id: Option<Uid>,
    pub detail: String,
}

pub(super) fn readings(work: &mut Work<'_>, _pass: &Grant<()>, since: Utc) -> Result<Vec<Row>> {
    Ok(a::table
        .filter(a::at.gt(since))
        .filter(a::action.like(READINGS))
        .filter(a::actor_kind.ne("system"))
        .filter(a::object_id.is_not_null())
        .order(a::seq.asc())
        .select((a::at, a::actor_kind, a::actor_id, a::action, a::object_id, a::detail))
        .load(work.conn())?)
}

/// Of which child these records are, and since when they are closed.
pub(super) fn records(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    ids: &[CaseId],
) -> Result<BTreeMap<CaseId, (PupilId, Option<Utc>)>> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(1000) {
        let rows: Vec<(CaseId, PupilId, Option<Utc>)> =
            c::table.filter(c::id.eq_any(some)).select((c::id, c::pupil_id, c::closed_at)).load(work.conn())?;
        found.extend(rows.into_iter().map(|(id, pupil, closed)| (id, (pupil, closed))));
    }
    Ok(found)
}

/// Who started emergency accesses since, once for each.
pub(super) fn emergencies(work: &mut Work<'_>, _pass: &Grant<()>, since: Utc) -> Result<Vec<Actor>> {
    let who: Vec<PersonId> = e::table.filter(e::started_at.gt(since)).select(e::person_id).load(work.conn())?;
    Ok(who.into_iter().map(Actor::Person).collect())
}
