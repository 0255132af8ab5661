//! Who follows a recipient that left: a DSP whose membership ended or who moved school, a psychologist who is off the contact
//! list or whose place there nobody holds any more.
//!
//! A part needs somebody who holds its post; who is on leave holds it still, and has deputies ([`super::leave`]). When none of
//! its recipients in force does, the school's present DSP or psychologist is named, or their deputy, or the authority's
//! safeguarding leads, in the order of a record that comes in. Who left is ended, with the day. The part is acknowledged
//! anew, by a clock of its own: the safe reading of "they have it" is that who is there now has read it
//! (`docs/adr/0016-clocks-of-a-return.md`). The leads don't hold the post: a DSP who is appointed later is named then.

use crate::access::Grant;
use crate::audit;
use crate::cases::{self, Milestone, NewMilestone, OfCase as _};
use crate::db::Work;
use crate::kernel::{Calendar, RecipientId, Result, SchoolId, Utc, WarrnId};
use crate::notices::Recipient;
use crate::warrn::model::{NamedRecipient, Part, WarrnEnvelope};
use crate::warrn::recipients::{How, SAFEGUARDING_LEAD, named_from, tell_successor};
use crate::warrn::rules;
use crate::warrn::service::object;
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;
use crate::warrn::store::lists::Stands;

use super::model::{Progress, Step};
use super::posts::Posts;
use super::service::{anew, clock_of, note, open};
use super::store;

/// To whom a deserted part passes.
enum Successor {
    /// To who holds the post.
    Holder(Recipient, How),
    /// To all of the authority's safeguarding leads.
    Leads(Vec<Recipient>),
    /// There is nobody at all.
    Nobody,
}

/// Somebody named for a part in force, and how they came to be: their stage.
pub(super) type InForce = (i64, Recipient);

/// To whom a part passes, of which these are in force; nothing while who was named first holds the post, or there is nobody
/// new and that was said before. A deputy named for a late step keeps the record, and keeps out nobody who holds the post.
fn successor(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    posts: &mut Posts,
    (school, part): (SchoolId, Part),
    in_force: &[InForce],
) -> Result<Option<Successor>> {
    let mut held = false;
    for (stage, to) in in_force {
        let holds = posts.holds(work, school, part, *to)?;
        if holds && *stage == 0 {
            return Ok(None);
        }
        held = held || holds;
    }
    let next = posts.next(work, settings, (school, part))?;
    let is_new = |to: Recipient| !held || in_force.iter().all(|(_, named)| *named != to);
    if let Some((to, how)) = next.filter(|(to, how)| *how != SAFEGUARDING_LEAD && is_new(*to)) {
        return Ok(Some(Successor::Holder(to, how)));
    }
    // There is nobody but the deputy, who has it.
    if held {
        return Ok(None);
    }
    let leads = posts.leads(work)?;
    let nobody_left = in_force.iter().all(|(_, to)| leads.contains(to));
    Ok(match (nobody_left, in_force.is_empty(), leads.is_empty()) {
        // They have it, or nobody could be found before.
        (true, false, _) | (true, true, true) => None,
        (false, _, true) => Some(Successor::Nobody),
        (_, _, false) => Some(Successor::Leads(leads)),
    })
}

/// The open records in which a part passes to somebody. One that can't be looked at is among them: who deals with it is
/// told why.
pub(super) fn deserted(work: &mut Work<'_>, standing: &[Stands], settings: &WarrnSettings) -> Vec<WarrnId> {
    let mut posts = Posts::default();
    let mut found = Vec::new();
    for of_record in standing.chunk_by(|a, b| a.0 == b.0) {
        let Some((id, school, _)) = of_record.first() else { continue };
        let passes = Part::ALL.iter().any(|part| {
            let named = of_record.iter().filter_map(|(_, _, named)| *named);
            let in_force: Vec<InForce> =
                named.filter(|(of, ..)| of == part).map(|(_, stage, to)| (stage, to)).collect();
            let next = successor(work, settings, &mut posts, (*school, *part), &in_force);
            !matches!(next, Ok(None))
        });
        if passes {
            found.push(*id);
        }
    }
    found
}

/// Names who follows in each part of a record that nobody is left in; says in how many.
pub(super) fn fill(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    calendar: &Calendar,
    pass: &Grant<WarrnId>,
) -> Result<usize> {
    cases::lock_milestones(work, pass)?;
    let named = records::lock_recipients(work, pass)?;
    let mut filled = 0;
    for part in Part::ALL {
        let record = records::envelope(work, pass)?;
        if record.closed_at.is_some() {
            break;
        }
        let now = work.now();
        let in_force: Vec<&NamedRecipient> = named.iter().filter(|n| n.part == *part && n.in_force(now)).collect();
        let to: Vec<InForce> = in_force.iter().map(|n| (n.stage, n.to)).collect();
        let mut posts = Posts::default();
        let Some(next) = successor(work, settings, &mut posts, (record.school, *part), &to)? else { continue };
        let leads = posts.leads(work)?;
        let mut gone: Vec<RecipientId> = Vec::new();
        for n in in_force.iter().filter(|n| !leads.contains(&n.to)) {
            // A deputy holds a post too, and stands beside who follows.
            if !posts.holds(work, record.school, *part, n.to)? {
                gone.push(n.id);
            }
        }
        records::end(work, pass, &gone, now)?;
        Passing { pass, record, part: *part, gone: gone.len() }.run(work, settings, calendar, &next)?;
        filled += 1;
    }
    Ok(filled)
}

/// A part that passes to somebody.
struct Passing<'a> {
    pass: &'a Grant<WarrnId>,
    record: WarrnEnvelope,
    part: Part,
    gone: usize,
}

impl Passing<'_> {
    fn run(self, work: &mut Work<'_>, settings: &WarrnSettings, calendar: &Calendar, next: &Successor) -> Result<()> {
        let (_, progress, milestones) = store::progress(work, self.pass)?;
        let (to, how, event) = match next {
            Successor::Holder(to, how) => (vec![*to], *how, "recipient_followed"),
            Successor::Leads(leads) => (leads.clone(), SAFEGUARDING_LEAD, "recipient_left_to_leads"),
            Successor::Nobody => (Vec::new(), "nobody", "recipient_left_to_nobody"),
        };
        if to.is_empty() {
            tracing::error!(
                reference = %self.record.reference,
                part = self.part.as_str(),
                "a recipient of a WARRN record has left and there is nobody to follow them"
            );
        } else {
            let step = Step::acknowledgement_of(self.part);
            let clock = clock_of(calendar, self.record.school, settings);
            let due = anew(clock, step, &progress, work.now());
            self.name(work, &to, how, due.unwrap_or_else(|| work.now()))?;
            self.acknowledge_anew(work, &progress, open(&milestones, step), (step, due))?;
        }
        cases::advance(work, self.pass, self.record.version, None)?;
        note(work, self.pass, self.pass.id(), event, progress.state())?;
        let detail = format!("{}={how} left={}", self.part, self.gone);
        audit::record(work, "warrn.succeed", object(&self.record), detail);
        Ok(())
    }

    /// Names them and tells each, those too who were named before.
    fn name(&self, work: &mut Work<'_>, to: &[Recipient], how: How, due_at: Utc) -> Result<()> {
        if how != SAFEGUARDING_LEAD {
            records::stand_aside(work, self.pass, self.part)?;
        }
        let now = work.now();
        let named = records::recipients(work, self.pass)?;
        let mut first = !named.iter().any(|n| n.part == self.part && n.stage == 0 && n.in_force(now));
        for to in to {
            let named = named_from(work, self.part, *to, if first { 0 } else { 2 }, due_at);
            first &= !records::name(work, self.pass, self.record.id, &named)?;
            tell_successor(work, &self.record, &named)?;
        }
        Ok(())
    }

    /// Sets the clock by which they acknowledge; leads who have acknowledged before have it still.
    fn acknowledge_anew(
        &self,
        work: &mut Work<'_>,
        progress: &Progress,
        waiting: Option<&Milestone>,
        (step, due_at): (Step, Option<Utc>),
    ) -> Result<()> {
        if let Some(open) = waiting {
            return cases::reschedule(work, self.pass, open.id, due_at);
        }
        let named = records::recipients(work, self.pass)?;
        if rules::acknowledged_at(self.part, &named, work.now()).is_some() {
            return Ok(());
        }
        let new = NewMilestone { kind: step.as_str(), turn: progress.next_turn(step), due_at };
        cases::set_milestone(work, self.pass, self.pass.id().case(), &new).map(|_| ())
    }
}
