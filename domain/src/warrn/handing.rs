//! Handing a record over to the school its child is at now.
//!
//! A child who changes school is found there by the pupil number (`cases::child`), and the record stays where it is: its
//! recipients keep it, the new school sees nothing, and the authority's safeguarding leads are told. One of them, or the
//! team lead who is its recipient, looks whether it is the same child and hands it over. Only then does anybody at the new
//! school hear of it.

use crate::access::{self, Action, Facts, Grant};
use crate::audit::{self, Reading};
use crate::cases;
use crate::db::Work;
use crate::directory::{calendar, schools};
use crate::kernel::{Code, Error, RecipientId, Result, SchoolId, WarrnId};
use crate::notices::Recipient;
use crate::pupils;

use super::model::{NamedRecipient, Part, WarrnEnvelope};
use super::recipients::{
    How, SAFEGUARDING_LEAD, first_dsp, first_psychologist, leads, named_from, tell_news, tell_successor,
};
use super::returns::{self, Progress, SchoolClock};
use super::service::{facts, object};
use super::settings::WarrnSettings;
use super::store;
use super::views::WarrnListed;

/// What handing a record over left behind. Who did it may not see the record any more.
#[derive(Debug, Clone)]
pub struct HandedOver {
    /// The record, at its new school.
    pub record: WarrnEnvelope,
    /// How far it is.
    pub progress: Progress,
}

/// The school a record would be handed over to, for a reader who may hand it over.
pub(super) fn seen(work: &mut Work<'_>, pass: &Grant<WarrnId>, known: &Facts) -> Result<Option<SchoolId>> {
    if !known.moved {
        return Ok(None);
    }
    match access::grant(work, Action::HandOverWarrn, pass.id(), known) {
        Ok(pass) => school_of_child(work, &pass),
        Err(error) if matches!(error.code, Code::Forbidden | Code::ScopeInsufficient) => Ok(None),
        Err(error) => Err(error),
    }
}

fn school_of_child(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Option<SchoolId>> {
    Ok(store::lists::moved(work, pass, &[pass.id()])?.first().map(|(_, at)| *at))
}

/// The records the caller may hand over: those whose child has changed school, the longest here first.
///
/// # Errors
/// A refusal of `access`.
pub fn moved(work: &mut Work<'_>) -> Result<Vec<WarrnListed>> {
    let pass = access::scope(work, Action::HandOverWarrn)?;
    let found = store::lists::all_moved(work, &pass)?;
    returns::with_mine(work, &pass, found)
}

/// The school a record would be handed over to, for who may do it.
///
/// # Errors
/// A refusal of `access`; [`Code::StateConflict`] when the child is at the record's own school, or it is closed.
pub fn destination(work: &mut Work<'_>, id: WarrnId) -> Result<(WarrnEnvelope, schools::School)> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::HandOverWarrn, id, &known)?;
    let record = store::envelope(work, &pass)?;
    let Some(at) = school_of_child(work, &pass)? else { return Err(not_moved()) };
    audit::read(work, Reading::WarrnEnvelope, object(&record), pass.basis());
    Ok((record, schools::by_id(work, at)?))
}

fn not_moved() -> Error {
    Error::from(Code::StateConflict).with_detail("the child is at the record's own school, or the record is closed")
}

/// Hands a record over to the school its child is at now. The old school's recipients end, today; the new school's DSP, or
/// who stands in for them as when a record comes in, is named, told, and acknowledges by a clock of their own. So is the
/// psychologist, unless the new school's is the same. What was done stays done.
///
/// # Errors
/// [`Code::StateConflict`] when the child is at the record's own school or it is closed; [`Code::VersionMismatch`];
/// [`Code::NoOfficer`] when there is nobody at all for the school's part, and nothing is changed.
pub fn hand_over(work: &mut Work<'_>, settings: &WarrnSettings, id: WarrnId, version: i64) -> Result<HandedOver> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::HandOverWarrn, id, &known)?;
    // The child before the steps, as a new record does: a move that comes now is seen, or waits.
    if let Some(pupil) = known.pupil {
        pupils::lock(work, &[pupil])?;
    }
    cases::lock_milestones(work, &pass)?;
    let named = store::lock_recipients(work, &pass)?;
    let record = store::envelope(work, &pass)?;
    if record.version != version {
        return Err(Code::VersionMismatch.into());
    }
    let Some(at) = school_of_child(work, &pass)? else { return Err(not_moved()) };
    let school = schools::by_id(work, at)?;
    let Some(dsp) = first_dsp(work, &school)? else { return Err(Code::NoOfficer.into()) };
    let ep = first_psychologist(work, settings, &school)?;

    cases::move_to(work, &pass, version, at)?;
    let record = store::envelope(work, &pass)?;
    let calendar = calendar::load(work, &settings.calendar)?;
    let clock = SchoolClock { calendar: &calendar, school: at, clocks: &settings.clocks };
    let mut passing = Passing { pass: &pass, record: &record, clock, named: &named, left: 0 };
    let mut parts = vec![Part::Dsp];
    let mut words = vec![format!("dsp={}", dsp.1)];
    passing.part(work, Part::Dsp, dsp)?;
    if let Some(ep) = ep.filter(|(to, _)| !passing.has(work, Part::Ep, *to)) {
        passing.part(work, Part::Ep, ep)?;
        parts.push(Part::Ep);
        words.push(format!("ep={}", ep.1));
    } else {
        passing.tell_who_stays(work, Part::Ep)?;
        words.push("ep=stays".to_owned());
    }
    words.push(format!("left={}", passing.left));
    let progress = returns::follow(work, &pass, clock, (&parts, "handed_over"))?;
    audit::record(work, "warrn.hand_over", object(&record), words.join(" "));
    Ok(HandedOver { record, progress })
}

/// A record that passes from one school to another.
struct Passing<'a> {
    pass: &'a Grant<WarrnId>,
    record: &'a WarrnEnvelope,
    clock: SchoolClock<'a>,
    named: &'a [NamedRecipient],
    left: usize,
}

impl Passing<'_> {
    /// Those of a part who are named now.
    fn of(&self, work: &Work<'_>, part: Part) -> Vec<&NamedRecipient> {
        let now = work.now();
        self.named.iter().filter(|n| n.part == part && n.in_force(now)).collect()
    }

    fn has(&self, work: &Work<'_>, part: Part, to: Recipient) -> bool {
        self.of(work, part).iter().any(|n| n.to == to)
    }

    /// Ends everybody of a part and names who follows: all of the authority's safeguarding leads, where it falls to them.
    fn part(&mut self, work: &mut Work<'_>, part: Part, (to, how): (Recipient, How)) -> Result<()> {
        let gone: Vec<RecipientId> = self.of(work, part).iter().map(|n| n.id).collect();
        self.left += gone.len();
        let now = work.now();
        store::end(work, self.pass, &gone, now)?;
        let due_at = returns::acknowledge_by(work, self.pass, self.clock, part)?;
        let others = if how == SAFEGUARDING_LEAD { leads(work)? } else { Vec::new() };
        let others = others.into_iter().filter(|other| *other != to).map(|other| (other, 2));
        for (to, stage) in std::iter::once((to, 0)).chain(others) {
            let named = named_from(work, part, to, stage, due_at);
            if !store::name(work, self.pass, self.record.id, &named)? {
                return Err(Error::internal("a recipient of a record that is handed over could not be named"));
            }
            tell_successor(work, self.record, &named)?;
        }
        Ok(())
    }

    /// Tells those of a part who keep the record that it has gone on.
    fn tell_who_stays(&self, work: &mut Work<'_>, part: Part) -> Result<()> {
        let to: Vec<Recipient> = self.of(work, part).iter().map(|n| n.to).collect();
        for to in to {
            tell_news(work, self.record, to, &format!("handed_over:{}", self.record.version))?;
        }
        Ok(())
    }
}
