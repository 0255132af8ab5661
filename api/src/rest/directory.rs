//! Schools, services and the contact list.

use actix_web::{HttpRequest, HttpResponse, get, web};
use dolen_domain::access::{self, Action};
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::kernel::{FaultCode, Result, SchoolNumber};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Signed;
use crate::error::Problem;

use super::problems::{ItemProblems, ListProblems, ReadProblems};
use super::{PageQuery, Reply, tagged};

/// A text in both languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BilingualText, example = json!({"cy": "Cwnsela mewn ysgolion", "en": "School-based counselling"}))]
pub struct TextView {
    /// Welsh.
    pub cy: String,
    /// English.
    pub en: String,
}

impl From<dolen_domain::kernel::Bilingual> for TextView {
    fn from(t: dolen_domain::kernel::Bilingual) -> Self {
        Self { cy: t.cy, en: t.en }
    }
}

/// A school.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = School)]
pub struct SchoolView {
    /// Authority and establishment, seven digits.
    #[schema(example = "6764051", pattern = "^[0-9]{7}$")]
    pub number: String,
    /// Name.
    pub name: TextView,
    /// Phase: `nursery`, `primary`, `middle`, `secondary`, `special`, `pru` or `independent`.
    #[schema(example = "secondary")]
    pub phase: String,
    /// Language of teaching.
    #[schema(example = "english")]
    pub medium: String,
    /// Cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cluster: Option<String>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub opened_on: Option<chrono::NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closed_on: Option<chrono::NaiveDate>,
}

impl From<schools::School> for SchoolView {
    fn from(s: schools::School) -> Self {
        Self {
            number: s.number.to_string(),
            name: s.name.into(),
            phase: s.phase.to_string(),
            medium: s.medium.to_string(),
            cluster: s.cluster,
            opened_on: s.opened_on,
            closed_on: s.closed_on,
        }
    }
}

/// A page of schools.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchoolPage)]
pub struct SchoolPageView {
    /// The schools.
    pub items: Vec<SchoolView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// What a service takes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceGate)]
pub struct GateView {
    /// First year group taken (0 is Reception); every one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from_year: Option<u8>,
    /// Last year group taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to_year: Option<u8>,
    /// Phases taken; every one when empty.
    pub phases: Vec<String>,
    /// Whether consent must be recorded.
    pub consent_required: bool,
    /// Whether the school must say what it has tried.
    pub evidence_required: bool,
}

/// A service schools refer to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Service)]
pub struct ServiceView {
    /// Its short word.
    #[schema(example = "sbc")]
    pub code: String,
    /// Name.
    pub name: TextView,
    /// What a referral must meet.
    pub gate: GateView,
}

impl From<services::Service> for ServiceView {
    fn from(s: services::Service) -> Self {
        Self {
            code: s.code,
            name: s.name.into(),
            gate: GateView {
                from_year: s.gate.years.map(|y| y.0),
                to_year: s.gate.years.map(|y| y.1),
                phases: s.gate.phases.iter().map(ToString::to_string).collect(),
                consent_required: s.gate.consent_required,
                evidence_required: s.gate.evidence_required,
            },
        }
    }
}

/// The services.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceList)]
pub struct ServiceListView {
    /// The services.
    pub items: Vec<ServiceView>,
}

/// Someone on the contact list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Officer)]
pub struct OfficerView {
    /// Their id.
    pub id: uuid::Uuid,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// Their e-mail address.
    pub email: String,
    /// What they look after, as codes.
    pub key_areas: Vec<String>,
}

/// The contact list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfficerList)]
pub struct OfficerListView {
    /// Those listed now.
    pub items: Vec<OfficerView>,
}

/// Reads a school number out of an address: a malformed one is an unknown school.
pub(super) fn school_number(text: &str) -> Result<SchoolNumber> {
    SchoolNumber::parse(text).map_err(|_: FaultCode| dolen_domain::kernel::Code::NotFound.into())
}

/// List schools
#[utoipa::path(tag = "directory", operation_id = "list_schools", params(PageQuery), security(("client" = ["directory:read"]), ("session" = [])),
    responses(
        (status = 200, description = "A page of schools", body = SchoolPageView),
        ListProblems,
    ))]
#[get("/v1/schools")]
pub async fn list_schools(app: web::Data<App>, signed: Signed, query: web::Query<PageQuery>) -> Reply {
    let request = query.read()?;
    let page = app
        .read(&signed.caller, move |work, _| {
            let scope = access::scope(work, Action::ReadDirectory)?;
            schools::page(work, &scope, request)
        })
        .await?;
    let next_cursor = page.next.map(dolen_domain::kernel::Cursor::encode);
    Ok(HttpResponse::Ok().json(SchoolPageView { items: page.items.into_iter().map(Into::into).collect(), next_cursor }))
}

/// Get a school
#[utoipa::path(tag = "directory", operation_id = "get_school", security(("client" = ["directory:read"]), ("session" = [])),
    params(("school_number" = String, Path, description = "Seven digits", example = "6764051")),
    responses(
        (status = 200, description = "The school", body = SchoolView, headers(("ETag" = String, description = "Its version"))),
        (status = 304, description = "The caller has this version"),
        ItemProblems,
    ))]
#[get("/v1/schools/{school_number}")]
pub async fn get_school(app: web::Data<App>, signed: Signed, path: web::Path<String>, request: HttpRequest) -> Reply {
    let number = school_number(&path)?;
    let school = app
        .read(&signed.caller, move |work, _| {
            access::scope(work, Action::ReadDirectory)?;
            schools::by_number(work, &number)
        })
        .await?;
    let view = SchoolView::from(school);
    // The tag stands for exactly what this view shows.
    let shown = serde_json::to_vec(&view).map_err(dolen_domain::kernel::Error::internal)?;
    let tag = app.vault.tag(&[b"school", &shown]);
    Ok(tagged(&request, &tag, &view))
}

/// List services
#[utoipa::path(tag = "directory", operation_id = "list_services", security(("client" = ["directory:read"]), ("session" = [])),
    responses(
        (status = 200, description = "The services", body = ServiceListView),
        ReadProblems,
    ))]
#[get("/v1/services")]
pub async fn list_services(app: web::Data<App>, signed: Signed) -> Reply {
    let all = app
        .read(&signed.caller, |work, _| {
            access::scope(work, Action::ReadDirectory)?;
            services::all(work)
        })
        .await?;
    let items = all.into_iter().filter(|s| s.active).map(Into::into).collect();
    Ok(HttpResponse::Ok().json(ServiceListView { items }))
}

/// List officers
///
/// The contact list: who looks after what.
#[utoipa::path(tag = "directory", operation_id = "list_officers", security(("client" = ["directory:read"]), ("session" = [])),
    responses(
        (status = 200, description = "The contact list", body = OfficerListView),
        ReadProblems,
    ))]
#[get("/v1/officers")]
pub async fn list_officers(app: web::Data<App>, signed: Signed) -> Result<HttpResponse, Problem> {
    let listed = app
        .read(&signed.caller, |work, _| {
            access::scope(work, Action::ReadDirectory)?;
            officers::all_listed(work)
        })
        .await?;
    let items = listed
        .into_iter()
        .map(|o| OfficerView {
            id: o.id.uuid(),
            name: o.name,
            role: o.role_title,
            email: o.email.to_string(),
            key_areas: o.areas.iter().map(ToString::to_string).collect(),
        })
        .collect();
    Ok(HttpResponse::Ok().json(OfficerListView { items }))
}
