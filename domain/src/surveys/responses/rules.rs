//! What is kept of a batch, and in what order. Pure but for the dice it is handed.

use std::collections::HashSet;

use uuid::Uuid;

use super::model::PackedRow;

/// A row ready to be stored under a random id.
pub(super) struct Placed {
    /// The row's id.
    pub id: Uuid,
    /// The row.
    pub row: PackedRow,
}

/// The rows and the keys to store, and how many rows were left out because their key had come before.
pub(super) struct Kept {
    /// Rows in the order of their random ids.
    pub rows: Vec<Placed>,
    /// Hashed keys in the order of their bytes.
    pub keys: Vec<Vec<u8>>,
    /// Rows left out.
    pub duplicates: u64,
}

/// Leaves out rows whose key is known already, in the table or earlier in the batch, and forgets the sender's order.
///
/// Ordering by fresh random ids is a uniform shuffle (no two are alike in 122 bits), and lets the table grow at its
/// clustered key. The keys are ordered by their hashes, so that the two tables' physical orders (PostgreSQL's `ctid`)
/// say nothing of each other (`facts/reliability.md` SUR-1).
pub(super) fn keep(
    rows: Vec<PackedRow>,
    mut known: HashSet<Vec<u8>>,
    hash: impl Fn(&str) -> Vec<u8>,
    mut random_id: impl FnMut() -> Uuid,
) -> Kept {
    let mut kept = Kept { rows: Vec::with_capacity(rows.len()), keys: Vec::new(), duplicates: 0 };
    for row in rows {
        if let Some(key) = &row.key {
            let hash = hash(key);
            if !known.insert(hash.clone()) {
                kept.duplicates += 1;
                continue;
            }
            kept.keys.push(hash);
        }
        kept.rows.push(Placed { id: random_id(), row });
    }
    kept.rows.sort_unstable_by_key(|placed| placed.id);
    kept.keys.sort_unstable();
    kept
}
