//! The authority's schools.

mod model;
mod store;

pub use model::School;
pub use store::{all, by_id, by_ids, by_number, page};
