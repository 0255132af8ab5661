//! Every school beside the authority, as data.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, get, web};
use dolen_domain::kernel::CampaignId;
use dolen_domain::surveys::packs::{Mark, Seen};
use dolen_domain::surveys::releases::{Released, Table, label_of, text_of};
use dolen_domain::surveys::reports::{self, Heat, HeatCell};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::Signed;
use crate::paper;
use crate::rest::directory::TextView;
use crate::rest::problems::ItemResultProblems;
use crate::rest::{Reply, tagged_by_content};

use super::results::NOTE;
use super::tidy;

/// Which questions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HeatQuery {
    /// A question's code: a column for each of its options. Without it, the eight that stand for the rest.
    #[param(max_length = 64, example = "told", nullable = false)]
    pub question: Option<String>,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyHeatColumn)]
pub struct ColumnView {
    /// The question's code.
    pub question: String,
    /// The code of the option that is counted.
    pub option: String,
    /// The question's words.
    pub text: TextView,
    /// The option's words.
    pub label: TextView,
}

/// A cell: a share with its range, or the symbol in its place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyHeatCell)]
pub struct HeatCellView {
    /// The question's code.
    pub question: String,
    /// The option's.
    pub option: String,
    /// Why there is no figure: `c`, `z` or `x`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub symbol: Option<&'static str>,
    /// The reason as a word: `small_n`, `differencing`, `unavailable` or `not_asked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<&'static str>,
    /// How many answered, rounded down to a multiple of 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub base: Option<u64>,
    /// At least this percentage of those who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_least: Option<u16>,
    /// Less than this percentage; at most, when it is 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub below: Option<u16>,
    /// `u`, `low` or `high`, where one of them stands beside the share.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quality: Option<&'static str>,
    /// `above` or `below`: the whole range lies beyond what chance makes of so many answers (95 times of 100), beside the
    /// authority's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mark: Option<&'static str>,
}

/// The word of a mark.
pub(super) const fn word(mark: Mark) -> &'static str {
    match mark {
        Mark::Above => "above",
        Mark::Below => "below",
    }
}

impl From<HeatCell> for HeatCellView {
    fn from(cell: HeatCell) -> Self {
        let HeatCell { question, option, seen, mark } = cell;
        let empty = Self {
            question,
            option,
            symbol: None,
            reason: None,
            base: None,
            at_least: None,
            below: None,
            quality: None,
            mark: mark.map(word),
        };
        match seen {
            Seen::Withheld { symbol, reason } => Self { symbol: Some(symbol), reason: Some(reason), ..empty },
            Seen::Shown(worth) => Self {
                base: Some(worth.base),
                at_least: Some(worth.share.band.from / 10),
                below: Some(worth.share.band.to / 10),
                quality: worth.quality,
                ..empty
            },
        }
    }
}

/// A row: the authority, or a school.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyHeatRow)]
pub struct HeatRowView {
    /// `authority` or `school`.
    #[schema(example = "school")]
    pub kind: &'static str,
    /// Its name.
    pub name: TextView,
    /// The school's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub school_number: Option<String>,
    /// How many of the school's pupils took part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub responses: Option<u32>,
    /// Its pupils on roll who were asked, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub roll: Option<i64>,
    /// The share of those on roll who took part, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub response_rate: Option<i64>,
    /// One for each column.
    pub cells: Vec<HeatCellView>,
}

/// A row's view.
#[must_use]
pub fn heat_row(released: &Released, table: &Table, columns: &[(String, String)]) -> HeatRowView {
    HeatRowView {
        kind: table.kind.as_str(),
        name: table.name.clone().into(),
        school_number: table.school_number.clone(),
        responses: table.responses,
        roll: table.roll,
        response_rate: table.rate(),
        cells: reports::row(released, table, columns).into_iter().map(Into::into).collect(),
    }
}

/// Every school beside the authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyHeatTable)]
pub struct HeatView {
    /// The campaign.
    pub campaign_id: uuid::Uuid,
    /// The release.
    pub release: i64,
    /// The day it was published.
    pub published_on: chrono::NaiveDate,
    /// How to read the figures.
    pub note: TextView,
    /// What the columns are of.
    pub columns: Vec<ColumnView>,
    /// The authority first, then each school by number.
    pub rows: Vec<HeatRowView>,
}

impl From<&Heat> for HeatView {
    fn from(heat: &Heat) -> Self {
        let Heat { campaign, definition, released, columns } = heat;
        let column = |(question, option): &(String, String)| ColumnView {
            question: question.clone(),
            option: option.clone(),
            text: text_of(definition, question).into(),
            label: label_of(definition, question, option).into(),
        };
        Self {
            campaign_id: campaign.id.uuid(),
            release: released.header.number,
            published_on: released.header.published_on,
            note: NOTE.to_owned_pair().into(),
            columns: columns.iter().map(column).collect(),
            rows: reports::compared_tables(released).map(|table| heat_row(released, table, columns)).collect(),
        }
    }
}

/// Get every school's results beside one another
///
/// The newest release's: a row for the authority and for each school, a column for each of the questions that stand for the rest,
/// or for each option of one question. A mark stands where a school's whole range lies beyond what chance makes of so many
/// answers. Schools are not ranked.
#[utoipa::path(tag = "surveys", operation_id = "get_survey_heat_table", security(("client" = ["surveys:read"]), ("session" = [])),
    params(("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"), HeatQuery),
    responses((status = 200, description = "The table", body = HeatView, headers(("ETag" = String, description = "The version"))), ItemResultProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/results/schools")]
pub async fn get_heat(
    app: web::Data<App>,
    signed: Signed,
    request: HttpRequest,
    path: web::Path<uuid::Uuid>,
    query: web::Query<HeatQuery>,
) -> Reply {
    let heat = read(&app, &signed, *path, query.into_inner()).await?;
    Ok(tagged_by_content(&request, &HeatView::from(&heat))?)
}

/// Download every school's results beside one another
///
/// The same table as CSV, tidy: a row for each cell, with the official symbols in the figures' places.
#[utoipa::path(tag = "surveys", operation_id = "download_survey_heat_table", security(("client" = ["surveys:read"]), ("session" = [])),
    params(("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"), HeatQuery),
    responses((status = 200, description = "The table", content_type = "text/csv", body = String), ItemResultProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/results/schools.csv")]
pub async fn download_heat(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    query: web::Query<HeatQuery>,
) -> Reply {
    let heat = read(&app, &signed, *path, query.into_inner()).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"dolen-schools.csv\""))
        .body(paper::csv(&tidy::of_heat(&heat))?))
}

async fn read(
    app: &App,
    signed: &Signed,
    campaign: uuid::Uuid,
    query: HeatQuery,
) -> dolen_domain::kernel::Result<Heat> {
    let campaign = CampaignId::from_uuid(campaign);
    app.read(&signed.caller, move |work, _| reports::heat(work, campaign, query.question.as_deref())).await
}
