//! Roles somewhere: dated and stated; only a confirmed one that has begun and not ended counts.

mod store;

pub use store::{holders, people_of_officer};
