//! Following a case.

use actix_web::{HttpRequest, HttpResponse, get, web};
use dolen_domain::cases::{self, Event};
use dolen_domain::kernel::CaseId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Signed;
use crate::rest::problems::ItemProblems;
use crate::rest::{Reply, etag, tagged};

use super::KIND;
use super::views::{CaseView, Names};

/// Something that happened to a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseEvent)]
pub struct CaseEventView {
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// Who: `person`, `client` or `system`.
    #[schema(example = "person")]
    pub by: String,
    /// What: `person_added`, `person_ended`, `task_added`, `task_done`, `document_added`, `paused`, `resumed`, or a word
    /// of the case's kind.
    #[schema(example = "task_added")]
    pub kind: String,
    /// Where the case stood then: a word of its kind.
    #[schema(example = "open")]
    pub state: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// Whether something was said with it, to be read with the content.
    pub has_note: bool,
}

impl From<Event> for CaseEventView {
    fn from(e: Event) -> Self {
        Self {
            at: e.at.chrono(),
            by: e.actor.kind().to_owned(),
            kind: e.kind,
            state: e.state,
            reason: e.reason,
            has_note: e.has_note,
        }
    }
}

/// What happened, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseEventList)]
pub struct CaseEventListView {
    /// Oldest first.
    pub items: Vec<CaseEventView>,
}

/// A case linked with another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseLink)]
pub struct CaseLinkView {
    /// How: `led_to`, `redirected_to` or `related`.
    #[schema(example = "led_to")]
    pub kind: String,
    /// Whether the link goes from the case asked about to this one.
    pub outward: bool,
    /// The other.
    pub case: CaseView,
}

/// The cases linked with one, as far as the caller may see them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseLinkList)]
pub struct CaseLinkListView {
    /// The first made first.
    pub items: Vec<CaseLinkView>,
}

/// Get a case
///
/// The envelope that referrals and WARRN records have in common. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "cases", operation_id = "get_case", security(("client" = []), ("session" = [])),
    params(("case_id" = uuid::Uuid, Path, description = "The case's id: that of the referral or record")),
    responses(
        (status = 200, description = "The case", body = CaseView, headers(("ETag" = String, description = "Its version"))),
        (status = 304, description = "The caller has this version"),
        ItemProblems,
    ))]
#[get("/v1/cases/{case_id}")]
pub async fn get_case(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>, request: HttpRequest) -> Reply {
    let id = CaseId::from_uuid(*path);
    let (view, tag) = app
        .write(&signed.caller, move |work, app| {
            let case = cases::case(work, id)?;
            let tag = etag(&app.vault, KIND, id.uuid(), case.version);
            Ok((Names::read(work, &[&case])?.view(&case), tag))
        })
        .await?;
    Ok(tagged(&request, &tag, &view))
}

/// List what happened to a case
///
/// Without what was said. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "cases", operation_id = "list_case_events", security(("client" = []), ("session" = [])),
    params(("case_id" = uuid::Uuid, Path, description = "The case's id")),
    responses((status = 200, description = "What happened, oldest first", body = CaseEventListView), ItemProblems))]
#[get("/v1/cases/{case_id}/timeline")]
pub async fn list_case_events(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CaseId::from_uuid(*path);
    let events = app.write(&signed.caller, move |work, _| cases::timeline(work, id)).await?;
    let items = events.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(CaseEventListView { items }))
}

/// List the cases linked with a case
///
/// As far as the caller may see them. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "cases", operation_id = "list_case_links", security(("client" = []), ("session" = [])),
    params(("case_id" = uuid::Uuid, Path, description = "The case's id")),
    responses((status = 200, description = "The links", body = CaseLinkListView), ItemProblems))]
#[get("/v1/cases/{case_id}/links")]
pub async fn list_case_links(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CaseId::from_uuid(*path);
    let items = app
        .write(&signed.caller, move |work, _| {
            let linked = cases::links(work, id)?;
            let names = Names::read(work, &linked.iter().map(|l| &l.case).collect::<Vec<_>>())?;
            let view = |l: &cases::Linked| (l.kind.to_string(), l.outward, names.view(&l.case));
            Ok(linked.iter().map(view).map(|(kind, outward, case)| CaseLinkView { kind, outward, case }).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(CaseLinkListView { items }))
}
