//! Sending somebody to an issuer, and taking them in when they come back.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::secret::{SecretToken, digest};
use crate::identity::{NewSession, SignInRules, memberships, people, sessions};
use crate::kernel::{Actor, Code, Error, MembershipId, PersonId, Result, SessionId};

use super::model::{Arrival, Begun, Entry, IssuerIdentity, IssuerTrust, PlacedRole, Recognised};
use super::{rules, store};

/// How long a sign-in may be on its way, in seconds.
const UNDER_WAY_SECONDS: i64 = 600;

/// Begins a sign-in: what goes to the issuer, and what stays with the browser. A browser that has one under way keeps
/// its token, so that two tabs don't end each other's. Upkeep.
///
/// # Errors
/// When the database can't be written.
pub fn begin_sign_in(work: &mut Work<'_>, issuer: &str, next: &str, browser: Option<&str>) -> Result<Begun> {
    let state = SecretToken::random("", work.chance());
    let browser = browser.map_or_else(|| SecretToken::random("", work.chance()), SecretToken::known);
    let expires = work.now().plus_seconds(UNDER_WAY_SECONDS);
    store::insert_state(work, (&digest(state.reveal()), &digest(browser.reveal())), issuer, next, expires)?;
    Ok(Begun { state, browser })
}

/// Takes a sign-in back from an issuer, once and from the same browser, and says which page was asked for. Upkeep: it
/// commits before the issuer is asked for anything, so that a second return finds it used.
///
/// # Errors
/// [`Code::SignInExpired`] when there is none such, whatever the reason.
pub fn finish_sign_in(work: &mut Work<'_>, issuer: &str, state: &str, browser: &str) -> Result<String> {
    store::use_state(work, (&digest(state), &digest(browser)), issuer)?.ok_or_else(|| Code::SignInExpired.into())
}

/// Removes sign-ins that never came back. Upkeep; returns how many.
///
/// # Errors
/// When the database can't be written.
pub fn forget_stale_sign_ins(work: &mut Work<'_>) -> Result<usize> {
    store::forget_states(work)
}

/// Who a checked token's words stand for. The first time, the address binds: to a person somebody here added with it, when
/// the issuer proved it and may speak for its domain. A person bound to one subject is never bound to a second of the
/// same issuer: an address that was given to somebody new does not bring the old one's records along.
///
/// # Errors
/// [`Code::AccountUnknown`], whatever the reason.
pub fn recognise(work: &mut Work<'_>, trust: &IssuerTrust, who: &IssuerIdentity) -> Result<Recognised> {
    if !rules::is_subject(&who.subject) {
        return Err(Code::AccountUnknown.into());
    }
    let bound = store::link(work, &trust.issuer, &who.subject)?;
    let person = match bound {
        Some(person) => Some(person),
        None => match rules::binding_address(trust, who) {
            Some(email) => people::store::sign_in_by_email(work, email)?.map(|row| row.id),
            None => None,
        },
    };
    let row = match person {
        Some(person) => people::store::sign_in_for_update(work, person)?,
        None => None,
    };
    let person = row.filter(|row| row.active).map(|row| row.id).ok_or_else(|| Error::new(Code::AccountUnknown))?;
    if bound.is_some() {
        store::touch_link(work, &trust.issuer, &who.subject)?;
    } else {
        store::insert_link(work, &trust.issuer, &who.subject, person)?;
        audit::record(work, "person.bind", Object::one("person", person.uuid()), format!("issuer {}", trust.issuer));
    }
    Ok(Recognised { person, issuer: trust.issuer.clone() })
}

/// Brings somebody's roles from the issuer up to what it says now, and opens a session. Roles it no longer says end in
/// the same transaction. Who then holds no role, of whatever source, gets no session, and loses those they had.
///
/// # Errors
/// When the database can't be written.
pub fn open_by_issuer(
    work: &mut Work<'_>,
    who: &Recognised,
    roles: &[PlacedRole],
    arrival: &Arrival,
    limits: &SignInRules,
) -> Result<Entry> {
    let (ids, held): (Vec<_>, Vec<_>) = store::held(work, who)?.into_iter().unzip();
    let (ending, beginning) = rules::changes(&held, roles);
    for (id, _) in ids.iter().zip(&held).filter(|(_, h)| ending.contains(h)) {
        store::end(work, who, *id)?;
        audit::record(work, "membership.end", Object::one("membership", id.uuid()), "by issuer");
    }
    for role in beginning {
        let id = MembershipId::from_uuid(work.new_id());
        store::give(work, who, id, role)?;
        let mut object = Object::one("membership", id.uuid());
        object.school = role.school;
        audit::record(work, "membership.add", object, format!("role {} deputy {} by issuer", role.role, role.deputy));
    }
    let person = who.person;
    if !memberships::store::invited_roles(work, person)?.is_empty() {
        // Who proves who they are takes up what they were invited to; an administrator still confirms it.
        memberships::accept(work, person)?;
    }
    if access::standing_of(work, Actor::Person(person))?.memberships.is_empty() {
        let ended = sessions::store::end_all(work, person)?;
        let detail = format!("no role, sessions ended {ended}");
        audit::record(work, "session.refuse", Object::one("person", person.uuid()), detail);
        return Ok(Entry::NoRole);
    }
    let id = SessionId::from_uuid(work.random_id());
    let token = SecretToken::random("", work.chance());
    let expires_at = work.now().plus_seconds(limits.absolute_seconds);
    let line = sessions::store::NewLine {
        id,
        person,
        token_hash: &digest(token.reveal()),
        expires_at,
        second_factor_at: arrival.second_factor_at,
        device: &arrival.device,
    };
    sessions::store::insert(work, &line)?;
    store::note_arrival(work, id, arrival)?;
    let factor = if arrival.second_factor_at.is_some() { " with a second factor" } else { "" };
    let detail = format!("person {person} by issuer {}{factor}", arrival.code);
    audit::record(work, "session.open", Object::one("session", id.uuid()), detail);
    Ok(Entry::Opened(NewSession { id, token, expires_at }))
}

/// Forgets who a person is at an issuer, or at all of them: for an address or an account that changed hands, before
/// they are bound anew. Their sessions end. Says how many bindings there were.
///
/// # Errors
/// When the caller may not manage people.
pub fn unbind_person(work: &mut Work<'_>, person: PersonId, issuer: Option<&str>) -> Result<usize> {
    let pass = access::grant(work, Action::ManagePeople, person, &Facts::default())?;
    let removed = store::remove_links(work, &pass, issuer)?;
    let ended = sessions::store::end_all(work, person)?;
    let detail = format!("bindings {removed} sessions ended {ended}");
    audit::record(work, "person.unbind", Object::one("person", person.uuid()), detail);
    Ok(removed)
}
