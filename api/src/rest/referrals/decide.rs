//! Opening and deciding referrals.

use actix_web::http::StatusCode;
use actix_web::{post, web};
use dolen_domain::access::Action;
use dolen_domain::db::Work;
use dolen_domain::kernel::{Code, ReferralId, Result};
use dolen_domain::referrals::{self, Envelope};

use crate::app::App;
use crate::auth::{Command, Order};
use crate::rest::problems::{ChangeProblems, CreateProblems};
use crate::rest::{Kept, Reply, etag, etag_matches, reply};

use super::KIND;
use super::bodies::{AnswerBody, DeclineBody, OpenReferralBody, QuestionBody, RedirectBody};
use super::views::{ReferralView, view_of};

/// Open a referral
///
/// Checked at the service's gate, routed to an officer by key area, service and coverage, with the reasons in the answer.
#[utoipa::path(tag = "referrals", operation_id = "open_referral", request_body = OpenReferralBody, security(("client" = ["referrals:write"]), ("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses(
        (status = 201, description = "Opened and routed; the officer is being told", body = ReferralView),
        CreateProblems,
    ))]
#[post("/v1/referrals")]
pub async fn open_referral(app: web::Data<App>, command: Command<OpenReferralBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, app| {
        let envelope = referrals::open(work, &app.vault, body.into())?;
        let view = view_of(work, &envelope)?;
        let location = format!("/v1/referrals/{}", view.id);
        Kept::json(StatusCode::CREATED, &view, Some(tag(app, &envelope)), Some(location))
    })
    .await
}

fn tag(app: &App, envelope: &Envelope) -> String {
    etag(&app.vault, KIND, envelope.id.uuid(), envelope.version)
}

/// Changes a referral once for the key, in the version the caller has seen.
async fn change(
    app: &App,
    order: Order,
    (action, id): (Action, ReferralId),
    f: impl FnOnce(&mut Work<'_>, &App, i64) -> Result<Envelope> + Send + 'static,
) -> Reply {
    let given = order.if_match.clone();
    reply(app, order, move |work, app| {
        // Who may not do this is told so before anything about versions.
        let version = referrals::version(work, action, id)?;
        let given = given.ok_or(Code::VersionRequired)?;
        etag_matches(&app.vault, KIND, id.uuid(), version, &given)?;
        let after = f(work, app, version)?;
        Kept::json(StatusCode::OK, &view_of(work, &after)?, Some(tag(app, &after)), None)
    })
    .await
}

/// Accept a referral
///
/// By the officer who has it, or the service's team lead.
#[utoipa::path(tag = "referrals", operation_id = "accept_referral", security(("session" = [])),
    params(
        ("referral_id" = uuid::Uuid, Path, description = "The referral's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The referral's ETag"),
    ),
    responses((status = 200, description = "Accepted; the referrer is being told", body = ReferralView), ChangeProblems))]
#[post("/v1/referrals/{referral_id}/accept")]
pub async fn accept_referral(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = ReferralId::from_uuid(*path);
    change(&app, order, (Action::DecideReferral, id), move |work, _, version| referrals::accept(work, id, version))
        .await
}

/// Ask the referrer for information
///
/// The question is sealed; the referrer is told that there is one.
#[utoipa::path(tag = "referrals", operation_id = "request_referral_information", request_body = QuestionBody, security(("session" = [])),
    params(
        ("referral_id" = uuid::Uuid, Path, description = "The referral's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The referral's ETag"),
    ),
    responses((status = 200, description = "Asked; the referrer is being told", body = ReferralView), ChangeProblems))]
#[post("/v1/referrals/{referral_id}/request-information")]
pub async fn request_referral_information(
    app: web::Data<App>,
    command: Command<QuestionBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = ReferralId::from_uuid(*path);
    change(&app, order, (Action::DecideReferral, id), move |work, app, version| {
        referrals::request_information(work, &app.vault, id, version, &body.question)
    })
    .await
}

/// Answer a question about a referral
///
/// By the school. The referral is with the service again.
#[utoipa::path(tag = "referrals", operation_id = "answer_referral", request_body = AnswerBody, security(("client" = ["referrals:write"]), ("session" = [])),
    params(
        ("referral_id" = uuid::Uuid, Path, description = "The referral's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The referral's ETag"),
    ),
    responses((status = 200, description = "Answered; the service is being told", body = ReferralView), ChangeProblems))]
#[post("/v1/referrals/{referral_id}/answer")]
pub async fn answer_referral(app: web::Data<App>, command: Command<AnswerBody>, path: web::Path<uuid::Uuid>) -> Reply {
    let Command { order, body } = command;
    let id = ReferralId::from_uuid(*path);
    change(&app, order, (Action::AnswerReferral, id), move |work, app, version| {
        referrals::answer(work, &app.vault, id, version, &body.answer)
    })
    .await
}

/// Decline a referral
///
/// With a reason the referrer sees.
#[utoipa::path(tag = "referrals", operation_id = "decline_referral", request_body = DeclineBody, security(("session" = [])),
    params(
        ("referral_id" = uuid::Uuid, Path, description = "The referral's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The referral's ETag"),
    ),
    responses((status = 200, description = "Declined; the referrer is being told", body = ReferralView), ChangeProblems))]
#[post("/v1/referrals/{referral_id}/decline")]
pub async fn decline_referral(
    app: web::Data<App>,
    command: Command<DeclineBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = ReferralId::from_uuid(*path);
    change(&app, order, (Action::DecideReferral, id), move |work, app, version| {
        referrals::decline(work, &app.vault, id, version, &body.reason, body.note.as_deref())
    })
    .await
}

/// Pass a referral to another service
///
/// This one ends as `redirected`; `successor_id` names the one that continues it there.
#[utoipa::path(tag = "referrals", operation_id = "redirect_referral", request_body = RedirectBody, security(("session" = [])),
    params(
        ("referral_id" = uuid::Uuid, Path, description = "The referral's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The referral's ETag"),
    ),
    responses((status = 200, description = "Passed on; the other service and the referrer are being told", body = ReferralView), ChangeProblems))]
#[post("/v1/referrals/{referral_id}/redirect")]
pub async fn redirect_referral(
    app: web::Data<App>,
    command: Command<RedirectBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = ReferralId::from_uuid(*path);
    change(&app, order, (Action::DecideReferral, id), move |work, app, version| {
        referrals::redirect(work, &app.vault, id, version, &body.service, body.note.as_deref())
    })
    .await
}
