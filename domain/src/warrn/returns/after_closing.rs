//! Who reads a closed record when the school's DSP has left: who holds the post now. The agreed plan and its reviews guide the
//! school's staff for as long as the child is there. Nobody else follows anybody: a psychologist's and a lead's reading ends
//! by itself ([`super::steps`]), and what is closed presses nobody, so that there is neither a clock nor a mail.

use crate::access::Grant;
use crate::audit;
use crate::cases;
use crate::db::Work;
use crate::kernel::{Error, RecipientId, Result, SchoolId, WarrnId};
use crate::notices::Recipient;
use crate::warrn::model::{NamedRecipient, Part};
use crate::warrn::recipients::{How, SAFEGUARDING_LEAD, named_from};
use crate::warrn::service::object;
use crate::warrn::settings::WarrnSettings;
use crate::warrn::store as records;
use crate::warrn::store::lists::Stands;

use super::model::State;
use super::posts::Posts;
use super::service::note;
use super::steps::leave_to_school;
use super::succession::InForce;

/// The closed records whose school's recipient has left. One that can't be looked at is among them: who deals with it is told
/// why.
pub(super) fn deserted(work: &mut Work<'_>, closed: &[Stands], settings: &WarrnSettings) -> Vec<WarrnId> {
    let mut posts = Posts::default();
    let mut found = Vec::new();
    for of_record in closed.chunk_by(|a, b| a.0 == b.0) {
        let Some((id, school, _)) = of_record.first() else { continue };
        let named = of_record.iter().filter_map(|(_, _, named)| *named);
        let in_force: Vec<InForce> =
            named.filter(|(of, ..)| *of == Part::Dsp).map(|(_, stage, to)| (stage, to)).collect();
        let passes = follower(work, settings, &mut posts, *school, &in_force)
            .and_then(|next| Ok(next.is_some() || !gone(work, &mut posts, *school, &in_force)?.is_empty()));
        if !matches!(passes, Ok(false)) {
            found.push(*id);
        }
    }
    found
}

/// Who of the school follows; nothing while its DSP has the record, or a deputy while there is no other, or there is nobody
/// of the school.
fn follower(
    work: &mut Work<'_>,
    settings: &WarrnSettings,
    posts: &mut Posts,
    school: SchoolId,
    in_force: &[InForce],
) -> Result<Option<(Recipient, How)>> {
    let next = posts.next(work, settings, (school, Part::Dsp))?;
    let Some((to, how)) = next.filter(|(_, how)| *how != SAFEGUARDING_LEAD) else { return Ok(None) };
    let comes = posts.is_dsp(work, school, to)?;
    for (_, named) in in_force {
        let holds = posts.holds(work, school, Part::Dsp, *named)?;
        if *named == to || holds && (!comes || posts.is_dsp(work, school, *named)?) {
            return Ok(None);
        }
    }
    Ok(Some((to, how)))
}

/// Who left of these. The leads never held the post: where they stood in for want of anybody, they stay until somebody does.
fn gone(work: &mut Work<'_>, posts: &mut Posts, school: SchoolId, in_force: &[InForce]) -> Result<Vec<Recipient>> {
    let leads = posts.leads(work)?;
    let mut gone = Vec::new();
    for (_, to) in in_force.iter().filter(|(_, to)| !leads.contains(to)) {
        if !posts.holds(work, school, Part::Dsp, *to)? {
            gone.push(*to);
        }
    }
    Ok(gone)
}

/// Names who follows in a closed record, ends who left with the day, and lets who stood in read as long as any other who is
/// not of the school. Says in how many parts: one or none.
pub(super) fn follow(work: &mut Work<'_>, settings: &WarrnSettings, pass: &Grant<WarrnId>) -> Result<usize> {
    let record = records::envelope(work, pass)?;
    let Some(closed_at) = record.closed_at else { return Ok(0) };
    let (now, named) = (work.now(), records::lock_recipients(work, pass)?);
    let of_school: Vec<&NamedRecipient> = named.iter().filter(|n| n.part == Part::Dsp && n.in_force(now)).collect();
    let in_force: Vec<InForce> = of_school.iter().map(|n| (n.stage, n.to)).collect();
    let mut posts = Posts::default();
    let next = follower(work, settings, &mut posts, record.school, &in_force)?;
    let left = gone(work, &mut posts, record.school, &in_force)?;
    if next.is_none() && left.is_empty() {
        return Ok(0);
    }
    let left: Vec<RecipientId> = of_school.iter().filter(|n| left.contains(&n.to)).map(|n| n.id).collect();
    records::end(work, pass, &left, now)?;
    let (how, event) = match next {
        Some((to, how)) => {
            records::stand_aside(work, pass, Part::Dsp)?;
            if !records::name(work, pass, record.id, &named_from(work, Part::Dsp, to, 0, now))? {
                return Err(Error::internal("a recipient of a closed record could not be named"));
            }
            let until = closed_at.plus_hours(24 * i64::from(settings.read_after_closing_days));
            leave_to_school(work, pass, &record, until.max(now))?;
            (how, "recipient_followed")
        }
        None => ("nobody_new", "recipient_left"),
    };
    cases::advance(work, pass, record.version, None)?;
    note(work, pass, record.id, event, State::Closed)?;
    audit::record(work, "warrn.succeed", object(&record), format!("dsp={how} left={} closed", left.len()));
    Ok(1)
}
