//! Who has seen this: the readings of a record, out of the audit record.

mod model;
mod rules;
mod service;
pub(super) mod store;

pub use model::{Part, Seen};
pub(super) use rules::is_opening;
pub use service::{of_pupil, of_referral, of_warrn};
