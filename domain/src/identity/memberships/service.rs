//! Giving a role and taking it away.

use crate::access::{self, Action, Facts, Role};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::sessions;
use crate::kernel::{Code, MembershipId, PersonId, Result};

use super::model::{MembershipState, NewMembership};
use super::{rules, store};

/// Gives a role, confirmed and in force from now.
///
/// # Errors
/// When the caller may not manage people; the faults of a role without its place;
/// [`crate::kernel::Code::NotFound`] when someone or something named is not there.
pub fn add_membership(work: &mut Work<'_>, new: &NewMembership) -> Result<MembershipId> {
    let pass = access::grant(work, Action::ManagePeople, (), &Facts::default())?;
    rules::faults(new).finish()?;
    let id = MembershipId::from_uuid(work.new_id());
    store::insert(work, &pass, id, new, MembershipState::Confirmed)?;
    let mut object = Object::one("membership", id.uuid());
    object.school = new.school;
    audit::record(work, "membership.add", object, format!("role {} deputy {}", new.role, new.deputy));
    Ok(id)
}

/// Puts a role in that waits to be accepted and confirmed.
pub(in crate::identity) fn invite_to(work: &mut Work<'_>, new: &NewMembership) -> Result<MembershipId> {
    let pass = access::grant(work, Action::ManagePeople, (), &Facts::default())?;
    rules::faults(new).finish()?;
    let id = MembershipId::from_uuid(work.new_id());
    store::insert(work, &pass, id, new, MembershipState::Invited)?;
    let mut object = Object::one("membership", id.uuid());
    object.school = new.school;
    audit::record(work, "membership.invite", object, format!("role {} deputy {}", new.role, new.deputy));
    Ok(id)
}

/// Takes up what a person was invited to. Their link is the proof, or their session after it.
pub(in crate::identity) fn accept(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    let accepted = store::accept(work, person)?;
    audit::record(work, "membership.accept", Object::one("person", person.uuid()), format!("roles {accepted}"));
    Ok(())
}

/// Puts an accepted role in force. An administrator does it with a factor proved just now, and nobody for themselves.
///
/// # Errors
/// When the caller may not manage people; [`Code::StepUpRequired`]; [`Code::NotFound`]; [`Code::Forbidden`] for one's own;
/// [`Code::StateConflict`] when it was not accepted, or is in force already.
pub fn confirm_membership(work: &mut Work<'_>, id: MembershipId) -> Result<()> {
    let pass = access::grant(work, Action::ManagePeople, id, &Facts::default())?;
    sessions::stepped_up(work)?;
    let line = store::find(work, &pass)?.ok_or(Code::NotFound)?;
    rules::may_confirm(work.caller().actor, line.person, line.state)?;
    store::confirm(work, &pass)?;
    let mut object = Object::one("membership", id.uuid());
    object.school = line.school;
    audit::record(work, "membership.confirm", object, format!("role {}", line.role));
    Ok(())
}

/// Takes a role away from now on, however far it got; its person's sessions end. What was done in it stays done.
///
/// # Errors
/// When the caller may not manage people; [`Code::NotFound`] when there is no such role, or it has ended.
pub fn end_membership(work: &mut Work<'_>, id: MembershipId) -> Result<()> {
    let pass = access::grant(work, Action::ManagePeople, id, &Facts::default())?;
    let person = store::end(work, &pass)?;
    let ended = match person {
        Some(person) => sessions::store::end_all(work, person)?,
        None => 0,
    };
    audit::record(work, "membership.end", Object::one("membership", id.uuid()), format!("sessions ended {ended}"));
    Ok(())
}

/// Takes every role of this kind away from a person; says how many they were.
///
/// # Errors
/// As [`end_membership`]; [`Code::NotFound`] when they have no such role.
pub fn end_role(work: &mut Work<'_>, person: PersonId, role: Role) -> Result<usize> {
    let pass = access::scope(work, Action::ManagePeople)?;
    let lines = store::of_people(work, &pass, &[person])?;
    let ids: Vec<MembershipId> = lines.into_iter().filter(|l| l.role == role).map(|l| l.id).collect();
    if ids.is_empty() {
        return Err(Code::NotFound.into());
    }
    for id in &ids {
        end_membership(work, *id)?;
    }
    Ok(ids.len())
}

#[cfg(test)]
mod tests {
    use super::super::{Member, holders, people_of_officer};
    use super::*;
    use crate::identity::{AddPerson, Preference, add_person, deactivate_person};
    use crate::kernel::{Caller, EmailAddress, FreeText, Lang, OfficerId, SchoolId};
    use crate::testing::{self, TestDb};

    fn person(db: &TestDb, email: &str) -> PersonId {
        let new = AddPerson {
            email: EmailAddress::parse(email).unwrap(),
            name: FreeText::parse("Role Title").unwrap(),
            lang: Preference::Both,
            password: None,
        };
        db.db.write(&Caller::system("test"), move |work| add_person(work, &new)).unwrap()
    }

    fn role(who: PersonId, role: Role, school: Option<SchoolId>, deputy: bool) -> NewMembership {
        NewMembership { who: Member::Person(who), role, school, service: None, officer: None, deputy }
    }

    #[test]
    fn holders_are_those_in_force_deputies_last() {
        let db = testing::db();
        let school = testing::school(&db, "6764051");
        let system = Caller::system("test");
        let add = |new: NewMembership| db.db.write(&system, move |work| add_membership(work, &new));
        let (dsp, deputy, gone) =
            (person(&db, "dsp@s.example"), person(&db, "deputy@s.example"), person(&db, "gone@s.example"));
        add(role(deputy, Role::Dsp, Some(school), true)).unwrap();
        let held = add(role(dsp, Role::Dsp, Some(school), false)).unwrap();
        add(role(gone, Role::Dsp, Some(school), false)).unwrap();
        add(role(gone, Role::Headteacher, Some(school), false)).unwrap();
        db.db.write(&system, move |work| deactivate_person(work, gone)).unwrap();
        let now = || db.db.read(&system, |work| holders(work, Role::Dsp, school)).unwrap();
        assert_eq!(now(), [(dsp, false), (deputy, true)]);
        db.db.write(&system, move |work| end_membership(work, held)).unwrap();
        assert_eq!(now(), [(deputy, true)]);
        let again = db.db.write(&system, move |work| end_membership(work, held)).unwrap_err();
        assert_eq!(again.code, Code::NotFound);
    }

    #[test]
    fn a_role_is_given_by_who_may_and_to_what_is_there() {
        let db = testing::db();
        let someone = person(&db, "someone@la.example");
        let caller = Caller::person(someone, Lang::En, "test");
        let new = role(someone, Role::Administrator, None, false);
        let refused = db.db.write(&caller, move |work| add_membership(work, &new)).unwrap_err();
        assert_eq!(refused.code, Code::Forbidden, "nobody makes themselves an administrator");
        let officer = OfficerId::from_uuid(uuid::Uuid::from_u128(9));
        let new = NewMembership { officer: Some(officer), ..role(someone, Role::Officer, None, false) };
        let absent = db.db.write(&Caller::system("test"), move |work| add_membership(work, &new)).unwrap_err();
        assert_eq!(absent.code, Code::NotFound);
        assert!(db.db.read(&caller, |work| people_of_officer(work, officer)).unwrap().is_empty());
    }
}
