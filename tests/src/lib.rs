//! What the integration tests stand on: a running service of its own for every test, an invented authority, and named
//! clients.
//!
//! Tests run on SQLite; with `DOLEN_TEST_DATABASE=postgres://…` (an address that may create databases) the same tests
//! run on PostgreSQL. Nothing is shared between tests, so nothing has to wait for anything.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "whatever goes wrong here, the test that stands on it should stop"
)]

pub mod app;
pub mod binary;
pub mod bodies;
pub mod canary;
pub mod clamd;
pub mod clients;
pub mod database;
pub mod inspect;
pub mod mutations;
pub mod provision;
pub mod questionnaires;
pub mod records;
pub mod returns;
pub mod seed;
pub mod source;
pub mod surveys;
pub mod world;
pub mod writes;

pub use app::TestApp;
pub use clients::{Client, Reply};
pub use database::TestDatabase;
pub use world::World;
