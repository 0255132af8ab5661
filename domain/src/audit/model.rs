//! What an audit entry says.

use uuid::Uuid;

use crate::kernel::{SchoolId, Utc};

/// The thing an entry is about: a word and an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Object {
    /// The kind, as a word of ours (`referral`, `warrn`, `school`).
    pub kind: &'static str,
    /// Its id, when it is one thing.
    pub id: Option<Uuid>,
    /// The school it belongs to, when it does.
    pub school: Option<SchoolId>,
}

impl Object {
    /// One thing.
    #[must_use]
    pub const fn one(kind: &'static str, id: Uuid) -> Self {
        Self { kind, id: Some(id), school: None }
    }

    /// A kind of thing as a whole (an import, a list).
    #[must_use]
    pub const fn all(kind: &'static str) -> Self {
        Self { kind, id: None, school: None }
    }

    /// The same, at a school.
    #[must_use]
    pub const fn at(mut self, school: SchoolId) -> Self {
        self.school = Some(school);
        self
    }
}

/// One stored link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Utc,
    /// Who: `person`, `client`, `system` or `anonymous`.
    pub actor_kind: String,
    /// Which one.
    pub actor_id: Option<Uuid>,
    /// What was done, as a word of ours (`referral.accept`).
    pub action: String,
    /// What it was done to.
    pub object_kind: String,
    /// Which one.
    pub object_id: Option<Uuid>,
    /// At which school.
    pub school_id: Option<Uuid>,
    /// In which request.
    pub request_id: String,
    /// Words of ours more (a new state, a count). Never content.
    pub detail: String,
    /// The hash before.
    pub prev: Vec<u8>,
    /// This link's hash.
    pub hash: Vec<u8>,
}

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The chain is whole, with so many entries.
    Whole {
        /// How many entries.
        entries: i64,
    },
    /// The chain is broken at this number, in this way.
    Broken {
        /// The first number that is wrong.
        seq: i64,
        /// In words, for the operator.
        how: &'static str,
    },
    /// The chain is whole, but the checkpoints kept outside are not: one is missing, forged or out of order.
    Checkpoint {
        /// Which one; for what is no checkpoint at all, its line.
        number: i64,
        /// In words, for the operator.
        how: &'static str,
    },
}
