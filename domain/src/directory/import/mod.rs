//! Importing schools and the contact list from CSV: all or nothing, as often as wanted, with every fault at once.
//!
//! The plan is pure: the file and what is known go in, what would change comes out. Nothing is ever removed by an
//! import; what is missing from the file is listed. A column the file does not have leaves what is known as it is; an
//! empty cell clears it.

mod cells;
mod contact;
mod model;
mod officers;
mod schools;
mod service;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub use model::{Change, Changed, FaultLine, ImportReport, Known, OfficerEntry, Plan, SchoolEntry};
pub use officers::plan_officers;
pub use schools::plan_schools;
pub use service::{import_officers, import_schools};
pub use words::{Reading, read_key_areas};
