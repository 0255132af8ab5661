//! Answers to writes: kept for a repeat, with entity tag and location.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use dolen_domain::idempotency::Answer;
use dolen_domain::kernel::{Code, Error, Result, to_hex};
use dolen_domain::vault::Vault;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::auth::Order;
use crate::error::Problem;

/// What handlers return.
pub type Reply = Result<HttpResponse, Problem>;

/// An answer as it is kept: everything needed to give it again, byte for byte.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    etag: Option<String>,
    location: Option<String>,
    body: Box<serde_json::value::RawValue>,
}

impl Kept {
    /// An answer with a JSON body.
    ///
    /// # Errors
    /// When the view can't be written as JSON.
    pub fn json(
        status: StatusCode,
        view: &impl Serialize,
        etag: Option<String>,
        location: Option<String>,
    ) -> Result<Answer> {
        let body = serde_json::value::to_raw_value(view).map_err(Error::internal)?;
        let body = serde_json::to_vec(&Self { etag, location, body }).map_err(Error::internal)?;
        Ok(Answer { status: i64::from(status.as_u16()), body })
    }

    /// The response of a kept answer.
    fn respond(answer: &Answer, replayed: bool) -> Result<HttpResponse> {
        let kept: Self = serde_json::from_slice(&answer.body).map_err(Error::internal)?;
        let status =
            u16::try_from(answer.status).ok().and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        response.content_type("application/json");
        if let Some(etag) = kept.etag {
            response.insert_header((ETAG, format!("\"{etag}\"")));
        }
        if let Some(location) = kept.location {
            response.insert_header((LOCATION, location));
        }
        if replayed {
            response.insert_header(("idempotent-replayed", "true"));
        }
        Ok(response.body(kept.body.get().to_owned()))
    }
}

/// Runs a write once for its key and answers.
///
/// # Errors
/// What `f` returns, as a problem.
pub async fn reply(
    app: &App,
    order: Order,
    f: impl FnOnce(&mut dolen_domain::db::Work<'_>, &App) -> Result<Answer> + Send + 'static,
) -> Reply {
    let (answer, replayed) = app.write_once(&order.caller, order.key, f).await?;
    Ok(Kept::respond(&answer, replayed)?)
}

/// Whether the caller's tag is that of this version, as this view shows it. The tag is a keyed digest: it tells nothing
/// of hidden changes (`facts/reliability.md` D10).
///
/// # Errors
/// [`Code::VersionMismatch`].
pub fn etag_matches(vault: &Vault, kind: &str, id: uuid::Uuid, version: i64, given: &str) -> Result<()> {
    if given == etag(vault, kind, id, version) { Ok(()) } else { Err(Code::VersionMismatch.into()) }
}

/// The tag of a version.
#[must_use]
pub fn etag(vault: &Vault, kind: &str, id: uuid::Uuid, version: i64) -> String {
    vault.tag(&[kind.as_bytes(), id.as_bytes(), &version.to_be_bytes()])
}

/// Answers a read with the SHA-256 of what it gives as its tag; 304 when the caller has it already. For what hangs on more than
/// one version.
///
/// # Errors
/// When the view can't be written as JSON.
pub fn tagged_by_content(request: &actix_web::HttpRequest, view: &impl Serialize) -> Result<HttpResponse> {
    let body = serde_json::value::to_raw_value(view).map_err(Error::internal)?;
    Ok(tagged(request, &to_hex(&Sha256::digest(body.get())), &body))
}

/// Answers a read with its tag; 304 when the caller has it already.
pub fn tagged(request: &actix_web::HttpRequest, tag: &str, view: &impl Serialize) -> HttpResponse {
    let quoted = format!("\"{tag}\"");
    let known = request.headers().get("if-none-match").and_then(|v| v.to_str().ok());
    if known.is_some_and(|k| k.split(',').any(|t| t.trim().trim_start_matches("W/") == quoted)) {
        return HttpResponse::NotModified().insert_header((ETAG, quoted)).finish();
    }
    HttpResponse::Ok().insert_header((ETAG, quoted)).json(view)
}
