//! What a reader knows of one question, and what is true.

use super::SMALL;
use crate::disclosure::model::{Band, Figure, PublishedFigure};
use crate::disclosure::release::{Choice, Question, Release, Tally};
use crate::disclosure::sets::Atoms;

/// What a figure tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::disclosure) enum Told {
    /// That there are no answers.
    Nobody,
    /// That fewer answered.
    Below(i32),
    /// That so many answered, or more.
    AtLeast(i32),
    /// The base's range and each option's band.
    Shown { least: i32, most: i32, bands: Vec<Band> },
}

impl Told {
    /// What a published figure tells, by the rule that it was made by.
    pub(in crate::disclosure) fn by(figure: &PublishedFigure, min_base: i32) -> Self {
        match figure.view() {
            Figure::Shown { base, shares } => {
                let least = i32::try_from(base).unwrap_or(i32::MAX - 4);
                Self::Shown { least, most: least + 4, bands: shares.iter().map(|s| s.band).collect() }
            }
            Figure::Withheld { symbol: "x", .. } | Figure::NotAsked { .. } => Self::Nobody,
            Figure::Withheld { reason: "differencing", .. } => Self::AtLeast(min_base),
            Figure::Withheld { .. } => Self::Below(min_base),
        }
    }

    /// Whether it is true of such answers.
    pub(super) fn holds(&self, (least, most): (i32, i32), (base, counts): &Answers) -> bool {
        let bands = if let Self::Shown { bands, .. } = self { bands.as_slice() } else { &[] };
        let has = |(band, count): (&Band, &i32)| {
            u32::try_from(*count).is_ok_and(|c| u32::try_from(*base).is_ok_and(|b| band.has(c, b)))
        };
        (least..=most).contains(base) && bands.iter().zip(counts).all(has)
    }

    /// The base's range.
    pub(super) fn base(&self) -> (i32, i32) {
        match self {
            Self::Nobody => (0, 0),
            Self::Below(min_base) => (0, min_base - 1),
            Self::AtLeast(min_base) => (*min_base, i32::MAX),
            Self::Shown { least, most, .. } => (*least, *most),
        }
    }
}

/// All that is public of one question.
#[derive(Debug, Clone)]
pub(in crate::disclosure) struct Facts<'a> {
    /// The group's atoms.
    pub(in crate::disclosure) sets: &'a [Atoms],
    /// Its roll, where public.
    pub(super) group_rolls: Vec<Option<i32>>,
    /// What its figure tells.
    pub(in crate::disclosure) told: Vec<Told>,
    /// Whether an atom has answers at all; readers know.
    pub(super) asked: Vec<bool>,
    /// Each atom's roll, where public.
    pub(super) rolls: Vec<Option<i32>>,
    /// How many of each are known to have answered, at least.
    leasts: Vec<i32>,
    pub(super) choice: Choice,
    pub(super) options: usize,
}

fn whole(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

impl<'a> Facts<'a> {
    pub(in crate::disclosure) fn of(release: &'a Release, question: &Question, told: Vec<Told>) -> Self {
        Self {
            sets: &release.sets,
            group_rolls: release.groups.iter().map(|g| g.roll.map(whole)).collect(),
            told,
            asked: question.tallies.iter().map(|t| matches!(t, Tally::Counted { .. })).collect(),
            rolls: release.atoms.iter().map(|a| a.roll.map(whole)).collect(),
            leasts: release.atoms.iter().map(|a| whole(a.least)).collect(),
            choice: question.choice,
            options: question.options.len(),
        }
    }

    pub(super) fn is_asked(&self, atom: usize) -> bool {
        self.asked.get(atom).copied().unwrap_or_default()
    }

    /// The most that may have answered in an atom.
    pub(super) fn roll(&self, atom: usize) -> i32 {
        if self.is_asked(atom) { self.rolls.get(atom).copied().flatten().unwrap_or(i32::MAX) } else { 0 }
    }

    /// The least that have answered in an atom.
    pub(super) fn least(&self, atom: usize) -> i32 {
        if self.is_asked(atom) { self.leasts.get(atom).copied().unwrap_or_default() } else { 0 }
    }

    /// Whether an atom may have such answers, by itself.
    pub(super) fn allows(&self, atom: usize, (base, counts): &Answers) -> bool {
        let all: i32 = counts.iter().sum();
        (self.least(atom)..=self.roll(atom)).contains(base)
            && counts.iter().all(|c| (0..=*base).contains(c))
            && match self.choice {
                Choice::One => all == *base,
                Choice::Many => all >= *base,
            }
    }

    /// Each group with what it tells and the range of its base, the roll heeded.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&'a Atoms, &Told, (i32, i32))> {
        self.sets.iter().zip(&self.told).zip(&self.group_rolls).map(|((set, told), roll)| {
            let (least, most) = told.base();
            (set, told, (least, roll.map_or(most, |r| r.min(most))))
        })
    }

    /// The first group whose figure isn't true, or has none.
    pub(in crate::disclosure) fn untrue(&self, truth: &Truth) -> Option<usize> {
        let missing = (self.told.len() != self.sets.len()).then_some(self.told.len());
        let untrue = self.groups().zip(&truth.groups).position(|((_, told, ends), sums)| !told.holds(ends, sums));
        untrue.or(missing)
    }

    /// How many a set can have at most by the rolls alone: nothing published can be blamed for a narrower range.
    pub(super) fn most(&self, set: &Atoms) -> i32 {
        let own = set.iter().fold(0_i32, |sum, a| sum.saturating_add(self.roll(a)));
        let around = self.sets.iter().zip(&self.group_rolls).filter(|(s, _)| set.is_within(s)).filter_map(|(_, r)| *r);
        around.fold(own, i32::min)
    }
}

/// What somebody wants to know of a set of atoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::disclosure) enum What {
    /// How many chose an option.
    Chose(usize),
    /// How many answered and didn't choose it.
    ChoseNot(usize),
}

impl What {
    /// The option, and by how much the base and the option's count go into it.
    pub(super) fn parts(self) -> (usize, i32, i32) {
        match self {
            Self::Chose(option) => (option, 0, 1),
            Self::ChoseNot(option) => (option, 1, -1),
        }
    }
}

/// What changes in one atom: by how much the base, and which options by how much.
pub(super) type Change = (i32, Vec<(usize, i32)>);

impl What {
    /// What in one atom makes the number greater by one, or smaller.
    pub(super) fn changes(self, up: bool, facts: &Facts<'_>) -> Vec<Change> {
        let (option, _, of_count) = self.parts();
        let one = if up { 1 } else { -1 };
        let count = one * of_count;
        let others = || (0..facts.options).filter(move |o| *o != option);
        let mut all: Vec<Change> = Vec::new();
        if facts.choice == Choice::Many {
            all.push((0, vec![(option, count)]));
        }
        all.extend(others().map(|o| (0, vec![(option, count), (o, -count)])));
        match self {
            Self::Chose(_) => all.push((one, vec![(option, one)])),
            Self::ChoseNot(_) => all.extend(others().map(|o| (one, vec![(o, one)]))),
        }
        all
    }
}

/// Makes a change some times, or backwards.
pub(super) fn add((base, counts): &mut Answers, times: i32, (of_base, of_counts): &Change) {
    *base += times * of_base;
    for (option, by) in of_counts {
        if let Some(count) = counts.get_mut(*option) {
            *count += times * by;
        }
    }
}

/// A base, and how many chose each option.
pub(super) type Answers = (i32, Vec<i32>);

/// The answers as they are.
#[derive(Debug, Clone)]
pub(in crate::disclosure) struct Truth {
    /// Each atom's.
    pub(super) atoms: Vec<Answers>,
    /// Each group's.
    pub(super) groups: Vec<Answers>,
}

impl Truth {
    pub(in crate::disclosure) fn of(release: &Release, question: &Question) -> Self {
        let options = || 0..question.options.len();
        let of_atom = |t: &Tally| (whole(t.base()), options().map(|o| whole(t.count(o))).collect());
        let of_group = |s: &Atoms| (whole(question.base(s)), options().map(|o| whole(question.count(s, o))).collect());
        Self {
            atoms: question.tallies.iter().map(of_atom).collect(),
            groups: release.sets.iter().map(of_group).collect(),
        }
    }

    pub(super) fn base(&self, atom: usize) -> i32 {
        self.atoms.get(atom).map_or(0, |(base, _)| *base)
    }

    pub(super) fn count(&self, atom: usize, option: usize) -> i32 {
        self.atoms.get(atom).and_then(|(_, c)| c.get(option)).copied().unwrap_or_default()
    }

    /// Whether a number is so small that it is nobody's to know.
    pub(in crate::disclosure) fn is_small(&self, set: &Atoms, what: What) -> bool {
        (0..=SMALL).contains(&self.value(set, what))
    }

    /// The true number that somebody wants to know.
    pub(in crate::disclosure) fn value(&self, set: &Atoms, what: What) -> i32 {
        let (option, of_base, of_count) = what.parts();
        set.iter().map(|a| of_base * self.base(a) + of_count * self.count(a, option)).sum()
    }
}
