//! Plain tables of counts with their totals: which cells to leave out so that the totals don't give them back.
//!
//! Small cells are left out, and as many others as it takes; zeros are shown. Readers know both, so that every cell left out
//! is one or more. That no row or column has a lone hidden cell is not enough: two that add up to two are one each. So what
//! counts is the range of every small cell (`facts/domain.md` §5).

use std::collections::BTreeSet;

use super::attack::Programme;

/// A cell: its row and its column, from nought.
pub type Cell = (usize, usize);

/// How wide the range of a small cell must be.
const WIDTH: i32 = 4;

/// So many cells can be tried in every way; of more, good ones are taken in turn.
const EXACT: usize = 14;

/// The cells to leave out of a table that is published with the totals of its rows and columns: those from one to below the
/// threshold, and the fewest others, with the smallest sum of those, that keep every small cell in a range four wide. All but
/// the zeros when nothing less is enough, and then, where [`ranges`] are still narrow, the table can't be published.
#[must_use]
pub fn suppress(table: &[Vec<u32>], threshold: u32) -> BTreeSet<Cell> {
    let small: BTreeSet<Cell> = cells(table).filter(|(_, n)| (1..threshold).contains(n)).map(|(at, _)| at).collect();
    let wide = |hidden: &BTreeSet<Cell>| {
        ranges(table, hidden)
            .is_some_and(|found| found.iter().all(|(at, (least, most))| !small.contains(at) || most - least >= WIDTH))
    };
    fewest(table, &small, wide)
}

/// What a reader works each hidden cell out to; nothing when no answer was found.
#[must_use]
pub fn ranges(table: &[Vec<u32>], hidden: &BTreeSet<Cell>) -> Option<Vec<(Cell, (i32, i32))>> {
    let mut programme = Programme::default();
    let variables: Vec<(Cell, usize)> = hidden.iter().map(|at| (*at, programme.variable(1, i32::MAX))).collect();
    let lines =
        (0..table.len()).map(|row| (row, true)).chain((0..table.iter().map(Vec::len).max()?).map(|c| (c, false)));
    for (line, is_row) in lines {
        let on_line = |(row, column): &Cell| if is_row { *row == line } else { *column == line };
        let sum: Vec<(usize, i32)> = variables.iter().filter(|(at, _)| on_line(at)).map(|(_, v)| (*v, 1)).collect();
        let total: u32 = cells(table).filter(|(at, _)| hidden.contains(at) && on_line(at)).map(|(_, n)| n).sum();
        if !sum.is_empty() {
            programme.equal(sum, i32::try_from(total).ok()?);
        }
    }
    variables.iter().map(|(at, v)| programme.range(&[(*v, 1)]).ok().map(|found| (*at, found))).collect()
}

fn cells(table: &[Vec<u32>]) -> impl Iterator<Item = (Cell, u32)> {
    table.iter().enumerate().flat_map(|(row, line)| line.iter().enumerate().map(move |(column, n)| ((row, column), *n)))
}

/// The fewest cells beside the small ones, and of those the smallest sum, that make the table safe.
fn fewest(table: &[Vec<u32>], small: &BTreeSet<Cell>, safe: impl Fn(&BTreeSet<Cell>) -> bool) -> BTreeSet<Cell> {
    let mut others: Vec<(u32, Cell)> =
        cells(table).filter(|(at, n)| *n > 0 && !small.contains(at)).map(|(at, n)| (n, at)).collect();
    others.sort_unstable();
    let with = |extra: &[Cell]| small.iter().chain(extra).copied().collect::<BTreeSet<Cell>>();
    if others.len() > EXACT {
        return in_turn(&others, with, safe);
    }
    for more in 0..=others.len() {
        let mut choices: Vec<(u32, Vec<Cell>)> = (0_u32..1 << others.len())
            .filter(|choice| choice.count_ones() as usize == more)
            .map(|choice| {
                let taken = || others.iter().enumerate().filter(move |(at, _)| choice & (1 << at) != 0).map(|(_, c)| c);
                (taken().map(|(n, _)| n).sum(), taken().map(|(_, at)| *at).collect())
            })
            .collect();
        choices.sort_unstable();
        if let Some((_, extra)) = choices.into_iter().find(|(_, extra)| safe(&with(extra))) {
            return with(&extra);
        }
    }
    cells(table).filter(|(_, n)| *n > 0).map(|(at, _)| at).collect()
}

/// The smallest first until it is safe, then without whatever it is safe without, the largest first.
fn in_turn(
    others: &[(u32, Cell)],
    with: impl Fn(&[Cell]) -> BTreeSet<Cell>,
    safe: impl Fn(&BTreeSet<Cell>) -> bool,
) -> BTreeSet<Cell> {
    let mut extra: Vec<Cell> = Vec::new();
    let mut rest = others.iter();
    while !safe(&with(&extra)) {
        let Some((_, at)) = rest.next() else { break };
        extra.push(*at);
    }
    for (_, at) in others.iter().rev() {
        let fewer: Vec<Cell> = extra.iter().filter(|c| *c != at).copied().collect();
        if fewer.len() < extra.len() && safe(&with(&fewer)) {
            extra = fewer;
        }
    }
    with(&extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[u32]]) -> Vec<Vec<u32>> {
        rows.iter().map(|row| row.to_vec()).collect()
    }

    fn sum(table: &[Vec<u32>], of: &BTreeSet<Cell>) -> u32 {
        cells(table).filter(|(at, _)| of.contains(at)).map(|(_, n)| n).sum()
    }

    #[test]
    fn the_tables_of_the_facts_come_out_as_there() {
        type Case<'a> = (&'a [&'a [u32]], &'a [Cell], u32, &'a [(Cell, (i32, i32))]);
        let cases: [Case<'_>; 3] = [
            (&[&[12, 3], &[20, 15]], &[(0, 0), (1, 0), (1, 1)], 47, &[((0, 1), (1, 14))]),
            (&[&[20, 3, 17], &[14, 25, 9], &[31, 8, 2]], &[(0, 2), (2, 1)], 25, &[((0, 1), (2, 10)), ((2, 2), (1, 9))]),
            (&[&[1, 1, 20], &[1, 1, 30], &[15, 16, 17]], &[(0, 2), (1, 2), (2, 0), (2, 1), (2, 2)], 98, &[]),
        ];
        for (rows, extra, total, expected) in cases {
            let table = table(rows);
            let hidden = suppress(&table, 5);
            let more: BTreeSet<Cell> =
                cells(&table).filter(|(at, n)| hidden.contains(at) && *n >= 5).map(|(at, _)| at).collect();
            assert_eq!(more, extra.iter().copied().collect(), "{rows:?}");
            assert_eq!(sum(&table, &more), total);
            let found = ranges(&table, &hidden).unwrap();
            for one in expected {
                assert!(found.contains(one), "{rows:?}: {found:?}");
            }
        }
    }

    /// The control: what many suppression tools ask for, that no row or column has a lone hidden cell.
    #[test]
    fn no_lone_cell_is_not_enough() {
        let lone = |hidden: &BTreeSet<Cell>| {
            hidden.iter().any(|at| {
                hidden.iter().filter(|c| c.0 == at.0).count() == 1 || hidden.iter().filter(|c| c.1 == at.1).count() == 1
            })
        };
        let ones = table(&[&[1, 1, 20], &[1, 1, 30], &[15, 16, 17]]);
        let four: BTreeSet<Cell> = [(0, 0), (0, 1), (1, 0), (1, 1)].into();
        assert_eq!(fewest(&ones, &four, |h| !lone(h)), four);
        assert!(ranges(&ones, &four).unwrap().iter().all(|(_, found)| *found == (1, 1)), "recovered, all four");

        // The catalogue example of mojSuppression: 8 cells that add up to 30, not 31 (`facts/domain.md` §5).
        let moj = table(&[&[25, 1, 1, 1], &[10, 6, 10, 1], &[1, 5, 10, 10], &[3, 3, 3, 3]]);
        let small: BTreeSet<Cell> = cells(&moj).filter(|(_, n)| *n <= 2).map(|(at, _)| at).collect();
        let hidden = fewest(&moj, &small, |h| !lone(h));
        assert_eq!((hidden.len(), sum(&moj, &hidden)), (8, 30));
        assert!(ranges(&moj, &hidden).unwrap().iter().any(|(at, (a, b))| small.contains(at) && a == b));
        // By the ranges it takes nine.
        let hidden = suppress(&moj, 3);
        assert_eq!((hidden.len(), sum(&moj, &hidden)), (9, 55));
    }

    #[test]
    fn larger_tables_are_safe_too() {
        let large: Vec<Vec<u32>> =
            (0..6_u32).map(|r| (0..6_u32).map(|c| (r * 7 + c * 5 + r * c) % 23 + 1).collect()).collect();
        let hidden = suppress(&large, 5);
        let shown_small = cells(&large).any(|(at, n)| n < 5 && !hidden.contains(&at));
        assert!(!shown_small && hidden.len() < 36, "{hidden:?}");
        for ((row, column), (least, most)) in ranges(&large, &hidden).unwrap() {
            assert!(large[row][column] >= 5 || most - least >= WIDTH);
        }
    }
}
