//! Adding people and letting them go; what people change of themselves.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::{NewSession, Preference, invitations, memberships, sessions};
use crate::kernel::{Actor, Code, Page, PageRequest, PersonId, Result, SessionId};

use super::model::{AddPerson, PersonLine};
use super::passwords::PasswordHash;
use super::store;

/// That the caller may manage people: asked before anything is said about what they sent.
///
/// # Errors
/// When they may not.
pub fn may_manage_people(work: &mut Work<'_>) -> Result<()> {
    access::grant(work, Action::ManagePeople, (), &Facts::default()).map(|_| ())
}

/// Adds a person. They can do nothing until a membership says what they are.
///
/// # Errors
/// When the caller may not manage people; [`crate::kernel::Code::AlreadyExists`] when the address is known.
pub fn add_person(work: &mut Work<'_>, new: &AddPerson) -> Result<PersonId> {
    let pass = access::grant(work, Action::ManagePeople, (), &Facts::default())?;
    let id = PersonId::from_uuid(work.new_id());
    store::insert(work, &pass, id, new)?;
    audit::record(work, "person.add", Object::one("person", id.uuid()), "");
    Ok(id)
}

/// Lets a person go: they can't sign in, their sessions end now, nothing is sent to them.
///
/// # Errors
/// When the caller may not manage people, or [`crate::kernel::Code::NotFound`].
pub fn deactivate_person(work: &mut Work<'_>, id: PersonId) -> Result<()> {
    let pass = access::grant(work, Action::ManagePeople, id, &Facts::default())?;
    store::deactivate(work, &pass)?;
    invitations::store::void(work, id)?;
    let ended = sessions::store::end_all(work, id)?;
    audit::record(work, "person.deactivate", Object::one("person", id.uuid()), format!("sessions ended {ended}"));
    Ok(())
}

/// Gives a person a new password and ends their sessions.
///
/// # Errors
/// When the caller may not manage people, or [`crate::kernel::Code::NotFound`].
pub fn set_password(work: &mut Work<'_>, id: PersonId, hash: &PasswordHash) -> Result<()> {
    let pass = access::grant(work, Action::ManagePeople, id, &Facts::default())?;
    store::set_password(work, &pass, hash)?;
    let ended = sessions::store::end_all(work, id)?;
    audit::record(work, "person.password", Object::one("person", id.uuid()), format!("sessions ended {ended}"));
    Ok(())
}

fn own(work: &Work<'_>) -> Result<PersonId> {
    match work.caller().actor {
        Actor::Person(person) => Ok(person),
        _ => Err(Code::SignInRequired.into()),
    }
}

/// The hash of the caller's own password, for comparing it before they change it.
///
/// # Errors
/// [`Code::SignInRequired`] for who is no person.
pub fn own_password(work: &mut Work<'_>) -> Result<Option<PasswordHash>> {
    let person = own(work)?;
    store::own_hash(work, person)
}

/// Changes the caller's own password, the old one having been compared: their other sessions end, and this one gets a new
/// id and token.
///
/// # Errors
/// [`Code::SignInRequired`], [`Code::NotFound`] when the session ended meanwhile, [`Code::AccountLocked`].
pub fn change_password(work: &mut Work<'_>, session: SessionId, hash: &PasswordHash) -> Result<NewSession> {
    let person = own(work)?;
    sessions::admit(work, person)?;
    store::set_own_password(work, person, hash)?;
    let ended = sessions::store::end_others(work, person, session)?;
    audit::record(
        work,
        "person.password",
        Object::one("person", person.uuid()),
        format!("own; sessions ended {ended}"),
    );
    sessions::renew_session(work, session, false)
}

/// Sets the language the caller is written to in.
///
/// # Errors
/// [`Code::SignInRequired`] for who is no person.
pub fn set_language(work: &mut Work<'_>, lang: Preference) -> Result<()> {
    let person = own(work)?;
    store::set_lang(work, person, lang)?;
    audit::record(work, "person.language", Object::one("person", person.uuid()), lang.as_str());
    Ok(())
}

/// A page of everybody with their roles, the newest first.
///
/// # Errors
/// When the caller may not manage people.
pub fn people(work: &mut Work<'_>, request: PageRequest) -> Result<Page<PersonLine>> {
    let pass = access::scope(work, Action::ManagePeople)?;
    let page = store::page(work, &pass, request)?;
    let ids: Vec<PersonId> = page.items.iter().map(|p| p.id).collect();
    let roles = memberships::store::of_people(work, &pass, &ids)?;
    let proved = crate::identity::factors::store::having(work, &ids)?;
    Ok(page.map(|person| {
        let memberships = roles.iter().filter(|m| m.person == person.id).cloned().collect();
        let has_factor = proved.contains(&person.id);
        PersonLine { person, memberships, has_factor }
    }))
}
