//! A hold.

use chrono::NaiveDate;

use crate::kernel::{HoldId, PersonId, Reference, Utc};

/// A hold to place, not yet checked. No `Debug` of the reason.
#[derive(Clone)]
pub struct NewHold {
    /// The reference of a case.
    pub reference: String,
    /// Whether everything of the child is held, not this case alone.
    pub whole_child: bool,
    /// Why, 10 to 1,000 characters: an inquiry, a claim.
    pub reason: String,
    /// Until which day; without one until somebody ends it.
    pub until: Option<NaiveDate>,
}

/// A hold in a list, without its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// The case it is on, or the latest case of the child it is on.
    pub reference: Option<Reference>,
    /// Whether everything of the child is held.
    pub whole_child: bool,
    /// Who placed it.
    pub placed_by: PersonId,
    /// When.
    pub placed_at: Utc,
    /// Until which day.
    pub until: Option<NaiveDate>,
    /// When somebody ended it.
    pub ended_at: Option<Utc>,
}
