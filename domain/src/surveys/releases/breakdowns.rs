//! Large groups that cut across schools, told broadly beside a release's tables: girls, boys and others, and the roles that pupils
//! have in bullying. Pure.

use crate::disclosure::{BroadFigure, Tally, broad};
use crate::instruments::{Layout, PREFER_NOT_TO_SAY, Slot};
use crate::kernel::{Bilingual, pair};
use crate::surveys::tallies::{Rows, count};

use super::model::{Breakdown, Cell, Gathered, Kind};
use super::plan::{areas, options, told};
use super::rules::CASE;

/// What groups are made by: what pupils say of themselves, as the equality duty asks for (`facts/domain.md` §4).
const BY: [&str; 5] = ["gender", "disability", "ethnicity", "religion", "sexual_orientation"];

/// The question that nobody is asked: what a pupil's two answers make of them (Solberg and Olweus 2003, `facts/domain.md` §4).
pub const ROLES: &str = "roles";

/// The roles: those bullied, who bully, or both, twice or three times a month or more often.
pub const ROLE_OPTIONS: [&str; 4] = ["neither", "bullied", "bullied_others", "both"];

/// The questions they are made of.
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
pub(super) fn breakdowns(gathered: &Gathered) -> Vec<Breakdown> {
    let everybody = (0..gathered.schools.len()).collect::<Vec<_>>();
    let all = pair("Yr awdurdod", "The authority").to_owned_pair();
    let phases = areas(gathered).into_iter().filter(|(kind, ..)| *kind == Kind::Phase);
    std::iter::once((Kind::Authority, "authority".to_owned(), all, everybody))
        .chain(phases)
        .flat_map(|(kind, code, name, schools)| {
            let cells: Vec<&Cell> = gathered.cells.iter().filter(|c| schools.contains(&c.school)).collect();
            of_area(&gathered.layout, &cells)
                .into_iter()
                .map(move |(by, figures)| {
                    let code = by.as_ref().map_or_else(|| code.clone(), |(q, option)| format!("{code}/{q}/{option}"));
                    Breakdown { kind, code, area: name.clone(), by, figures }
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

type Of = (Option<(String, String)>, Vec<(String, BroadFigure)>);

fn of_area(layout: &Layout, cells: &[&Cell]) -> Vec<Of> {
    let rows = || cells.iter().flat_map(|c| c.rows.iter());
    let mut all: Vec<Of> =
        roles(layout, rows()).map(|figure| (None, vec![(ROLES.to_owned(), figure)])).into_iter().collect();
    for by in layout.slots().iter().filter(|s| BY.contains(&s.code())) {
        for (at, option) in by.options().enumerate().filter(|(_, option)| *option != PREFER_NOT_TO_SAY) {
            let mut own = Rows::of(layout.width());
            let is_own = |row: &&[u8]| by.mask(row).is_some_and(|mask| mask & (1 << at) != 0);
            if !rows().filter(is_own).all(|row| own.push(row)) {
                continue;
            }
            let mut figures = figures(layout, &own, by);
            figures.extend(roles(layout, own.iter()).map(|figure| (ROLES.to_owned(), figure)));
            all.push((Some((by.code().to_owned(), option.to_owned())), figures));
        }
    }
    all
}

/// Each question's figure but the one that makes the group.
fn figures(layout: &Layout, rows: &Rows, by: &Slot) -> Vec<(String, BroadFigure)> {
    let Some(counted) = count(layout, rows) else { return Vec::new() };
    let figure = |(slot, counted): (&Slot, _)| {
        let Tally::Counted { base, counts } = told(slot, &counted) else { return None };
        let options = options(slot);
        Some((slot.code().to_owned(), broad(options.iter().map(String::as_str).zip(counts), base)))
    };
    layout.slots().iter().zip(counted).filter(|(slot, _)| slot.code() != by.code()).filter_map(figure).collect()
}

/// The roles of those who answered both questions; nothing where they aren't asked.
fn roles<'a>(layout: &Layout, rows: impl Iterator<Item = &'a [u8]>) -> Option<BroadFigure> {
    let slot = |code: &str| layout.find(code).and_then(|at| layout.slots().get(at));
    let (bullied, others) = (slot(BULLIED)?, slot(BULLIED_OTHERS)?);
    let (mut base, mut counts) = (0, [0_u32; 4]);
    for row in rows {
        let (Some(bullied), Some(others)) = (often(bullied, row), often(others, row)) else { continue };
        base += 1;
        if let Some(count) = counts.get_mut(usize::from(bullied) + 2 * usize::from(others)) {
            *count += 1;
        }
    }
    Some(broad(ROLE_OPTIONS.into_iter().zip(counts), base))
}

/// Whether a row's answer is of the case definition; nothing when there is none, or it was not to be said.
fn often(slot: &Slot, row: &[u8]) -> Option<bool> {
    let mask = slot.mask(row)?;
    let option = slot.options().enumerate().find(|(at, _)| mask & (1 << at) != 0).map(|(_, option)| option)?;
    (option != PREFER_NOT_TO_SAY).then(|| CASE.contains(&option))
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::{answers_of, gathered_of, layout};
    use super::*;
    use crate::disclosure::Broad;
    use crate::surveys::releases::Share;

    /// 3,000 pupils of three large schools: every eighth girl often bullied, one in three of these bullying as well; of the boys
    /// every fourth bullying.
    fn figures(pupils: usize) -> Vec<Breakdown> {
        let answers = |at: usize| {
            let (girl, n) = (at.is_multiple_of(2), at / 2);
            let bullied = if girl && n.is_multiple_of(8) { "weekly" } else { "once_or_twice" };
            let others = match (girl, n) {
                (true, n) if n.is_multiple_of(24) => "weekly",
                (false, n) if n.is_multiple_of(4) => "two_or_three_a_month",
                _ => "not_at_all",
            };
            [("bullied", bullied), ("bullied_others", others), ("gender", if girl { "girl" } else { "boy" })]
        };
        let layout = layout(&["bullied", "bullied_others", "gender"]);
        breakdowns(&gathered_of(layout, pupils, |layout, year, at| answers_of(layout, year, &answers(at))))
    }

    fn ranges(of: &[Breakdown], code: &str, question: &str) -> Option<(u32, Vec<String>)> {
        let figure = &of.iter().find(|b| b.code == code)?.figures.iter().find(|(q, _)| q == question)?.1;
        let Broad::Shown { least, shares } = figure.view() else { return None };
        Some((*least, shares.iter().map(Share::range).collect()))
    }

    #[test]
    fn girls_boys_and_roles_are_told_broadly() {
        let told = figures(3000);
        let ranges = |code, question| ranges(&told, code, question).unwrap();
        // Neither 81 %, bullied 4 %, bullying 12.5 %, both 2 %.
        assert_eq!(
            ranges("authority", ROLES),
            (2000, ["60–100%", "0–10%", "10–15%", "0–5%"].map(str::to_owned).to_vec())
        );
        let (least, girls) = ranges("authority/gender/girl", "bullied");
        assert_eq!((least, girls[2].as_str()), (1000, "10–15%"), "one in eight");
        assert_eq!(ranges("authority/gender/boy", "bullied").1[2], "0–5%");
        assert_eq!(ranges("phase/secondary/gender/boy", ROLES).1[2], "20–30%", "one in four");
        assert!(
            told.iter().all(|b| b.figures.iter().all(|(q, _)| q != "gender")),
            "nobody is told apart by what made the group"
        );
        let others = told.iter().find(|b| b.code == "authority/gender/another").unwrap();
        assert!(others.figures.iter().all(|(_, f)| *f.view() == Broad::NotAsked));
        assert!(told.iter().all(|b| !b.code.contains(PREFER_NOT_TO_SAY)));
    }

    #[test]
    fn a_few_hundred_are_not_told_apart() {
        let told = figures(500);
        let girls = &told.iter().find(|b| b.code == "authority/gender/girl").unwrap().figures;
        assert!(girls.iter().all(|(_, f)| *f.view() == Broad::Small), "{girls:?}");
    }
}
