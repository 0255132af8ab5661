//! Giving consent and withdrawing it.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{Actor, ClientId, Code, Result, SchoolId};

use super::model::{Consent, ConsentBasis};
use super::store;

/// The clients set up for a school, and whether it consents to each.
///
/// # Errors
/// When the caller may not consent for the school.
pub fn consents_of_school(work: &mut Work<'_>, school: SchoolId) -> Result<Vec<Consent>> {
    let pass = access::grant(work, Action::ConsentClient, school, &Facts::of_school(school))?;
    store::of_school(work, &pass)
}

/// Consents, for a school, that a client set up for it acts there from now on.
///
/// # Errors
/// When the caller may not consent for the school; [`Code::NotFound`] when the client is not set up for it;
/// [`Code::StateConflict`] when the school consents already.
pub fn give_consent(work: &mut Work<'_>, school: SchoolId, client: ClientId) -> Result<()> {
    let pass = access::grant(work, Action::ConsentClient, (school, client), &Facts::of_school(school))?;
    if !store::is_set_up(work, &pass)? {
        return Err(Code::NotFound.into());
    }
    let (basis, by) = match work.caller().actor {
        Actor::Person(person) => (ConsentBasis::School, Some(person)),
        Actor::System | Actor::Client(_) | Actor::Anonymous => (ConsentBasis::Operator, None),
    };
    if store::is_given(work, &pass)? {
        return Err(Code::StateConflict.into());
    }
    store::give(work, &pass, basis, by)?;
    let object = Object::one("client", client.uuid()).at(school);
    audit::record(work, "client.consent", object, format!("basis {basis}"));
    Ok(())
}

/// Withdraws a school's consent: the client's next request finds the school closed to it.
///
/// # Errors
/// As [`give_consent`]; [`Code::StateConflict`] when there is no consent to withdraw.
pub fn withdraw_consent(work: &mut Work<'_>, school: SchoolId, client: ClientId) -> Result<()> {
    let pass = access::grant(work, Action::ConsentClient, (school, client), &Facts::of_school(school))?;
    if !store::is_set_up(work, &pass)? {
        return Err(Code::NotFound.into());
    }
    let by = match work.caller().actor {
        Actor::Person(person) => Some(person),
        Actor::System | Actor::Client(_) | Actor::Anonymous => None,
    };
    if !store::withdraw(work, &pass, by)? {
        return Err(Code::StateConflict.into());
    }
    audit::record(work, "client.withdraw", Object::one("client", client.uuid()).at(school), "");
    Ok(())
}
