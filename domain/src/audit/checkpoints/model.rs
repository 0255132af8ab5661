//! What a checkpoint says.

use crate::kernel::Utc;

/// A checkpoint: so many entries of this chain ended in this hash. It holds nothing of a child, nor of anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The chain: the hash of its first entry.
    pub chain: [u8; 32],
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// How many entries it vouches for.
    pub size: i64,
    /// The last one's hash.
    pub head: [u8; 32],
    /// When it was signed.
    pub at: Utc,
    /// The digest of the checkpoint before; zeros for the first.
    pub previous: [u8; 32],
}
