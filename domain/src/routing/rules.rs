//! The decision. Total and deterministic: the order of the contact list does not matter.

use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::directory::officers::{Coverage, Officer};
use crate::kernel::OfficerId;

use super::model::{Decision, Item, Reason, Step, Target};

/// How closely a kind of coverage names the school: the school itself, its cluster, its phase or language, every school.
fn closeness(coverage: &Coverage, item: &Item) -> Option<u8> {
    match coverage {
        Coverage::School(number) => (*number == item.school).then_some(3),
        Coverage::Cluster(cluster) => (item.cluster.as_ref() == Some(cluster)).then_some(2),
        Coverage::Phase(phase) => (*phase == item.phase).then_some(1),
        Coverage::Medium(medium) => (*medium == item.medium).then_some(1),
        Coverage::All => Some(0),
    }
}

/// An officer who works for the service and covers the school.
struct Candidate<'a> {
    officer: &'a Officer,
    closeness: u8,
    in_area: bool,
}

/// What became of a candidate's turn.
fn take(candidate: &Officer, officers: &[Officer], on: NaiveDate, steps: &mut Vec<Step>) -> Option<OfficerId> {
    let mut step = |code, officer, instead_of| steps.push(Step { code, officer: Some(officer), instead_of });
    if !candidate.is_absent_on(on) {
        step(Reason::Chosen, candidate.id, None);
        return Some(candidate.id);
    }
    step(Reason::Absent, candidate.id, None);
    let mut asked = vec![candidate.id];
    let mut next = candidate.deputy;
    while let Some(id) = next {
        let instead_of = asked.last().copied();
        if asked.contains(&id) {
            step(Reason::DeputyLoop, id, instead_of);
            return None;
        }
        let Some(deputy) = officers.iter().find(|o| o.id == id && o.listed) else {
            step(Reason::DeputyNotListed, id, instead_of);
            return None;
        };
        if !deputy.is_absent_on(on) {
            step(Reason::DeputyUsed, id, instead_of);
            return Some(id);
        }
        step(Reason::DeputyAbsent, id, instead_of);
        asked.push(id);
        next = deputy.deputy;
    }
    None
}

/// Decides who gets the item on this day.
///
/// Of the listed officers who work for the service, those who cover the school: the closest coverage first, then who
/// looks after the item's area, then by id. The first who is present gets it; for an absent one their deputies are
/// asked, and then the next in order. Nobody at all: the service's queue.
#[must_use]
pub fn decide(item: &Item, officers: &[Officer], on: NaiveDate) -> Decision {
    let mut serving: Vec<&Officer> =
        officers.iter().filter(|o| o.listed && o.services.contains(&item.service)).collect();
    serving.sort_by_key(|o| o.id);
    let mut steps = Vec::new();
    let mut candidates = Vec::new();
    for officer in serving {
        match officer.coverage.iter().filter_map(|c| closeness(c, item)).max() {
            Some(closeness) => {
                let in_area = item.key_area.is_some_and(|a| officer.areas.contains(&a));
                candidates.push(Candidate { officer, closeness, in_area });
            }
            None => steps.push(Step { code: Reason::NotCovering, officer: Some(officer.id), instead_of: None }),
        }
    }
    candidates.sort_by_key(|c| (Reverse(c.closeness), Reverse(c.in_area), c.officer.id));
    let none = if candidates.is_empty() { Reason::NoCandidate } else { Reason::NobodyPresent };
    let mut rest = candidates.iter();
    for candidate in rest.by_ref() {
        if let Some(chosen) = take(candidate.officer, officers, on, &mut steps) {
            steps.extend(rest.map(|other| passed_over(candidate, other)));
            return Decision { to: Target::Officer(chosen), steps };
        }
    }
    steps.push(Step { code: none, officer: None, instead_of: None });
    Decision { to: Target::Queue(item.queue.clone()), steps }
}

/// Why `other` did not get its turn after `winner` had.
fn passed_over(winner: &Candidate<'_>, other: &Candidate<'_>) -> Step {
    let code = if other.closeness < winner.closeness {
        Reason::LessSpecific
    } else if other.in_area != winner.in_area {
        Reason::OtherArea
    } else {
        Reason::LaterInOrder
    };
    Step { code, officer: Some(other.officer.id), instead_of: None }
}

#[cfg(test)]
mod tests;
