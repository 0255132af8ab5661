//! Problems on the wire: RFC 9457 `application/problem+json`, from the domain's one table of codes.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use dolen_domain::kernel::{Class, Code, Error, Fault};
use serde::Serialize;
use utoipa::ToSchema;

use crate::context::RequestContext;

/// An error on its way to a caller.
#[derive(Debug)]
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code.as_str())
    }
}

/// The HTTP status of a class of problems.
#[must_use]
pub const fn status(class: Class) -> StatusCode {
    match class {
        Class::BadRequest => StatusCode::BAD_REQUEST,
        Class::Unauthenticated => StatusCode::UNAUTHORIZED,
        Class::Forbidden => StatusCode::FORBIDDEN,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Class::Conflict => StatusCode::CONFLICT,
        Class::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Class::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        Class::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Class::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Class::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Class::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Class::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A problem (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({"type": "/problems/version_mismatch", "title": "The record has changed; read it again",
    "status": 412, "code": "version_mismatch", "request_id": "0198f2f0-0000-7000-8000-000000000000"}))]
pub struct ProblemBody {
    /// Address of a page about this problem.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    pub kind: String,
    /// What it is, in the caller's language.
    pub title: String,
    /// The HTTP status again.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Stable code. Treat unknown ones as their status.
    pub code: &'static str,
    /// A sentence more, for developers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// The id under which the log knows this request.
    pub request_id: String,
    /// What is wrong where, for problems with a body or file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FaultBody>,
}

/// One fault in a body or file: where, and how to mend it. Never the value itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemFault)]
pub struct FaultBody {
    /// Stable code.
    pub code: &'static str,
    /// JSON Pointer into the body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pointer: Option<String>,
    /// Row of a table, as a spreadsheet numbers it: the header is 1. In JSON and NDJSON the response's place, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub row: Option<u64>,
    /// Column or field of the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub column: Option<String>,
    /// How to mend it, in the caller's language.
    pub mend: &'static str,
    /// Of an answer that its question does not offer: codes that it does, the first 12 of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 12, required = false)]
    pub allowed: Vec<String>,
}

impl FaultBody {
    /// A fault in the caller's language.
    #[must_use]
    pub fn of(fault: &Fault, lang: dolen_domain::kernel::Lang) -> Self {
        Self {
            code: fault.code.as_str(),
            pointer: (!fault.pointer.is_empty()).then(|| fault.pointer.clone()),
            row: fault.row,
            column: fault.column.clone(),
            mend: fault.code.mend().of(lang),
            allowed: fault.told().to_vec(),
        }
    }
}

impl ProblemBody {
    /// The wire form of an error in the current request's language.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let context = RequestContext::current();
        Self {
            kind: format!("/problems/{}", error.code.as_str()),
            title: (*error.code.title().of(context.lang)).to_owned(),
            status: status(error.code.class()).as_u16(),
            code: error.code.as_str(),
            detail: error.detail.clone(),
            errors: error.faults.iter().map(|f| FaultBody::of(f, context.lang)).collect(),
            request_id: context.request_id,
        }
    }
}

/// Logs what a caller is not told.
pub fn log(error: &Error) {
    let request_id = RequestContext::current().request_id;
    match error.code.class() {
        Class::Internal => {
            tracing::error!(%request_id, cause = ?error.cause().map(ToString::to_string), "internal fault");
        }
        Class::Unavailable => {
            tracing::warn!(%request_id, cause = ?error.cause().map(ToString::to_string), "unavailable");
        }
        _ => {}
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(self.0.code.class())
    }

    fn error_response(&self) -> HttpResponse {
        log(&self.0);
        let body = ProblemBody::of(&self.0);
        let mut response = HttpResponse::build(self.status_code());
        response
            .content_type("application/problem+json")
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((CONTENT_LANGUAGE, RequestContext::current().lang.tag()));
        if let Some(seconds) = self.0.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if self.0.code.class() == Class::Unauthenticated {
            response.insert_header(("www-authenticate", "Bearer realm=\"dolen\""));
        }
        response.json(body)
    }
}
