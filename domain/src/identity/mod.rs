//! Who signs in, as whom, and since when: people, sessions, API clients and memberships.
//!
//! People and clients have no rights of their own; a membership gives a role somewhere, and `access` decides with it.

mod memberships;
mod model;
mod people;

pub use memberships::{holders, holders_anywhere, people_of_officer, people_of_service};
pub(crate) use model::stored_email;
pub use model::{Contact, Preference};
pub use people::{Person, contact, people_by_ids};
