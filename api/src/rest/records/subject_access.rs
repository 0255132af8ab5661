//! Giving a child their own.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use dolen_domain::kernel::{Code, SubjectAccessId};
use dolen_domain::records::subject_access::{self, Format, NewRequest};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::auth::{Command, Order, Signed};
use crate::bundle;
use crate::rest::problems::{CreateProblems, ItemProblems, ReadProblems};
use crate::rest::{Kept, Reply, reply};

use super::views::{DoneView, PiecesView, RequestView, RequestsView};

/// A request to take in. The child is named by number, or by the reference of a case.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSubjectAccessRequest)]
#[serde(deny_unknown_fields)]
pub struct RequestBody {
    /// The unique pupil number.
    #[schema(min_length = 13, max_length = 13, nullable = false)]
    pub upn: Option<String>,
    /// The reference of one of the child's cases.
    #[schema(max_length = 20, nullable = false)]
    pub reference: Option<String>,
    /// Who asks: `child`, `parent` or `representative`.
    #[schema(example = "child", max_length = 16)]
    pub asked_by: String,
    /// When it came in.
    pub received_on: NaiveDate,
}

/// What is decided on a piece.
#[derive(Deserialize, ToSchema)]
#[schema(as = SubjectAccessDecision)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    /// `keep` or `redact`.
    #[schema(example = "keep", max_length = 16)]
    pub decision: String,
    /// Why it is redacted: `third_party`, `serious_harm`, `legal_privilege` or `other`.
    #[schema(max_length = 16, nullable = false)]
    pub reason: Option<String>,
}

/// Take in a subject-access request
///
/// It is to be answered within a calendar month of the day it came in.
#[utoipa::path(tag = "subject-access", operation_id = "open_subject_access_request", request_body = RequestBody, security(("session" = [])),
    params(
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "Taken in", body = RequestView), CreateProblems))]
#[post("/v1/subject-access-requests")]
pub async fn open_subject_access_request(app: web::Data<App>, command: Command<RequestBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, app| {
        let RequestBody { upn, reference, asked_by, received_on } = body;
        let new = NewRequest { upn, reference, asked_by, received_on };
        let view = RequestView::from(subject_access::open(work, &app.vault, &new)?);
        Kept::json(StatusCode::CREATED, &view, None, Some(format!("/v1/subject-access-requests/{}", view.id)))
    })
    .await
}

/// List subject-access requests
///
/// The newest first, without anything they found.
#[utoipa::path(tag = "subject-access", operation_id = "list_subject_access_requests", security(("session" = [])),
    responses((status = 200, description = "The requests", body = RequestsView), ReadProblems))]
#[get("/v1/subject-access-requests")]
pub async fn list_subject_access_requests(app: web::Data<App>, signed: Signed) -> Reply {
    let found = app.read(&signed.caller, |work, _| subject_access::list(work)).await?;
    Ok(HttpResponse::Ok().json(RequestsView { items: found.into_iter().map(Into::into).collect() }))
}

/// Get a subject-access request
///
/// Without anything it found.
#[utoipa::path(tag = "subject-access", operation_id = "get_subject_access_request", security(("session" = [])),
    params(
        ("request_id" = Uuid, Path, description = "The request"),
    ),
    responses((status = 200, description = "The request", body = RequestView), ItemProblems))]
#[get("/v1/subject-access-requests/{request_id}")]
pub async fn get_subject_access_request(app: web::Data<App>, signed: Signed, path: web::Path<Uuid>) -> Reply {
    let id = SubjectAccessId::from_uuid(*path);
    let found = app.read(&signed.caller, move |work, _| subject_access::request(work, id)).await?;
    Ok(HttpResponse::Ok().json(RequestView::from(found)))
}

/// Gather what is held
///
/// Everything sealed in the child's cases becomes pieces that wait for decisions. The reading is recorded at every case.
#[utoipa::path(tag = "subject-access", operation_id = "gather_subject_access", security(("session" = [])),
    params(
        ("request_id" = Uuid, Path, description = "The request"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Gathered", body = RequestView), CreateProblems))]
#[post("/v1/subject-access-requests/{request_id}/gather")]
pub async fn gather_subject_access(app: web::Data<App>, order: Order, path: web::Path<Uuid>) -> Reply {
    let id = SubjectAccessId::from_uuid(*path);
    reply(&app, order, move |work, app| {
        subject_access::gather(work, &app.vault, id)?;
        let view = RequestView::from(subject_access::request(work, id)?);
        Kept::json(StatusCode::OK, &view, None, None)
    })
    .await
}

/// List the pieces
///
/// Opened; the reading is recorded before the answer leaves.
#[utoipa::path(tag = "subject-access", operation_id = "list_subject_access_pieces", security(("session" = [])),
    params(
        ("request_id" = Uuid, Path, description = "The request"),
    ),
    responses((status = 200, description = "The pieces", body = PiecesView), ItemProblems))]
#[get("/v1/subject-access-requests/{request_id}/pieces")]
pub async fn list_subject_access_pieces(app: web::Data<App>, signed: Signed, path: web::Path<Uuid>) -> Reply {
    let id = SubjectAccessId::from_uuid(*path);
    let found = app.write(&signed.caller, move |work, app| subject_access::pieces(work, &app.vault, id)).await?;
    Ok(HttpResponse::Ok().json(PiecesView { items: found.into_iter().map(Into::into).collect() }))
}

/// Decide on a piece
///
/// Kept, or redacted for a reason. It may be changed until the release.
#[utoipa::path(tag = "subject-access", operation_id = "decide_subject_access_piece", request_body = DecisionBody, security(("session" = [])),
    params(
        ("request_id" = Uuid, Path, description = "The request"),
        ("number" = i64, Path, description = "The piece"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Decided", body = DoneView), CreateProblems))]
#[post("/v1/subject-access-requests/{request_id}/pieces/{number}")]
pub async fn decide_subject_access_piece(
    app: web::Data<App>,
    command: Command<DecisionBody>,
    path: web::Path<(Uuid, i64)>,
) -> Reply {
    let Command { order, body } = command;
    let (id, number) = (SubjectAccessId::from_uuid(path.0), path.1);
    reply(&app, order, move |work, _| {
        subject_access::decide(work, id, number, &body.decision, body.reason.as_deref())?;
        Kept::json(StatusCode::OK, &DoneView::of(&body.decision, None), None, None)
    })
    .await
}

/// Release the bundle
///
/// Once every piece is decided: JSON, HTML and PDF, sealed under the child's key.
#[utoipa::path(tag = "subject-access", operation_id = "release_subject_access", security(("session" = [])),
    params(
        ("request_id" = Uuid, Path, description = "The request"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Released", body = RequestView), CreateProblems))]
#[post("/v1/subject-access-requests/{request_id}/release")]
pub async fn release_subject_access(app: web::Data<App>, order: Order, path: web::Path<Uuid>) -> Reply {
    let id = SubjectAccessId::from_uuid(*path);
    reply(&app, order, move |work, app| {
        subject_access::release(work, &app.vault, id, bundle::render)?;
        let view = RequestView::from(subject_access::request(work, id)?);
        Kept::json(StatusCode::OK, &view, None, None)
    })
    .await
}

/// Withdraw a request
///
/// When nobody asks for it any more.
#[utoipa::path(tag = "subject-access", operation_id = "withdraw_subject_access_request", security(("session" = [])),
    params(
        ("request_id" = Uuid, Path, description = "The request"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Withdrawn", body = RequestView), CreateProblems))]
#[post("/v1/subject-access-requests/{request_id}/withdraw")]
pub async fn withdraw_subject_access_request(app: web::Data<App>, order: Order, path: web::Path<Uuid>) -> Reply {
    let id = SubjectAccessId::from_uuid(*path);
    reply(&app, order, move |work, _| {
        subject_access::withdraw(work, id)?;
        let view = RequestView::from(subject_access::request(work, id)?);
        Kept::json(StatusCode::OK, &view, None, None)
    })
    .await
}

/// Download the bundle
///
/// As `json`, `html` or `pdf`. The download is recorded before the bytes leave.
#[utoipa::path(tag = "subject-access", operation_id = "download_subject_access_bundle", security(("session" = [])),
    params(
        ("request_id" = Uuid, Path, description = "The request"),
        ("format" = String, Path, description = "json, html or pdf", max_length = 8),
    ),
    responses((status = 200, description = "The file"), ItemProblems))]
#[get("/v1/subject-access-requests/{request_id}/bundle/{format}")]
pub async fn download_subject_access_bundle(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<(Uuid, String)>,
) -> Reply {
    let id = SubjectAccessId::from_uuid(path.0);
    let format: Result<Format, _> = path.1.parse();
    let bytes = app
        .write(&signed.caller, move |work, app| {
            subject_access::permit(work, id)?;
            subject_access::download(work, &app.vault, id, format.map_err(|_| Code::NotFound)?)
        })
        .await?;
    Ok(file(&path.1, bytes))
}

/// A file of a bundle: to be kept, not shown, and by nobody on the way.
pub fn file(format: &str, bytes: Vec<u8>) -> HttpResponse {
    let kind = match format {
        "html" => "text/html; charset=utf-8",
        "pdf" => "application/pdf",
        _ => "application/json",
    };
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"dolen-subject-access.{format}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(bytes)
}
