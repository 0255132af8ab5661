//! The integration tests: one binary, run on either database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong here, the test that stands on it should stop"
)]

<<<<<<< HEAD
mod permissions;
=======
mod architecture;
mod audit;
mod bad_input;
mod bad_requests;
mod durability;
mod idempotency;
mod migrations;
>>>>>>> main
mod sessions;
mod tampering;
mod tokens;
