//! Campaigns, their questions, and how far the schools are.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::instruments;
use dolen_domain::kernel::{Bilingual, CampaignId, FaultCode, Faults, SchoolNumber};
use dolen_domain::surveys::campaigns::{self, Campaign, NewCampaign, SchoolsIn, Window};
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
    /// `ahead`, `open` or `over`.
    #[schema(example = "open")]
    pub window: &'static str,
}

impl CampaignView {
    /// The view of a campaign on a day.
    #[must_use]
    pub fn of(c: Campaign, today: chrono::NaiveDate) -> Self {
        let window = match c.window(today) {
            Window::Ahead => "ahead",
            Window::Open => "open",
            Window::Over => "over",
        };
        Self {
            id: c.id.uuid(),
            academic_year: c.academic_year,
            title: c.title.into(),
            opens_on: c.opens_on,
            closes_on: c.closes_on,
            window,
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
    #[schema(minimum = 0, maximum = 100_000, nullable = false)]
    pub roll: Option<i64>,
}

/// A campaign to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveyCampaign)]
#[serde(deny_unknown_fields)]
pub struct NewCampaignBody {
    /// Code of the questionnaire; its newest version is used.
    #[schema(example = "bullying", max_length = 64)]
    pub instrument: String,
    /// Academic year.
    #[schema(example = "2026/27", max_length = 16)]
    pub academic_year: String,
    /// Title.
    pub title: TextBody,
    /// First day of the window.
    pub opens_on: chrono::NaiveDate,
    /// Last day of the window.
    pub closes_on: chrono::NaiveDate,
    /// Schools that take part; every open one when not given.
    #[schema(max_items = 2000, nullable = false)]
    pub schools: Option<Vec<CampaignSchoolBody>>,
}

impl NewCampaignBody {
    fn read(self) -> dolen_domain::kernel::Result<NewCampaign> {
        let mut faults = Faults::default();
        let schools = match self.schools {
            None => SchoolsIn::AllOpen,
            Some(list) => {
                let mut listed = Vec::new();
                for (i, school) in list.into_iter().enumerate() {
                    let number =
                        faults.keep(format!("/schools/{i}/school_number"), SchoolNumber::parse(&school.school_number));
                    if school.roll.is_some_and(|r| !(0..=100_000).contains(&r)) {
                        faults.add(format!("/schools/{i}/roll"), FaultCode::OutOfRange);
                    }
                    listed.extend(number.map(|n| (n, school.roll)));
                }
                SchoolsIn::Listed(listed)
            }
        };
        faults.finish()?;
        Ok(NewCampaign {
            instrument: self.instrument,
            academic_year: self.academic_year,
            title: Bilingual { cy: self.title.cy, en: self.title.en },
            opens_on: self.opens_on,
            closes_on: self.closes_on,
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
    let today = app.db.clock().now().date();
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
        let view = CampaignView::of(campaign, work.now().date());
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
    let today = app.db.clock().now().date();
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
    let items = all
        .into_iter()
        .map(|p| ProgressView {
            school_number: p.number.to_string(),
            name: p.name.into(),
            accepted: p.accepted,
            roll: p.roll,
            last_received_on: p.last_received_on,
        })
        .collect();
    Ok(HttpResponse::Ok().json(ProgressListView { items }))
}
