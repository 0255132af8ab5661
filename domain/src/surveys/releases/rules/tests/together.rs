//! Corrections, beside the releases before them.

use std::path::PathBuf;

use serde_json::json;

use super::super::super::{service, together};
use super::whole::{answer, rows_of, world};
use super::*;
use crate::disclosure::Beside;
use crate::surveys::releases::snapshot::Snapshot;

/// Answers for a cell: its place from the largest on, how many come, and how often they are of somebody who was bullied.
type Lot = (usize, usize, u64);

/// What a correction brings to some cells: late answers, or others in the place of as many.
struct Brings {
    late: &'static [Lot],
    mended: &'static [Lot],
}

/// As the others of the authority, and as a class in which most were bullied, so that the answer leads them to another question.
const USUAL: u64 = 12;
const ROUGH: u64 = 150;

const BRINGS: [Brings; 6] = [
    Brings { late: &[(0, 12, USUAL)], mended: &[] },
    Brings { late: &[(0, 40, ROUGH), (3, 30, ROUGH)], mended: &[] },
    Brings { late: &[], mended: &[(0, 60, ROUGH)] },
    Brings { late: &[(1, 10, USUAL), (2, 11, USUAL), (4, 40, ROUGH)], mended: &[] },
    Brings { late: &[(0, 40, ROUGH)], mended: &[(2, 45, ROUGH)] },
    Brings { late: &[(0, 40, ROUGH)], mended: &[(0, 3, USUAL)] },
];

/// Today's rows of a world, and for each cell how many of the first release's rows, which come first, are still there. Mended are the last of
/// them.
fn changed(seed: u64, first: &Gathered) -> (Gathered, Vec<usize>) {
    let brings = &BRINGS[usize::try_from(seed).unwrap() % BRINGS.len()];
    let (mut dice, mut gathered) = (Dice(seed + 4711), world(seed));
    let mut by_size: Vec<usize> = (0..first.cells.len()).collect();
    by_size.sort_by_key(|at| std::cmp::Reverse(first.cells[*at].rows.len()));
    let of = |list: &[Lot], cell: usize| {
        let own = list.iter().find(|(nth, ..)| by_size.get(*nth) == Some(&cell));
        own.map_or((0, USUAL), |(_, many, rare)| (*many, *rare))
    };
    let mut stayed = Vec::new();
    for (at, cell) in first.cells.iter().enumerate() {
        let (mended, rare) = of(brings.mended, at);
        let mended = mended.min(cell.rows.len());
        let (late, of_late) = of(brings.late, at);
        let stay = cell.rows.len() - mended;
        let mut rows = Rows::of(gathered.layout.width());
        for row in cell.rows.iter().take(stay) {
            assert!(rows.push(row));
        }
        for n in 0..mended + late {
            let rare = if n < mended { rare } else { of_late };
            assert!(rows.push(&answer(&mut dice, &gathered.layout, cell.year, rare)));
        }
        gathered.cells[at].rows = rows;
        stayed.push(stay);
    }
    service::note(&mut gathered, &vault());
    (gathered, stayed)
}

/// A world's first release and what it was made of, and a correction, if one is to be had: nothing while fewer than ten of a year group
/// differ, as they may when as many mended answers say the same.
fn corrected(seed: u64) -> Option<(Released, Gathered, Vec<usize>, Released)> {
    let first = world(seed);
    let (mut second, stayed) = changed(seed, &first);
    let released = published(world(seed));
    second.before = vec![Earlier { released: released.clone(), snapshot: first.snapshot.clone() }];
    second.line.number = 2;
    let (again, _) = changed(seed, &first);
    let again = Gathered { before: second.before.clone(), line: second.line.clone(), ..again };
    let correction = decide(second, Threshold::default()).outcome.ok()?;
    Some((released, again, stayed, correction))
}

fn figure<'a>(of: &'a Released, table: &str, question: usize) -> Option<&'a PublishedFigure> {
    of.tables.iter().find(|t| t.code == table).and_then(|t| t.figures.get(question))
}

/// Whether whoever holds both releases learns too much of a question by these figures of today.
fn tells_too_much(beside: &Beside, today: &[&PublishedFigure]) -> bool {
    let known = beside.known.iter().enumerate().map(|(at, known)| {
        let figure = today.get(at).copied().or(known.as_ref());
        figure.unwrap().clone()
    });
    audit(&beside.release, &[known.collect()], Threshold::default()).is_err()
}

/// Writes twenty corrections into the folder that `DOLEN_WORLDS` names, for another attacker (`tests/disclosure/together.py`).
#[test]
fn both_releases_together_tell_no_more_than_one_may() {
    let folder = std::env::var_os("DOLEN_WORLDS").map(PathBuf::from);
    let (mut corrections, mut told, mut carried, mut alone) = (0, 0, 0, 0);
    let wanted = if folder.is_some() { 20 } else { 8 };
    for seed in 1..=2 * wanted {
        if corrections == wanted {
            break;
        }
        let Some((first, gathered, stayed, second)) = corrected(seed) else { continue };
        corrections += 1;
        let plan = lay_out(&gathered).unwrap();
        let independent = published(Gathered { before: Vec::new(), ..changed(seed, &world(seed)).0 });
        for (at, beside) in together::tables(&gathered, &plan).iter().enumerate() {
            let code = &second.header.questions[at].code;
            if second.header.carried.iter().any(|c| c.question == *code) {
                // Of a handful nothing is told anyway.
                carried += u32::from(beside.is_some());
                continue;
            }
            told += 1;
            let beside = beside.as_ref().unwrap();
            let of = |released: &'_ Released| -> Vec<PublishedFigure> {
                released.tables.iter().map(|t| t.figures[at].clone()).collect()
            };
            let (own, other) = (of(&second), of(&independent));
            assert!(!tells_too_much(beside, &own.iter().collect::<Vec<_>>()), "world {seed}, {code}");
            alone += u32::from(tells_too_much(beside, &other.iter().collect::<Vec<_>>()));
            // A table of which no answer changed keeps its figure.
            for (group, table) in beside.known.iter().zip(&second.tables) {
                if let Some(known) = group {
                    assert_eq!(Some(known), figure(&first, &table.code, at), "world {seed}, {code} of {}", table.code);
                }
            }
            assert!(
                beside.known.iter().take(second.tables.len()).any(Option::is_some),
                "some school sent nothing more"
            );
        }
        if let Some(folder) = &folder {
            write(
                &folder.join(format!("together/{seed}")),
                (&gathered, &stayed, seed),
                [&first, &second, &independent],
            );
        }
    }
    assert_eq!(corrections, wanted);
    // Most is told, and figures that are decided without looking back are not for giving out.
    assert!(told > 4 * carried, "{told} questions are told anew, {carried} are carried");
    assert!(alone > told / 4, "of {told} questions {alone} would tell too much, decided alone");
}

/// Both releases as they are given out, the second one as it would be if nobody looked back, and, which nobody is given, each year
/// group's rows: those that stayed, went and came.
fn write(folder: &std::path::Path, (gathered, stayed, seed): (&Gathered, &[usize], u64), releases: [&Released; 3]) {
    let (before, now) = (rows_of(&world(seed)), rows_of(gathered));
    let mut all = serde_json::Map::new();
    for (cell, stay) in gathered.cells.iter().zip(stayed) {
        let code = format!("school/{}/year/{}", gathered.schools[cell.school].school.number, cell.year.number());
        let [was, is] = [&before, &now].map(|rows| rows[&code].as_array().unwrap());
        all.insert(code, json!({ "stayed": is[..*stay], "went": was[*stay..], "came": is[*stay..] }));
    }
    std::fs::create_dir_all(folder).unwrap();
    for (name, released) in ["first", "second", "alone"].into_iter().zip(releases) {
        let release = json!({ "header": released.header, "tables": released.tables });
        std::fs::write(folder.join(format!("{name}.json")), release.to_string()).unwrap();
    }
    std::fs::write(folder.join("rows.json"), serde_json::Value::Object(all).to_string()).unwrap();
}

/// After two corrections all three releases are looked at together, and a question that was carried counts as what it tells.
#[test]
fn three_releases_are_looked_at_together() {
    let (mut told, mut of_first) = (0, 0);
    for seed in [1, 3, 6, 8] {
        let Some((first, again, _, second)) = corrected(seed) else { continue };
        let snapshots: [Snapshot; 2] = [again.before[0].snapshot.clone(), again.snapshot.clone()];
        let mut third = again;
        let (mut dice, layout) = (Dice(seed + 17), testing::layout(&super::whole::ASKED));
        let largest = (0..third.cells.len()).max_by_key(|at| third.cells[*at].rows.len()).unwrap();
        let year = third.cells[largest].year;
        for _ in 0..24 {
            assert!(third.cells[largest].rows.push(&answer(&mut dice, &layout, year, USUAL)));
        }
        service::note(&mut third, &vault());
        let earlier = [first, second].into_iter().zip(snapshots);
        third.before = earlier.map(|(released, snapshot)| Earlier { released, snapshot }).collect();
        third.line.number = 3;
        let plan = lay_out(&third).unwrap();
        let all = together::tables(&third, &plan);
        let released = decide(third, Threshold::default()).outcome.unwrap();
        for (at, beside) in all.iter().enumerate() {
            let code = &released.header.questions[at].code;
            if released.header.carried.iter().any(|c| c.question == *code) {
                continue;
            }
            let beside = beside.as_ref().unwrap();
            of_first += beside.release.groups().iter().filter(|g| g.code.ends_with(" of release 1")).count();
            let own: Vec<&PublishedFigure> = released.tables.iter().map(|t| &t.figures[at]).collect();
            assert!(!tells_too_much(beside, &own), "world {seed}, {code}");
            told += 1;
        }
    }
    assert!(
        told >= 8 && of_first > 20,
        "{told} questions are told anew, beside {of_first} tables of the first release"
    );
}
