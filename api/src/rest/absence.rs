//! Saying when one is away: what comes meanwhile goes to one's deputy from the start.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, web};
use chrono::NaiveDate;
use dolen_domain::identity::{self, Absence};
use dolen_domain::kernel::Code;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Signed};
use crate::error::Problem;

use super::problems::{CreateProblems, ItemProblems};
use super::{Kept, Reply, reply};

/// When somebody is away.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = Absence)]
#[serde(deny_unknown_fields)]
pub struct AbsenceBody {
    /// The first day.
    pub begins_on: NaiveDate,
    /// The last day, counted too; at most a year from now.
    pub ends_on: NaiveDate,
}

impl From<Absence> for AbsenceBody {
    fn from(Absence { begins_on, ends_on }: Absence) -> Self {
        Self { begins_on, ends_on }
    }
}

/// The caller's absences.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnAbsences)]
pub struct AbsenceListView {
    /// Those that are not over; none or one.
    pub items: Vec<AbsenceBody>,
}

/// Get one's own absence
///
/// The days on which one has said to be away, and that are not over.
#[utoipa::path(tag = "auth", operation_id = "get_absence", security(("session" = [])),
    responses((status = 200, description = "None or one", body = AbsenceListView), ItemProblems))]
#[get("/v1/account/absence")]
pub async fn get_absence(app: web::Data<App>, signed: Signed) -> Reply {
    signed.session.as_ref().ok_or(Problem::from(Code::NotFound))?;
    let found = app.read(&signed.caller, |work, _| identity::own_absences(work)).await?;
    Ok(HttpResponse::Ok().json(AbsenceListView { items: found.into_iter().map(Into::into).collect() }))
}

/// Say when one is away
///
/// In place of what was said before. WARRN records that come meanwhile go to the deputy from the start.
#[utoipa::path(tag = "auth", operation_id = "record_absence", request_body = AbsenceBody, security(("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 201, description = "Kept", body = AbsenceBody), CreateProblems))]
#[post("/v1/account/absence")]
pub async fn record_absence(app: web::Data<App>, command: Command<AbsenceBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, _| {
        let AbsenceBody { begins_on, ends_on } = body;
        identity::set_own_absence(work, Some(Absence { begins_on, ends_on }))?;
        Kept::json(StatusCode::CREATED, &body, None, None)
    })
    .await
}

/// Say that one is not away
#[utoipa::path(tag = "auth", operation_id = "end_absence", security(("session" = [])),
    responses((status = 204, description = "Not away"), ItemProblems))]
#[delete("/v1/account/absence")]
pub async fn end_absence(app: web::Data<App>, signed: Signed) -> Reply {
    signed.session.as_ref().ok_or(Problem::from(Code::NotFound))?;
    app.write(&signed.caller, |work, _| identity::set_own_absence(work, None)).await?;
    Ok(HttpResponse::NoContent().finish())
}
