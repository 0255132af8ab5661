//! A school's results, as they may be published.

use actix_web::{HttpRequest, get, web};
use dolen_domain::kernel::{Bilingual, CampaignId, pair};
use dolen_domain::surveys::packs;
use dolen_domain::surveys::releases::{self, Band, Figure, Kind, PublishedFigure, Results, Share};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Signed;
use crate::rest::directory::{TextView, school_number};
use crate::rest::problems::ResultProblems;
use crate::rest::{Reply, tagged_by_content};

use super::releases::{CarriedView, TableView, table_of};

/// How to read the figures. Welsh awaits a translator's review.
pub(super) const NOTE: Bilingual<&'static str> = pair(
    "Rhoddir cyfrannau fel ystodau, a nifer yr atebwyr wedi'i dalgrynnu i lawr i luosrif o 5. c: cyfrinachol, rhy ychydig wedi ateb. z: ddim yn berthnasol. x: ddim ar gael.",
    "Shares are given as ranges, and the number who answered is rounded down to a multiple of 5. c: confidential, too few answered. z: not applicable. x: not available.",
);

/// One option's share.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyShare)]
pub struct ShareView {
    /// Option code.
    #[schema(example = "once_or_twice")]
    pub option: String,
    /// The middle of the range, for drawing. What is known of the share is the range.
    #[schema(minimum = 0, maximum = 100)]
    pub percent: u8,
    /// At least this percentage of those who answered.
    #[schema(minimum = 0, maximum = 100, example = 15)]
    pub at_least: u16,
    /// Less than this percentage; at most, when it is 100.
    #[schema(minimum = 0, maximum = 100, example = 30)]
    pub below: u16,
    /// The lower end of the share's interval (Wilson's, 95 times of 100), wherever in its range the share lies.
    #[schema(minimum = 0, maximum = 100, example = 9)]
    pub interval_from: i16,
    /// The upper end of that interval.
    #[schema(minimum = 0, maximum = 100, example = 41)]
    pub interval_to: i16,
    /// `low` in the lowest range, where nobody and a few look alike; `high` in the highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub symbol: Option<&'static str>,
}

/// One question's figure, or the symbol that stands for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyFigure)]
pub struct FigureView {
    /// Question code.
    #[schema(example = "been_bullied")]
    pub question: String,
    /// Why there is no figure: `c` confidential (see `reason`), `z` not applicable (not asked), `x` not available (nothing came).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "c")]
    pub symbol: Option<&'static str>,
    /// The reason as a word: `small_n`, `differencing` (enough answered, and it would give other answers away), `unavailable` or `not_asked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<&'static str>,
    /// How many answered, rounded down to a multiple of 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub base: Option<u64>,
    /// `u` beside a figure of limited quality: fewer than 40 answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quality: Option<&'static str>,
    /// The shares; empty when there is no figure.
    pub shares: Vec<ShareView>,
}

/// A school's results.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyResults)]
pub struct ResultsView {
    /// The campaign.
    pub campaign_id: uuid::Uuid,
    /// The school.
    pub school_number: String,
    /// Title.
    pub title: TextView,
    /// How to read the figures.
    pub note: TextView,
    /// The release they are of.
    #[schema(example = 1)]
    pub release: i64,
    /// The day it was published.
    pub published_on: chrono::NaiveDate,
    /// Questions of which the figures are an earlier release's.
    pub carried: Vec<CarriedView>,
    /// The school's own, one a question, in the questionnaire's order.
    pub figures: Vec<FigureView>,
    /// The school's tables, its own first, then those it stands beside: the authority's, its phase's, its cluster's.
    pub tables: Vec<TableView>,
}

/// The view of results.
#[must_use]
pub fn results_of(results: &Results, number: &str) -> ResultsView {
    let released = &results.released;
    let tables: Vec<TableView> = released.tables.iter().map(|t| table_of(released, t)).collect();
    let own = released.tables.iter().find(|t| t.kind == Kind::School).map(|own| table_of(released, own).figures);
    ResultsView {
        campaign_id: results.campaign.id.uuid(),
        school_number: number.to_owned(),
        title: results.campaign.title.clone().into(),
        note: NOTE.to_owned_pair().into(),
        release: released.header.number,
        published_on: released.header.published_on,
        carried: released.header.carried.iter().map(Into::into).collect(),
        figures: own.unwrap_or_default(),
        tables,
    }
}

impl ShareView {
    pub(super) fn of(base: u64, share: &Share) -> Self {
        let (Band { from, to }, interval) = (share.band, packs::interval(base, share));
        Self {
            option: share.option.clone(),
            percent: share.percent,
            at_least: from / 10,
            below: to / 10,
            interval_from: interval.from,
            interval_to: interval.to,
            symbol: share.symbol(),
        }
    }
}

/// The view of one figure.
#[must_use]
pub fn figure_of(question: &str, figure: &PublishedFigure) -> FigureView {
    match figure.view() {
        Figure::Shown { base, shares } => FigureView {
            question: question.to_owned(),
            symbol: None,
            reason: None,
            base: Some(base),
            quality: figure.quality(),
            shares: shares.iter().map(|share| ShareView::of(base, share)).collect(),
        },
        Figure::Withheld { symbol, reason } => without(question, Some((symbol, reason))),
        Figure::NotAsked { symbol } => without(question, Some((symbol, "not_asked"))),
    }
}

/// The view of a question with no figure: a symbol, and why, in its place.
pub(super) fn without(question: &str, instead: Option<(&'static str, &'static str)>) -> FigureView {
    let (symbol, reason) = instead.unzip();
    FigureView { question: question.to_owned(), symbol, reason, base: None, quality: None, shares: Vec::new() }
}

/// Get a school's results
///
/// Of the newest release, once one is published. A figure is given only when at least 30 answered; shares are given as ranges, wider the
/// fewer answered, and bases are rounded down, so that nobody can be found in them.
#[utoipa::path(tag = "surveys", operation_id = "get_survey_results", security(("client" = ["surveys:read"]), ("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "Seven digits", example = "6764051"),
    ),
    responses((status = 200, description = "The results", body = ResultsView, headers(("ETag" = String, description = "The version"))), ResultProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/results")]
pub async fn get_results(
    app: web::Data<App>,
    signed: Signed,
    request: HttpRequest,
    path: web::Path<(uuid::Uuid, String)>,
) -> Reply {
    let (campaign, number) = path.into_inner();
    let number = school_number(&number)?;
    let wanted = number.clone();
    let results = app
        .read(&signed.caller, move |work, _| releases::results(work, CampaignId::from_uuid(campaign), &wanted))
        .await?;
    Ok(tagged_by_content(&request, &results_of(&results, number.as_str()))?)
}
