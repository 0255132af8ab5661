//! The integration tests: one binary, run on either database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong here, the test that stands on it should stop"
)]

mod audit;
mod console;
mod idempotency;
mod sessions;
mod tampering;
mod tokens;
