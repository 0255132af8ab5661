//! The services schools refer a child to.

mod builtin;
mod model;
mod service;
mod store;

pub use model::{Gate, Service};
pub use service::ensure_builtin;
pub use store::{all, by_code, by_id, by_ids};
