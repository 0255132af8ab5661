//! Beginning a return's clocks, and moving them with its date.

use chrono::NaiveDate;

use crate::access::{self, Action, Grant};
use crate::audit;
use crate::cases::{self, Milestone, NewEvent, NewMilestone, OfCase as _};
use crate::db::Work;
use crate::directory::calendar;
use crate::kernel::{Calendar, Code, Error, FaultCode, Faults, Result, SchoolId, Utc, WarrnId, uk_date};
use crate::notices::Recipient;
use crate::pupils;
use crate::vault::Vault;
use crate::warrn::model::{Part, WarrnEnvelope};
use crate::warrn::recipients::tell_news;
use crate::warrn::service::{facts, object};
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;

use super::clocks::SchoolClock;
use super::model::{Progress, Source, State, Step};
use super::store;

/// A return further off than this, either way, is a slip of the keyboard (the product's own bound).
const RETURN_DAYS: i64 = 366;

/// The steps that wait from the start.
const FIRST: [Step; 6] = [
    Step::AcknowledgeDsp,
    Step::AcknowledgeEp,
    Step::RiskAssessment,
    Step::ReturnMeeting,
    Step::ReturnPlan,
    Step::Return,
];

/// Sets the clocks of a new record and opens its timeline.
pub(in crate::warrn) fn begin(
    work: &mut Work<'_>,
    pass: &Grant<()>,
    settings: &WarrnSettings,
    (version, calendar): (i64, &Calendar),
    record: &WarrnEnvelope,
    from: (Source, NaiveDate),
) -> Result<()> {
    store::insert(work, pass, record.id, from, version)?;
    let clock = SchoolClock { calendar, school: record.school, clocks: &settings.clocks };
    for step in FIRST {
        let due = clock.due(step, record.received_at, record.expected_return_on, work.now());
        let new = NewMilestone { kind: step.as_str(), turn: 1, due_at: due.map(|d| d.value) };
        cases::set_milestone(work, pass, record.id.case(), &new)?;
    }
    note(work, pass, record.id, "received", State::Received)
}

/// Lets the clocks of a record that was handed over follow it to its school: these parts are acknowledged anew, and what
/// waits up to the return is counted by the school's own days. With the word of the timeline.
pub(in crate::warrn) fn follow(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    clock: SchoolClock<'_>,
    (parts, event): (&[Part], &'static str),
) -> Result<Progress> {
    for part in parts {
        let step = Step::acknowledgement_of(*part);
        let (_, progress, milestones) = store::progress(work, pass)?;
        let due_at = anew(clock, step, &progress, work.now());
        if let Some(open) = open(&milestones, step) {
            cases::reschedule(work, pass, open.id, due_at)?;
        } else {
            let new = NewMilestone { kind: step.as_str(), turn: progress.next_turn(step), due_at };
            cases::set_milestone(work, pass, pass.id().case(), &new)?;
        }
    }
    let (_, progress, milestones) = store::progress(work, pass)?;
    let acknowledging = |m: &Milestone| parts.iter().any(|p| m.kind == Step::acknowledgement_of(*p).as_str());
    let others: Vec<Milestone> = milestones.into_iter().filter(|m| !acknowledging(m)).collect();
    reschedule(work, pass, clock, &progress, &others, Why::DateMoved)?;
    note(work, pass, pass.id(), event, progress.state())?;
    Ok(store::progress(work, pass)?.1)
}

/// By when a part acknowledges whose recipients are named now.
pub(in crate::warrn) fn acknowledge_by(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    clock: SchoolClock<'_>,
    part: Part,
) -> Result<Utc> {
    let (_, progress, _) = store::progress(work, pass)?;
    Ok(anew(clock, Step::acknowledgement_of(part), &progress, work.now()).unwrap_or_else(|| work.now()))
}

/// By when a step is due that somebody has to take from now on.
pub(super) fn anew(clock: SchoolClock<'_>, step: Step, progress: &Progress, now: Utc) -> Option<Utc> {
    clock.due(step, now, progress.presses_towards(step), now).map(|due| due.value)
}

/// Marks a part's acknowledgement as done.
pub(in crate::warrn) fn acknowledged(work: &mut Work<'_>, pass: &Grant<WarrnId>, part: Part) -> Result<()> {
    let step = Step::acknowledgement_of(part);
    let (_, mut progress, milestones) = store::progress(work, pass)?;
    if let Some(open) = open(&milestones, step) {
        cases::complete(work, pass, open.id)?;
        mark_done(&mut progress, step, work.now());
        note(work, pass, pass.id(), step.as_str(), progress.state())?;
    }
    Ok(())
}

/// As the progress will read once the step is stored as done.
pub(super) fn mark_done(progress: &mut Progress, step: Step, now: Utc) {
    if let Some(open) = progress.steps.iter_mut().find(|s| s.step == step && s.is_open()) {
        open.done_at = Some(now);
    }
}

/// The open milestone of a step.
pub(super) fn open(milestones: &[Milestone], step: Step) -> Option<&Milestone> {
    milestones.iter().find(|m| m.kind == step.as_str() && m.is_open())
}

/// An event on a record's timeline.
pub(super) fn note<T>(
    work: &mut Work<'_>,
    pass: &Grant<T>,
    id: WarrnId,
    kind: &'static str,
    state: State,
) -> Result<()> {
    let event = NewEvent { id: work.new_id(), case: id.case(), kind, state: state.as_str(), reason: None, note: None };
    cases::add_event(work, pass, event)
}

/// What a moved return date left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The record's version now.
    pub version: i64,
    /// How many clocks moved with it.
    pub clocks: usize,
}

/// Says on which day the pupil is expected back, or that nobody knows. The open clocks move with it; the dates before and
/// after are on the timeline, sealed, and the other recipients are told.
///
/// # Errors
/// [`Code::StateConflict`] when the pupil is back already or the record is closed; [`Code::VersionMismatch`].
pub fn move_return(
    work: &mut Work<'_>,
    vault: &Vault,
    settings: &WarrnSettings,
    id: WarrnId,
    version: i64,
    on: Option<NaiveDate>,
) -> Result<Moved> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::MoveWarrnReturn, id, &known)?;
    cases::lock_milestones(work, &pass)?;
    let record = records::envelope(work, &pass)?;
    let mut faults = Faults::default();
    if on.is_some_and(|date| (date - uk_date(work.now())).num_days().abs() > RETURN_DAYS) {
        faults.add("/expected_return_on", FaultCode::DateOutOfRange);
    }
    faults.finish()?;
    if record.version != version {
        return Err(Code::VersionMismatch.into());
    }
    let (case, mut progress, milestones) = store::progress(work, &pass)?;
    if progress.returned.is_some() || progress.closed.is_some() {
        return Err(Code::StateConflict.into());
    }
    let version = cases::advance(work, &pass, version, None)?;
    store::set_expected(work, &pass, on)?;
    let before = progress.expected_return_on;
    progress.expected_return_on = on;
    let calendar = calendar::load(work, &settings.calendar)?;
    let clock = SchoolClock { calendar: &calendar, school: record.school, clocks: &settings.clocks };
    let clocks = reschedule(work, &pass, clock, &progress, &milestones, Why::DateMoved)?;

    let key = pupils::key(work, vault, case.pupil)?;
    let event = work.new_id();
    let date = |d: Option<NaiveDate>| d.map_or_else(|| "-".to_owned(), |d| d.to_string());
    let said = format!("{} → {}", date(before), date(on));
    let said = vault.seal(&key, case.kind.note_place(event), &said, work.chance())?;
    let state = progress.state().as_str();
    let event = NewEvent { id: event, case: id.case(), kind: "return_moved", state, reason: None, note: Some(said) };
    cases::add_event(work, &pass, event)?;
    audit::record(work, "warrn.move_return", object(&record), format!("clocks {clocks}"));
    tell_others(work, &pass, &record, &format!("moved:{version}"))?;
    Ok(Moved { version, clocks })
}

/// Why clocks are counted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The return is on another day, or was.
    DateMoved,
    /// The calendar has other school days.
    CalendarChanged,
}

/// Gives every open clock up to the return the time it has by what is known now. Says how many moved.
pub(super) fn reschedule(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    clock: SchoolClock<'_>,
    progress: &Progress,
    milestones: &[Milestone],
    why: Why,
) -> Result<usize> {
    let now = work.now();
    let mut moved = 0;
    for step in FIRST {
        let Some(open) = open(milestones, step) else { continue };
        let expected = progress.presses_towards(step);
        // Taken back, and without a day to come: counted from then, which nothing keeps.
        let is_adrift = step == Step::Return && expected.is_none() && open.turn > 1;
        if is_adrift && why == Why::CalendarChanged {
            continue;
        }
        let from = match step {
            Step::AcknowledgeDsp | Step::AcknowledgeEp => named_since(work, pass, step.part())?,
            _ if is_adrift => Some(now),
            _ => None,
        };
        let from = from.unwrap_or(progress.received_at);
        let due = match why {
            Why::DateMoved => clock.due(step, from, expected, now).map(|d| d.value),
            Why::CalendarChanged => clock.recounted(step, from, expected, (open.due_at, now)),
        };
        if due == open.due_at {
            continue;
        }
        cases::reschedule(work, pass, open.id, due)?;
        if let (Step::AcknowledgeDsp | Step::AcknowledgeEp, Some(due)) = (step, due) {
            store::move_due(work, pass, step.part(), due)?;
        }
        moved += 1;
    }
    Ok(moved)
}

/// Since when a part's first recipient is named: with the record, or in the place of who left.
fn named_since(work: &mut Work<'_>, pass: &Grant<WarrnId>, part: Part) -> Result<Option<Utc>> {
    let now = work.now();
    let named = records::recipients(work, pass)?;
    let first = named.iter().filter(|n| n.part == part && n.stage == 0 && n.in_force(now));
    Ok(first.map(|n| n.begins_at).max())
}

/// Tells a record's recipients in force, but for the caller, that there is news. `what` is the change, in words of ours.
pub(super) fn tell_others(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    record: &WarrnEnvelope,
    what: &str,
) -> Result<()> {
    let (now, actor) = (work.now(), work.caller().actor);
    let own = access::standing(work)?;
    let mut told: Vec<Recipient> = Vec::new();
    for named in records::recipients(work, pass)?.into_iter().filter(|n| n.in_force(now)) {
        let is_caller = match named.to {
            Recipient::Person(person) => actor.uuid() == Some(person.uuid()),
            Recipient::Officer(officer) => own.officers().any(|o| o == officer),
        };
        if is_caller || told.contains(&named.to) {
            continue;
        }
        told.push(named.to);
        tell_news(work, record, named.to, what)?;
    }
    Ok(())
}

/// The clock of a school, for who has loaded a calendar.
pub(super) const fn clock_of<'a>(
    calendar: &'a Calendar,
    school: SchoolId,
    settings: &'a WarrnSettings,
) -> SchoolClock<'a> {
    SchoolClock { calendar, school, clocks: &settings.clocks }
}

/// The person who takes a step: nobody else can.
pub(super) fn person(work: &Work<'_>) -> Result<crate::kernel::PersonId> {
    match work.caller().actor {
        crate::kernel::Actor::Person(person) => Ok(person),
        _ => Err(Error::new(Code::Forbidden)),
    }
}
