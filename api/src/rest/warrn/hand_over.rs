//! Handing a record over to the school its child is at now.

use actix_web::http::StatusCode;
use actix_web::{post, web};
use dolen_domain::access::Action;
use dolen_domain::kernel::{Code, WarrnId};
use dolen_domain::warrn;

use crate::app::App;
use crate::auth::Order;
use crate::rest::problems::ChangeProblems;
use crate::rest::{Kept, Reply, etag, etag_matches, reply};

use super::KIND;
use super::views::ProgressView;

/// Hand a record over
///
/// To the school its child is at by now. The old school's recipients end; the new school's are named and told, and
/// acknowledge anew. 409 `state_conflict` when the child is at the record's own school.
#[utoipa::path(tag = "warrn", operation_id = "hand_over_warrn_record", security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is, at its new school; who handed it over may not see it any more", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/hand-over")]
pub async fn hand_over_warrn_record(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let given = order.if_match.clone();
    reply(&app, order, move |work, app| {
        let version = warrn::version(work, Action::HandOverWarrn, id)?;
        let given = given.ok_or(Code::VersionRequired)?;
        etag_matches(&app.vault, KIND, id.uuid(), version, &given)?;
        let done = warrn::hand_over(work, &app.settings.warrn, id, version)?;
        let tag = etag(&app.vault, KIND, id.uuid(), done.record.version);
        Kept::json(StatusCode::OK, &ProgressView::of(&done.record, &done.progress), Some(tag), None)
    })
    .await
}
