//! Which officer an item goes to, and why.
//!
//! Pure: the item, the contact list and the day in, a decision with its reasons out. Every item gets an owner: an
//! officer, or the service's named queue (`DESIGN.md` invariant 10).

mod model;
mod rules;

pub use model::{Decision, Item, Reason, Step, Target};
pub use rules::decide;
