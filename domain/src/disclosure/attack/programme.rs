//! Intervals by linear programming.

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::MOVED;
use super::facts::{Facts, Told, Truth, What};
use crate::disclosure::release::Choice;
use crate::disclosure::sets::Atoms;

/// A sum of variables, each so many times.
type Sum = Vec<(usize, i32)>;

/// No interval was found: the facts contradict each other, or the solver gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::disclosure) struct Unsolved;

/// Variables with their ends, and sums of them with theirs.
#[derive(Debug, Clone, Default)]
pub(in crate::disclosure) struct Programme {
    ends: Vec<(i32, i32)>,
    /// What each variable truly is.
    starts: Vec<i32>,
    rows: Vec<(Sum, ComparisonOp, i32)>,
    /// Whether variables are whole numbers: slower, and exact.
    whole: bool,
    /// Whether who answers otherwise is in two variables: of a base and of one option each.
    twice: bool,
}

/// How much of a search for whole numbers is worth it. A count of nodes, since a limit of time would make the same release
/// come out differently.
const NODES: u64 = 400;

/// Room for the solver's floating point, as it is for whole numbers far apart.
const ROOM: f64 = 1e-6;

impl Programme {
    pub(super) fn of_whole_numbers() -> Self {
        Self { whole: true, ..Self::default() }
    }

    pub(in crate::disclosure) fn variable(&mut self, least: i32, most: i32) -> usize {
        self.near(0, least, most)
    }

    /// A variable that truly is `start`.
    pub(super) fn near(&mut self, start: i32, least: i32, most: i32) -> usize {
        self.starts.push(start);
        self.ends.push((least, most));
        self.ends.len() - 1
    }

    pub(in crate::disclosure) fn equal(&mut self, sum: Sum, to: i32) {
        self.rows.push((sum, ComparisonOp::Eq, to));
    }

    pub(in crate::disclosure) fn at_least(&mut self, sum: Sum, least: i32) {
        self.rows.push((sum, ComparisonOp::Ge, least));
    }

    pub(in crate::disclosure) fn at_most(&mut self, sum: Sum, most: i32) {
        self.rows.push((sum, ComparisonOp::Le, most));
    }

    /// The least and the most a sum can be, inwards to whole numbers.
    pub(in crate::disclosure) fn range(&self, of: &[(usize, i32)]) -> Result<(i32, i32), Unsolved> {
        let least = self.best(of, OptimizationDirection::Minimize)?;
        let most = self.best(of, OptimizationDirection::Maximize)?;
        Ok((inwards((least - ROOM).ceil()), inwards((most + ROOM).floor())))
    }

    /// Sets narrower ends to a variable.
    pub(super) fn narrow(&mut self, variable: usize, least: i32, most: i32) {
        if let Some(ends) = self.ends.get_mut(variable) {
            *ends = (ends.0.max(least), ends.1.min(most));
        }
    }

    /// Whether a sum that can be nought has ends so far from each other.
    pub(super) fn reaches(&mut self, of: &[(usize, i32)], apart: i32) -> bool {
        // Further than needed is not looked: worlds nearby are as good, and move fewer pupils.
        self.at_most(of.to_vec(), apart);
        self.at_least(of.to_vec(), -apart);
        let end = |direction| self.best(of, direction).map_or(0, |value| inwards(value.round()));
        let most = end(OptimizationDirection::Maximize);
        most >= apart || most - end(OptimizationDirection::Minimize) >= apart
    }

    fn best(&self, of: &[(usize, i32)], direction: OptimizationDirection) -> Result<f64, Unsolved> {
        let mut problem = Problem::new(direction);
        let weight = |at: usize| of.iter().filter(|(v, _)| *v == at).map(|(_, by)| *by).sum::<i32>();
        let variables: Vec<Variable> = self
            .ends
            .iter()
            .enumerate()
            .map(|(at, (least, most))| {
                if self.whole {
                    problem.add_integer_var(f64::from(weight(at)), (*least, *most))
                } else {
                    let most = if *most == i32::MAX { f64::INFINITY } else { f64::from(*most) };
                    problem.add_var(f64::from(weight(at)), (f64::from(*least), most))
                }
            })
            .collect();
        for (sum, how, bound) in &self.rows {
            let terms = sum.iter().filter_map(|(v, by)| variables.get(*v).map(|v| (*v, f64::from(*by))));
            problem.add_constraint(terms.collect::<Vec<_>>(), *how, f64::from(*bound));
        }
        let mut options = SolveOptions::default();
        options.node_limit = self.whole.then_some(NODES);
        match problem.solve_with(options) {
            // Of a search that was cut off the best world found so far: a narrower interval, never a wider one.
            Ok(outcome) => outcome
                .solution()
                .filter(|solution| !self.whole || self.moved(solution, &variables) <= MOVED)
                .map(microlp::Solution::objective)
                .ok_or(Unsolved),
            Err(microlp::Error::Unbounded) => {
                let far = f64::from(i32::MAX / 2);
                Ok(if matches!(direction, OptimizationDirection::Maximize) { far } else { -far })
            }
            Err(_) => Err(Unsolved),
        }
    }
}

impl Programme {
    /// How many pupils' answers are not the true ones, or more.
    fn moved(&self, solution: &microlp::Solution, variables: &[Variable]) -> i32 {
        let by = |(variable, start): (&Variable, &i32)| (inwards(solution.var_value(*variable).round()) - start).abs();
        let all: i32 = variables.iter().zip(&self.starts).map(by).sum();
        // Where each chose one, who chose another is in two counts, and who came or went in a count and the base.
        if self.twice { all / 2 } else { all }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "counts of pupils, and far within")]
fn inwards(value: f64) -> i32 {
    value as i32
}

/// What a search for worlds near the true one leaves open: the answers of some atoms.
pub(super) struct Around<'a> {
    pub(super) truth: &'a Truth,
    pub(super) open: &'a Atoms,
    /// How far apart worlds are looked for in the number sought.
    pub(super) need: i32,
}

/// How far such worlds are from the true one in a single number.
const FAR: i32 = 6;

/// The interval a reader can work a number out to. With `around` a narrower one, in whole pupils and near the truth, so that
/// whatever is left open there is open.
pub(super) fn range_around(
    facts: &Facts<'_>,
    set: &Atoms,
    what: What,
    around: Option<&Around<'_>>,
) -> Result<(i32, i32), Unsolved> {
    let mut build = Build { facts, around, programme: Programme::default(), variables: Vec::new() };
    build.programme.whole = around.is_some();
    build.programme.twice = facts.choice == Choice::One;
    build.atoms();
    build.groups();
    let (option, of_base, of_count) = what.parts();
    let (mut sum, mut known, mut own) = (Sum::new(), 0, 0);
    for atom in set.iter() {
        match build.variables.get(atom).and_then(Option::as_ref) {
            Some((base, counts)) => {
                own += around.map_or(0, |a| of_base * a.truth.base(atom) + of_count * a.truth.count(atom, option));
                sum.extend((of_base != 0).then_some((*base, of_base)));
                sum.extend(counts.get(option).map(|c| (*c, of_count)));
            }
            None => {
                known += around.map_or(0, |a| of_base * a.truth.base(atom) + of_count * a.truth.count(atom, option));
            }
        }
    }
    if let Some(around) = around {
        build.programme.at_most(sum.clone(), own + around.need);
        build.programme.at_least(sum.clone(), own - around.need);
    }
    let (least, most) = build.programme.range(&sum)?;
    Ok((least.saturating_add(known), most.saturating_add(known)))
}

/// The interval a reader can work a number out to, over all atoms: the attacker at full strength. `is_hidden` is
/// proved against it.
#[cfg(test)]
pub(in crate::disclosure) fn range(facts: &Facts<'_>, set: &Atoms, what: What) -> Result<(i32, i32), Unsolved> {
    range_around(facts, set, what, None)
}

struct Build<'a, 'b> {
    facts: &'b Facts<'a>,
    around: Option<&'b Around<'b>>,
    programme: Programme,
    /// Each atom's base and counts, where they are open.
    variables: Vec<Option<(usize, Vec<usize>)>>,
}

impl Build<'_, '_> {
    /// What holds in every atom by itself.
    fn atoms(&mut self) {
        for atom in 0..self.facts.rolls.len() {
            let open = self.facts.is_asked(atom) && self.around.is_none_or(|a| a.open.has(atom));
            let own = open.then(|| {
                let p = &mut self.programme;
                let roll = self.facts.roll(atom);
                let mut near = |least: i32, of: &dyn Fn(&Truth) -> i32| match self.around {
                    None => p.variable(least, roll),
                    Some(Around { truth, .. }) => {
                        let start = of(truth);
                        p.near(start, (start - FAR).max(least), (start + FAR).min(roll))
                    }
                };
                let base = near(self.facts.least(atom), &|truth| truth.base(atom));
                let mut counts = Vec::with_capacity(self.facts.options);
                for option in 0..self.facts.options {
                    counts.push(near(0, &|truth| truth.count(atom, option)));
                }
                let all = |base: usize| counts.iter().map(|c| (*c, 1)).chain([(base, -1)]).collect::<Sum>();
                match self.facts.choice {
                    Choice::One => p.equal(all(base), 0),
                    Choice::Many => {
                        p.at_least(all(base), 0);
                        for count in &counts {
                            p.at_most(vec![(*count, 1), (base, -1)], 0);
                        }
                    }
                }
                (base, counts)
            });
            self.variables.push(own);
        }
    }

    /// What each table tells.
    fn groups(&mut self) {
        for (set, told, (least, most)) in self.facts.groups() {
            let open: Vec<&(usize, Vec<usize>)> =
                set.iter().filter_map(|a| self.variables.get(a).and_then(Option::as_ref)).collect();
            if open.is_empty() {
                continue;
            }
            let given = |of: &dyn Fn(&Truth, usize) -> i32| {
                let shut =
                    |a: &&Around<'_>| set.iter().filter(|atom| !a.open.has(*atom)).map(|atom| of(a.truth, atom)).sum();
                self.around.as_ref().map_or(0, shut)
            };
            let base: Sum = open.iter().map(|(base, _)| (*base, 1)).collect();
            let known = given(&Truth::base);
            if least > 0 {
                self.programme.at_least(base.clone(), least - known);
            }
            if most < i32::MAX {
                self.programme.at_most(base.clone(), most - known);
            }
            let Told::Shown { bands, .. } = told else { continue };
            for (option, band) in bands.iter().enumerate() {
                let count = given(&|truth, a| truth.count(a, option));
                let mut edge = |edge: u16, upper: bool| {
                    // `edge` thousandths of the base, in the smallest whole numbers.
                    let (edge, parts) = lowest(i32::from(edge), 1000);
                    let counts = open.iter().filter_map(|(_, c)| c.get(option)).map(|c| (*c, parts));
                    let sum = counts.chain(base.iter().map(|(b, _)| (*b, -edge))).collect();
                    let rest = edge * known - parts * count;
                    if upper {
                        self.programme.at_most(sum, rest - 1);
                    } else {
                        self.programme.at_least(sum, rest);
                    }
                };
                if band.from > 0 {
                    edge(band.from, false);
                }
                if band.to < 1000 {
                    edge(band.to, true);
                }
            }
        }
    }
}

/// A fraction in its lowest terms.
fn lowest(over: i32, under: i32) -> (i32, i32) {
    let (mut a, mut b) = (over, under);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { (over, under) } else { (over / a, under / a) }
}
