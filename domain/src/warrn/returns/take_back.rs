//! Taking back a return that was noted by mistake: on the wrong day, of the wrong child, or of a child who did not come.

use crate::access::{self, Action};
use crate::audit;
use crate::cases::{self, NewEvent, NewMilestone, OfCase as _};
use crate::db::Work;
use crate::directory::calendar;
use crate::kernel::{Code, Error, Faults, Result, WarrnId};
use crate::pupils;
use crate::vault::Vault;
use crate::warrn::service::{facts, object};
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;

use super::model::Step;
use super::service::{Why, clock_of, open, person, reschedule, tell_others};
use super::steps::Taken;
use super::{rules, store};

/// Takes the return back: the pupil is not back, the step waits again until the expected day, and the first review and a
/// part-time timetable that began with the return have no clock any more. What was noted stays in the file, marked; why it
/// was taken back is on the timeline, sealed. The next return is noted as any other.
///
/// # Errors
/// [`Code::InvalidBody`] when no sound reason is given; [`Code::ReturnReviewed`] when a review was held since;
/// [`Code::StateConflict`] when the pupil is not back, attends full time since, or the record is closed; [`Code::VersionMismatch`].
pub fn take_back_return(
    work: &mut Work<'_>,
    vault: &Vault,
    settings: &WarrnSettings,
    id: WarrnId,
    version: i64,
    reason: &str,
) -> Result<Taken> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::StepWarrn, id, &known)?;
    person(work)?;
    cases::lock_milestones(work, &pass)?;
    let record = records::envelope(work, &pass)?;
    let (case, mut progress, milestones) = store::progress(work, &pass)?;
    if record.version != version {
        return Err(Code::VersionMismatch.into());
    }
    rules::may_take_back(&progress)?;
    let mut faults = Faults::default();
    let reason = rules::reason(reason, &mut faults);
    faults.finish()?;
    let Some(reason) = reason else { return Err(Error::internal("a reason without a fault was not sound")) };

    let version = cases::advance(work, &pass, version, None)?;
    store::clear_returned(work, &pass)?;
    progress.returned = None;
    let calendar = calendar::load(work, &settings.calendar)?;
    let clock = clock_of(&calendar, record.school, settings);
    if let Some(review) = open(&milestones, Step::Review) {
        cases::drop_step(work, &pass, Step::Review.as_str(), review.turn)?;
    }
    // One that a plan names is kept as a reduced timetable and lasts as agreed; one that only began with the return goes
    // with it.
    if let Some(part_time) = open(&milestones, Step::FullTime) {
        cases::drop_step(work, &pass, Step::FullTime.as_str(), part_time.turn)?;
    }
    // What was left out before the return presses towards the expected day again.
    reschedule(work, &pass, clock, &progress, &milestones, Why::DateMoved)?;
    // Without a day somebody has as long to find it out as with a record that comes now.
    let due = clock.due(Step::Return, work.now(), progress.expected_return_on, work.now());
    let turn = progress.next_turn(Step::Return);
    let again = NewMilestone { kind: Step::Return.as_str(), turn, due_at: due.map(|d| d.value) };
    cases::set_milestone(work, &pass, id.case(), &again)?;

    let key = pupils::key(work, vault, case.pupil)?;
    let event = work.new_id();
    let said = vault.seal(&key, case.kind.note_place(event), &reason, work.chance())?;
    let (kind, state) = ("return_taken_back", progress.state());
    let event = NewEvent { id: event, case: id.case(), kind, state: state.as_str(), reason: None, note: Some(said) };
    cases::add_event(work, &pass, event)?;
    audit::record(work, "warrn.take_back_return", object(&record), format!("return {}", turn - 1));
    tell_others(work, &pass, &record, &format!("taken_back:{version}"))?;
    Ok(Taken { version, turn, state })
}
