//! People who sign in.

mod model;
mod store;

pub use model::Person;
pub use store::{contact, people_by_ids};
