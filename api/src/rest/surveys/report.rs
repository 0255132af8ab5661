//! The authority's annual report, as data.

use actix_web::{HttpRequest, get, web};
use dolen_domain::kernel::CampaignId;
use dolen_domain::surveys::packs::Direction;
use dolen_domain::surveys::releases::Released;
use dolen_domain::surveys::reports::{self, Annual, Approached, StandingOut, TakingPart, Told};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Signed;
use crate::rest::directory::TextView;
use crate::rest::problems::ResultProblems;
use crate::rest::{Reply, tagged_by_content};

use super::breakdowns::BreakdownView;
use super::pack_views::ChangedView;
use super::releases::{CarriedView, TableView, table_of};
use super::results::NOTE;

/// A count of schools as it leaves: nothing for fewer than five, be it four or none.
const fn counted(told: Told) -> Option<u64> {
    match told {
        Told::Number(number) => Some(number),
        Told::Few => None,
    }
}

const fn word(worse: Direction) -> &'static str {
    match worse {
        Direction::High => "high",
        Direction::Low => "low",
    }
}

/// How the schools took part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyTakingPart)]
pub struct TakingPartView {
    /// Schools that were asked.
    #[schema(example = 42)]
    pub schools: usize,
    /// Schools that say that all their answers are there. Absent: fewer than five, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 5, example = 37)]
    pub signed_off: Option<u64>,
    /// Schools that said that they had nothing to send. Absent: fewer than five, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 5)]
    pub nil_returns: Option<u64>,
    /// Pupils who took part.
    #[schema(example = 6120)]
    pub responses: u64,
    /// Pupils on roll who were asked, of the schools whose roll is known; absent when none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 8010)]
    pub roll: Option<i64>,
    /// The share of those on roll who took part, in per cent, of the same schools.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 76)]
    pub response_rate: Option<i64>,
}

impl From<&TakingPart> for TakingPartView {
    fn from(part: &TakingPart) -> Self {
        Self {
            schools: part.schools,
            signed_off: counted(part.signed_off),
            nil_returns: counted(part.nil_returns),
            responses: part.responses,
            roll: part.roll,
            response_rate: part.rate,
        }
    }
}

/// How many schools stand out by a finding: those whose whole range lies beyond what chance makes of so many answers (95 times of
/// 100), beside the authority's. A count is told from five schools on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyStandingOut)]
pub struct StandingOutView {
    /// What, as the toolkit calls it.
    #[schema(example = "high_bullied")]
    pub finding: &'static str,
    /// The question's code.
    #[schema(example = "bullied")]
    pub question: String,
    /// The code of the option that is counted.
    #[schema(example = "two_or_three_a_month_or_more")]
    pub option: &'static str,
    /// Which way is worse: `high` or `low`.
    #[schema(example = "high")]
    pub worse: &'static str,
    /// Schools above. Absent: fewer than five, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 5, example = 6)]
    pub above: Option<u64>,
    /// Schools below. Absent: fewer than five, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 5)]
    pub below: Option<u64>,
    /// Schools that show a figure. Absent: fewer than five, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 5, example = 39)]
    pub of: Option<u64>,
}

impl From<&StandingOut> for StandingOutView {
    fn from(out: &StandingOut) -> Self {
        Self {
            finding: out.finding,
            question: out.question.clone(),
            option: out.option,
            worse: word(out.worse),
            above: counted(out.above),
            below: counted(out.below),
            of: counted(out.of),
        }
    }
}

/// An approach that five schools or more take up, or took up the year before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyTakenUp)]
pub struct ApproachedView {
    /// Its word.
    #[schema(example = "standing_by")]
    pub code: String,
    /// Its name.
    pub title: TextView,
    /// Schools that take it up after this campaign. Absent: fewer than five, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 5, example = 12)]
    pub now: Option<u64>,
    /// Schools that took it up after the campaign that this one is compared with. Absent: fewer than five, or none, or the
    /// report has no `before`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 5, example = 9)]
    pub before: Option<u64>,
}

impl From<&Approached> for ApproachedView {
    fn from(one: &Approached) -> Self {
        Self {
            code: one.code.clone(),
            title: one.title.clone().into(),
            now: counted(one.now),
            before: one.before.and_then(counted),
        }
    }
}

/// The campaign that this one is compared with: the newest before it that asked much the same of mostly the same schools and is
/// published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyReportBefore)]
pub struct ReportBeforeView {
    /// The campaign.
    pub campaign_id: uuid::Uuid,
    /// Academic year.
    #[schema(example = "2024/25")]
    pub academic_year: String,
    /// The release.
    #[schema(example = 1)]
    pub release: i64,
    /// The day it was published.
    pub published_on: chrono::NaiveDate,
    /// The survey's first day, which tells two of one academic year apart.
    pub opens_on: chrono::NaiveDate,
}

impl From<&Released> for ReportBeforeView {
    fn from(before: &Released) -> Self {
        let header = &before.header;
        Self {
            campaign_id: header.campaign_id.uuid(),
            academic_year: header.academic_year.clone(),
            release: header.number,
            published_on: header.published_on,
            opens_on: header.window[0],
        }
    }
}

/// The authority's annual report. It names no school, and tells a count of schools from five on: a count that is absent says that
/// there are fewer, and not whether there is any.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyReport)]
pub struct ReportView {
    /// The campaign.
    pub campaign_id: uuid::Uuid,
    /// The release the figures are of.
    #[schema(example = 1)]
    pub release: i64,
    /// Academic year.
    #[schema(example = "2025/26")]
    pub academic_year: String,
    /// The campaign's title.
    pub title: TextView,
    /// The day the release was published.
    pub published_on: chrono::NaiveDate,
    /// The survey's first day, which tells two of one academic year apart.
    pub opens_on: chrono::NaiveDate,
    /// The questionnaire's code and version.
    #[schema(example = "bullying/1")]
    pub instrument: String,
    /// Figures rest on so many answers at least.
    #[schema(example = 30)]
    pub min_base: u64,
    /// How to read the figures.
    pub note: TextView,
    /// Questions of which the figures are an earlier release's.
    pub carried: Vec<CarriedView>,
    /// How the schools took part.
    pub taking_part: TakingPartView,
    /// How many schools stand out, finding by finding.
    pub standing_out: Vec<StandingOutView>,
    /// The authority's figures, and those of year groups, phases and clusters.
    pub tables: Vec<TableView>,
    /// Girls, boys and others, and the roles in bullying, of the authority and its phases; empty in releases from before there
    /// were any.
    pub breakdowns: Vec<BreakdownView>,
    /// The campaign that this one is compared with; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<ReportBeforeView>,
    /// What changed since then, of the authority as a whole; empty without a `before`.
    pub changes: Vec<ChangedView>,
    /// Schools that take up anything at all. Absent: fewer than five, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 5, example = 21)]
    pub schools_taking_up: Option<u64>,
    /// What they take up, in the toolkit's order. That an approach is not among them says neither that nobody takes it up nor that
    /// somebody does.
    pub taken_up: Vec<ApproachedView>,
}

/// How many schools take up anything, as it leaves.
#[must_use]
pub const fn taking_up(annual: &Annual) -> Option<u64> {
    counted(annual.schools_taking_up)
}

impl From<&Annual> for ReportView {
    fn from(annual: &Annual) -> Self {
        let released = &annual.released;
        let header = &released.header;
        Self {
            campaign_id: header.campaign_id.uuid(),
            release: header.number,
            academic_year: header.academic_year.clone(),
            title: header.title.clone().into(),
            published_on: header.published_on,
            opens_on: header.window[0],
            instrument: header.instrument.clone(),
            min_base: header.min_base,
            note: NOTE.to_owned_pair().into(),
            carried: header.carried.iter().map(Into::into).collect(),
            taking_part: (&annual.taking_part).into(),
            standing_out: annual.standing_out.iter().map(Into::into).collect(),
            tables: released.tables.iter().map(|t| table_of(released, t)).collect(),
            breakdowns: header.breakdowns.iter().map(Into::into).collect(),
            before: annual.before.as_ref().map(Into::into),
            changes: annual.changes.iter().map(Into::into).collect(),
            schools_taking_up: taking_up(annual),
            taken_up: annual.taken_up.iter().map(Into::into).collect(),
        }
    }
}

/// Get the authority's annual report
///
/// What its page says, from the newest release: how the schools took part, the authority's figures with those of year groups,
/// phases and clusters, girls, boys and roles told broadly, what changed since the campaign before, how many schools stand out,
/// and what they take up. It names no school, and leaves out a count of fewer than five, be it four or none. The entity tag is
/// the SHA-256 of the answer: what schools sign off and take up changes without a release.
#[utoipa::path(tag = "surveys", operation_id = "get_survey_report", security(("client" = ["surveys:read"]), ("session" = [])),
    params(("campaign_id" = uuid::Uuid, Path, description = "The campaign's id")),
    responses((status = 200, description = "The report", body = ReportView, headers(("ETag" = String, description = "The version"))), ResultProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/report")]
pub async fn get_report(
    app: web::Data<App>,
    signed: Signed,
    request: HttpRequest,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let campaign = CampaignId::from_uuid(*path);
    let annual = app.read(&signed.caller, move |work, _| reports::annual(work, campaign)).await?;
    Ok(tagged_by_content(&request, &ReportView::from(&annual))?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn out(above: usize, below: usize) -> Value {
        let out = StandingOut {
            finding: "high_bullied",
            question: "bullied".to_owned(),
            option: "often",
            worse: Direction::High,
            above: Told::of(above),
            below: Told::of(below),
            of: Told::of(40),
        };
        serde_json::to_value(StandingOutView::from(&out)).unwrap()
    }

    #[test]
    fn five_schools_are_told_and_four_are_told_as_none() {
        let told = out(5, 4);
        assert_eq!((&told["above"], &told["of"]), (&json!(5), &json!(40)));
        assert!(told.get("below").is_none());
        assert_eq!(told, out(5, 0));
    }

    #[test]
    fn an_approach_of_few_is_as_one_of_none_in_either_year() {
        let of = |now, before: Option<usize>| {
            let title = dolen_domain::kernel::Bilingual { cy: "Map".to_owned(), en: "Map".to_owned() };
            let one = Approached {
                code: "mapped_places".to_owned(),
                title,
                now: Told::of(now),
                before: before.map(Told::of),
            };
            serde_json::to_value(ApproachedView::from(&one)).unwrap()
        };
        let told = of(4, Some(7));
        assert_eq!((told.get("now"), &told["before"]), (None, &json!(7)));
        assert_eq!(of(7, Some(4)), of(7, Some(0)));
        assert_eq!(of(7, Some(4)), of(7, None));
    }
}
