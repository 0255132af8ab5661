//! A school's pack: its results beside others', what stands out and by which rule, what to try, and what it took up last time.
//!
//! Made from released figures alone, so that nothing in it tells more than the release does.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Before, Direction, Found, Pack, Rule, TakenUp};
pub use rules::{Mark, findings, mark};
pub use service::{pack, take_up};
