//! The clock: a part that has not acknowledged in time gets a deputy.

use crate::access::{self, Action};
use crate::audit::{self, Object};
use crate::cases;
use crate::db::Work;
use crate::kernel::{Actor, Code, Error, Result, WarrnId};
use crate::notices::{Recipient, Wording};

use super::model::{NamedRecipient, Part};
use super::recipients::{deputy_dsp, deputy_psychologist, lead, new_recipient, tell};
use super::service::object;
use super::settings::WarrnSettings;
use super::store;

/// So many in one transaction; the next run takes the rest.
const BATCH: i64 = 50;

/// Whether [`escalate_overdue`] would find anything. For the worker to ask in a read, so that an idle clock writes nothing.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn is_any_overdue(work: &mut Work<'_>) -> Result<bool> {
    only_the_service(work)?;
    store::is_any_overdue(work)
}

/// Names and tells the deputy of every part whose first recipient let their time run out, once for each part however
/// many workers run. Says how many parts it dealt with.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn escalate_overdue(work: &mut Work<'_>, settings: &WarrnSettings) -> Result<usize> {
    only_the_service(work)?;
    let overdue = store::lock_overdue(work, BATCH)?;
    if overdue.is_empty() {
        // Another worker was quicker. A write needs its entry all the same.
        audit::record(work, "warrn.clock", Object::all("warrn"), "nothing overdue");
    }
    for (id, late) in &overdue {
        escalate(work, settings, *id, late)?;
    }
    Ok(overdue.len())
}

fn only_the_service(work: &Work<'_>) -> Result<()> {
    if work.caller().actor == Actor::System { Ok(()) } else { Err(Error::new(Code::Forbidden)) }
}

fn escalate(work: &mut Work<'_>, settings: &WarrnSettings, id: WarrnId, late: &NamedRecipient) -> Result<()> {
    let facts = super::service::facts(work, id)?.unwrap_or_default();
    let pass = access::grant(work, Action::ReadWarrn, id, &facts)?;
    let record = store::envelope(work, &pass)?;
    let taken: Vec<Recipient> = store::recipients(work, &pass)?.into_iter().map(|r| r.to).collect();
    let chosen = match late.part {
        Part::Dsp => deputy_dsp(work, &record, &taken)?,
        Part::Ep => deputy_psychologist(work, late, &taken)?,
    };
    let chosen = match chosen {
        None => lead(work, &taken)?,
        some => some,
    };
    store::mark_escalated(work, &pass, late.id)?;
    cases::advance(work, &pass, record.version, None)?;
    if let Some((to, _)) = chosen {
        let named = new_recipient(work, settings, late.part, to, 1);
        if store::name(work, &pass, id, &named)? {
            tell(work, &record, &named, Wording::WarrnEscalated)?;
        }
    } else {
        tracing::error!(
            part = late.part.as_str(),
            "a WARRN record is overdue and there is neither a deputy nor a safeguarding lead to tell"
        );
    }
    let how = chosen.map_or("nobody", |(_, how)| how);
    audit::record(work, "warrn.escalate", object(&record), format!("{}={how}", late.part));
    Ok(())
}
