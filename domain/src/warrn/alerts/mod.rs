//! Several records close together: two or more children of one school or one cluster of schools within some weeks.
//!
//! The lead of the psychology service alone is told, once for each growth of the group, so that somebody can ask whether it
//! is chance (a cluster of self-harm among young people; `facts/features.md` §3.20). An alert shows a count and references,
//! and opens no record. While the service has no lead an alert waits, and is told once there is one.

mod model;
mod service;
mod store;

pub use model::{Alert, AlertPlace};
pub(super) use service::raise;
pub use service::{alerts, by_reference, tell_late, untold};
