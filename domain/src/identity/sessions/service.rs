//! Opening, using and ending sessions.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::secret::{SecretToken, digest};
use crate::identity::{factors, memberships, people};
use crate::kernel::{Actor, Code, EmailAddress, PersonId, Result, SessionId, Utc};

use super::model::{Credentials, Lacking, NewSession, Opening, Session, SessionLine, SignInRules};
use super::rules::{self, Tally};
use super::store;

/// What an e-mail leads to. A read; the password is compared after it, outside any transaction.
///
/// # Errors
/// When the database can't be read.
pub fn credentials(work: &mut Work<'_>, email: &EmailAddress) -> Result<Option<Credentials>> {
    Ok(people::store::sign_in_by_email(work, email)?.map(|row| Credentials {
        person: row.id,
        hash: row.hash(),
        active: row.active,
        locked_until: row.locked_until,
    }))
}

/// Until when an address nobody has is locked out. A read, for what [`credentials`] does not know.
///
/// # Errors
/// When the database can't be read.
pub fn locked_address(work: &mut Work<'_>, email: &EmailAddress) -> Result<Option<Utc>> {
    store::locked_miss(work, &digest(email.as_str()))
}

/// Opens a session for someone whose password was right, and forgets the attempts before. No second factor was proved.
///
/// # Errors
/// As [`rules::judge`], when the person was locked out or let go since their credentials were read.
pub fn open_session(work: &mut Work<'_>, person: PersonId, rules: &SignInRules) -> Result<NewSession> {
    open_session_as(work, person, rules, &Opening::default())
}

/// Opens a session for someone who has proved what `opening` says.
///
/// # Errors
/// As [`open_session`].
pub fn open_session_as(
    work: &mut Work<'_>,
    person: PersonId,
    rules: &SignInRules,
    opening: &Opening,
) -> Result<NewSession> {
    admit(work, person)?;
    people::store::set_attempts(work, person, 0, None)?;
    let id = SessionId::from_uuid(work.random_id());
    let token = SecretToken::random("", work.chance());
    let expires_at = work.now().plus_seconds(rules.absolute_seconds);
    let new = store::NewLine {
        id,
        person,
        token_hash: &digest(token.reveal()),
        expires_at,
        second_factor_at: opening.second_factor.then(|| work.now()),
        device: &opening.device,
    };
    store::insert(work, &new)?;
    let factor = if opening.second_factor { "second factor" } else { "one factor" };
    audit::record(work, "session.open", Object::one("session", id.uuid()), format!("person {person} {factor}"));
    Ok(NewSession { id, token, expires_at })
}

/// Refuses whoever is locked out or was let go. The person's row stays held until the transaction ends, so that attempts
/// are judged one after the other.
pub(in crate::identity) fn admit(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    let row = people::store::sign_in_for_update(work, person)?;
    let credentials =
        row.map(|row| Credentials { person: row.id, hash: None, active: row.active, locked_until: row.locked_until });
    rules::judge(credentials.as_ref(), true, work.now()).map(|_| ())
}

/// That the caller has proved a second factor just now; the service itself need not. For what gives others a right: a
/// session left open must not be enough.
///
/// # Errors
/// [`Code::StepUpRequired`].
pub(in crate::identity) fn stepped_up(work: &Work<'_>) -> Result<()> {
    let caller = work.caller();
    let fresh = caller.actor == Actor::System || access::is_fresh(caller.second_factor_at, work.now());
    if fresh { Ok(()) } else { Err(Code::StepUpRequired.into()) }
}

/// Gives the caller's session a new id and a new token, as at every change of what it may do (OWASP ASVS 7.2.4): what
/// was known of it before is worth nothing. When it ends at the latest stays.
///
/// # Errors
/// [`Code::NotFound`] when there is no such open session of the caller's.
pub fn renew_session(work: &mut Work<'_>, id: SessionId, second_factor: bool) -> Result<NewSession> {
    let Actor::Person(person) = work.caller().actor else { return Err(Code::SignInRequired.into()) };
    let new = SessionId::from_uuid(work.random_id());
    let token = SecretToken::random("", work.chance());
    let expires_at = store::renew(work, id, person, new, &digest(token.reveal()))?.ok_or(Code::NotFound)?;
    if second_factor {
        store::set_proved(work, new)?;
    }
    audit::record(work, "session.renew", Object::one("session", new.uuid()), format!("was {id}"));
    Ok(NewSession { id: new, token, expires_at })
}

/// What a session in which no second factor was proved still lacks. A read, asked at every request of such a session.
///
/// # Errors
/// When the database can't be read.
pub fn lacking(work: &mut Work<'_>, session: &Session, rules: &SignInRules) -> Result<Option<Lacking>> {
    if session.second_factor_at.is_some() {
        return Ok(None);
    }
    if factors::store::confirmed(work, session.person)?.is_some() {
        return Ok(Some(Lacking::Proof));
    }
    let held = memberships::store::roles_of(work, session.person)?;
    Ok(held.into_iter().any(|role| rules.second_factor_roles.has(role)).then_some(Lacking::Factor))
}

/// Counts a failed attempt; the one that locks the account is audited. An address nobody has is counted and locked in the
/// same way, with as many writes, so that neither the answer nor its time tells which are known. Upkeep.
///
/// # Errors
/// When the database can't be written.
pub fn note_failure(work: &mut Work<'_>, email: &EmailAddress, rules: &SignInRules) -> Result<()> {
    match people::store::sign_in_by_email(work, email)?.map(|row| row.id) {
        Some(person) => note_failure_of(work, person, rules),
        None => note_miss(work, email, rules),
    }
}

/// Counts a failed attempt of somebody known: a wrong password, or a wrong code. Upkeep.
///
/// # Errors
/// When the database can't be written.
pub fn note_failure_of(work: &mut Work<'_>, person: PersonId, rules: &SignInRules) -> Result<()> {
    let Some(row) = people::store::sign_in_for_update(work, person)? else {
        return Ok(());
    };
    let before = Tally { failed: row.failed_sign_ins, locked_until: row.locked_until };
    let after = rules::after_failure(before, work.now(), rules);
    if after == before {
        return Ok(());
    }
    people::store::set_attempts(work, person, after.failed, after.locked_until)?;
    if after.locked_until.is_some() {
        audit::record(work, "person.lock", Object::one("person", person.uuid()), "");
    }
    Ok(())
}

fn note_miss(work: &mut Work<'_>, email: &EmailAddress, rules: &SignInRules) -> Result<()> {
    let address = digest(email.as_str());
    let (failed, locked_until) = store::miss(work, &address)?.unwrap_or((0, None));
    let before = Tally { failed, locked_until };
    let after = rules::after_failure(before, work.now(), rules);
    if after != before {
        store::set_miss(work, &address, after.failed, after.locked_until)?;
        if after.locked_until.is_some() {
            audit::record(work, "person.lock", Object::all("person"), "");
        }
    }
    Ok(())
}

/// The session a token stands for, while it lives and its person may sign in. A read.
///
/// # Errors
/// When the database can't be read.
pub fn session(work: &mut Work<'_>, token: &str, rules: &SignInRules) -> Result<Option<Session>> {
    let now = work.now();
    let row = store::open_by_digest(work, &digest(token))?;
    Ok(row.filter(|r| rules::lives(r.last_used_at, r.expires_at, now, rules)).map(|r| Session {
        id: r.id,
        person: r.person,
        name: r.name,
        lang: r.lang,
        expires_at: r.expires_at,
        issuer: r.issuer,
        second_factor_at: r.second_factor_at,
        touch_due: rules::touch_due(r.last_used_at, now),
    }))
}

/// Notes that a session was used, at most once a minute. Says whether it was noted. Upkeep.
///
/// # Errors
/// When the database can't be written.
pub fn touch_session(work: &mut Work<'_>, id: SessionId) -> Result<bool> {
    let before = work.now().plus_seconds(-rules::TOUCH_SECONDS);
    store::touch(work, id, before)
}

/// Ends a session: signing out. Someone else's session is not found.
///
/// # Errors
/// [`Code::NotFound`] when there is no such open session of the caller's.
pub fn end_session(work: &mut Work<'_>, id: SessionId) -> Result<()> {
    let owner = match work.caller().actor {
        Actor::Person(person) => Some(person),
        Actor::System => None,
        Actor::Anonymous | Actor::Client(_) => return Err(Code::SignInRequired.into()),
    };
    if !store::end(work, id, owner)? {
        return Err(Code::NotFound.into());
    }
    audit::record(work, "session.close", Object::one("session", id.uuid()), "");
    Ok(())
}

/// The caller's own sessions that still live.
///
/// # Errors
/// [`Code::SignInRequired`] for who is no person.
pub fn own_sessions(work: &mut Work<'_>, rules: &SignInRules) -> Result<Vec<SessionLine>> {
    let Actor::Person(person) = work.caller().actor else { return Err(Code::SignInRequired.into()) };
    let now = work.now();
    let lines = store::open_of(work, person)?.into_iter();
    let living = lines.filter(|(_, _, used, ends, _)| rules::lives(*used, *ends, now, rules));
    Ok(living
        .map(|(id, created_at, last_used_at, _, device)| SessionLine { id, created_at, last_used_at, device })
        .collect())
}

/// Ends the caller's sessions but this one; says how many.
///
/// # Errors
/// [`Code::SignInRequired`] for who is no person.
pub fn end_other_sessions(work: &mut Work<'_>, keep: SessionId) -> Result<usize> {
    let Actor::Person(person) = work.caller().actor else { return Err(Code::SignInRequired.into()) };
    let ended = store::end_others(work, person, keep)?;
    audit::record(work, "session.close_others", Object::one("person", person.uuid()), format!("ended {ended}"));
    Ok(ended)
}

/// Ends every session of a person; says how many.
///
/// # Errors
/// When the caller may not manage people.
pub fn end_sessions_of(work: &mut Work<'_>, person: PersonId) -> Result<usize> {
    access::grant(work, Action::ManagePeople, person, &Facts::default())?;
    people::store::exists(work, person)?;
    let ended = store::end_all(work, person)?;
    audit::record(work, "session.close_all", Object::one("person", person.uuid()), format!("ended {ended}"));
    Ok(ended)
}

/// Removes sessions past their age, and what was noted of addresses nobody has; the audit record keeps that the sessions
/// were. Upkeep; returns how many sessions.
///
/// # Errors
/// When the database can't be written.
pub fn forget_expired(work: &mut Work<'_>) -> Result<usize> {
    store::forget_misses(work)?;
    store::forget_expired(work)
}
