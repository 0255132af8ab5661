//! The contact list: officers of the authority, what they look after, and where.

mod model;
pub(super) mod store;

pub use model::{Coverage, KeyArea, Officer};
pub use store::{all_listed, by_id, by_ids, contact};
