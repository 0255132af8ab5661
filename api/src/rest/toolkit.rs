//! Approaches to bullying.

use actix_web::{HttpResponse, get, web};
use dolen_domain::toolkit::{self, Approach, FindingCode, Level, Theme, Toolkit};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Signed;

use super::Reply;
use super::directory::TextView;
use super::problems::ReadProblems;

/// Something a school can do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Approach)]
pub struct ApproachView {
    /// Its word.
    #[schema(example = "standing_by")]
    pub code: String,
    /// For whom: `universal` (every pupil), `targeted` (a group or a pupil at greater risk) or `specialist` (with a service).
    #[schema(example = "universal")]
    pub level: &'static str,
    /// What for: `prevent` (preventing and tackling bullying), `experienced` (supporting children who have experienced it),
    /// `engaged` (supporting children who have engaged in it) or `consistent` (a consistent and fair response).
    #[schema(example = "prevent")]
    pub theme: &'static str,
    /// Its name.
    pub title: TextView,
    /// What it is.
    pub about: TextView,
    /// How to begin, in this order.
    pub first_steps: Vec<TextView>,
    /// The codes of the services that can help, the nearest first.
    #[schema(example = json!(["eps"]))]
    pub help: Vec<String>,
    /// What a survey shows that it answers, such as `witnesses_do_nothing`, `type_names` or `place_corridor`.
    #[schema(example = json!(["witnesses_do_nothing"]))]
    pub fits: Vec<String>,
}

impl From<Approach> for ApproachView {
    fn from(a: Approach) -> Self {
        Self {
            code: a.code,
            level: match a.level {
                Level::Universal => "universal",
                Level::Targeted => "targeted",
                Level::Specialist => "specialist",
            },
            theme: match a.theme {
                Theme::Prevent => "prevent",
                Theme::Experienced => "experienced",
                Theme::Engaged => "engaged",
                Theme::Consistent => "consistent",
            },
            title: a.title.into(),
            about: a.about.into(),
            first_steps: a.first_steps.into_iter().map(Into::into).collect(),
            help: a.help,
            fits: a.fits.iter().map(FindingCode::to_string).collect(),
        }
    }
}

/// The approaches of a version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApproachList)]
pub struct ApproachListView {
    /// The version; a report names the one its advice is from.
    #[schema(example = 1)]
    pub version: u16,
    /// The approaches.
    pub items: Vec<ApproachView>,
}

impl From<Toolkit> for ApproachListView {
    fn from(toolkit: Toolkit) -> Self {
        Self { version: toolkit.version, items: toolkit.approaches.into_iter().map(Into::into).collect() }
    }
}

/// List approaches to bullying
///
/// What a school can do about what its survey shows, and who can help, in both languages. The advice in a school's pack is
/// chosen from these.
#[utoipa::path(tag = "toolkit", operation_id = "list_approaches", security(("client" = ["directory:read"]), ("session" = [])),
    responses((status = 200, description = "The approaches", body = ApproachListView), ReadProblems))]
#[get("/v1/toolkit/approaches")]
pub async fn list_approaches(app: web::Data<App>, signed: Signed) -> Reply {
    let toolkit = app.read(&signed.caller, |work, _| toolkit::read(work)).await?;
    Ok(HttpResponse::Ok().json(ApproachListView::from(toolkit)))
}
