//! Records close together, for the psychology service's lead; and what became of a year's returns, for the authority.

use actix_web::{HttpResponse, get, web};
use dolen_domain::db::Work;
use dolen_domain::directory::schools;
use dolen_domain::kernel::{Bilingual, Reference, Result, pair};
use dolen_domain::warrn::alerts::{self, Alert, AlertPlace};
use dolen_domain::warrn::returns::{self, Reintegration};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::Signed;
use crate::rest::Reply;
use crate::rest::directory::TextView;
use crate::rest::problems::{ReadProblems, ReportProblems};
use crate::rest::surveys::{FigureView, figure_of};

/// Records of several children close together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarrnAlert)]
pub struct AlertView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its reference.
    pub reference: String,
    /// The school, where they are of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "6764051")]
    pub school_number: Option<String>,
    /// The cluster of schools, where they are of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cluster: Option<String>,
    /// When it was raised.
    pub raised_at: chrono::DateTime<chrono::Utc>,
    /// How many records; the last fifty of more.
    #[schema(minimum = 2, maximum = 50)]
    pub records: usize,
    /// Their references.
    #[schema(max_items = 50)]
    pub references: Vec<String>,
}

impl AlertView {
    fn of(alert: &Alert, schools: &[schools::School]) -> Self {
        let (school_number, cluster) = match &alert.place {
            AlertPlace::School(id) => (schools.iter().find(|s| s.id == *id).map(|s| s.number.to_string()), None),
            AlertPlace::Cluster(name) => (None, Some(name.clone())),
        };
        Self {
            id: alert.id.uuid(),
            reference: alert.reference.to_string(),
            school_number,
            cluster,
            raised_at: alert.raised_at.chrono(),
            records: alert.records.len(),
            references: alert.records.iter().map(Reference::to_string).collect(),
        }
    }
}

/// The last alerts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarrnAlertList)]
pub struct AlertListView {
    /// The last raised first, a hundred at most.
    #[schema(max_items = 100)]
    pub items: Vec<AlertView>,
}

/// List records that came close together
///
/// Of two or more children of a school or a cluster within some weeks: counts and references, for the lead of the psychology
/// service alone. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "warrn", operation_id = "list_alerts", security(("session" = [])),
    responses((status = 200, description = "The last raised first", body = AlertListView), ReadProblems))]
#[get("/v1/alerts")]
pub async fn list_alerts(app: web::Data<App>, signed: Signed) -> Reply {
    let items = app.write(&signed.caller, |work, _| last_alerts(work)).await?;
    Ok(HttpResponse::Ok().json(AlertListView { items }))
}

/// The views of the last alerts.
///
/// # Errors
/// A refusal of `access`.
pub fn last_alerts(work: &mut Work<'_>) -> Result<Vec<AlertView>> {
    let found = alerts::alerts(work)?;
    let school = |alert: &Alert| match alert.place {
        AlertPlace::School(id) => Some(id),
        AlertPlace::Cluster(_) => None,
    };
    let ids: Vec<_> = found.iter().filter_map(school).collect();
    let schools = schools::by_ids(work, &ids)?;
    Ok(found.iter().map(|a| AlertView::of(a, &schools)).collect())
}

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct YearQuery {
    /// The academic year in which the records were closed.
    #[param(example = "2024/25", min_length = 7, max_length = 7)]
    pub academic_year: String,
}

/// What became of a year's returns.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReintegrationReport)]
pub struct ReportView {
    /// The year.
    #[schema(example = "2025/26")]
    pub academic_year: String,
    /// How to read the figures.
    pub note: TextView,
    /// `outcomes`: closed records by outcome. `sustained`: of the children who came back, those a review saw at school
    /// after six and after twelve weeks.
    pub figures: Vec<FigureView>,
    /// Half of the children were back after so many school days or fewer; absent when too few came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub median_school_days: Option<u32>,
}

/// How to read the figures. Welsh awaits a translator's review.
pub const NOTE: Bilingual<&'static str> = pair(
    "Cyfrannau fel ystodau; nifer y cofnodion wedi'i dalgrynnu i lawr i luosrif o 5. c: cyfrinachol, rhy ychydig o gofnodion, neu byddent yn datgelu rhai eraill; z: dim cofnodion.",
    "Shares as ranges; the number of records rounded down to a multiple of 5. c: confidential, too few records, or they would give others away; z: no records.",
);

/// Get the report of a year's returns
///
/// For the authority as a whole, never of a school, and of a year that is over. A figure is published only when at least 30
/// records stand behind it.
#[utoipa::path(tag = "warrn", operation_id = "get_reintegration_report", params(YearQuery), security(("session" = [])),
    responses((status = 200, description = "The report", body = ReportView), ReportProblems))]
#[get("/v1/reports/reintegration")]
pub async fn get_reintegration_report(app: web::Data<App>, signed: Signed, query: web::Query<YearQuery>) -> Reply {
    let year = query.into_inner().academic_year;
    let report = app
        .write(&signed.caller, move |work, app| {
            returns::reintegration(work, &app.settings.warrn, app.threshold(), &year)
        })
        .await?;
    Ok(HttpResponse::Ok().json(report_of(report)))
}

/// The view of a report.
#[must_use]
pub fn report_of(report: Reintegration) -> ReportView {
    let figures = vec![figure_of("outcomes", &report.outcomes), figure_of("sustained", &report.sustained)];
    ReportView {
        academic_year: report.academic_year,
        note: NOTE.to_owned_pair().into(),
        figures,
        median_school_days: report.median_school_days,
    }
}
