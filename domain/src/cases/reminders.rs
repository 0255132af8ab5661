//! Tasks whose day has passed: whose they are is told, once.

use std::collections::HashSet;

use crate::audit;
use crate::db::Work;
use crate::kernel::{Actor, Code, Error, ReferralId, Result, TaskId, WarrnId, uk_date};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};

use super::model::{Case, CaseKind, Use};
use super::service::{facts, object, permit};
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

/// Tells whose an overdue task is; the case's officer or its recipients, when they can't do it any more. One task in one
/// transaction.
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
    let everybody = whom(work, &case, &task)?;
    if everybody.is_empty() {
        tracing::error!(reference = %case.reference, "a task is overdue and there is nobody to tell");
    }
    for to in &everybody {
        let subject = match case.kind {
            CaseKind::Referral => Subject::Referral(ReferralId::from_uuid(case.id.uuid())),
            CaseKind::Warrn => Subject::Warrn(WarrnId::from_uuid(case.id.uuid())),
        };
        let notice = NewNotice {
            wording: Wording::TaskOverdue,
            to: *to,
            subject,
            reference: case.reference.clone(),
            due_at: None,
            dedupe: format!("task:{id}:overdue:{}", to.uuid()),
        };
        notices::enqueue(work, notice)?;
    }
    audit::record(work, "case.task_overdue", object(&case), format!("told {}", everybody.len()));
    Ok(())
}

/// Whom to tell: whose task it is while they may do it, else the officer the case is with and its named recipients.
fn whom(work: &mut Work<'_>, case: &Case, task: &StoredTask) -> Result<Vec<Recipient>> {
    if may_do(work, case, task.person)? {
        return Ok(vec![Recipient::Person(task.person)]);
    }
    let Some((_, known)) = facts(work, case.id)? else { return Ok(Vec::new()) };
    let people = known.recipients.into_iter().map(Recipient::Person);
    let officers = case.officer.into_iter().chain(known.recipient_officers).map(Recipient::Officer);
    let mut everybody: Vec<Recipient> = people.chain(officers).collect();
    let mut seen = HashSet::new();
    everybody.retain(|to| seen.insert(*to));
    Ok(everybody)
}

fn only_the_service(work: &Work<'_>) -> Result<()> {
    if work.caller().actor == Actor::System { Ok(()) } else { Err(Error::new(Code::Forbidden)) }
}
