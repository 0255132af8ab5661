//! The steps of a return to school.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use dolen_domain::access::Action;
use dolen_domain::db::Work;
use dolen_domain::kernel::{Code, Result, WarrnId};
use dolen_domain::warrn;
use dolen_domain::warrn::returns::{self, TakeStep};

use crate::app::App;
use crate::auth::{Command, Order, Signed};
use crate::rest::problems::{ChangeProblems, ItemProblems, ReadProblems};
use crate::rest::{Kept, Reply, etag, etag_matches, reply, tagged};

use super::KIND;
use super::bodies::{
    FullTimeBody, OutcomeBody, ReturnBody, ReturnDateBody, ReturnMeetingBody, ReturnPlanBody, ReturnWithdrawalBody,
    ReviewBody, RiskAssessmentBody,
};
use super::views::{FileView, OwnStepListView, ProgressView, ReturningListView};

/// Days ahead that `list_own_return_steps` looks.
const AHEAD_DAYS: u32 = 7;

/// Changes a record once for the key, in the version the caller has seen, and answers how far it is then.
async fn change(
    app: &App,
    order: Order,
    (action, id): (Action, WarrnId),
    f: impl FnOnce(&mut Work<'_>, &App, i64) -> Result<()> + Send + 'static,
) -> Reply {
    let given = order.if_match.clone();
    reply(app, order, move |work, app| {
        // Who may not do this is told so before anything about versions.
        let version = warrn::version(work, action, id)?;
        let given = given.ok_or(Code::VersionRequired)?;
        etag_matches(&app.vault, KIND, id.uuid(), version, &given)?;
        f(work, app, version)?;
        let (record, progress) = returns::progress_after(work, action, id)?;
        let tag = etag(&app.vault, KIND, id.uuid(), record.version);
        Kept::json(StatusCode::OK, &ProgressView::of(&record, &progress), Some(tag), None)
    })
    .await
}

async fn take(
    app: &App,
    order: Order,
    id: uuid::Uuid,
    step: impl FnOnce() -> Result<TakeStep> + Send + 'static,
) -> Reply {
    let id = WarrnId::from_uuid(id);
    change(app, order, (Action::StepWarrn, id), move |work, app, version| {
        returns::take_step(work, &app.vault, &app.settings.warrn, id, version, step()?).map(|_| ())
    })
    .await
}

/// Note the school's risk assessment
///
/// With the psychology service where it took part; in words, never a score.
#[utoipa::path(tag = "warrn", operation_id = "assess_warrn_risk", request_body = RiskAssessmentBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/risk-assessment")]
pub async fn assess_warrn_risk(
    app: web::Data<App>,
    command: Command<RiskAssessmentBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    take(&app, order, *path, move || Ok(body.into())).await
}

/// Note the return meeting
///
/// Who was there, and when.
#[utoipa::path(tag = "warrn", operation_id = "hold_warrn_meeting", request_body = ReturnMeetingBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/return-meeting")]
pub async fn hold_warrn_meeting(
    app: web::Data<App>,
    command: Command<ReturnMeetingBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    take(&app, order, *path, move || body.read()).await
}

/// Agree the return plan
///
/// Possible once the risk assessment and the meeting are noted. A second plan takes the place of the first. A part-time
/// timetable needs hours, consent, a reason, a review and an end, and is kept as a reduced timetable beside the record, in
/// the place of one that runs; a plan without one leaves that as it is.
#[utoipa::path(tag = "warrn", operation_id = "agree_warrn_plan", request_body = ReturnPlanBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/return-plan")]
pub async fn agree_warrn_plan(
    app: web::Data<App>,
    command: Command<ReturnPlanBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    take(&app, order, *path, move || Ok(body.into())).await
}

/// Note that the pupil is back
///
/// Sets the clock of the first review.
#[utoipa::path(tag = "warrn", operation_id = "record_warrn_return", request_body = ReturnBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/return")]
pub async fn record_warrn_return(
    app: web::Data<App>,
    command: Command<ReturnBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    take(&app, order, *path, move || body.read()).await
}

/// Take back a return noted by mistake
///
/// The wrong day, another child, or a child who did not come. The return waits again until the expected day; to correct the
/// day, note it anew. Not once a review was held since (`return_reviewed`), or the pupil attends full time since.
#[utoipa::path(tag = "warrn", operation_id = "withdraw_warrn_return", request_body = ReturnWithdrawalBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/return/withdrawal")]
pub async fn withdraw_warrn_return(
    app: web::Data<App>,
    command: Command<ReturnWithdrawalBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = WarrnId::from_uuid(*path);
    change(&app, order, (Action::StepWarrn, id), move |work, app, version| {
        returns::take_back_return(work, &app.vault, &app.settings.warrn, id, version, &body.reason).map(|_| ())
    })
    .await
}

/// Note that the pupil attends full time
///
/// Ends the part-time timetable and the reduced timetables of the record.
#[utoipa::path(tag = "warrn", operation_id = "end_warrn_part_time", request_body = FullTimeBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/full-time")]
pub async fn end_warrn_part_time(
    app: web::Data<App>,
    command: Command<FullTimeBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    take(&app, order, *path, move || Ok(body.into())).await
}

/// Note a review
///
/// Sets the clock of the next one, and after twelve weeks that of the closing. Say whether the pupil attends: a return is
/// sustained by what a review saw.
#[utoipa::path(tag = "warrn", operation_id = "review_warrn_return", request_body = ReviewBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/reviews")]
pub async fn review_warrn_return(
    app: web::Data<App>,
    command: Command<ReviewBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    take(&app, order, *path, move || body.read()).await
}

/// Close a WARRN record
///
/// With the outcomes possible now; steps left open are given up. Not while special provision of it runs: end that first.
/// As sustained for six or twelve weeks only after a review held so many weeks after the return, or later, with the pupil
/// attending (`not_sustained`).
#[utoipa::path(tag = "warrn", operation_id = "close_warrn_record", request_body = OutcomeBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/outcome")]
pub async fn close_warrn_record(
    app: web::Data<App>,
    command: Command<OutcomeBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    take(&app, order, *path, move || body.read()).await
}

/// Say when the pupil is expected back
///
/// By a recipient or the sender. The open clocks move with the date.
#[utoipa::path(tag = "warrn", operation_id = "move_warrn_return", request_body = ReturnDateBody, security(("client" = ["warrn:write"]), ("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "How far the record is now", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/return-date")]
pub async fn move_warrn_return(
    app: web::Data<App>,
    command: Command<ReturnDateBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = WarrnId::from_uuid(*path);
    change(&app, order, (Action::MoveWarrnReturn, id), move |work, app, version| {
        let on = body.expected_return_on;
        returns::move_return(work, &app.vault, &app.settings.warrn, id, version, on).map(|_| ())
    })
    .await
}

/// See how far a return is
///
/// Steps and dates, for recipients and the sender. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "warrn", operation_id = "get_warrn_steps", security(("client" = ["warrn:read"]), ("session" = [])),
    params(("warrn_id" = uuid::Uuid, Path, description = "The record's id")),
    responses(
        (status = 200, description = "How far it is", body = ProgressView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        (status = 304, description = "The caller has this version"),
        ItemProblems,
    ))]
#[get("/v1/warrn-records/{warrn_id}/steps")]
pub async fn get_warrn_steps(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    request: HttpRequest,
) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let (view, tag) = app
        .write(&signed.caller, move |work, app| {
            let (record, progress) = returns::progress(work, id)?;
            let tag = etag(&app.vault, KIND, id.uuid(), record.version);
            Ok((ProgressView::of(&record, &progress), tag))
        })
        .await?;
    Ok(tagged(&request, &tag, &view))
}

/// Open the file of a return
///
/// Plan, notes and timeline, for recipients alone. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "warrn", operation_id = "get_warrn_return_file", security(("session" = [])),
    params(("warrn_id" = uuid::Uuid, Path, description = "The record's id")),
    responses((status = 200, description = "The file", body = FileView), ItemProblems))]
#[get("/v1/warrn-records/{warrn_id}/return-file")]
pub async fn get_warrn_return_file(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let file = app.write(&signed.caller, move |work, app| returns::return_file(work, &app.vault, id)).await?;
    Ok(HttpResponse::Ok().json(FileView::from(file)))
}

/// List the children who are back within a week and not acknowledged
///
/// Of the records the caller received or sent: expected back within seven days, or before today, and not acknowledged by a part.
#[utoipa::path(tag = "warrn", operation_id = "list_returning", security(("client" = ["warrn:read"]), ("session" = [])),
    responses((status = 200, description = "The first back first", body = ReturningListView), ReadProblems))]
#[get("/v1/warrn-returning")]
pub async fn list_returning(app: web::Data<App>, signed: Signed) -> Reply {
    let found = app.read(&signed.caller, |work, _| returns::returning(work)).await?;
    Ok(HttpResponse::Ok().json(ReturningListView { items: found.into_iter().map(Into::into).collect() }))
}

/// List the steps of the caller's records that are late or due within a week
#[utoipa::path(tag = "warrn", operation_id = "list_own_return_steps", security(("session" = [])),
    responses((status = 200, description = "The first due first", body = OwnStepListView), ReadProblems))]
#[get("/v1/warrn-steps")]
pub async fn list_own_return_steps(app: web::Data<App>, signed: Signed) -> Reply {
    let found = app.read(&signed.caller, |work, _| returns::own_steps(work, AHEAD_DAYS)).await?;
    Ok(HttpResponse::Ok().json(OwnStepListView { items: found.into_iter().map(Into::into).collect() }))
}
