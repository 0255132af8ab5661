//! Other worlds: from the true one, pupil by pupil, to ones where a number is another and all facts still hold.

use std::collections::BTreeMap;

use super::facts::{Answers, Change, Facts, Told, Truth, What, add};
use super::programme::{Around, range_around};
use super::swaps;
use super::{FEW, WIDTH};
use crate::disclosure::sets::Atoms;

/// Whether a reader stays in the dark about a number that is small: its interval is [`WIDTH`] wide, or as wide as the
/// rolls alone leave it. `true` is proved; `false` means that no proof was found.
pub(in crate::disclosure) fn is_hidden(facts: &Facts<'_>, truth: &Truth, set: &Atoms, what: What) -> bool {
    let need = WIDTH.min(facts.most(set));
    is_plainly_hidden(facts, truth, set, what)
        || swaps::are_enough(facts, truth, set, what, need)
        || range_around(facts, set, what, Some(&Around { truth, open: &block(facts, set), need }))
            .is_ok_and(|(least, most)| most - least >= need)
}

/// The same without a search: quick, and `false` somewhat more often.
pub(in crate::disclosure) fn is_plainly_hidden(facts: &Facts<'_>, truth: &Truth, set: &Atoms, what: What) -> bool {
    let need = WIDTH.min(facts.most(set));
    !truth.is_small(set, what) || shown_by_worlds(facts, truth, set, what, need) >= need
}

/// The atoms that share a table of few with the set: of its school.
fn block(facts: &Facts<'_>, set: &Atoms) -> Atoms {
    let some: Atoms = set.iter().take(FEW / 2).collect();
    facts.sets.iter().filter(|s| s.len() <= FEW && s.meets(&some)).fold(some.clone(), |all, s| all.with(s))
}

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
            let changes = what.changes(up, facts);
            while apart < enough && world.step(&changes) {
                apart += 1;
            }
        }
        found.max(apart)
    })
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
                changes.iter().any(|change| {
                    let back = self.made_up_for(change);
                    partners
                        .iter()
                        .any(|other| back.iter().any(|by| self.take(&[(*atom, 1, change), (*other, -1, by)])))
                })
            })
    }

    /// What may happen backwards elsewhere for a change: the same, or, if somebody answered more or less, whatever it was.
    fn made_up_for(&self, change: &Change) -> Vec<Change> {
        let (base, _) = change;
        let others = (0..self.facts.options).filter(|_| *base != 0).map(|option| (*base, vec![(option, *base)]));
        std::iter::once(change.clone()).chain(others).collect()
    }

    /// Makes a change if every fact holds after it.
    fn take(&mut self, moves: &[(usize, i32, &Change)]) -> bool {
        for (atom, times, change) in moves {
            self.apply(*atom, *times, change);
        }
        let holds = self.changed.iter().all(|(atom, own)| self.facts.allows(*atom, own))
            && self
                .groups
                .iter()
                .filter(|g| moves.iter().any(|(a, ..)| g.set.has(*a)))
                .all(|g| g.told.holds(g.ends, &g.sums));
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
}
