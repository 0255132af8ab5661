//! What an alert is.

use crate::kernel::{AlertId, Reference, SchoolId, Utc};

/// Where the records are close together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertPlace {
    /// At a school.
    School(SchoolId),
    /// In a cluster of schools.
    Cluster(String),
}

/// Records of several children, close together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// Its reference.
    pub reference: Reference,
    /// Where.
    pub place: AlertPlace,
    /// When it was raised.
    pub raised_at: Utc,
    /// The records' references, the first received first; the last fifty of more.
    pub records: Vec<Reference>,
}
