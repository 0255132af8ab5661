//! Opening, using and ending sessions.

use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::people;
use crate::identity::secret::{SecretToken, digest};
use crate::kernel::{Actor, Code, EmailAddress, PersonId, Result, SessionId};

use super::model::{Credentials, NewSession, Session, SignInRules};
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

/// Opens a session for someone whose password was right, and forgets the attempts before.
///
/// # Errors
/// As [`rules::judge`], when the person was locked out or let go since their credentials were read.
pub fn open_session(work: &mut Work<'_>, person: PersonId, rules: &SignInRules) -> Result<NewSession> {
    let row = people::store::sign_in_for_update(work, person)?;
    let credentials =
        row.map(|row| Credentials { person: row.id, hash: None, active: row.active, locked_until: row.locked_until });
    rules::judge(credentials.as_ref(), true, work.now())?;
    people::store::set_attempts(work, person, 0, None)?;
    let id = SessionId::from_uuid(work.new_id());
    let token = SecretToken::random("", work.chance());
    let expires_at = work.now().plus_seconds(rules.absolute_seconds);
    store::insert(work, id, person, &digest(token.reveal()), expires_at)?;
    audit::record(work, "session.open", Object::one("session", id.uuid()), format!("person {person}"));
    Ok(NewSession { id, token, expires_at })
}

/// Counts a failed attempt; the one that locks the account is audited. An unknown address counts nowhere. Upkeep.
///
/// # Errors
/// When the database can't be written.
pub fn note_failure(work: &mut Work<'_>, email: &EmailAddress, rules: &SignInRules) -> Result<()> {
    let Some(person) = people::store::sign_in_by_email(work, email)?.map(|row| row.id) else {
        return Ok(());
    };
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

/// Removes sessions past their age; the audit record keeps that they were. Upkeep; returns how many.
///
/// # Errors
/// When the database can't be written.
pub fn forget_expired(work: &mut Work<'_>) -> Result<usize> {
    store::forget_expired(work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{
        AddPerson, Preference, add_person, deactivate_person, hash_password, judge, verify_password,
    };
    use crate::kernel::{Caller, Error, FreeText, Lang};
    use crate::testing::{self, TestDb};

    const PASSWORD: &str = "afon hir o law";

    fn anonymous() -> Caller {
        Caller { actor: Actor::Anonymous, ..Caller::system("test") }
    }

    fn email() -> EmailAddress {
        EmailAddress::parse("deputy.head@school.example").unwrap()
    }

    /// A database with one person in it. The hash stands for the slow one where a test does not sign in.
    fn with_person() -> (TestDb, PersonId) {
        let db = testing::db();
        let new = AddPerson {
            email: email(),
            name: FreeText::parse("Deputy Headteacher").unwrap(),
            lang: Preference::Cy,
            password: Some(hash_password(PASSWORD, &**db.db.chance()).unwrap()),
        };
        let person = db.db.write(&Caller::system("test"), move |work| add_person(work, &new)).unwrap();
        (db, person)
    }

    /// Signs in as the edge does: read, compare, judge, write.
    fn sign_in(db: &TestDb, password: &str) -> Result<NewSession> {
        let rules = SignInRules::default();
        let found = db.db.read(&anonymous(), |work| credentials(work, &email()))?;
        let matches = verify_password(found.as_ref().and_then(|c| c.hash.as_ref()), password);
        match judge(found.as_ref(), matches, db.db.clock().now()) {
            Ok(person) => db.db.write(&anonymous(), move |work| open_session(work, person, &rules)),
            Err(refused) => {
                db.db.upkeep(&anonymous(), move |work| note_failure(work, &email(), &rules))?;
                Err(refused)
            }
        }
    }

    fn current(db: &TestDb, token: &SecretToken) -> Option<Session> {
        db.db.read(&anonymous(), |work| session(work, token.reveal(), &SignInRules::default())).unwrap()
    }

    fn code<T>(result: Result<T>) -> Option<Code> {
        result.err().map(|e: Error| e.code)
    }

    #[test]
    fn five_failures_lock_for_a_quarter_of_an_hour() {
        let (db, _) = with_person();
        for _ in 0..4 {
            assert_eq!(code(sign_in(&db, "wrong")), Some(Code::InvalidCredentials));
        }
        assert!(sign_in(&db, PASSWORD).is_ok(), "four failures do not lock, and success forgets them");
        for _ in 0..5 {
            assert_eq!(code(sign_in(&db, "wrong")), Some(Code::InvalidCredentials));
        }
        let locked = sign_in(&db, PASSWORD).unwrap_err();
        assert_eq!((locked.code, locked.retry_after), (Code::AccountLocked, Some(900)));
        db.clock.advance_seconds(899);
        assert_eq!(code(sign_in(&db, PASSWORD)), Some(Code::AccountLocked));
        db.clock.advance_seconds(1);
        assert!(sign_in(&db, PASSWORD).is_ok());
    }

    #[test]
    fn a_lock_between_the_read_and_the_write_holds() {
        let (db, person) = with_person();
        let rules = SignInRules::default();
        for _ in 0..5 {
            db.db.upkeep(&anonymous(), move |work| note_failure(work, &email(), &rules)).unwrap();
        }
        let opened = db.db.write(&anonymous(), move |work| open_session(work, person, &rules));
        assert_eq!(code(opened), Some(Code::AccountLocked));
    }

    #[test]
    fn a_session_ends_by_idleness_and_by_age() {
        let (db, person) = with_person();
        let first = sign_in(&db, PASSWORD).unwrap();
        let seen = current(&db, &first.token).unwrap();
        assert_eq!((seen.person, seen.lang.lang(), seen.touch_due), (person, Lang::Cy, false));
        db.clock.advance_seconds(899);
        assert!(current(&db, &first.token).unwrap().touch_due);
        db.clock.advance_seconds(1);
        assert!(current(&db, &first.token).is_none(), "idle for a quarter of an hour");

        let second = sign_in(&db, PASSWORD).unwrap();
        let touch = || db.db.upkeep(&anonymous(), move |work| touch_session(work, second.id)).unwrap();
        assert!(!touch(), "noted when it was opened");
        for _ in 0..(8 * 60 / 10 - 1) {
            db.clock.advance_seconds(600);
            assert!(current(&db, &second.token).is_some());
            assert!(touch());
        }
        db.clock.advance_seconds(600);
        assert!(current(&db, &second.token).is_none(), "eight hours are the end");
        db.clock.advance_seconds(1);
        assert_eq!(db.db.upkeep(&anonymous(), forget_expired).unwrap(), 2);
    }

    #[test]
    fn only_its_owner_ends_a_session() {
        let (db, person) = with_person();
        let opened = sign_in(&db, PASSWORD).unwrap();
        let end = |caller: &Caller| db.db.write(caller, move |work| end_session(work, opened.id));
        assert_eq!(code(end(&anonymous())), Some(Code::SignInRequired));
        let stranger = Caller::person(PersonId::from_uuid(uuid::Uuid::nil()), Lang::En, "test");
        assert_eq!(code(end(&stranger)), Some(Code::NotFound));
        assert!(current(&db, &opened.token).is_some());
        let owner = Caller::person(person, Lang::En, "test");
        end(&owner).unwrap();
        assert!(current(&db, &opened.token).is_none());
        assert_eq!(code(end(&owner)), Some(Code::NotFound));
    }

    #[test]
    fn letting_a_person_go_ends_their_sessions_and_their_mail() {
        let (db, person) = with_person();
        let opened = sign_in(&db, PASSWORD).unwrap();
        let contact = || db.db.read(&anonymous(), |work| crate::identity::contact(work, person)).unwrap();
        assert_eq!(contact().unwrap().email, email());
        db.db.write(&Caller::system("test"), move |work| deactivate_person(work, person)).unwrap();
        assert!(current(&db, &opened.token).is_none() && contact().is_none());
        assert_eq!(code(sign_in(&db, PASSWORD)), Some(Code::InvalidCredentials));
    }
}
