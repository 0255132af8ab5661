//! Adding people and letting them go.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::sessions;
use crate::kernel::{PersonId, Result};

use super::model::AddPerson;
use super::passwords::PasswordHash;
use super::store;

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
