//! Roles somewhere: dated and stated; only a confirmed one that has begun and not ended counts.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Member, NewMembership};
pub use service::{add_membership, end_membership};
pub use store::{holders, holders_anywhere, people_of_officer, people_of_service};
