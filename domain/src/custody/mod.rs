//! Who wraps what: the master keys at hand, the keys they hold, and changing one for another while everybody works.
//!
//! Rows name the master key they are wrapped under. A new one becomes `keys.master` while the old stays on the ring;
//! [`rotate`] then wraps every row anew in small transactions, and [`retire`] takes the old one out of use. The keys of
//! our own purposes are wrapped too and never change, so blind indexes and kept answers stay good.

mod model;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use model::{KeyUse, Progress};
pub use service::{list, open, retire, rotate, waiting};
