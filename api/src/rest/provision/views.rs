//! What is seen of special provision: what stands in the open, and apart from it what is sealed.

use chrono::{DateTime, NaiveDate, Utc};
use dolen_domain::provision::{Noted, Provision, ProvisionFile};
use serde::Serialize;
use utoipa::ToSchema;

/// Special provision without what is said in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Provision)]
pub struct ProvisionView {
    /// Its id.
    pub id: uuid::Uuid,
    /// The record it belongs to.
    pub record_id: uuid::Uuid,
    /// Its reference.
    #[schema(example = "DL-7K4Q-3M9X")]
    pub reference: String,
    /// What is provided: `handling_plan`, `reduced_timetable` or `eotas`.
    #[schema(example = "reduced_timetable")]
    pub kind: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// When it is looked at next.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_on: Option<NaiveDate>,
    /// Its last day as planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ends_on: Option<NaiveDate>,
    /// Minutes of school offered in a week.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub minutes_per_week: Option<i64>,
    /// When consent was last given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consent_on: Option<NaiveDate>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub placement: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended_on: Option<NaiveDate>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ending: Option<String>,
    /// When it was noted.
    pub started_at: DateTime<Utc>,
}

impl From<&Provision> for ProvisionView {
    fn from(p: &Provision) -> Self {
        Self {
            id: p.id.uuid(),
            record_id: p.record.uuid(),
            reference: p.reference.to_string(),
            kind: p.kind.to_string(),
            starts_on: p.starts_on,
            review_on: p.review_on,
            ends_on: p.ends_on,
            minutes_per_week: p.minutes_per_week,
            consent_on: p.consent_on,
            placement: p.placement.map(|w| w.to_string()),
            ended_on: p.ended.map(|(on, _)| on),
            ending: p.ended.map(|(_, how)| how.to_string()),
            started_at: p.started_at.chrono(),
        }
    }
}

/// A record's provision, without pages: there is never much.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProvisionList)]
pub struct ProvisionListView {
    /// The first comes first.
    pub items: Vec<ProvisionView>,
}

/// A note of provision.
#[derive(Serialize, ToSchema)]
#[schema(as = ProvisionNote)]
pub struct ProvisionNoteView {
    /// At what: `review`, `extension` or `end`.
    #[schema(example = "review")]
    pub kind: String,
    /// When it was held, agreed or happened.
    pub held_on: NaiveDate,
    /// The date it names: the next review, the new last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_on: Option<NaiveDate>,
    /// What was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<String>,
    /// Who consented to a longer timetable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consent_by: Option<String>,
    /// When it was noted.
    pub noted_at: DateTime<Utc>,
}

impl From<Noted> for ProvisionNoteView {
    fn from(n: Noted) -> Self {
        Self {
            kind: n.kind.to_string(),
            held_on: n.held_on,
            next_on: n.next_on,
            text: n.content.text,
            consent_by: n.content.consent_by,
            noted_at: n.noted_at.chrono(),
        }
    }
}

/// All there is of provision, for who may open its record.
#[derive(Serialize, ToSchema)]
#[schema(as = ProvisionFile)]
pub struct ProvisionFileView {
    /// What stands in the open.
    pub provision: ProvisionView,
    /// The plan.
    pub plan: String,
    /// What sets it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub triggers: Option<String>,
    /// The techniques agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub techniques: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// Who consented at its beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consent_by: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub provider: Option<String>,
    /// The notes, oldest first.
    pub notes: Vec<ProvisionNoteView>,
}

impl From<ProvisionFile> for ProvisionFileView {
    fn from(f: ProvisionFile) -> Self {
        Self {
            provision: (&f.provision).into(),
            plan: f.content.plan,
            triggers: f.content.triggers,
            techniques: f.content.techniques,
            reason: f.content.reason,
            consent_by: f.content.consent_by,
            provider: f.content.provider,
            notes: f.notes.into_iter().map(Into::into).collect(),
        }
    }
}
