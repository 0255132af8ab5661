//! Tasks whose day has passed: whose they are is told, once.

use crate::audit;
use crate::db::Work;
use crate::kernel::{Actor, Code, Error, ReferralId, Result, TaskId, WarrnId, uk_date};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};

use super::model::{Case, CaseKind, Use};
use super::service::{object, permit};
use super::store;
use super::tasks::{StoredTask, may_do};

/// Overdue tasks are looked at by so many; the next look takes the rest.
const MOST: i64 = 500;

/// Open tasks of open cases whose day has passed and nobody was told of, with the references of their cases for the log.
/// For the worker to ask in a read.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn overdue_tasks(work: &mut Work<'_>) -> Result<Vec<(TaskId, String)>> {
    only_the_service(work)?;
    let today = uk_date(work.now());
    store::tasks::overdue(work, today, MOST)
}

/// Tells whose an overdue task is; the case's officer, when they can't do it any more. One task in one transaction.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn tell_overdue(work: &mut Work<'_>, id: TaskId) -> Result<()> {
    only_the_service(work)?;
    let Some(task) = store::tasks::take_overdue(work, id, uk_date(work.now()))? else {
        // Another worker was quicker, or it was done meanwhile. A write needs its entry all the same.
        audit::record(work, "case.task_overdue", audit::Object::all("case"), "nothing overdue");
        return Ok(());
    };
    let (_, pass) = permit(work, Use::See, task.case)?;
    let case = store::envelope::find(work, &pass)?;
    let to = whom(work, &case, &task)?;
    if let Some(to) = to {
        let subject = match case.kind {
            CaseKind::Referral => Subject::Referral(ReferralId::from_uuid(case.id.uuid())),
            CaseKind::Warrn => Subject::Warrn(WarrnId::from_uuid(case.id.uuid())),
        };
        let notice = NewNotice {
            wording: Wording::TaskOverdue,
            to,
            subject,
            reference: case.reference.clone(),
            due_at: None,
            dedupe: format!("task:{id}:overdue"),
        };
        notices::enqueue(work, notice)?;
    }
    let told = match to {
        Some(Recipient::Person(_)) => "person",
        Some(Recipient::Officer(_)) => "officer",
        None => "nobody",
    };
    audit::record(work, "case.task_overdue", object(&case), told);
    Ok(())
}

/// Whom to tell: whose task it is while they may do it, else the officer the case is with.
fn whom(work: &mut Work<'_>, case: &Case, task: &StoredTask) -> Result<Option<Recipient>> {
    let theirs = may_do(work, case, task.person)?;
    Ok(if theirs { Some(Recipient::Person(task.person)) } else { case.officer.map(Recipient::Officer) })
}

fn only_the_service(work: &Work<'_>) -> Result<()> {
    if work.caller().actor == Actor::System { Ok(()) } else { Err(Error::new(Code::Forbidden)) }
}
