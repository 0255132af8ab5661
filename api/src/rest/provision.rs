//! Special provision of a WARRN record: handling plan, reduced timetable, education otherwise than at school.

pub mod bodies;
pub mod views;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use dolen_domain::db::Work;
use dolen_domain::kernel::{Code, ProvisionId, Result, WarrnId};
use dolen_domain::provision::{self, Provision};

use crate::app::App;
use crate::auth::{Command, Order, Signed};

use super::problems::{ChangeProblems, ItemProblems};
use super::{Kept, Reply, etag, etag_matches, reply, tagged};
use bodies::{EndProvisionBody, ExtendProvisionBody, ReviewProvisionBody, StartProvisionBody};
use views::{ProvisionFileView, ProvisionListView, ProvisionView};

/// The tag's kind.
pub const KIND: &str = "provision";

/// Changes provision once for the key, in the version the caller has seen.
async fn change(
    app: &App,
    order: Order,
    id: uuid::Uuid,
    f: impl FnOnce(&mut Work<'_>, &App, (ProvisionId, i64)) -> Result<Provision> + Send + 'static,
) -> Reply {
    let (id, given) = (ProvisionId::from_uuid(id), order.if_match.clone());
    reply(app, order, move |work, app| {
        // Who may not do this is told so before anything about versions.
        let version = provision::version(work, id)?;
        let given = given.ok_or(Code::VersionRequired)?;
        etag_matches(&app.vault, KIND, id.uuid(), version, &given)?;
        let after = f(work, app, (id, version))?;
        let tag = etag(&app.vault, KIND, id.uuid(), after.version);
        Kept::json(StatusCode::OK, &ProvisionView::from(&after), Some(tag), None)
    })
    .await
}

/// Keep special provision with a WARRN record
///
/// A handling plan, a reduced timetable (hours, consent and end required) or education otherwise than at school. Its review
/// and its end get clocks; what is said is sealed. The record must be open.
#[utoipa::path(tag = "provision", operation_id = "start_provision", request_body = StartProvisionBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses(
        (status = 201, description = "Kept", body = ProvisionView, headers(
            ("ETag" = String, description = "Its version, for If-Match"),
            ("Location" = String, description = "Its address"),
        )),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/provision")]
pub async fn start_provision(
    app: web::Data<App>,
    command: Command<StartProvisionBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let record = WarrnId::from_uuid(*path);
    reply(&app, order, move |work, app| {
        let made = provision::start(work, &app.vault, &app.settings.provision, record, body.read()?)?;
        let tag = etag(&app.vault, KIND, made.id.uuid(), made.version);
        let location = format!("/v1/provision/{}", made.id);
        Kept::json(StatusCode::CREATED, &ProvisionView::from(&made), Some(tag), Some(location))
    })
    .await
}

/// List the special provision of a WARRN record
///
/// Kinds and dates, for who may open the record; the one sent to it by health sees none. The reading is recorded before the
/// answer leaves.
#[utoipa::path(tag = "provision", operation_id = "list_provision", security(("session" = [])),
    params(("warrn_id" = uuid::Uuid, Path, description = "The record's id")),
    responses((status = 200, description = "The first first", body = ProvisionListView), ItemProblems))]
#[get("/v1/warrn-records/{warrn_id}/provision")]
pub async fn list_provision(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let record = WarrnId::from_uuid(*path);
    let found = app.write(&signed.caller, move |work, _| provision::list(work, record)).await?;
    Ok(HttpResponse::Ok().json(ProvisionListView { items: found.iter().map(Into::into).collect() }))
}

/// Open special provision
///
/// Plan and notes, for who may open its record. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "provision", operation_id = "get_provision", security(("session" = [])),
    params(("provision_id" = uuid::Uuid, Path, description = "Its id")),
    responses(
        (status = 200, description = "The whole of it", body = ProvisionFileView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        (status = 304, description = "The caller has this version"),
        ItemProblems,
    ))]
#[get("/v1/provision/{provision_id}")]
pub async fn get_provision(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    request: HttpRequest,
) -> Reply {
    let id = ProvisionId::from_uuid(*path);
    let (view, tag) = app
        .write(&signed.caller, move |work, app| {
            let file = provision::file(work, &app.vault, id)?;
            let tag = etag(&app.vault, KIND, id.uuid(), file.provision.version);
            Ok((ProvisionFileView::from(file), tag))
        })
        .await?;
    Ok(tagged(&request, &tag, &view))
}

/// Note a review of special provision
///
/// Sets the clock of the next one.
#[utoipa::path(tag = "provision", operation_id = "review_provision", request_body = ReviewProvisionBody, security(("session" = [])),
    params(
        ("provision_id" = uuid::Uuid, Path, description = "Its id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "Its ETag"),
    ),
    responses(
        (status = 200, description = "As it is now", body = ProvisionView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/provision/{provision_id}/reviews")]
pub async fn review_provision(
    app: web::Data<App>,
    command: Command<ReviewProvisionBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    change(&app, order, *path, move |work, app, which| {
        provision::review(work, &app.vault, &app.settings.provision, which, &body.into())
    })
    .await
}

/// Change the last day of special provision
///
/// With a reason; a reduced timetable that lasts longer needs consent again, and never lasts longer than the authority
/// allows.
#[utoipa::path(tag = "provision", operation_id = "extend_provision", request_body = ExtendProvisionBody, security(("session" = [])),
    params(
        ("provision_id" = uuid::Uuid, Path, description = "Its id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "Its ETag"),
    ),
    responses(
        (status = 200, description = "As it is now", body = ProvisionView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/provision/{provision_id}/extension")]
pub async fn extend_provision(
    app: web::Data<App>,
    command: Command<ExtendProvisionBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    change(&app, order, *path, move |work, app, which| {
        provision::extend(work, &app.vault, &app.settings.provision, which, body.into())
    })
    .await
}

/// End special provision
///
/// Reintegration from education otherwise than at school is `returned_to_school`. Its clocks are given up.
#[utoipa::path(tag = "provision", operation_id = "end_provision", request_body = EndProvisionBody, security(("session" = [])),
    params(
        ("provision_id" = uuid::Uuid, Path, description = "Its id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "Its ETag"),
    ),
    responses(
        (status = 200, description = "As it is now", body = ProvisionView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/provision/{provision_id}/end")]
pub async fn end_provision(
    app: web::Data<App>,
    command: Command<EndProvisionBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    change(&app, order, *path, move |work, app, which| provision::end(work, &app.vault, which, body.read()?)).await
}
