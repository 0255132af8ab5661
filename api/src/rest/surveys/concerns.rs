//! Concerns: that help words were written in a class on a day.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::db::Work;
use dolen_domain::directory::schools;
use dolen_domain::kernel::{CampaignId, ConcernId, Result};
use dolen_domain::surveys::concerns::{self, Concern, Scope};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Order, Signed};
use crate::rest::directory::school_number;
use crate::rest::problems::{ActProblems, ReadProblems};
use crate::rest::{Kept, Reply, reply};

/// Help words were written in a class on a day: one however many wrote some, and never whose they were.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyConcern)]
pub struct ConcernView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its reference.
    pub reference: String,
    /// The campaign.
    pub campaign_id: uuid::Uuid,
    /// The school.
    #[schema(example = "6764051")]
    pub school_number: String,
    /// The year group; absent when it is one of the school's classes of which few answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 8)]
    pub year_group: Option<u8>,
    /// The class; absent when it is one of several of which few answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "8 Glas")]
    pub class: Option<String>,
    /// The day.
    pub day: chrono::NaiveDate,
    /// When somebody of the school took it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub acknowledged_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl ConcernView {
    fn of(concern: Concern, schools: &[schools::School]) -> Self {
        let (year_group, class) = match concern.scope {
            Scope::Class(year, class) => (Some(year.number()), Some(class)),
            Scope::Year(year) => (Some(year.number()), None),
            Scope::School => (None, None),
        };
        let school = schools.iter().find(|school| school.id == concern.school);
        Self {
            id: concern.id.uuid(),
            reference: concern.reference.to_string(),
            campaign_id: concern.campaign.uuid(),
            school_number: school.map(|school| school.number.to_string()).unwrap_or_default(),
            year_group,
            class,
            day: concern.day,
            acknowledged_at: concern.acknowledged.map(|(_, at)| at.chrono()),
        }
    }
}

/// The concerns of the caller's schools.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyConcernList)]
pub struct ConcernListView {
    /// The latest day first, five hundred at most.
    #[schema(max_items = 500)]
    pub items: Vec<ConcernView>,
}

fn views(work: &mut Work<'_>, found: Vec<Concern>) -> Result<Vec<ConcernView>> {
    let ids: Vec<_> = found.iter().map(|concern| concern.school).collect();
    let schools = schools::by_ids(work, &ids)?;
    Ok(found.into_iter().map(|concern| ConcernView::of(concern, &schools)).collect())
}

/// List concerns of the survey
///
/// In which classes pupils wrote, on which day, words that say somebody may be hurt; for the school's safeguarding person and
/// the authority's lead. Never whose they were, nor what they were. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "surveys", operation_id = "list_survey_concerns", security(("session" = [])),
    responses((status = 200, description = "The latest day first", body = ConcernListView), ReadProblems))]
#[get("/v1/survey-concerns")]
pub async fn list_concerns(app: web::Data<App>, signed: Signed) -> Reply {
    let found = app.write(&signed.caller, |work, _| {
        let found = concerns::list(work)?;
        views(work, found)
    });
    Ok(HttpResponse::Ok().json(ConcernListView { items: found.await? }))
}

/// Take a concern up
///
/// Says that the school's safeguarding person knows and acts. Taking it up again changes nothing.
#[utoipa::path(tag = "surveys", operation_id = "acknowledge_survey_concern", security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "The school's number"),
        ("concern_id" = uuid::Uuid, Path, description = "The concern's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Taken up", body = ConcernView), ActProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/concerns/{concern_id}/acknowledge")]
pub async fn acknowledge_concern(
    app: web::Data<App>,
    order: Order,
    path: web::Path<(uuid::Uuid, String, uuid::Uuid)>,
) -> Reply {
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    let id = ConcernId::from_uuid(path.2);
    reply(&app, order, move |work, _| {
        let concern = concerns::acknowledge(work, (campaign, &number), id)?;
        let view = views(work, vec![concern])?.into_iter().next();
        Kept::json(StatusCode::OK, &view.ok_or(dolen_domain::kernel::Code::NotFound)?, None, None)
    })
    .await
}
