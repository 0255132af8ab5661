//! A school's pack, and what the school takes up of it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, post, web};
use dolen_domain::kernel::{CampaignId, FaultCode, Faults};
use dolen_domain::surveys::packs;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Signed};
use crate::rest::directory::school_number;
use crate::rest::problems::{CreateProblems, ResultProblems};
use crate::rest::{Kept, Reply, reply, tagged_by_content};

use super::pack_views::{PackView, TakenUpListView};

/// Most approaches that are taken up at once; there are fewer.
const MOST: usize = 100;

/// What a school takes up, in the place of what it said before.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveyActions)]
#[serde(deny_unknown_fields)]
pub struct TakeUpBody {
    /// The approaches' words, each once; none takes everything back.
    #[schema(max_items = 100, example = json!(["standing_by"]))]
    pub approaches: Vec<String>,
}

/// Get a school's pack
///
/// What its page shows: the school's figures beside the authority's, its phase's and its cluster's, what changed since the
/// campaign before, what stands out and by which rule, what to try and who can help, and what the school takes up. Everything
/// is made of published ranges. The entity tag is the SHA-256 of the answer: officers and what is taken up change without a
/// release.
#[utoipa::path(tag = "surveys", operation_id = "get_survey_pack", security(("client" = ["surveys:read"]), ("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "Seven digits", example = "6764051"),
    ),
    responses((status = 200, description = "The pack", body = PackView, headers(("ETag" = String, description = "The version"))), ResultProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/pack")]
pub async fn get_pack(
    app: web::Data<App>,
    signed: Signed,
    request: HttpRequest,
    path: web::Path<(uuid::Uuid, String)>,
) -> Reply {
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    let pack = app.read(&signed.caller, move |work, _| packs::pack(work, campaign, &number)).await?;
    Ok(tagged_by_content(&request, &PackView::from(&pack))?)
}

/// Say what a school takes up
///
/// The approaches, in the place of what it said before; one that was taken up before keeps its day. Next year's pack opens with
/// them.
#[utoipa::path(tag = "surveys", operation_id = "take_up_survey_advice", request_body = TakeUpBody, security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "The school's number"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "What the school takes up", body = TakenUpListView), CreateProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/pack/actions")]
pub async fn take_up(
    app: web::Data<App>,
    command: Command<TakeUpBody>,
    path: web::Path<(uuid::Uuid, String)>,
) -> Reply {
    let Command { order, body } = command;
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    reply(&app, order, move |work, _| {
        let mut faults = Faults::default();
        if body.approaches.len() > MOST {
            faults.add("/approaches", FaultCode::TooMany);
        }
        faults.finish()?;
        let taken_up = packs::take_up(work, (campaign, &number), &body.approaches)?;
        let view = TakenUpListView { items: taken_up.iter().map(Into::into).collect() };
        Kept::json(StatusCode::OK, &view, None, None)
    })
    .await
}
