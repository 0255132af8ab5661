//! Importing schools, the contact list and the calendar from CSV: all or nothing, as often as wanted, with every fault at once.
//!
//! The plan is pure: the file and what is known go in, what would change comes out. Nothing is removed by an
//! import; what is missing from the file is listed (a calendar's school year may be replaced as a whole, when asked for). A column the file does not have leaves what is known as it is; an
//! empty cell clears it.

mod calendar;
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

pub use calendar::plan_calendar;
pub use model::{CalendarLine, Change, Changed, FaultLine, ImportReport, Known, OfficerEntry, Plan, SchoolEntry};
pub use officers::plan_officers;
pub use schools::plan_schools;
pub use service::{import_calendar, import_officers, import_schools};
pub use words::{Reading, read_key_areas};
