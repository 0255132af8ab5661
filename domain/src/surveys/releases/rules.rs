//! What is told of a question, and the decision over a whole release. Pure.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::disclosure::{Breach, BroadFigure, Finding, PublishedFigure, Tally, Threshold, audit, disclose};
use crate::instruments::{Definition, Kind, Slot};
use crate::kernel::{Bilingual, Phase, pair, to_hex};

use super::breakdowns;
use super::carrying;
use super::model::{Change, Gathered, Header, Judged, Released, Table};
use super::plan::{Plan, lay_out};
use super::together;

/// The options of the frequency scale that together are the case definition, "2–3 times a month" or more often (Solberg and
/// Olweus 2003, `facts/domain.md` §4).
pub(super) const CASE: [&str; 3] = ["two_or_three_a_month", "weekly", "several_a_week"];

/// The option they are told as. Told apart as well, both tables together would tell more than each.
pub use crate::instruments::OFTEN;

/// The options that a release tells of, each with the places of those it is made of.
pub(super) fn merged(slot: &Slot) -> Vec<(&str, Vec<usize>)> {
    // Of a question that takes several answers they can't be added up.
    let is_scale = slot.kind() == Kind::Single && CASE.iter().all(|case| slot.options().any(|code| code == *case));
    let mut merged: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, code) in slot.options().enumerate() {
        let code = if is_scale && CASE.contains(&code) { OFTEN } else { code };
        match merged.iter_mut().find(|(known, _)| *known == code) {
            Some((_, places)) => places.push(at),
            None => merged.push((code, vec![at])),
        }
    }
    merged
}

/// What an option is called, as the questionnaire has it for the oldest who are asked.
#[must_use]
pub fn label_of(definition: &Definition, question: &str, option: &str) -> Bilingual {
    // For review by a translator.
    const MORE: Bilingual<&str> = pair("2 neu 3 gwaith y mis, neu'n amlach", "2 or 3 times a month, or more often");
    if option == OFTEN {
        return MORE.to_owned_pair();
    }
    let asked = definition.questions.iter().find(|q| q.code == question);
    let choice = asked.and_then(|q| definition.options_of(q).iter().find(|c| c.code == option));
    let label = choice.and_then(|c| definition.bands.iter().rev().find_map(|band| c.label.of(&band.code)));
    label.cloned().unwrap_or_else(|| Bilingual { cy: option.to_owned(), en: option.to_owned() })
}

/// What a question asks, as the questionnaire has it for the oldest who are asked: the text for everyone, or that of the
/// oldest band that has one.
#[must_use]
pub fn text_of(definition: &Definition, question: &str) -> Bilingual {
    let asked = definition.questions.iter().find(|q| q.code == question);
    let text = asked.and_then(|q| definition.bands.iter().rev().find_map(|band| q.text.of(&band.code)));
    text.cloned().unwrap_or_else(|| Bilingual { cy: question.to_owned(), en: question.to_owned() })
}

/// A phase's schools, by name. For review by a translator.
pub(super) const fn phase_name(phase: Phase) -> Bilingual<&'static str> {
    match phase {
        Phase::Nursery => pair("Ysgolion meithrin", "Nursery schools"),
        Phase::Primary => pair("Ysgolion cynradd", "Primary schools"),
        Phase::Middle => pair("Ysgolion canol", "Middle schools"),
        Phase::Secondary => pair("Ysgolion uwchradd", "Secondary schools"),
        Phase::Special => pair("Ysgolion arbennig", "Special schools"),
        Phase::Pru => pair("Unedau cyfeirio disgyblion", "Pupil referral units"),
        Phase::Independent => pair("Ysgolion annibynnol", "Independent schools"),
    }
}

/// Decides a release: what its tables tell, or why it must not be given out. Takes seconds for a large authority.
///
/// A correction is refused while one to nine answers of a year group differ from any release before: whoever holds both could
/// subtract them (`facts/reliability.md` SUR-4).
#[must_use]
pub fn decide(gathered: Gathered, threshold: Threshold) -> Judged {
    let (outcome, owners) = match judge(&gathered, threshold) {
        Ok((released, owners)) => (Ok(released), owners),
        Err(breach) => (Err(breach), Vec::new()),
    };
    Judged { line: gathered.line, outcome, owners, snapshot: gathered.snapshot }
}

type Found = (Released, Vec<Option<crate::kernel::SchoolId>>);

fn judge(gathered: &Gathered, threshold: Threshold) -> Result<Found, Breach> {
    let refused = |group: String, finding| Breach { question: String::new(), group, option: None, finding };
    let place = |(school, year)| {
        let known = gathered.schools.iter().find(|s| s.school.id == school);
        format!("school/{}/year/{year}", known.map(|s| s.school.number.to_string()).unwrap_or_default())
    };
    if let Some(at) = gathered.before.iter().find_map(|b| b.snapshot.too_close(&gathered.snapshot)) {
        return Err(refused(place(at), Finding::Isolates));
    }
    // Sent to two surveys, the same answers with one more would tell that one.
    if let Some(at) = gathered.others.iter().find_map(|other| gathered.snapshot.repeats(other)) {
        return Err(refused(
            format!("{}, whose answers another survey has but for a few", place(at)),
            Finding::Isolates,
        ));
    }
    let Some(plan) = lay_out(gathered) else { return Err(refused("the release".into(), Finding::Untrue)) };
    // All of a campaign's releases go by one least base: what is withheld for it tells as much in each.
    let threshold = gathered.last().map_or(threshold, |l| Threshold { min_base: l.header.min_base, ..threshold });
    let figures = match gathered.last() {
        None => first(&plan, threshold)?,
        Some(_) => together::figures(gathered, &plan, threshold),
    };
    let Plan { release, mut tables, owners, asked, .. } = plan;
    let mut carried = Vec::new();
    for ((asked, question), of_question) in asked.iter().zip(release.questions()).zip(figures) {
        match (of_question, gathered.last()) {
            (None, Some(last)) => {
                carried.push(carrying::carry(last, &asked.code));
                for (table, group) in tables.iter_mut().zip(release.groups()) {
                    let of = group.atoms.iter().filter_map(|at| question.tallies.get(*at));
                    let is_asked = of.into_iter().any(|tally| !matches!(tally, Tally::NotAsked));
                    table.figures.push(carrying::figure(last, table, &asked.code, is_asked));
                }
            }
            (decided, _) => {
                for (table, figure) in tables.iter_mut().zip(decided.unwrap_or_default()) {
                    table.figures.push(figure);
                }
            }
        }
    }
    let c = &gathered.campaign;
    let breakdowns = breakdowns::breakdowns(gathered, threshold);
    breakdowns::audit(gathered, &breakdowns, threshold)?;
    let breakdowns = carrying::breakdowns(gathered, breakdowns, &carried);
    let mut header = Header {
        campaign_id: c.id,
        number: gathered.line.number,
        reason: gathered.line.reason,
        academic_year: c.academic_year.clone(),
        title: c.title.clone(),
        window: [c.opens_on, c.ends_on()],
        published_on: gathered.today,
        instrument: gathered.layout.stamp().to_owned(),
        min_base: threshold.min_base,
        questions: asked,
        changed: Vec::new(),
        carried,
        breakdowns,
    };
    if let Some(last) = gathered.last() {
        header.changed = changes(last, &header, &tables);
    }
    let mut released = Released { header, tables, digest: String::new() };
    released.digest = digest(&released);
    Ok((released, owners))
}

/// The figures of a campaign's first release.
fn first(plan: &Plan, threshold: Threshold) -> Result<Vec<Option<Vec<PublishedFigure>>>, Breach> {
    let figures = disclose(&plan.release, threshold)?;
    // The engine's own decision is looked at once more, as an attacker would, before anything is given out.
    audit(&plan.release, &figures, threshold)?;
    Ok(figures.into_iter().map(Some).collect())
}

/// The figures that are not what they were, those that were not there, and last those that are not there any more.
fn changes(last: &Released, header: &Header, tables: &[Table]) -> Vec<Change> {
    let change = |code: &str, question: &str| Change { table: code.to_owned(), question: question.to_owned() };
    let was = told(&last.header, &last.tables);
    let is = told(header, tables);
    let known: BTreeMap<_, _> = was.iter().map(|(place, figure)| (*place, figure)).collect();
    let left: BTreeSet<_> = is.iter().map(|(place, _)| *place).collect();
    let new = is.iter().filter(|(place, figure)| known.get(place) != Some(&figure));
    let gone = was.iter().filter(|(place, _)| !left.contains(place));
    new.chain(gone).map(|((_, code, question), _)| change(code, question)).collect()
}

/// A figure of either kind.
#[derive(PartialEq)]
enum Any<'a> {
    Figure(&'a PublishedFigure),
    Broad(&'a BroadFigure),
}

/// Where a figure stands: whether it is told broadly, its table's code and its question.
type Place<'a> = (bool, &'a str, &'a str);

/// Every figure of a release.
fn told<'a>(header: &'a Header, tables: &'a [Table]) -> Vec<(Place<'a>, Any<'a>)> {
    let mut all = Vec::new();
    for table in tables {
        let figures = header.questions.iter().zip(&table.figures);
        all.extend(figures.map(|(asked, f)| ((false, table.code.as_str(), asked.code.as_str()), Any::Figure(f))));
    }
    for breakdown in &header.breakdowns {
        let figures = breakdown.figures.iter();
        all.extend(figures.map(|(asked, f)| ((true, breakdown.code.as_str(), asked.as_str()), Any::Broad(f))));
    }
    all
}

/// SHA-256 of a release, in hexadecimal: of its header and each table as they are stored and given out.
pub(super) fn digest(released: &Released) -> String {
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(&released.header).unwrap_or_default());
    for table in &released.tables {
        hash.update(b"\n");
        hash.update(serde_json::to_vec(table).unwrap_or_default());
    }
    to_hex(&hash.finalize())
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
