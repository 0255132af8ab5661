//! Documents kept with a case: sealed, of few kinds, of a bounded size.

use serde::{Deserialize, Serialize};

use crate::access::Grant;
use crate::audit::{self, Reading};
use crate::db::Work;
use crate::db::types::Utc;
use crate::kernel::{
    Actor, CaseId, Code, DocumentId, Error, FaultCode, Faults, FreeText, Reference, Result, text_enum,
};
use crate::pupils;
use crate::vault::{Place, Sealed, Vault};

use super::model::{Case, Use};
use super::service::{keep, note, object, permit};
use super::store;

/// Longest name of a document, in characters.
const NAME: usize = 200;

/// The bounds of documents. An authority may set stricter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentRules {
    /// Largest document, in bytes.
    pub max_bytes: usize,
    /// Most documents of one case.
    pub max_documents: i64,
    /// Whether a document that no scanner has passed is refused.
    pub scan_required: bool,
}

impl Default for DocumentRules {
    /// 5 MB and 50 documents, scanned or not (the product's own proposal).
    fn default() -> Self {
        Self { max_bytes: 5_000_000, max_documents: 50, scan_required: false }
    }
}

text_enum! {
    /// The kinds of documents taken: what people write, print and scan. Nothing that runs, and no HTML or SVG.
    pub enum MediaType {
        /// PDF.
        Pdf = "application/pdf",
        /// A word processor's document (Office Open XML).
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// A word processor's document (`OpenDocument`).
        Odt = "application/vnd.oasis.opendocument.text",
        /// A picture.
        Jpeg = "image/jpeg",
        /// A picture.
        Png = "image/png",
        /// Plain text in UTF-8.
        Text = "text/plain",
    }
}

impl MediaType {
    /// The ending of a file's name of this kind.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Text => "txt",
        }
    }

    /// Whether the bytes begin as a document of this kind does; for text, whether all of it is text.
    #[must_use]
    pub fn fits(self, bytes: &[u8]) -> bool {
        match self {
            Self::Pdf => bytes.starts_with(b"%PDF-"),
            // Both are ZIP archives whose first entry says which (OPC has no fixed first entry; `OpenDocument` 1.2 part 3 §3.3).
            Self::Docx => bytes.starts_with(b"PK\x03\x04") && !is_opendocument(bytes),
            Self::Odt => is_opendocument(bytes),
            Self::Jpeg => bytes.starts_with(&[0xFF, 0xD8, 0xFF]),
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1A\n"),
            Self::Text => std::str::from_utf8(bytes).is_ok_and(|t| !t.contains('\0')),
        }
    }
}

fn is_opendocument(bytes: &[u8]) -> bool {
    const HEAD: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.text";
    bytes.starts_with(b"PK\x03\x04") && bytes.get(30..30 + HEAD.len()) == Some(HEAD)
}

text_enum! {
    /// What a virus scanner said.
    pub enum Scan {
        /// No scanner is set up.
        NotScanned = "not_scanned",
        /// It found nothing.
        Clean = "clean",
    }
}

/// A document to keep. It was scanned before, outside the transaction.
#[derive(Clone)]
pub struct NewDocument {
    /// Its name, 1 to 200 characters; the part after the last slash.
    pub name: String,
    /// Its kind, as a word of [`MediaType`].
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What the scanner said.
    pub scan: Scan,
}

/// The bytes as they are sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Content(#[serde(with = "base64_bytes")] Vec<u8>);

/// A document in a list: its name, but not its bytes.
#[derive(Clone)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub media_type: MediaType,
    /// Its size in bytes.
    pub size: i64,
    /// Whether it was scanned.
    pub scan: Scan,
    /// Who added it.
    pub added_by: Actor,
    /// When.
    pub added_at: Utc,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({})", self.id)
    }
}

/// A document, opened. No `Debug`.
pub struct OpenedDocument {
    /// The case's reference, which may stand in a file's name as the document's own name may not.
    pub reference: Reference,
    /// What the list says of it.
    pub document: Document,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A stored document, still sealed.
pub(super) struct StoredDocument {
    pub id: DocumentId,
    pub name: Sealed<String>,
    pub media_type: MediaType,
    pub size: i64,
    pub scan: Scan,
    pub added_by: Actor,
    pub added_at: Utc,
}

const fn name_place(id: DocumentId) -> Place {
    Place { table: "case_documents", column: "name", row: id.uuid() }
}

const fn content_place(id: DocumentId) -> Place {
    Place { table: "case_documents", column: "content", row: id.uuid() }
}

/// Keeps a document with an open case.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; a refusal of `access`; [`Code::StateConflict`] when the case is closed.
pub fn add_document(
    work: &mut Work<'_>,
    vault: &Vault,
    rules: &DocumentRules,
    id: CaseId,
    new: NewDocument,
) -> Result<DocumentId> {
    let (pass, case) = keep(work, id)?;
    attach(work, vault, rules, &pass, &case, new)
}

/// Keeps a document with an open case, under the grant of an area that lets others add to its own kind.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; [`Code::StateConflict`] when the case is closed.
pub(crate) fn attach(
    work: &mut Work<'_>,
    vault: &Vault,
    rules: &DocumentRules,
    pass: &Grant<CaseId>,
    case: &Case,
    new: NewDocument,
) -> Result<DocumentId> {
    if case.closed.is_some() {
        return Err(Code::StateConflict.into());
    }
    let mut faults = Faults::default();
    let name = new.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = faults.keep("/name", FreeText::<NAME>::parse(name));
    let media = faults.keep("/media_type", new.media_type.parse::<MediaType>());
    if new.bytes.is_empty() {
        faults.add("/content", FaultCode::Missing);
    } else if new.bytes.len() > rules.max_bytes {
        faults.add("/content", FaultCode::TooLong);
    } else if media.is_some_and(|m| !m.fits(&new.bytes)) {
        faults.add("/content", FaultCode::WrongType);
    }
    if rules.scan_required && new.scan == Scan::NotScanned {
        return Err(Code::Unavailable.into());
    }
    store::envelope::lock_open(work, pass)?;
    if store::documents::count(work, pass)? >= rules.max_documents {
        faults.add("", FaultCode::TooMany);
    }
    faults.finish()?;
    let (Some(name), Some(media_type)) = (name, media) else {
        return Err(Error::internal("a document without a fault was not sound"));
    };
    let document = DocumentId::from_uuid(work.new_id());
    let key = pupils::key(work, vault, case.pupil)?;
    let size = i64::try_from(new.bytes.len()).map_err(Error::internal)?;
    let stored = StoredDocument {
        id: document,
        name: vault.seal(&key, name_place(document), &name.as_str().to_owned(), work.chance())?,
        media_type,
        size,
        scan: new.scan,
        added_by: work.caller().actor,
        added_at: work.now(),
    };
    let content = vault.seal(&key, content_place(document), &Content(new.bytes), work.chance())?;
    store::documents::insert(work, pass, stored, content)?;
    note(work, pass, "document_added", None)?;
    audit::record(work, "case.add_document", object(case), format!("{media_type} {size}"));
    Ok(document)
}

/// A case's documents without their bytes, for who may open it; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn documents(work: &mut Work<'_>, vault: &Vault, id: CaseId) -> Result<Vec<Document>> {
    let (_, pass) = permit(work, Use::Open, id)?;
    let case = store::envelope::find(work, &pass)?;
    let key = pupils::key(work, vault, case.pupil)?;
    let mut all = Vec::new();
    for stored in store::documents::documents(work, &pass)? {
        let name = vault.open(&pass, &key, name_place(stored.id), &stored.name)?;
        all.push(listed(&stored, name));
    }
    audit::read(work, Reading::CaseDocuments, object(&case), pass.basis());
    Ok(all)
}

fn listed(stored: &StoredDocument, name: String) -> Document {
    let &StoredDocument { id, media_type, size, scan, added_by, added_at, .. } = stored;
    Document { id, name, media_type, size, scan, added_by, added_at }
}

/// Opens a document; on record before its bytes leave, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`; [`Code::NotFound`] when the case has no such document.
pub fn open_document(work: &mut Work<'_>, vault: &Vault, id: CaseId, document: DocumentId) -> Result<OpenedDocument> {
    let (_, pass) = permit(work, Use::Open, id)?;
    let case = store::envelope::find(work, &pass)?;
    let Some((stored, content)) = store::documents::find(work, &pass, document)? else {
        return Err(Code::NotFound.into());
    };
    let key = pupils::key(work, vault, case.pupil)?;
    let name = vault.open(&pass, &key, name_place(document), &stored.name)?;
    let Content(bytes) = vault.open(&pass, &key, content_place(document), &content)?;
    audit::read(work, Reading::CaseDocument, object(&case), format!("{document} {}", pass.basis()));
    Ok(OpenedDocument { reference: case.reference, document: listed(&stored, name), bytes })
}

/// Bytes as base64 within the sealed JSON: a third larger, not four times.
mod base64_bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&STANDARD_NO_PAD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        STANDARD_NO_PAD.decode(String::deserialize(d)?).map_err(D::Error::custom)
    }
}
