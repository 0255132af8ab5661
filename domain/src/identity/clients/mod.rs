//! API clients: a school's management information system, a health system.
//!
//! A client acts with its own memberships, in its token's scopes, from its networks; and for a school only while that
//! school's consent stands (`identity::consents`).

mod model;
mod rules;
mod service;
mod store;

pub use model::{Client, ClientInForce, Networks, NewClient, RegisteredClient, SecretLife};
pub use service::{
    add_client, client_in_force, clients, deactivate_client, limit_client, registered_client, rotate_secret,
    verify_client,
};
