//! API clients for who manages them, and what each school consents to.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::access::{self, Action, Role};
use dolen_domain::db::Work;
use dolen_domain::directory::schools;
use dolen_domain::identity::{self, Consent, Member, Networks, NewClient, NewMembership, RegisteredClient, SecretLife};
use dolen_domain::kernel::{
    ClientId, Code, Cursor, FaultCode, Faults, FreeText, Result, SchoolId, SchoolNumber, Scopes, Utc,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Order, Signed};

use super::people::DoneView;
use super::problems::{ActProblems, CreateProblems, ItemProblems, ListProblems};
use super::{Kept, PageQuery, Reply, reply};

/// A school a client is set up to act for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiClientSchool)]
pub struct SchoolConsentView {
    /// Its number.
    #[schema(example = "6764051")]
    pub school_number: String,
    /// Whether the school consents now. Without that the client can do nothing there.
    pub consents: bool,
}

/// An API client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiClient)]
pub struct ApiClientView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its name.
    pub name: String,
    /// What its tokens may allow.
    pub scopes: Vec<String>,
    /// Whether it works; false when it was stopped.
    pub active: bool,
    /// When it was made.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When it stops working.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Until when the secret before the present one still works.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub old_secret_ends_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Networks it may call from; any when empty.
    pub networks: Vec<String>,
    /// The schools it is set up to act for.
    pub schools: Vec<SchoolConsentView>,
}

/// A page of API clients.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiClientPage)]
pub struct ApiClientPageView {
    /// The newest first.
    pub items: Vec<ApiClientView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// A new API client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiClientBody {
    /// Its name, as schools see it.
    #[schema(max_length = 200, example = "MIS of Ysgol Bryn")]
    pub name: String,
    /// What its tokens may allow.
    #[schema(max_items = 20, example = json!(["referrals:write"]))]
    pub scopes: Vec<String>,
    /// `integration` for a school's system, `in_reach_worker` for a health system.
    #[schema(max_length = 40, example = "integration")]
    pub role: String,
    /// Number of the school it acts for, when it consents; absent for a health system.
    #[serde(default)]
    #[schema(max_length = 7, nullable = false, example = "6764051")]
    pub school_number: Option<String>,
    /// When it stops working.
    #[serde(default)]
    #[schema(nullable = false)]
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Networks it may call from; any when empty.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["192.0.2.0/24"]))]
    pub networks: Vec<String>,
}

/// Where a client may call from, and when it stops working: both anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiClientLimitsBody {
    /// When it stops working; never when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub expires_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Networks it may call from; any when empty.
    #[schema(max_items = 50, example = json!(["192.0.2.0/24"]))]
    pub networks: Vec<String>,
}

/// A new secret is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiClientSecretBody {
    /// How long the secret before it still works, in hours: 0 to 720.
    #[schema(maximum = 720, example = 168)]
    pub overlap_hours: u32,
}

/// A secret, shown this once. No `Debug`.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiClientSecret)]
pub struct SecretView {
    /// The client's id.
    pub client_id: uuid::Uuid,
    /// The secret.
    pub client_secret: String,
    /// Until when the secret before it still works.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub old_secret_ends_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// A client at a school.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchoolApiClient)]
pub struct SchoolClientView {
    /// The client's id.
    pub id: uuid::Uuid,
    /// Its name.
    pub name: String,
    /// What its tokens may allow.
    pub scopes: Vec<String>,
    /// Whether the school consents now.
    pub consents: bool,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consented_at: Option<chrono::DateTime<chrono::Utc>>,
    /// On whose word: `school`, `operator` (on paper) or `migration` (it acted for the school before consent was asked for).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "school")]
    pub basis: Option<String>,
}

/// The clients of a school.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchoolApiClients)]
pub struct SchoolClientsView {
    /// By name.
    pub items: Vec<SchoolClientView>,
}

fn words(scopes: &Scopes) -> Vec<String> {
    scopes.to_string().split_ascii_whitespace().map(str::to_owned).collect()
}

fn views(work: &mut Work<'_>, clients: Vec<RegisteredClient>) -> Result<Vec<ApiClientView>> {
    let mut ids: Vec<SchoolId> = clients.iter().flat_map(|c| c.schools.iter().map(|(id, _)| *id)).collect();
    ids.sort_unstable_by_key(|id| id.uuid());
    ids.dedup();
    let known = schools::by_ids(work, &ids)?;
    let number = |id| known.iter().find(|s| s.id == id).map(|s| s.number.to_string());
    let school = |(id, consents)| Some(SchoolConsentView { school_number: number(id)?, consents });
    let view = |c: RegisteredClient| ApiClientView {
        id: c.id.uuid(),
        name: c.name,
        scopes: words(&c.scopes),
        active: c.active,
        created_at: c.created_at.chrono(),
        expires_at: c.expires_at.map(Utc::chrono),
        old_secret_ends_at: c.old_secret_ends_at.map(Utc::chrono),
        networks: c.networks.texts(),
        schools: c.schools.into_iter().filter_map(school).collect(),
    };
    Ok(clients.into_iter().map(view).collect())
}

impl From<Consent> for SchoolClientView {
    fn from(c: Consent) -> Self {
        Self {
            id: c.client.uuid(),
            name: c.name,
            scopes: words(&c.scopes),
            consents: c.given.is_some(),
            consented_at: c.given.map(|g| g.at.chrono()),
            basis: c.given.map(|g| g.basis.to_string()),
        }
    }
}

fn instant(at: Option<chrono::DateTime<chrono::Utc>>) -> Option<Utc> {
    at.map(|at| Utc::from_micros(at.timestamp_micros()))
}

fn networks(faults: &mut Faults, texts: &[String]) -> Networks {
    let mut good = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        if faults.keep(format!("/networks/{n}"), Networks::parse(text)).is_some() {
            good.push(text.as_str());
        }
    }
    faults.keep("/networks", Networks::read(good.into_iter())).unwrap_or_default()
}

impl ApiClientBody {
    /// The client and what it is to be, once its place is found. All faults are told together.
    fn read(&self, work: &mut Work<'_>) -> Result<(NewClient, Role, Option<SchoolId>)> {
        let mut faults = Faults::default();
        let name = faults.keep("/name", FreeText::parse(&self.name));
        let role = self.role.parse::<Role>().ok().filter(|r| matches!(r, Role::Integration | Role::InReachWorker));
        if role.is_none() {
            faults.add("/role", FaultCode::NotInList);
        }
        if self.scopes.is_empty() {
            faults.add("/scopes", FaultCode::Missing);
        }
        for (n, scope) in self.scopes.iter().enumerate() {
            if !Action::ALL.iter().any(|a| a.scope() == Some(scope)) {
                faults.add(format!("/scopes/{n}"), FaultCode::NotInList);
            }
        }
        let school = match self.school_number.as_deref().map(SchoolNumber::parse) {
            None => None,
            Some(Ok(number)) => match schools::by_number(work, &number) {
                Ok(school) => Some(school.id),
                Err(e) if e.code == Code::NotFound => {
                    faults.add("/school_number", FaultCode::NotFound);
                    None
                }
                Err(e) => return Err(e),
            },
            Some(Err(code)) => {
                faults.add("/school_number", code);
                None
            }
        };
        if role == Some(Role::Integration) && self.school_number.is_none() {
            faults.add("/school_number", FaultCode::Missing);
        }
        let networks = networks(&mut faults, &self.networks);
        let expires_at = instant(self.expires_at);
        if expires_at.is_some_and(|at| at <= work.now()) {
            faults.add("/expires_at", FaultCode::DateOutOfRange);
        }
        faults.finish()?;
        let (Some(name), Some(role)) = (name, role) else { return Err(Code::InvalidBody.into()) };
        Ok((NewClient { name, scopes: Scopes::parse(&self.scopes.join(" ")), expires_at, networks }, role, school))
    }
}

/// List API clients
#[utoipa::path(tag = "clients", operation_id = "list_api_clients", params(PageQuery), security(("session" = [])),
    responses((status = 200, description = "A page of clients", body = ApiClientPageView), ListProblems))]
#[get("/v1/api-clients")]
pub async fn list_api_clients(app: web::Data<App>, signed: Signed, query: web::Query<PageQuery>) -> Reply {
    let request = query.read()?;
    let (items, next) = app
        .read(&signed.caller, move |work, _| {
            let page = identity::clients(work, request)?;
            Ok((views(work, page.items)?, page.next))
        })
        .await?;
    Ok(HttpResponse::Ok().json(ApiClientPageView { items, next_cursor: next.map(Cursor::encode) }))
}

/// Get an API client
#[utoipa::path(tag = "clients", operation_id = "get_api_client", security(("session" = [])),
    params(("client_id" = uuid::Uuid, Path, description = "Client")),
    responses((status = 200, description = "The client", body = ApiClientView), ItemProblems))]
#[get("/v1/api-clients/{client_id}")]
pub async fn get_api_client(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = ClientId::from_uuid(*path);
    let view = app
        .read(&signed.caller, move |work, _| {
            let client = identity::registered_client(work, id)?;
            views(work, vec![client])?.pop().ok_or_else(|| Code::NotFound.into())
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Add an API client
///
/// Its secret is in the answer and nowhere else. A client of a school can do nothing there until the school consents.
#[utoipa::path(tag = "clients", operation_id = "create_api_client", request_body = ApiClientBody, security(("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 201, description = "Added", body = SecretView), CreateProblems))]
#[post("/v1/api-clients")]
pub async fn create_api_client(app: web::Data<App>, command: Command<ApiClientBody>) -> Reply {
    let body = command.body;
    reply(&app, command.order, move |work, _| {
        identity::may_manage_people(work)?;
        let (new, role, school) = body.read(work)?;
        let (client, secret) = identity::add_client(work, &new)?;
        let who = Member::Client(client);
        let post = NewMembership { who, role, school, service: None, officer: None, deputy: false };
        identity::add_membership(work, &post)?;
        let view = SecretView {
            client_id: client.uuid(),
            client_secret: secret.reveal().to_owned(),
            old_secret_ends_at: None,
        };
        Kept::json(StatusCode::CREATED, &view, None, Some(format!("/v1/api-clients/{client}")))
    })
    .await
}

/// Replace a client's secret
///
/// The new one is in the answer and nowhere else. The one before works for the overlap; one before that ends now.
#[utoipa::path(tag = "clients", operation_id = "rotate_api_client_secret", request_body = ApiClientSecretBody, security(("session" = [])),
    params(("client_id" = uuid::Uuid, Path, description = "Client"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 201, description = "Replaced", body = SecretView), CreateProblems))]
#[post("/v1/api-clients/{client_id}/secrets")]
pub async fn rotate_api_client_secret(
    app: web::Data<App>,
    command: Command<ApiClientSecretBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let (id, life) = (*path, SecretLife { overlap_hours: command.body.overlap_hours });
    reply(&app, command.order, move |work, _| {
        let (secret, ends_at) = identity::rotate_secret(work, ClientId::from_uuid(id), life)?;
        let view = SecretView {
            client_id: id,
            client_secret: secret.reveal().to_owned(),
            old_secret_ends_at: Some(ends_at.chrono()),
        };
        Kept::json(StatusCode::CREATED, &view, None, None)
    })
    .await
}

/// Limit a client
///
/// Where it may call from, and when it stops working. It holds for tokens made before, from the next request on.
#[utoipa::path(tag = "clients", operation_id = "limit_api_client", request_body = ApiClientLimitsBody, security(("session" = [])),
    params(("client_id" = uuid::Uuid, Path, description = "Client"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "Limited", body = DoneView), CreateProblems))]
#[post("/v1/api-clients/{client_id}/limits")]
pub async fn limit_api_client(
    app: web::Data<App>,
    command: Command<ApiClientLimitsBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let (id, body) = (*path, command.body);
    reply(&app, command.order, move |work, _| {
        identity::may_manage_people(work)?;
        let mut faults = Faults::default();
        let networks = networks(&mut faults, &body.networks);
        faults.finish()?;
        identity::limit_client(work, ClientId::from_uuid(id), &networks, instant(body.expires_at))?;
        Kept::json(StatusCode::OK, &DoneView { id }, None, None)
    })
    .await
}

/// Stop a client
///
/// Its tokens end with the next request.
#[utoipa::path(tag = "clients", operation_id = "deactivate_api_client", security(("session" = [])),
    params(("client_id" = uuid::Uuid, Path, description = "Client"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "Stopped", body = DoneView), ActProblems))]
#[post("/v1/api-clients/{client_id}/deactivate")]
pub async fn deactivate_api_client(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = *path;
    reply(&app, order, move |work, _| {
        identity::deactivate_client(work, ClientId::from_uuid(id))?;
        Kept::json(StatusCode::OK, &DoneView { id }, None, None)
    })
    .await
}

/// The school of this number, for who may consent for a school at all.
fn school_of(work: &mut Work<'_>, number: &str) -> Result<SchoolId> {
    access::scope(work, Action::ConsentClient)?;
    let number = SchoolNumber::parse(number).map_err(|_| Code::NotFound)?;
    Ok(schools::by_number(work, &number)?.id)
}

/// List the API clients of a school
///
/// Every system that is set up to act for the school, and whether the school consents.
#[utoipa::path(tag = "clients", operation_id = "list_school_api_clients", security(("session" = [])),
    params(("school_number" = String, Path, description = "School number", max_length = 7)),
    responses((status = 200, description = "The clients", body = SchoolClientsView), ItemProblems))]
#[get("/v1/schools/{school_number}/api-clients")]
pub async fn list_school_api_clients(app: web::Data<App>, signed: Signed, path: web::Path<String>) -> Reply {
    let found = app
        .read(&signed.caller, move |work, _| {
            let school = school_of(work, &path)?;
            identity::consents_of_school(work, school)
        })
        .await?;
    Ok(HttpResponse::Ok().json(SchoolClientsView { items: found.into_iter().map(Into::into).collect() }))
}

/// Consent to a client
///
/// By the school's headteacher or safeguarding person: the client may act for the school from now on.
#[utoipa::path(tag = "clients", operation_id = "consent_to_api_client", security(("session" = [])),
    params(("school_number" = String, Path, description = "School number", max_length = 7),
        ("client_id" = uuid::Uuid, Path, description = "Client"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "Consent is recorded", body = DoneView), ActProblems))]
#[post("/v1/schools/{school_number}/api-clients/{client_id}/consent")]
pub async fn consent_to_api_client(app: web::Data<App>, order: Order, path: web::Path<(String, uuid::Uuid)>) -> Reply {
    let (number, id) = path.into_inner();
    reply(&app, order, move |work, _| {
        let school = school_of(work, &number)?;
        identity::give_consent(work, school, ClientId::from_uuid(id))?;
        Kept::json(StatusCode::OK, &DoneView { id }, None, None)
    })
    .await
}

/// Withdraw consent to a client
///
/// From the client's next request on the school is closed to it.
#[utoipa::path(tag = "clients", operation_id = "withdraw_api_client_consent", security(("session" = [])),
    params(("school_number" = String, Path, description = "School number", max_length = 7),
        ("client_id" = uuid::Uuid, Path, description = "Client"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "Consent is withdrawn", body = DoneView), ActProblems))]
#[post("/v1/schools/{school_number}/api-clients/{client_id}/withdraw")]
pub async fn withdraw_api_client_consent(
    app: web::Data<App>,
    order: Order,
    path: web::Path<(String, uuid::Uuid)>,
) -> Reply {
    let (number, id) = path.into_inner();
    reply(&app, order, move |work, _| {
        let school = school_of(work, &number)?;
        identity::withdraw_consent(work, school, ClientId::from_uuid(id))?;
        Kept::json(StatusCode::OK, &DoneView { id }, None, None)
    })
    .await
}
