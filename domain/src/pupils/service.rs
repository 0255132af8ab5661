//! Finding, adding and naming a child.

use crate::access::Grant;
use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{PupilId, Result, SchoolId, Upn};
use crate::vault::{ChildKey, Place, Vault};

use super::model::PupilIdentity;
use super::store;

/// The blind index's column, as the vault names it.
const UPN_INDEX: &str = "pupils.upn";

/// Where a child's identity is sealed.
const fn place(id: PupilId) -> Place {
    Place { table: "pupils", column: "identity", row: id.uuid() }
}

/// The child with this unique pupil number, or a new one; the child's key with it. Part of a use case that has its own
/// grant and audit entry.
///
/// A child found at another school has moved: the school is changed and the move is audited. What was sealed when the
/// child was first known stays as it is. Without a number the child is always new.
///
/// # Errors
/// [`crate::kernel::Code::Unavailable`] when the same child is added by another request at this moment.
pub fn find_or_add(
    work: &mut Work<'_>,
    vault: &Vault,
    school: SchoolId,
    identity: &PupilIdentity,
) -> Result<(PupilId, ChildKey)> {
    let index = identity.upn.as_ref().map(Upn::as_str).map(|upn| vault.blind_index(UPN_INDEX, upn));
    if let Some(index) = &index
        && let Some(known) = store::by_index(work, index)?
    {
        if known.school_id != school {
            store::move_to(work, known.id, school)?;
            audit::record(work, "pupil.move", Object::one("pupil", known.id.uuid()).at(school), "school changed");
        }
        return Ok((known.id, vault.child_key(work, known.key_id)?));
    }
    let key = vault.new_child_key(work)?;
    let id = PupilId::from_uuid(work.new_id());
    let sealed = vault.seal(&key, place(id), identity, work.chance())?;
    store::insert(work, id, school, key.id(), index, sealed)?;
    Ok((id, key))
}

/// The child's key, for sealing what belongs to the child.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`] when there is no such child; internal when the child was erased.
pub fn key(work: &mut Work<'_>, vault: &Vault, id: PupilId) -> Result<ChildKey> {
    let key = store::key_id(work, id)?;
    vault.child_key(work, key)
}

/// Who the child is, for whoever holds a grant on the record that names the child.
///
/// # Errors
/// As [`key`], or when the sealed field does not open.
pub fn identity<T>(work: &mut Work<'_>, vault: &Vault, pass: &Grant<T>, id: PupilId) -> Result<PupilIdentity> {
    let (key_id, sealed) = store::identity(work, pass, id)?;
    let key = vault.child_key(work, key_id)?;
    vault.open(pass, &key, place(id), &sealed)
}
