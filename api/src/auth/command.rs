//! The extractor of a write: who, under which idempotency key, on which version, with what body.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, IF_MATCH};
use actix_web::{FromRequest, HttpRequest, web};
use dolen_domain::idempotency::Key;
use dolen_domain::kernel::{Caller, Code, Error, FaultCode, Faults, Result};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::error::Problem;

use super::{Signed, Unproved};

/// A write without its body: who, key, version.
#[derive(Debug, Clone)]
pub struct Order {
    /// Who.
    pub caller: Caller,
    /// The idempotency key with the request's fingerprint.
    pub key: Key,
    /// The entity tag in `If-Match`, without its quotes.
    pub if_match: Option<String>,
}

/// A write with a JSON body of type `T`.
#[derive(Debug)]
pub struct Command<T> {
    /// Who, key, version.
    pub order: Order,
    /// The body.
    pub body: T,
}

impl Order {
    /// The version the caller says it changes.
    ///
    /// # Errors
    /// [`Code::VersionRequired`].
    pub fn version(&self) -> Result<&str> {
        self.if_match.as_deref().ok_or_else(|| Code::VersionRequired.into())
    }

    async fn read(request: &HttpRequest, fingerprint: Sha256) -> Result<Self> {
        Self::of(request, Signed::of(request).await?.caller, fingerprint)
    }

    /// The order of a caller already known, with a fingerprint that covers the body.
    ///
    /// # Errors
    /// [`Code::IdempotencyKeyRequired`] or [`Code::IdempotencyKeyInvalid`].
    pub fn of(request: &HttpRequest, caller: Caller, mut fingerprint: Sha256) -> Result<Self> {
        let if_match = header(request, IF_MATCH.as_str());
        // The version is part of the request: the same body on another version is another request.
        fingerprint.update(if_match.unwrap_or_default().as_bytes());
        let key = Key::read(header(request, "idempotency-key"), fingerprint.finalize().to_vec())?;
        let if_match = if_match.map(|v| v.trim().trim_matches('"').to_owned());
        Ok(Self { caller, key, if_match })
    }
}

fn header<'r>(request: &'r HttpRequest, name: &str) -> Option<&'r str> {
    request.headers().get(name).and_then(|v| v.to_str().ok())
}

/// The start of a request's fingerprint: method and address.
#[must_use]
pub fn fingerprint(request: &HttpRequest) -> Sha256 {
    let mut hash = Sha256::new();
    hash.update(request.method().as_str());
    hash.update([0]);
    hash.update(request.uri().to_string());
    hash.update([0]);
    hash
}

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
/// [`Code::PayloadTooLarge`], or [`Code::MalformedBody`] when the connection broke.
pub async fn whole_body(payload: &mut Payload, limit: usize) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Code::MalformedBody)?;
        if body.len() + chunk.len() > limit {
            return Err(Error::new(Code::PayloadTooLarge).with_detail(format!("at most {limit} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads JSON strictly: UTF-8, no NUL, no duplicate or unknown fields; every fault has a code and a pointer.
///
/// # Errors
/// [`Code::MalformedBody`] when it is no JSON, [`Code::InvalidBody`] when it is not the JSON expected.
pub fn strict_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Error::faults(Code::MalformedBody, vec![dolen_domain::kernel::Fault::at("", FaultCode::BadEncoding)])
    })?;
    // Serde would read a list as a struct's fields in order; a body is an object.
    if text.trim_start().starts_with('[') {
        return Err(Error::fault("", FaultCode::WrongType));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|e| fault_of(&e))?;
    reader.end().map_err(|e| malformed(&e))?;
    Ok(value)
}

fn malformed(e: &serde_json::Error) -> Error {
    Error::new(Code::MalformedBody).with_detail(format!("not JSON at line {} column {}", e.line(), e.column()))
}

/// The fault a JSON error stands for. The error's own text may quote the value, so only its kind is used.
fn fault_of(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let inner = error.inner();
    if !inner.is_data() {
        return malformed(inner);
    }
    let text = inner.to_string();
    let quoted = || text.split('`').nth(1).filter(|f| f.len() <= 64).map(str::to_owned);
    let mut pointer: String = error
        .path()
        .iter()
        .map(|segment| match segment {
            serde_path_to_error::Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            serde_path_to_error::Segment::Seq { index } => format!("/{index}"),
            _ => String::new(),
        })
        .collect();
    let code = if text.starts_with("unknown field") {
        FaultCode::UnknownField
    } else if text.starts_with("missing field") {
        pointer.extend(quoted().map(|f| format!("/{f}")));
        FaultCode::Missing
    } else if text.starts_with("duplicate field") {
        pointer.extend(quoted().map(|f| format!("/{f}")));
        FaultCode::Duplicate
    } else if text.starts_with("unknown variant") {
        FaultCode::NotInList
    } else if text.starts_with("invalid type") {
        FaultCode::WrongType
    } else {
        FaultCode::BadFormat
    };
    let mut faults = Faults::default();
    faults.add(pointer, code);
    Error::faults(Code::InvalidBody, faults.into_vec())
}

/// Refuses a content type that is not JSON.
///
/// # Errors
/// [`Code::ContentTypeUnsupported`].
pub fn expect_json(request: &HttpRequest) -> Result<()> {
    let kind = header(request, CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Error::new(Code::ContentTypeUnsupported).with_detail("send application/json"))
}

impl<T: DeserializeOwned> Command<T> {
    /// The command of a caller already known, with a body of at most `limit` bytes.
    ///
    /// # Errors
    /// What is wrong with the key or the body.
    pub async fn within(request: &HttpRequest, payload: web::Payload, caller: Caller, limit: usize) -> Result<Self> {
        expect_json(request)?;
        let bytes = whole_body(&mut payload.into_inner(), limit).await?;
        let mut hash = fingerprint(request);
        hash.update(&bytes);
        let order = Order::of(request, caller, hash)?;
        Ok(Self { order, body: strict_json(&bytes)? })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Command<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let limit = request.app_data::<web::Data<App>>().map_or(0, |app| app.settings.limits.body_bytes);
            // Who comes first: a stranger is not told what is wrong with a body.
            Signed::of(&request).await?;
            expect_json(&request)?;
            let bytes = whole_body(&mut payload, limit).await?;
            let mut hash = fingerprint(&request);
            hash.update(&bytes);
            let order = Order::read(&request, hash).await?;
            Ok(Self { order, body: strict_json(&bytes)? })
        })
    }
}

/// A JSON body about one's own account, whatever the session has proved. Such a write keeps no answer for a key: it would
/// be a kept secret.
#[derive(Debug)]
pub struct OwnBody<T> {
    /// Who.
    pub signed: Unproved,
    /// The body.
    pub body: T,
}

impl<T: DeserializeOwned + 'static> FromRequest for OwnBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let limit = request.app_data::<web::Data<App>>().map_or(0, |app| app.settings.limits.body_bytes);
            let signed = Unproved::of(&request).await?;
            // An API client has no account, and is told so before anything is said of its body.
            signed.session()?;
            expect_json(&request)?;
            let bytes = whole_body(&mut payload, limit).await?;
            Ok(Self { signed, body: strict_json(&bytes)? })
        })
    }
}

impl FromRequest for Order {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::read(&request, fingerprint(&request)).await.map_err(Problem) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only its reading is tested")]
        name: String,
        #[expect(dead_code, reason = "only its reading is tested")]
        years: Vec<u8>,
    }

    fn fault(text: &str) -> (Code, Option<(String, FaultCode)>) {
        let error = strict_json::<Body>(text.as_bytes()).unwrap_err();
        (error.code, error.faults.first().map(|f| (f.pointer.clone(), f.code)))
    }

    #[test]
    fn faults_have_places() {
        let at = |p: &str, c| (Code::InvalidBody, Some((p.to_owned(), c)));
        assert_eq!(fault(r#"{"name":"a","years":[],"x":1}"#), at("/x", FaultCode::UnknownField));
        assert_eq!(fault(r#"{"years":[]}"#), at("/name", FaultCode::Missing));
        assert_eq!(fault(r#"{"name":"a","name":"b","years":[]}"#), at("/name", FaultCode::Duplicate));
        assert_eq!(fault(r#"{"name":5,"years":[]}"#), at("/name", FaultCode::WrongType));
        assert_eq!(fault(r#"{"name":"a","years":[1,"b"]}"#), at("/years/1", FaultCode::WrongType));
        assert_eq!(fault("{").0, Code::MalformedBody);
        assert_eq!(fault(r#"{"name":"a","years":[]} x"#).0, Code::MalformedBody);
        assert_eq!(fault(&"[".repeat(100_000)), at("", FaultCode::WrongType));
        assert_eq!(fault(&format!("{{\"name\":{}", "[".repeat(100_000))).0, Code::InvalidBody);
        assert_eq!(strict_json::<Body>(b"\xff").unwrap_err().code, Code::MalformedBody);
    }
}
