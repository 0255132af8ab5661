//! What belongs to a record and comes after it: its sender may add a document and not read what others added. Its
//! recipients keep and read documents as those of every case (`/v1/cases/{case_id}/documents`).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, post, web};
use dolen_domain::access::Action;
use dolen_domain::cases::NewDocument;
use dolen_domain::kernel::WarrnId;
use dolen_domain::warrn;

use crate::app::App;
use crate::auth::{Command, Signed};
use crate::outbound::scan::scan;
use crate::rest::cases::{AROUND, NewDocumentBody, PartView, bytes_of};
use crate::rest::problems::CreateProblems;
use crate::rest::{Kept, Reply, reply};

/// Add a document to a WARRN record
///
/// By its sender or a recipient. It is shown to the authority's virus scanner first, where there is one, and sealed; the
/// sender can add, but not read.
#[utoipa::path(tag = "warrn", operation_id = "add_warrn_document", request_body = NewDocumentBody, security(("client" = ["warrn:write"]), ("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "Kept", body = PartView), CreateProblems))]
#[post("/v1/warrn-records/{warrn_id}/documents")]
pub async fn add_warrn_document(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<uuid::Uuid>,
    payload: web::Payload,
) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let caller = Signed::of(&request).await?.caller;
    // Refused before the body is read, and before a scanner is busy with it.
    app.read(&caller, move |work, _| warrn::version(work, Action::AttachToWarrn, id).map(drop)).await?;
    let limit = app.settings.limits.document_bytes / 3 * 4 + AROUND;
    let Command { order, body } = Command::within(&request, payload, caller, limit).await?;
    let bytes = bytes_of(&body)?;
    let scan = scan(&app.settings.documents, &bytes).await?;
    let NewDocumentBody { name, media_type, .. } = body;
    reply(&app, order, move |work, app| {
        let new = NewDocument { name, media_type, bytes, scan };
        let document = warrn::attach(work, &app.vault, &app.document_rules(), id, new)?;
        Kept::json(StatusCode::CREATED, &PartView { id: document.uuid() }, None, None)
    })
    .await
}
