//! Watching over who reads what.

mod emergencies;
mod readers;
mod views;

pub use emergencies::*;
pub use readers::*;
pub use views::*;
