//! A referral: what comes in, what is sealed, and what is shown.

mod words;

pub use words::{Command, ConsentBy, DeclineReason, EventKind, State, Urgency};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::directory::officers::KeyArea;
use crate::kernel::{
    Actor, Code, OfficerId, PupilId, Reference, ReferralId, Result, SchoolId, ServiceId, Utc, YearGroup,
};
use crate::pupils::{NewPupil, PupilIdentity};
use crate::routing::Decision;

/// Consent as it comes in, not yet checked.
#[derive(Debug, Clone)]
pub struct NewConsent {
    /// Who gave it, as a word of [`ConsentBy`].
    pub given_by: String,
    /// When.
    pub given_on: NaiveDate,
}

/// A referral as it comes in, not yet checked.
#[derive(Clone)]
pub struct OpenReferral {
    /// The school's seven-digit number.
    pub school_number: String,
    /// The service's code.
    pub service: String,
    /// Who it is about.
    pub pupil: NewPupil,
    /// The child's year group, 0 (Reception) to 14.
    pub year_group: i64,
    /// What it is about, as a word of [`KeyArea`].
    pub key_area: Option<String>,
    /// How soon, as a word of [`Urgency`]; routine when not said.
    pub urgency: Option<String>,
    /// What the child needs, 1 to 4,000 characters.
    pub need: String,
    /// What the school has tried, up to 4,000 characters.
    pub evidence: Option<String>,
    /// Who agreed, and when.
    pub consent: Option<NewConsent>,
    /// Anything more, up to 4,000 characters.
    pub notes: Option<String>,
}

impl std::fmt::Debug for OpenReferral {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenReferral(…)")
    }
}

/// Who agreed to the referral, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who.
    pub given_by: ConsentBy,
    /// When.
    pub given_on: NaiveDate,
}

/// What is sealed under the child's key. No `Debug` of the content.
///
/// It holds the child's identity as this school gave it: a school that knows a unique pupil number must not learn from
/// it what another school wrote about the child.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Who it is about, as given with this referral.
    pub pupil: PupilIdentity,
    /// What the child needs.
    pub need: String,
    /// What the school has tried.
    pub evidence: Option<String>,
    /// Who agreed.
    pub consent: Option<Consent>,
    /// Anything more.
    pub notes: Option<String>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(…)")
    }
}

/// What a referral shows to everyone who may follow it. No name, no narrative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Its id.
    pub id: ReferralId,
    /// The reference people quote.
    pub reference: Reference,
    /// The school it comes from.
    pub school: SchoolId,
    /// The service it is for.
    pub service: ServiceId,
    /// The child, as an id.
    pub pupil: PupilId,
    /// The child's year group.
    pub year_group: YearGroup,
    /// What it is about.
    pub key_area: Option<KeyArea>,
    /// How soon.
    pub urgency: Urgency,
    /// Where it stands.
    pub state: State,
    /// The officer it was routed to; else a queue.
    pub officer: Option<OfficerId>,
    /// The queue it was routed to; else an officer.
    pub queue: Option<String>,
    /// Why it went there.
    pub routing: Decision,
    /// Why it was declined.
    pub reason: Option<DeclineReason>,
    /// The referral that goes on for it at another service.
    pub successor: Option<ReferralId>,
    /// Who opened it: a person or a client.
    pub opened_by: Actor,
    /// Its version, from 1.
    pub version: i64,
    /// When it came in.
    pub created_at: Utc,
    /// When it last changed.
    pub updated_at: Utc,
}

/// Something said between the two sides. No `Debug` of the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Utc,
    /// With which event.
    pub kind: EventKind,
    /// The words.
    pub text: String,
}

impl std::fmt::Debug for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Note(…)")
    }
}

/// A referral's content, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What the school wrote.
    pub content: Content,
    /// What the two sides said since, oldest first.
    pub notes: Vec<Note>,
}

/// A referral as its reader may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What everyone who follows it sees.
    pub envelope: Envelope,
    /// The content, for a reader who must know it.
    pub opened: Option<Opened>,
    /// Whether the content would open once the reader has proved a second factor again.
    pub step_up: bool,
}

impl Reading {
    /// The content, or why it is not here.
    ///
    /// # Errors
    /// [`Code::StepUpRequired`] or [`Code::Forbidden`].
    pub fn into_opened(self) -> Result<Opened> {
        let refused = if self.step_up { Code::StepUpRequired } else { Code::Forbidden };
        self.opened.ok_or_else(|| refused.into())
    }
}

/// A line of a referral's history: no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Utc,
    /// Who: a person, a client, or the service itself.
    pub actor: Actor,
    /// What happened.
    pub kind: EventKind,
    /// Where the referral stood then.
    pub state: State,
    /// Why it was declined.
    pub reason: Option<DeclineReason>,
    /// Whether something was said with it, to be read with the content.
    pub has_note: bool,
}

/// Which referrals of those the caller may see.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<State>,
    /// From this school.
    pub school: Option<SchoolId>,
    /// For this service.
    pub service: Option<ServiceId>,
    /// Routed to the caller as an officer, or opened by the caller.
    pub mine: bool,
}
