//! Children known to the authority, each under a key of their own.
//!
//! Everything that says who a child is stands sealed in one column; the only way to find a child again is a blind index
//! of the unique pupil number. Without a number a child is always new: names and birthdays are no key.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Child, NewPupil, PupilIdentity};
pub use service::{find, find_or_add, identity, key, lock};
