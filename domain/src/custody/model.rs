//! What is said of master keys.

use crate::kernel::Utc;

/// One master key and what is wrapped under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// Its id.
    pub id: String,
    /// Whether it wraps what is new.
    pub current: bool,
    /// Whether the service was given it.
    pub at_hand: bool,
    /// Children's keys under it.
    pub children: i64,
    /// Keys of our own purposes under it.
    pub own: i64,
    /// When it was taken out of use.
    pub retired_at: Option<Utc>,
}

/// How far a rotation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows wrapped anew.
    pub done: i64,
    /// Rows that still name another master key.
    pub waiting: i64,
}
