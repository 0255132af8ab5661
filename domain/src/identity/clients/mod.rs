//! API clients: a school's management information system, a health system.

mod model;
mod service;
mod store;

pub use model::{Client, NewClient};
pub use service::{add_client, client_is_active, deactivate_client, verify_client};
