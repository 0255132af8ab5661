//! The table of steps with clocks.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::cases::model::{CaseKind, Milestone, NewMilestone, OfCase};
use crate::db::fragments::{for_update, for_update_skip_locked};
use crate::db::schema::{case_milestones as m, cases as c};
use crate::db::types::Utc;
use crate::db::{MultiBackend, Work};
use crate::kernel::{Actor, CaseId, MilestoneId, PersonId, Result};

#[derive(Queryable, Selectable)]
#[diesel(table_name = m)]
struct Row {
    id: MilestoneId,
    case_id: CaseId,
    kind: String,
    turn: i64,
    due_at: Option<Utc>,
    done_at: Option<Utc>,
    done_by: Option<PersonId>,
    dropped_at: Option<Utc>,
    stage: i64,
    next_stage_at: Option<Utc>,
}

impl Row {
    fn milestone(self) -> Milestone {
        Milestone {
            id: self.id,
            case: self.case_id,
            kind: self.kind,
            turn: self.turn,
            due_at: self.due_at,
            done_at: self.done_at,
            done_by: self.done_by,
            dropped_at: self.dropped_at,
            stage: self.stage,
            next_stage_at: self.next_stage_at,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = m)]
struct NewRow {
    id: MilestoneId,
    case_id: CaseId,
    kind: &'static str,
    turn: i64,
    due_at: Option<Utc>,
    stage: i64,
    next_stage_at: Option<Utc>,
}

/// Sets a step of a case, under the grant of what made it necessary. Its lateness is first told when it is due.
pub fn set_milestone<T>(
    work: &mut Work<'_>,
    _pass: &Grant<T>,
    case: CaseId,
    new: &NewMilestone,
) -> Result<MilestoneId> {
    let id = MilestoneId::from_uuid(work.new_id());
    let row = NewRow {
        id,
        case_id: case,
        kind: new.kind,
        turn: new.turn,
        due_at: new.due_at,
        stage: 0,
        next_stage_at: new.due_at,
    };
    diesel::insert_into(m::table).values(&row).execute(work.conn())?;
    Ok(id)
}

/// A case's steps in the order they were set.
pub fn milestones<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>) -> Result<Vec<Milestone>> {
    load(work, &[pass.id().case()])
}

/// Keeps a case's steps until the transaction ends. Who changes a case takes them before anything else of it, as the clock
/// does: two that wait for each other never lock in a circle.
pub fn lock_milestones<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>) -> Result<()> {
    let steps = m::table.filter(m::case_id.eq(pass.id().case())).order(m::id.asc()).select(m::id);
    let _: Vec<MilestoneId> = for_update(steps).load(work.conn())?;
    Ok(())
}

/// The steps of these cases of the caller's list, case by case.
pub fn milestones_of(work: &mut Work<'_>, _pass: &Grant<Scope>, cases: &[CaseId]) -> Result<Vec<Milestone>> {
    load(work, cases)
}

fn load(work: &mut Work<'_>, cases: &[CaseId]) -> Result<Vec<Milestone>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = m::table
        .filter(m::case_id.eq_any(cases))
        .order((m::case_id.asc(), m::id.asc()))
        .select(Row::as_select())
        .load(work.conn())?;
    Ok(rows.into_iter().map(Row::milestone).collect())
}

/// Marks an open step as done now by the caller; says whether it was open.
pub fn complete<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>, id: MilestoneId) -> Result<bool> {
    let now = work.now();
    let by = match work.caller().actor {
        Actor::Person(person) => Some(person),
        Actor::Client(_) | Actor::System | Actor::Anonymous => None,
    };
    let changed = diesel::update(open(pass.id().case()).filter(m::id.eq(id)))
        .set((m::done_at.eq(now), m::done_by.eq(by)))
        .execute(work.conn())?;
    Ok(changed == 1)
}

/// Moves the clock of an open step. To a time to come, or to none, it begins anew: that the old time passed was told, and
/// is no reason to be silent about the new one. To a time gone by, only what is left to tell is told.
pub fn reschedule<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>, id: MilestoneId, due_at: Option<Utc>) -> Result<()> {
    let now = work.now();
    if due_at.is_none_or(|at| at > now) {
        diesel::update(open(pass.id().case()).filter(m::id.eq(id)))
            .set((m::due_at.eq(due_at), m::stage.eq(0_i64), m::next_stage_at.eq(due_at)))
            .execute(work.conn())?;
        return Ok(());
    }
    diesel::update(open(pass.id().case()).filter(m::id.eq(id))).set(m::due_at.eq(due_at)).execute(work.conn())?;
    // Told to the last in line: when they are told again, if at all, stays as it was.
    diesel::update(open(pass.id().case()).filter(m::id.eq(id)).filter(m::stage.lt(2)))
        .set(m::next_stage_at.eq(due_at))
        .execute(work.conn())?;
    Ok(())
}

/// Gives up one open step: what it waited for is over.
pub fn drop_step<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>, kind: &str, turn: i64) -> Result<()> {
    let now = work.now();
    diesel::update(open(pass.id().case()).filter(m::kind.eq(kind)).filter(m::turn.eq(turn)))
        .set(m::dropped_at.eq(now))
        .execute(work.conn())?;
    Ok(())
}

/// Gives up every open step: the case took another way or ended.
pub fn drop_open<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>) -> Result<usize> {
    let now = work.now();
    Ok(diesel::update(open(pass.id().case())).set(m::dropped_at.eq(now)).execute(work.conn())?)
}

#[diesel::dsl::auto_type]
fn open(case: CaseId) -> _ {
    m::table.filter(m::case_id.eq(case)).filter(m::done_at.is_null()).filter(m::dropped_at.is_null())
}

/// Open steps of open cases of these kinds of which somebody is to be told by now.
fn late(kinds: &[CaseKind], now: Utc) -> m::BoxedQuery<'static, MultiBackend> {
    m::table
        .filter(m::done_at.is_null())
        .filter(m::dropped_at.is_null())
        .filter(m::next_stage_at.lt(now))
        .filter(
            m::case_id
                .eq_any(c::table.filter(c::closed_at.is_null()).filter(c::kind.eq_any(kinds.to_vec())).select(c::id)),
        )
        .order((m::next_stage_at.asc(), m::id.asc()))
        .into_boxed()
}

/// The cases of these kinds with a step of which somebody is to be told by now, each once, the longest late first.
pub fn late_cases(work: &mut Work<'_>, kinds: &[CaseKind], limit: i64) -> Result<Vec<CaseId>> {
    let rows: Vec<CaseId> = late(kinds, work.now()).select(m::case_id).limit(limit).load(work.conn())?;
    let mut seen = HashSet::new();
    Ok(rows.into_iter().filter(|case| seen.insert(*case)).collect())
}

/// The late steps of one case, kept until the transaction ends. Those another worker holds are passed over.
pub fn lock_late<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>) -> Result<Vec<Milestone>> {
    let query = late(CaseKind::ALL, work.now()).filter(m::case_id.eq(pass.id().case()));
    let rows: Vec<Row> = for_update_skip_locked(query).load(work.conn())?;
    Ok(rows.into_iter().map(Row::milestone).collect())
}

/// Notes that a late step was told to the next in line, and when the one after is told, if at all.
pub fn stage_up<T: OfCase>(
    work: &mut Work<'_>,
    pass: &Grant<T>,
    id: MilestoneId,
    stage: i64,
    next_stage_at: Option<Utc>,
) -> Result<()> {
    diesel::update(open(pass.id().case()).filter(m::id.eq(id)))
        .set((m::stage.eq(stage), m::next_stage_at.eq(next_stage_at)))
        .execute(work.conn())?;
    Ok(())
}
