//! A new membership.

use crate::access::Role;
use crate::kernel::{ClientId, OfficerId, PersonId, SchoolId, ServiceId};

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
