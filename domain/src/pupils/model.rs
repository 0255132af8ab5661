//! Who a child is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::{PupilId, Upn};
use crate::vault::ChildKey;

/// Who a child is, as sealed under the child's key. [`NewPupil::parse`] is the way in; no `Debug` of the content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PupilIdentity {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// Unique pupil number, when the sender knows it.
    pub upn: Option<Upn>,
}

impl std::fmt::Debug for PupilIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PupilIdentity(…)")
    }
}

/// A child as known here.
pub struct Child {
    /// Which.
    pub id: PupilId,
    /// Their key.
    pub key: ChildKey,
    /// Whether they were at another school until now.
    pub moved: bool,
}

/// A child as a sender names them, not yet checked. No `Debug` of the content.
#[derive(Clone)]
pub struct NewPupil {
    /// Given name, 1 to 100 characters.
    pub given_name: String,
    /// Family name, 1 to 100 characters.
    pub family_name: String,
    /// Date of birth, from 1990 to today.
    pub born_on: NaiveDate,
    /// Unique pupil number.
    pub upn: Option<String>,
}

impl std::fmt::Debug for NewPupil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPupil(…)")
    }
}
