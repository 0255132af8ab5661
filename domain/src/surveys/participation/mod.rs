//! A school's part in a campaign: it signs off what it sent or says that there is nothing to send, the authority opens it
//! again, and who still owes something is reminded.

mod service;
mod store;

pub use service::{Reminder, Sight, may_open_again, open_again, remind, sight, sign_off, to_remind};
