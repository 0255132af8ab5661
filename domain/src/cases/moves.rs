//! A child who has changed school while something about them was open.
//!
//! A record of self-harm doesn't follow by itself: a slip in a pupil number must not put it before another school. It stays
//! where it is, its recipients keep it, and the authority's safeguarding leads are told to hand it over (`warrn::hand_over`).

use crate::access::Role;
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity;
use crate::kernel::{PupilId, Result, SchoolId, WarrnId};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::pupils::{self, Child, PupilIdentity};
use crate::vault::{ChildKey, Vault};

use super::model::CaseKind;
use super::store::envelope;

/// The child as [`pupils::find_or_add`] finds or adds them, for whoever opens a case at this school. Of a child who comes
/// from another school the open WARRN records there are told to the authority's safeguarding leads in the same
/// transaction.
///
/// # Errors
/// As [`pupils::find_or_add`].
pub fn child(
    work: &mut Work<'_>,
    vault: &Vault,
    school: SchoolId,
    identity: &PupilIdentity,
) -> Result<(PupilId, ChildKey)> {
    let Child { id, key, moved } = pupils::find_or_add(work, vault, school, identity)?;
    if moved {
        tell(work, id, school)?;
    }
    Ok((id, key))
}

fn tell(work: &mut Work<'_>, pupil: PupilId, school: SchoolId) -> Result<()> {
    let behind = envelope::left_behind(work, CaseKind::Warrn, pupil, school)?;
    if behind.is_empty() {
        return Ok(());
    }
    let mut leads = identity::holders_anywhere(work, Role::SafeguardingLead)?;
    leads.sort_unstable();
    leads.dedup();
    for (case, reference, was_at) in behind {
        let record = WarrnId::from_uuid(case.uuid());
        if leads.is_empty() {
            tracing::error!(
                reference = %reference,
                "the child of a WARRN record has changed school and there is no safeguarding lead to hand it over"
            );
        }
        for lead in &leads {
            let new = NewNotice {
                wording: Wording::ChildMoved,
                to: Recipient::Person(*lead),
                subject: Subject::Warrn(record),
                reference: reference.clone(),
                due_at: None,
                // A child who comes back and goes again has moved again.
                dedupe: format!("warrn:{record}:moved:{}:{lead}", work.now().micros()),
            };
            notices::enqueue(work, new)?;
        }
        let object = Object::one("warrn", record.uuid()).at(was_at);
        audit::record(work, "warrn.child_moved", object, format!("leads {}", leads.len()));
    }
    Ok(())
}
