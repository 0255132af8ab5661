//! Taking a step.

use chrono::NaiveDate;

use crate::access::{self, Action, Grant, Role};
use crate::audit;
use crate::cases::{self, Milestone, NewMilestone, OfCase as _};
use crate::db::Work;
use crate::directory::calendar;
use crate::identity;
use crate::kernel::{Code, Error, FaultCode, Faults, MilestoneId, RecipientId, Result, Utc, WarrnId, uk_date};
use crate::notices::Recipient;
use crate::provision::{self, Ending};
use crate::pupils;
use crate::vault::{Place, Vault};
use crate::warrn::model::{NamedRecipient, Part, WarrnEnvelope};
use crate::warrn::service::{facts, object};
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;

use super::clocks::{SchoolClock, later};
use super::model::{Attendance, Progress, State, Step, TakeStep};
use super::rules::{self, SoundStep};
use super::service::{Why, clock_of, mark_done, note, open, person, reschedule, tell_others};
use super::store;

/// What a step left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The record's version now.
    pub version: i64,
    /// Which time this step was taken.
    pub turn: i64,
    /// Where the record stands now.
    pub state: State,
}

/// Where what is said at a step is sealed.
pub(super) const fn place(row: uuid::Uuid) -> Place {
    Place { table: "warrn_steps", column: "content", row }
}

/// Takes a step of the return: keeps what was said, sealed; ends the step's clock and sets the next one's.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; [`Code::StateConflict`] when the step can't be taken now;
/// [`Code::NotSustained`] when something is missing to close the record as sustained;
/// [`Code::VersionMismatch`] when the record has changed since the caller read it.
#[expect(clippy::needless_pass_by_value, reason = "a command is taken, as every other is")]
pub fn take_step(
    work: &mut Work<'_>,
    vault: &Vault,
    settings: &WarrnSettings,
    id: WarrnId,
    version: i64,
    taken: TakeStep,
) -> Result<Taken> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::StepWarrn, id, &known)?;
    let by = person(work)?;
    cases::lock_milestones(work, &pass)?;
    let record = records::envelope(work, &pass)?;
    let (now, today, step) = (work.now(), uk_date(work.now()), taken.step());
    let (case, mut progress, milestones) = store::progress(work, &pass)?;
    if record.version != version {
        return Err(Code::VersionMismatch.into());
    }
    if !rules::is_possible(&progress, step) {
        let refused = Error::from(Code::StateConflict);
        let by_provision = step == Step::Close && progress.provision_runs;
        return Err(if by_provision { refused.with_detail("special provision runs; end it first") } else { refused });
    }
    if let TakeStep::Close { outcome, .. } = &taken {
        rules::may_end(&progress, *outcome)?;
    }
    let mut faults = Faults::default();
    let sound = rules::check(taken.clone(), &progress, settings, today, &mut faults);
    let next = sound.as_ref().and_then(|s| s.timetable.as_ref()).map(|t| t.starts_on);
    if let (Some(next), Some(since)) = (next, provision::timetable_since(work, &pass)?)
        && progress.returned.is_some()
        && !rules::takes_over(since, next, today)
    {
        faults.add("/part_time_from", FaultCode::DateOutOfRange);
    }
    faults.finish()?;
    let Some(sound) = sound else { return Err(Error::internal("a step without a fault was not sound")) };

    let outcome = if let TakeStep::Close { outcome, .. } = &taken { Some(*outcome) } else { None };
    let version = cases::advance(work, &pass, version, outcome.map(super::Outcome::as_str))?;
    let turn = store::next_turn(work, &pass, step)?;
    let row = work.new_id();
    let content = match &sound.content {
        Some(said) => {
            let key = pupils::key(work, vault, case.pupil)?;
            Some(vault.seal(&key, place(row), said, work.chance())?)
        }
        None => None,
    };
    let SoundStep { held_on, next_on, part_time_until, attendance, timetable, .. } = sound;
    store::add_note(
        work,
        &pass,
        store::NewNote { id: row, step, turn, held_on, next_on, part_time_until, attendance, content, by },
    )?;
    if let Some(open) = open(&milestones, step) {
        cases::complete(work, &pass, open.id)?;
    }
    mark_done(&mut progress, step, now);

    let calendar = calendar::load(work, &settings.calendar)?;
    let mut next =
        Next { pass: &pass, clock: clock_of(&calendar, record.school, settings), milestones: &milestones, now };
    match &taken {
        TakeStep::RiskAssessment { .. } | TakeStep::ReturnMeeting { .. } => {}
        TakeStep::ReturnPlan { review_on, .. } => {
            let part_time = timetable.is_some();
            if let Some(timetable) = timetable {
                let last = timetable.starts_on.pred_opt().map_or(today, |before| before.min(today));
                provision::end_timetables(work, vault, &pass, (last, Ending::Extended))?;
                provision::begin(work, vault, &settings.provision, &pass, timetable)?;
            }
            next.after_plan(work, &progress, *review_on, part_time)?;
        }
        TakeStep::Return { on, attendance } => {
            store::set_returned(work, &pass, *on, *attendance)?;
            progress.returned = Some((*on, *attendance));
            next.after_return(work, &progress, *on, *attendance)?;
        }
        TakeStep::FullTime { on } => {
            if open(&milestones, step).is_none() {
                next.has_become(work, &progress, step)?;
            }
            store::set_attendance(work, &pass, Attendance::FullTime)?;
            provision::end_timetables(work, vault, &pass, (on.pred_opt().unwrap_or(*on), Ending::FullTime))?;
        }
        TakeStep::Review { held_on, .. } => next.after_review(work, &progress, *held_on, next_on)?,
        TakeStep::Close { outcome, .. } => {
            cases::drop_open(work, &pass)?;
            progress.closed = Some((now, *outcome));
            leave_to_school(work, &pass, &record, now.plus_hours(24 * i64::from(settings.read_after_closing_days)))?;
        }
    }
    let state = progress.state();
    note(work, &pass, id, step.as_str(), state)?;
    // How it ended is said in the record alone, which can be disposed of.
    audit::record(work, "warrn.step", object(&record), format!("{step} {turn}"));
    if matches!(step, Step::ReturnPlan | Step::Return | Step::Close) {
        tell_others(work, &pass, &record, &format!("{step}:{turn}"))?;
    }
    Ok(Taken { version, turn, state })
}

/// Ends, at an instant to come, the recipients of a closed record who are not the school's. Its DSPs need the plan and the
/// reviews afterwards; a psychologist or a safeguarding lead who does too asks them, or breaks the glass. Where the school
/// has nobody, those who stood in for its DSP stay.
pub(super) fn leave_to_school(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    record: &WarrnEnvelope,
    at: Utc,
) -> Result<()> {
    let dsps = identity::holders(work, Role::Dsp, record.school)?;
    let named = records::recipients(work, pass)?;
    let is_school =
        |n: &NamedRecipient| n.part == Part::Dsp && dsps.iter().any(|(person, _)| Recipient::Person(*person) == n.to);
    let has_school = named.iter().any(|n| is_school(n) && n.in_force(work.now()));
    let others = named.iter().filter(|n| n.part == Part::Ep || (has_school && !is_school(n)));
    let others: Vec<RecipientId> = others.map(|n| n.id).collect();
    records::end(work, pass, &others, at)
}

/// Sets the clocks that follow from a step.
struct Next<'a> {
    pass: &'a Grant<WarrnId>,
    clock: SchoolClock<'a>,
    milestones: &'a [Milestone],
    now: Utc,
}

impl Next<'_> {
    /// A part-time timetable has the clocks of the reduced timetable it is kept as, and a review that would come after the
    /// plan's own date comes then.
    fn after_plan(
        &mut self,
        work: &mut Work<'_>,
        progress: &Progress,
        review_on: NaiveDate,
        part_time: bool,
    ) -> Result<()> {
        match (part_time, open(self.milestones, Step::FullTime)) {
            (true, Some(before)) => cases::drop_step(work, self.pass, Step::FullTime.as_str(), before.turn)?,
            // A plan without a part-time timetable ends the one that a return began. One that was agreed, with consent, is
            // ended where it is kept.
            (false, Some(ended)) => {
                cases::drop_step(work, self.pass, Step::FullTime.as_str(), ended.turn)?;
                if progress.returned.is_some() {
                    store::set_attendance(work, self.pass, Attendance::FullTime)?;
                }
            }
            (_, None) => {}
        }
        let due = self.clock.end_of(review_on, self.now);
        match open(self.milestones, Step::Review) {
            Some(review) if review.due_at.is_none_or(|at| due < at) => {
                cases::reschedule(work, self.pass, review.id, Some(due))
            }
            // The last review was held; before the return, the return sets the clock of the first by the plan's date.
            None if progress.returned.is_some() => self.set(work, progress, Step::Review, review_on),
            _ => Ok(()),
        }
    }

    /// What was left out before the return is due now; the first review and the end of a part-time timetable get clocks.
    fn after_return(
        &mut self,
        work: &mut Work<'_>,
        progress: &Progress,
        on: NaiveDate,
        attendance: Attendance,
    ) -> Result<()> {
        reschedule(work, self.pass, self.clock, progress, &self.left_open(), Why::DateMoved)?;
        let plan = store::plan_review_on(work, self.pass)?;
        let review_on = self.clock.first_review_on(on, plan);
        self.set(work, progress, Step::Review, review_on)?;
        match (attendance, open(self.milestones, Step::FullTime)) {
            (Attendance::FullTime, Some(ended)) => cases::complete(work, self.pass, ended.id).map(|_| ()),
            (Attendance::PartTime, None) if provision::timetable_since(work, self.pass)?.is_none() => {
                let until = later(on, self.clock.clocks.part_time_weeks * 7);
                self.set(work, progress, Step::FullTime, until)
            }
            _ => Ok(()),
        }
    }

    /// The next review, or after the last of them the closing.
    fn after_review(
        &mut self,
        work: &mut Work<'_>,
        progress: &Progress,
        held_on: NaiveDate,
        asked: Option<NaiveDate>,
    ) -> Result<()> {
        let returned = progress.returned.map_or(held_on, |(on, _)| on);
        if let Some(on) = self.clock.next_review_on(returned, held_on, asked) {
            return self.set(work, progress, Step::Review, on);
        }
        if open(self.milestones, Step::Close).is_some() {
            return Ok(());
        }
        let due = self.clock.days_after(Step::Close, self.now, self.clock.clocks.close_within);
        self.insert(work, progress, Step::Close, due.value)
    }

    /// The open milestones but the return's own, which is done.
    fn left_open(&self) -> Vec<Milestone> {
        self.milestones.iter().filter(|m| m.kind != Step::Return.as_str()).cloned().collect()
    }

    /// Lets a step be due at the end of a day: the open one, unless it was just done, or a new one.
    fn set(&mut self, work: &mut Work<'_>, progress: &Progress, step: Step, on: NaiveDate) -> Result<()> {
        let due = self.clock.end_of(on, self.now);
        match open(self.milestones, step).filter(|m| progress.open(step).is_some_and(|s| s.turn == m.turn)) {
            Some(open) => cases::reschedule(work, self.pass, open.id, Some(due)),
            None => self.insert(work, progress, step, due),
        }
    }

    fn insert(&mut self, work: &mut Work<'_>, progress: &Progress, step: Step, due: Utc) -> Result<()> {
        self.add(work, progress, step, Some(due)).map(|_| ())
    }

    /// Keeps when a step was done that had no clock of its own: the end of a timetable that was agreed has one where it is kept.
    fn has_become(&mut self, work: &mut Work<'_>, progress: &Progress, step: Step) -> Result<()> {
        let id = self.add(work, progress, step, None)?;
        cases::complete(work, self.pass, id).map(|_| ())
    }

    fn add(
        &mut self,
        work: &mut Work<'_>,
        progress: &Progress,
        step: Step,
        due_at: Option<Utc>,
    ) -> Result<MilestoneId> {
        let new = NewMilestone { kind: step.as_str(), turn: progress.next_turn(step), due_at };
        cases::set_milestone(work, self.pass, self.pass.id().case(), &new)
    }
}
