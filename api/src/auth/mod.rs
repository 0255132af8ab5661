//! Who is asking: sessions for people, signed tokens for API clients; and the extractors that handlers take.

pub mod caller;
pub mod command;
pub mod cookie;
pub mod limits;
pub mod tokens;

pub use caller::Signed;
pub use command::{Command, Order};
