//! A line.

use serde::{Deserialize, Serialize};

use crate::kernel::Utc;
use crate::records::retention::{RecordClass, Shredded};

/// One line of the file: identifiers, a class and times. Nothing of a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// A certificate, before the tombstones that name it.
    Certificate {
        /// Its number.
        number: i64,
        /// When it was made.
        made_at: Utc,
        /// What it says.
        body: String,
    },
    /// Something that went.
    Tombstone {
        /// What.
        kind: Shredded,
        /// Which.
        id: uuid::Uuid,
        /// When.
        at: Utc,
        /// By the rule of this class.
        record_class: RecordClass,
        /// Under this certificate.
        certificate: i64,
    },
}

impl Line {
    /// What makes a line the same as another.
    pub(super) fn key(&self) -> (&'static str, uuid::Uuid, i64) {
        match self {
            Self::Certificate { number, .. } => ("certificate", uuid::Uuid::nil(), *number),
            Self::Tombstone { kind, id, .. } => (kind.as_str(), *id, 0),
        }
    }
}
