//! Sealed fields: a key per child, envelopes bound to their place, and blind indexes.
//!
//! One audited AEAD is wrapped once here (`XChaCha20-Poly1305`; NCC Group 2020, `facts/reliability.md` A26). The master
//! key keys never enter the database; a child's key does, wrapped by one of them. Destroying that row shreds the child.

mod envelope;
mod kek;
mod keys;
mod model;
mod store;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timing;

pub use kek::{Kek, KeyRing, MasterKey};
pub use keys::{Vault, rewrap_child, unwrap_purpose, wrap_purpose};
pub use model::{ChildKey, MayOpen, Place, Purpose, PurposeKeys, Sealed};
