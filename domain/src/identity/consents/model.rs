//! A school's consent to a client.

use crate::kernel::{ClientId, PersonId, Scopes, Utc, text_enum};

text_enum! {
    /// Who says that a school consents.
    pub enum ConsentBasis {
        /// The school itself, signed in.
        School = "school",
        /// The operator, who holds the school's consent on paper.
        Operator = "operator",
        /// The migration: the client acted for the school before consent was asked for.
        Migration = "migration",
    }
}

/// A client at a school, and whether the school consents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The client.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// What its tokens may allow.
    pub scopes: Scopes,
    /// The consent in force, if one is.
    pub given: Option<Given>,
}

/// A consent in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Since when.
    pub at: Utc,
    /// On whose word.
    pub basis: ConsentBasis,
    /// By whom of the school.
    pub by: Option<PersonId>,
}
