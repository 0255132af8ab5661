//! The table of tasks.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::tasks::StoredTask;
use crate::db::Work;
use crate::db::schema::{case_tasks as t, cases as c};
use crate::db::types::{SealedBytes, Utc};
use crate::kernel::{Actor, CaseId, PersonId, Result, TaskId};
use crate::vault::Sealed;

#[derive(Queryable, Insertable)]
#[diesel(table_name = t)]
struct Row {
    id: TaskId,
    case_id: CaseId,
    what: SealedBytes,
    person_id: PersonId,
    due_on: Option<NaiveDate>,
    added_at: Utc,
    done_at: Option<Utc>,
    done_by: Option<PersonId>,
    told_at: Option<Utc>,
}

impl Row {
    fn task(self) -> StoredTask {
        StoredTask {
            id: self.id,
            case: self.case_id,
            what: Sealed::from_stored(self.what),
            person: self.person_id,
            due_on: self.due_on,
            added_at: self.added_at,
            done_at: self.done_at,
            done_by: self.done_by,
        }
    }
}

pub(in crate::cases) fn insert(
    work: &mut Work<'_>,
    pass: &Grant<CaseId>,
    id: TaskId,
    what: Sealed<String>,
    person_id: PersonId,
    due_on: Option<NaiveDate>,
) -> Result<()> {
    let row = Row {
        id,
        case_id: pass.id(),
        what: what.into_stored(),
        person_id,
        due_on,
        added_at: work.now(),
        done_at: None,
        done_by: None,
        told_at: None,
    };
    diesel::insert_into(t::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// How many were ever added to a case.
pub(in crate::cases) fn count(work: &mut Work<'_>, pass: &Grant<CaseId>) -> Result<i64> {
    Ok(t::table.filter(t::case_id.eq(pass.id())).count().get_result(work.conn())?)
}

/// Marks a task as done; whether it was open, nothing when the case has no such task.
pub(in crate::cases) fn complete(work: &mut Work<'_>, pass: &Grant<CaseId>, id: TaskId) -> Result<Option<bool>> {
    let now = work.now();
    let by = match work.caller().actor {
        Actor::Person(person) => Some(person),
        Actor::Client(_) | Actor::System | Actor::Anonymous => None,
    };
    let this = || t::table.filter(t::case_id.eq(pass.id())).filter(t::id.eq(id));
    let changed = diesel::update(this().filter(t::done_at.is_null()))
        .set((t::done_at.eq(now), t::done_by.eq(by)))
        .execute(work.conn())?;
    if changed == 1 {
        return Ok(Some(true));
    }
    let there: Option<TaskId> = this().select(t::id).first(work.conn()).optional()?;
    Ok(there.map(|_| false))
}

/// A case's tasks, oldest first.
pub(in crate::cases) fn tasks(work: &mut Work<'_>, pass: &Grant<CaseId>) -> Result<Vec<StoredTask>> {
    let rows: Vec<Row> =
        t::table.filter(t::case_id.eq(pass.id())).order((t::added_at.asc(), t::id.asc())).load(work.conn())?;
    Ok(rows.into_iter().map(Row::task).collect())
}

/// The open tasks of the caller themselves, by day; those without a day come last.
pub(in crate::cases) fn open_of(work: &mut Work<'_>, own: PersonId, limit: i64) -> Result<Vec<StoredTask>> {
    let rows: Vec<Row> = t::table
        .filter(t::person_id.eq(own))
        .filter(t::done_at.is_null())
        .order((t::due_on.asc(), t::id.asc()))
        .limit(limit)
        .load(work.conn())?;
    let mut tasks: Vec<StoredTask> = rows.into_iter().map(Row::task).collect();
    tasks.sort_by_key(|task| (task.due_on.is_none(), task.due_on));
    Ok(tasks)
}

/// Tasks nobody has done or was told of, of open cases, whose day is before this one; with their cases' references.
pub(in crate::cases) fn overdue(work: &mut Work<'_>, today: NaiveDate, limit: i64) -> Result<Vec<(TaskId, String)>> {
    let query = t::table
        .inner_join(c::table.on(c::id.eq(t::case_id)))
        .filter(c::closed_at.is_null())
        .filter(c::disposed_at.is_null());
    let query = query.filter(t::done_at.is_null()).filter(t::told_at.is_null()).filter(t::due_on.lt(today));
    Ok(query.order((t::due_on.asc(), t::id.asc())).limit(limit).select((t::id, c::reference)).load(work.conn())?)
}

/// Notes that an overdue task is told of now, and gives it; nothing when it no longer waits for that.
pub(in crate::cases) fn take_overdue(work: &mut Work<'_>, id: TaskId, today: NaiveDate) -> Result<Option<StoredTask>> {
    let now = work.now();
    let waits = t::table.find(id).filter(t::done_at.is_null()).filter(t::told_at.is_null()).filter(t::due_on.lt(today));
    if diesel::update(waits).set(t::told_at.eq(now)).execute(work.conn())? == 0 {
        return Ok(None);
    }
    let row: Row = t::table.find(id).first(work.conn())?;
    Ok(Some(row.task()))
}
