//! People's sessions: sign in, who am I, sign out.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use dolen_domain::identity::{self, Session};
use dolen_domain::kernel::Utc;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::caller::same_origin;
use crate::auth::command::{expect_json, strict_json, whole_body};
use crate::auth::{Unproved, cookie};
use crate::error::ProblemBody;

use super::Reply;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    /// E-mail address.
    #[schema(max_length = 254, example = "submitter@ysgol-bryn.example")]
    pub email: String,
    /// Password.
    #[schema(max_length = 256, format = Password)]
    pub password: String,
    /// The code of the authenticator app, or a recovery code; needed once the account has a second factor.
    #[serde(default)]
    #[schema(max_length = 64, nullable = false, example = "123456")]
    pub code: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The person.
    pub person_id: uuid::Uuid,
    /// Their name.
    pub name: String,
    /// When the session ends at the latest.
    pub expires_at: chrono::DateTime<chrono::Utc>,
    /// When a second factor was last proved in it; absent when none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub second_factor_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl SessionView {
    /// A session on the wire.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self {
            person_id: session.person.uuid(),
            name: session.name.clone(),
            expires_at: session.expires_at.chrono(),
            second_factor_at: session.second_factor_at.map(Utc::chrono),
        }
    }
}

/// Sign in
///
/// Sets a session cookie. An account with a second factor also needs `code`: `second_factor_required` says so, once the
/// password was right. A role may force a second factor; until one is added, everything else answers
/// `second_factor_enrolment_required`. After five failures in a row the account is locked for fifteen minutes.
#[utoipa::path(tag = "auth", operation_id = "create_session", request_body = SignInBody,
    responses(
        (status = 201, description = "Signed in; the cookie is set", body = SessionView),
        (status = 400, description = "The content is no JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "The e-mail or password is not right, or a code is needed or not right", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The request came from another site", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The content is too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not accepted", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The content has faults", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many attempts, or the account is locked", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Try again shortly", body = ProblemBody, content_type = "application/problem+json"),
    ))]
#[post("/v1/session")]
pub async fn create_session(app: web::Data<App>, request: HttpRequest, payload: web::Payload) -> Reply {
    // Another site must not sign a browser in as somebody else: neither by script nor by a form, which sends no JSON.
    same_origin(&request)?;
    expect_json(&request)?;
    let bytes = whole_body(&mut payload.into_inner(), app.settings.limits.body_bytes).await?;
    let body: SignInBody = strict_json(&bytes)?;
    let (token, session) = app.sign_in(&request, &body.email, body.password, body.code).await?;
    Ok(HttpResponse::Created().cookie(cookie::issue(&app, &token)).json(SessionView::of(&session)))
}

/// Who is signed in
#[utoipa::path(tag = "auth", operation_id = "get_session", security(("session" = [])),
    responses(
        (status = 200, description = "The session", body = SessionView),
        (status = 401, description = "Nobody is signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "The caller is an API client and has no session", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Try again shortly", body = ProblemBody, content_type = "application/problem+json"),
    ))]
#[get("/v1/session")]
pub async fn get_session(signed: Unproved) -> Reply {
    Ok(HttpResponse::Ok().json(SessionView::of(signed.session()?)))
}

/// Sign out
#[utoipa::path(tag = "auth", operation_id = "end_session", security(("session" = [])),
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "Nobody is signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The request came from another site", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "The caller is an API client and has no session", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Try again shortly", body = ProblemBody, content_type = "application/problem+json"),
    ))]
#[delete("/v1/session")]
pub async fn end_session(app: web::Data<App>, signed: Unproved) -> Reply {
    let id = signed.session()?.id;
    app.write(&signed.0.caller, move |work, _| identity::end_session(work, id)).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::clear(&app)).finish())
}
