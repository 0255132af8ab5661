//! What the steps of a return are told in.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::graphql::enums::{MeetingRole, ReturnAttendance, ReturnOutcome, ReviewAttendance};
use crate::graphql::plain::Date;
use crate::graphql::provision::ProvisionConsentInput;

/// Somebody at a meeting, coming in.
#[derive(InputObject)]
pub struct MeetingPersonInput {
    /// As what.
    pub who: MeetingRole,
    /// Their name, 1 to 200 characters.
    pub name: String,
}

/// A risk assessment to be noted.
#[derive(InputObject)]
pub struct AssessWarrnRiskInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// When it was made; at most a year ago.
    pub held_on: Date,
    /// Whether the psychology service took part.
    pub with_eps: bool,
    /// What was found, in words, 1 to 4,000 characters. Never a score.
    pub findings: String,
}

/// A return meeting to be noted.
#[derive(InputObject)]
pub struct HoldWarrnMeetingInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// When it was held; at most a year ago.
    pub held_on: Date,
    /// Who was there, 1 to 20 people.
    pub present: Vec<MeetingPersonInput>,
    /// What was said, at most 4,000 characters.
    pub note: Option<String>,
}

/// A return plan to be agreed.
#[derive(InputObject)]
pub struct AgreeWarrnPlanInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// When it was agreed; at most a year ago.
    pub agreed_on: Date,
    /// What upsets. This and each text below has 1 to 4,000 characters.
    pub triggers: String,
    /// What helps.
    pub what_helps: String,
    /// Where the pupil can go.
    pub safe_places: String,
    /// Whom the pupil turns to.
    pub key_adult: String,
    /// What is done differently.
    pub adjustments: String,
    /// When it is looked at again; in the future.
    pub review_on: Date,
    /// The part-time timetable, when there is one.
    pub timetable: Option<String>,
    /// Its last day, no later than a reduced timetable may last.
    pub part_time_until: Option<Date>,
    /// Its first day. Left out: the day the pupil is expected back; once they are back, the day the plan was agreed. When
    /// another timetable of the record runs: today or tomorrow, and after its first day.
    pub part_time_from: Option<Date>,
    /// When it is looked at again, before its end. Required with a part-time timetable, as are the three below.
    pub part_time_review_on: Option<Date>,
    /// Minutes of school offered in a week, 1 to 2,400.
    pub minutes_per_week: Option<i64>,
    /// Who consented, and when.
    pub consent: Option<ProvisionConsentInput>,
    /// Why the pupil can't follow the whole timetable for now, at most 4,000 characters.
    pub part_time_reason: Option<String>,
}

/// A return to be noted.
#[derive(InputObject)]
pub struct RecordWarrnReturnInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// When; today or before.
    pub on: Date,
    /// How.
    pub attendance: ReturnAttendance,
}

/// A return to be taken back.
#[derive(InputObject)]
pub struct WithdrawWarrnReturnInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// Why, in words, 1 to 4,000 characters.
    pub reason: String,
}

/// The end of a part-time timetable.
#[derive(InputObject)]
pub struct EndWarrnPartTimeInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// Since when the pupil attends full time.
    pub on: Date,
}

/// A review to be noted.
#[derive(InputObject)]
pub struct ReviewWarrnReturnInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// When it was held; at most a year ago.
    pub held_on: Date,
    /// Whether the pupil attends. A record can only be closed as sustained when a review said so, when the weeks were over.
    pub attendance: Option<ReviewAttendance>,
    /// What was found, in words, 1 to 4,000 characters. Never a score.
    pub note: String,
    /// When the next is. Without it, six and then twelve weeks after the return.
    pub next_on: Option<Date>,
}

/// A record to be closed.
#[derive(InputObject)]
pub struct CloseWarrnRecordInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// How it ended.
    pub outcome: ReturnOutcome,
    /// What was said, at most 4,000 characters.
    pub note: Option<String>,
}

/// A record to be handed over to the school its child is at now.
#[derive(InputObject)]
pub struct HandOverWarrnRecordInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
}

/// A return date to be changed.
#[derive(InputObject)]
pub struct MoveWarrnReturnInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
    /// The day, at most a year from now; null when nobody knows any more. Never left out: a slip would stop a clock.
    pub expected_return_on: MaybeUndefined<Date>,
}
