//! The table of pauses.

use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::model::{OfCase, Pause, PauseReason};
use crate::db::Work;
use crate::db::failure::conflict;
use crate::db::schema::case_pauses as p;
use crate::db::types::{Uid, Utc};
use crate::kernel::{CaseId, Code, Result};

#[derive(Insertable)]
#[diesel(table_name = p)]
struct NewRow {
    id: Uid,
    case_id: CaseId,
    reason: PauseReason,
    begins_at: Utc,
}

/// Begins a pause now.
///
/// # Errors
/// [`Code::StateConflict`] when one lasts already.
pub fn begin(work: &mut Work<'_>, pass: &Grant<CaseId>, reason: PauseReason) -> Result<()> {
    let row = NewRow { id: Uid::from_uuid(work.new_id()), case_id: pass.id(), reason, begins_at: work.now() };
    diesel::insert_into(p::table)
        .values(&row)
        .execute(work.conn())
        .map_err(conflict("case_pauses_case_id_key", Code::StateConflict))?;
    Ok(())
}

/// Ends the pause that lasts, if one does, and gives it.
pub fn end(work: &mut Work<'_>, pass: &Grant<CaseId>, stops_clocks: bool) -> Result<Option<Pause>> {
    let now = work.now();
    let lasting = || p::table.filter(p::case_id.eq(pass.id())).filter(p::ends_at.is_null());
    let found: Option<(PauseReason, Utc)> =
        lasting().select((p::reason, p::begins_at)).first(work.conn()).optional()?;
    let Some((reason, begins_at)) = found else { return Ok(None) };
    diesel::update(lasting()).set(p::ends_at.eq(now)).execute(work.conn())?;
    Ok(Some(Pause { reason, begins_at, ends_at: Some(now), stops_clocks }))
}

/// A case's pauses, the first first.
pub fn pauses<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>, stops_clocks: bool) -> Result<Vec<Pause>> {
    let rows: Vec<(PauseReason, Utc, Option<Utc>)> = p::table
        .filter(p::case_id.eq(pass.id().case()))
        .order((p::begins_at.asc(), p::id.asc()))
        .select((p::reason, p::begins_at, p::ends_at))
        .load(work.conn())?;
    let pause = |(reason, begins_at, ends_at)| Pause { reason, begins_at, ends_at, stops_clocks };
    Ok(rows.into_iter().map(pause).collect())
}
