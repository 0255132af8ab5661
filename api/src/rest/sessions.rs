//! People's sessions: sign in, who am I, sign out.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use dolen_domain::identity::{self, Session};
use dolen_domain::kernel::{Actor, Caller, Code, EmailAddress, Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::caller::same_origin;
use crate::auth::command::{expect_json, strict_json, whole_body};
use crate::auth::{Signed, cookie};
use crate::context::RequestContext;
use crate::error::{Problem, ProblemBody};

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
}

impl SessionView {
    fn of(session: &Session) -> Self {
        Self { person_id: session.person.uuid(), name: session.name.clone(), expires_at: session.expires_at.chrono() }
    }
}

impl App {
    /// The rules of signing in, from the settings.
    #[must_use]
    pub fn sign_in_rules(&self) -> identity::SignInRules {
        let auth = &self.settings.auth;
        identity::SignInRules {
            attempts: auth.lockout_failures,
            lock_seconds: auth.lockout_minutes * 60,
            idle_seconds: auth.idle_minutes * 60,
            absolute_seconds: auth.session_hours * 3600,
            ..identity::SignInRules::default()
        }
    }

    /// Signs a person in: the slow comparison runs outside the transaction, and costs the same for an unknown address.
    /// Gives the secret for the cookie and the session.
    ///
    /// # Errors
    /// [`Code::InvalidCredentials`], [`Code::AccountLocked`] or [`Code::RateLimited`].
    pub async fn sign_in(&self, request: &HttpRequest, email: &str, password: String) -> Result<(String, Session)> {
        self.attempts.attempt(crate::auth::peer(self, request))?;
        let context = RequestContext::current();
        let nobody = Caller {
            actor: Actor::Anonymous,
            scopes: None,
            second_factor_at: None,
            lang: context.lang,
            request_id: context.request_id.clone(),
        };
        let rules = self.sign_in_rules();
        // An address that can't be one is an unknown one, and costs as much.
        let email = EmailAddress::parse(email).ok();
        let known = match email.clone() {
            Some(email) => self.read(&nobody, move |work, _| identity::credentials(work, &email)).await?,
            None => None,
        };
        let hash = known.as_ref().and_then(|k| k.hash.clone());
        let right = web::block(move || identity::verify_password(hash.as_ref(), &password))
            .await
            .map_err(Error::unavailable)?;
        let person = match identity::judge(known.as_ref(), right, self.db.clock().now()) {
            Ok(person) => person,
            Err(error) => {
                if let Some(email) = email.filter(|_| error.code == Code::InvalidCredentials) {
                    self.upkeep(&nobody, move |work, _| identity::note_failure(work, &email, &rules)).await?;
                }
                return Err(error);
            }
        };
        let caller = Caller::person(person, context.lang, &context.request_id);
        let opened = self.write(&caller, move |work, _| identity::open_session(work, person, &rules)).await?;
        let token = opened.token.reveal().to_owned();
        let lookup = token.clone();
        let session =
            self.read(&caller, move |work, _| identity::session(work, &lookup, &rules)).await?.ok_or(Code::Internal)?;
        Ok((token, session))
    }
}

/// Sign in
///
/// Sets a session cookie. After five failures in a row the account is locked for fifteen minutes.
#[utoipa::path(tag = "auth", operation_id = "create_session", request_body = SignInBody,
    responses(
        (status = 201, description = "Signed in; the cookie is set", body = SessionView),
        (status = 400, description = "The content is no JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "The e-mail or password is not right", body = ProblemBody, content_type = "application/problem+json"),
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
    let (token, session) = app.sign_in(&request, &body.email, body.password).await?;
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
pub async fn get_session(signed: Signed) -> Reply {
    let session = signed.session.ok_or(Problem::from(Code::NotFound))?;
    Ok(HttpResponse::Ok().json(SessionView::of(&session)))
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
pub async fn end_session(app: web::Data<App>, signed: Signed) -> Reply {
    let session = signed.session.ok_or(Problem::from(Code::NotFound))?;
    app.write(&signed.caller, move |work, _| identity::end_session(work, session.id)).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::clear(&app)).finish())
}
