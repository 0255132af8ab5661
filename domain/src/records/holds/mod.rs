//! Legal holds: what must not go while somebody may ask for it. A hold is on one case or on everything of a child.

mod model;
mod service;
mod store;

pub use model::{Hold, NewHold};
pub use service::{end, list, place, reason};
