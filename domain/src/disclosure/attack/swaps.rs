//! Worlds in which pupils of one kind are elsewhere: everywhere in the authority some atoms have a few more who answer in one
//! way, or in one way instead of another, and other atoms have fewer. One whole number for each atom, and an interval for each
//! table: small enough to be solved for all schools at once.

use std::collections::BTreeMap;

use super::facts::{Answers, Change, Facts, Truth, What, add};
use super::programme::Programme;
use crate::disclosure::sets::Atoms;

/// How far an atom or a table is followed: further than any interval must be wide.
const FAR: i32 = 8;

/// Whether such worlds lie far enough apart in a number. First those in which only the atoms around the set differ, which
/// are most often enough and quickly looked through.
pub(super) fn are_enough(facts: &Facts<'_>, truth: &Truth, set: &Atoms, what: What, need: i32) -> bool {
    const AROUND: usize = 64;
    let some: Atoms = set.iter().take(AROUND).collect();
    let near =
        facts.sets.iter().filter(|s| s.len() <= AROUND && s.meets(&some)).fold(some.clone(), |all, s| all.with(s));
    let all: Atoms = (0..truth.atoms.len()).collect();
    let changes = what.changes(true, facts);
    [near, all].iter().any(|open| changes.iter().any(|change| lie_apart(facts, truth, set, change, open, need)))
}

fn lie_apart(facts: &Facts<'_>, truth: &Truth, set: &Atoms, change: &Change, open: &Atoms, need: i32) -> bool {
    let mut programme = Programme::of_whole_numbers();
    let mut more = BTreeMap::new();
    for atom in open.iter() {
        let Some(answers) = truth.atoms.get(atom) else { continue };
        let (least, most) = room(answers, change, |after| facts.allows(atom, after));
        if least < most {
            more.insert(atom, programme.variable(least, most));
        }
    }
    let sum = |of: &Atoms| -> Vec<(usize, i32)> { of.iter().filter_map(|a| more.get(&a)).map(|v| (*v, 1)).collect() };
    let sought = sum(set);
    if sought.is_empty() {
        return false;
    }
    for ((group, told, ends), sums) in facts.groups().zip(&truth.groups) {
        let terms = sum(group);
        if terms.is_empty() {
            continue;
        }
        let (least, most) = room(sums, change, |after| told.holds(ends, after));
        if let [(only, _)] = terms.as_slice() {
            programme.narrow(*only, least, most);
            continue;
        }
        if least > -FAR {
            programme.at_least(terms.clone(), least);
        }
        if most < FAR {
            programme.at_most(terms, most);
        }
    }
    programme.reaches(&sought, need)
}

/// How many times a change can be made, forwards and backwards. What holds at both ends holds between them: every fact is
/// an inequality.
fn room(from: &Answers, change: &Change, holds: impl Fn(&Answers) -> bool) -> (i32, i32) {
    let reach = |direction: i32| {
        let mut answers = from.clone();
        let steps = (0..FAR).take_while(|_| {
            add(&mut answers, direction, change);
            holds(&answers)
        });
        direction * i32::try_from(steps.count()).unwrap_or_default()
    };
    (reach(-1), reach(1))
}
