//! What is kept of a batch, and in what order. Pure but for the dice it is handed.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::db::types::Uid;
use crate::kernel::{CampaignId, SchoolId, YearGroup, to_hex};
use crate::surveys::campaigns::Rolls;
use crate::vault::Vault;

use super::model::{Batch, OverRoll, PackedRow};

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

/// Where there are more rows than pupils on roll, of the rows that are stored and of those that come: the school first.
pub(super) fn over(rolls: &Rolls, stored: &[(i16, i64)], coming: impl Iterator<Item = YearGroup>) -> Vec<OverRoll> {
    let mut rows: HashMap<i16, i64> = stored.iter().copied().collect();
    for year in coming {
        *rows.entry(year.number().into()).or_default() += 1;
    }
    let of = |year: YearGroup| rows.get(&year.number().into()).copied().unwrap_or(0);
    let all = rolls.all.map(|roll| (None, roll, rows.values().sum::<i64>()));
    let years = rolls.by_year.iter().map(|(year, roll)| (Some(*year), *roll, of(*year)));
    let more = all.into_iter().chain(years).filter(|(_, roll, rows)| rows > roll);
    more.map(|(year, roll, _)| OverRoll { year, roll }).collect()
}

/// What is remembered of a body. Its own digest would let whoever has the database try small bodies until one fits.
pub(super) fn remembered(vault: &Vault, campaign: CampaignId, school: SchoolId, digest: &[u8]) -> Vec<u8> {
    vault.blind_index("submissions.digest", &format!("{campaign}/{school}/{}", to_hex(digest)))
}

/// What of a batch was kept when it was taken in with these counts: the places of its rows. `None` where that can't be told.
///
/// Rows without a key were kept, and of each key the first, unless it had come with another body. So if as many were kept as
/// there are such rows, it was they; if none was, it was none. Anything between may have been any of them.
pub(super) fn kept_of(batch: &Batch, accepted: u64, rejected: u64, duplicates: u64) -> Option<Vec<usize>> {
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    if batch.rejected != rejected || count(batch.rows.len()) != accepted + duplicates {
        return None;
    }
    let mut seen = HashSet::new();
    let mut first = |row: &PackedRow| row.key.as_ref().is_none_or(|key| seen.insert(key.clone()));
    let possible: Vec<usize> = batch.rows.iter().enumerate().filter(|(_, row)| first(row)).map(|(i, _)| i).collect();
    match accepted {
        0 => Some(Vec::new()),
        all if all == count(possible.len()) => Some(possible),
        _ => None,
    }
}

/// For each of these rows one that is stored and equal to it. `None` when there are not so many.
pub(super) fn equals<'r>(
    rows: impl Iterator<Item = &'r PackedRow>,
    stored: Vec<(Uid, i16, Vec<u8>)>,
) -> Option<Vec<Uid>> {
    let mut alike: HashMap<(i16, Vec<u8>), Vec<Uid>> = HashMap::new();
    for (id, year, answers) in stored {
        alike.entry((year, answers)).or_default().push(id);
    }
    rows.map(|row| {
        let known = (i16::from(row.year_group.number()), row.answers.as_bytes().to_vec());
        alike.get_mut(&known)?.pop()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::{Definition, Layout};

    fn row(year: i64, key: Option<&str>) -> PackedRow {
        let text = include_str!("../../instruments/builtin/bullying-v1.json");
        let layout = Layout::of(&serde_json::from_str::<Definition>(text).unwrap()).unwrap();
        let year_group = YearGroup::new(year).unwrap();
        let answers = layout.pack(layout.band(year_group).unwrap(), &[]).unwrap();
        PackedRow { year_group, answers, key: key.map(str::to_owned) }
    }

    fn batch(keys: &[Option<&str>]) -> Batch {
        let rows = keys.iter().map(|key| row(8, *key)).collect();
        let stamp = "bullying/1".to_owned();
        Batch { stamp, rows, faults: Vec::new(), fault_count: 2, rejected: 1, received: 9, digest: [0; 32] }
    }

    #[test]
    fn what_was_kept_is_known_or_it_is_said_that_it_is_not() {
        let plain = batch(&[Some("a"), None, None, Some("b")]);
        assert_eq!(kept_of(&plain, 4, 1, 0), Some(vec![0, 1, 2, 3]));
        // One of the two keys had come before; which, nobody can say.
        assert_eq!(kept_of(&plain, 3, 1, 1), None);
        let twice = batch(&[Some("a"), Some("a"), None]);
        assert_eq!(kept_of(&twice, 2, 1, 1), Some(vec![0, 2]));
        assert_eq!(kept_of(&twice, 1, 1, 2), None);
        assert_eq!(kept_of(&batch(&[Some("a"), Some("b")]), 0, 1, 2), Some(vec![]));
        // The body is read otherwise than it was then.
        assert_eq!(kept_of(&plain, 4, 0, 0), None);
        assert_eq!(kept_of(&plain, 5, 1, 0), None);
    }

    #[test]
    fn each_row_has_an_equal_of_its_own() {
        let stored = |n: u128, year: i64| {
            (
                Uid::from_uuid(Uuid::from_u128(n)),
                i16::try_from(year).unwrap(),
                row(year, None).answers.as_bytes().to_vec(),
            )
        };
        let all = || vec![stored(1, 8), stored(2, 9), stored(3, 8)];
        let ids = |years: &[i64]| {
            let rows: Vec<_> = years.iter().map(|year| row(*year, Some("k"))).collect();
            let mut ids = equals(rows.iter(), all())?;
            ids.sort_unstable();
            Some(ids)
        };
        let of = |ns: &[u128]| Some(ns.iter().map(|n| Uid::from_uuid(Uuid::from_u128(*n))).collect::<Vec<_>>());
        assert_eq!(ids(&[8, 9, 8]), of(&[1, 2, 3]));
        assert_eq!(ids(&[9]), of(&[2]));
        assert_eq!(ids(&[9, 9]), None);
        assert_eq!(ids(&[7]), None);
    }
}
