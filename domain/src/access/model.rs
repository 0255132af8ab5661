//! Roles, actions, relationships and grants.

use crate::kernel::{Actor, EmergencyId, OfficerId, PupilId, SchoolId, ServiceId, text_enum};
use crate::vault::MayOpen;

text_enum! {
    /// What a person or client is, somewhere.
    pub enum Role {
        /// School staff who submit referrals and survey responses.
        SchoolSubmitter = "school_submitter",
        /// Designated safeguarding person of a school.
        Dsp = "dsp",
        /// Headteacher.
        Headteacher = "headteacher",
        /// Officer of a service.
        Officer = "officer",
        /// Lead of a service's team.
        TeamLead = "team_lead",
        /// The authority's safeguarding lead.
        SafeguardingLead = "safeguarding_lead",
        /// CAMHS in-reach worker or school nurse who sends WARRN records.
        InReachWorker = "in_reach_worker",
        /// Sees released results only.
        Analyst = "analyst",
        /// Sees the audit record only.
        Auditor = "auditor",
        /// Sets up people, the directory and campaigns; sees no content.
        Administrator = "administrator",
        /// A school's management information system.
        Integration = "integration",
    }
}

/// Everything a caller can ask for. Each has rows in [`super::policy::RULES`] and a scope for clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See schools, services and the contact list.
    ReadDirectory,
    /// Import schools and officers.
    ManageDirectory,
    /// Open a referral for a pupil of a school.
    OpenReferral,
    /// See a referral's envelope: reference, school, service, state, officer.
    ReadReferral,
    /// Open a referral's sealed content.
    ReadReferralContent,
    /// Accept, decline, redirect or ask for information.
    DecideReferral,
    /// Give the information asked for.
    AnswerReferral,
    /// Add people, documents, tasks and pauses to a referral.
    KeepReferral,
    /// Send a WARRN record.
    SendWarrn,
    /// Know that a WARRN record exists, and its steps.
    ReadWarrn,
    /// Open a WARRN record's sealed content.
    ReadWarrnContent,
    /// Acknowledge a WARRN record as one of its recipients.
    AcknowledgeWarrn,
    /// Add people, documents, tasks and pauses to a WARRN record.
    KeepWarrn,
    /// Take a step of the return to school: assess, meet, plan, return, review, close.
    StepWarrn,
    /// Say on which day the pupil is expected back.
    MoveWarrnReturn,
    /// Hand a WARRN record over to the school its child is at now.
    HandOverWarrn,
    /// Add a document to a WARRN record.
    AttachToWarrn,
    /// See that records came close together.
    ReadAlerts,
    /// See what became of the returns of a year.
    ReadReturnReport,
    /// See campaigns and their instruments.
    ReadCampaign,
    /// Make campaigns.
    ManageCampaign,
    /// Submit survey responses for a school.
    SubmitResponses,
    /// Print codes for a school's pupils to answer with, and call them back.
    ManageCodes,
    /// Say for a school that its answers are all there, or that there are none to come.
    SignOffSurvey,
    /// See which schools have submitted how much.
    ReadProgress,
    /// See a school's published results.
    ReadResults,
    /// Say which of the advice in a school's pack it takes up.
    TakeUpAdvice,
    /// See every school's published results, beside one another.
    ReadRelease,
    /// Read what pupils wrote, take names out of it, and pass it or keep it back.
    RedactTexts,
    /// See that help words were written in a class on a day.
    ReadConcerns,
    /// Take that up for the school.
    AcknowledgeConcern,
    /// See the delivery ledger (and, in the demo, captured mail).
    ReadNotices,
    /// Manage people and clients.
    ManagePeople,
    /// Consent for a school that a client acts for it, and withdraw that.
    ConsentClient,
    /// Read and verify the audit record.
    ReadAudit,
    /// Open one child's records for a while without being entitled otherwise (break-glass).
    StartEmergency,
    /// See that an emergency access happened: who, when, at which school, how it was reviewed.
    ReadEmergency,
    /// Open the reason given for one, and the note of its review.
    ReadEmergencyReason,
    /// Review somebody else's.
    ReviewEmergency,
    /// See who has seen a referral.
    ReadReferralReaders,
    /// See who has seen a WARRN record.
    ReadWarrnReaders,
    /// See who has seen anything about a child.
    ReadChildReaders,
    /// See who reads unusually much, at unusual times or without an open case.
    ReadAccessReport,
    /// Change how long what is held is kept, hold it, and dispose of what is due. Opens nothing.
    ManageRetention,
    /// Take in a request for a child's own data and see how far it is.
    HandleSubjectAccess,
    /// Open what such a request found, decide on it and release it.
    OpenSubjectAccess,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[
        Self::ReadDirectory,
        Self::ManageDirectory,
        Self::OpenReferral,
        Self::ReadReferral,
        Self::ReadReferralContent,
        Self::DecideReferral,
        Self::AnswerReferral,
        Self::KeepReferral,
        Self::SendWarrn,
        Self::ReadWarrn,
        Self::ReadWarrnContent,
        Self::AcknowledgeWarrn,
        Self::KeepWarrn,
        Self::StepWarrn,
        Self::MoveWarrnReturn,
        Self::HandOverWarrn,
        Self::AttachToWarrn,
        Self::ReadAlerts,
        Self::ReadReturnReport,
        Self::ReadCampaign,
        Self::ManageCampaign,
        Self::SubmitResponses,
        Self::ManageCodes,
        Self::SignOffSurvey,
        Self::ReadProgress,
        Self::ReadResults,
        Self::ReadRelease,
        Self::RedactTexts,
        Self::ReadConcerns,
        Self::AcknowledgeConcern,
        Self::TakeUpAdvice,
        Self::ReadNotices,
        Self::ManagePeople,
        Self::ConsentClient,
        Self::ReadAudit,
        Self::StartEmergency,
        Self::ReadEmergency,
        Self::ReadEmergencyReason,
        Self::ReviewEmergency,
        Self::ReadReferralReaders,
        Self::ReadWarrnReaders,
        Self::ReadChildReaders,
        Self::ReadAccessReport,
        Self::ManageRetention,
        Self::HandleSubjectAccess,
        Self::OpenSubjectAccess,
    ];

    /// The scope a client's token needs; `None` where no client may.
    #[must_use]
    pub const fn scope(self) -> Option<&'static str> {
        match self {
            Self::ReadDirectory => Some("directory:read"),
            Self::OpenReferral | Self::AnswerReferral | Self::KeepReferral => Some("referrals:write"),
            Self::ReadReferral | Self::ReadReferralContent => Some("referrals:read"),
            Self::SendWarrn | Self::MoveWarrnReturn | Self::AttachToWarrn => Some("warrn:write"),
            Self::ReadWarrn => Some("warrn:read"),
            Self::ReadCampaign | Self::ReadResults | Self::ReadRelease | Self::ReadProgress => Some("surveys:read"),
            Self::SubmitResponses => Some("surveys:write"),
            Self::ManageDirectory
            | Self::DecideReferral
            | Self::ReadWarrnContent
            | Self::AcknowledgeWarrn
            | Self::KeepWarrn
            | Self::StepWarrn
            | Self::HandOverWarrn
            | Self::ReadAlerts
            | Self::ReadReturnReport
            | Self::ManageCampaign
            | Self::ManageCodes
            | Self::SignOffSurvey
            | Self::TakeUpAdvice
            | Self::RedactTexts
            | Self::ReadConcerns
            | Self::AcknowledgeConcern
            | Self::ReadNotices
            | Self::ManagePeople
            | Self::ConsentClient
            | Self::ReadAudit
            | Self::StartEmergency
            | Self::ReadEmergency
            | Self::ReadEmergencyReason
            | Self::ReviewEmergency
            | Self::ReadReferralReaders
            | Self::ReadWarrnReaders
            | Self::ReadChildReaders
            | Self::ReadAccessReport
            | Self::ManageRetention
            | Self::HandleSubjectAccess
            | Self::OpenSubjectAccess => None,
        }
    }

    /// The action whose holders may know that the thing exists. Who may not even do that is told "not found".
    #[must_use]
    pub const fn seen_by(self) -> Option<Self> {
        match self {
            Self::ReadReferral
            | Self::ReadReferralContent
            | Self::DecideReferral
            | Self::AnswerReferral
            | Self::KeepReferral
            | Self::ReadReferralReaders => Some(Self::ReadReferral),
            Self::ReadWarrn
            | Self::ReadWarrnContent
            | Self::AcknowledgeWarrn
            | Self::KeepWarrn
            | Self::StepWarrn
            | Self::MoveWarrnReturn
            | Self::HandOverWarrn
            | Self::AttachToWarrn
            | Self::ReadWarrnReaders => Some(Self::ReadWarrn),
            Self::ReadAlerts => Some(Self::ReadAlerts),
            Self::ReadConcerns => Some(Self::ReadConcerns),
            Self::ReadEmergency | Self::ReadEmergencyReason | Self::ReviewEmergency => Some(Self::ReadEmergency),
            // The directory and the campaigns are known to everyone who signs in.
            _ => None,
        }
    }
}

text_enum! {
    /// How the caller stands to the thing. The widest comes first. The word stands in the audit record.
    pub enum Relation {
        /// Any: the role is enough.
        Any = "any",
        /// The thing belongs to the caller's school.
        OwnSchool = "own_school",
        /// The thing belongs to the caller's service.
        OwnService = "own_service",
        /// The caller is the officer it was routed to.
        Holder = "holder",
        /// The caller is a named recipient, at this time.
        Recipient = "recipient",
        /// The caller sent it.
        Sender = "sender",
        /// The thing's child has changed school, the thing has not followed yet, and the caller is of the authority.
        Moved = "moved",
        /// The caller has an emergency access to the child, in force at this time.
        Emergency = "emergency",
    }
}

text_enum! {
    /// How far a thing is, as the policy sees it. Each area says which of its own states is which.
    pub enum StateWord {
        /// Somebody still has something to do with it.
        Open = "open",
        /// It is over.
        Closed = "closed",
    }
}

/// One role somewhere, in force now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The role.
    pub role: Role,
    /// At this school.
    pub school: Option<SchoolId>,
    /// In this service.
    pub service: Option<ServiceId>,
    /// As this officer of the contact list.
    pub officer: Option<OfficerId>,
}

/// An emergency access in force now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emergency {
    /// Which.
    pub id: EmergencyId,
    /// To this child's records, and nobody else's.
    pub pupil: PupilId,
    /// Started from this service, when the authority runs it.
    pub service: Option<ServiceId>,
}

/// A caller's memberships as they stand in this transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub actor: Actor,
    /// Confirmed, begun and not ended.
    pub memberships: Vec<Membership>,
    /// Their emergency accesses in force.
    pub emergencies: Vec<Emergency>,
    /// Whether they proved a second factor so lately that sealed content may open
    /// ([`super::policy::STEP_UP_SECONDS`]).
    pub stepped_up: bool,
}

impl Standing {
    /// The officers of the contact list the caller is.
    pub fn officers(&self) -> impl Iterator<Item = OfficerId> + '_ {
        self.memberships.iter().filter_map(|m| m.officer)
    }

    /// Whether the caller holds this role anywhere.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.memberships.iter().any(|m| m.role == role)
    }
}

/// What a thing shows of itself to the decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its school.
    pub school: Option<SchoolId>,
    /// Its service.
    pub service: Option<ServiceId>,
    /// The child it is about.
    pub pupil: Option<PupilId>,
    /// How far it is. A rule that asks for a state allows nothing where none is known.
    pub state: Option<StateWord>,
    /// The officer it was routed to.
    pub officer: Option<OfficerId>,
    /// Its recipients in force: people.
    pub recipients: Vec<crate::kernel::PersonId>,
    /// Recipients who received at another school than the thing's: those of an emergency access to a child who has moved
    /// stand by the school of the record that is theirs.
    pub recipients_at: Vec<(crate::kernel::PersonId, SchoolId)>,
    /// Its recipients in force: officers of the contact list.
    pub recipient_officers: Vec<OfficerId>,
    /// Its recipients in force: the leads of these services.
    pub recipient_services: Vec<ServiceId>,
    /// Who sent it.
    pub sender: Option<Actor>,
    /// Whether its child is at another school by now and somebody must hand it over.
    pub moved: bool,
}

impl Facts {
    /// Something known only by its school.
    #[must_use]
    pub fn of_school(school: SchoolId) -> Self {
        Self { school: Some(school), ..Self::default() }
    }
}

/// Why a grant was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// This role in this relationship.
    Role(Role, Relation),
    /// The service itself (worker, command line).
    System,
}

impl std::fmt::Display for Basis {
    /// The words of the audit record: `dsp/recipient`, `system`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Role(role, relation) => write!(f, "{role}/{relation}"),
            Self::System => f.write_str("system"),
        }
    }
}

impl std::str::FromStr for Basis {
    type Err = crate::kernel::FaultCode;
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word.split_once('/') {
            Some((role, relation)) => Ok(Self::Role(role.parse()?, relation.parse()?)),
            None if word == "system" => Ok(Self::System),
            None => Err(crate::kernel::FaultCode::NotInList),
        }
    }
}

/// Proof that the work's caller may do `action` on `on`. No public constructor: only [`super::grant`] and
/// [`super::scope`] make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant<T> {
    on: T,
    action: Action,
    basis: Basis,
}

impl<T> Grant<T> {
    pub(super) const fn new(on: T, action: Action, basis: Basis) -> Self {
        Self { on, action, basis }
    }

    /// What it is for.
    #[must_use]
    pub const fn on(&self) -> &T {
        &self.on
    }

    /// What may be done.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Why.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }
}

impl<T: Copy> Grant<T> {
    /// The id it is for.
    #[must_use]
    pub const fn id(&self) -> T {
        self.on
    }
}

impl<T> MayOpen for Grant<T> {}

/// The part of a list a caller may see: everything, or whatever is of one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one for each way to see what is not told by an id")]
pub struct Scope {
    /// Everything.
    pub everything: bool,
    /// Of these schools.
    pub schools: Vec<SchoolId>,
    /// Of these services.
    pub services: Vec<ServiceId>,
    /// Routed to these officers.
    pub officers: Vec<OfficerId>,
    /// Received by this person, of `recipient_schools` or, for the authority's safeguarding lead, of any school.
    pub recipient: Option<crate::kernel::PersonId>,
    /// The schools whose records the person may receive.
    pub recipient_schools: Vec<SchoolId>,
    /// Whether the person may receive records of any school.
    pub recipient_anywhere: bool,
    /// Received by these officers.
    pub recipient_officers: Vec<OfficerId>,
    /// Received by the leads of these services, of whom the caller is one.
    pub recipient_services: Vec<ServiceId>,
    /// About these children: the caller's emergency accesses in force.
    pub pupils: Vec<PupilId>,
    /// Sent by this caller, of `sender_schools` or, for who has no school, of any.
    pub sender: Option<Actor>,
    /// The schools whose records the caller may follow as their sender.
    pub sender_schools: Vec<SchoolId>,
    /// Whether the caller may follow what they sent about any school.
    pub sender_anywhere: bool,
    /// Whether the caller sees what waits to be handed over, because its child has changed school.
    pub moved: bool,
}
