//! Who has seen a record, and who reads unusually much.

use actix_web::{HttpResponse, get, web};
use dolen_domain::kernel::{Cursor, Page, PupilId, ReferralId, WarrnId};
use dolen_domain::oversight::{self, Seen};

use crate::app::App;
use crate::auth::Signed;
use crate::rest::problems::{ItemListProblems, ReadProblems};
use crate::rest::{PageQuery, Reply};

use super::views::{AccessReportView, ReadingPageView};

fn page_of(page: Page<Seen>) -> HttpResponse {
    let next_cursor = page.next.map(Cursor::encode);
    let items = page.items.into_iter().map(Into::into).collect();
    HttpResponse::Ok().json(ReadingPageView { items, next_cursor })
}

/// List who has seen a referral
///
/// The reading of this list is itself recorded before the answer leaves.
#[utoipa::path(tag = "oversight", operation_id = "list_referral_readers", security(("session" = [])),
    params(("referral_id" = uuid::Uuid, Path, description = "The referral's id"), PageQuery),
    responses((status = 200, description = "A page of readings", body = ReadingPageView), ItemListProblems))]
#[get("/v1/referrals/{referral_id}/readers")]
pub async fn list_referral_readers(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    query: web::Query<PageQuery>,
) -> Reply {
    let (id, request) = (ReferralId::from_uuid(*path), query.read()?);
    let page = app.write(&signed.caller, move |work, _| oversight::of_referral(work, id, request)).await?;
    Ok(page_of(page))
}

/// List who has seen a WARRN record
///
/// The reading of this list is itself recorded before the answer leaves.
#[utoipa::path(tag = "oversight", operation_id = "list_warrn_readers", security(("session" = [])),
    params(("warrn_id" = uuid::Uuid, Path, description = "The record's id"), PageQuery),
    responses((status = 200, description = "A page of readings", body = ReadingPageView), ItemListProblems))]
#[get("/v1/warrn-records/{warrn_id}/readers")]
pub async fn list_warrn_readers(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    query: web::Query<PageQuery>,
) -> Reply {
    let (id, request) = (WarrnId::from_uuid(*path), query.read()?);
    let page = app.write(&signed.caller, move |work, _| oversight::of_warrn(work, id, request)).await?;
    Ok(page_of(page))
}

/// List who has seen anything about a child
///
/// For those who watch over the whole. The reading of this list is itself recorded before the answer leaves.
#[utoipa::path(tag = "oversight", operation_id = "list_pupil_readers", security(("session" = [])),
    params(("pupil_id" = uuid::Uuid, Path, description = "The child's id"), PageQuery),
    responses((status = 200, description = "A page of readings", body = ReadingPageView), ItemListProblems))]
#[get("/v1/pupils/{pupil_id}/readers")]
pub async fn list_pupil_readers(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    query: web::Query<PageQuery>,
) -> Reply {
    let (id, request) = (PupilId::from_uuid(*path), query.read()?);
    let page = app.write(&signed.caller, move |work, _| oversight::of_pupil(work, id, request)).await?;
    Ok(page_of(page))
}

/// Get the report on unusual reading
///
/// Who opened records of how many children, when, and by breaking the glass, in the last seven days. The limits are the
/// authority's settings. It points at readers worth a question and proves nothing. Its reading is recorded.
#[utoipa::path(tag = "oversight", operation_id = "get_access_report", security(("session" = [])),
    responses((status = 200, description = "The report", body = AccessReportView), ReadProblems))]
#[get("/v1/access-report")]
pub async fn get_access_report(app: web::Data<App>, signed: Signed) -> Reply {
    let report = app.write(&signed.caller, move |work, app| oversight::report(work, &app.settings.oversight)).await?;
    Ok(HttpResponse::Ok().json(AccessReportView::of(report.at, &report.readers)))
}
