//! A release's figures: what is shown, and how finely, so that all its tables together give nobody away.

use std::collections::BTreeMap;

use super::attack::{Facts, Told, Truth, What, is_hidden, is_plainly_hidden};
use super::bands::Step;
use super::differences::{Table, is_too_few, isolating};
use super::model::{Breach, Figure, Figures, Finding, PublishedFigure, Threshold};
use super::release::{Atom, Group, Malformed, Question, Release, Tally};
use super::rules::{Form, form};
use super::sets::Atoms;

/// The least base there can be, whatever is set: the widths of the bands begin there (`facts/reliability.md` M5).
const LEAST: u64 = 30;

/// Decides every figure of a release. The same release comes out the same.
///
/// # Errors
/// A cell that nothing near can be withheld for any more. None is known.
pub fn disclose(release: &Release, threshold: Threshold) -> Result<Figures, Breach> {
    let decided = each(&release.questions, |question, _| Engine::new(release, question, threshold).run());
    decided.into_iter().collect()
}

/// Decides the figures of one group that is told of by itself, such as a school: one for each question, each question with
/// one tally. A question of which nothing can be withheld for a cell any more is withheld itself.
///
/// # Errors
/// When the tallies are no counts of one group.
pub fn disclose_group(
    code: &str,
    questions: Vec<Question>,
    threshold: Threshold,
) -> Result<Vec<PublishedFigure>, Malformed> {
    let group = Group { code: code.to_owned(), kind: code.to_owned(), atoms: vec![0], roll: None };
    let release =
        Release::new(vec![Atom { code: code.to_owned(), roll: None, least: 0, owner: None }], vec![group], questions)?;
    let figure = |question: &Question| {
        let engine = Engine::new(&release, question, threshold);
        engine.run().ok().and_then(|groups| groups.into_iter().next()).unwrap_or_else(|| engine.closed(0))
    };
    Ok(release.questions.iter().map(figure).collect())
}

/// Refuses figures that tell too much, whoever decided them. To be asked before anything is published.
///
/// # Errors
/// The first cell that a reader would learn of.
pub fn audit(release: &Release, figures: &[Vec<PublishedFigure>], threshold: Threshold) -> Result<(), Breach> {
    let looked = each(&release.questions, |question, at| {
        let of_question = figures.get(at).map(Vec::as_slice).unwrap_or_default();
        Engine::new(release, question, threshold).audit(of_question)
    });
    looked.into_iter().collect()
}

/// A question's tables, of which some are out.
#[derive(Debug)]
pub struct Beside {
    /// All tables, those that are out among them; one question.
    pub release: Release,
    /// Of each group the figure that is out, if one is: it stays as it is, and the others give way.
    pub known: Vec<Option<PublishedFigure>>,
    /// Atoms of which somebody may want to know something together, though no table is of them.
    pub sought: Vec<Vec<usize>>,
}

/// Decides the figures that are not out yet, each question by itself: whoever holds all of them learns no more than what one
/// release may tell. What comes of it is audited. Nothing of a question where that can't be had.
///
/// One `threshold` is that of all of them.
#[must_use]
pub fn disclose_beside(all: &[Option<Beside>], threshold: Threshold) -> Vec<Option<Vec<PublishedFigure>>> {
    each(all, |beside, _| {
        let Beside { release, known, sought } = beside.as_ref()?;
        let engine = Engine { known, sought, ..Engine::new(release, release.questions.first()?, threshold) };
        let figures = engine.run().ok()?;
        engine.audit(&figures).is_ok().then_some(figures)
    })
}

/// Looks at each on as many cores as there are. They come in their order, whoever was quickest.
fn each<I: Sync, T: Send>(all: &[I], look: impl Fn(&I, usize) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut looked: Vec<(usize, T)> = std::thread::scope(|scope| {
        let look = &look;
        let share = |core: usize| {
            let mine = all.iter().enumerate().skip(core).step_by(cores);
            scope.spawn(move || mine.map(|(at, one)| (at, look(one, at))).collect::<Vec<_>>())
        };
        let running: Vec<_> = (0..cores.min(all.len())).map(share).collect();
        let ended = running.into_iter().map(|thread| thread.join().unwrap_or_else(|p| std::panic::resume_unwind(p)));
        ended.flatten().collect()
    });
    looked.sort_by_key(|(at, _)| *at);
    looked.into_iter().map(|(_, found)| found).collect()
}

struct Engine<'a> {
    release: &'a Release,
    question: &'a Question,
    truth: Truth,
    threshold: Threshold,
    min_base: u32,
    /// Each group's true base.
    bases: Vec<u32>,
    /// Figures of groups that are out already; none of a release that is the first.
    known: &'a [Option<PublishedFigure>],
    sought: &'a [Vec<usize>],
}

/// A set somebody may want to know something of, by name.
type Targets = BTreeMap<Atoms, String>;

impl<'a> Engine<'a> {
    fn new(release: &'a Release, question: &'a Question, threshold: Threshold) -> Self {
        Self {
            release,
            question,
            truth: Truth::of(release, question),
            threshold,
            min_base: u32::try_from(threshold.min_base.max(LEAST)).unwrap_or(u32::MAX / 2),
            bases: release.sets.iter().map(|s| question.base(s)).collect(),
            known: &[],
            sought: &[],
        }
    }

    fn known(&self, group: usize) -> Option<&PublishedFigure> {
        self.known.get(group).and_then(Option::as_ref)
    }

    fn run(&self) -> Result<Vec<PublishedFigure>, Breach> {
        let mut forms: Vec<Form> = (0..self.bases.len()).map(|group| self.primary(group)).collect();
        while let Some((name, group)) = self.isolated(&self.shown(&forms)) {
            if self.known(group).is_some() {
                return Err(self.breach(name, None, Finding::Isolates));
            }
            set(&mut forms, group, Form::Differencing);
        }
        loop {
            let mut facts = self.facts(forms.iter().enumerate().map(|(g, f)| self.told(g, *f)).collect());
            let before = forms.clone();
            for (target, name) in self.targets(&self.shown(&forms)) {
                for (what, option) in self.numbers(&target) {
                    while !is_hidden(&facts, &self.truth, &target, what) {
                        let Some((group, form)) = self.remedy(&mut facts, &forms, &target, what) else {
                            return Err(self.breach(name, Some(option), Finding::Narrow));
                        };
                        set(&mut forms, group, form);
                        if let Some(told) = facts.told.get_mut(group) {
                            *told = self.told(group, form);
                        }
                    }
                }
            }
            if forms == before {
                return Ok(forms.iter().enumerate().map(|(group, form)| self.figure(group, *form)).collect());
            }
        }
    }

    fn audit(&self, figures: &[PublishedFigure]) -> Result<(), Breach> {
        let min_base = i32::try_from(self.min_base).unwrap_or(i32::MAX);
        let facts = self.facts(figures.iter().map(|f| Told::by(f, min_base)).collect());
        if let Some(group) = facts.untrue(&self.truth) {
            return Err(self.breach(self.name(group), None, Finding::Untrue));
        }
        let shown: Vec<bool> = facts.told.iter().map(|t| matches!(t, Told::Shown { .. })).collect();
        if let Some((name, _)) = self.isolated(&shown) {
            return Err(self.breach(name, None, Finding::Isolates));
        }
        let mut new = shown.iter().enumerate().filter(|(group, _)| self.known(*group).is_none());
        let alone = new.find(|(group, shown)| **shown && !self.is_shared(*group));
        if let Some((group, _)) = alone {
            return Err(self.breach(self.name(group), None, Finding::Isolates));
        }
        for (target, name) in self.targets(&shown) {
            for (what, option) in self.numbers(&target) {
                if !is_hidden(&facts, &self.truth, &target, what) {
                    return Err(self.breach(name, Some(option), Finding::Narrow));
                }
            }
        }
        Ok(())
    }

    fn facts(&self, told: Vec<Told>) -> Facts<'a> {
        Facts::of(self.release, self.question, told)
    }

    fn name(&self, group: usize) -> String {
        self.release.groups.get(group).map(|g| g.code.clone()).unwrap_or_default()
    }

    fn breach(&self, group: String, option: Option<usize>, finding: Finding) -> Breach {
        let option = option.and_then(|o| self.question.options.get(o).cloned());
        Breach { question: self.question.code.clone(), group, option, finding }
    }

    fn base(&self, group: usize) -> u32 {
        self.bases.get(group).copied().unwrap_or_default()
    }

    /// What would be shown of a group that were published alone.
    fn primary(&self, group: usize) -> Form {
        let set = self.release.sets.get(group).into_iter().flat_map(Atoms::iter);
        let tallies: Vec<&Tally> = set.filter_map(|a| self.question.tallies.get(a)).collect();
        let base = self.base(group);
        if tallies.iter().all(|t| matches!(t, Tally::NotAsked)) {
            Form::NotAsked
        } else if tallies.iter().all(|t| !matches!(t, Tally::Counted { .. })) {
            Form::Unavailable
        } else if base < self.min_base {
            Form::Small
        } else if !self.is_shared(group) {
            Form::Differencing
        } else {
            Step::of(base - base % 5).map_or(Form::Small, Form::Shown)
        }
    }

    /// Whether what is told of a group is no other's under its name: it is one school's own, or of several. Not all that a
    /// group is made of is asked every question.
    fn is_shared(&self, group: usize) -> bool {
        let mut owners: BTreeMap<usize, u32> = BTreeMap::new();
        for at in self.release.sets.get(group).into_iter().flat_map(Atoms::iter) {
            let (Some(atom), Some(tally)) = (self.release.atoms.get(at), self.question.tallies.get(at)) else {
                continue;
            };
            let Some(owner) = atom.owner else { return true };
            let base = if let Tally::Counted { base, .. } = tally { *base } else { 0 };
            *owners.entry(owner).or_default() += base;
        }
        owners.len() < 2 || self.threshold.is_shared(owners.into_values())
    }

    /// A group's figure with nothing told but why.
    fn closed(&self, group: usize) -> PublishedFigure {
        let form = match self.primary(group) {
            Form::Shown(_) => Form::Differencing,
            why => why,
        };
        self.figure(group, form)
    }

    fn figure(&self, group: usize, of: Form) -> PublishedFigure {
        if let Some(known) = self.known(group) {
            return known.clone();
        }
        let set = self.release.sets.get(group).cloned().unwrap_or_default();
        let counts = (0..self.question.options.len()).map(|o| self.question.count(&set, o));
        form(self.question.options.iter().map(String::as_str), self.base(group), counts, of)
    }

    /// What the figure would tell: read from the figure, as a reader does.
    fn told(&self, group: usize, form: Form) -> Told {
        Told::by(&self.figure(group, form), i32::try_from(self.min_base).unwrap_or(i32::MAX))
    }

    /// Which groups are shown, in such forms.
    fn shown(&self, forms: &[Form]) -> Vec<bool> {
        let is_out = |known: &PublishedFigure| matches!(known.view(), Figure::Shown { .. });
        let own = |(group, form): (usize, &Form)| self.known(group).map_or(matches!(form, Form::Shown(_)), is_out);
        forms.iter().enumerate().map(own).collect()
    }

    /// The first set of too few that subtracting tables leaves, and the smallest table that it needs, of those not out yet if
    /// there is one.
    fn isolated(&self, shown: &[bool]) -> Option<(String, usize)> {
        let tables: Vec<Table<'_>> = self.tables(shown).collect();
        let smallest = |of: &[usize]| of.iter().copied().min_by_key(|g| (self.known(*g).is_some(), self.base(*g), *g));
        let names = |of: &[usize]| of.iter().map(|g| self.name(*g)).collect::<Vec<_>>().join(" and ");
        if let Some(found) = isolating(&tables) {
            let all: Vec<usize> = found.from.iter().chain(&found.less).copied().collect();
            return Some((format!("{} less {}", names(&found.from), names(&found.less)), smallest(&all)?));
        }
        self.rests(shown).into_iter().find_map(|(around, kind, parts, rest)| {
            let left = i64::from(self.question.base(&rest));
            let name = format!("{} less {kind}", self.name(around));
            is_too_few(left).then(|| smallest(&parts).map(|group| (name, group))).flatten()
        })
    }

    fn tables<'b>(&'b self, shown: &'b [bool]) -> impl Iterator<Item = Table<'b>> {
        let all = self.release.sets.iter().zip(&self.bases).enumerate().zip(shown);
        all.filter(|(_, shown)| **shown).map(|((at, (set, base)), _)| (at, set, i64::from(*base)))
    }

    /// What is left of each shown group when all shown ones of a kind are taken away: the group, the kind, those, the rest.
    fn rests(&self, shown: &[bool]) -> Vec<(usize, &'a str, Vec<usize>, Atoms)> {
        let mut rests = Vec::new();
        for (around, set, _) in self.tables(shown) {
            let mut kinds: BTreeMap<&str, (Vec<usize>, Atoms)> = BTreeMap::new();
            for (part, inside, _) in self.tables(shown).filter(|(at, s, _)| *at != around && s.is_within(set)) {
                let Some(group) = self.release.groups.get(part) else { continue };
                let (parts, rest) = kinds.entry(&group.kind).or_insert_with(|| (Vec::new(), set.clone()));
                parts.push(part);
                *rest = rest.less(inside);
            }
            rests.extend(kinds.into_iter().map(|(kind, (parts, rest))| (around, kind, parts, rest)));
        }
        rests
    }

    /// All sets that somebody may want to know something of: atoms, groups, a group less another, a group less all of a kind.
    fn targets(&self, shown: &[bool]) -> Targets {
        let mut targets = Targets::new();
        for (at, atom) in self.release.atoms.iter().enumerate() {
            targets.insert(std::iter::once(at).collect(), atom.code.clone());
        }
        for (group, set) in self.release.groups.iter().zip(&self.release.sets).rev() {
            targets.insert(set.clone(), group.code.clone());
        }
        for atoms in self.sought {
            let names = || atoms.iter().filter_map(|at| self.release.atoms.get(*at)).map(|a| a.code.as_str());
            targets.entry(atoms.iter().copied().collect()).or_insert_with(|| names().collect::<Vec<_>>().join(" and "));
        }
        for (around, set, _) in self.tables(shown) {
            for (part, inside, _) in self.tables(shown).filter(|(at, s, _)| *at != around && s.is_within(set)) {
                targets
                    .entry(set.less(inside))
                    .or_insert_with(|| format!("{} less {}", self.name(around), self.name(part)));
            }
        }
        for (around, kind, _, rest) in self.rests(shown) {
            targets.entry(rest).or_insert_with(|| format!("{} less {kind}", self.name(around)));
        }
        let answered =
            |s: &Atoms| s.iter().any(|a| matches!(self.question.tallies.get(a), Some(Tally::Counted { .. })));
        targets.retain(|set, _| answered(set));
        targets
    }

    /// The numbers of a set that may be small, with their options.
    fn numbers(&self, set: &Atoms) -> Vec<(What, usize)> {
        let all = (0..self.question.options.len()).flat_map(|o| [(What::Chose(o), o), (What::ChoseNot(o), o)]);
        all.filter(|(what, _)| self.truth.is_small(set, *what)).collect()
    }

    /// What to make coarser or withhold so that a number is hidden again: whatever loses least and is enough by itself, or
    /// else whatever loses least.
    fn remedy(&self, facts: &mut Facts<'a>, forms: &[Form], target: &Atoms, what: What) -> Option<(usize, Form)> {
        const TRIED: usize = 48;
        let sets = &self.release.sets;
        let around = sets.iter().filter(|s| s.meets(target)).min_by_key(|s| s.len());
        let near = around.into_iter().chain(sets.iter().filter(|s| s.meets(target) && s.len() <= super::attack::FEW));
        let near = near.fold(target.clone(), |all, s| all.with(s));
        let mut losses: Vec<(u32, usize, Form)> = Vec::new();
        for (group, (set, form)) in sets.iter().zip(forms).enumerate().filter(|(g, _)| self.known(*g).is_none()) {
            let Form::Shown(step) = form else { continue };
            if set.meets(target) || set.is_within(&near) {
                let base = self.base(group);
                losses.extend(step.coarser().map(|step| (base / 3, group, Form::Shown(step))));
                losses.push((base, group, Form::Differencing));
            }
        }
        losses.sort_by_key(|(loss, group, _)| (*loss, *group));
        for (_, group, form) in losses.iter().take(TRIED) {
            let told = self.told(*group, *form);
            let Some(place) = facts.told.get_mut(*group) else { continue };
            let before = std::mem::replace(place, told);
            let enough = is_plainly_hidden(facts, &self.truth, target, what);
            if let Some(place) = facts.told.get_mut(*group) {
                *place = before;
            }
            if enough {
                return Some((*group, *form));
            }
        }
        losses.first().map(|(_, group, form)| (*group, *form))
    }
}

fn set(forms: &mut [Form], group: usize, to: Form) {
    if let Some(form) = forms.get_mut(group) {
        *form = to;
    }
}
