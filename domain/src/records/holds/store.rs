//! The table of holds.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::{cases as c, legal_holds as h};
use crate::db::types::{SealedBytes, Utc};
use crate::kernel::{CaseId, HoldId, PersonId, PupilId, Reference, Result, SchoolId};
use crate::vault::Sealed;

use super::model::Hold;

/// The case a reference names, unless it was disposed of: its id, its child, its school.
pub(super) fn case_of(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    reference: &Reference,
) -> Result<Option<(CaseId, PupilId, SchoolId)>> {
    let found = c::table.filter(c::reference.eq(reference.as_str())).filter(c::disposed_at.is_null());
    Ok(found.select((c::id, c::pupil_id, c::school_id)).first(work.conn()).optional()?)
}

pub(super) fn insert(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: HoldId,
    (pupil, case): (PupilId, Option<CaseId>),
    reason: Sealed<String>,
    by: PersonId,
    until: Option<NaiveDate>,
) -> Result<()> {
    let row = (
        (h::id.eq(id), h::pupil_id.eq(pupil), h::case_id.eq(case), h::reason.eq(reason.into_stored())),
        (h::placed_by.eq(by), h::placed_at.eq(work.now()), h::until.eq(until)),
    );
    diesel::insert_into(h::table).values(row).execute(work.conn())?;
    Ok(())
}

/// Ends a hold; says whether it was in force.
pub(super) fn end(work: &mut Work<'_>, _pass: &Grant<()>, id: HoldId, by: PersonId) -> Result<bool> {
    let now = work.now();
    let live = h::table.filter(h::id.eq(id)).filter(h::ended_at.is_null());
    Ok(diesel::update(live).set((h::ended_at.eq(now), h::ended_by.eq(by))).execute(work.conn())? == 1)
}

type Listed = (HoldId, PupilId, Option<CaseId>, PersonId, Utc, Option<NaiveDate>, Option<Utc>);

pub(super) fn list(work: &mut Work<'_>, _pass: &Grant<()>) -> Result<Vec<Hold>> {
    let rows: Vec<Listed> = h::table
        .order((h::ended_at.is_not_null().asc(), h::placed_at.desc(), h::id.desc()))
        .select((h::id, h::pupil_id, h::case_id, h::placed_by, h::placed_at, h::until, h::ended_at))
        .load(work.conn())?;
    let pupils: Vec<PupilId> = rows.iter().map(|r| r.1).collect();
    let named: Vec<(CaseId, PupilId, String)> = c::table
        .filter(c::pupil_id.eq_any(pupils))
        .order(c::id.desc())
        .select((c::id, c::pupil_id, c::reference))
        .load(work.conn())?;
    let holds = rows.into_iter().map(|(id, pupil, case, placed_by, placed_at, until, ended_at)| {
        let of = named.iter().find(|(c, p, _)| case.map_or(*p == pupil, |case| *c == case));
        let reference = of.and_then(|(_, _, reference)| Reference::parse(reference).ok());
        Hold { id, reference, whole_child: case.is_none(), placed_by, placed_at, until, ended_at }
    });
    Ok(holds.collect())
}

pub(super) fn reason(work: &mut Work<'_>, pass: &Grant<HoldId>) -> Result<(PupilId, Sealed<String>)> {
    let (pupil, sealed): (PupilId, SealedBytes) =
        h::table.find(pass.id()).select((h::pupil_id, h::reason)).first(work.conn())?;
    Ok((pupil, Sealed::from_stored(sealed)))
}
