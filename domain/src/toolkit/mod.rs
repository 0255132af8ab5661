//! Approaches to bullying: what a school can do about what its survey shows, and who can help.
//!
//! Versioned data that ships (`builtin/`), in this project's own words; nothing of it is taken from a licensed programme. It
//! is laid out by level (universal, targeted, specialist: `facts/domain.md` §0) and by the four themes of the advice an
//! authority gives with its survey (`seeds/003…`). [`advise`] chooses by rule from findings; which findings a school's
//! results make is decided where results are.

mod model;
mod rules;
mod service;

pub use model::{Advice, Approach, Finding, FindingCode, Level, Theme, Toolkit};
pub use rules::{FINDINGS, advise};
pub use service::{NEWEST, read, shipped};
