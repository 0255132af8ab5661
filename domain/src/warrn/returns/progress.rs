//! How far a record is: its steps with their clocks, and where it stands by them.

use chrono::NaiveDate;

use crate::kernel::Utc;

use super::model::{Attendance, Outcome, Source, State, Step};

/// A step with its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocked {
    /// Which step.
    pub step: Step,
    /// Which time, from 1: reviews come again.
    pub turn: i64,
    /// By when.
    pub due_at: Option<Utc>,
    /// When it was done.
    pub done_at: Option<Utc>,
    /// When it was given up, because the record was closed.
    pub dropped_at: Option<Utc>,
    /// How far its lateness was told: 0 not, 1 to the deputy, 2 to the authority's safeguarding leads, once or again.
    pub told: i64,
}

impl Clocked {
    /// Whether it waits to be done.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.done_at.is_none() && self.dropped_at.is_none()
    }
}

/// How far a record is: all its sender may know, and what its rules need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Where it came from.
    pub source: Source,
    /// When the sender had it.
    pub received_on: NaiveDate,
    /// When it came in here.
    pub received_at: Utc,
    /// The day the pupil is expected back.
    pub expected_return_on: Option<NaiveDate>,
    /// When the pupil came back, and how.
    pub returned: Option<(NaiveDate, Attendance)>,
    /// The day of the last review that saw the pupil attend.
    pub attended_on: Option<NaiveDate>,
    /// When it was closed, and with which outcome.
    pub closed: Option<(Utc, Outcome)>,
    /// Its steps in their order, and turn by turn; without those of special provision, which its sender doesn't see.
    pub steps: Vec<Clocked>,
    /// Whether special provision of it runs: then it can't be closed. Not for the sender.
    pub provision_runs: bool,
}

impl Progress {
    /// Whether a step was done, at whichever turn.
    #[must_use]
    pub fn is_done(&self, step: Step) -> bool {
        self.steps.iter().any(|s| s.step == step && s.done_at.is_some())
    }

    /// The day a step presses towards: of what makes the school ready, when the pupil comes back or came back; an
    /// acknowledgement doesn't press any more once they are back, and what follows the return never did.
    #[must_use]
    pub fn presses_towards(&self, step: Step) -> Option<NaiveDate> {
        match step {
            Step::RiskAssessment | Step::ReturnMeeting | Step::ReturnPlan | Step::Return => {
                self.returned.map(|(on, _)| on).or(self.expected_return_on)
            }
            Step::AcknowledgeDsp | Step::AcknowledgeEp => self.expected_return_on.filter(|_| self.returned.is_none()),
            Step::FullTime | Step::Review | Step::Close | Step::ProvisionReview | Step::ProvisionEnd => None,
        }
    }

    /// The open turn of a step.
    #[must_use]
    pub fn open(&self, step: Step) -> Option<&Clocked> {
        self.steps.iter().find(|s| s.step == step && s.is_open())
    }

    /// The turn a step has next.
    #[must_use]
    pub fn next_turn(&self, step: Step) -> i64 {
        self.steps.iter().filter(|s| s.step == step).map(|s| s.turn).max().unwrap_or(0) + 1
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        if self.closed.is_some() {
            State::Closed
        } else if self.returned.is_some() {
            State::Returned
        } else if self.is_done(Step::ReturnPlan) {
            State::Planned
        } else if self.is_done(Step::ReturnMeeting) {
            State::Met
        } else if self.is_done(Step::RiskAssessment) {
            State::Assessed
        } else if self.is_done(Step::AcknowledgeDsp) && self.is_done(Step::AcknowledgeEp) {
            State::Acknowledged
        } else {
            State::Received
        }
    }
}
