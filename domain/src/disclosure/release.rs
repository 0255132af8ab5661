//! What is to be published together: tables of questions over groups of pupils, and all that a reader knows besides.

use super::sets::Atoms;

/// The finest cell that any table of the release is made of, such as a year group of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atom {
    /// Names it in a refusal.
    pub code: String,
    /// How many pupils are in it, when that is public. If it is told how many took part, that many.
    pub roll: Option<u32>,
    /// How many are known to have answered, at least; nought where nothing is.
    pub least: u32,
    /// Whose it is, such as the school's; none where everything is one's.
    pub owner: Option<usize>,
}

/// Atoms that a reader gets a table of: a school, a year group of the authority, the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Names it in a refusal.
    pub code: String,
    /// Groups of one kind have no pupil in common: `school`, `school_year`.
    pub kind: String,
    /// Places of its atoms in the release.
    pub atoms: Vec<usize>,
    /// How many pupils are in it, when that is public though not all its atoms' is.
    pub roll: Option<u32>,
}

/// How many options one may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Exactly one.
    One,
    /// One or more.
    Many,
}

/// What one atom said to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tally {
    /// The question is not for these pupils.
    NotAsked,
    /// Nothing came from them, and readers know.
    Unavailable,
    /// Answers.
    Counted {
        /// Those who answered.
        base: u32,
        /// Those who chose each option, in order.
        counts: Vec<u32>,
    },
}

/// A question with the answers of every atom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Names it in a refusal.
    pub code: String,
    /// The options' codes, in order.
    pub options: Vec<String>,
    /// How many options one may choose.
    pub choice: Choice,
    /// One for each atom of the release.
    pub tallies: Vec<Tally>,
}

/// Why something is no release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A group names an atom there is not, or none.
    #[error("group {0} is not made of the release's atoms")]
    Group(String),
    /// Two groups of one kind have pupils in common.
    #[error("groups {0} and {1} are of one kind and overlap")]
    Overlap(String, String),
    /// Answers that can't have been given: more than pupils, or options that don't add up.
    #[error("question {question} has impossible counts of {atom}")]
    Counts {
        /// The question.
        question: String,
        /// The atom, or the group whose roll is too small.
        atom: String,
    },
}

/// A release as it is before anything is decided. It holds raw counts; nothing of it is published.
#[derive(Debug, Clone)]
pub struct Release {
    pub(super) atoms: Vec<Atom>,
    pub(super) groups: Vec<Group>,
    pub(super) questions: Vec<Question>,
    /// Each group's atoms.
    pub(super) sets: Vec<Atoms>,
}

/// The most pupils in an atom, far above any school.
const MOST: u32 = 1_000_000;

impl Release {
    /// Takes a release when it can be one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(atoms: Vec<Atom>, groups: Vec<Group>, questions: Vec<Question>) -> Result<Self, Malformed> {
        let mut sets: Vec<Atoms> = Vec::with_capacity(groups.len());
        for group in &groups {
            let set: Atoms = group.atoms.iter().copied().collect();
            if set.is_empty() || group.atoms.iter().any(|a| *a >= atoms.len()) {
                return Err(Malformed::Group(group.code.clone()));
            }
            let other = groups.iter().zip(&sets).find(|(g, s)| g.kind == group.kind && s.meets(&set));
            if let Some((other, _)) = other {
                return Err(Malformed::Overlap(other.code.clone(), group.code.clone()));
            }
            sets.push(set);
        }
        for question in &questions {
            let fault = |atom: &str| Malformed::Counts { question: question.code.clone(), atom: atom.to_owned() };
            if question.tallies.len() != atoms.len() {
                return Err(fault("the release"));
            }
            if let Some((atom, _)) = atoms.iter().zip(&question.tallies).find(|(a, t)| !is_possible(question, a, t)) {
                return Err(fault(&atom.code));
            }
            for (group, set) in groups.iter().zip(&sets) {
                let answered: u32 = set.iter().filter_map(|a| question.tallies.get(a)).map(Tally::base).sum();
                if group.roll.is_some_and(|roll| answered > roll) {
                    return Err(fault(&group.code));
                }
            }
        }
        Ok(Self { atoms, groups, questions, sets })
    }

    /// The atoms, in the order of every question's tallies.
    #[must_use]
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// The groups, in the order of their figures.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The questions, in the order of their figures.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }
}

fn is_possible(question: &Question, atom: &Atom, tally: &Tally) -> bool {
    let Tally::Counted { base, counts } = tally else { return true };
    let all: u64 = counts.iter().map(|c| u64::from(*c)).sum();
    counts.len() == question.options.len()
        && (atom.least..=atom.roll.unwrap_or(MOST).min(MOST)).contains(base)
        && counts.iter().all(|c| c <= base)
        && match question.choice {
            Choice::One => all == u64::from(*base),
            Choice::Many => all >= u64::from(*base),
        }
}

impl Tally {
    pub(super) fn base(&self) -> u32 {
        match self {
            Self::Counted { base, .. } => *base,
            Self::NotAsked | Self::Unavailable => 0,
        }
    }

    pub(super) fn count(&self, option: usize) -> u32 {
        match self {
            Self::Counted { counts, .. } => counts.get(option).copied().unwrap_or_default(),
            Self::NotAsked | Self::Unavailable => 0,
        }
    }
}

impl Question {
    /// Those of a set who answered.
    pub(super) fn base(&self, of: &Atoms) -> u32 {
        of.iter().filter_map(|a| self.tallies.get(a)).map(Tally::base).sum()
    }

    /// Those of a set who chose an option.
    pub(super) fn count(&self, of: &Atoms, option: usize) -> u32 {
        of.iter().filter_map(|a| self.tallies.get(a)).map(|t| t.count(option)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(base: u32, counts: &[u32], roll: Option<u32>, choice: Choice) -> Result<Release, Malformed> {
        let options = (0..counts.len()).map(|i| format!("o{i}")).collect();
        let tallies = vec![Tally::Counted { base, counts: counts.to_vec() }];
        let group = Group { code: "g".into(), kind: "school".into(), atoms: vec![0], roll: None };
        Release::new(
            vec![Atom { code: "a".into(), roll, least: 0, owner: None }],
            vec![group],
            vec![Question { code: "q".into(), options, choice, tallies }],
        )
    }

    #[test]
    fn impossible_answers_are_no_release() {
        assert!(one(5, &[2, 3], Some(5), Choice::One).is_ok());
        assert!(one(5, &[5, 3], Some(5), Choice::Many).is_ok());
        for (base, counts, roll, choice) in [
            (5, [2, 2], Some(5), Choice::One),
            (5, [2, 3], Some(4), Choice::One),
            (5, [6, 0], Some(9), Choice::Many),
            (5, [2, 2], Some(5), Choice::Many),
        ] {
            let refused = one(base, &counts, roll, choice).unwrap_err();
            assert_eq!(refused, Malformed::Counts { question: "q".into(), atom: "a".into() });
        }
    }

    #[test]
    fn groups_are_made_of_atoms_and_one_kind_does_not_overlap() {
        let atoms = || {
            vec![
                Atom { code: "a".into(), roll: None, least: 0, owner: None },
                Atom { code: "b".into(), roll: None, least: 0, owner: None },
            ]
        };
        let group = |code: &str, kind: &str, atoms: &[usize]| Group {
            code: code.into(),
            kind: kind.into(),
            atoms: atoms.to_vec(),
            roll: None,
        };
        let of = |groups: Vec<Group>| Release::new(atoms(), groups, vec![]).map(|_| ());
        assert_eq!(of(vec![group("x", "k", &[0, 2])]), Err(Malformed::Group("x".into())));
        assert_eq!(of(vec![group("x", "k", &[])]), Err(Malformed::Group("x".into())));
        assert_eq!(
            of(vec![group("x", "k", &[0, 1]), group("y", "k", &[1])]),
            Err(Malformed::Overlap("x".into(), "y".into()))
        );
        assert_eq!(of(vec![group("x", "k", &[0, 1]), group("y", "l", &[1])]), Ok(()));
    }
}
