//! What a kept answer remembers of its caller's rights, so that a repeat is authorised again.
//!
//! A kept answer is given again only to a caller who still has every role and scope of the first time
//! (`facts/reliability.md` D9): who has left the school since is refused, and learns nothing from the repeat.

use dolen_domain::access::{self, Membership};
use dolen_domain::db::Work;
use dolen_domain::kernel::{Code, Error, OfficerId, Result, SchoolId, ServiceId};
use serde::{Deserialize, Serialize};

/// An answer with the rights it was given under.
#[derive(Serialize, Deserialize)]
struct Kept {
    roles: Vec<String>,
    scopes: Option<String>,
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

/// The body to keep, with the caller's rights as they are now.
///
/// # Errors
/// When the rights can't be read.
pub fn pack(work: &mut Work<'_>, body: Vec<u8>) -> Result<Vec<u8>> {
    let (roles, scopes) = rights(work)?;
    serde_json::to_vec(&Kept { roles, scopes, body }).map_err(Error::internal)
}

/// The body kept, if the caller still has the rights of then.
///
/// # Errors
/// [`Code::Forbidden`] or [`Code::ScopeInsufficient`] when a role or scope of then is gone.
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
    Ok(kept.body)
}
