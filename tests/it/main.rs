//! The integration tests: one binary, run on either database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong here, the test that stands on it should stop"
)]

mod absence;
mod alerts;
mod api_clients;
mod architecture;
mod audit;
mod bad_input;
mod bad_requests;
mod bulk;
mod cases;
mod checkpoints;
mod clocks;
mod console;
mod corrections;
mod crossing;
mod doctor;
mod durability;
mod factors;
mod forged;
mod hand_over;
mod idempotency;
mod imported_names;
mod keys;
mod mail;
mod migrations;
mod moves;
mod mutations;
mod oidc;
mod openapi;
mod oversight;
mod permissions;
mod pupils;
mod questionnaires;
mod reading;
mod retention;
mod roles;
mod rolls;
mod sending;
mod sessions;
mod survey_reports;
mod tampering;
mod texts;
mod tokens;
