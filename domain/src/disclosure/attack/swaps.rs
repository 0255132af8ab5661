//! Worlds in which pupils of one kind are elsewhere: everywhere in the authority some atoms have a few more who answer in one
//! way, or in one way instead of another, and other atoms have fewer. One whole number for each atom, and an interval for each
//! table: small enough to be solved for all schools at once.

use super::facts::{Answers, Change, Facts, Truth, What, add};
use super::programme::Programme;
use crate::disclosure::sets::Atoms;

/// How far an atom or a table is followed: further than any interval must be wide.
const FAR: i32 = 8;

/// Whether such worlds lie far enough apart in a number.
pub(super) fn are_enough(facts: &Facts<'_>, truth: &Truth, set: &Atoms, what: What, need: i32) -> bool {
    what.changes(true, facts).iter().any(|change| apart(facts, truth, set, change).is_some_and(|by| by >= need))
}

fn apart(facts: &Facts<'_>, truth: &Truth, set: &Atoms, change: &Change) -> Option<i32> {
    let mut programme = Programme::of_whole_numbers();
    let mut more = Vec::with_capacity(truth.atoms.len());
    for (atom, answers) in truth.atoms.iter().enumerate() {
        let (least, most) = room(answers, change, |after| facts.allows(atom, after));
        more.push(programme.variable(least, most));
    }
    let sum = |of: &Atoms| -> Vec<(usize, i32)> { of.iter().filter_map(|a| more.get(a)).map(|v| (*v, 1)).collect() };
    for ((group, told, ends), sums) in facts.groups().zip(&truth.groups) {
        let (least, most) = room(sums, change, |after| told.holds(ends, after));
        if least > -FAR {
            programme.at_least(sum(group), least);
        }
        if most < FAR {
            programme.at_most(sum(group), most);
        }
    }
    programme.range(&sum(set)).ok().map(|(least, most)| most - least)
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
