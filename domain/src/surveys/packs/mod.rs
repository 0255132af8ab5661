//! A school's pack: its results beside others', what stands out and by which rule, what to try, and what it took up last time.
//!
//! Made from released figures alone, so that nothing in it tells more than the release does.

mod figures;
mod model;
mod rules;
mod service;
mod store;

pub use figures::{HEADLINES, change, changes, headlines, interval, limits, seen};
pub use model::{Before, Changed, Direction, Found, Help, NamedOfficer, Pack, Rule, Seen, Suggestion, TakenUp, Worth};
pub(in crate::surveys) use rules::compared;
pub use rules::{Mark, base_of, findings, mark};
pub(in crate::surveys) use service::earlier;
pub use service::{pack, take_up};
