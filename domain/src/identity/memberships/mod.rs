//! Roles somewhere: dated and stated; only a confirmed one that has begun and not ended counts.

mod model;
mod rules;
mod service;
pub(super) mod store;

pub use model::{Member, MembershipLine, MembershipState, NewMembership};
pub(super) use service::{accept, invite_to};
pub use service::{add_membership, confirm_membership, end_membership, end_role};
pub use store::{holders, holders_anywhere, is_vacated, people_of_officer, people_of_service};
