//! Sessions from their opening to their end.

use super::*;
use crate::identity::{
    AddPerson, Preference, SecretToken, add_person, deactivate_person, hash_password, verify_password,
};
use crate::kernel::{Actor, Caller, Code, EmailAddress, Error, FreeText, Lang, PersonId, Result};
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
