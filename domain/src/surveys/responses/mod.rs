//! Responses: the bulk way in.
//!
//! [`Reader`] takes a body as it arrives and holds packed rows only, never the body. [`submit`] keeps them so that no
//! row can be joined to a pupil, a sender's key, a time or an order.

mod model;
mod reading;
mod rules;
mod service;
mod store;

pub use model::{Batch, Format, Limits, Mode, PackedRow, Receipt};
pub use reading::Reader;
pub(in crate::surveys) use service::forget;
pub use service::{begin, submit};
