//! The integration tests: one binary, run on either database.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "whatever goes wrong here, the test that stands on it should stop"
)]

mod permissions;
mod sessions;
mod tokens;
