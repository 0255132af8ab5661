//! Sealed fields: a key per child, envelopes bound to their place, and blind indexes.
//!
//! One audited AEAD is wrapped once here (`XChaCha20-Poly1305`; NCC Group 2020, `facts/reliability.md` A26). The master
//! key never enters the database; a child's key does, wrapped by the master. Destroying that row shreds the child.

mod envelope;
mod keys;
mod model;
mod store;

pub use keys::{MasterKey, Vault};
pub use model::{ChildKey, MayOpen, Place, Sealed};
