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
mod tests {
    use super::super::rules::testing::{answers_of, definition, gathered_of, layout};
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
        breakdowns(
            &gathered_of(layout, pupils, |layout, year, at| answers_of(layout, year, &answers(at))),
            Threshold::default(),
        )
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
        assert_eq!((least, girls[2].as_str()), (1000, "10–20%"), "one in eight");
        assert_eq!(ranges("authority/gender/boy", "bullied").1[2], "0–10%");
        assert_eq!(ranges("phase/secondary/gender/boy", ROLES).1[2], "20–30%", "one in four");
        assert!(
            told.iter().all(|b| b.figures.iter().all(|(q, _)| q != "gender")),
            "nobody is told apart by what made the group"
        );
        let others = told.iter().find(|b| b.code == "authority/gender/another").unwrap();
        assert!(others.figures.iter().all(|(_, f)| *f.view() == Broad::Small), "nobody is told as a few are");
        assert!(told.iter().all(|b| !b.code.contains(PREFER_NOT_TO_SAY)));
    }

    /// A group that is one school's, or two's, is not told under another name, and neither is what none of it is asked.
    #[test]
    fn one_schools_group_is_not_told_under_another_name() {
        let layout = || layout(&["bullied", "school_deals", "gender"]);
        let row = |layout: &Layout, year, at: usize| {
            let gender = if at.is_multiple_of(3) { "girl" } else { "boy" };
            answers_of(
                layout,
                year,
                &[("bullied", "not_at_all"), ("school_deals", "prefer_not_to_say"), ("gender", gender)],
            )
        };
        let told = breakdowns(&gathered_of(layout(), 3000, row), Threshold::default());
        let of = |group: &str, question: &str| {
            let found = told.iter().find(|b| b.code == format!("authority/gender/{group}")).unwrap();
            found.figures.iter().find(|(q, _)| q == question).unwrap().1.view().clone()
        };
        // All girls are of the first school, all boys of the others.
        assert_eq!((of("girl", "bullied"), of("boy", "bullied")), (Broad::Small, Broad::Small));
        // And now of all three.
        let mut mixed = gathered_of(layout(), 3000, |layout, year, at| row(layout, year, at / 3));
        let figures = |gathered: &Gathered| {
            let told = breakdowns(gathered, Threshold::default());
            let girls = told.into_iter().find(|b| b.code == "authority/gender/girl").unwrap().figures;
            girls.into_iter().find(|(q, _)| q == "school_deals").unwrap().1.view().clone()
        };
        assert!(matches!(figures(&mixed), Broad::Shown { .. }));
        // The youngest are not asked how the school deals with it, and answered nothing.
        for cell in &mut mixed.cells {
            cell.year = crate::kernel::YearGroup::new(3).unwrap();
        }
        assert_eq!(figures(&mixed), Broad::NotAsked);
    }

    /// A questionnaire of an authority's own calls its questions what it likes.
    #[test]
    fn roles_and_groups_are_found_by_the_keys_of_questions() {
        let definition = |rename: &[(&str, &str)]| {
            let mut definition = definition(&["bullied", "bullied_others", "gender"]);
            for question in &mut definition.questions {
                if let Some((code, other)) = rename.iter().find(|(code, _)| *code == question.code) {
                    (question.code, question.trend) = ((*other).to_owned(), Some((*code).to_owned()));
                }
            }
            Layout::of(&definition).unwrap()
        };
        let figures = |rename: &[(&str, &str)]| {
            let named = |code: &'static str| {
                rename.iter().find(|(c, _)| *c == code).map_or(code, |(_, other)| *other).to_owned()
            };
            let (bullied, gender) = (named("bullied"), named("gender"));
            let row = |layout: &Layout, year, at: usize| {
                let answers = [
                    (bullied.as_str(), if at % 5 < 2 { "weekly" } else { "not_at_all" }),
                    ("bullied_others", "not_at_all"),
                    (gender.as_str(), "girl"),
                ];
                answers_of(layout, year, &answers)
            };
            breakdowns(&gathered_of(definition(rename), 3000, row), Threshold::default())
        };
        let (own, other) = (figures(&[]), figures(&[("bullied", "hurt"), ("gender", "i_am")]));
        let girls =
            |of: &[Breakdown], code: &str| of.iter().find(|b| b.code == code).unwrap().figures.last().unwrap().clone();
        let (shipped, renamed) = (girls(&own, "authority/gender/girl"), girls(&other, "authority/i_am/girl"));
        assert!(matches!(shipped.1.view(), Broad::Shown { .. }) && shipped.0 == ROLES);
        assert_eq!(shipped, renamed);
    }

    #[test]
    fn what_is_counted_otherwise_is_refused() {
        let layout = layout(&["bullied", "bullied_others", "gender"]);
        let row = |layout: &Layout, year, at: usize| {
            let answers = [
                ("bullied", if at % 5 < 2 { "weekly" } else { "not_at_all" }),
                ("bullied_others", "weekly"),
                ("gender", "girl"),
            ];
            answers_of(layout, year, &answers)
        };
        let gathered = gathered_of(layout, 3000, row);
        let mut told = breakdowns(&gathered, Threshold::default());
        assert_eq!(audit(&gathered, &told, Threshold::default()), Ok(()));
        let other = broad([("not_at_all", 300), (OFTEN, 2700)].into_iter(), 3000);
        let girls = told.iter_mut().find(|b| b.code == "authority/gender/girl").unwrap();
        girls.figures.iter_mut().find(|(q, _)| q == "bullied").unwrap().1 = other;
        let breach = audit(&gathered, &told, Threshold::default()).unwrap_err();
        assert_eq!((breach.question.as_str(), breach.group.as_str()), ("bullied", "authority/gender/girl"));
    }

    #[test]
    fn a_few_hundred_are_not_told_apart() {
        let told = figures(500);
        let girls = &told.iter().find(|b| b.code == "authority/gender/girl").unwrap().figures;
        assert!(girls.iter().all(|(_, f)| *f.view() == Broad::Small), "{girls:?}");
    }
}
