//! The people around a child.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::cases::{self, NewPerson, PersonAround};
use dolen_domain::kernel::{CaseId, CasePersonId, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Order, Signed};
use crate::rest::directory::TextView;
use crate::rest::problems::{CreateProblems, ItemProblems};
use crate::rest::{Kept, Reply, reply};

use super::views::{PartView, text};

/// Somebody to be added.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCasePerson)]
#[serde(deny_unknown_fields)]
pub struct NewPersonBody {
    /// `parent`, `carer`, `key_adult`, `school_staff`, `health_worker`, `social_worker` or `other`.
    #[schema(example = "key_adult", max_length = 32)]
    pub relation: String,
    /// Their name. Sealed.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// How to reach them. Sealed.
    #[schema(max_length = 200, nullable = false)]
    pub contact: Option<String>,
    /// Anything else, such as in which language to speak with them. Sealed.
    #[schema(max_length = 1000, nullable = false)]
    pub remark: Option<String>,
}

impl From<NewPersonBody> for NewPerson {
    fn from(b: NewPersonBody) -> Self {
        Self { relation: b.relation, name: b.name, contact: b.contact, remark: b.remark }
    }
}

/// Somebody around the child.
#[derive(Serialize, ToSchema)]
#[schema(as = CasePerson)]
pub struct PersonView {
    /// Their id in this case.
    pub id: uuid::Uuid,
    /// How they stand to the child.
    #[schema(example = "key_adult")]
    pub relation: String,
    /// That in words.
    pub relation_text: TextView,
    /// Their name.
    pub name: String,
    /// How to reach them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact: Option<String>,
    /// Anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub remark: Option<String>,
    /// Since when.
    pub added_at: chrono::DateTime<chrono::Utc>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl From<PersonAround> for PersonView {
    fn from(p: PersonAround) -> Self {
        Self {
            id: p.id.uuid(),
            relation: p.relation.to_string(),
            relation_text: text(p.relation.name()),
            name: p.details.name,
            contact: p.details.contact,
            remark: p.details.remark,
            added_at: p.added_at.chrono(),
            ended_at: p.ended_at.map(Utc::chrono),
        }
    }
}

/// The people around the child.
#[derive(Serialize, ToSchema)]
#[schema(as = CasePersonList)]
pub struct PersonListView {
    /// The first added first.
    pub items: Vec<PersonView>,
}

/// List the people around a child
///
/// For who may read the case's content. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "cases", operation_id = "list_case_people", security(("client" = []), ("session" = [])),
    params(("case_id" = uuid::Uuid, Path, description = "The case's id")),
    responses((status = 200, description = "The people", body = PersonListView), ItemProblems))]
#[get("/v1/cases/{case_id}/people")]
pub async fn list_case_people(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CaseId::from_uuid(*path);
    let people = app.write(&signed.caller, move |work, app| cases::people(work, &app.vault, id)).await?;
    Ok(HttpResponse::Ok().json(PersonListView { items: people.into_iter().map(Into::into).collect() }))
}

/// Add somebody around the child
///
/// At most 100 in one case.
#[utoipa::path(tag = "cases", operation_id = "add_case_person", request_body = NewPersonBody, security(("client" = []), ("session" = [])),
    params(
        ("case_id" = uuid::Uuid, Path, description = "The case's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "Added", body = PartView), CreateProblems))]
#[post("/v1/cases/{case_id}/people")]
pub async fn add_case_person(
    app: web::Data<App>,
    command: Command<NewPersonBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = CaseId::from_uuid(*path);
    reply(&app, order, move |work, app| {
        let person = cases::add_person(work, &app.vault, id, body.into())?;
        Kept::json(StatusCode::CREATED, &PartView { id: person.uuid() }, None, None)
    })
    .await
}

/// Say that somebody is no longer around the child
///
/// They stay in the list, with their end.
#[utoipa::path(tag = "cases", operation_id = "end_case_person", security(("client" = []), ("session" = [])),
    params(
        ("case_id" = uuid::Uuid, Path, description = "The case's id"),
        ("person_id" = uuid::Uuid, Path, description = "The person's id in this case"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Ended", body = PartView), CreateProblems))]
#[post("/v1/cases/{case_id}/people/{person_id}/end")]
pub async fn end_case_person(app: web::Data<App>, order: Order, path: web::Path<(uuid::Uuid, uuid::Uuid)>) -> Reply {
    let (id, person) = path.into_inner();
    reply(&app, order, move |work, _| {
        cases::end_person(work, CaseId::from_uuid(id), CasePersonId::from_uuid(person))?;
        Kept::json(StatusCode::OK, &PartView { id: person }, None, None)
    })
    .await
}
