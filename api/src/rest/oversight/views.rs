//! What these operations show.

use dolen_domain::access::{Basis, Relation, Role};
use dolen_domain::kernel::{Actor, SchoolId, Utc};
use dolen_domain::oversight::{Emergency, EmergencyView, Seen, Watched};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Opening one child's records for an hour. Name the child by one of their records or by id, in one way.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewEmergencyAccess)]
#[serde(deny_unknown_fields)]
pub struct StartEmergencyBody {
    /// The reference of one of the child's records.
    #[schema(example = "DL-7K4Q-3M9X", max_length = 16, nullable = false)]
    pub reference: Option<String>,
    /// The child's id.
    #[schema(max_length = 36, nullable = false)]
    pub pupil_id: Option<String>,
    /// Why. It is sealed, and read by whoever reviews.
    #[schema(min_length = 20, max_length = 2000)]
    pub reason: String,
}

/// What another person made of an emergency access.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewEmergencyReview)]
#[serde(deny_unknown_fields)]
pub struct ReviewEmergencyBody {
    /// `appropriate`, `not_appropriate` or `further_action`.
    #[schema(example = "appropriate", max_length = 32)]
    pub outcome: String,
    /// Why. It is sealed.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: String,
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyReview)]
pub struct EmergencyReviewView {
    /// `appropriate`, `not_appropriate` or `further_action`.
    #[schema(example = "appropriate")]
    pub outcome: String,
    /// When.
    pub reviewed_at: chrono::DateTime<chrono::Utc>,
}

/// A record an emergency access opens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyRecord)]
pub struct EmergencyRecordView {
    /// Its id.
    pub id: uuid::Uuid,
    /// `referral` or `warrn`.
    #[schema(example = "warrn")]
    pub kind: String,
    /// Its reference.
    pub reference: String,
}

/// That somebody broke the glass. It says nothing of the child but their school.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyAccess)]
pub struct EmergencyAccessView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its own reference.
    #[schema(example = "DL-7K4Q-3M9X")]
    pub reference: String,
    /// As what somebody broke it.
    #[schema(example = "safeguarding_lead")]
    pub role: String,
    /// Whether it was the caller.
    pub own: bool,
    /// The child's school.
    #[schema(example = "6764051")]
    pub school_number: String,
    /// From when.
    pub started_at: chrono::DateTime<chrono::Utc>,
    /// Until when.
    pub ends_at: chrono::DateTime<chrono::Utc>,
    /// What another person made of it; absent while that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review: Option<EmergencyReviewView>,
    /// The child's records, for who started it and while it lasts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<EmergencyRecordView>,
}

impl EmergencyAccessView {
    /// The view for this caller.
    pub(super) fn of(emergency: &Emergency, caller: Actor, number: impl Fn(SchoolId) -> String) -> Self {
        Self {
            id: emergency.id.uuid(),
            reference: emergency.reference.to_string(),
            role: emergency.role.to_string(),
            own: caller == Actor::Person(emergency.person),
            school_number: number(emergency.school),
            started_at: emergency.started_at.chrono(),
            ends_at: emergency.ends_at.chrono(),
            review: emergency
                .review
                .map(|r| EmergencyReviewView { outcome: r.outcome.to_string(), reviewed_at: r.reviewed_at.chrono() }),
            records: Vec::new(),
        }
    }

    /// The same with the records it opens.
    pub(super) fn whole(view: &EmergencyView, caller: Actor, number: impl Fn(SchoolId) -> String) -> Self {
        let record = |c: &dolen_domain::oversight::CaseOpened| EmergencyRecordView {
            id: c.id.uuid(),
            kind: c.kind.to_string(),
            reference: c.reference.to_string(),
        };
        Self { records: view.cases.iter().map(record).collect(), ..Self::of(&view.emergency, caller, number) }
    }
}

/// A page of emergency accesses.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyAccessPage)]
pub struct EmergencyPageView {
    /// Newest first.
    pub items: Vec<EmergencyAccessView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// What was said, for who reviews.
#[derive(Serialize, ToSchema)]
#[schema(as = EmergencyReason)]
pub struct EmergencyReasonView {
    /// The reason given.
    pub reason: String,
    /// The reviewer's note, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
}

/// Somebody has seen something of a record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reading)]
pub struct ReadingView {
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// `envelope`, `content`, `people`, `tasks`, `documents`, `readers`, `steps`, `return_file`, `provision`,
    /// `provision_file`, `subject_access`, `birthday` or `other`.
    #[schema(example = "content")]
    pub part: String,
    /// Of which record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "DL-7K4Q-3M9X")]
    pub reference: Option<String>,
    /// In which role; absent for entries older than the record of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "dsp")]
    pub role: Option<String>,
    /// On what ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "recipient")]
    pub relation: Option<String>,
    /// Whether it was by breaking the glass.
    pub emergency: bool,
    /// Whether it was the caller.
    pub own: bool,
    /// Whether it was an API client.
    pub client: bool,
    /// The reader's name, for those who watch over the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
}

impl From<Seen> for ReadingView {
    fn from(s: Seen) -> Self {
        let (role, relation) = match s.basis {
            Some(Basis::Role(role, relation)) => (Some(role), Some(relation)),
            _ => (None, None),
        };
        Self {
            at: s.at.chrono(),
            part: s.part.to_string(),
            reference: s.of.map(|(_, reference)| reference.to_string()),
            role: role.map(|r: Role| r.to_string()),
            relation: relation.map(|r: Relation| r.to_string()),
            emergency: relation == Some(Relation::Emergency),
            own: s.own,
            client: s.by_client,
            name: s.name,
        }
    }
}

/// A page of readings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReadingPage)]
pub struct ReadingPageView {
    /// Newest first.
    pub items: Vec<ReadingView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// What a reader did in the last seven days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reader)]
pub struct ReaderView {
    /// `person` or `client`.
    #[schema(example = "person")]
    pub kind: String,
    /// Their id.
    pub id: uuid::Uuid,
    /// Their name; absent for an API client.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// Their roles in force.
    pub roles: Vec<String>,
    /// Different children whose records they opened in the last 24 hours.
    pub children_day: u32,
    /// The same in the last 7 days.
    pub children_week: u32,
    /// Their usual: the mean of the four weeks before.
    pub children_usual: f64,
    /// Openings outside working hours.
    pub out_of_hours: u32,
    /// Openings after the case was closed.
    pub no_open_case: u32,
    /// Emergency accesses started.
    pub emergencies: u32,
    /// What of it is worth a question: `many_in_a_day`, `many_in_a_week`, `far_above_usual`, `out_of_hours`,
    /// `no_open_case` or `emergency`.
    pub flags: Vec<String>,
}

impl ReaderView {
    pub(super) fn of(w: &Watched) -> Option<Self> {
        Some(Self {
            kind: w.who.kind().to_owned(),
            id: w.who.uuid()?,
            name: w.name.clone(),
            roles: w.roles.iter().map(ToString::to_string).collect(),
            children_day: w.children_day,
            children_week: w.children_week,
            children_usual: f64::from(w.children_four_weeks) / 4.0,
            out_of_hours: w.out_of_hours,
            no_open_case: w.no_open_case,
            emergencies: w.emergencies,
            flags: w.flags.iter().map(ToString::to_string).collect(),
        })
    }
}

/// Who reads unusually much, at unusual times or without an open case. It proves nothing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessReport)]
pub struct AccessReportView {
    /// Up to when.
    pub at: chrono::DateTime<chrono::Utc>,
    /// Everybody who opened anything in the last seven days; those with most flags first.
    pub readers: Vec<ReaderView>,
}

impl AccessReportView {
    pub(super) fn of(at: Utc, readers: &[Watched]) -> Self {
        Self { at: at.chrono(), readers: readers.iter().filter_map(ReaderView::of).collect() }
    }
}
