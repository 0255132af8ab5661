//! Counting packed answers. Pure, and as fast as a scan of the bytes: rows of one kind stand one after another, and each
//! question is one look at one place of every row.

mod model;
mod rules;

pub use model::{Counted, Rows};
pub use rules::count;
