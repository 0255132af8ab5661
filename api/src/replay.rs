//! What a kept answer remembers of its caller's rights, so that a repeat is authorised again.
//!
//! A kept answer is given again only to a caller who still has every role and scope of the first time, and who may still
//! know of every case it is about (`facts/reliability.md` D9): who has left the school since, or is no recipient of the
//! record any more, is refused, and learns nothing from the repeat.

use dolen_domain::access::{self, Action, Decision, Membership};
use dolen_domain::cases::{self, Use};
use dolen_domain::db::Work;
use dolen_domain::kernel::{CaseId, Code, EmergencyId, Error, OfficerId, Result, SchoolId, ServiceId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An answer with the rights it was given under.
#[derive(Serialize, Deserialize)]
struct Kept {
    roles: Vec<String>,
    scopes: Option<String>,
    /// The cases it is about that the caller knew of. Absent from answers kept before there were any.
    #[serde(default)]
    cases: Vec<Uuid>,
    body: Vec<u8>,
}

/// One role somewhere, as text to compare.
fn words(m: &Membership) -> String {
    let id = |id: Option<uuid::Uuid>| id.map(|i| i.to_string()).unwrap_or_default();
    format!(
        "{} {} {} {}",
        m.role,
        id(m.school.map(SchoolId::uuid)),
        id(m.service.map(ServiceId::uuid)),
        id(m.officer.map(OfficerId::uuid))
    )
}

fn rights(work: &mut Work<'_>) -> Result<(Vec<String>, Option<String>)> {
    let roles = access::standing(work)?.memberships.iter().map(words).collect();
    Ok((roles, work.caller().scopes.as_ref().map(ToString::to_string)))
}

/// Whether the caller may know of the case or emergency access as things stand now; nothing of anything else, and of a
/// case that was disposed of.
fn may_know(work: &mut Work<'_>, id: Uuid) -> Result<Option<bool>> {
    let (action, facts) = match cases::facts(work, CaseId::from_uuid(id))? {
        Some((kind, facts)) => (kind.action(Use::See), facts),
        None => match access::emergency_facts(work, EmergencyId::from_uuid(id))? {
            Some(facts) => (Action::ReadEmergency, facts),
            None => return Ok(None),
        },
    };
    // Scopes are compared by themselves: a system may write what it may not read.
    let standing = access::standing(work)?;
    Ok(Some(matches!(access::decide(&standing, None, action, &facts), Decision::Allowed(_))))
}

/// The body to keep, with the caller's rights as they are now.
///
/// # Errors
/// When the rights can't be read.
pub fn pack(work: &mut Work<'_>, body: Vec<u8>) -> Result<Vec<u8>> {
    let (roles, scopes) = rights(work)?;
    let mut subjects = work.subjects().to_vec();
    subjects.sort_unstable();
    subjects.dedup();
    let mut cases = Vec::new();
    for id in subjects {
        // What was passed on to somebody else was never theirs to know.
        if may_know(work, id)? == Some(true) {
            cases.push(id);
        }
    }
    serde_json::to_vec(&Kept { roles, scopes, cases, body }).map_err(Error::internal)
}

/// The body kept, if the caller still has the rights of then.
///
/// # Errors
/// [`Code::Forbidden`] or [`Code::ScopeInsufficient`] when a role or scope of then is gone, [`Code::NotFound`] when a case
/// may not be known of any more.
pub fn unpack(work: &mut Work<'_>, kept: &[u8]) -> Result<Vec<u8>> {
    let kept: Kept = serde_json::from_slice(kept).map_err(Error::internal)?;
    let (roles, scopes) = rights(work)?;
    if !kept.roles.iter().all(|then| roles.contains(then)) {
        return Err(Code::Forbidden.into());
    }
    let has = |scope: &str| scopes.as_deref().is_some_and(|now| now.split(' ').any(|s| s == scope));
    if kept.scopes.is_some_and(|then| !then.split(' ').all(has)) {
        return Err(Code::ScopeInsufficient.into());
    }
    for id in kept.cases {
        if may_know(work, id)? != Some(true) {
            return Err(Code::NotFound.into());
        }
    }
    Ok(kept.body)
}
