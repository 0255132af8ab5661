//! That somebody in a class wrote, on a day, words that say somebody may be hurt: told to the school's safeguarding person,
//! and never whose words they were (`docs/adr/0024-free-text.md`).

mod model;
mod rules;
mod service;
mod store;

pub use model::{Concern, Scope};
pub use service::{acknowledge, by_reference, list, look, press, to_look, to_press, unacknowledged};
pub(in crate::surveys) use service::{forget, note};
