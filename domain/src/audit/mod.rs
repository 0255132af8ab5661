//! The record of who did what, and of who read what is sensitive: one gapless hash chain.
//!
//! An entry is part of the transaction it records. It holds identifiers and words of ours, never content, so erasing a
//! child leaves the chain whole.

pub mod checkpoints;
mod model;
mod readings;
mod rules;
mod service;
mod store;

pub use model::{Entry, Finding, Object};
pub use readings::{Reading, read};
pub use rules::link;
pub use service::{newest_at, record, verify};
