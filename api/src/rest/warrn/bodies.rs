//! What the steps of a return are told in.

use chrono::NaiveDate;
use dolen_domain::kernel::{Error, FaultCode, Faults, Result};
use dolen_domain::warrn::returns::{Attendance, Outcome, PartTime, Plan, Present, ReviewAttendance, TakeStep, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rest::provision::bodies::ConsentBody;

/// The school's risk assessment.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRiskAssessment)]
#[serde(deny_unknown_fields)]
pub struct RiskAssessmentBody {
    /// When it was made; at most a year ago.
    pub held_on: NaiveDate,
    /// Whether the psychology service took part.
    pub with_eps: bool,
    /// What was found, in words. Never a score.
    #[schema(min_length = 1, max_length = 4000)]
    pub findings: String,
}

impl From<RiskAssessmentBody> for TakeStep {
    fn from(b: RiskAssessmentBody) -> Self {
        Self::RiskAssessment { held_on: b.held_on, with_eps: b.with_eps, findings: b.findings }
    }
}

/// Somebody at a meeting.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = MeetingPresent)]
#[serde(deny_unknown_fields)]
pub struct PresentBody {
    /// As what: `pupil`, `parent`, `key_adult`, `eps`, `school_staff`, `health` or `other`.
    #[schema(example = "pupil", max_length = 32)]
    pub who: String,
    /// Their name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
}

/// The return meeting.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReturnMeeting)]
#[serde(deny_unknown_fields)]
pub struct ReturnMeetingBody {
    /// When it was held; at most a year ago.
    pub held_on: NaiveDate,
    /// Who was there.
    #[schema(min_items = 1, max_items = 20)]
    pub present: Vec<PresentBody>,
    /// What was said.
    #[schema(max_length = 4000, nullable = false)]
    pub note: Option<String>,
}

impl ReturnMeetingBody {
    /// The step.
    ///
    /// # Errors
    /// A fault for each word that is none.
    pub fn read(self) -> Result<TakeStep> {
        let mut faults = Faults::default();
        let mut present = Vec::with_capacity(self.present.len().min(20));
        for (i, somebody) in self.present.into_iter().enumerate() {
            let who: Option<Who> = faults.keep(format!("/present/{i}/who"), somebody.who.parse());
            present.extend(who.map(|who| Present { who, name: somebody.name }));
        }
        faults.finish()?;
        Ok(TakeStep::ReturnMeeting { held_on: self.held_on, present, note: self.note })
    }
}

/// A return plan: the first, or one that takes the place of the one before.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReturnPlan)]
#[serde(deny_unknown_fields)]
pub struct ReturnPlanBody {
    /// When it was agreed; at most a year ago.
    pub agreed_on: NaiveDate,
    /// What upsets.
    #[schema(min_length = 1, max_length = 4000)]
    pub triggers: String,
    /// What helps: what the pupil can do, what others can.
    #[schema(min_length = 1, max_length = 4000)]
    pub what_helps: String,
    /// Where the pupil can go.
    #[schema(min_length = 1, max_length = 4000)]
    pub safe_places: String,
    /// Whom the pupil turns to.
    #[schema(min_length = 1, max_length = 4000)]
    pub key_adult: String,
    /// What is done differently.
    #[schema(min_length = 1, max_length = 4000)]
    pub adjustments: String,
    /// When it is looked at again; in the future.
    pub review_on: NaiveDate,
    /// The part-time timetable, when there is one.
    #[schema(max_length = 4000, nullable = false)]
    pub timetable: Option<String>,
    /// Its last day: a part-time timetable has an end, no later than a reduced timetable may last.
    #[schema(nullable = false)]
    pub part_time_until: Option<NaiveDate>,
    /// Its first day. Left out: the day the pupil is expected back; once they are back, the day the plan was agreed. When
    /// another timetable of the record runs: today or tomorrow, and after its first day.
    #[schema(nullable = false)]
    pub part_time_from: Option<NaiveDate>,
    /// When it is looked at again, before its end. Required with a part-time timetable, as are the three below.
    #[schema(nullable = false)]
    pub part_time_review_on: Option<NaiveDate>,
    /// Minutes of school offered in a week.
    #[schema(minimum = 1, maximum = 2400, nullable = false)]
    pub minutes_per_week: Option<i64>,
    /// Who consented, and when.
    #[schema(nullable = false)]
    pub consent: Option<ConsentBody>,
    /// Why the pupil can't follow the whole timetable for now.
    #[schema(max_length = 4000, nullable = false)]
    pub part_time_reason: Option<String>,
}

impl From<ReturnPlanBody> for TakeStep {
    fn from(b: ReturnPlanBody) -> Self {
        let plan = Plan {
            triggers: b.triggers,
            what_helps: b.what_helps,
            safe_places: b.safe_places,
            key_adult: b.key_adult,
            adjustments: b.adjustments,
            timetable: b.timetable,
        };
        let part_time = PartTime {
            from: b.part_time_from,
            review_on: b.part_time_review_on,
            minutes_per_week: b.minutes_per_week,
            consent: b.consent.map(Into::into),
            reason: b.part_time_reason,
        };
        let (agreed_on, review_on, part_time_until) = (b.agreed_on, b.review_on, b.part_time_until);
        Self::ReturnPlan { agreed_on, plan, review_on, part_time_until, part_time }
    }
}

/// A pupil's return.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReturn)]
#[serde(deny_unknown_fields)]
pub struct ReturnBody {
    /// When; today or before.
    pub on: NaiveDate,
    /// `full_time` or `part_time`.
    #[schema(example = "part_time", max_length = 32)]
    pub attendance: String,
}

impl ReturnBody {
    /// The step.
    ///
    /// # Errors
    /// The fault of a word that is none.
    pub fn read(self) -> Result<TakeStep> {
        let attendance: Attendance = self.attendance.parse().map_err(|code| Error::fault("/attendance", code))?;
        Ok(TakeStep::Return { on: self.on, attendance })
    }
}

/// Why a return is taken back.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReturnWithdrawal)]
#[serde(deny_unknown_fields)]
pub struct ReturnWithdrawalBody {
    /// Why, in words: the wrong day, another child, a child who did not come.
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
}

/// The end of a part-time timetable.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewFullTime)]
#[serde(deny_unknown_fields)]
pub struct FullTimeBody {
    /// Since when the pupil attends full time.
    pub on: NaiveDate,
}

impl From<FullTimeBody> for TakeStep {
    fn from(b: FullTimeBody) -> Self {
        Self::FullTime { on: b.on }
    }
}

/// A review.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReturnReview)]
#[serde(deny_unknown_fields)]
pub struct ReviewBody {
    /// When it was held; at most a year ago.
    pub held_on: NaiveDate,
    /// Whether the pupil attends: `full_time`, `part_time` or `absent`. A record can only be closed as sustained when a review
    /// said so, when the weeks were over.
    #[schema(example = "full_time", max_length = 32, nullable = false)]
    pub attendance: Option<String>,
    /// What was found, in words. Never a score.
    #[schema(min_length = 1, max_length = 4000)]
    pub note: String,
    /// When the next is. Without it, six and then twelve weeks after the return.
    #[schema(nullable = false)]
    pub next_on: Option<NaiveDate>,
}

impl ReviewBody {
    /// The step.
    ///
    /// # Errors
    /// The fault of a word that is none.
    pub fn read(self) -> Result<TakeStep> {
        let attendance: Option<ReviewAttendance> = self
            .attendance
            .map(|word| word.parse().map_err(|code: FaultCode| Error::fault("/attendance", code)))
            .transpose()?;
        Ok(TakeStep::Review { held_on: self.held_on, attendance, note: self.note, next_on: self.next_on })
    }
}

/// How a record ends.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReturnOutcome)]
#[serde(deny_unknown_fields)]
pub struct OutcomeBody {
    /// `sustained_12_weeks`, `sustained_6_weeks`, `re_absence`, `re_referred` or `moved_on`.
    #[schema(example = "sustained_12_weeks", max_length = 32)]
    pub outcome: String,
    /// What was said.
    #[schema(max_length = 4000, nullable = false)]
    pub note: Option<String>,
}

impl OutcomeBody {
    /// The step.
    ///
    /// # Errors
    /// The fault of a word that is none.
    pub fn read(self) -> Result<TakeStep> {
        let outcome: Outcome = self.outcome.parse().map_err(|code: FaultCode| Error::fault("/outcome", code))?;
        Ok(TakeStep::Close { outcome, note: self.note })
    }
}

/// The day a pupil is expected back.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReturnDate)]
#[serde(deny_unknown_fields)]
pub struct ReturnDateBody {
    /// The day, at most a year from now; null when nobody knows any more. Never left out: a slip would stop a clock.
    #[schema(required)]
    #[serde(deserialize_with = "Option::deserialize")]
    pub expected_return_on: Option<NaiveDate>,
}
