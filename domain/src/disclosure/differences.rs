//! What subtracting tables from each other leaves: nobody, or enough pupils (`facts/reliability.md` SUR-4).

use super::sets::Atoms;

/// The fewest pupils that a difference of tables may leave, other than none.
const ISOLATED: i64 = 10;

/// A table, by its place, with the pupils it is of and how many of them answered.
pub(super) type Table<'a> = (usize, &'a Atoms, i64);

/// Tables that leave too few when subtracted, and which of them are subtracted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Isolating {
    /// What is taken from.
    pub from: Vec<usize>,
    /// What is taken away.
    pub less: Vec<usize>,
    /// How many are left.
    pub left: i64,
}

/// Whether so many are isolated.
pub(super) fn is_too_few(left: i64) -> bool {
    (1..ISOLATED).contains(&left)
}

/// The first difference of two or three tables that isolates too few: a table less one or two in it, or two with nobody in
/// common less one in both together. Other sums of three leave no set of pupils: somebody would count twice, or less than
/// not at all.
pub(super) fn isolating(shown: &[Table<'_>]) -> Option<Isolating> {
    let mut by_base: Vec<&Table<'_>> = shown.iter().collect();
    by_base.sort_by_key(|(at, _, base)| (*base, *at));
    for (from, around, base) in shown {
        let inside: Vec<&Table<'_>> = shown.iter().filter(|(at, set, _)| at != from && set.is_within(around)).collect();
        for (nth, (one, set, of_one)) in inside.iter().enumerate() {
            if is_too_few(base - of_one) {
                return Some(Isolating { from: vec![*from], less: vec![*one], left: base - of_one });
            }
            for (other, second, of_other) in inside.iter().skip(nth + 1) {
                let left = base - of_one - of_other;
                if is_too_few(left) && !set.meets(second) {
                    return Some(Isolating { from: vec![*from], less: vec![*one, *other], left });
                }
            }
        }
    }
    for (nth, (one, set, of_one)) in shown.iter().enumerate() {
        for (other, second, of_other) in shown.iter().skip(nth + 1) {
            let sum = of_one + of_other;
            let near = by_base.partition_point(|(.., base)| *base <= sum - ISOLATED);
            let close = by_base.iter().skip(near).take_while(|(.., base)| *base < sum);
            for (less, third, base) in close.filter(|(less, ..)| less != one && less != other) {
                if !set.meets(second) && third.is_within(&set.with(second)) {
                    return Some(Isolating { from: vec![*one, *other], less: vec![*less], left: sum - base });
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn isolates(tables: &[(&[usize], i64)]) -> Option<Isolating> {
        let sets: Vec<Atoms> = tables.iter().map(|(places, _)| places.iter().copied().collect()).collect();
        let tables: Vec<Table<'_>> =
            sets.iter().zip(tables).enumerate().map(|(at, (set, (_, base)))| (at, set, *base)).collect();
        isolating(&tables)
    }

    #[test]
    fn a_difference_of_few_is_found() {
        // A school of 40 with a year of 33.
        let found = isolates(&[(&[0, 1], 40), (&[0], 33)]).unwrap();
        assert_eq!((found.from, found.less, found.left), (vec![0], vec![1], 7));
        assert_eq!(isolates(&[(&[0, 1], 43), (&[0], 33)]), None, "ten are enough");
        assert_eq!(isolates(&[(&[0, 1], 33), (&[0], 33)]), None, "nobody is left");
        // Two years of three.
        let found = isolates(&[(&[0, 1, 2], 75), (&[0], 35), (&[1], 35)]).unwrap();
        assert_eq!((found.less, found.left), (vec![1, 2], 5));
        assert_eq!(isolates(&[(&[0, 1, 2], 75), (&[0, 3], 35), (&[1], 35)]), None, "not within it");
        // Two clusters less a phase that is nearly both.
        let found = isolates(&[(&[0, 1], 80), (&[2, 3], 80), (&[0, 1, 2], 155)]).unwrap();
        assert_eq!((found.from, found.less, found.left), (vec![0, 1], vec![2], 5));
    }
}
