//! Who is asking: sessions for people, signed tokens for API clients; and the extractors that handlers take.

pub mod accounts;
pub mod caller;
pub mod command;
pub mod cookie;
pub mod demo;
pub mod limits;
pub mod tokens;

pub use caller::{Signed, Unproved};
pub use command::{Command, Order};
