//! Releases of a campaign's results: asking for one, what became of it, and a whole one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use dolen_domain::kernel::{CampaignId, Code, FaultCode, Faults};
use dolen_domain::surveys::releases::{self, Carried, Line, Reason, Released, Table};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Signed};
use crate::rest::directory::TextView;
use crate::rest::problems::{CreateProblems, ItemProblems};
use crate::rest::{Kept, Reply, reply, tagged_by_content};

use super::breakdowns::BreakdownView;
use super::results::{FigureView, figure_of};

/// A release, without its tables.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyRelease)]
pub struct ReleaseLineView {
    /// Its number, from 1. Another release has another number; a published one never changes.
    #[schema(example = 1)]
    pub number: i64,
    /// `deciding`, `refused` or `published`.
    #[schema(example = "published")]
    pub state: &'static str,
    /// `first`, `late_answers`, `mended_answers`, `mended_rolls` or `other`.
    #[schema(example = "first")]
    pub reason: &'static str,
    /// The day it was asked for.
    pub asked_on: chrono::NaiveDate,
    /// The day it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub published_on: Option<chrono::NaiveDate>,
    /// Why it was refused: which cell would tell too much, and how. No number of anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refusal: Option<String>,
    /// SHA-256 of all that was published, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub digest: Option<String>,
}

impl From<Line> for ReleaseLineView {
    fn from(line: Line) -> Self {
        Self {
            number: line.number,
            state: line.state.as_str(),
            reason: line.reason.as_str(),
            asked_on: line.asked_on,
            published_on: line.published_on,
            refusal: line.refusal,
            digest: line.digest,
        }
    }
}

/// The releases of a campaign.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyReleaseList)]
pub struct ReleaseListView {
    /// Newest first.
    pub items: Vec<ReleaseLineView>,
}

/// Why a release is asked for.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveyRelease)]
#[serde(deny_unknown_fields)]
pub struct NewReleaseBody {
    /// `first` for a campaign's first; after that `late_answers`, `mended_answers`, `mended_rolls` or `other`.
    #[schema(max_length = 32, example = "first")]
    pub reason: String,
}

/// One group's figures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyTable)]
pub struct TableView {
    /// Whose answers: `authority`, `year`, `phase`, `cluster`, `school` or `school_year`.
    #[schema(example = "school")]
    pub kind: &'static str,
    /// Names it in its release.
    #[schema(example = "school/6764051")]
    pub code: String,
    /// Its name.
    pub name: TextView,
    /// The school, of a school's tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub school_number: Option<String>,
    /// The year group, of a year group's tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub year_group: Option<u8>,
    /// How many took part, of a school's tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub responses: Option<u32>,
    /// Pupils on roll who were asked, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub roll: Option<i64>,
    /// One a question, in the questionnaire's order.
    pub figures: Vec<FigureView>,
}

/// The view of a release's table.
#[must_use]
pub fn table_of(released: &Released, table: &Table) -> TableView {
    let figures = released.header.questions.iter().zip(&table.figures);
    TableView {
        kind: table.kind.as_str(),
        code: table.code.clone(),
        name: table.name.clone().into(),
        school_number: table.school_number.clone(),
        year_group: table.year_group,
        responses: table.responses,
        roll: table.roll,
        figures: figures.map(|(asked, figure)| figure_of(&asked.code, figure)).collect(),
    }
}

/// A figure that is not what it was in the release before, was not there, or is there no more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyReleaseChange)]
pub struct ChangeView {
    /// The table's code.
    pub table: String,
    /// The question's code.
    pub question: String,
}

impl From<&releases::Change> for ChangeView {
    fn from(change: &releases::Change) -> Self {
        Self { table: change.table.clone(), question: change.question.clone() }
    }
}

/// A question of which a release has the figures of an earlier one: fewer than ten pupils of a year group answer it otherwise since, or
/// both releases together would tell of few.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyCarriedQuestion)]
pub struct CarriedView {
    /// The question's code.
    pub question: String,
    /// The number of the release that decided its figures.
    pub release: i64,
}

impl From<&Carried> for CarriedView {
    fn from(carried: &Carried) -> Self {
        Self { question: carried.question.clone(), release: carried.release }
    }
}

/// A whole release.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyReleaseDocument)]
pub struct ReleaseView {
    /// The campaign.
    pub campaign_id: uuid::Uuid,
    /// Its number.
    pub number: i64,
    /// Why it is.
    pub reason: &'static str,
    /// Academic year.
    pub academic_year: String,
    /// Title.
    pub title: TextView,
    /// The day it was published.
    pub published_on: chrono::NaiveDate,
    /// The questionnaire's code and version.
    #[schema(example = "bullying/1")]
    pub instrument: String,
    /// Figures rest on so many answers at least.
    pub min_base: u64,
    /// SHA-256 of all that was published, in hexadecimal.
    pub digest: String,
    /// What changed since the release before.
    pub changed: Vec<ChangeView>,
    /// Questions of which the figures are an earlier release's.
    pub carried: Vec<CarriedView>,
    /// Every table.
    pub tables: Vec<TableView>,
    /// Girls, boys and others, and the roles in bullying, of the authority and its phases; empty in releases from before there
    /// were any.
    pub breakdowns: Vec<BreakdownView>,
}

impl From<&Released> for ReleaseView {
    fn from(released: &Released) -> Self {
        let header = &released.header;
        Self {
            campaign_id: header.campaign_id.uuid(),
            number: header.number,
            reason: header.reason.as_str(),
            academic_year: header.academic_year.clone(),
            title: header.title.clone().into(),
            published_on: header.published_on,
            instrument: header.instrument.clone(),
            min_base: header.min_base,
            digest: released.digest.clone(),
            changed: header.changed.iter().map(Into::into).collect(),
            carried: header.carried.iter().map(Into::into).collect(),
            tables: released.tables.iter().map(|t| table_of(released, t)).collect(),
            breakdowns: header.breakdowns.iter().map(Into::into).collect(),
        }
    }
}

/// Ask for a release
///
/// Once nothing can come in any more. All tables are decided together, looked at as an attacker would, and published or
/// refused within a minute or so: follow it in the list. A correction is refused while one to nine answers of a year group
/// differ from a release before.
#[utoipa::path(tag = "surveys", operation_id = "publish_survey_release", request_body = NewReleaseBody, security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 202, description = "It is being decided", body = ReleaseLineView), CreateProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/releases")]
pub async fn publish(app: web::Data<App>, command: Command<NewReleaseBody>, path: web::Path<uuid::Uuid>) -> Reply {
    let Command { order, body } = command;
    let campaign = CampaignId::from_uuid(*path);
    reply(&app, order, move |work, _| {
        let mut faults = Faults::default();
        let reason: Option<Reason> = faults.keep("/reason", body.reason.parse::<Reason>());
        faults.finish()?;
        let line = releases::ask(work, campaign, reason.ok_or(FaultCode::NotInList).map_err(|_| Code::InvalidBody)?)?;
        Kept::json(StatusCode::ACCEPTED, &ReleaseLineView::from(line), None, None)
    })
    .await
}

/// List a campaign's releases
///
/// Who publishes sees what became of each; others see those that are out.
#[utoipa::path(tag = "surveys", operation_id = "list_survey_releases", security(("client" = ["surveys:read"]), ("session" = [])),
    params(("campaign_id" = uuid::Uuid, Path, description = "The campaign's id")),
    responses((status = 200, description = "The releases", body = ReleaseListView), ItemProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/releases")]
pub async fn list_releases(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CampaignId::from_uuid(*path);
    let lines = app.read(&signed.caller, move |work, _| releases::list(work, id)).await?;
    Ok(HttpResponse::Ok().json(ReleaseListView { items: lines.into_iter().map(Into::into).collect() }))
}

/// Get a whole release
///
/// Every table of it, for the authority and its analysts. What was published never changes: its digest is of that. The entity tag
/// is of these bytes, which stay as they are in later versions of the service.
#[utoipa::path(tag = "surveys", operation_id = "get_survey_release", security(("client" = ["surveys:read"]), ("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("number" = i64, Path, description = "The release's number", minimum = 1),
    ),
    responses((status = 200, description = "The release", body = ReleaseView, headers(("ETag" = String, description = "The version"))), ItemProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/releases/{number}")]
pub async fn get_release(
    app: web::Data<App>,
    signed: Signed,
    request: HttpRequest,
    path: web::Path<(uuid::Uuid, String)>,
) -> Reply {
    let (id, number) = (CampaignId::from_uuid(path.0), path.1.parse::<i64>().map_err(|_| Code::NotFound)?);
    let released = app.read(&signed.caller, move |work, _| releases::document(work, id, number)).await?;
    Ok(tagged_by_content(&request, &ReleaseView::from(&released))?)
}

#[cfg(test)]
mod tests;
