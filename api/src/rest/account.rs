//! One's own account: sessions, the second factor, recovery codes, the password. What keeps no answer for its key says so:
//! a kept answer would be a kept secret.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use dolen_domain::identity::{self, FactorStanding, SessionLine};
use dolen_domain::kernel::{Code, SessionId, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::command::OwnBody;
use crate::auth::{Signed, Unproved, cookie};
use crate::error::Problem;

use super::Reply;
use super::problems::{ItemProblems, OwnProblems, ReadProblems};
use super::sessions::SessionView;

/// What the app shows beside a code.
pub const ISSUER: &str = "Dolen";

/// One of the caller's sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnSession)]
pub struct SessionLineView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Since when.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: chrono::DateTime<chrono::Utc>,
    /// The browser and system, coarsely; empty when not known.
    #[schema(example = "Firefox, Windows")]
    pub device: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl SessionLineView {
    fn of(line: SessionLine, current: SessionId) -> Self {
        Self {
            id: line.id.uuid(),
            created_at: line.created_at.chrono(),
            last_used_at: line.last_used_at.chrono(),
            device: line.device,
            current: line.id == current,
        }
    }
}

/// The caller's sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnSessions)]
pub struct SessionListView {
    /// The last begun first.
    pub items: Vec<SessionLineView>,
}

/// How many sessions ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndedSessions)]
pub struct EndedView {
    /// How many.
    pub ended: usize,
}

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    /// The code of the authenticator app, or a recovery code.
    #[schema(max_length = 64, example = "123456")]
    pub code: String,
}

/// How the second factor stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecondFactor)]
pub struct FactorView {
    /// Since when it counts; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub confirmed_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Recovery codes not used yet.
    pub recovery_codes_left: i64,
    /// When it was last proved in this session; absent when it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub proved_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// A secret for an authenticator app, shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactorEnrolment)]
pub struct EnrolmentView {
    /// In base32, to type.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    pub secret: String,
    /// As an `otpauth` address, for a QR code.
    pub uri: String,
}

/// Ten recovery codes, shown this once; each works once.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryCodes)]
pub struct RecoveryView {
    /// The codes.
    pub recovery_codes: Vec<String>,
}

/// The old password and the new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The old one.
    #[schema(max_length = 256, format = Password)]
    pub old: String,
    /// The new one, of twelve characters or more.
    #[schema(min_length = 12, max_length = 256, format = Password)]
    pub new: String,
}

/// List one's own sessions
#[utoipa::path(tag = "auth", operation_id = "list_sessions", security(("session" = [])),
    responses((status = 200, description = "The sessions", body = SessionListView), ItemProblems))]
#[get("/v1/sessions")]
pub async fn list_sessions(app: web::Data<App>, signed: Signed) -> Reply {
    let current = signed.session.ok_or(Problem::from(Code::NotFound))?.id;
    let rules = app.sign_in_rules();
    let lines = app.read(&signed.caller, move |work, _| identity::own_sessions(work, &rules)).await?;
    let items = lines.into_iter().map(|line| SessionLineView::of(line, current)).collect();
    Ok(HttpResponse::Ok().json(SessionListView { items }))
}

/// End one's other sessions
#[utoipa::path(tag = "auth", operation_id = "end_other_sessions", security(("session" = [])),
    responses((status = 200, description = "They have ended", body = EndedView), ItemProblems))]
#[delete("/v1/sessions")]
pub async fn end_other_sessions(app: web::Data<App>, signed: Signed) -> Reply {
    let current = signed.session.ok_or(Problem::from(Code::NotFound))?.id;
    let ended = app.write(&signed.caller, move |work, _| identity::end_other_sessions(work, current)).await?;
    Ok(HttpResponse::Ok().json(EndedView { ended }))
}

/// End one of one's own sessions
#[utoipa::path(tag = "auth", operation_id = "end_own_session", security(("session" = [])),
    params(("session_id" = uuid::Uuid, Path, description = "Session")),
    responses((status = 204, description = "It has ended"), ItemProblems))]
#[delete("/v1/sessions/{session_id}")]
pub async fn end_own_session(app: web::Data<App>, signed: Signed, id: web::Path<uuid::Uuid>) -> Reply {
    let id = SessionId::from_uuid(*id);
    signed.session.ok_or(Problem::from(Code::NotFound))?;
    app.write(&signed.caller, move |work, _| identity::end_session(work, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Prove the second factor again
///
/// What opens sealed content needs a second factor proved in the last five minutes (`step_up_required`). The session gets
/// a new secret: take the new cookie.
#[utoipa::path(tag = "auth", operation_id = "prove_second_factor", request_body = CodeBody, security(("session" = [])),
    responses((status = 200, description = "Proved; the new cookie is set", body = SessionView), OwnProblems))]
#[post("/v1/sessions/current/second-factor")]
pub async fn prove_second_factor(app: web::Data<App>, request: HttpRequest, own: OwnBody<CodeBody>) -> Reply {
    let id = own.signed.session()?.id;
    let (token, session) = app.step_up(&request, &own.signed.0.caller, id, own.body.code).await?;
    Ok(HttpResponse::Ok().cookie(cookie::issue(&app, &token)).json(SessionView::of(&session)))
}

/// How one's own second factor stands
#[utoipa::path(tag = "auth", operation_id = "get_second_factor", security(("session" = [])),
    responses((status = 200, description = "How it stands", body = FactorView), ItemProblems))]
#[get("/v1/account/second-factor")]
pub async fn get_second_factor(app: web::Data<App>, signed: Unproved) -> Reply {
    let proved_at = signed.session()?.second_factor_at.map(Utc::chrono);
    let FactorStanding { confirmed_at, recovery_codes_left } =
        app.read(&signed.0.caller, |work, _| identity::factor_standing(work)).await?;
    let confirmed_at = confirmed_at.map(Utc::chrono);
    Ok(HttpResponse::Ok().json(FactorView { confirmed_at, recovery_codes_left, proved_at }))
}

/// Begin a second factor
///
/// Gives a secret for an authenticator app. It counts when a code of it has confirmed it; until then the old one does.
#[utoipa::path(tag = "auth", operation_id = "begin_second_factor", security(("session" = [])),
    responses((status = 201, description = "The secret, this once", body = EnrolmentView), ReadProblems,
        (status = 404, description = "The caller is an API client and has no session",
            body = crate::error::ProblemBody, content_type = "application/problem+json")))]
#[post("/v1/account/second-factor")]
pub async fn begin_second_factor(app: web::Data<App>, signed: Unproved) -> Reply {
    signed.session()?;
    let begun = app.write(&signed.0.caller, |work, app| identity::begin_enrolment(work, &app.vault)).await?;
    let uri = begun.uri(ISSUER).to_string();
    Ok(HttpResponse::Created().json(EnrolmentView { secret: begun.secret.to_string(), uri }))
}

/// Confirm a second factor
///
/// The old factor and its recovery codes are nothing from now on, and one's other sessions end. Take the new cookie.
#[utoipa::path(tag = "auth", operation_id = "confirm_second_factor", request_body = CodeBody, security(("session" = [])),
    responses((status = 200, description = "It counts; ten recovery codes, this once", body = RecoveryView), OwnProblems))]
#[post("/v1/account/second-factor/confirm")]
pub async fn confirm_second_factor(app: web::Data<App>, request: HttpRequest, own: OwnBody<CodeBody>) -> Reply {
    let id = own.signed.session()?.id;
    let done = app.confirm_factor(&request, &own.signed.0.caller, id, own.body.code).await?;
    let cookie = cookie::issue(&app, done.session.token.reveal());
    Ok(HttpResponse::Ok().cookie(cookie).json(RecoveryView { recovery_codes: done.recovery_codes }))
}

/// Make new recovery codes
///
/// The old ones are nothing from now on. Needs a second factor proved in the last five minutes.
#[utoipa::path(tag = "auth", operation_id = "create_recovery_codes", security(("session" = [])),
    responses((status = 200, description = "Ten codes, this once", body = RecoveryView), ItemProblems))]
#[post("/v1/account/recovery-codes")]
pub async fn create_recovery_codes(app: web::Data<App>, signed: Signed) -> Reply {
    signed.session.as_ref().ok_or(Problem::from(Code::NotFound))?;
    let recovery_codes = app.write(&signed.caller, |work, _| identity::new_recovery_codes(work)).await?;
    Ok(HttpResponse::Ok().json(RecoveryView { recovery_codes }))
}

/// Change one's own password
///
/// One's other sessions end. Take the new cookie.
#[utoipa::path(tag = "auth", operation_id = "change_password", request_body = PasswordBody, security(("session" = [])),
    responses((status = 204, description = "Changed; the new cookie is set"), OwnProblems))]
#[post("/v1/account/password")]
pub async fn change_password(app: web::Data<App>, request: HttpRequest, own: OwnBody<PasswordBody>) -> Reply {
    let id = own.signed.session()?.id;
    let caller = own.signed.proved()?.caller;
    let token = app.change_password(&request, &caller, id, own.body.old, own.body.new).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::issue(&app, &token)).finish())
}
