//! What an issuer says, and what becomes of it.

use crate::access::Role;
use crate::identity::{NewSession, SecretToken};
use crate::kernel::{EmailAddress, OfficerId, PersonId, SchoolId, SchoolNumber, ServiceId, Utc};

/// How far an issuer is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuerTrust {
    /// Its identifier: the URL in its tokens' `iss`.
    pub issuer: String,
    /// The domains of the addresses it may bind people by; none may be bound when empty.
    pub email_domains: Vec<String>,
    /// Whether its addresses count as proved without `email_verified`.
    pub email_trusted: bool,
}

/// Who somebody is, in the words of a token that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerIdentity {
    /// The subject: unique at the issuer and never given to somebody else (`OpenID Connect Core` §2).
    pub subject: String,
    /// The address.
    pub email: Option<EmailAddress>,
    /// Whether the issuer says it proved the address.
    pub email_verified: bool,
}

/// Somebody recognised in this transaction. No public constructor: only [`super::recognise`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    pub(super) person: PersonId,
    pub(super) issuer: String,
}

impl Recognised {
    /// Who it is.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }
}

/// What a value of the role claim stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleMapping {
    /// The value. `{school}` in it stands for a school's seven digits, and the role is then at that school.
    pub value: String,
    /// The role it gives.
    pub role: Role,
    /// At this school.
    pub school: Option<SchoolNumber>,
    /// In this service.
    pub service: Option<String>,
    /// As a deputy.
    pub deputy: bool,
}

/// A role as the claim and the mapping give it: its place still by number and code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedRole {
    /// What.
    pub role: Role,
    /// At this school.
    pub school: Option<SchoolNumber>,
    /// In this service.
    pub service: Option<String>,
    /// As a deputy.
    pub deputy: bool,
}

/// The same with its place found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedRole {
    /// What.
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

/// How somebody came: through which issuer, by its code, and when it saw a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The issuer's code in the settings.
    pub code: String,
    /// When a second factor was proved there, if the issuer is believed in that.
    pub second_factor_at: Option<Utc>,
    /// The browser and system, coarsely.
    pub device: String,
}

/// What came of it. Both are committed: roles that are gone end even for who gets no session.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A session.
    Opened(NewSession),
    /// They hold no role here, so there is nothing they could do; sessions they had are ended.
    NoRole,
}

/// A sign-in on its way: the only time its two tokens are known here.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Goes to the issuer and back.
    pub state: SecretToken,
    /// Stays with the browser.
    pub browser: SecretToken,
}
