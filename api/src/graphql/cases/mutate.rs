//! What is kept with a case.

use async_graphql::{Context, ID, InputObject, Object};
use dolen_domain::cases::{self, NewPerson, NewTask, Relation, Use};
use dolen_domain::kernel::{CaseId, CasePersonId, Error, FaultCode, PersonId, TaskId};
use serde::{Deserialize, Serialize};

use crate::graphql::once::{key_of, once, payload};
use crate::graphql::plain::{Date, known_id, plain};

use super::parts::CasePause;
use super::words::{CasePauseReason, CasePersonRelation};

plain! {
    /// Something that was added to a case or changed: it is read at the case.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct CasePart {
        /// Its id.
        pub id: ID,
    }
}

payload! {
    /// What came of adding something to a case or changing it.
    CasePartPayload {
        /// What was added or changed.
        part: CasePart
    }
}

payload! {
    /// What came of pausing a case, or of ending the pause.
    CasePausePayload {
        /// The pause as it is now.
        pause: CasePause
    }
}

/// Somebody to be added.
#[derive(InputObject)]
pub struct AddCasePersonInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The case's id.
    pub id: ID,
    /// How they stand to the child.
    pub relation: CasePersonRelation,
    /// Their name, 1 to 200 characters. Sealed.
    pub name: String,
    /// How to reach them, at most 200 characters. Sealed.
    pub contact: Option<String>,
    /// Anything else, such as in which language to speak with them; at most 1,000 characters. Sealed.
    pub remark: Option<String>,
}

/// Somebody who is no longer around the child.
#[derive(InputObject)]
pub struct EndCasePersonInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The case's id.
    pub id: ID,
    /// Their id in this case.
    pub person_id: ID,
}

/// A task to be added.
#[derive(InputObject)]
pub struct AddCaseTaskInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The case's id.
    pub id: ID,
    /// What is to be done, 1 to 500 characters. Sealed.
    pub what: String,
    /// For whom: somebody who may read the case and add to it. The caller when not given.
    pub person_id: Option<ID>,
    /// By which day, from today to a year ahead.
    pub due_on: Option<Date>,
}

/// A task that is done.
#[derive(InputObject)]
pub struct CompleteCaseTaskInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The case's id.
    pub id: ID,
    /// The task's id.
    pub task_id: ID,
}

/// Why clocks are to stand still.
#[derive(InputObject)]
pub struct PauseCaseInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The case's id.
    pub id: ID,
    /// Why.
    pub reason: CasePauseReason,
}

/// Clocks that are to go on.
#[derive(InputObject)]
pub struct EndCasePauseInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The case's id.
    pub id: ID,
}

/// The cases' part of the mutations.
#[derive(Default)]
pub struct CaseMutation;

/// Keeping something with a case: none of it needs the version seen, for nothing there is overwritten.
#[Object]
impl CaseMutation {
    /// Adds somebody around the child; at most 100 in one case.
    async fn add_case_person(&self, ctx: &Context<'_>, input: AddCasePersonInput) -> Option<CasePartPayload> {
        let key = key_of("addCasePerson", &input.idempotency_key, &input);
        let added = once(ctx, key, move |work, app| {
            let relation = Relation::from(input.relation).to_string();
            let new = NewPerson { relation, name: input.name, contact: input.contact, remark: input.remark };
            let person = cases::add_person(work, &app.vault, known_id(&input.id)?, new)?;
            Ok(CasePart { id: person.into() })
        });
        added.await.map(Into::into)
    }

    /// Says that somebody is no longer around the child. They stay in the list, with their end.
    async fn end_case_person(&self, ctx: &Context<'_>, input: EndCasePersonInput) -> Option<CasePartPayload> {
        let key = key_of("endCasePerson", &input.idempotency_key, &input);
        let ended = once(ctx, key, move |work, _| {
            let (id, person): (CaseId, CasePersonId) = (known_id(&input.id)?, known_id(&input.person_id)?);
            cases::end_person(work, id, person)?;
            Ok(CasePart { id: person.into() })
        });
        ended.await.map(Into::into)
    }

    /// Adds a task to a case; at most 500 in one case.
    async fn add_case_task(&self, ctx: &Context<'_>, input: AddCaseTaskInput) -> Option<CasePartPayload> {
        let key = key_of("addCaseTask", &input.idempotency_key, &input);
        let added = once(ctx, key, move |work, app| {
            let id: CaseId = known_id(&input.id)?;
            // Who may not do this is told so before anything about the input.
            cases::permit(work, Use::Keep, id)?;
            let nobody = |_| Error::fault("/person_id", FaultCode::NotFound);
            let person = input.person_id.map(|p| known_id::<PersonId>(&p).map_err(nobody)).transpose()?;
            let new = NewTask { what: input.what, person, due_on: input.due_on.map(|d| d.0) };
            Ok(CasePart { id: cases::add_task(work, &app.vault, id, &new)?.into() })
        });
        added.await.map(Into::into)
    }

    /// Marks a task as done. Again changes nothing.
    async fn complete_case_task(&self, ctx: &Context<'_>, input: CompleteCaseTaskInput) -> Option<CasePartPayload> {
        let key = key_of("completeCaseTask", &input.idempotency_key, &input);
        let done = once(ctx, key, move |work, _| {
            let (id, task): (CaseId, TaskId) = (known_id(&input.id)?, known_id(&input.task_id)?);
            cases::complete_task(work, id, task)?;
            Ok(CasePart { id: task.into() })
        });
        done.await.map(Into::into)
    }

    /// Pauses a case from now, for a named reason; one pause at a time. Its clocks stand still meanwhile (`stopsClocks`), but
    /// those of a return go on.
    async fn pause_case(&self, ctx: &Context<'_>, input: PauseCaseInput) -> Option<CasePausePayload> {
        let key = key_of("pauseCase", &input.idempotency_key, &input);
        let paused = once(ctx, key, move |work, _| {
            Ok(CasePause::from(cases::pause(work, known_id(&input.id)?, input.reason.into())?))
        });
        paused.await.map(Into::into)
    }

    /// Lets a case's clocks go on.
    async fn end_case_pause(&self, ctx: &Context<'_>, input: EndCasePauseInput) -> Option<CasePausePayload> {
        let key = key_of("endCasePause", &input.idempotency_key, &input);
        let ended = once(ctx, key, move |work, _| Ok(CasePause::from(cases::resume(work, known_id(&input.id)?)?)));
        ended.await.map(Into::into)
    }
}
