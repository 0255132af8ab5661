//! Responses: the bulk way in.
//!
//! [`Reader`] takes a body as it arrives and holds packed rows only, never the body. [`submit`] keeps them so that no
//! row can be joined to a pupil, a sender's key, a time or an order. [`withdraw`] takes a body back that comes again: of rows that
//! are equal in all that is stored, any is as good as another.

mod model;
mod reading;
mod rules;
mod service;
mod store;

pub use model::{Batch, Charset, Format, Limits, Mode, OverRoll, PackedRow, Receipt, Withdrawn};
pub use reading::Reader;
pub(in crate::surveys) use reading::{Line, read_lines};
pub use service::{begin, submit, was_opened_again, withdraw, withdraw_all};
pub(in crate::surveys) use service::{forget, forget_all};
