//! The hash of a link. Pure, so that a separate verifier can do the same.

use sha2::{Digest, Sha256};

use super::Entry;

/// The hash of an entry after `prev`: SHA-256 over a domain tag and every field, each length-prefixed
/// (`facts/reliability.md` D5).
#[must_use]
pub fn link(prev: &[u8], entry: &Entry) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(bytes);
    };
    let id = |id: Option<uuid::Uuid>| id.map_or_else(Vec::new, |i| i.as_bytes().to_vec());
    part(b"dolen.audit.v1");
    part(prev);
    part(&entry.seq.to_be_bytes());
    part(&entry.at.micros().to_be_bytes());
    part(entry.actor_kind.as_bytes());
    part(&id(entry.actor_id));
    part(entry.action.as_bytes());
    part(entry.object_kind.as_bytes());
    part(&id(entry.object_id));
    part(&id(entry.school_id));
    part(entry.request_id.as_bytes());
    part(entry.detail.as_bytes());
    hash.finalize().to_vec()
}
