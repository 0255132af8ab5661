//! What the steps of a return are told in.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::graphql::enums::{MeetingRole, ReturnAttendance, ReturnOutcome};
use crate::graphql::plain::Date;

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
    /// Its last day.
    pub part_time_until: Option<Date>,
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
