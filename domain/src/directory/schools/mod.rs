//! The authority's schools.

mod model;
pub(super) mod store;

pub use model::{Place, School};
pub use store::{all, by_id, by_ids, by_number, page, places_on};
