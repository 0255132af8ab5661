//! Opening, deciding and reading referrals.

mod decide;
mod open;
mod read;

pub use decide::{accept, answer, decline, redirect, request_information};
pub use open::{open, open_for};
pub use read::{by_reference, count, envelope, history, history_beside, list, peek, read, version};

use crate::access::{self, Action, Facts, Grant, Role};
use crate::cases::{self, CaseKind, OfCase as _};
use crate::db::Work;
use crate::identity;
use crate::kernel::{Actor, PersonId, ReferralId, Result};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::vault::Place;

use super::model::Envelope;

/// What the policy needs to know of a referral, nothing when there is none.
///
/// # Errors
/// When the database can't be read.
pub fn facts(work: &mut Work<'_>, id: ReferralId) -> Result<Option<Facts>> {
    let found = cases::facts(work, id.case())?;
    Ok(found.filter(|(kind, _)| *kind == CaseKind::Referral).map(|(_, facts)| facts))
}

/// Grants an action on a referral. One that does not exist is refused like one that may not be seen.
fn permit(work: &mut Work<'_>, action: Action, id: ReferralId) -> Result<Grant<ReferralId>> {
    let facts = facts(work, id)?.unwrap_or_default();
    access::grant(work, action, id, &facts)
}

/// Where a referral's content is sealed.
const fn content_place(id: ReferralId) -> Place {
    Place { table: "referrals", column: "content", row: id.uuid() }
}

/// Tells the service: the officer, or the leads of the service whose queue it is in.
fn tell_service(work: &mut Work<'_>, referral: &Envelope, wording: Wording) -> Result<()> {
    if let Some(officer) = referral.officer {
        return tell(work, referral, wording, Recipient::Officer(officer), officer.uuid());
    }
    for lead in identity::people_of_service(work, Role::TeamLead, referral.service)? {
        tell(work, referral, wording, Recipient::Person(lead), lead.uuid())?;
    }
    Ok(())
}

/// Tells whoever opened the referral. A client has no mail: it asks.
fn tell_referrer(work: &mut Work<'_>, referral: &Envelope, wording: Wording) -> Result<()> {
    match referral.opened_by {
        Actor::Person(id) => tell(work, referral, wording, Recipient::Person(id), PersonId::uuid(id)),
        Actor::Client(_) | Actor::System | Actor::Anonymous => Ok(()),
    }
}

fn tell(work: &mut Work<'_>, referral: &Envelope, wording: Wording, to: Recipient, who: uuid::Uuid) -> Result<()> {
    let notice = NewNotice {
        wording,
        to,
        subject: Subject::Referral(referral.id),
        reference: referral.reference.clone(),
        due_at: None,
        dedupe: format!("referral:{}:{}:{who}", referral.id, referral.version),
    };
    notices::enqueue(work, notice)
}
