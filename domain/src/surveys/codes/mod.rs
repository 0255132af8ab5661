//! Codes for pupils: words printed on a class's sheet, each good for one answer.
//!
//! A code says which class it was printed for, and is gone once it is spent: what is left of it is a hash, apart from the
//! answers and from the sheet, until the campaign closes (`facts/reliability.md` D12, SUR-1, SUR-2).

mod model;
mod rules;
mod service;
mod store;

pub use model::{Entered, NewSheet, Printed, Sheet, Ticket, WordCode};
pub(in crate::surveys) use service::close;
pub use service::{answer, enter, make, reissue, settle, sheets, to_settle, void};
pub(in crate::surveys) use store::arrivals::{ids, lock, shuffled};
