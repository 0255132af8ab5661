//! The tables of returns and of what was said at each step.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::{self, Case, CaseKind, Milestone, OfCase as _};
use crate::db::Work;
use crate::db::schema::{case_recipients as r, cases as c, warrn_records as w, warrn_returns as t, warrn_steps as s};
use crate::db::types::{SealedBytes, Uid};
use crate::kernel::{Error, PersonId, Result, SchoolId, Utc, WarrnId};
use crate::vault::Sealed;
use crate::warrn::model::Part;

use super::clocks::later;
use super::model::{Attendance, Clocked, Outcome, Progress, ReviewAttendance, Source, Step, StepContent};
use super::report::Ended;

#[derive(Insertable)]
#[diesel(table_name = t)]
struct NewReturn {
    id: WarrnId,
    source: Source,
    received_on: NaiveDate,
    calendar_version: i64,
}

pub(super) fn insert(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: WarrnId,
    (source, received_on): (Source, NaiveDate),
    calendar_version: i64,
) -> Result<()> {
    let row = NewReturn { id, source, received_on, calendar_version };
    diesel::insert_into(t::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// How far a record is, with the envelope of its case and the milestones as they are stored.
pub(super) fn progress(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<(Case, Progress, Vec<Milestone>)> {
    type Found = (Source, NaiveDate, Option<NaiveDate>, Option<Attendance>, Option<NaiveDate>);
    let case = cases::find(work, pass)?;
    let (source, received_on, returned_on, attendance, expected): Found = t::table
        .inner_join(w::table)
        .filter(t::id.eq(pass.id()))
        .select((t::source, t::received_on, t::returned_on, t::attendance, w::expected_return_on))
        .first(work.conn())?;
    let milestones = cases::milestones(work, pass)?;
    let closed = match &case.closed {
        Some((at, reason)) => {
            let outcome: Result<Outcome, _> = reason.parse();
            Some((*at, outcome.map_err(|_| Error::internal("a record was closed with an unknown outcome"))?))
        }
        None => None,
    };
    let steps: Vec<Clocked> = milestones.iter().map(clocked).collect::<Result<_>>()?;
    // Running provision always has a clock.
    let (of_provision, mut steps): (Vec<_>, Vec<_>) = steps.into_iter().partition(|s| s.step.is_of_provision());
    steps.sort_by_key(|s| (s.step, s.turn));
    let progress = Progress {
        source,
        received_on,
        received_at: case.opened_at,
        expected_return_on: expected,
        returned: returned_on.zip(attendance),
        attended_on: seen_attending(work, &[pass.id()])?.remove(&pass.id()),
        closed,
        steps,
        provision_runs: of_provision.iter().any(Clocked::is_open),
    };
    Ok((case, progress, milestones))
}

/// A milestone as a step.
pub(super) fn clocked(milestone: &Milestone) -> Result<Clocked> {
    let step = milestone.kind.parse().map_err(|_| Error::internal("a milestone is no step of a return"))?;
    Ok(Clocked {
        step,
        turn: milestone.turn,
        due_at: milestone.due_at,
        done_at: milestone.done_at,
        dropped_at: milestone.dropped_at,
        told: milestone.stage,
    })
}

/// The open records whose clocks were counted by an older calendar.
pub(super) fn counted_before(work: &mut Work<'_>, version: i64) -> Result<Vec<WarrnId>> {
    let open = t::table.inner_join(w::table.inner_join(c::table)).filter(c::closed_at.is_null());
    Ok(open.filter(t::calendar_version.lt(version)).order(t::id.asc()).select(t::id).load(work.conn())?)
}

/// By which calendar a record's clocks were counted.
pub(super) fn calendar_version(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<i64> {
    Ok(t::table.find(pass.id()).select(t::calendar_version).first(work.conn())?)
}

/// Notes by which calendar a record's clocks are counted.
pub(super) fn set_calendar_version(work: &mut Work<'_>, pass: &Grant<WarrnId>, version: i64) -> Result<()> {
    diesel::update(t::table.find(pass.id())).set(t::calendar_version.eq(version)).execute(work.conn())?;
    Ok(())
}

pub(super) fn set_returned(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    on: NaiveDate,
    attendance: Attendance,
) -> Result<()> {
    diesel::update(t::table.find(pass.id()))
        .set((t::returned_on.eq(on), t::attendance.eq(attendance)))
        .execute(work.conn())?;
    Ok(())
}

pub(super) fn clear_returned(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<()> {
    diesel::update(t::table.find(pass.id()))
        .set((t::returned_on.eq(None::<NaiveDate>), t::attendance.eq(None::<Attendance>)))
        .execute(work.conn())?;
    Ok(())
}

pub(super) fn set_attendance(work: &mut Work<'_>, pass: &Grant<WarrnId>, attendance: Attendance) -> Result<()> {
    diesel::update(t::table.find(pass.id())).set(t::attendance.eq(attendance)).execute(work.conn())?;
    Ok(())
}

pub(super) fn set_expected(work: &mut Work<'_>, pass: &Grant<WarrnId>, on: Option<NaiveDate>) -> Result<()> {
    diesel::update(w::table.find(pass.id())).set(w::expected_return_on.eq(on)).execute(work.conn())?;
    Ok(())
}

/// Moves the time of a part's recipients who have not acknowledged.
pub(super) fn move_due(work: &mut Work<'_>, pass: &Grant<WarrnId>, part: Part, due_at: Utc) -> Result<()> {
    diesel::update(
        r::table
            .filter(r::case_id.eq(pass.id().case()))
            .filter(r::part.eq(part))
            .filter(r::acknowledged_at.is_null())
            .filter(r::ends_at.is_null()),
    )
    .set(r::due_at.eq(due_at))
    .execute(work.conn())?;
    Ok(())
}

/// What is said at a step, to keep.
pub(super) struct NewNote {
    pub id: uuid::Uuid,
    pub step: Step,
    pub turn: i64,
    pub held_on: NaiveDate,
    pub next_on: Option<NaiveDate>,
    pub part_time_until: Option<NaiveDate>,
    pub attendance: Option<ReviewAttendance>,
    pub content: Option<Sealed<StepContent>>,
    pub by: PersonId,
}

#[derive(Insertable)]
#[diesel(table_name = s)]
struct NewRow {
    id: Uid,
    record_id: WarrnId,
    step: Step,
    turn: i64,
    held_on: NaiveDate,
    next_on: Option<NaiveDate>,
    part_time_until: Option<NaiveDate>,
    attendance: Option<ReviewAttendance>,
    content: Option<SealedBytes>,
    noted_at: Utc,
    noted_by: PersonId,
}

pub(super) fn add_note(work: &mut Work<'_>, pass: &Grant<WarrnId>, new: NewNote) -> Result<()> {
    let row = NewRow {
        id: Uid::from_uuid(new.id),
        record_id: pass.id(),
        step: new.step,
        turn: new.turn,
        held_on: new.held_on,
        next_on: new.next_on,
        part_time_until: new.part_time_until,
        attendance: new.attendance,
        content: new.content.map(Sealed::into_stored),
        noted_at: work.now(),
        noted_by: new.by,
    };
    diesel::insert_into(s::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// What was said at a step, still sealed.
pub(super) struct StoredNote {
    pub id: uuid::Uuid,
    pub step: Step,
    pub turn: i64,
    pub held_on: NaiveDate,
    pub next_on: Option<NaiveDate>,
    pub part_time_until: Option<NaiveDate>,
    pub attendance: Option<ReviewAttendance>,
    pub content: Option<Sealed<StepContent>>,
    pub noted_at: Utc,
    pub noted_by: PersonId,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = s)]
struct Row {
    id: Uid,
    step: Step,
    turn: i64,
    held_on: NaiveDate,
    next_on: Option<NaiveDate>,
    part_time_until: Option<NaiveDate>,
    attendance: Option<ReviewAttendance>,
    content: Option<SealedBytes>,
    noted_at: Utc,
    noted_by: PersonId,
}

/// What was noted of a record, oldest first.
pub(super) fn notes(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Vec<StoredNote>> {
    let rows: Vec<Row> = s::table
        .filter(s::record_id.eq(pass.id()))
        .order((s::noted_at.asc(), s::id.asc()))
        .select(Row::as_select())
        .load(work.conn())?;
    let note = |row: Row| StoredNote {
        id: row.id.uuid(),
        step: row.step,
        turn: row.turn,
        held_on: row.held_on,
        next_on: row.next_on,
        part_time_until: row.part_time_until,
        attendance: row.attendance,
        content: row.content.map(Sealed::from_stored),
        noted_at: row.noted_at,
        noted_by: row.noted_by,
    };
    Ok(rows.into_iter().map(note).collect())
}

/// The turn of the next note of a step.
pub(super) fn next_turn(work: &mut Work<'_>, pass: &Grant<WarrnId>, step: Step) -> Result<i64> {
    let last: Option<i64> = s::table
        .filter(s::record_id.eq(pass.id()))
        .filter(s::step.eq(step))
        .order(s::turn.desc())
        .select(s::turn)
        .first(work.conn())
        .optional()?;
    Ok(last.unwrap_or(0) + 1)
}

/// The review date of the plan in force.
pub(super) fn plan_review_on(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Option<NaiveDate>> {
    let found: Option<Option<NaiveDate>> = s::table
        .filter(s::record_id.eq(pass.id()))
        .filter(s::step.eq(Step::ReturnPlan))
        .order(s::turn.desc())
        .select(s::next_on)
        .first(work.conn())
        .optional()?;
    Ok(found.flatten())
}

/// The last day on which a review saw the pupil attend, of those of these records that have one.
fn seen_attending(work: &mut Work<'_>, ids: &[WarrnId]) -> Result<HashMap<WarrnId, NaiveDate>> {
    let mut seen = HashMap::new();
    for some in ids.chunks(1000) {
        let rows: Vec<(WarrnId, NaiveDate)> = s::table
            .filter(s::record_id.eq_any(some.to_vec()))
            .filter(s::step.eq(Step::Review))
            .filter(s::attendance.eq_any(ReviewAttendance::ATTENDING))
            .order(s::held_on.asc())
            .select((s::record_id, s::held_on))
            .load(work.conn())?;
        seen.extend(rows);
    }
    Ok(seen)
}

/// Those of these records of which a review said whether the pupil attends.
fn saying_attendance(work: &mut Work<'_>, ids: &[WarrnId]) -> Result<HashSet<WarrnId>> {
    let mut said = HashSet::new();
    for some in ids.chunks(1000) {
        let reviews = s::table.filter(s::record_id.eq_any(some.to_vec())).filter(s::attendance.is_not_null());
        said.extend(reviews.select(s::record_id).load::<WarrnId>(work.conn())?);
    }
    Ok(said)
}

/// How a case is closed that was disposed of while it was open (`records/retention`).
const NEVER_ENDED: &str = "disposed";

/// The records closed from one instant to another, but for those that were never worked to an end and were disposed of.
/// The days are those of the return itself and of its reviews: disposal leaves them, and rounds the case's own times.
pub(super) fn ended(work: &mut Work<'_>, _pass: &Grant<()>, from: Utc, until: Utc) -> Result<Vec<Ended>> {
    type Found = (WarrnId, SchoolId, Option<String>, NaiveDate, Option<NaiveDate>);
    let rows: Vec<Found> = c::table
        .inner_join(t::table.on(t::id.eq(c::id)))
        .filter(c::kind.eq(CaseKind::Warrn))
        .filter(c::closed_at.ge(from))
        .filter(c::closed_at.lt(until))
        .filter(c::close_reason.ne(NEVER_ENDED))
        .select((t::id, c::school_id, c::close_reason, t::received_on, t::returned_on))
        .load(work.conn())?;
    let ids: Vec<WarrnId> = rows.iter().map(|(id, ..)| *id).collect();
    let (seen, said) = (seen_attending(work, &ids)?, saying_attendance(work, &ids)?);
    rows.into_iter()
        .filter_map(|(id, school, reason, received_on, returned_on)| {
            Some((id, school, reason?, received_on, returned_on))
        })
        .map(|(id, school, reason, received_on, returned_on)| {
            let outcome: Outcome =
                reason.parse().map_err(|_| Error::internal("a record was closed with an unknown outcome"))?;
            // Reviews of before said nothing of attendance: what the record was closed with stands.
            let closed_as = |outcome: Outcome| Some(later(returned_on?, outcome.weeks()? * 7));
            let attended_on = if said.contains(&id) { seen.get(&id).copied() } else { closed_as(outcome) };
            Ok(Ended { school, received_on, returned_on, attended_on, outcome })
        })
        .collect()
}
