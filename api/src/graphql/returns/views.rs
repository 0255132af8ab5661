//! What is seen of a return: by its sender, and by its recipients.

use async_graphql::ID;
use chrono::{DateTime, Utc};
use dolen_domain::kernel::Utc as Instant;
use dolen_domain::warrn::WarrnEnvelope;
use dolen_domain::warrn::returns::{
    Clocked, Happened, Noted, OwnStep, Plan, Progress, ReturnFile, Returning, StepContent,
};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::graphql::enums::{
    MeetingRole, ReturnAttendance, ReturnOutcome, ReturnState, ReturnStepKind, ReviewAttendance, WarrnPart, WarrnSource,
};
use crate::graphql::plain::{Date, plain};
use crate::rest::etag;
use crate::rest::warrn::KIND;

plain! {
    /// A step of a return with its clock.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct ReturnStep {
        /// Which step.
        pub step: ReturnStepKind,
        /// Which time, from 1: reviews come again.
        pub turn: i64,
        /// By when.
        pub due_at: Option<DateTime<Utc>>,
        /// When it was done.
        pub done_at: Option<DateTime<Utc>>,
        /// When it was given up, because the record was closed or the return taken back.
        pub dropped_at: Option<DateTime<Utc>>,
    }
}

impl From<&Clocked> for ReturnStep {
    fn from(s: &Clocked) -> Self {
        Self {
            step: s.step.into(),
            turn: s.turn,
            due_at: s.due_at.map(Instant::chrono),
            done_at: s.done_at.map(Instant::chrono),
            dropped_at: s.dropped_at.map(Instant::chrono),
        }
    }
}

plain! {
    /// How far a return is: what its sender sees beside the timeline.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct ReturnProgress {
        /// The record's id.
        pub id: ID,
        /// The record's reference.
        pub reference: String,
        /// The record's version: give it as `expectedVersion` with a change.
        pub version: String,
        /// Where it stands.
        pub state: ReturnState,
        /// Where it came from.
        pub source: WarrnSource,
        /// When the sender had it.
        pub received_on: Date,
        /// When the child is expected back.
        pub expected_return_on: Option<Date>,
        /// When the child came back.
        pub returned_on: Option<Date>,
        /// How.
        pub attendance: Option<ReturnAttendance>,
        /// When it was closed.
        pub closed_at: Option<DateTime<Utc>>,
        /// How it ended.
        pub outcome: Option<ReturnOutcome>,
        /// The steps in their order.
        pub steps: Vec<ReturnStep>,
    }
}

impl ReturnProgress {
    pub(super) fn of(app: &App, record: &WarrnEnvelope, progress: &Progress) -> Self {
        Self {
            id: record.id.into(),
            reference: record.reference.to_string(),
            version: etag(&app.vault, KIND, record.id.uuid(), record.version),
            state: progress.state().into(),
            source: progress.source.into(),
            received_on: Date(progress.received_on),
            expected_return_on: progress.expected_return_on.map(Date),
            returned_on: progress.returned.map(|(on, _)| Date(on)),
            attendance: progress.returned.map(|(_, how)| how.into()),
            closed_at: progress.closed.map(|(at, _)| at.chrono()),
            outcome: progress.closed.map(|(_, outcome)| outcome.into()),
            steps: progress.steps.iter().map(Into::into).collect(),
        }
    }
}

plain! {
    /// Somebody at a meeting.
    pub struct MeetingPerson {
        /// As what.
        pub who: MeetingRole,
        /// Their name.
        pub name: String,
    }
}

plain! {
    /// A return plan.
    pub struct ReturnPlan {
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
        pub timetable: Option<String>,
    }
}

plain! {
    /// What was noted at a step.
    pub struct ReturnNote {
        /// At which step.
        pub step: ReturnStepKind,
        /// Which time, from 1.
        pub turn: i64,
        /// When it was held, agreed or happened.
        pub held_on: Date,
        /// The next date it names: a plan's or a review's.
        pub next_on: Option<Date>,
        /// The last day of the part-time timetable.
        pub part_time_until: Option<Date>,
        /// Whether the psychology service took part in the risk assessment.
        pub with_eps: Option<bool>,
        /// Who was at the meeting.
        pub present: Vec<MeetingPerson>,
        /// The plan.
        pub plan: Option<ReturnPlan>,
        /// What was said: findings, a note.
        pub note: Option<String>,
        /// Whether the pupil attended when a review was held.
        pub attendance: Option<ReviewAttendance>,
        /// Whether it is a return that was taken back since.
        pub taken_back: bool,
        /// When it was noted.
        pub noted_at: DateTime<Utc>,
    }
}

impl From<Noted> for ReturnNote {
    fn from(n: Noted) -> Self {
        let mut view = Self {
            step: n.step.into(),
            turn: n.turn,
            held_on: Date(n.held_on),
            next_on: n.next_on.map(Date),
            part_time_until: n.part_time_until.map(Date),
            with_eps: None,
            present: Vec::new(),
            plan: None,
            note: None,
            attendance: n.attendance.map(Into::into),
            taken_back: n.taken_back,
            noted_at: n.noted_at.chrono(),
        };
        match n.content {
            Some(StepContent::RiskAssessment { with_eps, findings }) => {
                (view.with_eps, view.note) = (Some(with_eps), Some(findings));
            }
            Some(StepContent::ReturnMeeting { present, note }) => {
                view.present = present.into_iter().map(|p| MeetingPerson { who: p.who.into(), name: p.name }).collect();
                view.note = note;
            }
            Some(StepContent::ReturnPlan(plan)) => {
                let Plan { triggers, what_helps, safe_places, key_adult, adjustments, timetable } = plan;
                let plan = ReturnPlan { triggers, what_helps, safe_places, key_adult, adjustments, timetable };
                view.plan = Some(plan);
            }
            Some(StepContent::Note(note)) => view.note = Some(note),
            None => {}
        }
        view
    }
}

plain! {
    /// Something that happened to a record.
    pub struct ReturnEvent {
        /// When.
        pub at: DateTime<Utc>,
        /// What, as a word.
        pub kind: String,
        /// Where the record stood then, as a word.
        pub state: String,
        /// What was said with it.
        pub note: Option<String>,
    }
}

impl From<Happened> for ReturnEvent {
    fn from(h: Happened) -> Self {
        Self { at: h.event.at.chrono(), kind: h.event.kind, state: h.event.state, note: h.note }
    }
}

plain! {
    /// What was noted of a return, for its recipients.
    pub struct WarrnReturnFile {
        /// The steps that can be taken now.
        pub possible: Vec<ReturnStepKind>,
        /// The outcomes it can be closed with now.
        pub outcomes: Vec<ReturnOutcome>,
        /// What was noted at each step, oldest first.
        pub notes: Vec<ReturnNote>,
        /// What happened, oldest first.
        pub timeline: Vec<ReturnEvent>,
    }
}

impl From<ReturnFile> for WarrnReturnFile {
    fn from(f: ReturnFile) -> Self {
        Self {
            possible: f.possible.into_iter().map(Into::into).collect(),
            outcomes: f.outcomes.into_iter().map(Into::into).collect(),
            notes: f.notes.into_iter().map(Into::into).collect(),
            timeline: f.timeline.into_iter().map(Into::into).collect(),
        }
    }
}

plain! {
    /// A child who is back within seven days, or should be already, whose record is not acknowledged.
    pub struct ReturningChild {
        /// The record's id.
        pub id: ID,
        /// The record's reference.
        pub reference: String,
        /// When the child is expected back.
        pub expected_return_on: Option<Date>,
        /// The parts that have not acknowledged.
        pub waiting: Vec<WarrnPart>,
    }
}

impl From<Returning> for ReturningChild {
    fn from(r: Returning) -> Self {
        Self {
            id: r.record.id.into(),
            reference: r.record.reference.to_string(),
            expected_return_on: r.record.expected_return_on.map(Date),
            waiting: r.waiting.into_iter().map(Into::into).collect(),
        }
    }
}

plain! {
    /// A step that waits.
    pub struct OwnReturnStep {
        /// The record's id.
        pub id: ID,
        /// The record's reference.
        pub reference: String,
        /// The step.
        pub step: ReturnStep,
    }
}

impl From<OwnStep> for OwnReturnStep {
    fn from(o: OwnStep) -> Self {
        Self { id: o.record.id.into(), reference: o.record.reference.to_string(), step: (&o.step).into() }
    }
}
