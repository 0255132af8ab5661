//! Things to do for a case.

use chrono::NaiveDate;

use crate::access;
use crate::audit::{self, Reading};
use crate::db::Work;
use crate::db::types::Utc;
use crate::kernel::{Actor, CaseId, Code, Error, FaultCode, Faults, FreeText, PersonId, Result, TaskId, uk_date};
use crate::pupils;
use crate::vault::{Place, Sealed, Vault};

use super::model::{Case, Use};
use super::service::{facts, keep, note, object, permit};
use super::store;

/// Longest text of a task, in characters.
const WHAT: usize = 500;
/// A task further off than this, in days, is a slip of the keyboard (the product's own bound).
const FAR: i64 = 366;
/// Most tasks of one case, those done with them (the product's own bound).
const MOST: i64 = 500;
/// How many of a person's own tasks are shown at once.
const OWN: i64 = 100;

/// A task to add, not yet checked.
#[derive(Clone)]
pub struct NewTask {
    /// What, 1 to 500 characters.
    pub what: String,
    /// For whom: somebody who may open and keep the case, so that they can read it and mark it as done. The caller when
    /// not said.
    pub person: Option<PersonId>,
    /// By which day.
    pub due_on: Option<NaiveDate>,
}

/// A task, opened.
#[derive(Clone)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What.
    pub what: String,
    /// For whom.
    pub person: PersonId,
    /// By which day.
    pub due_on: Option<NaiveDate>,
    /// Since when.
    pub added_at: Utc,
    /// When it was done.
    pub done_at: Option<Utc>,
    /// By whom.
    pub done_by: Option<PersonId>,
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Task(…)")
    }
}

/// A stored task, still sealed.
pub(super) struct StoredTask {
    pub id: TaskId,
    pub case: CaseId,
    pub what: Sealed<String>,
    pub person: PersonId,
    pub due_on: Option<NaiveDate>,
    pub added_at: Utc,
    pub done_at: Option<Utc>,
    pub done_by: Option<PersonId>,
}

const fn place(id: TaskId) -> Place {
    Place { table: "case_tasks", column: "what", row: id.uuid() }
}

/// Adds a task to an open case, for somebody who may do it.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; a refusal of `access`; [`Code::StateConflict`] when the case is closed.
pub fn add_task(work: &mut Work<'_>, vault: &Vault, id: CaseId, new: &NewTask) -> Result<TaskId> {
    let (pass, case) = keep(work, id)?;
    let own = match work.caller().actor {
        Actor::Person(person) => Some(person),
        Actor::Client(_) | Actor::System | Actor::Anonymous => None,
    };
    let today = uk_date(work.now());
    let mut faults = Faults::default();
    let what = faults.keep("/what", FreeText::<WHAT>::parse(&new.what));
    let person = faults.keep("/person_id", new.person.or(own).ok_or(FaultCode::Missing));
    if let Some(person) = person
        && !may_do(work, &case, person)?
    {
        faults.add("/person_id", FaultCode::NotFound);
    }
    if new.due_on.is_some_and(|d| (d - today).num_days() < 0 || (d - today).num_days() > FAR) {
        faults.add("/due_on", FaultCode::DateOutOfRange);
    }
    store::envelope::lock_open(work, &pass)?;
    if store::tasks::count(work, &pass)? >= MOST {
        faults.add("", FaultCode::TooMany);
    }
    faults.finish()?;
    let (Some(what), Some(person)) = (what, person) else {
        return Err(Error::internal("a task without a fault was not sound"));
    };
    let task = TaskId::from_uuid(work.new_id());
    let key = pupils::key(work, vault, case.pupil)?;
    let sealed = vault.seal(&key, place(task), &what.as_str().to_owned(), work.chance())?;
    store::tasks::insert(work, &pass, task, sealed, person, new.due_on)?;
    note(work, &pass, "task_added", None)?;
    audit::record(work, "case.add_task", object(&case), "");
    Ok(task)
}

/// Whether somebody may read a task of the case now, and mark it as done.
pub(super) fn may_do(work: &mut Work<'_>, case: &Case, person: PersonId) -> Result<bool> {
    let Some((kind, facts)) = facts(work, case.id)? else { return Ok(false) };
    let standing = access::standing_of(work, Actor::Person(person))?;
    // Whether they have proved a second factor lately is asked when they read it.
    let may = |wanted| {
        let decision = access::decide(&standing, None, kind.action(wanted), &facts);
        matches!(decision, access::Decision::Allowed(_) | access::Decision::StepUpNeeded)
    };
    Ok(may(Use::See) && may(Use::Open) && may(Use::Keep))
}

/// Marks a task as done by the caller; by nobody in particular, when the caller is a system. Twice is once.
///
/// # Errors
/// A refusal of `access`; [`Code::NotFound`] when the case has no such task.
pub fn complete_task(work: &mut Work<'_>, id: CaseId, task: TaskId) -> Result<()> {
    let (pass, case) = keep(work, id)?;
    match store::tasks::complete(work, &pass, task)? {
        Some(true) => note(work, &pass, "task_done", None)?,
        Some(false) => {}
        None => return Err(Code::NotFound.into()),
    }
    audit::record(work, "case.complete_task", object(&case), "");
    Ok(())
}

/// A case's tasks, for who may open it; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn tasks(work: &mut Work<'_>, vault: &Vault, id: CaseId) -> Result<Vec<Task>> {
    let (_, pass) = permit(work, Use::Open, id)?;
    let case = store::envelope::find(work, &pass)?;
    let key = pupils::key(work, vault, case.pupil)?;
    let mut all = Vec::new();
    for t in store::tasks::tasks(work, &pass)? {
        let what = vault.open(&pass, &key, place(t.id), &t.what)?;
        let StoredTask { id, person, due_on, added_at, done_at, done_by, .. } = t;
        all.push(Task { id, what, person, due_on, added_at, done_at, done_by });
    }
    audit::read(work, Reading::CaseTasks, object(&case), pass.basis());
    Ok(all)
}

/// The caller's open tasks by day, with the envelopes of their cases and without what is to be done: that is read at the
/// case. A case the caller may no longer see is left out.
///
/// # Errors
/// When the database can't be read.
pub fn own_tasks(work: &mut Work<'_>) -> Result<Vec<(TaskId, Option<NaiveDate>, Case)>> {
    let Actor::Person(person) = work.caller().actor else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for task in store::tasks::open_of(work, person, OWN)? {
        match permit(work, Use::See, task.case) {
            Ok((_, pass)) => all.push((task.id, task.due_on, store::envelope::find(work, &pass)?)),
            Err(error) if error.code == Code::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}
