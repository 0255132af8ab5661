//! The return to school: how far a record is, what was noted, and its steps.

mod inputs;
mod views;

pub use views::{ReturnProgress, WarrnReturnFile};

use async_graphql::{Context, ID, MaybeUndefined, Object};
use dolen_domain::access::Action;
use dolen_domain::db::Work;
use dolen_domain::kernel::{Error, FaultCode, Result, WarrnId};
use dolen_domain::warrn;
use dolen_domain::warrn::returns::{self, PartTime, Plan, Present, TakeStep};

use crate::app::App;
use crate::rest::etag_matches;
use crate::rest::warrn::KIND;

use super::once::{key_of, once, payload};
use super::plain::known_id;
use super::visit::{answer, read};
use inputs::{
    AgreeWarrnPlanInput, AssessWarrnRiskInput, CloseWarrnRecordInput, EndWarrnPartTimeInput, HandOverWarrnRecordInput,
    HoldWarrnMeetingInput, MoveWarrnReturnInput, RecordWarrnReturnInput, ReviewWarrnReturnInput,
    WithdrawWarrnReturnInput,
};
use views::{OwnReturnStep, ReturningChild};

/// How far a record is, read on record.
pub fn progress_of(work: &mut Work<'_>, app: &App, done: Action, id: WarrnId) -> Result<ReturnProgress> {
    let (record, progress) = returns::progress_after(work, done, id)?;
    Ok(ReturnProgress::of(app, &record, &progress))
}

/// Days ahead that `ownReturnSteps` looks.
const AHEAD_DAYS: u32 = 7;

/// The returns' part of the query.
#[derive(Default)]
pub struct ReturnQuery;

/// What waits.
#[Object]
impl ReturnQuery {
    /// The children of the caller's records who are back within seven days, or should be already, and whose record a part has not
    /// acknowledged. The first back comes first.
    #[graphql(complexity = "20 + child_complexity")]
    async fn returning(&self, ctx: &Context<'_>) -> Option<Vec<ReturningChild>> {
        let found = read(ctx, |work, _| returns::returning(work));
        answer(ctx, found.await.map(|all| all.into_iter().map(Into::into).collect()))
    }

    /// The steps of the caller's records that are late or due within a week. The first due comes first.
    #[graphql(complexity = "20 + child_complexity")]
    async fn own_return_steps(&self, ctx: &Context<'_>) -> Option<Vec<OwnReturnStep>> {
        let found = read(ctx, |work, _| returns::own_steps(work, AHEAD_DAYS));
        answer(ctx, found.await.map(|all| all.into_iter().map(Into::into).collect()))
    }
}

payload! {
    /// What came of a step.
    ReturnStepPayload {
        /// How far the record is now.
        progress: ReturnProgress
    }
}

/// The record a change is meant for, when it is still in the version the caller has seen.
fn current(work: &mut Work<'_>, app: &App, action: Action, id: &ID, expected: &str) -> Result<(WarrnId, i64)> {
    let id: WarrnId = known_id(id)?;
    let version = warrn::version(work, action, id)?;
    etag_matches(&app.vault, KIND, id.uuid(), version, expected)?;
    Ok((id, version))
}

fn take(work: &mut Work<'_>, app: &App, id: &ID, expected: &str, step: TakeStep) -> Result<ReturnProgress> {
    let (id, version) = current(work, app, Action::StepWarrn, id, expected)?;
    returns::take_step(work, &app.vault, &app.settings.warrn, id, version, step)?;
    progress_of(work, app, Action::StepWarrn, id)
}

/// The returns' part of the mutations.
#[derive(Default)]
pub struct ReturnMutation;

/// The steps of a return, each by a recipient in person.
#[Object]
impl ReturnMutation {
    /// Notes the school's risk assessment.
    async fn assess_warrn_risk(&self, ctx: &Context<'_>, input: AssessWarrnRiskInput) -> Option<ReturnStepPayload> {
        let key = key_of("assessWarrnRisk", &input.idempotency_key, &input);
        let taken = once(ctx, key, move |work, app| {
            let (held_on, with_eps) = (input.held_on.0, input.with_eps);
            let step = TakeStep::RiskAssessment { held_on, with_eps, findings: input.findings };
            take(work, app, &input.id, &input.expected_version, step)
        });
        taken.await.map(Into::into)
    }

    /// Notes the return meeting.
    async fn hold_warrn_meeting(&self, ctx: &Context<'_>, input: HoldWarrnMeetingInput) -> Option<ReturnStepPayload> {
        let key = key_of("holdWarrnMeeting", &input.idempotency_key, &input);
        let taken = once(ctx, key, move |work, app| {
            let present = input.present.into_iter().map(|p| Present { who: p.who.into(), name: p.name }).collect();
            let step = TakeStep::ReturnMeeting { held_on: input.held_on.0, present, note: input.note };
            take(work, app, &input.id, &input.expected_version, step)
        });
        taken.await.map(Into::into)
    }

    /// Notes the return plan, or one that takes its place.
    async fn agree_warrn_plan(&self, ctx: &Context<'_>, input: AgreeWarrnPlanInput) -> Option<ReturnStepPayload> {
        let key = key_of("agreeWarrnPlan", &input.idempotency_key, &input);
        let taken = once(ctx, key, move |work, app| {
            let plan = Plan {
                triggers: input.triggers,
                what_helps: input.what_helps,
                safe_places: input.safe_places,
                key_adult: input.key_adult,
                adjustments: input.adjustments,
                timetable: input.timetable,
            };
            let step = TakeStep::ReturnPlan {
                agreed_on: input.agreed_on.0,
                plan,
                review_on: input.review_on.0,
                part_time_until: input.part_time_until.map(|d| d.0),
                part_time: PartTime {
                    from: input.part_time_from.map(|d| d.0),
                    review_on: input.part_time_review_on.map(|d| d.0),
                    minutes_per_week: input.minutes_per_week,
                    consent: input.consent.map(Into::into),
                    reason: input.part_time_reason,
                },
            };
            take(work, app, &input.id, &input.expected_version, step)
        });
        taken.await.map(Into::into)
    }

    /// Notes that the pupil is back.
    async fn record_warrn_return(&self, ctx: &Context<'_>, input: RecordWarrnReturnInput) -> Option<ReturnStepPayload> {
        let key = key_of("recordWarrnReturn", &input.idempotency_key, &input);
        let taken = once(ctx, key, move |work, app| {
            let step = TakeStep::Return { on: input.on.0, attendance: input.attendance.into() };
            take(work, app, &input.id, &input.expected_version, step)
        });
        taken.await.map(Into::into)
    }

    /// Takes back a return noted by mistake. To correct its day, note it anew.
    async fn withdraw_warrn_return(
        &self,
        ctx: &Context<'_>,
        input: WithdrawWarrnReturnInput,
    ) -> Option<ReturnStepPayload> {
        let key = key_of("withdrawWarrnReturn", &input.idempotency_key, &input);
        let taken = once(ctx, key, move |work, app| {
            let (id, version) = current(work, app, Action::StepWarrn, &input.id, &input.expected_version)?;
            returns::take_back_return(work, &app.vault, &app.settings.warrn, id, version, &input.reason)?;
            progress_of(work, app, Action::StepWarrn, id)
        });
        taken.await.map(Into::into)
    }

    /// Notes that the pupil attends full time.
    async fn end_warrn_part_time(&self, ctx: &Context<'_>, input: EndWarrnPartTimeInput) -> Option<ReturnStepPayload> {
        let key = key_of("endWarrnPartTime", &input.idempotency_key, &input);
        let taken = once(ctx, key, move |work, app| {
            take(work, app, &input.id, &input.expected_version, TakeStep::FullTime { on: input.on.0 })
        });
        taken.await.map(Into::into)
    }

    /// Notes a review.
    async fn review_warrn_return(&self, ctx: &Context<'_>, input: ReviewWarrnReturnInput) -> Option<ReturnStepPayload> {
        let key = key_of("reviewWarrnReturn", &input.idempotency_key, &input);
        let taken = once(ctx, key, move |work, app| {
            let next_on = input.next_on.map(|d| d.0);
            let attendance = input.attendance.map(Into::into);
            let step = TakeStep::Review { held_on: input.held_on.0, attendance, note: input.note, next_on };
            take(work, app, &input.id, &input.expected_version, step)
        });
        taken.await.map(Into::into)
    }

    /// Closes a record with an outcome that is possible now.
    async fn close_warrn_record(&self, ctx: &Context<'_>, input: CloseWarrnRecordInput) -> Option<ReturnStepPayload> {
        let key = key_of("closeWarrnRecord", &input.idempotency_key, &input);
        let taken = once(ctx, key, move |work, app| {
            let step = TakeStep::Close { outcome: input.outcome.into(), note: input.note };
            take(work, app, &input.id, &input.expected_version, step)
        });
        taken.await.map(Into::into)
    }

    /// Hands a record over to the school its child is at now. The old school's recipients end; the new school's are named
    /// and told. Who handed it over may not see it any more.
    async fn hand_over_warrn_record(
        &self,
        ctx: &Context<'_>,
        input: HandOverWarrnRecordInput,
    ) -> Option<ReturnStepPayload> {
        let key = key_of("handOverWarrnRecord", &input.idempotency_key, &input);
        let handed = once(ctx, key, move |work, app| {
            let (id, version) = current(work, app, Action::HandOverWarrn, &input.id, &input.expected_version)?;
            let done = warrn::hand_over(work, &app.settings.warrn, id, version)?;
            Ok(ReturnProgress::of(app, &done.record, &done.progress))
        });
        handed.await.map(Into::into)
    }

    /// Says when the pupil is expected back: by a recipient or the sender. The open clocks move with it.
    async fn move_warrn_return(&self, ctx: &Context<'_>, input: MoveWarrnReturnInput) -> Option<ReturnStepPayload> {
        let key = key_of("moveWarrnReturn", &input.idempotency_key, &input);
        let moved = once(ctx, key, move |work, app| {
            let (id, version) = current(work, app, Action::MoveWarrnReturn, &input.id, &input.expected_version)?;
            let on = match input.expected_return_on {
                MaybeUndefined::Undefined => return Err(Error::fault("/expected_return_on", FaultCode::Missing)),
                MaybeUndefined::Null => None,
                MaybeUndefined::Value(day) => Some(day.0),
            };
            returns::move_return(work, &app.vault, &app.settings.warrn, id, version, on)?;
            progress_of(work, app, Action::MoveWarrnReturn, id)
        });
        moved.await.map(Into::into)
    }
}
