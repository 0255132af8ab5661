//! Who goes on leave after being named. They hold the post still and keep the record; when it presses and nobody named for a
//! part is there, the deputy is named beside them, before anything is late. Once: who was named then is there.

use crate::access::{self, Action, Grant};
use crate::audit;
use crate::cases;
use crate::db::Work;
use crate::directory::calendar;
use crate::kernel::{Calendar, Result, Utc, WarrnId, uk_date};
use crate::notices::Recipient;
use crate::warrn::model::{Part, WarrnEnvelope};
use crate::warrn::recipients::{How, SAFEGUARDING_LEAD, leads, named_from, next_deputy, tell_successor};
use crate::warrn::service::{facts, object};
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;
use crate::warrn::store::lists::Stands;

use super::clocks::SchoolClock;
use super::model::{Clocked, Progress, State};
use super::posts::Posts;
use super::service::{clock_of, note};
use super::store;

/// The open records in which somebody is to stand beside who is away. One that can't be looked at is among them: who deals
/// with it is told why.
pub(super) fn unattended(work: &mut Work<'_>, standing: &[Stands], settings: &WarrnSettings) -> Result<Vec<WarrnId>> {
    let mut posts = Posts::default();
    let mut known_calendar = None;
    let mut found = Vec::new();
    for of_record in standing.chunk_by(|a, b| a.0 == b.0) {
        let Some((id, school, _)) = of_record.first() else { continue };
        let mut away = false;
        for part in Part::ALL {
            let named = of_record.iter().filter_map(|(_, _, named)| *named);
            let in_force: Vec<Recipient> = named.filter(|(of, ..)| of == part).map(|(.., to)| to).collect();
            away |= posts.all_away(work, (*school, *part), &in_force)?;
        }
        if !away {
            continue;
        }
        let calendar = match known_calendar.take() {
            Some(calendar) => calendar,
            None => calendar::load(work, &settings.calendar)?,
        };
        if !matches!(has_gap(work, settings, &calendar, *id), Ok(false)) {
            found.push(*id);
        }
        known_calendar = Some(calendar);
    }
    Ok(found)
}

fn has_gap(work: &mut Work<'_>, settings: &WarrnSettings, calendar: &Calendar, id: WarrnId) -> Result<bool> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::ReadWarrn, id, &known)?;
    let record = records::envelope(work, &pass)?;
    for part in Part::ALL {
        if gap(work, settings, calendar, (&pass, &record, *part))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Names who stands beside those who are away, in each part of a record that presses; says in how many.
pub(super) fn stand_in(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    calendar: &Calendar,
    pass: &Grant<WarrnId>,
) -> Result<usize> {
    let mut filled = 0;
    for part in Part::ALL {
        let record = records::envelope(work, pass)?;
        let Some(gap) = gap(work, settings, calendar, (pass, &record, *part))? else { continue };
        for to in &gap.to {
            let named = named_from(work, *part, *to, gap.stage, gap.due_at);
            if records::name(work, pass, record.id, &named)? {
                tell_successor(work, &record, &named)?;
            }
        }
        cases::advance(work, pass, record.version, None)?;
        note(work, pass, record.id, gap.event, gap.state)?;
        audit::record(work, "warrn.stand_in", object(&record), format!("{part}={}", gap.how));
        filled += 1;
    }
    Ok(filled)
}

/// A part that presses with nobody there, and who stands in.
struct Gap {
    to: Vec<Recipient>,
    stage: i64,
    how: How,
    event: &'static str,
    due_at: Utc,
    state: State,
}

/// Who is to be named beside the recipients of a part; nothing when one of them is there, nothing presses, or there is nobody.
fn gap(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    calendar: &Calendar,
    (pass, record, part): (&Grant<WarrnId>, &WarrnEnvelope, Part),
) -> Result<Option<Gap>> {
    let now = work.now();
    if record.closed_at.is_some() {
        return Ok(None);
    }
    let named = records::recipients(work, pass)?;
    let of_part = || named.iter().filter(|n| n.part == part && n.in_force(now));
    let in_force: Vec<Recipient> = of_part().map(|n| n.to).collect();
    if !Posts::default().all_away(work, (record.school, part), &in_force)? {
        return Ok(None);
    }
    let (_, progress, milestones) = store::progress(work, pass)?;
    let steps = milestones.iter().map(store::clocked).collect::<Result<Vec<_>>>()?;
    let clock = clock_of(calendar, record.school, settings);
    if !presses(clock, &progress, &steps, part, now) {
        return Ok(None);
    }
    let due_at = next_due(&steps, part).unwrap_or(now).max(now.plus_hours(settings.clocks.shortest_hours.into()));
    let state = progress.state();
    if let Some(deputy) = next_deputy(work, record, part, &named)? {
        // A part has one row of a first deputy; another stands beside the leads.
        let beside = if of_part().any(|n| n.stage == 1) { 2 } else { 1 };
        return Ok(Some(Gap {
            to: vec![deputy],
            stage: beside,
            how: "deputy",
            event: "deputy_stands_in",
            due_at,
            state,
        }));
    }
    let to = leads(work)?;
    let gap = Gap { to, stage: 2, how: SAFEGUARDING_LEAD, event: "leads_stand_in", due_at, state };
    Ok((!gap.to.is_empty()).then_some(gap))
}

/// When the next step of a part is due.
fn next_due(steps: &[Clocked], part: Part) -> Option<Utc> {
    steps.iter().filter(|s| s.is_open() && s.step.part() == part).filter_map(|s| s.due_at).min()
}

/// Whether a part can't wait for who is away: its next step is due today or was, or the pupil is back in a few school days.
pub(super) fn presses(clock: SchoolClock<'_>, progress: &Progress, steps: &[Clocked], part: Part, now: Utc) -> bool {
    let today = uk_date(now);
    let is_due = next_due(steps, part).is_some_and(|at| uk_date(at) <= today);
    let back = progress.expected_return_on.filter(|_| progress.returned.is_none());
    let is_near = |on| {
        let days = clock.calendar.school_days_between(Some(clock.school), today, on, &[]);
        days.value <= clock.clocks.stand_in_within
    };
    is_due || back.is_some_and(is_near)
}
