//! What went for good, in a form that outlives the database: a backup from before must bring nothing back.
//!
//! Every tombstone and certificate is a line. The lines are kept in a file outside the database too; what the file knows
//! and the database does not is done again before anybody is let in.

mod model;
mod service;
mod store;

pub use model::Line;
pub use service::{lines, missing, replay};
