//! What is told of a question, and the decision over a whole release. Pure.

use sha2::{Digest as _, Sha256};

use crate::disclosure::{Breach, Finding, Threshold, audit, disclose};
use crate::instruments::{Definition, Kind, Slot};
use crate::kernel::{Bilingual, Phase, pair, to_hex};

use super::breakdowns;
use super::carrying;
use super::model::{Change, Gathered, Header, Judged, Released, Table};
use super::plan::{Plan, lay_out};

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
    if let Some((school, year)) = gathered.before.iter().find_map(|before| before.too_close(&gathered.snapshot)) {
        let known = gathered.schools.iter().find(|s| s.school.id == school);
        let number = known.map(|s| s.school.number.to_string()).unwrap_or_default();
        return Err(refused(format!("school/{number}/year/{year}"), Finding::Isolates));
    }
    let Some(plan) = lay_out(gathered) else { return Err(refused("the release".into(), Finding::Untrue)) };
    let figures = disclose(&plan.release, threshold)?;
    // The engine's own decision is looked at once more, as an attacker would, before anything is given out.
    audit(&plan.release, &figures, threshold)?;
    let Plan { mut tables, owners, asked, .. } = plan;
    let carried = carrying::carried(gathered);
    for (asked, of_question) in asked.iter().zip(figures) {
        let last = gathered.last.as_ref().filter(|_| carried.iter().any(|c| c.question == asked.code));
        for (table, figure) in tables.iter_mut().zip(of_question) {
            let figure = last.map_or(figure, |last| carrying::figure(last, table, &asked.code));
            table.figures.push(figure);
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
    if let Some(last) = &gathered.last {
        header.changed = changes(last, &header, &tables);
    }
    let mut released = Released { header, tables, digest: String::new() };
    released.digest = digest(&released);
    Ok((released, owners))
}

/// The figures that are not what they were; those of a table that is new are not among them.
fn changes(last: &Released, header: &Header, tables: &[Table]) -> Vec<Change> {
    let mut changed = Vec::new();
    for table in tables {
        let Some(before) = last.tables.iter().find(|t| t.code == table.code) else { continue };
        for (question, figure) in header.questions.iter().zip(&table.figures) {
            let was = last.header.questions.iter().position(|q| q == question).and_then(|at| before.figures.get(at));
            if was != Some(figure) {
                changed.push(Change { table: table.code.clone(), question: question.code.clone() });
            }
        }
    }
    for breakdown in &header.breakdowns {
        let Some(before) = last.header.breakdowns.iter().find(|b| b.code == breakdown.code) else { continue };
        let others = breakdown.figures.iter().filter(|figure| !before.figures.contains(figure));
        changed
            .extend(others.map(|(question, _)| Change { table: breakdown.code.clone(), question: question.clone() }));
    }
    changed
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
