//! Making a link and following it.

use crate::access::{self, Action, Facts, Role};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::secret::{SecretToken, digest};
use crate::identity::{NewSession, Opening, SignInRules, factors, people, sessions};
use crate::kernel::{Actor, Code, LinkId, PersonId, Result};

use super::store;

/// How many minutes a link works.
pub const MINUTES: i64 = 15;

/// Makes a link for an administrator. Only the service itself may: it is asked for at the command line.
///
/// # Errors
/// [`Code::Forbidden`] for everyone else, and for a person who is no administrator; [`Code::NotFound`].
pub fn new_sign_in_link(work: &mut Work<'_>, person: PersonId) -> Result<SecretToken> {
    let pass = access::grant(work, Action::ManagePeople, person, &Facts::default())?;
    let known = people::store::by_id(work, person)?.ok_or(Code::NotFound)?;
    let holder = access::standing_of(work, Actor::Person(person))?;
    if work.caller().actor != Actor::System || !known.active || !holder.has(Role::Administrator) {
        return Err(Code::Forbidden.into());
    }
    let token = SecretToken::random("", work.chance());
    let id = LinkId::from_uuid(work.random_id());
    let expires_at = work.now().plus_seconds(MINUTES * 60);
    store::insert(work, &pass, id, &digest(token.reveal()), expires_at)?;
    audit::record(work, "person.sign_in_link", Object::one("person", person.uuid()), format!("link {id}"));
    Ok(token)
}

/// Whether a link works, for its page. Changes nothing: programs follow links too.
///
/// # Errors
/// [`Code::LinkInvalid`] whatever is wrong with it.
pub fn sign_in_link(work: &mut Work<'_>, link: &str) -> Result<PersonId> {
    if link.len() > 128 {
        return Err(Code::LinkInvalid.into());
    }
    Ok(store::open(work, &digest(link))?.ok_or(Code::LinkInvalid)?.1)
}

/// Follows a link, once: the lost factor and its recovery codes are nothing any more, every session ends, and a new one
/// begins in which the person adds another factor before anything else. A lock is lifted with it.
///
/// # Errors
/// [`Code::LinkInvalid`].
pub fn follow_sign_in_link(
    work: &mut Work<'_>,
    link: &str,
    opening: &Opening,
    rules: &SignInRules,
) -> Result<(PersonId, NewSession)> {
    let person = sign_in_link(work, link)?;
    let (id, _) = store::open(work, &digest(link))?.ok_or(Code::LinkInvalid)?;
    if !store::use_up(work, id)? {
        return Err(Code::LinkInvalid.into());
    }
    // The role may have ended since the link was made.
    let holder = access::standing_of(work, Actor::Person(person))?;
    if !holder.has(Role::Administrator) {
        return Err(Code::LinkInvalid.into());
    }
    factors::store::forget_all_of(work, person)?;
    let ended = sessions::store::end_all(work, person)?;
    people::store::set_attempts(work, person, 0, None)?;
    let detail = format!("link {id} sessions ended {ended}");
    audit::record(work, "person.sign_in_link_used", Object::one("person", person.uuid()), detail);
    Ok((person, sessions::open_session_as(work, person, rules, opening)?))
}
