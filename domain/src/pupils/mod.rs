//! Children known to the authority, each under a key of their own.
//!
//! Everything that says who a child is stands sealed in one column; the only ways to find a child again are blind indexes,
//! which open nothing: of the unique pupil number, anywhere, and of the birthday and the names together, at one school. Of
//! two whom the same index finds neither is taken: a child is new rather than another.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Child, NewPupil, PupilIdentity};
pub use service::{find, find_or_add, identity, key, lock};
