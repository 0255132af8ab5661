//! Pupils on roll: of one school as a form shows them, and of all schools from one file. Setting those of one school is
//! [`campaigns::set_rolls`](super::campaigns::set_rolls).

mod rules;
mod service;

pub use rules::COLUMNS;
pub use service::{RollFile, of_school, read, set, to_set};
