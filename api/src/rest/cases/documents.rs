//! Documents kept with a case.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use dolen_domain::cases::{self, Document, MediaType, NewDocument, OpenedDocument};
use dolen_domain::kernel::{CaseId, DocumentId, Error, FaultCode, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Signed};
use crate::outbound::scan::scan;
use crate::rest::problems::{CreateProblems, ItemProblems};
use crate::rest::{Kept, Reply, reply};

use super::views::PartView;

/// Standard base64, with its padding or without (RFC 4648 §4, §3.2).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Room for what stands around a document's bytes in a body.
pub const AROUND: usize = 8192;

/// A document to be kept.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCaseDocument)]
#[serde(deny_unknown_fields)]
pub struct NewDocumentBody {
    /// Its name. Sealed.
    #[schema(min_length = 1, max_length = 200, example = "Adroddiad.pdf")]
    pub name: String,
    /// Its kind: PDF, DOCX, ODT, JPEG, PNG or plain text. Its bytes must be of it.
    #[schema(example = "application/pdf", max_length = 100)]
    pub media_type: String,
    /// Its bytes in base64, 5 MB at most unless the authority says otherwise. Sealed.
    #[schema(content_encoding = "base64", min_length = 1)]
    pub content: String,
}

/// The bytes of a document to be kept.
///
/// # Errors
/// The fault of what is no base64.
pub fn bytes_of(body: &NewDocumentBody) -> Result<Vec<u8>> {
    BASE64.decode(&body.content).map_err(|_| Error::fault("/content", FaultCode::BadFormat))
}

/// A document in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseDocument)]
pub struct DocumentView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its name.
    pub name: String,
    /// Its kind.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Its size in bytes.
    #[schema(minimum = 1)]
    pub size: i64,
    /// What the virus scanner said: `clean`, or `not_scanned` where there is none.
    #[schema(example = "clean")]
    pub scan: String,
    /// Who added it: `person` or `client`.
    #[schema(example = "person")]
    pub added_by: String,
    /// When.
    pub added_at: chrono::DateTime<chrono::Utc>,
}

impl From<Document> for DocumentView {
    fn from(d: Document) -> Self {
        Self {
            id: d.id.uuid(),
            name: d.name,
            media_type: d.media_type.to_string(),
            size: d.size,
            scan: d.scan.to_string(),
            added_by: d.added_by.kind().to_owned(),
            added_at: d.added_at.chrono(),
        }
    }
}

/// A case's documents.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseDocumentList)]
pub struct DocumentListView {
    /// The first added first.
    pub items: Vec<DocumentView>,
}

/// A document's bytes.
#[derive(ToSchema)]
#[schema(as = DocumentBytes, value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct BytesView(Vec<u8>);

/// List a case's documents
///
/// For who may read the case's content. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "cases", operation_id = "list_case_documents", security(("client" = []), ("session" = [])),
    params(("case_id" = uuid::Uuid, Path, description = "The case's id")),
    responses((status = 200, description = "The documents", body = DocumentListView), ItemProblems))]
#[get("/v1/cases/{case_id}/documents")]
pub async fn list_case_documents(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CaseId::from_uuid(*path);
    let documents = app.write(&signed.caller, move |work, app| cases::documents(work, &app.vault, id)).await?;
    Ok(HttpResponse::Ok().json(DocumentListView { items: documents.into_iter().map(Into::into).collect() }))
}

/// Keep a document with a case
///
/// Shown to the authority's virus scanner first, where there is one. At most 50 in one case unless the authority says
/// otherwise.
#[utoipa::path(tag = "cases", operation_id = "add_case_document", request_body = NewDocumentBody, security(("client" = []), ("session" = [])),
    params(
        ("case_id" = uuid::Uuid, Path, description = "The case's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "Kept", body = PartView), CreateProblems))]
#[post("/v1/cases/{case_id}/documents")]
pub async fn add_case_document(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<uuid::Uuid>,
    payload: web::Payload,
) -> Reply {
    let id = CaseId::from_uuid(*path);
    let caller = Signed::of(&request).await?.caller;
    // Refused before the body is read, and before a scanner is busy with it.
    app.read(&caller, move |work, _| cases::permit(work, cases::Use::Keep, id).map(drop)).await?;
    let limit = app.settings.limits.document_bytes / 3 * 4 + AROUND;
    let Command { order, body } = Command::within(&request, payload, caller, limit).await?;
    let bytes = bytes_of(&body)?;
    let NewDocumentBody { name, media_type, .. } = body;
    let scan = scan(&app.settings.documents, &bytes).await?;
    reply(&app, order, move |work, app| {
        let new = NewDocument { name, media_type, bytes, scan };
        let document = cases::add_document(work, &app.vault, &app.document_rules(), id, new)?;
        Kept::json(StatusCode::CREATED, &PartView { id: document.uuid() }, None, None)
    })
    .await
}

/// Get a document
///
/// To be saved, never shown in the place of a page: as an attachment under a neutral name. The reading is recorded before
/// the bytes leave.
#[utoipa::path(tag = "cases", operation_id = "get_case_document_content", security(("client" = []), ("session" = [])),
    params(
        ("case_id" = uuid::Uuid, Path, description = "The case's id"),
        ("document_id" = uuid::Uuid, Path, description = "The document's id"),
    ),
    responses(
        (status = 200, description = "Its bytes", content(
            (BytesView = "application/pdf"),
            (BytesView = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (BytesView = "application/vnd.oasis.opendocument.text"),
            (BytesView = "image/jpeg"),
            (BytesView = "image/png"),
            (BytesView = "text/plain"),
        ), headers(("Content-Disposition" = String, description = "An attachment, named by the case's reference"))),
        ItemProblems,
    ))]
#[get("/v1/cases/{case_id}/documents/{document_id}/content")]
pub async fn get_case_document_content(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<(uuid::Uuid, uuid::Uuid)>,
) -> Reply {
    let (id, document) = path.into_inner();
    let (id, document) = (CaseId::from_uuid(id), DocumentId::from_uuid(document));
    let opened =
        app.write(&signed.caller, move |work, app| cases::open_document(work, &app.vault, id, document)).await?;
    Ok(content_response(opened))
}

/// A document's bytes as something to be saved. What somebody wrote never runs here: it is an attachment, its type is not
/// guessed at, and were it shown all the same, it would be in a sandbox without anything of ours (HTML §7.1.5, Fetch §3.6).
/// The file's name is made of the reference; the document's own may name a child.
#[must_use]
pub fn content_response(opened: OpenedDocument) -> HttpResponse {
    let OpenedDocument { reference, document, bytes } = opened;
    let kind = match document.media_type {
        MediaType::Text => "text/plain; charset=utf-8",
        other => other.as_str(),
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{reference}.{}\"", document.media_type.extension()),
        ))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(bytes)
}
