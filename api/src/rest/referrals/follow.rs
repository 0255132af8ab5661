//! Following referrals.

use actix_web::{HttpRequest, HttpResponse, get, web};
use dolen_domain::access::{self, Action};
use dolen_domain::directory::{schools, services};
use dolen_domain::kernel::{Code, Error, PageRequest, ReferralId, Result, SchoolNumber};
use dolen_domain::referrals::{self, Filter, State};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::auth::Signed;
use crate::rest::problems::{ItemProblems, ListProblems};
use crate::rest::{Reply, etag, tagged};

use super::KIND;
use super::views::{Names, ReferralContentView, ReferralEventListView, ReferralPageView, ReferralView, view_of};

/// Which referrals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReferralQuery {
    /// In this state.
    #[param(max_length = 32, nullable = false, example = "submitted")]
    pub state: Option<String>,
    /// From this school.
    #[param(max_length = 16, nullable = false, example = "6764051")]
    pub school_number: Option<String>,
    /// For this service.
    #[param(max_length = 32, nullable = false, example = "sbc")]
    pub service: Option<String>,
    /// Routed to the caller, or opened by the caller.
    #[param(nullable = false)]
    pub mine: Option<bool>,
    /// Items on a page, 1 to 200; 50 when not given.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200, nullable = false)]
    pub cursor: Option<String>,
}

impl ReferralQuery {
    /// The state asked for, and the page.
    fn read(&self) -> Result<(Option<State>, PageRequest)> {
        let bad = |_| Error::new(Code::InvalidParameter).with_detail("state is one of the documented words");
        let state = self.state.as_deref().map(|s| s.parse::<State>().map_err(bad)).transpose()?;
        Ok((state, PageRequest::read(self.limit, self.cursor.as_deref())?))
    }
}

/// List referrals
///
/// Those of the caller's school, service or desk, newest first. Envelopes only.
#[utoipa::path(tag = "referrals", operation_id = "list_referrals", params(ReferralQuery), security(("client" = ["referrals:read"]), ("session" = [])),
    responses((status = 200, description = "A page of referrals", body = ReferralPageView), ListProblems))]
#[get("/v1/referrals")]
pub async fn list_referrals(app: web::Data<App>, signed: Signed, query: web::Query<ReferralQuery>) -> Reply {
    let (state, request) = query.read()?;
    let query = query.into_inner();
    let page = app
        .read(&signed.caller, move |work, _| {
            // Which schools and services there are is told to nobody without a right to any referral.
            access::scope(work, Action::ReadReferral)?;
            let unknown = |name| Error::new(Code::InvalidParameter).with_detail(format!("there is no such {name}"));
            let school = match &query.school_number {
                Some(text) => {
                    let number = SchoolNumber::parse(text).map_err(|_| unknown("school"))?;
                    Some(schools::by_number(work, &number).map_err(|_| unknown("school"))?.id)
                }
                None => None,
            };
            let service = match &query.service {
                Some(code) => Some(services::by_code(work, code).map_err(|_| unknown("service"))?.id),
                None => None,
            };
            let filter = Filter { state, school, service, mine: query.mine.unwrap_or(false) };
            let page = referrals::list(work, &filter, request)?;
            let names = Names::read(work, &page.items)?;
            Ok(page.map(|e| names.view(&e)))
        })
        .await?;
    let next_cursor = page.next.map(dolen_domain::kernel::Cursor::encode);
    Ok(HttpResponse::Ok().json(ReferralPageView { items: page.items, next_cursor }))
}

/// Get a referral
///
/// The reading is recorded before the answer leaves.
#[utoipa::path(tag = "referrals", operation_id = "get_referral", security(("client" = ["referrals:read"]), ("session" = [])),
    params(("referral_id" = uuid::Uuid, Path, description = "The referral's id")),
    responses(
        (status = 200, description = "The referral", body = ReferralView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        (status = 304, description = "The caller has this version"),
        ItemProblems,
    ))]
#[get("/v1/referrals/{referral_id}")]
pub async fn get_referral(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    request: HttpRequest,
) -> Reply {
    let id = ReferralId::from_uuid(*path);
    let (view, tag) = app
        .write(&signed.caller, move |work, app| {
            let envelope = referrals::envelope(work, id)?;
            Ok((view_of(work, &envelope)?, etag(&app.vault, KIND, id.uuid(), envelope.version)))
        })
        .await?;
    Ok(tagged(&request, &tag, &view))
}

/// Get a referral's content
///
/// The child and the narrative. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "referrals", operation_id = "get_referral_content", security(("client" = ["referrals:read"]), ("session" = [])),
    params(("referral_id" = uuid::Uuid, Path, description = "The referral's id")),
    responses((status = 200, description = "The content", body = ReferralContentView), ItemProblems))]
#[get("/v1/referrals/{referral_id}/content")]
pub async fn get_referral_content(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = ReferralId::from_uuid(*path);
    let reading = app.write(&signed.caller, move |work, app| referrals::read(work, &app.vault, id)).await?;
    let opened = reading.into_opened()?;
    Ok(HttpResponse::Ok().json(ReferralContentView::from(opened)))
}

/// List what happened to a referral
///
/// The reading is recorded before the answer leaves.
#[utoipa::path(tag = "referrals", operation_id = "list_referral_events", security(("client" = ["referrals:read"]), ("session" = [])),
    params(("referral_id" = uuid::Uuid, Path, description = "The referral's id")),
    responses((status = 200, description = "What happened, oldest first", body = ReferralEventListView), ItemProblems))]
#[get("/v1/referrals/{referral_id}/events")]
pub async fn list_referral_events(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = ReferralId::from_uuid(*path);
    let events = app.write(&signed.caller, move |work, _| referrals::history(work, id)).await?;
    let items = events.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(ReferralEventListView { items }))
}
