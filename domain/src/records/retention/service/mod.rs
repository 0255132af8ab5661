//! Rules, the reckoning, the plan, the run.

mod reckon;
mod rules;
mod run;

use crate::access::{self, Action, Facts, Grant};
use crate::db::Work;
use crate::kernel::{Actor, Code, PersonId, Result};

pub use reckon::{is_any_unreckoned, reckon};
pub use rules::{change_rule, changes, decide_change, rules};
pub(in crate::records) use run::erase_again;
pub use run::{certificate, certificates, plan, plan_some, review, run, run_some};

/// The grant to manage retention.
///
/// # Errors
/// A refusal of `access`.
pub(in crate::records) fn manage(work: &mut Work<'_>) -> Result<Grant<()>> {
    access::grant(work, Action::ManageRetention, (), &Facts::default())
}

/// The person who asks: what is decided here is decided by somebody.
pub(super) fn somebody(work: &Work<'_>) -> Result<PersonId> {
    match work.caller().actor {
        Actor::Person(person) => Ok(person),
        Actor::Client(_) | Actor::System | Actor::Anonymous => Err(Code::Forbidden.into()),
    }
}

/// That the person has proved a second factor just now: a session left open must not be enough to let something go.
///
/// # Errors
/// [`Code::StepUpRequired`].
pub(super) fn stepped_up(work: &Work<'_>) -> Result<()> {
    if access::is_fresh(work.caller().second_factor_at, work.now()) { Ok(()) } else { Err(Code::StepUpRequired.into()) }
}
