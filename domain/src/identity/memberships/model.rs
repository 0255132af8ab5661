//! A membership: new, and as it stands.

use crate::access::Role;
use crate::kernel::{ClientId, MembershipId, OfficerId, PersonId, SchoolId, ServiceId, text_enum};

/// Who has a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// A person.
    Person(PersonId),
    /// An API client.
    Client(ClientId),
}

/// A role for someone, somewhere, from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMembership {
    /// Who.
    pub who: Member,
    /// What.
    pub role: Role,
    /// At this school, for the roles of a school.
    pub school: Option<SchoolId>,
    /// In this service, for officers and team leads.
    pub service: Option<ServiceId>,
    /// As this officer of the contact list.
    pub officer: Option<OfficerId>,
    /// Whether they only stand in for another (a deputy DSP).
    pub deputy: bool,
}

text_enum! {
    /// How far a membership got. Only a confirmed one allows anything.
    pub enum MembershipState {
        /// Offered; the link is on its way.
        Invited = "invited",
        /// Taken up; waits for an administrator.
        Accepted = "accepted",
        /// In force.
        Confirmed = "confirmed",
        /// Over.
        Ended = "ended",
    }
}

/// A person's membership that has not ended, for who manages people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipLine {
    /// The membership.
    pub id: MembershipId,
    /// Whose.
    pub person: PersonId,
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
    /// How far it got.
    pub state: MembershipState,
}
