//! Breaking the glass and reviewing it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::db::Work;
use dolen_domain::directory::schools;
use dolen_domain::kernel::{EmergencyId, PageRequest, Result};
use dolen_domain::oversight::{self, EmergencyFilter, EmergencyView, NewEmergency, NewReview};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::auth::{Command, Signed};
use crate::rest::problems::{CreateProblems, ItemProblems, ListProblems};
use crate::rest::{Kept, Reply, reply};

use super::views::{
    EmergencyAccessView, EmergencyPageView, EmergencyReasonView, ReviewEmergencyBody, StartEmergencyBody,
};

fn view(work: &mut Work<'_>, found: &EmergencyView) -> Result<EmergencyAccessView> {
    let school = schools::by_id(work, found.emergency.school)?;
    Ok(EmergencyAccessView::whole(found, work.caller().actor, |_| school.number.to_string()))
}

/// Break the glass
///
/// Opens one child's records to the caller for 60 minutes. Needs a second factor proved in the last five minutes and a
/// reason of at least 20 characters. Whose records they are and the authority's safeguarding leads are told at once, and
/// another person must review it.
#[utoipa::path(tag = "oversight", operation_id = "start_emergency_access", request_body = StartEmergencyBody, security(("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses(
        (status = 201, description = "In force for 60 minutes", body = EmergencyAccessView),
        CreateProblems,
    ))]
#[post("/v1/emergency-accesses")]
pub async fn start_emergency_access(app: web::Data<App>, command: Command<StartEmergencyBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, app| {
        let new = NewEmergency { reference: body.reference, pupil: body.pupil_id, reason: body.reason };
        let found = oversight::start(work, &app.vault, &app.settings.oversight, &new)?;
        let view = view(work, &found)?;
        Kept::json(StatusCode::CREATED, &view, None, Some(format!("/v1/emergency-accesses/{}", view.id)))
    })
    .await
}

/// Which emergency accesses.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EmergencyQuery {
    /// The caller's own.
    #[param(nullable = false)]
    pub mine: Option<bool>,
    /// Those that wait for their review.
    #[param(nullable = false)]
    pub unreviewed: Option<bool>,
    /// Items on a page, 1 to 200; 50 when not given.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200, nullable = false)]
    pub cursor: Option<String>,
}

/// List emergency accesses
///
/// The caller's own, those the caller was told of, and for those who review or audit, all.
#[utoipa::path(tag = "oversight", operation_id = "list_emergency_accesses", params(EmergencyQuery), security(("session" = [])),
    responses((status = 200, description = "A page of emergency accesses", body = EmergencyPageView), ListProblems))]
#[get("/v1/emergency-accesses")]
pub async fn list_emergency_accesses(app: web::Data<App>, signed: Signed, query: web::Query<EmergencyQuery>) -> Reply {
    let request = PageRequest::read(query.limit, query.cursor.as_deref())?;
    let filter =
        EmergencyFilter { mine: query.mine.unwrap_or_default(), unreviewed: query.unreviewed.unwrap_or_default() };
    let (page, numbers) = app
        .read(&signed.caller, move |work, _| {
            let page = oversight::list(work, filter, request)?;
            let ids: Vec<_> = page.items.iter().map(|i| i.school).collect();
            Ok((page, schools::by_ids(work, &ids)?))
        })
        .await?;
    let number = |id| numbers.iter().find(|s| s.id == id).map(|s| s.number.to_string()).unwrap_or_default();
    let next_cursor = page.next.map(dolen_domain::kernel::Cursor::encode);
    let items = page.items.iter().map(|e| EmergencyAccessView::of(e, signed.caller.actor, number)).collect();
    Ok(HttpResponse::Ok().json(EmergencyPageView { items, next_cursor }))
}

/// Get an emergency access
///
/// Without what was said. Who started it finds the child's records here while it lasts. The reading is recorded before the
/// answer leaves.
#[utoipa::path(tag = "oversight", operation_id = "get_emergency_access", security(("session" = [])),
    params(("emergency_id" = uuid::Uuid, Path, description = "The access's id")),
    responses((status = 200, description = "The access", body = EmergencyAccessView), ItemProblems))]
#[get("/v1/emergency-accesses/{emergency_id}")]
pub async fn get_emergency_access(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = EmergencyId::from_uuid(*path);
    let view = app
        .write(&signed.caller, move |work, _| {
            let found = oversight::get(work, id)?;
            view(work, &found)
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Get the reason of an emergency access
///
/// For those who review, with a second factor proved in the last five minutes. The reading is recorded before the answer
/// leaves.
#[utoipa::path(tag = "oversight", operation_id = "get_emergency_access_reason", security(("session" = [])),
    params(("emergency_id" = uuid::Uuid, Path, description = "The access's id")),
    responses((status = 200, description = "What was said", body = EmergencyReasonView), ItemProblems))]
#[get("/v1/emergency-accesses/{emergency_id}/reason")]
pub async fn get_emergency_access_reason(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = EmergencyId::from_uuid(*path);
    let said = app.write(&signed.caller, move |work, app| oversight::reason(work, &app.vault, id)).await?;
    Ok(HttpResponse::Ok().json(EmergencyReasonView { reason: said.reason, note: said.note }))
}

/// Review an emergency access
///
/// By another person than started it; that closes it.
#[utoipa::path(tag = "oversight", operation_id = "review_emergency_access", request_body = ReviewEmergencyBody, security(("session" = [])),
    params(
        ("emergency_id" = uuid::Uuid, Path, description = "The access's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Reviewed", body = EmergencyAccessView), CreateProblems))]
#[post("/v1/emergency-accesses/{emergency_id}/review")]
pub async fn review_emergency_access(
    app: web::Data<App>,
    command: Command<ReviewEmergencyBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = EmergencyId::from_uuid(*path);
    reply(&app, order, move |work, app| {
        let new = NewReview { outcome: body.outcome, note: body.note };
        let found = oversight::review(work, &app.vault, id, &new)?;
        Kept::json(StatusCode::OK, &view(work, &found)?, None, None)
    })
    .await
}
