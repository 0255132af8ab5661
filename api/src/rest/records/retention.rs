//! Rules, holds, the plan and the run.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use dolen_domain::kernel::{CaseId, Code, Error, FaultCode, HoldId, Reference, RuleChangeId};
use dolen_domain::records::holds::{self, NewHold};
use dolen_domain::records::retention::{self, Changed, NewRule, RecordClass};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::auth::{Command, Order, Signed};
use crate::rest::problems::{CreateProblems, ItemProblems, ReadProblems};
use crate::rest::{Kept, Reply, reply};
use crate::tombstones;

use super::views::{CertificateView, CertificatesView, DoneView, HoldsView, PlanView, RulesView, RunView};

/// A rule as it should be.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRetentionRule)]
#[serde(deny_unknown_fields)]
pub struct RuleBody {
    /// The version it changes.
    pub version: i64,
    /// Counted from what: `born_on` or `closed`.
    #[schema(example = "born_on", max_length = 16)]
    pub anchor: String,
    /// How many years.
    #[schema(minimum = 1, maximum = 100)]
    pub years: i64,
    /// And then: `review` or `destroy`.
    #[schema(example = "review", max_length = 16)]
    pub action: String,
    /// Where it comes from.
    #[schema(min_length = 1, max_length = 300)]
    pub source: String,
}

/// What a second person decides.
#[derive(Deserialize, ToSchema)]
#[schema(as = RetentionChangeDecision)]
#[serde(deny_unknown_fields)]
pub struct ChangeBody {
    /// `approved` or `refused`.
    #[schema(example = "refused", max_length = 16)]
    pub outcome: String,
}

/// That it is meant.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRetentionRun)]
#[serde(deny_unknown_fields)]
pub struct RunBody {
    /// The word `dispose`: what goes can't be had back.
    #[schema(example = "dispose", max_length = 16)]
    pub confirm: String,
}

/// What a review decides.
#[derive(Deserialize, ToSchema)]
#[schema(as = RetentionReview)]
#[serde(deny_unknown_fields)]
pub struct ReviewBody {
    /// The case's reference.
    #[schema(example = "DL-7K4Q-3M9X", max_length = 20)]
    pub reference: String,
    /// What of it.
    #[schema(example = "counselling_referral", max_length = 32)]
    pub record_class: String,
    /// Kept for so many years more; absent when it may go.
    #[schema(minimum = 1, maximum = 25, nullable = false)]
    pub keep_years: Option<i64>,
}

/// A hold to place.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewLegalHold)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    /// The reference of a case.
    #[schema(example = "DL-7K4Q-3M9X", max_length = 20)]
    pub reference: String,
    /// Whether everything of the child is held.
    pub whole_child: bool,
    /// Why. Sealed.
    #[schema(min_length = 10, max_length = 1000)]
    pub reason: String,
    /// Until which day.
    #[schema(nullable = false)]
    pub until: Option<NaiveDate>,
}

/// List retention rules
///
/// With the changes that wait for a second person.
#[utoipa::path(tag = "retention", operation_id = "list_retention_rules", security(("session" = [])),
    responses((status = 200, description = "The rules", body = RulesView), ReadProblems))]
#[get("/v1/retention/rules")]
pub async fn list_retention_rules(app: web::Data<App>, signed: Signed) -> Reply {
    let (rules, changes) =
        app.read(&signed.caller, |work, _| Ok((retention::rules(work)?, retention::changes(work)?))).await?;
    let rules = rules.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(RulesView { rules, changes: changes.into_iter().map(Into::into).collect() }))
}

/// Change a retention rule
///
/// A change that keeps something for a shorter time waits for a second administrator (`state` is `waits`).
#[utoipa::path(tag = "retention", operation_id = "change_retention_rule", request_body = RuleBody, security(("session" = [])),
    params(
        ("record_class" = String, Path, description = "The class", max_length = 32),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Changed, or waiting", body = DoneView), CreateProblems))]
#[post("/v1/retention/rules/{record_class}")]
pub async fn change_retention_rule(app: web::Data<App>, command: Command<RuleBody>, path: web::Path<String>) -> Reply {
    let Command { order, body } = command;
    let class = path.parse::<RecordClass>().map_err(|_| Error::new(Code::NotFound));
    reply(&app, order, move |work, _| {
        retention::rules(work)?;
        let rule = NewRule { anchor: body.anchor, years: body.years, end: body.action, source: body.source };
        let view = match retention::change_rule(work, class?, body.version, &rule)? {
            Changed::Now => DoneView::of("changed", None),
            Changed::Waits(id) => DoneView::of("waits", Some(id.uuid())),
        };
        Kept::json(StatusCode::OK, &view, None, None)
    })
    .await
}

/// Approve or refuse a change
///
/// By another administrator than the one who proposed it; the proposer may refuse it.
#[utoipa::path(tag = "retention", operation_id = "decide_retention_change", request_body = ChangeBody, security(("session" = [])),
    params(
        ("change_id" = Uuid, Path, description = "The change"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Decided", body = DoneView), CreateProblems))]
#[post("/v1/retention/changes/{change_id}/decide")]
pub async fn decide_retention_change(
    app: web::Data<App>,
    command: Command<ChangeBody>,
    path: web::Path<Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = RuleChangeId::from_uuid(*path);
    reply(&app, order, move |work, _| {
        retention::changes(work)?;
        let approve = match body.outcome.as_str() {
            "approved" => true,
            "refused" => false,
            _ => return Err(Error::fault("/outcome", FaultCode::NotInList)),
        };
        retention::decide_change(work, id, approve)?;
        Kept::json(StatusCode::OK, &DoneView::of(&body.outcome, None), None, None)
    })
    .await
}

/// Show what is over
///
/// And what a run would dispose of. Changes nothing, opens nothing.
#[utoipa::path(tag = "retention", operation_id = "get_retention_plan", security(("session" = [])),
    responses((status = 200, description = "The plan", body = PlanView), ReadProblems))]
#[get("/v1/retention/plan")]
pub async fn get_retention_plan(app: web::Data<App>, signed: Signed) -> Reply {
    let plan = app.read(&signed.caller, |work, _| retention::plan(work)).await?;
    Ok(HttpResponse::Ok().json(PlanView::from(plan)))
}

/// Dispose of what is due
///
/// For good: keys are destroyed, rows are emptied, a certificate is left.
#[utoipa::path(tag = "retention", operation_id = "run_retention", request_body = RunBody, security(("session" = [])),
    params(
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Done", body = RunView), CreateProblems))]
#[post("/v1/retention/runs")]
pub async fn run_retention(app: web::Data<App>, command: Command<RunBody>) -> Reply {
    let Command { order, body } = command;
    let answer = reply(&app, order, move |work, app| {
        retention::rules(work)?;
        if body.confirm != "dispose" {
            return Err(Error::fault("/confirm", FaultCode::NotInList));
        }
        tombstones::require(&app.settings)?;
        let certificate = retention::run(work, &app.vault)?.map(CertificateView::from);
        Kept::json(StatusCode::OK, &RunView { certificate }, None, None)
    })
    .await?;
    let filed = app.clone();
    web::block(move || tombstones::finish(&filed)).await.map_err(Error::unavailable)??;
    Ok(answer)
}

/// Decide about what needs a review
///
/// Kept for some years more, or to go with the next run.
#[utoipa::path(tag = "retention", operation_id = "review_retention", request_body = ReviewBody, security(("session" = [])),
    params(
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Decided", body = DoneView), CreateProblems))]
#[post("/v1/retention/reviews")]
pub async fn review_retention(app: web::Data<App>, command: Command<ReviewBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, _| {
        let plan = retention::plan(work)?;
        let reference = Reference::parse(&body.reference).map_err(|code| Error::fault("/reference", code))?;
        let class: RecordClass = body.record_class.parse().map_err(|code| Error::fault("/record_class", code))?;
        let case: Option<CaseId> = plan.items.iter().find(|i| i.reference == reference).map(|i| i.case);
        let case = case.ok_or_else(|| Error::fault("/reference", FaultCode::NotFound))?;
        let reviewed = retention::review(work, case, class, body.keep_years)?;
        Kept::json(StatusCode::OK, &DoneView::of(reviewed.as_str(), None), None, None)
    })
    .await
}

/// List certificates
///
/// The newest first.
#[utoipa::path(tag = "retention", operation_id = "list_retention_certificates", security(("session" = [])),
    responses((status = 200, description = "The certificates", body = CertificatesView), ReadProblems))]
#[get("/v1/retention/certificates")]
pub async fn list_retention_certificates(app: web::Data<App>, signed: Signed) -> Reply {
    let found = app.read(&signed.caller, |work, _| retention::certificates(work)).await?;
    Ok(HttpResponse::Ok().json(CertificatesView { items: found.into_iter().map(Into::into).collect() }))
}

/// Get a certificate
///
/// Its digest is in the audit record too.
#[utoipa::path(tag = "retention", operation_id = "get_retention_certificate", security(("session" = [])),
    params(
        ("number" = i64, Path, description = "Its number"),
    ),
    responses((status = 200, description = "The certificate", body = CertificateView), ItemProblems))]
#[get("/v1/retention/certificates/{number}")]
pub async fn get_retention_certificate(app: web::Data<App>, signed: Signed, path: web::Path<i64>) -> Reply {
    let number = *path;
    let found = app.read(&signed.caller, move |work, _| retention::certificate(work, number)).await?;
    Ok(HttpResponse::Ok().json(CertificateView::from(found)))
}

/// List legal holds
///
/// Without their reasons.
#[utoipa::path(tag = "retention", operation_id = "list_legal_holds", security(("session" = [])),
    responses((status = 200, description = "The holds", body = HoldsView), ReadProblems))]
#[get("/v1/retention/holds")]
pub async fn list_legal_holds(app: web::Data<App>, signed: Signed) -> Reply {
    let found = app.read(&signed.caller, |work, _| holds::list(work)).await?;
    Ok(HttpResponse::Ok().json(HoldsView { items: found.into_iter().map(Into::into).collect() }))
}

/// Place a legal hold
///
/// Nothing held is ever disposed of.
#[utoipa::path(tag = "retention", operation_id = "place_legal_hold", request_body = HoldBody, security(("session" = [])),
    params(
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "Placed", body = DoneView), CreateProblems))]
#[post("/v1/retention/holds")]
pub async fn place_legal_hold(app: web::Data<App>, command: Command<HoldBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, app| {
        let HoldBody { reference, whole_child, reason, until } = body;
        let id = holds::place(work, &app.vault, &NewHold { reference, whole_child, reason, until })?;
        Kept::json(StatusCode::CREATED, &DoneView::of("held", Some(id.uuid())), None, None)
    })
    .await
}

/// End a legal hold
///
/// What it held is disposed of when it is due.
#[utoipa::path(tag = "retention", operation_id = "end_legal_hold", security(("session" = [])),
    params(
        ("hold_id" = Uuid, Path, description = "The hold"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Ended", body = DoneView), CreateProblems))]
#[post("/v1/retention/holds/{hold_id}/end")]
pub async fn end_legal_hold(app: web::Data<App>, order: Order, path: web::Path<Uuid>) -> Reply {
    let id = HoldId::from_uuid(*path);
    reply(&app, order, move |work, _| {
        holds::end(work, id)?;
        Kept::json(StatusCode::OK, &DoneView::of("ended", None), None, None)
    })
    .await
}
