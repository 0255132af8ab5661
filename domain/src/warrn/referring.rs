//! Opening a referral from a record: the child, the school and what the sender writes, and nothing of the record.

use crate::access::{self, Action, Facts, Grant};
use crate::audit;
use crate::cases::{self, LinkKind, NewEvent, OfCase as _};
use crate::db::Work;
use crate::directory::schools;
use crate::kernel::{Code, Result, WarrnId};
use crate::pupils::{NewPupil, PupilIdentity};
use crate::referrals::{self, Envelope, NewConsent, OpenReferral};
use crate::vault::Vault;

use super::model::WarrnEnvelope;
use super::returns;
use super::service::{content, facts, object};
use super::store;

/// A referral as its sender writes it; child and school are the record's.
pub struct ReferFromRecord {
    /// The service's code.
    pub service: String,
    /// Year group, 0 (Reception) to 14.
    pub year_group: i64,
    /// What it is about, as a key area of the contact list.
    pub key_area: Option<String>,
    /// How soon.
    pub urgency: Option<String>,
    /// What help is asked for, in the sender's own words.
    pub need: String,
    /// What the school has tried.
    pub evidence: Option<String>,
    /// Who consented.
    pub consent: Option<NewConsent>,
}

/// The record a referral can be opened from now, and whose it would be. Its reading is on record.
///
/// # Errors
/// A refusal of taking a step of the record, of reading its content (for the child's name), or of opening a referral for the
/// school; [`Code::StateConflict`] when the record is closed.
pub fn referable(work: &mut Work<'_>, vault: &Vault, id: WarrnId) -> Result<(WarrnEnvelope, PupilIdentity)> {
    ready(work, vault, id).map(|(_, record, child)| (record, child))
}

fn ready(work: &mut Work<'_>, vault: &Vault, id: WarrnId) -> Result<(Grant<WarrnId>, WarrnEnvelope, PupilIdentity)> {
    let known = facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::StepWarrn, id, &known)?;
    let child = content(work, vault, id)?.pupil;
    let record = store::envelope(work, &pass)?;
    access::grant(work, Action::OpenReferral, record.school, &Facts::of_school(record.school))?;
    if record.closed_at.is_some() {
        return Err(Code::StateConflict.into());
    }
    Ok((pass, record, child))
}

/// Opens a referral for a record's child. The record says nothing in it; the two cases are linked, and who may see both
/// sees the link.
///
/// # Errors
/// As [`referable`]; the faults of the referral; [`Code::ReferralAlreadyOpen`].
pub fn refer(work: &mut Work<'_>, vault: &Vault, id: WarrnId, new: ReferFromRecord) -> Result<Envelope> {
    let (pass, record, child) = ready(work, vault, id)?;
    let pupil = cases::find(work, &pass)?.pupil;
    let raw = OpenReferral {
        school_number: schools::by_id(work, record.school)?.number.to_string(),
        service: new.service,
        pupil: NewPupil {
            given_name: child.given_name,
            family_name: child.family_name,
            born_on: child.born_on,
            upn: child.upn.map(|upn| upn.to_string()),
        },
        year_group: new.year_group,
        key_area: new.key_area,
        urgency: new.urgency,
        need: new.need,
        evidence: new.evidence,
        consent: new.consent,
        notes: None,
    };
    let opened = referrals::open_for(work, vault, raw, pupil)?;
    cases::link(work, &pass, opened.id.case(), LinkKind::LedTo)?;
    let (_, progress) = returns::progress(work, id)?;
    let state = progress.state().as_str();
    let event = NewEvent { id: work.new_id(), case: id.case(), kind: "referred", state, reason: None, note: None };
    cases::add_event(work, &pass, event)?;
    audit::record(work, "warrn.refer", object(&record), "");
    Ok(opened)
}
