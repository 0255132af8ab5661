//! What a release was made of, so that the next one is not given out when a handful of answers has changed: whoever holds both
//! could subtract them (`facts/reliability.md` SUR-4). Keyed hashes of the answers, group by group, in no order.

use std::collections::BTreeMap;

use crate::kernel::{SchoolId, to_hex};
use crate::vault::Vault;

/// Fewest answers of an atom that may change between two releases, unless none does (`facts/reliability.md` SUR-4).
const FEWEST: usize = 10;

/// Each atom's answers, as sorted hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<(SchoolId, u8), Vec<u64>>);

impl Snapshot {
    /// Notes an answer of an atom: of a year group of a school.
    pub(super) fn note(&mut self, vault: &Vault, atom: (SchoolId, u8), row: &[u8]) {
        let mac = vault.blind_index("survey_releases.snapshot", &to_hex(row));
        let short = mac.iter().take(8).fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        self.0.entry(atom).or_default().push(short);
    }

    /// Puts the hashes in order, which is none of the answers'.
    pub(super) fn settled(mut self) -> Self {
        self.0.values_mut().for_each(|hashes| hashes.sort_unstable());
        self
    }

    /// An atom of which some answers changed, but fewer than ten.
    pub(super) fn too_close(&self, other: &Self) -> Option<(SchoolId, u8)> {
        let atoms: std::collections::BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        let nothing = Vec::new();
        atoms.into_iter().find_map(|atom| {
            let changed = differing(self.0.get(atom).unwrap_or(&nothing), other.0.get(atom).unwrap_or(&nothing));
            (1..FEWEST).contains(&changed).then_some(*atom)
        })
    }

    /// As stored: school, year, how many, and the hashes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for ((school, year), hashes) in &self.0 {
            bytes.extend_from_slice(school.uuid().as_bytes());
            bytes.push(*year);
            bytes.extend_from_slice(&u32::try_from(hashes.len()).unwrap_or(u32::MAX).to_le_bytes());
            for hash in hashes {
                bytes.extend_from_slice(&hash.to_le_bytes());
            }
        }
        bytes
    }

    /// From what is stored; nothing when it is none.
    pub(super) fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut all = BTreeMap::new();
        while !bytes.is_empty() {
            let (school, rest) = bytes.split_first_chunk::<16>()?;
            let (year, rest) = rest.split_first()?;
            let (count, mut rest) = rest.split_first_chunk::<4>()?;
            let mut hashes = Vec::new();
            for _ in 0..u32::from_le_bytes(*count) {
                let (hash, after) = rest.split_first_chunk::<8>()?;
                hashes.push(u64::from_le_bytes(*hash));
                rest = after;
            }
            all.insert((SchoolId::from_uuid(uuid::Uuid::from_bytes(*school)), *year), hashes);
            bytes = rest;
        }
        Some(Self(all))
    }
}

/// How many pupils two sorted lists of answers differ by: those of one that the other has not, of whichever has more. One
/// mended answer is one gone and one come, and one pupil.
fn differing(one: &[u64], two: &[u64]) -> usize {
    let (mut left, mut right) = (one.iter().peekable(), two.iter().peekable());
    let (mut gone, mut come) = (0, 0);
    loop {
        match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a == b => {
                left.next();
                right.next();
            }
            (Some(a), Some(b)) if a < b => {
                left.next();
                gone += 1;
            }
            (_, Some(_)) => {
                right.next();
                come += 1;
            }
            (Some(_), None) => {
                left.next();
                gone += 1;
            }
            (None, None) => return gone.max(come),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::stage::vault;

    fn of(rows: &[u8]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let school = SchoolId::from_uuid(uuid::Uuid::from_u128(7));
        for row in rows {
            snapshot.note(&vault(), (school, 8), &[*row]);
        }
        snapshot.settled()
    }

    #[test]
    fn one_to_nine_changed_answers_are_too_few() {
        let before: Vec<u8> = (0..40).map(|n| n % 5).collect();
        let with = |more: usize| [before.clone(), vec![9; more]].concat();
        for more in 0..12 {
            let close = of(&before).too_close(&of(&with(more)));
            assert_eq!(close.is_some(), (1..10).contains(&more), "{more}");
            assert_eq!(of(&with(more)).too_close(&of(&before)), close, "either way");
        }
        // As many as before, and some of them others.
        for mended in 1..12 {
            let others: Vec<u8> = (0..40).map(|n| if n < mended { 100 + n } else { n % 5 }).collect();
            let close = of(&before).too_close(&of(&others)).is_some();
            assert_eq!(close, mended < 10, "{mended} answers mended");
        }
        let mut another_order = before.clone();
        another_order.reverse();
        assert_eq!(of(&before), of(&another_order));
    }

    #[test]
    fn what_is_stored_comes_back() {
        let snapshot = of(&[1, 2, 2, 3]);
        assert_eq!(Snapshot::from_bytes(&snapshot.to_bytes()), Some(snapshot.clone()));
        let bytes = snapshot.to_bytes();
        assert_eq!(Snapshot::from_bytes(&bytes[..bytes.len() - 1]), None);
    }
}
