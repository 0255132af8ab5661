//! From when to when answers were there. Pure.

use std::collections::BTreeMap;
use std::fmt;

/// From which release to which, both included, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lives {
    pub first: usize,
    pub last: usize,
}

impl fmt::Display for Lives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.first, self.last)
    }
}

/// Answers by how long they lived: hashes, and how many there are of each. Each of `times` has the hashes that were there, with
/// how many there were. Of equal answers the one that came last is taken to go first: nobody knows better, and most stay.
pub(super) fn of_each(times: &[&[(u64, u32)]]) -> BTreeMap<Lives, BTreeMap<u64, u32>> {
    let mut counts: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for (time, all) in times.iter().enumerate() {
        for (hash, many) in *all {
            if let Some(count) = counts.entry(*hash).or_insert_with(|| vec![0; times.len()]).get_mut(time) {
                *count += many;
            }
        }
    }
    let mut lives: BTreeMap<Lives, BTreeMap<u64, u32>> = BTreeMap::new();
    for (hash, counts) in counts {
        let mut put = |first, last, many: u32| {
            *lives.entry(Lives { first, last }).or_default().entry(hash).or_default() += many;
        };
        let mut there: Vec<(usize, u32)> = Vec::new();
        let mut before = 0;
        for (time, count) in counts.into_iter().enumerate() {
            if count > before {
                there.push((time, count - before));
            }
            let mut gone = before.saturating_sub(count);
            while let Some((first, many)) = there.pop_if(|_| gone > 0) {
                let going = many.min(gone);
                put(first, time - 1, going);
                gone -= going;
                if many > going {
                    there.push((first, many - going));
                }
            }
            before = count;
        }
        let last = times.len().saturating_sub(1);
        for (first, many) in there {
            put(first, last, many);
        }
    }
    lives
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lived(times: &[&[(u64, u32)]]) -> Vec<(usize, usize, u64, u32)> {
        let all = of_each(times).into_iter();
        all.flat_map(|(l, hashes)| hashes.into_iter().map(move |(hash, many)| (l.first, l.last, hash, many))).collect()
    }

    #[test]
    fn answers_stay_go_and_come() {
        assert_eq!(lived(&[&[(7, 5)], &[(7, 5)]]), [(0, 1, 7, 5)]);
        assert_eq!(lived(&[&[(7, 5)], &[(7, 8)]]), [(0, 1, 7, 5), (1, 1, 7, 3)]);
        assert_eq!(lived(&[&[(7, 5), (9, 1)], &[(7, 2)]]), [(0, 0, 7, 3), (0, 0, 9, 1), (0, 1, 7, 2)]);
        // Who came last goes first.
        assert_eq!(lived(&[&[(7, 5)], &[(7, 9)], &[(7, 4)]]), [(0, 1, 7, 1), (0, 2, 7, 4), (1, 1, 7, 4)]);
        assert_eq!(lived(&[&[], &[(7, 2)], &[], &[(7, 1)]]), [(1, 1, 7, 2), (3, 3, 7, 1)]);
    }

    proptest! {
        /// At every time as many are there as there were.
        #[test]
        fn nobody_is_lost(times in prop::collection::vec(prop::collection::btree_map(0_u64..4, 1_u32..9, 0..4), 1..6)) {
            let times: Vec<Vec<(u64, u32)>> = times.into_iter().map(|t| t.into_iter().collect()).collect();
            let lived = lived(&times.iter().map(Vec::as_slice).collect::<Vec<_>>());
            for (time, all) in times.iter().enumerate() {
                for hash in 0..4 {
                    let there = lived.iter().filter(|(first, last, h, _)| *h == hash && (first..=last).contains(&&time));
                    let expected = all.iter().find(|(h, _)| *h == hash).map_or(0, |(_, n)| *n);
                    prop_assert_eq!(there.map(|(.., many)| *many).sum::<u32>(), expected);
                }
            }
        }
    }
}
