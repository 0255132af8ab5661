//! A person.

use crate::identity::Preference;
use crate::kernel::{EmailAddress, PersonId};

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
