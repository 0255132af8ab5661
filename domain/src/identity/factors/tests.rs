//! What the tables say, beside the rules.

use super::*;
use crate::access::Role;
use crate::identity::{
    self, AddPerson, Lacking, Member, NewMembership, Opening, Preference, RoleSet, SignInRules, TotpSecret,
};
use crate::kernel::{Caller, Code, EmailAddress, FreeText, Lang, PersonId};
use crate::testing::{self, TestDb};
use crate::vault::{MasterKey, Vault};

fn vault() -> Vault {
    Vault::new(&MasterKey::new([3; 32]))
}

fn secret() -> TotpSecret {
    TotpSecret::from_bytes(b"12345678901234567890")
}

/// A database with one person of this role.
fn with(role: Role) -> (TestDb, PersonId) {
    let db = testing::db();
    let new = AddPerson {
        email: EmailAddress::parse("somebody@la.example").unwrap(),
        name: FreeText::parse("Role Title").unwrap(),
        lang: Preference::Both,
        password: None,
    };
    let person = db.db.write(&Caller::system("test"), move |work| {
        let person = identity::add_person(work, &new)?;
        let (who, school, service, officer) = (Member::Person(person), None, None, None);
        identity::add_membership(work, &NewMembership { who, role, school, service, officer, deputy: false })?;
        Ok(person)
    });
    (db, person.unwrap())
}

#[test]
fn what_is_stored_opens_at_its_own_place_alone_and_a_code_is_spent() {
    let (db, person) = with(Role::Analyst);
    db.db.write(&Caller::system("test"), move |work| enrol_known(work, &vault(), person, &secret())).unwrap();
    let row = db.db.read(&Caller::system("test"), |work| store::confirmed(work, person)).unwrap().unwrap();
    assert!(!row.secret.0.windows(20).any(|w| w == b"12345678901234567890"), "sealed");
    let code = code_at(&secret(), step_of(db.db.clock().now()));
    let open = || {
        let code = code.clone();
        let rules = SignInRules::default();
        db.db.write(&Caller::person(person, Lang::En, "test"), move |work| {
            open_session_with(work, &vault(), person, Some(&code), String::new(), &rules)
        })
    };
    assert!(open().is_ok());
    assert_eq!(open().unwrap_err().code, Code::SecondFactorWrong, "a code works once");
    // Another vault's key does not open it; and who is no service gives nobody a known secret.
    let other = Vault::new(&MasterKey::new([4; 32]));
    let begun = db.db.write(&Caller::person(person, Lang::En, "test"), move |work| {
        open_session_with(work, &other, person, Some("000000"), String::new(), &SignInRules::default())
    });
    assert_eq!(begun.unwrap_err().code, Code::Internal);
    let caller = Caller::person(person, Lang::En, "test");
    let refused = db.db.write(&caller, move |work| enrol_known(work, &vault(), person, &secret()));
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
}

#[test]
fn what_a_session_lacks_is_asked_of_the_tables() {
    let (db, person) = with(Role::Analyst);
    let rules = |roles| SignInRules { second_factor_roles: roles, ..SignInRules::default() };
    let open = |proved: bool| {
        let opening = Opening { second_factor: proved, device: String::new() };
        let open = move |work: &mut crate::db::Work<'_>| {
            identity::open_session_as(work, person, &SignInRules::default(), &opening)
        };
        let opened = db.db.write(&Caller::system("test"), open).unwrap();
        let find =
            |work: &mut crate::db::Work<'_>| identity::session(work, opened.token.reveal(), &SignInRules::default());
        db.db.read(&Caller::system("test"), find).unwrap().unwrap()
    };
    let lacks = |session: &identity::Session, roles| {
        db.db.read(&Caller::system("test"), |work| identity::lacking(work, session, &rules(roles))).unwrap()
    };
    let half = open(false);
    assert_eq!(lacks(&half, RoleSet::ALL), Some(Lacking::Factor));
    assert_eq!(lacks(&half, RoleSet::of([Role::Analyst])), Some(Lacking::Factor));
    assert_eq!(lacks(&half, RoleSet::of([Role::Auditor])), None, "a role that forces none");
    assert_eq!(lacks(&open(true), RoleSet::ALL), None);
    db.db.write(&Caller::system("test"), move |work| enrol_known(work, &vault(), person, &secret())).unwrap();
    assert_eq!(lacks(&half, RoleSet::NONE), Some(Lacking::Proof), "who has one proves it, whatever the role");
}
