//! A school's part in a campaign: signing off, opening again, rolls.

use actix_web::http::StatusCode;
use actix_web::{post, web};
use dolen_domain::kernel::{CampaignId, FaultCode, Faults};
use dolen_domain::surveys::campaigns::{self, NilReason, Part, UnlockReason};
use dolen_domain::surveys::participation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Command;
use crate::rest::directory::school_number;
use crate::rest::problems::CreateProblems;
use crate::rest::{Kept, Reply, reply};

use super::campaigns::{RollBody, read_rolls};

/// How a school stands in a campaign.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyPart)]
pub struct PartView {
    /// The day it was signed off, or a nil return made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub signed_off_on: Option<chrono::NaiveDate>,
    /// Why there is nothing to send.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub nil_return: Option<&'static str>,
    /// The last day of its being opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unlocked_until: Option<chrono::NaiveDate>,
    /// Why it was opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unlocked_for: Option<&'static str>,
}

impl From<Part> for PartView {
    fn from(part: Part) -> Self {
        Self {
            signed_off_on: part.signed_off_on,
            nil_return: part.nil.map(NilReason::as_str),
            unlocked_until: part.unlocked_until,
            unlocked_for: part.unlocked_for.map(UnlockReason::as_str),
        }
    }
}

/// A school's sign-off.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveySignOff)]
#[serde(deny_unknown_fields)]
pub struct SignOffBody {
    /// `complete`: all answers are there. Or why there is nothing to send: `no_pupils`, `school_closed` or `not_taking_part`.
    #[schema(max_length = 32, example = "complete")]
    pub answer: String,
}

/// Until when a school's survey is opened again, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveyUnlock)]
#[serde(deny_unknown_fields)]
pub struct UnlockBody {
    /// The last day, today or within 62 days.
    pub until: chrono::NaiveDate,
    /// `started_late`, `technical_fault`, `mended_answers`, `joined_late` or `other`.
    #[schema(max_length = 32, example = "technical_fault")]
    pub reason: String,
}

/// Pupils on roll of a school.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveyRolls)]
#[serde(deny_unknown_fields)]
pub struct RollsBody {
    /// By year group.
    #[schema(min_items = 1, max_items = 15)]
    pub rolls: Vec<RollBody>,
}

/// A school's roll, reckoned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyRolls)]
pub struct RollsView {
    /// All pupils asked.
    pub roll: i64,
}

/// Sign a school's survey off
///
/// Says that what came is all, or, with a reason, that there is nothing to send. Unspent codes open nothing any more, and
/// nothing is taken until the authority opens the survey again. The same answer again changes nothing; another one is refused.
#[utoipa::path(tag = "surveys", operation_id = "sign_off_survey", request_body = SignOffBody, security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "The school's number"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Signed off", body = PartView), CreateProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/sign-off")]
pub async fn sign_off(
    app: web::Data<App>,
    command: Command<SignOffBody>,
    path: web::Path<(uuid::Uuid, String)>,
) -> Reply {
    let Command { order, body } = command;
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    reply(&app, order, move |work, _| {
        let mut faults = Faults::default();
        let nil = match body.answer.as_str() {
            "complete" => None,
            word => faults.keep("/answer", word.parse()),
        };
        faults.finish()?;
        let part = participation::sign_off(work, (campaign, &number), nil)?;
        Kept::json(StatusCode::OK, &PartView::from(part), None, None)
    })
    .await
}

/// Open a school's survey again
///
/// Whether it had signed off or the window is over; until and with a day, for a reason that is kept. What a school sent before it
/// signed off is not recognised any more: the same body, and a row of the same `row_key`, would count twice. It sends only what is
/// missing, or withdraws everything first.
#[utoipa::path(tag = "surveys", operation_id = "reopen_survey", request_body = UnlockBody, security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "The school's number"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Opened again", body = PartView), CreateProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/reopen")]
pub async fn reopen(app: web::Data<App>, command: Command<UnlockBody>, path: web::Path<(uuid::Uuid, String)>) -> Reply {
    let Command { order, body } = command;
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    reply(&app, order, move |work, _| {
        let mut faults = Faults::default();
        let reason = faults.keep("/reason", body.reason.parse());
        faults.finish()?;
        let reason = reason.unwrap_or(UnlockReason::Other);
        let part = participation::open_again(work, (campaign, &number), body.until, reason)?;
        Kept::json(StatusCode::OK, &PartView::from(part), None, None)
    })
    .await
}

/// Set a school's rolls
///
/// Pupils on roll by year group, in the place of those known before. Responses are reckoned against them, and a school prints
/// no more codes for a year group than it has pupils.
#[utoipa::path(tag = "surveys", operation_id = "set_survey_rolls", request_body = RollsBody, security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "The school's number"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Set", body = RollsView), CreateProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/rolls")]
pub async fn set_rolls(
    app: web::Data<App>,
    command: Command<RollsBody>,
    path: web::Path<(uuid::Uuid, String)>,
) -> Reply {
    let Command { order, body } = command;
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    reply(&app, order, move |work, _| {
        let mut faults = Faults::default();
        if body.rolls.len() > 15 {
            faults.add("/rolls", FaultCode::TooMany);
        }
        let rolls = read_rolls(body.rolls, "", &mut faults);
        faults.finish()?;
        let roll = campaigns::set_rolls(work, (campaign, &number), rolls)?;
        Kept::json(StatusCode::OK, &RollsView { roll }, None, None)
    })
    .await
}
