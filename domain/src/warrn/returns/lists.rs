//! What waits: for a first page, by indexed queries and not by walking through all that is there.

use chrono::{Days, NaiveDate};

use crate::access::{self, Action, Grant, Scope};
use crate::cases::{self, OfCase as _};
use crate::db::Work;
use crate::kernel::{CaseId, Result, Utc, uk_date};
use crate::warrn::model::{Part, WarrnEnvelope};
use crate::warrn::views::WarrnListed;
use crate::warrn::{rules as records_rules, store as records};

use super::model::{Clocked, Step};
use super::store;

/// A child who is back within seven days, or should be already, and a part that has not acknowledged the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returning {
    /// The record.
    pub record: WarrnEnvelope,
    /// The parts that have not acknowledged.
    pub waiting: Vec<Part>,
}

/// A step that waits, with its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnStep {
    /// The record.
    pub record: WarrnEnvelope,
    /// The step.
    pub step: Clocked,
}

const ACKNOWLEDGEMENTS: [&str; 2] = [Step::AcknowledgeDsp.as_str(), Step::AcknowledgeEp.as_str()];

/// The records of the caller whose child is expected back within seven days or was expected before, and which a part has not
/// acknowledged. The first back comes first.
///
/// # Errors
/// A refusal of `access`.
pub fn returning(work: &mut Work<'_>) -> Result<Vec<Returning>> {
    let pass = access::scope(work, Action::ReadWarrn)?;
    let until = a_week_on(uk_date(work.now()));
    let found = records::lists::waiting(work, &pass, &ACKNOWLEDGEMENTS, whenever(), Some(until))?;
    let ids: Vec<CaseId> = found.iter().map(|r| r.id.case()).collect();
    let steps = cases::milestones_of(work, &pass, &ids)?;
    let waiting = |record: &WarrnEnvelope| {
        let open = steps.iter().filter(|m| m.case == record.id.case() && m.is_open());
        let mut parts: Vec<Part> = open
            .filter_map(|m| match m.kind.parse() {
                Ok(Step::AcknowledgeDsp) => Some(Part::Dsp),
                Ok(Step::AcknowledgeEp) => Some(Part::Ep),
                _ => None,
            })
            .collect();
        parts.sort_unstable();
        parts
    };
    Ok(found.into_iter().map(|record| Returning { waiting: waiting(&record), record }).collect())
}

/// The records whose acknowledgement waits for the caller, the longest here first.
///
/// # Errors
/// A refusal of `access`.
pub fn unacknowledged(work: &mut Work<'_>) -> Result<Vec<WarrnListed>> {
    let pass = access::scope(work, Action::ReadWarrn)?;
    let found = records::lists::waiting(work, &pass, &ACKNOWLEDGEMENTS, whenever(), None)?;
    let listed = with_mine(work, &pass, found)?;
    Ok(listed.into_iter().filter(|l| l.mine().is_some_and(|m| m.acknowledged_at.is_none())).collect())
}

/// Each record with the caller's own part in it.
pub(in crate::warrn) fn with_mine(
    work: &mut Work<'_>,
    pass: &Grant<Scope>,
    found: Vec<WarrnEnvelope>,
) -> Result<Vec<WarrnListed>> {
    let ids: Vec<_> = found.iter().map(|r| r.id).collect();
    let named = records::recipients_of(work, pass, &ids)?;
    let elsewhere = records::lists::moved(work, pass, &ids)?;
    let sent = records::lists::sent(work, pass, &ids)?;
    let in_emergency = records::lists::in_emergency(work, pass, &ids)?;
    let standing = access::standing(work)?;
    let now = work.now();
    let listed = found.into_iter().map(|record| {
        let of_this: Vec<_> = named.iter().filter(|(id, _)| *id == record.id).map(|(_, n)| n.clone()).collect();
        let is_own = !records_rules::own(&standing, record.school, &of_this, now).is_empty();
        let moved = elsewhere.iter().any(|(id, _)| *id == record.id);
        // In the order of `WarrnView::of`, so that a list and its records agree.
        let is_told = is_own || moved && pass.on().moved;
        if !is_told && in_emergency.contains(&record.id.case()) {
            return WarrnListed::Emergency(record);
        }
        if !is_told && sent.contains(&record.id.case()) {
            return WarrnListed::Sender(record);
        }
        let mine = records_rules::mine(&standing, &record, &of_this, now);
        WarrnListed::Reader { record, mine, moved: is_told.then_some(moved) }
    });
    Ok(listed.collect())
}

/// The steps of the caller's records that are due within so many days or late, the first due first. Only recipients have
/// any: a sender has nothing to do. The other part's acknowledgement is no step of theirs.
///
/// # Errors
/// A refusal of `access`.
pub fn own_steps(work: &mut Work<'_>, days: u32) -> Result<Vec<OwnStep>> {
    let pass = access::scope(work, Action::StepWarrn)?;
    let by: Utc = work.now().plus_hours(i64::from(days) * 24);
    let kinds: Vec<&'static str> = Step::ALL.iter().map(|s| s.as_str()).collect();
    let found = records::lists::waiting(work, &pass, &kinds, by, None)?;
    let ids: Vec<CaseId> = found.iter().map(|r| r.id.case()).collect();
    let listed = with_mine(work, &pass, found)?;
    let mut due = Vec::new();
    for milestone in cases::milestones_of(work, &pass, &ids)? {
        let step = store::clocked(&milestone)?;
        let Some(listed) = listed.iter().find(|l| l.record().id.case() == milestone.case) else { continue };
        let others = match step.step {
            Step::AcknowledgeDsp => listed.mine().is_some_and(|m| m.part != Part::Dsp),
            Step::AcknowledgeEp => listed.mine().is_some_and(|m| m.part != Part::Ep),
            _ => false,
        };
        if step.is_open() && !others && step.due_at.is_some_and(|at| at <= by) {
            due.push(OwnStep { record: listed.record().clone(), step });
        }
    }
    due.sort_by_key(|d| d.step.due_at);
    Ok(due)
}

/// Later than any clock is set.
fn whenever() -> Utc {
    Utc::from_date_hour(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX), 0)
}

/// The last of the seven days after a date. A week of the calendar would hide on a Friday who is back on Monday.
fn a_week_on(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(7)).unwrap_or(date)
}
