//! Documents kept with a record: sealed, of few kinds, of a bounded size.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use dolen_domain::cases::{self, Document, DocumentRules, NewDocument, OfCase as _, Scan};
use dolen_domain::kernel::{DocumentId, Error, FaultCode, Result, WarrnId};
use dolen_domain::warrn;
use serde::Serialize;
use sha2::Digest as _;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::command::{fingerprint, whole_body};
use crate::auth::{Order, Signed};
use crate::rest::problems::{CreateProblems, ItemProblems};
use crate::rest::{Kept, Reply, reply};

/// A document's bytes.
#[derive(ToSchema)]
#[schema(as = DocumentBytes, value_type = String, format = Binary)]
pub struct DocumentBytes(#[expect(dead_code, reason = "documents the body, which is read as it comes")] Vec<u8>);

/// A document that was kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptDocument)]
pub struct KeptDocumentView {
    /// Its id.
    pub id: uuid::Uuid,
}

/// A document in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = Document)]
pub struct DocumentView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its name.
    pub name: String,
    /// Its media type.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Its size in bytes.
    #[schema(minimum = 1)]
    pub size: i64,
    /// Whether it was scanned: `clean` or `not_scanned`.
    #[schema(example = "clean")]
    pub scan: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
}

impl From<Document> for DocumentView {
    fn from(d: Document) -> Self {
        Self {
            id: d.id.uuid(),
            name: d.name,
            media_type: d.media_type.to_string(),
            size: d.size,
            scan: d.scan.to_string(),
            added_at: d.added_at.chrono(),
        }
    }
}

/// A record's documents.
#[derive(Serialize, ToSchema)]
#[schema(as = DocumentList)]
pub struct DocumentListView {
    /// Oldest first.
    pub items: Vec<DocumentView>,
}

/// The name in `Content-Disposition`: never in the address, which proxies write down.
fn name_of(request: &HttpRequest) -> Result<String> {
    let missing = || Error::fault("/name", FaultCode::Missing);
    let header = request.headers().get(CONTENT_DISPOSITION).ok_or_else(missing)?;
    let read = ContentDisposition::from_raw(header).map_err(|_| Error::fault("/name", FaultCode::BadFormat))?;
    let extended = read.get_filename_ext().map(|e| String::from_utf8_lossy(&e.value).into_owned());
    extended.or_else(|| read.get_filename().map(str::to_owned)).ok_or_else(missing)
}

fn media_type_of(request: &HttpRequest) -> String {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Add a document to a WARRN record
///
/// By its sender or a recipient: PDF, a word processor's document, a picture or plain text. It is sealed; the sender can
/// add, but not read. The name comes in `Content-Disposition`.
#[utoipa::path(tag = "warrn", operation_id = "add_warrn_document", request_body(content = DocumentBytes, content_type = "application/octet-stream"),
    security(("client" = ["warrn:write"]), ("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("Content-Disposition" = String, Header, description = "`attachment; filename*=UTF-8''name.pdf`", min_length = 1, max_length = 1000),
    ),
    responses((status = 201, description = "Kept", body = KeptDocumentView), CreateProblems))]
#[post("/v1/warrn-records/{warrn_id}/documents")]
pub async fn add_warrn_document(
    app: web::Data<App>,
    signed: Signed,
    request: HttpRequest,
    payload: web::Payload,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let (name, media_type) = (name_of(&request)?, media_type_of(&request));
    let rules = DocumentRules::default();
    let bytes = whole_body(&mut payload.into_inner(), rules.max_bytes).await?;
    let mut hash = fingerprint(&request);
    hash.update(name.as_bytes());
    hash.update(media_type.as_bytes());
    hash.update(&bytes);
    let order = Order::of(&request, signed.caller, hash)?;
    reply(&app, order, move |work, app| {
        let document = NewDocument { name, media_type, bytes, scan: Scan::NotScanned };
        let kept = warrn::attach(work, &app.vault, &rules, id, document)?;
        let location = format!("/v1/warrn-records/{id}/documents/{kept}");
        Kept::json(StatusCode::CREATED, &KeptDocumentView { id: kept.uuid() }, None, Some(location))
    })
    .await
}

/// List a WARRN record's documents
///
/// Their names, for recipients alone. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "warrn", operation_id = "list_warrn_documents", security(("session" = [])),
    params(("warrn_id" = uuid::Uuid, Path, description = "The record's id")),
    responses((status = 200, description = "Oldest first", body = DocumentListView), ItemProblems))]
#[get("/v1/warrn-records/{warrn_id}/documents")]
pub async fn list_warrn_documents(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let all = app
        .write(&signed.caller, move |work, app| {
            warrn::version(work, dolen_domain::access::Action::ReadWarrnContent, id)?;
            cases::documents(work, &app.vault, id.case())
        })
        .await?;
    Ok(HttpResponse::Ok().json(DocumentListView { items: all.into_iter().map(Into::into).collect() }))
}

/// Open a document of a WARRN record
///
/// For recipients alone. The reading is recorded before the bytes leave.
#[utoipa::path(tag = "warrn", operation_id = "get_warrn_document", security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("document_id" = uuid::Uuid, Path, description = "The document's id"),
    ),
    responses((status = 200, description = "Its bytes", body = DocumentBytes, content_type = "application/octet-stream"), ItemProblems))]
#[get("/v1/warrn-records/{warrn_id}/documents/{document_id}")]
pub async fn get_warrn_document(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<(uuid::Uuid, uuid::Uuid)>,
) -> Reply {
    let (id, document) = (WarrnId::from_uuid(path.0), DocumentId::from_uuid(path.1));
    let opened = app
        .write(&signed.caller, move |work, app| {
            warrn::version(work, dolen_domain::access::Action::ReadWarrnContent, id)?;
            cases::open_document(work, &app.vault, id.case(), document)
        })
        .await?;
    Ok(download(opened.document.media_type.as_str(), opened.document.name, opened.bytes))
}

/// Bytes to be saved, never shown in the page: a document is somebody else's.
pub fn download(media_type: &str, name: String, bytes: Vec<u8>) -> HttpResponse {
    let name = DispositionParam::FilenameExt(ExtendedValue {
        charset: actix_web::http::header::Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.into_bytes(),
    });
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header(ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![name] })
        .body(bytes)
}
