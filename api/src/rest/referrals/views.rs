//! What goes out.

use std::collections::HashMap;

use dolen_domain::db::Work;
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::kernel::{Lang, OfficerId, Result, SchoolId, ServiceId};
use dolen_domain::referrals::{Envelope, Event, Opened};
use serde::Serialize;
use utoipa::ToSchema;

use crate::rest::directory::TextView;
use crate::rest::warrn::PupilView;

/// One step of the routing decision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoutingStep)]
pub struct RoutingStepView {
    /// Stable code.
    #[schema(example = "chosen")]
    pub code: String,
    /// The officer considered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub officer_id: Option<uuid::Uuid>,
    /// The step in words.
    pub text: TextView,
}

/// The officer a referral was routed to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralOfficer)]
pub struct AssignedView {
    /// Their id.
    pub id: uuid::Uuid,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
}

/// A referral's envelope.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Referral)]
pub struct ReferralView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its reference.
    #[schema(example = "DL-7K4Q-3M9X")]
    pub reference: String,
    /// The school.
    #[schema(example = "6764051")]
    pub school_number: String,
    /// The service's code.
    #[schema(example = "sbc")]
    pub service: String,
    /// Year group.
    pub year_group: u8,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub key_area: Option<String>,
    /// `routine`, `soon` or `urgent`.
    #[schema(example = "routine")]
    pub urgency: String,
    /// `submitted`, `info_requested`, `accepted`, `declined` or `redirected`.
    #[schema(example = "submitted")]
    pub state: String,
    /// The state in words.
    pub state_text: TextView,
    /// Who has it; absent when it waits in a queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub officer: Option<AssignedView>,
    /// The queue it waits in; absent when someone has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub queue: Option<String>,
    /// Why it was routed there.
    pub routing: Vec<RoutingStepView>,
    /// Why it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// The referral that continues it at another service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub successor_id: Option<uuid::Uuid>,
    /// When it was opened.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When it last changed.
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

/// A page of referrals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralPage)]
pub struct ReferralPageView {
    /// Newest first.
    pub items: Vec<ReferralView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// What was said with an event.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralNote)]
pub struct NoteView {
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// With which event.
    #[schema(example = "info_requested")]
    pub kind: String,
    /// What was said.
    pub text: String,
}

/// Who consented.
#[derive(Serialize, ToSchema)]
#[schema(as = Consent)]
pub struct ConsentView {
    /// `parent`, `carer` or `young_person`.
    pub given_by: String,
    /// When.
    pub given_on: chrono::NaiveDate,
}

/// A referral's sealed content, for those who must know it.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralContent)]
pub struct ReferralContentView {
    /// The child.
    pub pupil: PupilView,
    /// What help is asked for.
    pub need: String,
    /// What the school has tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub evidence: Option<String>,
    /// Who consented.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consent: Option<ConsentView>,
    /// Anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub notes: Option<String>,
    /// Questions, answers and reasons, oldest first.
    pub said: Vec<NoteView>,
}

impl From<Opened> for ReferralContentView {
    fn from(o: Opened) -> Self {
        let said = o
            .notes
            .into_iter()
            .map(|n| NoteView { at: n.at.chrono(), kind: n.kind.to_string(), text: n.text })
            .collect();
        Self {
            pupil: o.content.pupil.into(),
            need: o.content.need,
            evidence: o.content.evidence,
            consent: o.content.consent.map(|c| ConsentView { given_by: c.given_by.to_string(), given_on: c.given_on }),
            notes: o.content.notes,
            said,
        }
    }
}

/// Something that happened to a referral.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralEvent)]
pub struct ReferralEventView {
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// Who: `person`, `client` or `system`.
    #[schema(example = "person")]
    pub by: String,
    /// What.
    #[schema(example = "accepted")]
    pub kind: String,
    /// Where the referral stood then.
    #[schema(example = "accepted")]
    pub state: String,
    /// Why it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// Whether something was said with it, to be read with the content.
    pub has_note: bool,
}

impl From<Event> for ReferralEventView {
    fn from(e: Event) -> Self {
        Self {
            at: e.at.chrono(),
            by: e.actor.kind().to_owned(),
            kind: e.kind.to_string(),
            state: e.state.to_string(),
            reason: e.reason.map(|r| r.to_string()),
            has_note: e.has_note,
        }
    }
}

/// What happened, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralEventList)]
pub struct ReferralEventListView {
    /// Oldest first.
    pub items: Vec<ReferralEventView>,
}

/// The names that views of referrals need, read in three statements whatever the number of referrals.
pub struct Names {
    schools: HashMap<SchoolId, String>,
    services: HashMap<ServiceId, String>,
    officers: HashMap<OfficerId, officers::Officer>,
}

impl Names {
    /// Reads the names for these envelopes.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn read(work: &mut Work<'_>, envelopes: &[Envelope]) -> Result<Self> {
        let school_ids: Vec<_> = envelopes.iter().map(|e| e.school).collect();
        let officer_ids: Vec<_> =
            envelopes.iter().flat_map(|e| e.routing.steps.iter().filter_map(|s| s.officer).chain(e.officer)).collect();
        Ok(Self {
            schools: schools::by_ids(work, &school_ids)?.into_iter().map(|s| (s.id, s.number.to_string())).collect(),
            services: services::all(work)?.into_iter().map(|s| (s.id, s.code)).collect(),
            officers: officers::by_ids(work, &officer_ids)?.into_iter().map(|o| (o.id, o)).collect(),
        })
    }

    /// The view of an envelope.
    #[must_use]
    pub fn view(&self, e: &Envelope) -> ReferralView {
        let officer = e.officer.and_then(|id| self.officers.get(&id));
        let routing = e.routing.steps.iter().map(|s| RoutingStepView {
            code: s.code.to_string(),
            officer_id: s.officer.map(OfficerId::uuid),
            text: s.sentence(|id| self.officers.get(&id).map(|o| o.name.clone())).into(),
        });
        let state = e.state.name();
        ReferralView {
            id: e.id.uuid(),
            reference: e.reference.to_string(),
            school_number: self.schools.get(&e.school).cloned().unwrap_or_default(),
            service: self.services.get(&e.service).cloned().unwrap_or_default(),
            year_group: e.year_group.number(),
            key_area: e.key_area.map(|k| k.to_string()),
            urgency: e.urgency.to_string(),
            state: e.state.to_string(),
            state_text: TextView { cy: (*state.of(Lang::Cy)).to_owned(), en: (*state.of(Lang::En)).to_owned() },
            officer: officer.map(|o| AssignedView {
                id: o.id.uuid(),
                name: o.name.clone(),
                role: o.role_title.clone(),
            }),
            queue: e.queue.clone(),
            routing: routing.collect(),
            reason: e.reason.map(|r| r.to_string()),
            successor_id: e.successor.map(dolen_domain::kernel::ReferralId::uuid),
            created_at: e.created_at.chrono(),
            updated_at: e.updated_at.chrono(),
        }
    }
}

/// The view of one envelope.
///
/// # Errors
/// When the database can't be read.
pub fn view_of(work: &mut Work<'_>, envelope: &Envelope) -> Result<ReferralView> {
    Ok(Names::read(work, std::slice::from_ref(envelope))?.view(envelope))
}
