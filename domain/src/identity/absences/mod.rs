//! When somebody is on leave.

mod service;
mod store;

pub use service::{Absence, own_absences, set_own_absence};
pub use store::absent;
