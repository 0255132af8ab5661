//! The services schools refer a child to.

mod model;
mod store;

pub use model::{Gate, Service};
pub use store::{all, by_code, by_id, by_ids};
