//! What pupils write in their own words: help words, keeping it apart from every answer, and taking names out before anybody
//! but who does that reads it (`docs/adr/0024-free-text.md`).

mod model;
mod rules;
mod service;
mod store;

pub use model::{HelpWords, Published, Waiting, Written};
pub use rules::{MARK, redacted};
pub use service::{Verdict, all_waiting, decide, forget, kept_until, next, open, published, to_forget, waiting};
pub(in crate::surveys) use service::{keep, settle, settle_all};
