//! Time comes in as an argument (`DESIGN.md` invariant 9), so that a test can stand on any day.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::db::types::Utc;

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The current instant, truncated to microseconds: PostgreSQL keeps no more, and round trips must be equal.
    fn now(&self) -> Utc;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Utc {
        Utc::from_micros(chrono::Utc::now().timestamp_micros())
    }
}

/// A clock that stands still until told to move.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock standing at `at`.
    #[must_use]
    pub fn at(at: Utc) -> Self {
        Self(AtomicI64::new(at.micros()))
    }

    /// Moves the clock by a signed number of seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Utc {
        Utc::from_micros(self.0.load(Ordering::SeqCst))
    }
}
