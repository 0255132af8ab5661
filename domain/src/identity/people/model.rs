//! A person, and a new one.

use crate::identity::{MembershipLine, Preference};
use crate::kernel::{EmailAddress, FreeText, PersonId};

use super::passwords::PasswordHash;

/// Someone who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Where they are written to, and what they sign in with.
    pub email: EmailAddress,
    /// Their name.
    pub name: String,
    /// Their language.
    pub lang: Preference,
    /// Whether they may still sign in.
    pub active: bool,
}

/// A new person.
#[derive(Debug, Clone)]
pub struct AddPerson {
    /// What they sign in with.
    pub email: EmailAddress,
    /// Their name.
    pub name: FreeText<200>,
    /// Their language.
    pub lang: Preference,
    /// Their password, hashed by [`super::hash_password`]; without one they can't sign in with a password.
    pub password: Option<PasswordHash>,
}

/// A person with their roles, for who manages people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Who.
    pub person: Person,
    /// Every role of theirs that has not ended.
    pub memberships: Vec<MembershipLine>,
    /// Whether a second factor counts.
    pub has_factor: bool,
}
