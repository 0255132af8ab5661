//! An invitation from its writing to its acceptance.

use crate::access::Role;
use crate::identity::{NewSession, Preference};
use crate::kernel::{
    EmailAddress, FreeText, InvitationId, MembershipId, OfficerId, PersonId, SchoolId, ServiceId, Utc,
};

/// Whom to invite, as what.
#[derive(Debug, Clone)]
pub struct Invite {
    /// What they will sign in with, and where the link goes.
    pub email: EmailAddress,
    /// Their name.
    pub name: FreeText<200>,
    /// Their language.
    pub lang: Preference,
    /// The role.
    pub role: Role,
    /// At this school.
    pub school: Option<SchoolId>,
    /// In this service.
    pub service: Option<ServiceId>,
    /// As this officer of the contact list.
    pub officer: Option<OfficerId>,
    /// As a deputy.
    pub deputy: bool,
}

/// An invitation just written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invited {
    /// The invitation.
    pub id: InvitationId,
    /// Who is invited.
    pub person: PersonId,
    /// The role that waits for them.
    pub membership: MembershipId,
    /// Until when the link works.
    pub expires_at: Utc,
}

/// An invitation as its link finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The invitation.
    pub id: InvitationId,
    /// Who is invited.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: EmailAddress,
    /// Whether they have no password yet, and choose one.
    pub chooses_password: bool,
    /// The roles that wait.
    pub roles: Vec<Role>,
}

/// What following a link led to.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Who.
    pub person: PersonId,
    /// A session to go on in, for who had no password; others sign in.
    pub session: Option<NewSession>,
}
