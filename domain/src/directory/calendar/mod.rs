//! The authority's calendar: terms, INSET days, holidays and closures, of all schools or of one. Bank holidays are
//! shipped; what is proclaimed later is an entry here. Counting is [`crate::kernel::Calendar`]'s.

pub(super) mod store;
#[cfg(test)]
mod tests;

pub use store::{load, version};
