//! The envelope and what stands around it.

use crate::access::Action;
use crate::kernel::{
    Actor, Bilingual, CaseId, MilestoneId, OfficerId, PersonId, PupilId, Reference, ReferralId, SchoolId, ServiceId,
    Utc, WarrnId, pair, text_enum,
};
use crate::vault::Place;

text_enum! {
    /// What a case is.
    pub enum CaseKind {
        /// A referral to a service.
        Referral = "referral",
        /// A WARRN record and the return to school that follows.
        Warrn = "warrn",
    }
}

/// What a caller wants with a case. Each kind has an action of the policy for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Know that it exists and how far it is.
    See,
    /// Open what is sealed in it.
    Open,
    /// Add to it: people, tasks, documents, links, pauses.
    Keep,
}

impl CaseKind {
    /// Whether a pause stops this case's clocks. It doesn't stop those of a return: the date doesn't stand still
    /// (`docs/adr/0016-clocks-of-a-return.md`), and the pause is a note of what is waited for.
    #[must_use]
    pub const fn clocks_can_stop(self) -> bool {
        match self {
            Self::Referral => true,
            Self::Warrn => false,
        }
    }

    /// The policy's action for a use of a case of this kind.
    #[must_use]
    pub const fn action(self, wanted: Use) -> Action {
        match (self, wanted) {
            (Self::Referral, Use::See) => Action::ReadReferral,
            (Self::Referral, Use::Open) => Action::ReadReferralContent,
            (Self::Referral, Use::Keep) => Action::KeepReferral,
            (Self::Warrn, Use::See) => Action::ReadWarrn,
            (Self::Warrn, Use::Open) => Action::ReadWarrnContent,
            (Self::Warrn, Use::Keep) => Action::KeepWarrn,
        }
    }

    /// Where a note of an event of this kind is sealed. Referrals had a table of their own when their first notes were
    /// sealed; a seal is bound to its place for good.
    #[must_use]
    pub const fn note_place(self, event: uuid::Uuid) -> Place {
        let table = match self {
            Self::Referral => "referral_events",
            Self::Warrn => "case_events",
        };
        Place { table, column: "note", row: event }
    }
}

/// The id of something that is a case.
pub trait OfCase: Copy {
    /// The case.
    fn case(self) -> CaseId;
}

impl OfCase for CaseId {
    fn case(self) -> CaseId {
        self
    }
}

impl OfCase for ReferralId {
    fn case(self) -> CaseId {
        CaseId::from_uuid(self.uuid())
    }
}

impl OfCase for WarrnId {
    fn case(self) -> CaseId {
        CaseId::from_uuid(self.uuid())
    }
}

/// The envelope. No name, no narrative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id, and that of what it is the envelope of.
    pub id: CaseId,
    /// What it is.
    pub kind: CaseKind,
    /// The reference people quote.
    pub reference: Reference,
    /// The child's school.
    pub school: SchoolId,
    /// The service it is with, where it is with one.
    pub service: Option<ServiceId>,
    /// The child, as an id.
    pub pupil: PupilId,
    /// The officer who holds it.
    pub officer: Option<OfficerId>,
    /// The queue it waits in, when no officer holds it.
    pub queue: Option<String>,
    /// Who opened it.
    pub opened_by: Actor,
    /// When it came in.
    pub opened_at: Utc,
    /// When it last changed.
    pub updated_at: Utc,
    /// When it was closed, and why (a word of its own kind).
    pub closed: Option<(Utc, String)>,
    /// Its version, from 1.
    pub version: i64,
}

/// An envelope to keep. It is open, its version is 1, and the caller opened it unless somebody else did.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// The id.
    pub id: CaseId,
    /// What it is.
    pub kind: CaseKind,
    /// The reference.
    pub reference: Reference,
    /// The child's school.
    pub school: SchoolId,
    /// The service.
    pub service: Option<ServiceId>,
    /// The child.
    pub pupil: PupilId,
    /// The officer.
    pub officer: Option<OfficerId>,
    /// The queue.
    pub queue: Option<String>,
    /// Who opened it: a person or a client.
    pub opened_by: Actor,
}

/// Something that happened, without what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Utc,
    /// Who.
    pub actor: Actor,
    /// What, as a word of the case's kind.
    pub kind: String,
    /// Where the case stood then, as a word of its kind.
    pub state: String,
    /// Why, as a word of its kind.
    pub reason: Option<String>,
    /// Whether something was said with it.
    pub has_note: bool,
}

/// A step with a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// The case.
    pub case: CaseId,
    /// Which step, as a word of the case's kind.
    pub kind: String,
    /// Which time this step comes, from 1: reviews come again.
    pub turn: i64,
    /// By when.
    pub due_at: Option<Utc>,
    /// When it was done.
    pub done_at: Option<Utc>,
    /// By whom.
    pub done_by: Option<PersonId>,
    /// When it was given up, because the case took another way.
    pub dropped_at: Option<Utc>,
    /// How far its lateness was told: 0 not, 1 to the deputy, 2 to the authority's safeguarding leads.
    pub stage: i64,
    /// When the next is told, if it is still open then.
    pub next_stage_at: Option<Utc>,
}

impl Milestone {
    /// Whether it waits to be done.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.done_at.is_none() && self.dropped_at.is_none()
    }
}

/// A step to set.
#[derive(Debug, Clone)]
pub struct NewMilestone {
    /// Which step.
    pub kind: &'static str,
    /// Which time, from 1.
    pub turn: i64,
    /// By when; the first time its lateness is told.
    pub due_at: Option<Utc>,
}

text_enum! {
    /// Why clocks stand still (`facts/features.md` §3.13: named pause reasons).
    pub enum PauseReason {
        /// Consent is being asked for.
        AwaitingConsent = "awaiting_consent",
        /// The school has to do something first.
        AwaitingSchool = "awaiting_school",
        /// Health has to do something first.
        AwaitingHealth = "awaiting_health",
        /// A panel has to decide first.
        AwaitingPanel = "awaiting_panel",
        /// The child can't take part for now.
        ChildUnavailable = "child_unavailable",
    }
}

impl PauseReason {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::AwaitingConsent => pair("Yn aros am gydsyniad", "Awaiting consent"),
            Self::AwaitingSchool => pair("Yn aros am yr ysgol", "Awaiting the school"),
            Self::AwaitingHealth => pair("Yn aros am iechyd", "Awaiting health"),
            Self::AwaitingPanel => pair("Yn aros am banel", "Awaiting a panel"),
            Self::ChildUnavailable => pair("Nid yw'r plentyn ar gael am y tro", "The child can't take part for now"),
        }
    }
}

/// A time in which something was waited for, and clocks stood still where they can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// From when.
    pub begins_at: Utc,
    /// Until when; open while it lasts.
    pub ends_at: Option<Utc>,
    /// Whether clocks stand still meanwhile ([`CaseKind::clocks_can_stop`]).
    pub stops_clocks: bool,
}

text_enum! {
    /// How one case stands to another.
    pub enum LinkKind {
        /// The one led to the other.
        LedTo = "led_to",
        /// The one was passed on as the other.
        RedirectedTo = "redirected_to",
        /// They belong together.
        Related = "related",
    }
}

/// A case on the other end of a link, as far as the caller may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// How.
    pub kind: LinkKind,
    /// Whether the link goes from the case asked about to the other.
    pub outward: bool,
    /// The other.
    pub case: Case,
}
