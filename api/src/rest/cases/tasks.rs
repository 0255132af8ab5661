//! Things to do for a case.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::cases::{self, NewTask, Task};
use dolen_domain::kernel::{CaseId, Code, PersonId, TaskId, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Order, Signed};
use crate::rest::problems::{CreateProblems, ItemProblems};
use crate::rest::{Kept, Reply, reply};

use super::views::{CaseView, Names, PartView};

/// A task to be added.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCaseTask)]
#[serde(deny_unknown_fields)]
pub struct NewTaskBody {
    /// What is to be done. Sealed.
    #[schema(min_length = 1, max_length = 500)]
    pub what: String,
    /// For whom: somebody who may read the case and add to it. The caller when not given.
    #[schema(nullable = false)]
    pub person_id: Option<uuid::Uuid>,
    /// By which day, from today to a year ahead.
    #[schema(nullable = false)]
    pub due_on: Option<chrono::NaiveDate>,
}

impl From<NewTaskBody> for NewTask {
    fn from(b: NewTaskBody) -> Self {
        Self { what: b.what, person: b.person_id.map(PersonId::from_uuid), due_on: b.due_on }
    }
}

/// A task.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseTask)]
pub struct TaskView {
    /// Its id.
    pub id: uuid::Uuid,
    /// What is to be done.
    pub what: String,
    /// For whom.
    pub person_id: uuid::Uuid,
    /// By which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_on: Option<chrono::NaiveDate>,
    /// Since when.
    pub added_at: chrono::DateTime<chrono::Utc>,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub done_at: Option<chrono::DateTime<chrono::Utc>>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub done_by: Option<uuid::Uuid>,
}

impl From<Task> for TaskView {
    fn from(t: Task) -> Self {
        Self {
            id: t.id.uuid(),
            what: t.what,
            person_id: t.person.uuid(),
            due_on: t.due_on,
            added_at: t.added_at.chrono(),
            done_at: t.done_at.map(Utc::chrono),
            done_by: t.done_by.map(PersonId::uuid),
        }
    }
}

/// A case's tasks.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseTaskList)]
pub struct TaskListView {
    /// The first added first.
    pub items: Vec<TaskView>,
}

/// An open task of the caller's, without what is to be done: that is read at the case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnTask)]
pub struct OwnTaskView {
    /// Its id.
    pub id: uuid::Uuid,
    /// By which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_on: Option<chrono::NaiveDate>,
    /// The case it is for.
    pub case: CaseView,
}

/// The caller's open tasks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnTaskList)]
pub struct OwnTaskListView {
    /// The next due first, those without a day last; at most 100.
    pub items: Vec<OwnTaskView>,
}

/// List a case's tasks
///
/// For who may read the case's content. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "cases", operation_id = "list_case_tasks", security(("client" = []), ("session" = [])),
    params(("case_id" = uuid::Uuid, Path, description = "The case's id")),
    responses((status = 200, description = "The tasks", body = TaskListView), ItemProblems))]
#[get("/v1/cases/{case_id}/tasks")]
pub async fn list_case_tasks(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CaseId::from_uuid(*path);
    let tasks = app.write(&signed.caller, move |work, app| cases::tasks(work, &app.vault, id)).await?;
    Ok(HttpResponse::Ok().json(TaskListView { items: tasks.into_iter().map(Into::into).collect() }))
}

/// Add a task to a case
///
/// At most 500 in one case.
#[utoipa::path(tag = "cases", operation_id = "add_case_task", request_body = NewTaskBody, security(("client" = []), ("session" = [])),
    params(
        ("case_id" = uuid::Uuid, Path, description = "The case's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "Added", body = PartView), CreateProblems))]
#[post("/v1/cases/{case_id}/tasks")]
pub async fn add_case_task(app: web::Data<App>, command: Command<NewTaskBody>, path: web::Path<uuid::Uuid>) -> Reply {
    let Command { order, body } = command;
    let id = CaseId::from_uuid(*path);
    reply(&app, order, move |work, app| {
        let task = cases::add_task(work, &app.vault, id, &body.into())?;
        Kept::json(StatusCode::CREATED, &PartView { id: task.uuid() }, None, None)
    })
    .await
}

/// Mark a task as done
///
/// Again changes nothing.
#[utoipa::path(tag = "cases", operation_id = "complete_case_task", security(("client" = []), ("session" = [])),
    params(
        ("case_id" = uuid::Uuid, Path, description = "The case's id"),
        ("task_id" = uuid::Uuid, Path, description = "The task's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Done", body = PartView), CreateProblems))]
#[post("/v1/cases/{case_id}/tasks/{task_id}/complete")]
pub async fn complete_case_task(app: web::Data<App>, order: Order, path: web::Path<(uuid::Uuid, uuid::Uuid)>) -> Reply {
    let (id, task) = path.into_inner();
    reply(&app, order, move |work, _| {
        cases::complete_task(work, CaseId::from_uuid(id), TaskId::from_uuid(task))?;
        Kept::json(StatusCode::OK, &PartView { id: task }, None, None)
    })
    .await
}

/// List one's own tasks
///
/// Open ones alone, of cases the caller may still see, without what is to be done.
#[utoipa::path(tag = "cases", operation_id = "list_own_tasks", security(("session" = [])),
    responses((status = 200, description = "The caller's open tasks", body = OwnTaskListView), ItemProblems))]
#[get("/v1/tasks")]
pub async fn list_own_tasks(app: web::Data<App>, signed: Signed) -> Reply {
    signed.session.as_ref().ok_or(Code::NotFound)?;
    let items = app
        .read(&signed.caller, move |work, _| {
            let own = cases::own_tasks(work)?;
            let names = Names::read(work, &own.iter().map(|(_, _, case)| case).collect::<Vec<_>>())?;
            let view = |(id, due_on, case)| OwnTaskView { id: TaskId::uuid(id), due_on, case: names.view(&case) };
            Ok(own.into_iter().map(view).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(OwnTaskListView { items }))
}
