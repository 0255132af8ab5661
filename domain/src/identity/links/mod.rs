//! One-time links that let an administrator in who has lost their second factor: made at the command line by whoever runs
//! the machine, good for a quarter of an hour, and on record.

mod service;
mod store;

pub use service::{MINUTES, follow_sign_in_link, new_sign_in_link, sign_in_link};
