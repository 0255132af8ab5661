//! Questions of which a correction has the figures of the release before. Pure.
//!
//! Ten late pupils or more make a correction, but of those perhaps two answer a question that few are asked, or none does. Whoever held
//! both releases could subtract the two, or would know of all ten that they did not. So of such a question nothing new is told, of
//! nobody, until ten answer otherwise (`facts/reliability.md` SUR-4).

use crate::disclosure::PublishedFigure;

use super::breakdowns::{ROLES, made_of};
use super::model::{Breakdown, Carried, Gathered, Released, Table};

/// The question, with the release that decided its figures.
pub(super) fn carry(last: &Released, question: &str) -> Carried {
    let before = last.header.carried.iter().find(|c| c.question == question);
    Carried { question: question.to_owned(), release: before.map_or(last.header.number, |c| c.release) }
}

/// A table's figure of a carried question: what it was, or nothing where there was no such table.
pub(super) fn figure(last: &Released, table: &Table, question: &str, is_asked: bool) -> PublishedFigure {
    let at = last.header.questions.iter().position(|asked| asked.code == question);
    let was = last.tables.iter().find(|t| t.code == table.code);
    let was = at.zip(was).and_then(|(at, table)| table.figures.get(at)).cloned();
    let new = || if is_asked { PublishedFigure::held_back() } else { PublishedFigure::not_asked() };
    was.unwrap_or_else(new)
}

/// The groups that are told broadly, with what was told of them in the last release of each carried question; of a group that
/// was not among them no such figure.
pub(super) fn breakdowns(gathered: &Gathered, mut all: Vec<Breakdown>, carried: &[Carried]) -> Vec<Breakdown> {
    let Some(last) = gathered.last() else { return all };
    let roles = made_of(&gathered.layout);
    let is_carried = |question: &str| {
        let asked = |code: &str| carried.iter().any(|c| c.question == code);
        if question == ROLES { roles.iter().any(|code| asked(code)) } else { asked(question) }
    };
    for breakdown in &mut all {
        let was = last.header.breakdowns.iter().find(|b| b.code == breakdown.code);
        breakdown.figures.retain_mut(|(question, figure)| {
            if !is_carried(question) {
                return true;
            }
            let told = was.and_then(|was| was.figures.iter().find(|(q, _)| q == question));
            told.is_some_and(|(_, told)| {
                *figure = told.clone();
                true
            })
        });
    }
    all
}
