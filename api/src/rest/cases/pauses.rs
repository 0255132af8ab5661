//! Pauses: what a case waits for, and whether its clocks stand still meanwhile.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::cases::{self, Pause, PauseReason};
use dolen_domain::kernel::{CaseId, Error, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Order, Signed};
use crate::rest::directory::TextView;
use crate::rest::problems::{CreateProblems, ItemProblems};
use crate::rest::{Kept, Reply, reply};

use super::views::text;

/// Why clocks are to stand still.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCasePause)]
#[serde(deny_unknown_fields)]
pub struct PauseBody {
    /// `awaiting_consent`, `awaiting_school`, `awaiting_health`, `awaiting_panel` or `child_unavailable`.
    #[schema(example = "awaiting_consent", max_length = 32)]
    pub reason: String,
}

/// A time in which something was waited for, and the clocks stood still where they can.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CasePause)]
pub struct PauseView {
    /// Why.
    #[schema(example = "awaiting_consent")]
    pub reason: String,
    /// That in words.
    pub reason_text: TextView,
    /// From when.
    pub begins_at: chrono::DateTime<chrono::Utc>,
    /// Until when; absent while it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ends_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Whether the clocks stand still meanwhile. Those of a return to school go on: the date does not stand still.
    #[schema(example = true)]
    pub stops_clocks: bool,
}

impl From<Pause> for PauseView {
    fn from(p: Pause) -> Self {
        Self {
            reason: p.reason.to_string(),
            reason_text: text(p.reason.name()),
            begins_at: p.begins_at.chrono(),
            ends_at: p.ends_at.map(Utc::chrono),
            stops_clocks: p.stops_clocks,
        }
    }
}

/// A case's pauses.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CasePauseList)]
pub struct PauseListView {
    /// The first first.
    pub items: Vec<PauseView>,
}

/// List a case's pauses
///
/// The reading is recorded before the answer leaves.
#[utoipa::path(tag = "cases", operation_id = "list_case_pauses", security(("client" = []), ("session" = [])),
    params(("case_id" = uuid::Uuid, Path, description = "The case's id")),
    responses((status = 200, description = "The pauses", body = PauseListView), ItemProblems))]
#[get("/v1/cases/{case_id}/pauses")]
pub async fn list_case_pauses(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CaseId::from_uuid(*path);
    let pauses = app.write(&signed.caller, move |work, _| cases::pauses(work, id)).await?;
    Ok(HttpResponse::Ok().json(PauseListView { items: pauses.into_iter().map(Into::into).collect() }))
}

/// Pause a case
///
/// From now, for a named reason; one pause at a time. A case's clocks stand still meanwhile (`stops_clocks`), but those of a
/// return to school go on: a pause there is a note of what is waited for.
#[utoipa::path(tag = "cases", operation_id = "pause_case", request_body = PauseBody, security(("client" = []), ("session" = [])),
    params(
        ("case_id" = uuid::Uuid, Path, description = "The case's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "The pause", body = PauseView), CreateProblems))]
#[post("/v1/cases/{case_id}/pauses")]
pub async fn pause_case(app: web::Data<App>, command: Command<PauseBody>, path: web::Path<uuid::Uuid>) -> Reply {
    let Command { order, body } = command;
    let id = CaseId::from_uuid(*path);
    reply(&app, order, move |work, _| {
        cases::permit(work, cases::Use::Keep, id)?;
        let reason: PauseReason = body.reason.parse().map_err(|code| Error::fault("/reason", code))?;
        let view = PauseView::from(cases::pause(work, id, reason)?);
        Kept::json(StatusCode::CREATED, &view, None, None)
    })
    .await
}

/// Let a case's clocks go on
#[utoipa::path(tag = "cases", operation_id = "end_case_pause", security(("client" = []), ("session" = [])),
    params(
        ("case_id" = uuid::Uuid, Path, description = "The case's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "The clocks go on", body = PauseView), CreateProblems))]
#[post("/v1/cases/{case_id}/pauses/end")]
pub async fn end_case_pause(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CaseId::from_uuid(*path);
    reply(&app, order, move |work, _| {
        let view = PauseView::from(cases::resume(work, id)?);
        Kept::json(StatusCode::OK, &view, None, None)
    })
    .await
}
