//! Addresses and methods that are none of ours, and parameters that can't be read.

use actix_web::error::QueryPayloadError;
use actix_web::http::header::ALLOW;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use dolen_domain::kernel::{Code, Error};

use crate::error::Problem;
use crate::openapi::Documents;

/// 405 with `Allow` for a known address, else 404.
pub async fn fallback(request: HttpRequest, documents: web::Data<Documents>) -> HttpResponse {
    let methods = documents.methods_at(request.path());
    if methods.is_empty() {
        if request.path().starts_with("/v1/") || !crate::console::wants_html(&request) {
            return Problem(Code::NotFound.into()).error_response();
        }
        return crate::console::not_found(&request);
    }
    let mut response = Problem(Code::MethodNotAllowed.into()).error_response();
    if let Ok(value) = methods.join(", ").parse() {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

/// A query string that can't be read. The framework's text may quote the value; only our words go out.
#[must_use]
pub fn bad_query(error: &QueryPayloadError) -> Problem {
    let text = error.to_string();
    let detail = if text.contains("unknown field") {
        text.split('`').nth(1).filter(|f| f.len() <= 64).map(|f| format!("unknown parameter `{f}`"))
    } else {
        None
    };
    Problem(
        Error::new(Code::InvalidParameter)
            .with_detail(detail.unwrap_or_else(|| "a parameter has the wrong form".to_owned())),
    )
}
