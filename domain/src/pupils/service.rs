//! Finding, adding and naming a child.

use crate::access::Grant;
use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{PupilId, Result, SchoolId, Upn};
use crate::vault::{ChildKey, Place, Vault};

use super::model::{Child, PupilIdentity};
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
/// child was first known stays as it is. A number that is known for somebody born on another day is a slip of the pen or
/// somebody else's: then the child is a new one, whom the number does not find, and that is on record. Without a number the
/// child is always new. A child found is locked as by [`lock`]: what is added now, a disposal that waits will see.
///
/// # Errors
/// [`crate::kernel::Code::Unavailable`] when the same child is added by another request at this moment.
pub fn find_or_add(work: &mut Work<'_>, vault: &Vault, school: SchoolId, identity: &PupilIdentity) -> Result<Child> {
    let index = identity.upn.as_ref().map(Upn::as_str).map(|upn| vault.blind_index(UPN_INDEX, upn));
    if let Some(index) = &index
        && let Some(known) = store::by_index_locked(work, index)?
    {
        let key = vault.child_key(work, known.key_id)?;
        // Two children behind one number would read each other's records. Whoever sends learns nothing of the other.
        if !vault.holds(&key, place(known.id), &known.identity, |is: &PupilIdentity| is.born_on == identity.born_on)? {
            let (id, key) = add(work, vault, school, identity, None)?;
            audit::record(
                work,
                "pupil.number_differs",
                Object::one("pupil", id.uuid()).at(school),
                known.id.to_string(),
            );
            return Ok(Child { id, key, moved: false });
        }
        let moved = known.school_id != school;
        if moved {
            store::move_to(work, known.id, school)?;
            audit::record(work, "pupil.move", Object::one("pupil", known.id.uuid()).at(school), "school changed");
        }
        return Ok(Child { id: known.id, key, moved });
    }
    let (id, key) = add(work, vault, school, identity, index)?;
    Ok(Child { id, key, moved: false })
}

/// Adds a child, found again by the index if there is one.
fn add(
    work: &mut Work<'_>,
    vault: &Vault,
    school: SchoolId,
    identity: &PupilIdentity,
    index: Option<Vec<u8>>,
) -> Result<(PupilId, ChildKey)> {
    let key = vault.new_child_key(work)?;
    let id = PupilId::from_uuid(work.new_id());
    let sealed = vault.seal(&key, place(id), identity, work.chance())?;
    store::insert(work, id, school, key.id(), index, sealed)?;
    Ok((id, key))
}

/// Locks these children until the transaction ends; gives those that are there. What is added for a child and what
/// disposes of a child both begin with it, or on PostgreSQL one would not see the other.
///
/// # Errors
/// When the database can't be read.
pub fn lock(work: &mut Work<'_>, ids: &[PupilId]) -> Result<Vec<PupilId>> {
    store::lock(work, ids)
}

/// The child's key, for sealing what belongs to the child.
///
/// # Errors
/// [`crate::kernel::Code::NotFound`] when there is no such child; internal when the child was erased.
pub fn key(work: &mut Work<'_>, vault: &Vault, id: PupilId) -> Result<ChildKey> {
    let key = store::key_id(work, id)?;
    vault.child_key(work, key)
}

/// The child with this unique pupil number, for a caller with a grant to ask for any child.
///
/// # Errors
/// When the database can't be read.
pub fn find<T>(work: &mut Work<'_>, vault: &Vault, _pass: &Grant<T>, upn: &Upn) -> Result<Option<PupilId>> {
    let index = vault.blind_index(UPN_INDEX, upn.as_str());
    Ok(store::by_index(work, &index)?.map(|known| known.id))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{self, Action, Facts};
    use crate::kernel::{Caller, Code};
    use crate::testing;
    use crate::vault::MasterKey;

    fn vault() -> Vault {
        Vault::new(&MasterKey::new([5; 32]))
    }

    fn child(upn: Option<&str>) -> PupilIdentity {
        PupilIdentity {
            given_name: "Enw".to_owned(),
            family_name: "Cyfenw".to_owned(),
            born_on: chrono::NaiveDate::from_ymd_opt(2012, 5, 6).unwrap(),
            upn: upn.map(|u| Upn::parse(u).unwrap()),
        }
    }

    fn found(work: &mut Work<'_>, school: SchoolId, upn: Option<&str>) -> (PupilId, crate::kernel::KeyId) {
        let found = find_or_add(work, &vault(), school, &child(upn)).unwrap();
        (found.id, found.key.id())
    }

    #[test]
    fn a_known_number_gives_the_same_child_who_moves_with_it() {
        let t = testing::db();
        let (one, two) = (testing::school(&t, "6764051"), testing::school(&t, "6764052"));
        let upn = Some("L676400024001");
        let system = Caller::system("test");
        t.db.upkeep(&system, move |work| {
            let first = found(work, one, upn);
            assert!(!work.is_audited(), "a new child is its use case's to record");
            assert_eq!(found(work, one, upn), first);
            assert!(!work.is_audited(), "nothing changed");
            assert_eq!(found(work, two, upn), first);
            assert!(work.is_audited(), "the move is recorded");
            let known = store::by_index(work, &vault().blind_index(UPN_INDEX, "L676400024001"))?.unwrap();
            assert_eq!(known.school_id, two);
            // Another number, and no number at all: other children with other keys.
            let other = found(work, one, Some("P207000016049"));
            let (unnumbered, again) = (found(work, one, None), found(work, one, None));
            let mut keys = vec![first.1, other.1, unnumbered.1, again.1];
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), 4);
            assert_eq!(key(work, &vault(), first.0)?.id(), first.1);
            Ok(())
        })
        .unwrap();
    }

    #[test]
    fn a_number_of_somebody_born_on_another_day_finds_nobody_and_moves_nobody() {
        let t = testing::db();
        let (one, two) = (testing::school(&t, "6764051"), testing::school(&t, "6764052"));
        let upn = Some("L676400024001");
        t.db.upkeep(&Caller::system("test"), move |work| {
            let first = found(work, one, upn);
            let born_on = chrono::NaiveDate::from_ymd_opt(2012, 6, 5).unwrap();
            let other = find_or_add(work, &vault(), two, &PupilIdentity { born_on, ..child(upn) }).unwrap();
            assert!(other.id != first.0 && other.key.id() != first.1 && work.is_audited());
            let known = store::by_index(work, &vault().blind_index(UPN_INDEX, "L676400024001"))?.unwrap();
            assert_eq!((known.id, known.school_id), (first.0, one));
            // The control: the name may change, and the child is the same.
            let renamed = PupilIdentity { family_name: "Arall".to_owned(), ..child(upn) };
            assert_eq!(find_or_add(work, &vault(), one, &renamed).unwrap().id, first.0);
            Ok(())
        })
        .unwrap();
    }

    #[test]
    fn an_identity_opens_with_a_grant_under_the_right_master_key_alone() {
        let t = testing::db();
        let school = testing::school(&t, "6764051");
        t.db.upkeep(&Caller::system("test"), move |work| {
            let (id, _) = found(work, school, Some("L676400024001"));
            let pass = access::grant(work, Action::ReadReferral, (), &Facts::of_school(school))?;
            assert!(identity(work, &vault(), &pass, id)? == child(Some("L676400024001")));
            let stranger = Vault::new(&MasterKey::new([6; 32]));
            assert_eq!(identity(work, &stranger, &pass, id).unwrap_err().code, Code::Internal);
            let nobody = PupilId::from_uuid(uuid::Uuid::nil());
            assert_eq!(key(work, &vault(), nobody).err().map(|e| e.code), Some(Code::NotFound));
            Ok(())
        })
        .unwrap();
    }
}
