//! Children known to the authority, each under a key of their own.
//!
//! Everything that says who a child is stands sealed in one column. A child is found again by a blind index of the unique
//! pupil number, anywhere, or by birthday and names at one school, whose children are asked one by one whether they are
//! called so. Where two are alike neither is taken: a child is new rather than another.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Child, NewPupil, PupilIdentity};
pub use service::{find, find_or_add, identity, key, lock};
