//! Sets of a release's atoms.

/// Some atoms, by their places.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct Atoms(Vec<u64>);

const BITS: usize = 64;

impl FromIterator<usize> for Atoms {
    fn from_iter<T: IntoIterator<Item = usize>>(places: T) -> Self {
        let mut words: Vec<u64> = Vec::new();
        for place in places {
            if words.len() <= place / BITS {
                words.resize(place / BITS + 1, 0);
            }
            if let Some(word) = words.get_mut(place / BITS) {
                *word |= 1 << (place % BITS);
            }
        }
        Self(words)
    }
}

impl Atoms {
    fn word(&self, at: usize) -> u64 {
        self.0.get(at).copied().unwrap_or_default()
    }

    /// Without empty words at the end, so that equal sets are equal.
    fn tidy(mut words: Vec<u64>) -> Self {
        while words.last() == Some(&0) {
            words.pop();
        }
        Self(words)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                (left != 0).then(|| {
                    left &= left - 1;
                    at * BITS + bit
                })
            })
        })
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.word(place / BITS) & (1 << (place % BITS)) != 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|w| w.count_ones() as usize).sum()
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.0.iter().enumerate().all(|(at, w)| w & !other.word(at) == 0)
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().enumerate().any(|(at, w)| w & other.word(at) != 0)
    }

    pub(super) fn less(&self, other: &Self) -> Self {
        Self::tidy(self.0.iter().enumerate().map(|(at, w)| w & !other.word(at)).collect())
    }

    pub(super) fn with(&self, other: &Self) -> Self {
        let words = self.0.len().max(other.0.len());
        Self::tidy((0..words).map(|at| self.word(at) | other.word(at)).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sets_are_sets(a in prop::collection::btree_set(0_usize..200, 0..40), b in prop::collection::btree_set(0_usize..200, 0..40)) {
            let of = |s: &BTreeSet<usize>| s.iter().copied().collect::<Atoms>();
            let back = |s: &Atoms| s.iter().collect::<BTreeSet<usize>>();
            let (x, y) = (of(&a), of(&b));
            prop_assert_eq!(back(&x), a.clone());
            prop_assert_eq!(back(&x.less(&y)), &a - &b);
            prop_assert_eq!(back(&x.with(&y)), &a | &b);
            prop_assert_eq!(x.less(&y), of(&(&a - &b)), "equal sets are equal");
            prop_assert_eq!(x.is_within(&y), a.is_subset(&b));
            prop_assert_eq!(x.meets(&y), !a.is_disjoint(&b));
            prop_assert_eq!((x.len(), x.is_empty()), (a.len(), a.is_empty()));
            prop_assert!((0..200).all(|i| x.has(i) == a.contains(&i)));
        }
    }
}
