//! The clocks: a step that is late is told to the part's deputy, then to the authority's safeguarding leads, and to them
//! again from time to time until it is done. A date of special provision that passed is told to the record's recipients
//! first, then to the deputy and the leads at once: it is a promise for a child at school, not a part's own step.

use crate::access::{self, Action, Grant};
use crate::audit;
use crate::cases::{self, Milestone};
use crate::db::Work;
use crate::kernel::{Calendar, Result, Utc, WarrnId};
use crate::notices::Recipient;
use crate::warrn::model::{NamedRecipient, Part, WarrnEnvelope};
use crate::warrn::recipients::{Late, is_there, leads, named_from, next_deputy, tell_late};
use crate::warrn::service::{facts, object};
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;

use super::model::{Clocked, State, Step};
use super::service::{clock_of, note};
use super::store;

/// Tells the next in line of every late step of a record: the deputy of its part, who is named in the record with it; once
/// more, and by the morning of the return, all of the authority's safeguarding leads. A part without a deputy, and what
/// should have been done before a return that has come, goes to the leads at once. Each telling is on the timeline, once for
/// each step however many workers run. Says how many steps it dealt with.
pub(super) fn escalate(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    calendar: &Calendar,
    pass: &Grant<WarrnId>,
) -> Result<usize> {
    let overdue = cases::lock_late(work, pass)?;
    for late in &overdue {
        tell_of(work, settings, calendar, late)?;
    }
    Ok(overdue.len())
}

/// The stage of a step, and of a recipient, at which the authority's safeguarding leads have it.
const LEADS: i64 = 2;

/// A late step of a record, and who is in it already.
struct Telling<'a> {
    pass: Grant<WarrnId>,
    record: WarrnEnvelope,
    late: &'a Milestone,
    step: Clocked,
    state: State,
    /// When the one after is told: as many days later as the settings say, or on the morning of the return.
    next_at: Utc,
    /// That morning has come: the deputy and the leads are told at once.
    presses: bool,
    /// When the leads are told again of what is still not done.
    leads_again_at: Utc,
    named: Vec<NamedRecipient>,
}

fn tell_of(work: &mut Work<'_>, settings: &WarrnSettings, calendar: &Calendar, late: &Milestone) -> Result<()> {
    let id = WarrnId::from_uuid(late.case.uuid());
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::ReadWarrn, id, &known)?;
    let record = records::envelope(work, &pass)?;
    let (_, progress, _) = store::progress(work, &pass)?;
    let step = store::clocked(late)?;
    let clock = clock_of(calendar, record.school, settings);
    let next_telling = clock.next_telling(step.step, progress.presses_towards(step.step), work.now());
    let by_count = clock.days_after(step.step, work.now(), settings.clocks.tell_again_within).value;
    let leads_again_at = clock.days_after(step.step, work.now(), settings.clocks.tell_leads_again_within.max(1)).value;
    let (next_at, presses) = (next_telling.unwrap_or(by_count), next_telling.is_none());
    let named = records::recipients(work, &pass)?;
    let telling =
        Telling { pass, record, late, step, state: progress.state(), next_at, presses, leads_again_at, named };
    telling.run(work)
}

/// Who was told, for the audit record, and the event of the timeline.
type Told = (&'static str, &'static str);

impl Telling<'_> {
    fn part(&self) -> Part {
        self.step.step.part()
    }

    fn run(&self, work: &mut Work<'_>) -> Result<()> {
        let (how, event) =
            if self.step.step.is_of_provision() { self.tell_of_provision(work)? } else { self.tell_of_step(work)? };
        if matches!(self.step.step, Step::AcknowledgeDsp | Step::AcknowledgeEp) {
            records::mark_escalated(work, &self.pass, self.part())?;
        }
        cases::advance(work, &self.pass, self.record.version, None)?;
        note(work, &self.pass, self.pass.id(), event, self.state)?;
        audit::record(work, "warrn.escalate", object(&self.record), format!("{}={how}", self.step.step));
        Ok(())
    }

    /// To the part's deputy; the second time, or for want of one, to the leads. To both when the pupil is back by now or
    /// should be.
    fn tell_of_step(&self, work: &mut Work<'_>) -> Result<Told> {
        let deputy = if self.late.stage == 0 { self.deputy(work)? } else { None };
        let Some((deputy, stage)) = deputy else { return self.tell_leads(work) };
        cases::stage_up(work, &self.pass, self.late.id, 1, Some(self.next_at))?;
        self.name(work, deputy, stage)?;
        // For want of leads the deputy has it, and the clock goes on.
        if self.presses && !leads(work)?.is_empty() {
            self.tell_leads(work)?;
            return Ok(("deputy_and_leads", "escalated_to_leads"));
        }
        Ok(("deputy", "escalated_to_deputy"))
    }

    /// To the recipients; the second time, or for want of any, to the deputy and the leads.
    fn tell_of_provision(&self, work: &mut Work<'_>) -> Result<Told> {
        if self.late.stage == 0 && self.tell_recipients(work)? > 0 {
            cases::stage_up(work, &self.pass, self.late.id, 1, Some(self.next_at))?;
            return Ok(("recipients", "told_recipients"));
        }
        if self.late.stage < LEADS
            && let Some((deputy, stage)) = self.deputy(work)?
        {
            self.name(work, deputy, stage)?;
        }
        self.tell_leads(work)
    }

    /// To all of the authority's safeguarding leads, and to them again while the step is not done. While there are none the
    /// clock goes on, and looks again.
    fn tell_leads(&self, work: &mut Work<'_>) -> Result<Told> {
        let leads = leads(work)?;
        for lead in &leads {
            self.name(work, *lead, LEADS)?;
        }
        if leads.is_empty() {
            cases::stage_up(work, &self.pass, self.late.id, self.late.stage, Some(self.next_at))?;
            tracing::error!(
                part = self.part().as_str(),
                "a step of a WARRN record is overdue and there is neither a deputy nor a safeguarding lead to tell"
            );
            return Ok(("nobody", "escalated_to_nobody"));
        }
        cases::stage_up(work, &self.pass, self.late.id, LEADS, Some(self.leads_again_at))?;
        let how = if self.late.stage < LEADS { "safeguarding_lead" } else { "safeguarding_lead_again" };
        Ok((how, "escalated_to_leads"))
    }

    /// Tells the record's recipients in force that a date passed; says how many there are.
    fn tell_recipients(&self, work: &mut Work<'_>) -> Result<usize> {
        let now = work.now();
        let mut told: Vec<Recipient> = Vec::new();
        for named in self.named.iter().filter(|n| n.in_force(now)) {
            if !told.contains(&named.to) {
                told.push(named.to);
                tell_late(work, &self.record, named.to, self.next_at, &self.telling(1))?;
            }
        }
        Ok(told.len())
    }

    fn telling(&self, stage: i64) -> Late {
        let again = self.late.next_stage_at.filter(|_| self.late.stage == LEADS);
        Late { step: self.step.step, turn: self.step.turn, stage, was_due: self.step.due_at, again }
    }

    /// The part's deputy who may know already and is there, or the one to name now; with the stage of their row. A part
    /// has one row of a first deputy; who takes over from them stands beside the leads.
    fn deputy(&self, work: &mut Work<'_>) -> Result<Option<(Recipient, i64)>> {
        let of_part = || self.named.iter().filter(|n| n.part == self.part());
        let (now, mut stage) = (work.now(), 1);
        for deputy in of_part().filter(|n| n.stage == 1 && n.in_force(now)) {
            if is_there(work, self.record.school, deputy.to)? {
                return Ok(Some((deputy.to, 1)));
            }
            stage = 2;
        }
        let next = next_deputy(work, &self.record, self.part(), &self.named)?;
        Ok(next.map(|to| (to, stage)))
    }

    /// Names somebody for the part, if they are not yet, and tells them.
    fn name(&self, work: &mut Work<'_>, to: Recipient, stage: i64) -> Result<()> {
        let named = named_from(work, self.part(), to, stage, self.next_at);
        records::name(work, &self.pass, self.record.id, &named)?;
        tell_late(work, &self.record, to, self.next_at, &self.telling(stage))
    }
}
