//! SUR-4: whatever tables are added and subtracted, nobody is left alone.

use super::*;

/// The pupils that a sum of tables leaves, when it leaves a set of pupils: everybody in it once, and nobody less than never.
fn left(of: &[(i32, &Atoms)], atoms: usize) -> Option<Atoms> {
    let times = |a: usize| of.iter().map(|(times, set)| times * i32::from(set.has(a))).sum::<i32>();
    let all: Vec<i32> = (0..atoms).map(times).collect();
    let is_set = all.iter().all(|t| (0..=1).contains(t));
    is_set.then(|| all.iter().enumerate().filter(|(_, t)| **t == 1).map(|(a, _)| a).collect())
}

/// How many differences of two and three shown tables there are, and how many leave between one pupil and nine.
fn differences(release: &Release, figures: &Figures) -> (usize, usize) {
    let (mut all, mut bad) = (0, 0);
    for (question, figures) in release.questions.iter().zip(figures) {
        let shown = |f: &PublishedFigure| matches!(f.view(), Figure::Shown { .. });
        let tables: Vec<&Atoms> = release.sets.iter().zip(figures).filter(|(_, f)| shown(f)).map(|(s, _)| s).collect();
        let mut look = |of: &[(i32, &Atoms)]| {
            all += 1;
            let few = left(of, release.atoms.len()).is_some_and(|s| (1..10).contains(&question.base(&s)));
            bad += usize::from(few);
        };
        for (nth, one) in tables.iter().enumerate() {
            for (mth, other) in tables.iter().enumerate().skip(nth + 1) {
                look(&[(1, one), (-1, other)]);
                look(&[(-1, one), (1, other)]);
                for third in tables.iter().skip(mth + 1) {
                    for signs in [[1, -1, -1], [-1, 1, -1], [-1, -1, 1], [1, 1, -1], [1, -1, 1], [-1, 1, 1]] {
                        look(&[(signs[0], one), (signs[1], other), (signs[2], third)]);
                    }
                }
            }
        }
    }
    (all, bad)
}

#[test]
fn subtracting_tables_leaves_nobody_or_ten() {
    let (mut all, mut control) = (0, 0);
    for seed in 0..WORLDS {
        let release = world(seed, &Size { schools: 6, years: 4, questions: 1 });
        let figures = disclose(&release, Threshold::default()).unwrap();
        let (looked, bad) = differences(&release, &figures);
        assert_eq!(bad, 0, "world {seed}");
        all += looked;
        control += usize::from(differences(&release, &plain(&release)).1 > 0);
    }
    assert!(all >= 100_000, "{all}");
    assert!(control >= 5, "figures decided one by one break in many worlds: {control}");
}
