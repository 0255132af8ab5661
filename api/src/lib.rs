//! How the outside talks to Dolen: REST, GraphQL, the console, mail and the command line.
//!
//! Nothing here decides anything: every transport calls the same services of `dolen-domain`.
#![recursion_limit = "256"]

pub mod app;
pub mod auth;
pub mod bundle;
pub mod checkpoints;
pub mod cli;
pub mod config;
pub mod console;
pub mod context;
pub mod error;
pub mod graphql;
pub mod middleware;
pub mod openapi;
pub mod outbound;
pub mod paper;
mod replay;
pub mod rest;
pub mod server;
pub mod telemetry;
#[cfg(test)]
mod testing;
pub mod tombstones;
pub mod worker;
