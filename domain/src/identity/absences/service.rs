//! Saying when one is away.

use chrono::NaiveDate;

use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{Actor, Code, FaultCode, Faults, PersonId, Result, uk_date};

use super::store;

/// Days from the first to the last, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The first.
    pub begins_on: NaiveDate,
    /// The last.
    pub ends_on: NaiveDate,
}

/// A longer absence is a slip of the keyboard, or somebody who has left (the product's own bound).
const LONGEST: i64 = 366;

/// The caller's absences that are not over.
///
/// # Errors
/// [`Code::Forbidden`] for who is no person.
pub fn own_absences(work: &mut Work<'_>) -> Result<Vec<Absence>> {
    let person = own(work)?;
    let today = uk_date(work.now());
    store::of(work, person, today)
}

/// Says when the caller is away, in place of what was said before; nothing to say that they are not. What comes for
/// them meanwhile goes to their deputy from the start.
///
/// # Errors
/// [`Code::Forbidden`] for who is no person; the faults of the dates.
pub fn set_own_absence(work: &mut Work<'_>, new: Option<Absence>) -> Result<()> {
    let person = own(work)?;
    let today = uk_date(work.now());
    let mut faults = Faults::default();
    if let Some(absence) = new {
        if absence.ends_on < absence.begins_on || absence.ends_on < today {
            faults.add("/ends_on", FaultCode::WrongOrder);
        } else if (absence.ends_on - today).num_days() > LONGEST {
            faults.add("/ends_on", FaultCode::DateOutOfRange);
        }
    }
    faults.finish()?;
    store::set(work, person, today, new)?;
    audit::record(
        work,
        "person.absence",
        Object::one("person", person.uuid()),
        if new.is_some() { "set" } else { "none" },
    );
    Ok(())
}

fn own(work: &Work<'_>) -> Result<PersonId> {
    match work.caller().actor {
        Actor::Person(person) => Ok(person),
        Actor::Anonymous => Err(Code::SignInRequired.into()),
        Actor::Client(_) | Actor::System => Err(Code::Forbidden.into()),
    }
}
