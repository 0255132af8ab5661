//! Making grants.

use crate::db::Work;
use crate::kernel::{Actor, Code, Error, Result};

use super::model::{Action, Basis, Facts, Grant, Scope, Standing};
use super::rules::{self, Decision};
use super::store;

/// The caller's memberships as they stand now, in this transaction.
///
/// # Errors
/// When the database can't be read.
pub fn standing(work: &mut Work<'_>) -> Result<Standing> {
    let caller = work.caller();
    let stepped_up = rules::is_fresh(caller.second_factor_at, work.now());
    Ok(Standing { stepped_up, ..standing_of(work, caller.actor)? })
}

/// Somebody else's memberships as they stand now: for asking, before they are written to, whether they may still know.
/// It makes no grant, and nobody has proved a second factor for it.
///
/// # Errors
/// When the database can't be read.
pub fn standing_of(work: &mut Work<'_>, actor: Actor) -> Result<Standing> {
    let memberships = match actor {
        Actor::System | Actor::Anonymous => Vec::new(),
        Actor::Person(_) | Actor::Client(_) => store::memberships(work, actor)?,
    };
    let emergencies = match actor {
        Actor::Person(person) if rules::could_use_emergency(&memberships) => store::emergencies(work, person)?,
        _ => Vec::new(),
    };
    Ok(Standing { actor, memberships, emergencies, stepped_up: false })
}

/// Grants `action` on `on`, a thing with these facts, or says why not.
///
/// # Errors
/// [`Code::SignInRequired`], [`Code::ScopeInsufficient`], [`Code::StepUpRequired`], [`Code::Forbidden`], or
/// [`Code::NotFound`] when the caller may not know the thing exists.
pub fn grant<T>(work: &mut Work<'_>, action: Action, on: T, facts: &Facts) -> Result<Grant<T>> {
    let standing = standing(work)?;
    match rules::decide(&standing, work.caller().scopes.as_ref(), action, facts) {
        Decision::Allowed(basis) => Ok(Grant::new(on, action, basis)),
        refused => Err(refuse(action, refused)),
    }
}

/// Grants the part of a list the caller may see.
///
/// # Errors
/// As [`grant`]; a caller with no rule at all for the action is forbidden.
pub fn scope(work: &mut Work<'_>, action: Action) -> Result<Grant<Scope>> {
    let standing = standing(work)?;
    if standing.actor == Actor::Anonymous {
        return Err(refuse(action, Decision::Nobody));
    }
    if let Some(scopes) = &work.caller().scopes
        && !action.scope().is_some_and(|s| scopes.has(s))
    {
        return Err(refuse(action, Decision::ScopeMissing));
    }
    let basis = match standing.actor {
        Actor::System => Some(Basis::System),
        _ => rules::first_rule(&standing, action),
    };
    match (rules::scope_of(&standing, action), basis) {
        (Some(scope), Some(basis)) => Ok(Grant::new(scope, action, basis)),
        _ => Err(refuse(action, Decision::Forbidden)),
    }
}

/// The error of a refusal, noted in the log without the thing's identity.
fn refuse(action: Action, decision: Decision) -> Error {
    tracing::info!(?action, ?decision, "refused");
    Error::new(match decision {
        Decision::Nobody => Code::SignInRequired,
        Decision::ScopeMissing => Code::ScopeInsufficient,
        Decision::StepUpNeeded => Code::StepUpRequired,
        Decision::Unseen => Code::NotFound,
        Decision::Forbidden | Decision::Allowed(_) => Code::Forbidden,
    })
}
