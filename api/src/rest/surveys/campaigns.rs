//! Campaigns, their questions, and how far the schools are.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::instruments;
use dolen_domain::kernel::{Bilingual, CampaignId, FaultCode, Faults, Phase, SchoolNumber, YearGroup, uk_date};
use dolen_domain::surveys::campaigns::{
    self, Campaign, Listed, NewCampaign, NilReason, Progress, Rolls, SchoolsIn, YearProgress,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Signed};
use crate::rest::directory::TextView;
use crate::rest::problems::{CreateProblems, ItemProblems, ListProblems};
use crate::rest::{Kept, PageQuery, Reply, reply};

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyCampaign)]
pub struct CampaignView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Academic year.
    #[schema(example = "2026/27")]
    pub academic_year: String,
    /// Title.
    pub title: TextView,
    /// First day of the window.
    pub opens_on: chrono::NaiveDate,
    /// Last day of the window.
    pub closes_on: chrono::NaiveDate,
    /// Last day for schools that had begun by `closes_on`.
    pub ends_on: chrono::NaiveDate,
    /// The year groups asked.
    pub year_groups: Vec<u8>,
    /// `ahead`, `open`, `closing` or `over`.
    #[schema(example = "open")]
    pub window: &'static str,
}

impl CampaignView {
    /// The view of a campaign on a day.
    #[must_use]
    pub fn of(c: Campaign, today: chrono::NaiveDate) -> Self {
        Self {
            window: c.window(today).as_str(),
            ends_on: c.ends_on(),
            year_groups: c.years.iter().map(YearGroup::number).collect(),
            id: c.id.uuid(),
            academic_year: c.academic_year,
            title: c.title.into(),
            opens_on: c.opens_on,
            closes_on: c.closes_on,
        }
    }
}

/// A page of campaigns.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyCampaignPage)]
pub struct CampaignPageView {
    /// Newest first.
    pub items: Vec<CampaignView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// A text in both languages, coming in.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewBilingualText)]
#[serde(deny_unknown_fields)]
pub struct TextBody {
    /// Welsh.
    #[schema(min_length = 1, max_length = 200)]
    pub cy: String,
    /// English.
    #[schema(min_length = 1, max_length = 200)]
    pub en: String,
}

/// A school that takes part.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCampaignSchool)]
#[serde(deny_unknown_fields)]
pub struct CampaignSchoolBody {
    /// Seven digits.
    #[schema(example = "6764051", max_length = 16)]
    pub school_number: String,
    /// Pupils asked.
    #[schema(minimum = 0, maximum = 20_000, nullable = false)]
    pub roll: Option<i64>,
    /// Pupils asked, by year group; they make up `roll`.
    #[schema(max_items = 15, nullable = false)]
    pub rolls: Option<Vec<RollBody>>,
}

/// Pupils on roll of a year group.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveyRoll)]
#[serde(deny_unknown_fields)]
pub struct RollBody {
    /// The year group, 0 (Reception) to 14.
    #[schema(minimum = 0, maximum = 14, example = 8)]
    pub year_group: i64,
    /// Its pupils.
    #[schema(minimum = 0, maximum = 20_000, example = 120)]
    pub pupils: i64,
}

/// Rolls as they come in; `at` is their place.
pub(super) fn read_rolls(list: Vec<RollBody>, at: &str, faults: &mut Faults) -> Vec<(YearGroup, i64)> {
    let mut rolls = Vec::with_capacity(list.len());
    for (i, roll) in list.into_iter().enumerate() {
        let year = faults.keep(format!("{at}/rolls/{i}/year_group"), YearGroup::new(roll.year_group));
        rolls.extend(year.map(|year| (year, roll.pupils)));
    }
    rolls
}

/// A campaign to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveyCampaign)]
#[serde(deny_unknown_fields)]
pub struct NewCampaignBody {
    /// Code of the questionnaire.
    #[schema(example = "bullying", max_length = 64)]
    pub instrument: String,
    /// Its version, which must be published; the newest when not given.
    #[schema(minimum = 1, example = 2, nullable = false)]
    pub instrument_version: Option<i64>,
    /// Academic year.
    #[schema(example = "2026/27", max_length = 16)]
    pub academic_year: String,
    /// Title.
    pub title: TextBody,
    /// First day of the window, in the academic year (1 September to 31 August) or at most a month before or after it.
    pub opens_on: chrono::NaiveDate,
    /// Last day of the window, within the same days.
    pub closes_on: chrono::NaiveDate,
    /// Days after that in which schools that have begun may finish; 0 when not given.
    #[schema(minimum = 0, maximum = 62, nullable = false)]
    pub late_days: Option<u16>,
    /// The year groups asked; every one of the questionnaire's when not given.
    #[schema(max_items = 15, nullable = false)]
    pub year_groups: Option<Vec<i64>>,
    /// Every open school of these phases takes part; there must be one. Not together with `schools`.
    #[schema(max_items = 7, nullable = false)]
    pub phases: Option<Vec<String>>,
    /// Schools that take part; every open one when not given.
    #[schema(max_items = 2000, nullable = false)]
    pub schools: Option<Vec<CampaignSchoolBody>>,
}

impl NewCampaignBody {
    fn read(self) -> dolen_domain::kernel::Result<NewCampaign> {
        let mut faults = Faults::default();
        let mut years = Vec::new();
        for (i, year) in self.year_groups.unwrap_or_default().into_iter().enumerate() {
            years.extend(faults.keep(format!("/year_groups/{i}"), YearGroup::new(year)));
        }
        if self.phases.is_some() && self.schools.is_some() {
            faults.add("/phases", FaultCode::Duplicate);
        }
        let schools = match (self.phases, self.schools) {
            (None, None) => SchoolsIn::AllOpen,
            (Some(words), _) => {
                let mut phases: Vec<Phase> = Vec::new();
                for (i, word) in words.into_iter().enumerate() {
                    phases.extend(faults.keep(format!("/phases/{i}"), word.parse::<Phase>()));
                }
                SchoolsIn::OfPhases(phases)
            }
            (None, Some(list)) => {
                let mut listed = Vec::new();
                for (i, school) in list.into_iter().enumerate() {
                    let at = format!("/schools/{i}");
                    let number = faults.keep(format!("{at}/school_number"), SchoolNumber::parse(&school.school_number));
                    let by_year = read_rolls(school.rolls.unwrap_or_default(), &at, &mut faults);
                    let rolls = Rolls { all: school.roll, by_year };
                    listed.extend(number.map(|number| Listed { number, rolls }));
                }
                SchoolsIn::Listed(listed)
            }
        };
        faults.finish()?;
        Ok(NewCampaign {
            instrument: self.instrument,
            instrument_version: self.instrument_version,
            academic_year: self.academic_year,
            title: Bilingual { cy: self.title.cy, en: self.title.en },
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            late_days: self.late_days.unwrap_or(0),
            years,
            schools,
        })
    }
}

/// How far one school is. Counts of responses, never answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveySchoolProgress)]
pub struct ProgressView {
    /// The school.
    #[schema(example = "6764051")]
    pub school_number: String,
    /// Its name.
    pub name: TextView,
    /// Responses accepted.
    pub accepted: i64,
    /// Pupils asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub roll: Option<i64>,
    /// The day of the last submission.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_received_on: Option<chrono::NaiveDate>,
    /// How far it is in a word: `owing`, `begun`, `signed_off` or `nil_return`.
    #[schema(example = "begun")]
    pub stage: &'static str,
    /// The day it was signed off, or a nil return made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub signed_off_on: Option<chrono::NaiveDate>,
    /// Why there is nothing to send: `no_pupils`, `school_closed` or `not_taking_part`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub nil_return: Option<&'static str>,
    /// The last day of its being opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unlocked_until: Option<chrono::NaiveDate>,
    /// Each year group that has pupils on roll or responses.
    pub year_groups: Vec<YearProgressView>,
}

/// How far a year group of a school is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyYearProgress)]
pub struct YearProgressView {
    /// The year group, 0 (Reception) to 14.
    #[schema(example = 8)]
    pub year_group: u8,
    /// Responses accepted.
    pub accepted: i64,
    /// Pupils on roll.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub roll: Option<i64>,
}

impl From<Progress> for ProgressView {
    fn from(p: Progress) -> Self {
        let year =
            |y: YearProgress| YearProgressView { year_group: y.year.number(), accepted: y.accepted, roll: y.roll };
        Self {
            school_number: p.number.to_string(),
            name: p.name.into(),
            accepted: p.accepted,
            roll: p.roll,
            last_received_on: p.last_received_on,
            stage: p.stage.as_str(),
            signed_off_on: p.part.signed_off_on,
            nil_return: p.part.nil.map(NilReason::as_str),
            unlocked_until: p.part.unlocked_until,
            year_groups: p.years.into_iter().map(year).collect(),
        }
    }
}

/// How far the schools are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyProgress)]
pub struct ProgressListView {
    /// By school number.
    pub items: Vec<ProgressView>,
}

/// List campaigns
#[utoipa::path(tag = "surveys", operation_id = "list_survey_campaigns", params(PageQuery), security(("client" = ["surveys:read"]), ("session" = [])),
    responses((status = 200, description = "A page of campaigns", body = CampaignPageView), ListProblems))]
#[get("/v1/survey-campaigns")]
pub async fn list_campaigns(app: web::Data<App>, signed: Signed, query: web::Query<PageQuery>) -> Reply {
    let request = query.read()?;
    let today = uk_date(app.db.clock().now());
    let page = app.read(&signed.caller, move |work, _| campaigns::list(work, request)).await?;
    let next_cursor = page.next.map(dolen_domain::kernel::Cursor::encode);
    let items = page.items.into_iter().map(|c| CampaignView::of(c, today)).collect();
    Ok(HttpResponse::Ok().json(CampaignPageView { items, next_cursor }))
}

/// Make a campaign
#[utoipa::path(tag = "surveys", operation_id = "create_survey_campaign", request_body = NewCampaignBody, security(("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 201, description = "Made", body = CampaignView), CreateProblems))]
#[post("/v1/survey-campaigns")]
pub async fn create_campaign(app: web::Data<App>, command: Command<NewCampaignBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, _| {
        let campaign = campaigns::create(work, body.read()?)?;
        let view = CampaignView::of(campaign, uk_date(work.now()));
        let location = format!("/v1/survey-campaigns/{}", view.id);
        Kept::json(StatusCode::CREATED, &view, None, Some(location))
    })
    .await
}

/// Get a campaign
#[utoipa::path(tag = "surveys", operation_id = "get_survey_campaign", security(("client" = ["surveys:read"]), ("session" = [])),
    params(("campaign_id" = uuid::Uuid, Path, description = "The campaign's id")),
    responses((status = 200, description = "The campaign", body = CampaignView), ItemProblems))]
#[get("/v1/survey-campaigns/{campaign_id}")]
pub async fn get_campaign(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CampaignId::from_uuid(*path);
    let today = uk_date(app.db.clock().now());
    let campaign = app.read(&signed.caller, move |work, _| campaigns::by_id(work, id)).await?;
    Ok(HttpResponse::Ok().json(CampaignView::of(campaign, today)))
}

/// Get a campaign's questions
///
/// The questionnaire as data: bands of year groups, questions with their wording in both languages, options, and which
/// earlier answers a question depends on.
#[utoipa::path(tag = "surveys", operation_id = "get_survey_instrument", security(("client" = ["surveys:read"]), ("session" = [])),
    params(("campaign_id" = uuid::Uuid, Path, description = "The campaign's id")),
    responses((status = 200, description = "The questionnaire", body = serde_json::Value), ItemProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/instrument")]
pub async fn get_instrument(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CampaignId::from_uuid(*path);
    let instrument = app
        .read(&signed.caller, move |work, _| {
            let campaign = campaigns::by_id(work, id)?;
            instruments::by_id(work, campaign.instrument)
        })
        .await?;
    Ok(HttpResponse::Ok().json(instrument.definition))
}

/// See how far the schools are
#[utoipa::path(tag = "surveys", operation_id = "get_survey_progress", security(("client" = ["surveys:read"]), ("session" = [])),
    params(("campaign_id" = uuid::Uuid, Path, description = "The campaign's id")),
    responses((status = 200, description = "How far the schools are", body = ProgressListView), ItemProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/progress")]
pub async fn get_progress(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = CampaignId::from_uuid(*path);
    let all = app.read(&signed.caller, move |work, _| campaigns::progress(work, id)).await?;
    let items = all.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(ProgressListView { items }))
}
