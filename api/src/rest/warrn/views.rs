//! What is seen of a return: by its sender, steps and dates; by its recipients, what was said too. Two types, so that
//! nothing slips from the one into the other.

use chrono::{DateTime, NaiveDate, Utc};
use dolen_domain::kernel::Utc as Instant;
use dolen_domain::warrn::WarrnEnvelope;
use dolen_domain::warrn::returns::{
    Clocked, Happened, Noted, OwnStep, Plan, Progress, ReturnFile, Returning, StepContent,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::bodies::PresentBody;

/// A step with its clock.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnStep)]
pub struct StepView {
    /// Which step: `acknowledge_dsp`, `acknowledge_ep`, `risk_assessment`, `return_meeting`, `return_plan`, `return`,
    /// `full_time`, `review` or `close`; in the list of one's own also `provision_review` and `provision_end`.
    #[schema(example = "return_meeting")]
    pub step: String,
    /// Which time, from 1: reviews come again.
    #[schema(minimum = 1)]
    pub turn: i64,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_at: Option<DateTime<Utc>>,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub done_at: Option<DateTime<Utc>>,
    /// When it was given up, because the record was closed or the return taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dropped_at: Option<DateTime<Utc>>,
}

impl From<&Clocked> for StepView {
    fn from(s: &Clocked) -> Self {
        Self {
            step: s.step.to_string(),
            turn: s.turn,
            due_at: s.due_at.map(Instant::chrono),
            done_at: s.done_at.map(Instant::chrono),
            dropped_at: s.dropped_at.map(Instant::chrono),
        }
    }
}

/// How far a return is: what its sender sees beside the timeline.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnProgress)]
pub struct ProgressView {
    /// The record's id.
    pub id: uuid::Uuid,
    /// The record's reference.
    pub reference: String,
    /// Where it stands: `received`, `acknowledged`, `assessed`, `met`, `planned`, `returned` or `closed`.
    #[schema(example = "planned")]
    pub state: String,
    /// Where it came from: `camhs_in_reach`, `school_nurse` or `other`.
    #[schema(example = "school_nurse")]
    pub source: String,
    /// When the sender had it.
    pub received_on: NaiveDate,
    /// When the child is expected back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expected_return_on: Option<NaiveDate>,
    /// When the child came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub returned_on: Option<NaiveDate>,
    /// How: `full_time` or `part_time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attendance: Option<String>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closed_at: Option<DateTime<Utc>>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<String>,
    /// The steps in their order.
    pub steps: Vec<StepView>,
}

impl ProgressView {
    /// Of a record's progress.
    #[must_use]
    pub fn of(record: &WarrnEnvelope, progress: &Progress) -> Self {
        Self {
            id: record.id.uuid(),
            reference: record.reference.to_string(),
            state: progress.state().to_string(),
            source: progress.source.to_string(),
            received_on: progress.received_on,
            expected_return_on: progress.expected_return_on,
            returned_on: progress.returned.map(|(on, _)| on),
            attendance: progress.returned.map(|(_, how)| how.to_string()),
            closed_at: progress.closed.map(|(at, _)| at.chrono()),
            outcome: progress.closed.map(|(_, outcome)| outcome.to_string()),
            steps: progress.steps.iter().map(Into::into).collect(),
        }
    }
}

/// A return plan.
#[derive(Serialize, ToSchema)]
#[schema(as = ReturnPlan)]
pub struct PlanView {
    /// What upsets.
    pub triggers: String,
    /// What helps.
    pub what_helps: String,
    /// Where the pupil can go.
    pub safe_places: String,
    /// Whom the pupil turns to.
    pub key_adult: String,
    /// What is done differently.
    pub adjustments: String,
    /// The part-time timetable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub timetable: Option<String>,
}

impl From<Plan> for PlanView {
    fn from(p: Plan) -> Self {
        let Plan { triggers, what_helps, safe_places, key_adult, adjustments, timetable } = p;
        Self { triggers, what_helps, safe_places, key_adult, adjustments, timetable }
    }
}

/// What was noted at a step.
#[derive(Serialize, ToSchema)]
#[schema(as = ReturnNote)]
pub struct NoteView {
    /// At which step.
    pub step: String,
    /// Which time, from 1.
    #[schema(minimum = 1)]
    pub turn: i64,
    /// When it was held, agreed or happened.
    pub held_on: NaiveDate,
    /// The next date it names: a plan's or a review's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_on: Option<NaiveDate>,
    /// The last day of the part-time timetable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub part_time_until: Option<NaiveDate>,
    /// Whether the psychology service took part in the risk assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub with_eps: Option<bool>,
    /// Who was at the meeting.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<PresentBody>,
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub plan: Option<PlanView>,
    /// What was said: findings, a note.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
    /// Whether the pupil attended when a review was held: `full_time`, `part_time` or `absent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attendance: Option<String>,
    /// Whether it is a return that was taken back since.
    pub taken_back: bool,
    /// When it was noted.
    pub noted_at: DateTime<Utc>,
}

impl From<Noted> for NoteView {
    fn from(n: Noted) -> Self {
        let mut view = Self {
            step: n.step.to_string(),
            turn: n.turn,
            held_on: n.held_on,
            next_on: n.next_on,
            part_time_until: n.part_time_until,
            with_eps: None,
            present: Vec::new(),
            plan: None,
            note: None,
            attendance: n.attendance.map(|a| a.to_string()),
            taken_back: n.taken_back,
            noted_at: n.noted_at.chrono(),
        };
        match n.content {
            Some(StepContent::RiskAssessment { with_eps, findings }) => {
                (view.with_eps, view.note) = (Some(with_eps), Some(findings));
            }
            Some(StepContent::ReturnMeeting { present, note }) => {
                let seen =
                    |p: dolen_domain::warrn::returns::Present| PresentBody { who: p.who.to_string(), name: p.name };
                view.present = present.into_iter().map(seen).collect();
                view.note = note;
            }
            Some(StepContent::ReturnPlan(plan)) => view.plan = Some(plan.into()),
            Some(StepContent::Note(note)) => view.note = Some(note),
            None => {}
        }
        view
    }
}

/// Something that happened to a record.
#[derive(Serialize, ToSchema)]
#[schema(as = ReturnEvent)]
pub struct HappenedView {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    #[schema(example = "return_moved")]
    pub kind: String,
    /// Where the record stood then.
    pub state: String,
    /// What was said with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
}

impl From<Happened> for HappenedView {
    fn from(h: Happened) -> Self {
        Self { at: h.event.at.chrono(), kind: h.event.kind, state: h.event.state, note: h.note }
    }
}

/// The whole file of a return, for its recipients.
#[derive(Serialize, ToSchema)]
#[schema(as = ReturnFile)]
pub struct FileView {
    /// How far it is.
    pub progress: ProgressView,
    /// The steps that can be taken now.
    pub possible: Vec<String>,
    /// The outcomes it can be closed with now.
    pub outcomes: Vec<String>,
    /// What was noted at each step, oldest first.
    pub notes: Vec<NoteView>,
    /// What happened, oldest first.
    pub timeline: Vec<HappenedView>,
}

impl From<ReturnFile> for FileView {
    fn from(f: ReturnFile) -> Self {
        Self {
            progress: ProgressView::of(&f.record, &f.progress),
            possible: f.possible.iter().map(ToString::to_string).collect(),
            outcomes: f.outcomes.iter().map(ToString::to_string).collect(),
            notes: f.notes.into_iter().map(Into::into).collect(),
            timeline: f.timeline.into_iter().map(Into::into).collect(),
        }
    }
}

/// A child who is back within seven days, or should be already, whose record is not acknowledged.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturningItem)]
pub struct ReturningView {
    /// The record's id.
    pub id: uuid::Uuid,
    /// The record's reference.
    pub reference: String,
    /// When the child is expected back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expected_return_on: Option<NaiveDate>,
    /// The parts that have not acknowledged: `dsp`, `ep`.
    pub waiting: Vec<String>,
}

impl From<Returning> for ReturningView {
    fn from(r: Returning) -> Self {
        Self {
            id: r.record.id.uuid(),
            reference: r.record.reference.to_string(),
            expected_return_on: r.record.expected_return_on,
            waiting: r.waiting.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A step that waits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnReturnStep)]
pub struct OwnStepView {
    /// The record's id.
    pub id: uuid::Uuid,
    /// The record's reference.
    pub reference: String,
    /// The step.
    pub step: StepView,
}

impl From<OwnStep> for OwnStepView {
    fn from(o: OwnStep) -> Self {
        Self { id: o.record.id.uuid(), reference: o.record.reference.to_string(), step: (&o.step).into() }
    }
}

/// A list without pages: of what waits there is never much.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturningList)]
pub struct ReturningListView {
    /// The first back comes first.
    pub items: Vec<ReturningView>,
}

/// Steps that wait, without pages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnReturnStepList)]
pub struct OwnStepListView {
    /// The first due comes first.
    pub items: Vec<OwnStepView>,
}
