//! SUR-4: what is left when tables are subtracted, of one question or of several, of one release or of two.
//!
//! **A query** is a figure that is shown: a table, a question, a release. It is of the pupils of its table who answered its
//! question. **A difference** is a query less one or two others, or two less one; it leaves somebody apart when every pupil is in it
//! once or not at all. What a reader can subtract, and so what counts as left, depends on the queries:
//!
//! - *Of one question of one release* options and bases are subtracted. Those who are left and answered are nobody, or ten and more.
//! - *Of several questions* no option is the same, so that bases alone are subtracted, and they are told in fives: "105 or up to four
//!   more" less "100 or up to four more" is one to nine. Whoever is apart by their *table* is nobody, or ten and more. Within one
//!   table a few may be left who left a question out that all others answered: nothing they said is told, and that they left it
//!   out says nothing. Where it does, of a question that an answer leads to, how many they are is not known more closely than by
//!   three.
//! - *Of two releases* those are left whose answers are in one and not in the other. Of a correction that is allowed they are
//!   nobody, or ten and more who took part. Of a question that fewer of them answered nothing is told anew (`carried`).

use super::*;

/// Pupils of one cell who are in the same releases and answered the same questions.
struct Alike {
    cell: usize,
    is_in: [bool; 2],
    answered: u32,
    pupils: i64,
}

/// Some of [`Known::alike`], by their places, and how many pupils they are.
struct Crowd {
    places: Vec<u64>,
    pupils: i64,
}

/// A figure that is shown.
struct Query {
    release: usize,
    question: usize,
    /// The cells of its table.
    cells: u64,
    /// The pupils of its table who answered its question, and those who took part.
    who: [Crowd; 2],
    /// Its base as it is told: so many or up to four more, and not more than took part.
    base: (i64, i64),
}

/// What one or two releases are made of, and what they show.
#[derive(Default)]
struct Known {
    alike: Vec<Alike>,
    queries: Vec<Query>,
    /// The questions that an answer leads to.
    routed: u32,
}

/// What was found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Found {
    of_one_question: u64,
    of_several: u64,
    of_two_releases: u64,
    /// Differences that leave one to nine apart.
    isolating: u64,
    /// Those of them that say who was not led to a question, and how many too closely.
    close: u64,
}

impl Known {
    fn add_pupils(&mut self, gathered: &Gathered, is_in: [bool; 2], of: impl Fn(usize, usize) -> bool) {
        let mut alike: BTreeMap<(usize, u32), i64> = BTreeMap::new();
        for (cell, answers) in gathered.cells.iter().enumerate() {
            for (_, row) in answers.rows.iter().enumerate().filter(|(at, _)| of(cell, *at)) {
                let slots = gathered.layout.slots().iter().enumerate();
                let answered = slots.filter(|(_, s)| s.mask(row) != Some(0)).fold(0, |all, (at, _)| all | 1 << at);
                *alike.entry((cell, answered)).or_default() += 1;
            }
        }
        let pupils = |((cell, answered), pupils)| Alike { cell, is_in, answered, pupils };
        self.alike.extend(alike.into_iter().map(pupils));
    }

    fn crowd(&self, of: impl Fn(&Alike) -> bool) -> Crowd {
        let mut crowd = Crowd { places: vec![0; self.alike.len().div_ceil(64)], pupils: 0 };
        for (at, alike) in self.alike.iter().enumerate().filter(|(_, a)| of(a)) {
            crowd.places[at / 64] |= 1 << (at % 64);
            crowd.pupils += alike.pupils;
        }
        crowd
    }

    /// To be called once all pupils are known.
    fn add_queries(&mut self, release: usize, plan: &Plan, figures: &[&[PublishedFigure]], everything: bool) {
        for (group, of_table) in plan.release.groups().iter().zip(figures) {
            let cells = group.atoms.iter().fold(0_u64, |all, at| all | 1 << at);
            let is_of = |a: &Alike| cells & (1 << a.cell) != 0 && a.is_in[release];
            for (question, figure) in of_table.iter().enumerate() {
                let base = match figure.view() {
                    Figure::Shown { base, .. } => i64::try_from(base).unwrap(),
                    _ if everything => 0,
                    _ => continue,
                };
                let who = [self.crowd(|a| is_of(a) && a.answered & (1 << question) != 0), self.crowd(is_of)];
                let base = (base, who[1].pupils.min(base + 4));
                self.queries.push(Query { release, question, cells, who, base });
            }
        }
    }

    /// How many pupils a difference leaves, if it leaves anybody apart: of those who answered, or with `everybody` of those who
    /// took part. Queries of one sign have nobody in common, or it leaves none.
    fn left(sum: &[(i64, &Query)], everybody: bool) -> Option<i64> {
        let side = usize::from(everybody);
        for word in 0..sum[0].1.who[side].places.len() {
            let (mut more, mut less) = (0, 0);
            for (sign, query) in sum {
                let (own, all) = (query.who[side].places[word], if *sign > 0 { &mut more } else { &mut less });
                if *all & own != 0 {
                    return None;
                }
                *all |= own;
            }
            if less & !more != 0 {
                return None;
            }
        }
        Some(sum.iter().map(|(sign, query)| sign * query.who[side].pupils).sum())
    }

    /// Of one release its questions are put beside each other; of two each by itself, since no option is another question's.
    fn is_of_two(&self) -> bool {
        self.queries.iter().any(|q| q.release > 0)
    }

    fn look(&self, sum: &[(i64, &Query)], found: &mut Found) {
        let (_, first) = sum[0];
        let few = |left: i64| u64::from((1..10).contains(&left));
        if sum.iter().any(|(_, q)| q.release != first.release) {
            if let Some(left) = Self::left(sum, true) {
                found.of_two_releases += 1;
                found.isolating += few(left);
            }
        } else if sum.iter().all(|(_, q)| q.question == first.question) {
            if let Some(left) = Self::left(sum, false) {
                found.of_one_question += 1;
                found.isolating += few(left);
            }
        } else if let Some(left) = Self::left(sum, false) {
            found.of_several += 1;
            if few(left) > 0 {
                let by_tables = Self::left(sum, true).is_none_or(|all| all > 0);
                let end = |low: usize| {
                    sum.iter()
                        .map(|(sign, q)| if (*sign > 0) == (low == 0) { q.base.0 } else { q.base.1 } * sign)
                        .sum::<i64>()
                };
                found.isolating += u64::from(by_tables);
                let is_routed = sum.iter().any(|(_, q)| self.routed & (1 << q.question) != 0);
                found.close += u64::from(is_routed && end(1) - end(0) < 3);
            }
        }
    }

    /// All pairs and triples of queries whose tables can leave anybody apart.
    fn differences(&self) -> Found {
        let (mut found, of_two) = (Found::default(), self.is_of_two());
        for (at, from) in self.queries.iter().enumerate() {
            let beside = (self.queries.iter().enumerate()).filter(|(_, q)| !of_two || q.question == from.question);
            let beside: Vec<(usize, &Query)> = beside.collect();
            let inside: Vec<&Query> =
                beside.iter().filter(|(o, q)| *o != at && q.cells & !from.cells == 0).map(|(_, q)| *q).collect();
            for (nth, one) in inside.iter().enumerate() {
                self.look(&[(1, from), (-1, one)], &mut found);
                for other in inside.iter().skip(nth + 1).filter(|q| q.cells & one.cells == 0) {
                    self.look(&[(1, from), (-1, one), (-1, other)], &mut found);
                }
            }
            for (_, other) in beside.iter().filter(|(o, q)| *o > at && q.cells & from.cells == 0) {
                let both = from.cells | other.cells;
                let is_across =
                    |q: &&Query| q.cells & !both == 0 && q.cells & from.cells != 0 && q.cells & other.cells != 0;
                for less in beside.iter().map(|(_, q)| *q).filter(is_across) {
                    self.look(&[(1, from), (1, other), (-1, less)], &mut found);
                }
            }
        }
        found
    }
}

fn figures(released: &Released) -> Vec<&[PublishedFigure]> {
    released.tables.iter().map(|t| t.figures.as_slice()).collect()
}

/// All that is known of one release; with `everything` of one that shows every table there is.
fn known(gathered: &Gathered, plan: &Plan, released: &Released, everything: bool) -> Known {
    let routed = gathered.layout.find("bullied_types").map_or(0, |at| 1 << at);
    let mut known = Known { routed, ..Known::default() };
    known.add_pupils(gathered, [true, false], |_, _| true);
    known.add_queries(0, plan, &figures(released), everything);
    known
}

#[test]
fn differences_of_tables_isolate_nobody_or_ten() {
    let (mut all, mut control) = (Found::default(), 0);
    let mut look = |gathered: &Gathered, plan: &Plan, released: &Released| {
        let found = known(gathered, plan, released, false).differences();
        assert_eq!((found.isolating, found.close), (0, 0), "{}", released.digest);
        all.of_one_question += found.of_one_question;
        all.of_several += found.of_several;
    };
    for (seed, (plan, released)) in (1..).zip(DECIDED.iter()) {
        look(&world(seed), plan, released);
        control += u64::from(known(&world(seed), plan, released, true).differences().isolating > 0);
    }
    let large = || authority(Dice(4711), 10, 5, 30);
    look(&large(), &lay_out(&large()).unwrap(), &published(large()));
    // Where questions are left out, and some are routed to one.
    for seed in 1..=2 {
        let gathered = whole::world(seed);
        look(&gathered, &lay_out(&gathered).unwrap(), &published(whole::world(seed)));
    }
    assert!(all.of_one_question >= 10_000 && all.of_one_question + all.of_several >= 100_000, "{all:?}");
    assert!(control > WORLDS / 2, "the control: tables of everybody isolate somebody in {control} worlds");
}

/// What a correction brings: so many late answers in some cells, or so many of the first cell's mended.
struct Correction {
    late: &'static [(usize, usize)],
    mended: usize,
}

/// A world before and after: both decided, and whether the correction was allowed.
fn corrected(seed: u64, correction: &Correction, is_heeded: bool) -> Option<Known> {
    let (plan, first) = &DECIDED[usize::try_from(seed).unwrap() - 1];
    let (before, mut after) = (world(seed), world(seed));
    let (mut dice, layout) = (Dice(seed + 999), layout());
    for (cell, many) in correction.late {
        let year = after.cells[*cell].year;
        for _ in 0..*many {
            assert!(after.cells[*cell].rows.push(&answer(&mut dice, &layout, year, 50)));
        }
    }
    // A mended answer is one gone and another come: of a pupil who said something else, so that no hash is the same.
    let mut rows = Rows::of(layout.width());
    let year = after.cells[0].year;
    for (at, row) in after.cells[0].rows.iter().enumerate() {
        let mended = testing::answers_of(&layout, year, &[("bullied", "prefer_not_to_say")]);
        assert!(rows.push(if at < correction.mended { &mended } else { row }));
    }
    after.cells[0].rows = rows;
    super::super::super::service::note(&mut after, &vault());
    if is_heeded {
        after.before = vec![Earlier { released: first.clone(), snapshot: before.snapshot.clone() }];
    }
    let then = lay_out(&after).unwrap();
    let is_old = |cell: usize, at: usize| at < before.cells[cell].rows.len() && (cell > 0 || at >= correction.mended);
    let mut known = Known::default();
    known.add_pupils(&after, [true, true], is_old);
    known.add_pupils(&before, [true, false], |cell, at| !is_old(cell, at));
    known.add_pupils(&after, [false, true], |cell, at| !is_old(cell, at));
    let second = decide(after, Threshold::default()).outcome.ok()?;
    known.add_queries(0, plan, &figures(first), false);
    known.add_queries(1, &then, &figures(&second), false);
    Some(known)
}

/// Before and after late or mended answers: what a correction that is allowed leaves apart is nobody or ten pupils.
#[test]
fn differences_of_two_releases_isolate_nobody_or_ten() {
    let allowed = [
        Correction { late: &[(0, 12)], mended: 0 },
        Correction { late: &[(1, 10), (6, 25)], mended: 0 },
        Correction { late: &[], mended: 10 },
    ];
    let (mut all, mut released) = (0, 0);
    for seed in 1..=8 {
        let correction = &allowed[usize::try_from(seed % 3).unwrap()];
        let Some(known) = corrected(seed, correction, true) else { continue };
        released += 1;
        let found = known.differences();
        assert_eq!(found.isolating, 0, "world {seed}: {found:?}");
        all += found.of_two_releases;
    }
    assert!(released >= 5 && all >= 10_000, "{released} corrections, {all} differences");
    // The control: three late answers, were nobody to refuse them.
    let few = Correction { late: &[(1, 3)], mended: 0 };
    assert!((1..=3).all(|seed| corrected(seed, &few, true).is_none()), "and somebody does");
    let fallen = (1..=2).filter(|seed| corrected(*seed, &few, false).unwrap().differences().isolating > 0).count();
    assert_eq!(fallen, 2);
}
