//! Roles somewhere: dated and stated; only a confirmed one that has begun and not ended counts.

mod store;

pub use store::{holders, holders_anywhere, people_of_officer, people_of_service};
