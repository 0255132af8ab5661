//! The integration tests: one binary, run on either database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong here, the test that stands on it should stop"
)]

mod architecture;
mod audit;
mod bad_input;
mod bad_requests;
mod console;
mod durability;
mod idempotency;
mod mail;
mod migrations;
mod mutations;
mod openapi;
mod permissions;
mod reading;
mod sessions;
mod tampering;
mod tokens;
