//! Signed notes of how far the audit record had come, kept where whoever can change the database can't change them.
//!
//! Someone who may write the database can cut off the record's end together with its head, or build all of it anew: in
//! itself it is whole. Against a checkpoint it is not: that says, under an Ed25519 key of its own, that so many entries
//! ended in this hash at that time. Checkpoints are numbered and each holds the digest of the one before; and each is on
//! record in the chain itself. So one that is taken away is missed (`facts/reliability.md` A27, D5).

mod model;
mod rules;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use model::Checkpoint;
pub use rules::{PublicKeys, Signer, parse};
pub use service::{is_due, latest, lines_after, sign, verify};
