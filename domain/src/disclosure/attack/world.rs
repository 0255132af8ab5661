//! Other worlds: from the true one, pupil by pupil, to ones where a number is another and all facts still hold.

use std::collections::BTreeMap;

use super::facts::{Answers, Facts, Told, Truth, What};
use super::programme::range;
use super::{FEW, WIDTH};
use crate::disclosure::release::Choice;
use crate::disclosure::sets::Atoms;

/// Whether a reader stays in the dark about a number that is small: its interval is [`WIDTH`] wide, or as wide as the
/// rolls alone leave it. `true` is proved; `false` means that no proof was found.
pub(in crate::disclosure) fn is_hidden(facts: &Facts<'_>, truth: &Truth, set: &Atoms, what: What) -> bool {
    is_plainly_hidden(facts, truth, set, what) || {
        let block = block(facts, set);
        let need = WIDTH.min(facts.most(set));
        range(facts, set, what, Some((truth, &block))).is_ok_and(|(least, most)| most - least >= need)
    }
}

/// The same without a search: quick, and `false` somewhat more often.
pub(in crate::disclosure) fn is_plainly_hidden(facts: &Facts<'_>, truth: &Truth, set: &Atoms, what: What) -> bool {
    let need = WIDTH.min(facts.most(set));
    !truth.is_small(set, what) || shown_by_worlds(facts, truth, set, what, need) >= need
}

/// The atoms that share a table of few with the set: a school's.
fn block(facts: &Facts<'_>, set: &Atoms) -> Atoms {
    let near = facts.sets.iter().filter(|s| s.len() <= FEW && s.meets(set));
    let block = near.fold(Atoms::default(), |all, s| all.with(s));
    if block.len() > 2 * FEW { set.iter().take(FEW).collect() } else { block.with(&set.iter().take(FEW).collect()) }
}

/// What changes in one atom: by how much the base, and which options by how much.
type Change = (i32, Vec<(usize, i32)>);

/// How far the worlds found lie apart in a number, up to `enough`.
fn shown_by_worlds(facts: &Facts<'_>, truth: &Truth, set: &Atoms, what: What, enough: i32) -> i32 {
    // Where a change by itself fits, as it mostly does, nobody need be found to make up for it.
    [false, true].into_iter().fold(0, |found, partners| {
        if found >= enough {
            return found;
        }
        let mut apart = 0;
        for up in [true, false] {
            let mut world = World::new(facts, truth, set, partners);
            let changes = changes(facts.choice, what, up, facts.options);
            while apart < enough && world.step(&changes) {
                apart += 1;
            }
        }
        found.max(apart)
    })
}

/// What in one atom makes a number greater by one, or smaller.
fn changes(choice: Choice, what: What, up: bool, options: usize) -> Vec<Change> {
    let (option, _, of_count) = what.parts();
    let one = if up { 1 } else { -1 };
    let count = one * of_count;
    let others = || (0..options).filter(move |o| *o != option);
    let mut all: Vec<Change> = Vec::new();
    if choice == Choice::Many {
        all.push((0, vec![(option, count)]));
    }
    all.extend(others().map(|o| (0, vec![(option, count), (o, -count)])));
    match what {
        What::Chose(_) => all.push((one, vec![(option, one)])),
        What::ChoseNot(_) => all.extend(others().map(|o| (one, vec![(o, one)]))),
    }
    all
}

/// A world that all facts hold in.
struct World<'a, 'b> {
    facts: &'b Facts<'a>,
    truth: &'b Truth,
    /// Atoms whose answers are others than the true ones.
    changed: BTreeMap<usize, Answers>,
    /// The groups that a change can touch, with their sums.
    groups: Vec<Group<'a, 'b>>,
    /// Atoms of the set.
    tried: Vec<usize>,
    /// Atoms outside the set that may make up for a change, nearest first.
    partners: Vec<usize>,
}

struct Group<'a, 'b> {
    set: &'a Atoms,
    told: &'b Told,
    ends: (i32, i32),
    sums: Answers,
}

/// How many atoms of a large set are tried, and how many partners: enough, and a bound on the time.
const TRIED: usize = 24;

impl<'a, 'b> World<'a, 'b> {
    fn new(facts: &'b Facts<'a>, truth: &'b Truth, set: &Atoms, with_partners: bool) -> Self {
        let tried: Vec<usize> = set.iter().filter(|a| facts.is_asked(*a)).take(TRIED).collect();
        let mut touched: Atoms = tried.iter().copied().collect();
        let mut partners: Vec<(usize, usize)> = Vec::new();
        if with_partners {
            let near: Vec<&Atoms> = facts.sets.iter().filter(|s| s.meets(&touched)).collect();
            for atom in (0..truth.atoms.len()).filter(|a| !set.has(*a) && facts.is_asked(*a)) {
                partners.push((near.iter().filter(|s| s.has(atom)).count(), atom));
            }
            partners.sort_by_key(|(shared, atom)| (std::cmp::Reverse(*shared), *atom));
            partners.truncate(TRIED);
            touched = touched.with(&partners.iter().map(|(_, atom)| *atom).collect());
        }
        let groups = facts.groups().zip(&truth.groups).filter(|((s, ..), _)| s.meets(&touched));
        let groups = groups.map(|((set, told, ends), sums)| Group { set, told, ends, sums: sums.clone() }).collect();
        let partners = partners.into_iter().map(|(_, atom)| atom).collect();
        Self { facts, truth, changed: BTreeMap::new(), groups, tried, partners }
    }

    /// One step further, if there is one.
    fn step(&mut self, changes: &[Change]) -> bool {
        let (tried, partners) = (self.tried.clone(), self.partners.clone());
        let alone = tried.iter().any(|atom| changes.iter().any(|change| self.take(&[(*atom, 1, change)])));
        alone
            || tried.iter().any(|atom| {
                changes
                    .iter()
                    .any(|change| partners.iter().any(|other| self.take(&[(*atom, 1, change), (*other, -1, change)])))
            })
    }

    /// Makes a change if every fact holds after it.
    fn take(&mut self, moves: &[(usize, i32, &Change)]) -> bool {
        for (atom, times, change) in moves {
            self.apply(*atom, *times, change);
        }
        let holds = moves.iter().all(|(atom, ..)| self.atom_holds(*atom))
            && self.groups.iter().filter(|g| moves.iter().any(|(a, ..)| g.set.has(*a))).all(|g| g.told.holds(g.ends, &g.sums));
        if !holds {
            for (atom, times, change) in moves {
                self.apply(*atom, -*times, change);
            }
        }
        holds
    }

    fn apply(&mut self, atom: usize, times: i32, change: &Change) {
        let truth = self.truth;
        let own = self.changed.entry(atom).or_insert_with(|| truth.atoms.get(atom).cloned().unwrap_or_default());
        add(own, times, change);
        for group in self.groups.iter_mut().filter(|g| g.set.has(atom)) {
            add(&mut group.sums, times, change);
        }
    }

    fn atom_holds(&self, atom: usize) -> bool {
        let Some((base, counts)) = self.changed.get(&atom) else { return true };
        let all: i32 = counts.iter().sum();
        (0..=self.facts.roll(atom)).contains(base)
            && counts.iter().all(|c| (0..=*base).contains(c))
            && match self.facts.choice {
                Choice::One => all == *base,
                Choice::Many => all >= *base,
            }
    }
}

fn add((base, counts): &mut Answers, times: i32, (of_base, of_counts): &Change) {
    *base += times * of_base;
    for (option, by) in of_counts {
        if let Some(count) = counts.get_mut(*option) {
            *count += times * by;
        }
    }
}
