//! Large groups that cut across schools, told broadly beside a release's tables: girls, boys and others, and the roles that pupils
//! have in bullying. Pure.

use std::collections::BTreeMap;

use crate::disclosure::{Breach, Broad, BroadFigure, Finding, Share, Tally, Threshold, broad};
use crate::instruments::{Layout, OFTEN, PREFER_NOT_TO_SAY, Slot};
use crate::kernel::{Bilingual, pair};
use crate::surveys::tallies::{Rows, count};

use super::model::{Breakdown, Cell, Gathered, Kind};
use super::plan::{areas, options, told};
use super::rules::{CASE, merged};

/// What groups are made by, as comparability keys: what pupils say of themselves, as the equality duty asks for (`facts/domain.md` §4).
const BY: [&str; 5] = ["gender", "disability", "ethnicity", "religion", "sexual_orientation"];

/// The question that nobody is asked: what a pupil's two answers make of them (Solberg and Olweus 2003, `facts/domain.md` §4).
pub const ROLES: &str = "roles";

/// The roles: those bullied, who bully, or both, twice or three times a month or more often.
pub const ROLE_OPTIONS: [&str; 4] = ["neither", "bullied", "bullied_others", "both"];

/// The questions they are made of, by their comparability keys.
const BULLIED: &str = "bullied";
const BULLIED_OTHERS: &str = "bullied_others";

/// What a role is called. For review by a translator.
#[must_use]
pub fn role_name(option: &str) -> Option<Bilingual<&'static str>> {
    Some(match option {
        "neither" => {
            pair("Heb eu bwlio'n aml, ac nid ydynt yn bwlio'n aml", "Neither often bullied nor often bullying others")
        }
        "bullied" => pair("Yn cael eu bwlio'n aml", "Often bullied"),
        "bullied_others" => pair("Yn bwlio eraill yn aml", "Often bullying others"),
        "both" => pair("Y ddau", "Both"),
        _ => return None,
    })
}

/// Every group of the authority and of each phase with schools enough.
pub(super) fn breakdowns(gathered: &Gathered, threshold: Threshold) -> Vec<Breakdown> {
    wide(gathered)
        .into_iter()
        .flat_map(|(kind, code, name, cells)| {
            of_area(&gathered.layout, &cells, threshold)
                .into_iter()
                .map(move |(by, figures)| {
                    let code = by.as_ref().map_or_else(|| code.clone(), |(q, option)| format!("{code}/{q}/{option}"));
                    Breakdown { kind, code, area: name.clone(), by, figures }
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The authority and its phases, with their answers.
fn wide(gathered: &Gathered) -> Vec<(Kind, String, Bilingual, Vec<&Cell>)> {
    let everybody = (0..gathered.schools.len()).collect::<Vec<_>>();
    let all = pair("Yr awdurdod", "The authority").to_owned_pair();
    let phases = areas(gathered).into_iter().filter(|(kind, ..)| *kind == Kind::Phase);
    std::iter::once((Kind::Authority, "authority".to_owned(), all, everybody))
        .chain(phases)
        .map(|(kind, code, name, schools)| {
            let cells = gathered.cells.iter().filter(|c| schools.contains(&c.school)).collect();
            (kind, code, name, cells)
        })
        .collect()
}

/// Refuses what would not be true of all near: counted once more, pupil by pupil and option by option, before anything is
/// published.
pub(super) fn audit(gathered: &Gathered, all: &[Breakdown], threshold: Threshold) -> Result<(), Breach> {
    for (kind, code, _, cells) in wide(gathered) {
        for breakdown in
            all.iter().filter(|b| b.kind == kind && (b.code == code || b.code.starts_with(&format!("{code}/"))))
        {
            let is_of = |(_, row): &(usize, &[u8])| match &breakdown.by {
                None => true,
                Some((question, option)) => {
                    chose(&gathered.layout, question, row).is_some_and(|all| all.contains(&option.as_str()))
                }
            };
            let all = cells.iter().flat_map(|c| c.rows.iter().map(|row| (c.school, row)));
            let rows: Vec<(usize, &[u8])> = all.filter(is_of).collect();
            for (question, figure) in &breakdown.figures {
                let Broad::Shown { shares, .. } = figure.view() else { continue };
                let (base, counts) = recount(&gathered.layout, question, &rows, shares);
                let refused = |finding| Breach {
                    question: question.clone(),
                    group: breakdown.code.clone(),
                    option: None,
                    finding,
                };
                if !figure.is_safe(base, &counts) {
                    return Err(refused(Finding::Untrue));
                }
                let by_school = by_school(&gathered.layout, question, &rows);
                if !threshold.is_shared(by_school) {
                    return Err(refused(Finding::Isolates));
                }
            }
        }
    }
    Ok(())
}

/// How many answered, and how many chose each option that is told, by looking at every row.
fn recount(layout: &Layout, question: &str, rows: &[(usize, &[u8])], shares: &[Share]) -> (u32, Vec<u32>) {
    let (mut base, mut counts) = (0, vec![0; shares.len()]);
    for (_, row) in rows {
        let chosen = if question == ROLES { role(layout, row) } else { chose(layout, question, row) };
        let Some(chosen) = chosen else { continue };
        base += 1;
        for (share, count) in shares.iter().zip(&mut counts) {
            let is_it = |option: &&str| *option == share.option || (share.option == OFTEN && CASE.contains(option));
            *count += u32::from(chosen.iter().any(is_it));
        }
    }
    (base, counts)
}

/// How many of each school answered, by looking at every row.
fn by_school(layout: &Layout, question: &str, rows: &[(usize, &[u8])]) -> Vec<u32> {
    let mut schools: BTreeMap<usize, u32> = BTreeMap::new();
    let roles = made_of(layout);
    for (school, row) in rows {
        let is_answered = |question: &str| chose(layout, question, row).is_some();
        let answered =
            if question == ROLES { roles.iter().all(|code| is_answered(code)) } else { is_answered(question) };
        *schools.entry(*school).or_default() += u32::from(answered);
    }
    schools.into_values().collect()
}

/// The codes of the questions that roles are made of.
pub(super) fn made_of(layout: &Layout) -> Vec<&str> {
    [BULLIED, BULLIED_OTHERS].into_iter().filter_map(|key| code_of(layout, key)).collect()
}

/// The code of the question with a comparability key.
fn code_of<'l>(layout: &'l Layout, key: &str) -> Option<&'l str> {
    layout.slots().iter().find(|slot| slot.key() == key).map(Slot::code)
}

/// What a pupil chose; nothing of a question that was not answered.
fn chose<'l>(layout: &'l Layout, question: &str, row: &[u8]) -> Option<Vec<&'l str>> {
    let slot = layout.slots().get(layout.find(question)?)?;
    let mask = slot.mask(row).filter(|mask| *mask != 0)?;
    Some(slot.options().enumerate().filter(|(at, _)| mask & (1 << at) != 0).map(|(_, option)| option).collect())
}

/// A pupil's role; nothing where one of the two answers is missing or not to be said.
fn role(layout: &Layout, row: &[u8]) -> Option<Vec<&'static str>> {
    let is_often = |key| match chose(layout, code_of(layout, key)?, row)?.as_slice() {
        [option] if *option != PREFER_NOT_TO_SAY => Some(CASE.contains(option)),
        _ => None,
    };
    Some(vec![match (is_often(BULLIED)?, is_often(BULLIED_OTHERS)?) {
        (false, false) => "neither",
        (true, false) => "bullied",
        (false, true) => "bullied_others",
        (true, true) => "both",
    }])
}

type Of = (Option<(String, String)>, Vec<(String, BroadFigure)>);

/// A group's answers: of these schools, of who says this of themselves, where it is not everybody.
struct Crowd<'a> {
    layout: &'a Layout,
    cells: &'a [&'a Cell],
    by: Option<(&'a Slot, usize)>,
    threshold: Threshold,
}

fn of_area(layout: &Layout, cells: &[&Cell], threshold: Threshold) -> Vec<Of> {
    let everybody = Crowd { layout, cells, by: None, threshold };
    let mut all: Vec<Of> =
        everybody.roles().map(|figure| (None, vec![(ROLES.to_owned(), figure)])).into_iter().collect();
    for by in layout.slots().iter().filter(|s| BY.contains(&s.key())) {
        for (at, option) in by.options().enumerate().filter(|(_, option)| *option != PREFER_NOT_TO_SAY) {
            let crowd = Crowd { layout, cells, by: Some((by, at)), threshold };
            let mut figures = crowd.figures(by);
            figures.extend(crowd.roles().map(|figure| (ROLES.to_owned(), figure)));
            all.push((Some((by.code().to_owned(), option.to_owned())), figures));
        }
    }
    all
}

impl<'a> Crowd<'a> {
    fn rows(&self) -> impl Iterator<Item = (usize, &'a [u8])> + '_ {
        let is_own = |row: &[u8]| match self.by {
            None => true,
            Some((by, at)) => by.mask(row).is_some_and(|mask| mask & (1 << at) != 0),
        };
        let all = self.cells.iter().flat_map(|cell| cell.rows.iter().map(|row| (cell.school, row)));
        all.filter(move |(_, row)| is_own(row))
    }

    /// Whether those who answered these questions are of schools enough.
    fn is_shared(&self, questions: &[&Slot]) -> bool {
        let mut schools: BTreeMap<usize, u32> = BTreeMap::new();
        let answered = |row: &[u8]| questions.iter().all(|slot| slot.mask(row).is_some_and(|mask| mask != 0));
        for (school, _) in self.rows().filter(|(_, row)| answered(row)) {
            *schools.entry(school).or_default() += 1;
        }
        self.threshold.is_shared(schools.into_values())
    }

    /// Whether any year group is asked all these questions, and what makes the group: whoever there is in it.
    fn is_asked(&self, questions: &[&Slot]) -> bool {
        self.cells
            .iter()
            .filter_map(|cell| self.layout.band(cell.year))
            .any(|band| questions.iter().all(|slot| slot.is_for(band)) && self.by.is_none_or(|(by, _)| by.is_for(band)))
    }

    /// The figure of these questions, where any may be told.
    fn decided(&self, questions: &[&Slot], figure: impl FnOnce() -> BroadFigure) -> BroadFigure {
        if !self.is_asked(questions) {
            BroadFigure::not_asked()
        } else if self.is_shared(questions) {
            figure()
        } else {
            BroadFigure::small()
        }
    }

    /// Each question's figure but the one that makes the group.
    fn figures(&self, by: &Slot) -> Vec<(String, BroadFigure)> {
        let mut own = Rows::of(self.layout.width());
        let counted = self.rows().all(|(_, row)| own.push(row)).then(|| count(self.layout, &own)).flatten();
        let figure = |(slot, counted): (&Slot, _)| {
            let Tally::Counted { base, counts } = told(slot, &counted) else { return None };
            let options = options(slot);
            let figure = || broad(options.iter().map(String::as_str).zip(counts), base);
            Some((slot.code().to_owned(), self.decided(&[slot], figure)))
        };
        let all = self.layout.slots().iter().zip(counted.unwrap_or_default());
        // The roles have a name that no question's figure may take from them.
        let is_told = |slot: &Slot| slot.code() != by.code() && slot.code() != ROLES;
        all.filter(|(slot, _)| is_told(slot)).filter_map(figure).collect()
    }

    /// The roles of those who answered both questions; nothing where the questionnaire doesn't ask them so.
    fn roles(&self) -> Option<BroadFigure> {
        // A questionnaire of an authority's own may ask otherwise under the same code.
        let is_scale = |slot: &&Slot| merged(slot).iter().any(|(option, _)| *option == OFTEN);
        let slot = |key: &str| self.layout.slots().iter().find(|slot| slot.key() == key).filter(is_scale);
        let (bullied, others) = (slot(BULLIED)?, slot(BULLIED_OTHERS)?);
        let (mut base, mut counts) = (0, [0_u32; 4]);
        for (_, row) in self.rows() {
            let (Some(bullied), Some(others)) = (often(bullied, row), often(others, row)) else { continue };
            base += 1;
            if let Some(count) = counts.get_mut(usize::from(bullied) + 2 * usize::from(others)) {
                *count += 1;
            }
        }
        Some(self.decided(&[bullied, others], || broad(ROLE_OPTIONS.into_iter().zip(counts), base)))
    }
}

/// Whether a row's answer is of the case definition; nothing when there is none, or it was not to be said.
fn often(slot: &Slot, row: &[u8]) -> Option<bool> {
    let mask = slot.mask(row)?;
    let option = slot.options().enumerate().find(|(at, _)| mask & (1 << at) != 0).map(|(_, option)| option)?;
    (option != PREFER_NOT_TO_SAY).then(|| CASE.contains(&option))
}

#[cfg(test)]
mod tests;
