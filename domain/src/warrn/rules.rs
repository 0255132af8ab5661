//! What a sound record is, who its recipients are, and which of them a caller is. Pure.

use chrono::NaiveDate;

use crate::access::{self, Action, Basis, Decision, Facts, Standing};
use crate::directory::officers::Officer;
use crate::kernel::{FaultCode, Faults, FreeText, OfficerId, SchoolId, Utc};
use crate::notices::Recipient;
use crate::pupils::PupilIdentity;

use super::model::{Mine, NamedRecipient, Section, SendWarrn, WarrnEnvelope};
use super::returns::Source;
use super::settings::WarrnSettings;

/// Longest name of an agreement, in characters.
const AGREEMENT: usize = 100;
/// Longest text below one heading, in characters: a summary, not the assessment itself.
const SECTION: usize = 4000;
/// A return further off than this, either way, is a slip of the keyboard (the product's own bound).
const RETURN_DAYS: i64 = 366;

/// A record whose every field is sound.
pub(super) struct Sound {
    pub pupil: PupilIdentity,
    pub agreement: String,
    pub source: Source,
    pub received_on: NaiveDate,
    pub expected_return_on: Option<NaiveDate>,
    pub summary: Vec<Section>,
}

/// Reads what was sent and notes every fault; the sound record when there was none in these fields.
pub(super) fn check(settings: &WarrnSettings, sent: SendWarrn, today: NaiveDate, faults: &mut Faults) -> Option<Sound> {
    let pupil = sent.pupil.parse("/pupil", today, faults);
    let agreement = faults.keep("/agreement", FreeText::<AGREEMENT>::parse(&sent.agreement));
    let plausible = sent.expected_return_on.is_none_or(|d| (d - today).num_days().abs() <= RETURN_DAYS);
    if !plausible {
        faults.add("/expected_return_on", FaultCode::DateOutOfRange);
    }
    let received_on = sent.received_on.unwrap_or(today);
    let plausible = received_on <= today && (today - received_on).num_days() <= RETURN_DAYS;
    if !plausible {
        faults.add("/received_on", if received_on > today { FaultCode::InFuture } else { FaultCode::DateOutOfRange });
    }
    let summary = sections(settings, sent.summary, faults);
    Some(Sound {
        pupil: pupil?,
        agreement: agreement?.as_str().to_owned(),
        source: sent.source.unwrap_or(Source::Other),
        received_on,
        expected_return_on: sent.expected_return_on,
        summary: summary?,
    })
}

fn sections(settings: &WarrnSettings, sent: Vec<Section>, faults: &mut Faults) -> Option<Vec<Section>> {
    if sent.is_empty() {
        faults.add("/summary", FaultCode::Missing);
        return None;
    }
    // Each heading once: more sections than headings can't be sound, however many more there are.
    if sent.len() > settings.headings.len() {
        faults.add("/summary", FaultCode::TooMany);
        return None;
    }
    let mut sound: Vec<Section> = Vec::with_capacity(sent.len());
    let mut whole = true;
    for (i, section) in sent.into_iter().enumerate() {
        let heading = if !settings.headings.iter().any(|h| h.code == section.heading) {
            Err(FaultCode::NotInList)
        } else if sound.iter().any(|s| s.heading == section.heading) {
            Err(FaultCode::Duplicate)
        } else {
            Ok(section.heading)
        };
        let heading = faults.keep(format!("/summary/{i}/heading"), heading);
        let text = faults.keep(format!("/summary/{i}/text"), FreeText::<SECTION>::parse(&section.text));
        match (heading, text) {
            (Some(heading), Some(text)) => sound.push(Section { heading, text: text.as_str().to_owned() }),
            _ => whole = false,
        }
    }
    whole.then_some(sound)
}

/// Who stands in for an officer on a date: the first of the chain of deputies who is on the list, present and not
/// `taken`. A chain that bites its own tail ends.
pub(super) fn stand_in(
    officer: &Officer,
    officers: &[Officer],
    today: NaiveDate,
    taken: &[Recipient],
) -> Option<OfficerId> {
    let mut seen = vec![officer.id];
    let mut next = officer.deputy;
    while let Some(id) = next {
        if seen.contains(&id) {
            return None;
        }
        seen.push(id);
        let deputy = officers.iter().find(|o| o.id == id)?;
        if deputy.listed && !deputy.is_absent_on(today) && !taken.contains(&Recipient::Officer(id)) {
            return Some(id);
        }
        next = deputy.deputy;
    }
    None
}

/// What access sees of a record with only these recipients.
pub(super) fn facts_of<'a>(
    school: SchoolId,
    sender: Option<crate::kernel::Actor>,
    recipients: impl Iterator<Item = &'a Recipient>,
) -> Facts {
    let mut facts = Facts { sender, ..Facts::of_school(school) };
    for to in recipients {
        match to {
            Recipient::Person(id) => facts.recipients.push(*id),
            Recipient::Officer(id) => facts.recipient_officers.push(*id),
        }
    }
    facts
}

/// The recipients the caller is now: those that alone would let them acknowledge.
pub(super) fn own<'a>(
    standing: &Standing,
    school: SchoolId,
    recipients: &'a [NamedRecipient],
    now: Utc,
) -> Vec<&'a NamedRecipient> {
    recipients
        .iter()
        .filter(|r| r.in_force(now))
        .filter(|r| {
            let alone = facts_of(school, None, std::iter::once(&r.to));
            let decision = access::decide(standing, None, Action::AcknowledgeWarrn, &alone);
            matches!(decision, Decision::Allowed(Basis::Role(..)))
        })
        .collect()
}

/// When a part was acknowledged, by whomever stands for it now. Who is named in the place of somebody who left starts it
/// anew: that another had read it helps nobody who has not.
pub(super) fn acknowledged_at(part: super::Part, recipients: &[NamedRecipient], now: Utc) -> Option<Utc> {
    let of_part = || recipients.iter().filter(|r| r.part == part && r.in_force(now));
    let since = of_part().filter(|r| r.stage == 0).map(|r| r.begins_at).max();
    of_part().filter_map(|r| r.acknowledged_at).filter(|at| since.is_none_or(|since| since <= *at)).min()
}

/// What waits for the caller in an open record: the part not yet acknowledged that is due first.
pub(super) fn mine(
    standing: &Standing,
    record: &WarrnEnvelope,
    recipients: &[NamedRecipient],
    now: Utc,
) -> Option<Mine> {
    let own = own(standing, record.school, recipients, now);
    own.into_iter()
        .map(|r| Mine { part: r.part, due_at: r.due_at, acknowledged_at: acknowledged_at(r.part, recipients, now) })
        .filter(|mine| record.closed_at.is_none() || mine.acknowledged_at.is_some())
        .min_by_key(|m| (m.acknowledged_at.is_some(), m.due_at))
}
