//! A correction is decided beside every release before it, as whoever holds them all sees them: not only what each tells by itself is
//! to be hidden, but what they leave of those who answered late, otherwise, or no more (`facts/reliability.md` SUR-4, M5). Pure.
//!
//! To a question a year group's answers are split by when they were there: those that stayed, those that went, those that came. An
//! earlier table is a sum of the pieces of its time, as a new one is of today's, so one engine decides over all of them: what is out
//! stays as it is, and what is new gives way. A table of which no answer changed keeps its figure.

use std::collections::{BTreeMap, BTreeSet};

use crate::disclosure::{Atom, Beside, Group, PublishedFigure, Question, Release, Tally, Threshold, disclose_beside};
use crate::instruments::{Kind, Slot};
use crate::kernel::YearGroup;
use crate::surveys::tallies::Counted;

use super::lives::{Lives, of_each};
use super::model::{Earlier, Gathered, Table};
use super::plan::{Plan, told};
use super::snapshot::{FEWEST, Place, Snapshot};

/// The figures of each question, in the order of the plan's groups; nothing of a question of which nothing new can be told.
pub(super) fn figures(gathered: &Gathered, plan: &Plan, threshold: Threshold) -> Vec<Option<Vec<PublishedFigure>>> {
    let decided = disclose_beside(&tables(gathered, plan), threshold).into_iter();
    decided.map(|figures| figures.map(|all| all.into_iter().take(plan.tables.len()).collect())).collect()
}

/// The tables of each question, those of today first; nothing of a question that is carried whatever they say.
pub(super) fn tables(gathered: &Gathered, plan: &Plan) -> Vec<Option<Beside>> {
    let (slots, layout) = (gathered.layout.slots(), &gathered.layout);
    let is_asked = |(_, year): Place, at: usize| {
        let band = YearGroup::new(year.into()).ok().and_then(|year| layout.band(year));
        let slot = slots.get(at).filter(|slot| slot.kind() != Kind::Text);
        band.zip(slot).is_some_and(|(band, slot)| slot.is_for(band))
    };
    let close = |before: &Earlier| before.snapshot.too_close_in(&gathered.snapshot, is_asked);
    let close: BTreeSet<usize> = gathered.before.iter().flat_map(close).collect();
    // Of a year group that sent all its answers and has none any more, no table is left to put beside the earlier ones.
    let is_whole = gathered.before.iter().all(|before| before.snapshot.places().is_subset(&gathered.snapshot.places()));
    let questions = plan.release.questions().iter().zip(slots).enumerate();
    let of = |(at, (question, slot))| {
        let open = is_whole && !close.contains(&at);
        open.then(|| Together::of(gathered, plan, (at, question, slot))?.laid_out()).flatten()
    };
    questions.map(of).collect()
}

/// A year group's answers, or a school from which none came, as far as they were there at the same times.
struct Piece {
    /// Its place in the plan.
    of: usize,
    lives: Lives,
    atom: Atom,
    tally: Tally,
}

/// One question in several releases.
struct Together<'a> {
    plan: &'a Plan,
    question: &'a Question,
    /// The releases that decided figures of it, and not those that carried them, oldest first.
    earlier: Vec<&'a Earlier>,
    pieces: Vec<Piece>,
}

impl<'a> Together<'a> {
    /// Nothing when an answer that is gone can't be told by its hash any more.
    fn of(gathered: &'a Gathered, plan: &'a Plan, (at, question, slot): (usize, &'a Question, &Slot)) -> Option<Self> {
        let decided = |before: &&Earlier| !before.released.header.carried.iter().any(|c| c.question == question.code);
        let earlier: Vec<&Earlier> = gathered.before.iter().filter(decided).collect();
        let mut all = Self { plan, question, earlier, pieces: Vec::new() };
        let whole = plan.release.atoms().iter().zip(&question.tallies).zip(&plan.places);
        for (of, ((atom, tally), place)) in whole.enumerate() {
            if let (Some(place), Tally::Counted { .. }) = (place, tally) {
                all.split(gathered, (of, atom, *place), (at, slot))?;
            } else {
                let lives = Lives { first: 0, last: all.earlier.len() };
                all.pieces.push(Piece { of, lives, atom: atom.clone(), tally: tally.clone() });
            }
        }
        Some(all)
    }

    fn split(
        &mut self,
        gathered: &Gathered,
        (of, atom, place): (usize, &Atom, Place),
        (at, slot): (usize, &Slot),
    ) -> Option<()> {
        let (now, at) = (self.earlier.len(), u16::try_from(at).ok()?);
        let snapshots = || self.earlier.iter().map(|e| &e.snapshot).chain([&gathered.snapshot]);
        let mut answers = of_each(&snapshots().map(|s| s.answers(place, at)).collect::<Vec<_>>());
        let rows = of_each(&snapshots().map(|s| s.rows(place)).collect::<Vec<_>>());
        let first = snapshots().position(|s| !s.rows(place).is_empty()).unwrap_or(now);
        // Those who stayed are a piece, be they nobody.
        answers.entry(Lives { first, last: now }).or_default();
        // Where only more came, a reader knows how many did, and that ten answered: fewer are carried.
        let grew = rows.keys().all(|lives| lives.last == now);
        let is_one = answers.len() == 1;
        let pupils = |s: &Snapshot| s.rows(place).iter().map(|(_, many)| many).sum();
        let fewest = snapshots().map(pupils).filter(|pupils| *pupils > 0).min();
        for (lives, hashes) in answers {
            let mut counted = Counted { base: 0, chosen: vec![0; slot.options().len()] };
            for (hash, many) in hashes {
                let mask = gathered.masks.get(&(at, hash))?;
                counted.base += many;
                for (_, chosen) in counted.chosen.iter_mut().enumerate().filter(|(option, _)| mask >> option & 1 == 1) {
                    *chosen += many;
                }
            }
            let came = || rows.get(&lives).map(|hashes| hashes.values().sum());
            let roll = if is_one { fewest } else { came().filter(|_| grew) };
            let least = if grew && lives.first > first { FEWEST.min(counted.base) } else { 0 };
            let code = if is_one { atom.code.clone() } else { format!("{} of {lives}", atom.code) };
            self.pieces.push(Piece {
                of,
                lives,
                atom: Atom { code, roll, least, owner: atom.owner },
                tally: told(slot, &counted),
            });
        }
        Some(())
    }

    /// The pieces of a group of the plan, as they were at a time.
    fn at(&self, time: usize, group: &Group) -> Vec<usize> {
        let there = |piece: &Piece| piece.lives.first <= time && time <= piece.lives.last;
        let own = self.pieces.iter().enumerate().filter(|(_, p)| there(p) && group.atoms.contains(&p.of));
        own.map(|(at, _)| at).collect()
    }

    /// Today's tables, and after them those of earlier releases that were of others' answers, or told otherwise. Nothing when an
    /// earlier table has no counterpart.
    fn laid_out(self) -> Option<Beside> {
        let now = self.earlier.len();
        let today = self.plan.release.groups();
        let mut groups: Vec<Group> = today.iter().map(|g| Group { atoms: self.at(now, g), ..g.clone() }).collect();
        let mut known: Vec<Option<PublishedFigure>> = vec![None; groups.len()];
        let by_code: BTreeMap<&str, usize> = today.iter().enumerate().map(|(at, g)| (g.code.as_str(), at)).collect();
        for (time, earlier) in self.earlier.iter().enumerate().rev() {
            for table in &earlier.released.tables {
                let at = *by_code.get(table.code.as_str())?;
                let figure = self.figure(earlier, table)?;
                let atoms = self.at(time, today.get(at)?);
                let same = |(group, _): &(&Group, &Option<PublishedFigure>)| group.atoms == atoms;
                for (group, _) in groups.iter_mut().zip(&known).filter(|(group, _)| group.atoms == atoms) {
                    group.roll = group.roll.into_iter().chain(table.responses).min();
                }
                if groups.get(at)?.atoms == atoms && known.get(at)?.is_none() && time + 1 == now {
                    *known.get_mut(at)? = Some(figure);
                } else if !atoms.is_empty()
                    && !groups.iter().zip(&known).filter(same).any(|(_, told)| told.as_ref() == Some(&figure))
                {
                    let number = earlier.released.header.number;
                    let of = |words: &str| format!("{words} of release {number}");
                    groups.push(Group {
                        code: of(&table.code),
                        kind: of(&table.kind.to_string()),
                        atoms,
                        roll: table.responses,
                    });
                    known.push(Some(figure));
                }
            }
        }
        let sought = self.sought();
        let (atoms, tallies) = self.pieces.into_iter().map(|piece| (piece.atom, piece.tally)).unzip();
        let question = Question { tallies, ..self.question.clone() };
        Some(Beside { release: Release::new(atoms, groups, vec![question]).ok()?, known, sought })
    }

    /// Those of a table who stayed, went or came at a time.
    fn sought(&self) -> Vec<Vec<usize>> {
        let lives: BTreeSet<Lives> = self.pieces.iter().map(|p| p.lives).collect();
        let of = |group: &'a Group| {
            lives.iter().map(move |lives| {
                let own =
                    self.pieces.iter().enumerate().filter(|(_, p)| p.lives == *lives && group.atoms.contains(&p.of));
                own.map(|(at, _)| at).collect::<Vec<_>>()
            })
        };
        self.plan.release.groups().iter().flat_map(of).filter(|all| all.len() > 1).collect()
    }

    fn figure(&self, of: &Earlier, table: &Table) -> Option<PublishedFigure> {
        let at = of.released.header.questions.iter().position(|asked| asked.code == self.question.code)?;
        table.figures.get(at).cloned()
    }
}
