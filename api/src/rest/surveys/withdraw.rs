//! Taking responses back that came in bulk.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, post, web};
use dolen_domain::kernel::CampaignId;
use dolen_domain::surveys::responses::{self, Withdrawn};
use serde::Serialize;
use sha2::Digest as _;
use utoipa::ToSchema;

use super::submit::{ResponsesBody, WorkbookBody, read_batch};
use crate::app::App;
use crate::auth::command::fingerprint;
use crate::auth::{Order, Signed};
use crate::rest::directory::school_number;
use crate::rest::problems::{ActProblems, CreateProblems};
use crate::rest::{Kept, Reply, reply};

/// What was withdrawn.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyWithdrawal)]
pub struct WithdrawnView {
    /// Submissions that count no more.
    pub submissions: u64,
    /// Rows of theirs that had been kept.
    pub rows: u64,
}

impl From<Withdrawn> for WithdrawnView {
    fn from(withdrawn: Withdrawn) -> Self {
        Self { submissions: withdrawn.submissions, rows: withdrawn.rows }
    }
}

/// Withdraw survey responses
///
/// Send exactly the body that was taken in: no row can be joined to a submission, so for each row of the body that was kept one
/// with the same year group and answers is deleted, and its `row_key` is forgotten. To correct a body, withdraw it and submit the
/// mended one. It is refused (`withdrawal_ambiguous`) when some of its rows had been left out because their key had come with
/// another body, or when another body, of the same day or a later one, had rows left out that may rest on this one's.
#[utoipa::path(tag = "surveys", operation_id = "withdraw_survey_responses",
    security(("client" = ["surveys:write"]), ("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "Seven digits", example = "6764051"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    request_body(content((ResponsesBody = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (WorkbookBody = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
        description = "The responses, as they were sent"),
    responses((status = 200, description = "Withdrawn", body = WithdrawnView), CreateProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/responses/withdraw")]
pub async fn withdraw_responses(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(uuid::Uuid, String)>,
    mut payload: web::Payload,
) -> Reply {
    let caller = Signed::of(&request).await?.caller;
    let (campaign, school) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    let batch = read_batch(&app, &caller, (campaign, school.clone()), &request, &mut payload).await?;
    let mut hash = fingerprint(&request);
    hash.update(batch.digest);
    let order = Order::of(&request, caller, hash)?;
    reply(&app, order, move |work, app| {
        let withdrawn = responses::withdraw(work, &app.vault, (campaign, &school), &batch)?;
        Kept::json(StatusCode::OK, &WithdrawnView::from(withdrawn), None, None)
    })
    .await
}

/// Withdraw all survey responses of a school
///
/// Everything that the school sent in bulk. Refused (`codes_in_use`) where pupils answered with codes: nothing says which
/// answers those are.
#[utoipa::path(tag = "surveys", operation_id = "withdraw_all_survey_responses",
    security(("client" = ["surveys:write"]), ("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "Seven digits", example = "6764051"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Withdrawn", body = WithdrawnView), ActProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/responses/withdraw-all")]
pub async fn withdraw_all_responses(app: web::Data<App>, order: Order, path: web::Path<(uuid::Uuid, String)>) -> Reply {
    let (campaign, school) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    reply(&app, order, move |work, _| {
        let withdrawn = responses::withdraw_all(work, (campaign, &school))?;
        Kept::json(StatusCode::OK, &WithdrawnView::from(withdrawn), None, None)
    })
    .await
}
