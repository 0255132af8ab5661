//! Reading a return: how far it is, for who may know of it; what was said, for recipients alone.

use crate::access::{self, Action};
use crate::audit::{self, Reading};
use crate::cases::{self, Event};
use crate::db::Work;
use crate::kernel::{Result, WarrnId};
use crate::pupils;
use crate::vault::Vault;
use crate::warrn::model::WarrnEnvelope;
use crate::warrn::service::{facts, object};
use crate::warrn::store as records;

use super::model::{Noted, Outcome, Progress, Step};
use super::steps::place;
use super::{rules, store};

/// All there is of a return, for a recipient.
#[derive(Debug, Clone)]
pub struct ReturnFile {
    /// The record.
    pub record: WarrnEnvelope,
    /// How far it is.
    pub progress: Progress,
    /// The steps that can be taken now.
    pub possible: Vec<Step>,
    /// The outcomes it can be closed with now.
    pub outcomes: Vec<Outcome>,
    /// What was said at each step, oldest first.
    pub notes: Vec<Noted>,
    /// What happened, oldest first, each with what was said with it.
    pub timeline: Vec<Happened>,
}

/// An event with its note, opened.
#[derive(Clone)]
pub struct Happened {
    /// What happened.
    pub event: Event,
    /// What was said with it.
    pub note: Option<String>,
}

impl std::fmt::Debug for Happened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Happened({})", self.event.kind)
    }
}

/// How far a return is, for recipients and the sender: steps and dates, and nothing that was said. On record, as knowing
/// of a record is.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`] for everybody else.
pub fn progress(work: &mut Work<'_>, id: WarrnId) -> Result<(WarrnEnvelope, Progress)> {
    progress_after(work, Action::ReadWarrn, id)
}

/// The same for somebody who just did this to it: a system that may only write is told what its change made.
///
/// # Errors
/// A refusal of that action.
pub fn progress_after(work: &mut Work<'_>, done: Action, id: WarrnId) -> Result<(WarrnEnvelope, Progress)> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, done, id, &known)?;
    let record = records::envelope(work, &pass)?;
    let (_, progress, _) = store::progress(work, &pass)?;
    audit::read(work, Reading::WarrnSteps, object(&record), pass.basis());
    Ok((record, progress))
}

/// The whole file of a return, opened for a recipient. On record before the bytes leave: call it inside
/// [`crate::db::Db::write`].
///
/// # Errors
/// [`crate::kernel::Code::Forbidden`] for the sender; [`crate::kernel::Code::NotFound`] for everybody else.
pub fn return_file(work: &mut Work<'_>, vault: &Vault, id: WarrnId) -> Result<ReturnFile> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::ReadWarrnContent, id, &known)?;
    let record = records::envelope(work, &pass)?;
    let (case, progress, _) = store::progress(work, &pass)?;
    let key = pupils::key(work, vault, case.pupil)?;
    let mut notes = Vec::new();
    let stored = store::notes(work, &pass)?;
    let last_return = stored.iter().filter(|n| n.step == Step::Return).map(|n| n.turn).max();
    for stored in stored {
        let stands = progress.returned.is_some() && Some(stored.turn) == last_return;
        let said = |sealed| vault.open(&pass, &key, place(stored.id), sealed);
        notes.push(Noted {
            step: stored.step,
            turn: stored.turn,
            held_on: stored.held_on,
            next_on: stored.next_on,
            part_time_until: stored.part_time_until,
            attendance: stored.attendance,
            taken_back: stored.step == Step::Return && !stands,
            content: stored.content.as_ref().map(said).transpose()?,
            noted_at: stored.noted_at,
            noted_by: stored.noted_by,
        });
    }
    let mut timeline = Vec::new();
    for stored in cases::events(work, &pass)? {
        let place = case.kind.note_place(stored.id);
        let note = stored.note.as_ref().map(|sealed| vault.open(&pass, &key, place, sealed)).transpose()?;
        timeline.push(Happened { event: stored.event, note });
    }
    let (possible, outcomes) = (rules::possible(&progress), rules::outcomes(&progress));
    audit::read(work, Reading::WarrnFile, object(&record), pass.basis());
    Ok(ReturnFile { record, progress, possible, outcomes, notes, timeline })
}
