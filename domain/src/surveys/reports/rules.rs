//! The table of schools, and what is counted of schools. Pure, and from a release alone.

use crate::instruments::Definition;
use crate::kernel::SchoolId;
use crate::surveys::campaigns::Part;
use crate::surveys::packs::{Mark, Seen, compared, headlines, mark, seen};
use crate::surveys::releases::{Kind, Released, Table};
use crate::toolkit::Toolkit;

use super::model::{Approached, HeatCell, StandingOut, TakingPart, Told};

/// The columns of the table of schools: the headlines, or every option of one question. Nothing for a question that the
/// release does not know.
#[must_use]
pub fn columns(released: &Released, definition: &Definition, question: Option<&str>) -> Option<Vec<(String, String)>> {
    let asked = &released.header.questions;
    match question {
        None => {
            let known = headlines(definition).into_iter().filter(|(question, option)| {
                asked.iter().any(|a| a.code == *question && a.options.iter().any(|o| o == option))
            });
            Some(known.map(|(question, option)| ((*question).to_owned(), (*option).to_owned())).collect())
        }
        Some(question) => {
            let found = asked.iter().find(|a| a.code == question)?;
            Some(found.options.iter().map(|option| (found.code.clone(), option.clone())).collect())
        }
    }
}

/// The tables that stand in it: the authority first, then each school.
pub fn compared_tables(released: &Released) -> impl Iterator<Item = &Table> {
    released.tables.iter().filter(|t| matches!(t.kind, Kind::Authority | Kind::School))
}

/// A table's cells, one for each column.
#[must_use]
pub fn row(released: &Released, table: &Table, columns: &[(String, String)]) -> Vec<HeatCell> {
    let cell = |(question, option): &(String, String)| {
        let seen = seen(released, table, question, option)?;
        let of_school = table.kind == Kind::School;
        let mark = if of_school { mark(released, table, question, option) } else { None };
        Some(HeatCell { question: question.clone(), option: option.clone(), seen, mark })
    };
    columns.iter().filter_map(cell).collect()
}

/// How many schools stand out by each finding, of a whole release.
pub(super) fn standing_out(released: &Released, definition: &Definition) -> Vec<StandingOut> {
    let schools: Vec<&Table> = released.tables.iter().filter(|t| t.kind == Kind::School).collect();
    let count = |test: &dyn Fn(&Table) -> bool| Told::of(schools.iter().filter(|t| test(t)).count());
    compared()
        .filter_map(|(finding, key, option, worse)| Some((finding, definition.keyed(key)?.code.clone(), option, worse)))
        .filter(|(_, question, ..)| released.header.questions.iter().any(|a| a.code == *question))
        .map(|(finding, question, option, worse)| {
            let counted = |wanted| count(&|t: &Table| mark(released, t, &question, option) == Some(wanted));
            let shown = |t: &Table| matches!(seen(released, t, &question, option), Some(Seen::Shown(_)));
            StandingOut {
                finding,
                question: question.clone(),
                option,
                worse,
                above: counted(Mark::Above),
                below: counted(Mark::Below),
                of: count(&shown),
            }
        })
        .collect()
}

/// Whether two campaigns asked mostly the same schools, so that what changed of all of them is a change: nine of ten of either (our
/// own proposal; schools open, close and merge).
pub(super) fn are_mostly_the_same(now: &[SchoolId], then: &[SchoolId]) -> bool {
    let both = now.iter().filter(|school| then.contains(school)).count();
    10 * both >= 9 * now.len().max(then.len())
}

/// How the schools took part, from a whole release and how each stands in the campaign.
pub(super) fn taking_part(released: &Released, parts: &[Part]) -> TakingPart {
    let schools = released.tables.iter().filter(|t| t.kind == Kind::School);
    let responses = schools.clone().filter_map(|t| t.responses).map(u64::from).sum();
    let known = schools.filter_map(|t| Some((i64::from(t.responses?), t.roll.filter(|r| *r > 0)?)));
    let (answered, roll) = known.fold((0, 0), |(answered, roll), (n, of)| (answered + n, roll + of));
    let signed = |nil: bool| parts.iter().filter(|p| p.signed_off_on.is_some() && p.nil.is_some() == nil).count();
    TakingPart {
        schools: parts.len(),
        signed_off: Told::of(signed(false)),
        nil_returns: Told::of(signed(true)),
        responses,
        roll: (roll > 0).then_some(roll),
        rate: (roll > 0).then(|| 100 * answered / roll),
    }
}

/// The approaches of which a count is told, now or before, in the toolkit's order. That an approach is not among them says
/// neither that nobody takes it up nor that somebody does.
pub(super) fn taken_up(
    toolkit: &Toolkit,
    now: &[(String, usize)],
    before: Option<&[(String, usize)]>,
) -> Vec<Approached> {
    let of = |counts: &[(String, usize)], code: &str| {
        Told::of(counts.iter().find(|(of, _)| of == code).map_or(0, |(_, schools)| *schools))
    };
    let all = toolkit.approaches.iter().map(|a| Approached {
        code: a.code.clone(),
        title: a.title.clone(),
        now: of(now, &a.code),
        before: before.map(|before| of(before, &a.code)),
    });
    all.filter(|a| a.now != Told::Few || a.before.is_some_and(|before| before != Told::Few)).collect()
}

#[cfg(test)]
mod tests;
