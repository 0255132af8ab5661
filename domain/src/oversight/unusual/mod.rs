//! Who reads unusually much, at unusual times or without an open case (`facts/reliability.md` threat 5).
//!
//! It points at readers worth a question; it proves nothing and stops nobody.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Flag, Report, Watched};
pub use service::report;
