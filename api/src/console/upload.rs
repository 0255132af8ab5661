//! A form with a file in it.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use dolen_domain::cases::MediaType;
use dolen_domain::kernel::{Code, Result};
use sha2::Digest as _;

use crate::auth::command::{fingerprint, whole_body};
use crate::error::Problem;

use super::desk::Desk;
use super::form::{Fields, Sent};

/// Room for what stands around a file's bytes in a form.
const AROUND: usize = 16_384;

/// A form that somebody signed in sent, from a page of this session, with its file.
pub struct Upload {
    /// The form.
    pub sent: Sent,
    /// The file.
    pub file: File,
}

/// A file as a browser sends it. No `Debug`: it may be about a child.
#[derive(Default)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its kind, as a word.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    /// Some systems know no kind for a file; then its bytes and its name say it.
    fn know_its_kind(mut self) -> Self {
        if ["", "application/octet-stream", "application/zip"].contains(&self.media_type.as_str()) {
            let named = |kind: &MediaType| self.name.to_ascii_lowercase().ends_with(kind.extension());
            let found = MediaType::ALL.iter().find(|kind| kind.fits(&self.bytes) && named(kind));
            self.media_type = found.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
        }
        self
    }
}

/// Reads `multipart/form-data` (RFC 7578) of which one field is a file.
async fn parse(body: Vec<u8>, boundary: String) -> multer::Result<(Fields, File)> {
    let stream = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(actix_web::web::Bytes::from(body))]);
    let mut parts = multer::Multipart::new(stream, boundary);
    let (mut fields, mut file) = (Fields::default(), File::default());
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let media_type = part.content_type().map(|kind| kind.essence_str().to_owned()).unwrap_or_default();
            let name = part.file_name().unwrap_or_default().to_owned();
            file = File { name, media_type, bytes: part.bytes().await?.to_vec() };
        } else {
            fields.put(name, part.text().await?);
        }
    }
    Ok((fields, file.know_its_kind()))
}

impl Upload {
    async fn of(request: &HttpRequest, payload: &mut Payload) -> Result<Self> {
        // Who comes first: a stranger is not told what is wrong with a form.
        let desk = Desk::of(request).await?;
        let limit = desk.visitor.app.settings.limits.document_bytes;
        Self::within(desk, request, payload, limit).await
    }

    /// The same with a file of at most so many bytes.
    ///
    /// # Errors
    /// [`Code::ContentTypeUnsupported`], [`Code::PayloadTooLarge`], [`Code::MalformedBody`] or [`Code::CsrfFailed`].
    pub async fn within(desk: Desk, request: &HttpRequest, payload: &mut Payload, limit: usize) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| Code::ContentTypeUnsupported)?;
        let body = whole_body(payload, limit.saturating_add(AROUND)).await?;
        let mut hash = fingerprint(request);
        let (fields, file) = parse(body, boundary).await.map_err(|_| Code::MalformedBody)?;
        // The boundary is another each time: what is sent again is the same fields and bytes.
        for text in [fields.get("key"), &file.name, &file.media_type] {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        }
        hash.update(&file.bytes);
        Ok(Self { sent: Sent::with(desk, fields, hash)?, file })
    }
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { Ok(Self::of(&request, &mut payload).await?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: &str, bytes: &[u8]) -> Vec<u8> {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntô\r\n\
             --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n{kind}\r\n"
        );
        [head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat()
    }

    async fn read(kind: &str, bytes: &[u8]) -> (Fields, File) {
        parse(form(kind, bytes), "x".to_owned()).await.unwrap()
    }

    #[actix_web::test]
    async fn a_form_is_read_with_its_file() {
        let bytes = b"%PDF-1.7\r\n--y\r\n\0";
        let (fields, file) = read("Content-Type: application/pdf\r\n", bytes).await;
        assert_eq!(fields.get("csrf"), "tô");
        assert_eq!((file.name.as_str(), file.media_type.as_str()), ("a.pdf", "application/pdf"));
        assert_eq!(file.bytes, bytes);
        // What a browser says is taken at its word; where it says nothing, bytes and name must agree.
        assert_eq!(read("Content-Type: text/html\r\n", bytes).await.1.media_type, "text/html");
        assert_eq!(read("Content-Type: application/octet-stream\r\n", bytes).await.1.media_type, "application/pdf");
        assert_eq!(read("", bytes).await.1.media_type, "application/pdf");
        assert_eq!(read("", b"<html>").await.1.media_type, "");
        assert!(parse(b"--x\r\nrubbish".to_vec(), "x".to_owned()).await.is_err());
    }
}
