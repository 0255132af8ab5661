//! Finding, adding and naming a child.

use zeroize::Zeroizing;

use crate::access::Grant;
use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{PupilId, Result, SchoolId, Upn};
use crate::vault::{ChildKey, Place, Vault};

use super::model::{Child, PupilIdentity};
use super::{rules, store};

/// The blind index's column, as the vault names it.
const UPN_INDEX: &str = "pupils.upn";

/// Where a child's identity is sealed.
const fn place(id: PupilId) -> Place {
    Place { table: "pupils", column: "identity", row: id.uuid() }
}

/// The child with this unique pupil number; else the one child of this school with this birthday and these names; else a
/// new one. Part of a use case that has its own grant and audit entry.
///
/// A child found by the number at another school has moved: the school is changed and the move is audited. What was sealed
/// when the child was first known stays as it is. A number that is known for somebody born on another day is a slip of the
/// pen or somebody else's: it finds nobody, and that is on record.
///
/// By birthday and names a child is found at their own school alone, and only where no number contradicts it; who has no
/// number takes the one sent now, and is sealed anew as sent. Where two are alike neither is found: the child is new. Being
/// found so is on record. A child found is locked as by [`lock`]: what is added now, a disposal that waits will see. Two
/// requests that add the same child without a number at the same moment make two, as two spellings do.
///
/// # Errors
/// [`crate::kernel::Code::Unavailable`] when the same child is added by another request at this moment.
pub fn find_or_add(work: &mut Work<'_>, vault: &Vault, school: SchoolId, identity: &PupilIdentity) -> Result<Child> {
    let sent = Sent {
        identity,
        number: identity.upn.as_ref().map(Upn::as_str).map(|upn| vault.blind_index(UPN_INDEX, upn)),
        likeness: rules::likeness(identity),
    };
    let Some(number) = &sent.number else {
        let found = sent.by_name(work, vault, school, |_| true)?;
        return found.map_or_else(|| sent.add(work, vault, school, None), Ok);
    };
    let Some(known) = store::by_index_locked(work, number)? else {
        let found = sent.by_name(work, vault, school, |its| its.is_none_or(|its| its == number.as_slice()))?;
        return found.map_or_else(|| sent.add(work, vault, school, Some(number.clone())), Ok);
    };
    let key = vault.child_key(work, known.key_id)?;
    // Two children behind one number would read each other's records. Whoever sends learns nothing of the other.
    if !vault.holds(&key, place(known.id), &known.identity, |is: &PupilIdentity| is.born_on == identity.born_on)? {
        let unnumbered = Sent { number: None, ..sent };
        let found = unnumbered.by_name(work, vault, school, |its| its.is_none())?;
        let child = found.map_or_else(|| unnumbered.add(work, vault, school, None), Ok)?;
        let object = Object::one("pupil", child.id.uuid()).at(school);
        audit::record(work, "pupil.number_differs", object, known.id.to_string());
        return Ok(child);
    }
    let moved = known.school_id != school;
    if moved {
        store::move_to(work, known.id, school)?;
        audit::record(work, "pupil.move", Object::one("pupil", known.id.uuid()).at(school), "school changed");
    }
    Ok(Child { id: known.id, key, moved })
}

/// A child as sent, with what it could be found by.
struct Sent<'a> {
    identity: &'a PupilIdentity,
    number: Option<Vec<u8>>,
    likeness: Option<Zeroizing<String>>,
}

impl Sent<'_> {
    /// The one child of the school who is alike, if what is known of their number fits. Each child of the school is asked
    /// in turn: names have no index (`facts/reliability.md` D7).
    fn by_name(
        &self,
        work: &mut Work<'_>,
        vault: &Vault,
        school: SchoolId,
        fits: impl FnOnce(Option<&[u8]>) -> bool,
    ) -> Result<Option<Child>> {
        let mut alike = Vec::new();
        for one in store::of_school(work, school)? {
            if self.is_alike(work, vault, &one)? {
                alike.push(one.id);
            }
        }
        let [id] = alike.as_slice() else { return Ok(None) };
        // They may have changed before they were locked.
        let Some(known) = store::candidate_locked(work, *id)? else { return Ok(None) };
        if !fits(known.upn_index.as_deref()) || !self.is_alike(work, vault, &known)? {
            return Ok(None);
        }
        let key = vault.child_key(work, known.key_id)?;
        let detail = match &self.number {
            Some(number) if known.upn_index.is_none() => {
                let sealed = vault.seal(&key, place(known.id), self.identity, work.chance())?;
                store::set_number(work, known.id, number, sealed)?;
                "number taken"
            }
            _ => "",
        };
        audit::record(work, "pupil.alike", Object::one("pupil", known.id.uuid()).at(school), detail);
        Ok(Some(Child { id: known.id, key, moved: false }))
    }

    /// Whether somebody has this birthday and these names: a yes or a no, and nobody is told either.
    fn is_alike(&self, work: &mut Work<'_>, vault: &Vault, known: &store::Candidate) -> Result<bool> {
        if self.likeness.is_none() {
            return Ok(false);
        }
        let key = vault.child_key(work, known.key_id)?;
        vault.holds(&key, place(known.id), &known.identity, |is| rules::likeness(is) == self.likeness)
    }

    /// Adds the child, found again by this number if there is one.
    fn add(&self, work: &mut Work<'_>, vault: &Vault, school: SchoolId, number: Option<Vec<u8>>) -> Result<Child> {
        let key = vault.new_child_key(work)?;
        let id = PupilId::from_uuid(work.new_id());
        let sealed = vault.seal(&key, place(id), self.identity, work.chance())?;
        store::insert(work, id, school, key.id(), number, sealed)?;
        Ok(Child { id, key, moved: false })
    }
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
            // Another number is another child with another key, whatever the name.
            let other = found(work, two, Some("P207000016049"));
            assert!(other.0 != first.0 && other.1 != first.1);
            assert_eq!(key(work, &vault(), first.0)?.id(), first.1);
            Ok(())
        })
        .unwrap();
    }

    fn called(given: &str, family: &str, upn: Option<&str>) -> PupilIdentity {
        PupilIdentity { given_name: given.to_owned(), family_name: family.to_owned(), ..child(upn) }
    }

    #[test]
    fn a_child_without_a_number_is_found_at_their_school_by_birthday_and_names() {
        let t = testing::db();
        let (one, two) = (testing::school(&t, "6764051"), testing::school(&t, "6764052"));
        t.db.upkeep(&Caller::system("test"), move |work| {
            let find = |work: &mut Work<'_>, school, identity: &PupilIdentity| {
                find_or_add(work, &vault(), school, identity).map(|found| (found.id, found.key.id()))
            };
            let first = find(work, one, &called("Mari-Ann", "O'Neill", None))?;
            assert!(!work.is_audited());
            assert_eq!(find(work, one, &called("MARI ANN", "O\u{2019}neill", None))?, first);
            assert!(work.is_audited(), "being found so is on record");
            // The controls: a twin, another birthday, another school, another family.
            let born_on = chrono::NaiveDate::from_ymd_opt(2012, 5, 7).unwrap();
            let others = [
                find(work, one, &called("Elin", "O'Neill", None))?,
                find(work, one, &PupilIdentity { born_on, ..called("Mari-Ann", "O'Neill", None) })?,
                find(work, two, &called("Mari-Ann", "O'Neill", None))?,
                find(work, one, &called("Mari-Ann", "Neill", None))?,
            ];
            assert!(others.iter().all(|other| other.0 != first.0 && other.1 != first.1));
            Ok(())
        })
        .unwrap();
    }

    #[test]
    fn who_has_no_number_takes_the_one_sent_now_and_another_number_is_another_child() {
        let t = testing::db();
        let (one, two) = (testing::school(&t, "6764051"), testing::school(&t, "6764052"));
        let (number, other) = (Some("L676400024001"), Some("P207000016049"));
        t.db.upkeep(&Caller::system("test"), move |work| {
            let first = found(work, one, None);
            assert_eq!(found(work, one, number), first);
            let pass = access::grant(work, Action::ReadReferral, (), &Facts::of_school(one))?;
            assert!(identity(work, &vault(), &pass, first.0)? == child(number), "the number is sealed with them");
            assert_eq!(find(work, &vault(), &pass, &Upn::parse("L676400024001").unwrap())?, Some(first.0));
            // Without it they are found still; with another number they are somebody else.
            assert_eq!(found(work, one, None), first);
            let second = found(work, one, other);
            assert!(second.0 != first.0);
            // Now two are alike, and neither is taken.
            let third = found(work, one, None);
            assert!(third.0 != first.0 && third.0 != second.0);
            assert_eq!((found(work, one, number), found(work, one, other)), (first, second), "numbers find them still");
            // And the number takes them along to another school.
            assert_eq!(found(work, two, number), first);
            assert_eq!(found(work, two, None), first);
            Ok(())
        })
        .unwrap();
    }

    #[test]
    fn somebody_elses_number_is_not_taken_and_a_slip_of_the_name_is_no_other_name() {
        let t = testing::db();
        let school = testing::school(&t, "6764051");
        let upn = Some("L676400024001");
        t.db.upkeep(&Caller::system("test"), move |work| {
            let first = found(work, school, upn);
            let born_on = chrono::NaiveDate::from_ymd_opt(2012, 6, 5).unwrap();
            let slip = PupilIdentity { born_on, ..called("Elin", "Arall", upn) };
            let other = find_or_add(work, &vault(), school, &slip)?.id;
            assert_eq!(find_or_add(work, &vault(), school, &slip)?.id, other, "the same slip finds the same child");
            let known = store::by_index(work, &vault().blind_index(UPN_INDEX, "L676400024001"))?.unwrap();
            assert_eq!(known.id, first.0);
            let twin = find_or_add(work, &vault(), school, &called("Efaill", "Cyfenw", upn))?.id;
            assert_eq!(twin, first.0, "the number and the birthday are known");
            let called_so = find_or_add(work, &vault(), school, &called("Efaill", "Cyfenw", None))?.id;
            assert!(called_so != first.0, "and another name is not theirs to be found by");
            assert_eq!(found(work, school, None), first);
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
