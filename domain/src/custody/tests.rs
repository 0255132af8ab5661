//! Keys found, rotated and retired.

use std::sync::Arc;

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::{child_keys, system_keys};
use crate::db::types::Utc;
use crate::db::{Db, Work};
use crate::kernel::{Caller, Chance, Code, KeyId, OsChance, Result};
use crate::testing::{self, TestDb};
use crate::vault::{ChildKey, Kek, KeyRing, MasterKey, Place, Vault};

use super::*;

const PLACE: Place = Place { table: "t", column: "c", row: Uuid::from_u128(1) };

fn system() -> Caller {
    Caller::system("test")
}

fn master(n: u8) -> MasterKey {
    MasterKey::new([n; 32])
}

fn ring(keys: &[u8]) -> KeyRing {
    let others = keys[1..].iter().map(|n| Arc::new(master(*n)) as Arc<dyn Kek>).collect();
    KeyRing::new(Arc::new(master(keys[0])), others)
}

fn add_children(db: &Db, vault: &Arc<Vault>, count: usize) -> Vec<KeyId> {
    let vault = Arc::clone(vault);
    let add = move |work: &mut Work<'_>| (0..count).map(|_| Ok(vault.new_child_key(work)?.id())).collect::<Result<_>>();
    db.upkeep(&system(), add).unwrap()
}

fn opens(db: &Db, vault: &Vault, id: KeyId) -> Result<ChildKey> {
    db.read(&system(), |work| vault.child_key(work, id))
}

/// A database as it stood before there were keys of our own in it: used, with a child.
fn before(db: &TestDb, first: u8) -> (Arc<Vault>, KeyId) {
    let vault = Arc::new(Vault::new(&master(first)));
    let id = add_children(&db.db, &vault, 1)[0];
    // What migration 11 leaves in a database whose audit record has entries.
    let mark = |work: &mut Work<'_>| {
        for purpose in crate::vault::Purpose::ALL {
            let row = (
                (system_keys::purpose.eq(purpose), system_keys::kek_id.eq("")),
                (system_keys::wrapped.eq(Vec::<u8>::new()), system_keys::created_at.eq(Utc::from_micros(0))),
            );
            diesel::insert_into(system_keys::table).values(row).execute(work.conn())?;
        }
        Ok(())
    };
    db.db.upkeep(&system(), mark).unwrap();
    (vault, id)
}

#[test]
fn a_new_database_gets_keys_of_its_own_that_no_master_key_gives() {
    let db = testing::db();
    let vault = open(&db.db, ring(&[1])).unwrap();
    let again = open(&db.db, ring(&[1])).unwrap();
    assert_eq!(vault.blind_index("c", "v"), again.blind_index("c", "v"), "they are kept");
    assert_ne!(vault.blind_index("c", "v"), Vault::new(&master(1)).blind_index("c", "v"));
    let wrong = open(&db.db, ring(&[2]));
    assert!(wrong.is_err(), "another master key is refused at start");
}

#[test]
fn what_an_older_database_holds_is_read_and_found_after_the_change_and_after_a_rotation() {
    let db = testing::db();
    let (old, child) = before(&db, 1);
    let index = old.blind_index("pupils.upn", "L676400024001");
    let kept = old.seal_own(PLACE, b"kept", &OsChance).unwrap();
    // The operator may even give a new master key at once: the first one is the one the children name.
    for given in [ring(&[2, 1]), ring(&[2, 1]), ring(&[1, 2])] {
        let vault = open(&db.db, given).unwrap();
        assert_eq!(vault.blind_index("pupils.upn", "L676400024001"), index);
        assert_eq!(vault.open_own(PLACE, &kept).unwrap().as_slice(), b"kept");
        assert!(opens(&db.db, &vault, child).is_ok());
    }
    rotate(&db.db, &system(), &ring(&[2, 1]), 10, |_| {}).unwrap();
    let vault = open(&db.db, ring(&[2])).unwrap();
    assert_eq!(vault.blind_index("pupils.upn", "L676400024001"), index);
    assert_eq!(vault.open_own(PLACE, &kept).unwrap().as_slice(), b"kept");
    assert!(opens(&db.db, &vault, child).is_ok());
    // The control: the old key alone opens nothing any more.
    assert!(open(&db.db, ring(&[1])).is_err());
    assert!(opens(&db.db, &old, child).is_err());
}

#[test]
fn a_rotation_goes_on_where_it_was_stopped_and_tells_how_far_it_is() {
    let db = testing::db();
    let vault = Arc::new(open(&db.db, ring(&[1])).unwrap());
    let children = add_children(&db.db, &vault, 50);
    let both = ring(&[2, 1]);
    // Stopped after two batches: whoever watches gives up.
    let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        rotate(&db.db, &system(), &both, 10, |p| assert!(p.done < 20, "stopped"))
    }));
    assert!(stopped.is_err());
    let half = db.db.read(&system(), |work| waiting(work, &both)).unwrap();
    assert!(half > 0 && half < 53, "{half}");
    let mut steps = Vec::new();
    let end = rotate(&db.db, &system(), &both, 10, |p| steps.push(p)).unwrap();
    assert_eq!(end, Progress { done: half, waiting: 0 });
    assert!(steps.len() >= 3 && steps.windows(2).all(|w| w[0].done < w[1].done), "{steps:?}");
    let new = open(&db.db, ring(&[2])).unwrap();
    assert!(children.iter().all(|id| opens(&db.db, &new, *id).is_ok()));
    let named: Vec<String> = db
        .db
        .read(&system(), |work| Ok(child_keys::table.select(child_keys::kek_id).distinct().load(work.conn())?))
        .unwrap();
    assert_eq!(named, [master(2).id()]);
}

#[test]
fn a_key_is_retired_only_when_nothing_names_it_and_then_for_good() {
    let db = testing::db();
    let vault = Arc::new(open(&db.db, ring(&[1])).unwrap());
    add_children(&db.db, &vault, 3);
    let both = ring(&[2, 1]);
    let retire_it = |ring: &KeyRing, id: &str| {
        let (ring, id) = (ring.clone(), id.to_owned());
        db.db.write(&system(), move |work| retire(work, &ring, &id))
    };
    let (old, new) = (master(1).id().to_owned(), master(2).id().to_owned());
    assert_eq!(retire_it(&both, &old).unwrap_err().code, Code::StateConflict, "rows name it");
    assert_eq!(retire_it(&both, &new).unwrap_err().code, Code::StateConflict, "it is current");
    assert_eq!(retire_it(&both, "0123456789abcdef").unwrap_err().code, Code::StateConflict, "nobody knows it");
    rotate(&db.db, &system(), &both, 2, |_| {}).unwrap();
    retire_it(&both, &old).unwrap();
    assert_eq!(retire_it(&both, &old).unwrap_err().code, Code::StateConflict, "it was");
    let listed = db.db.read(&system(), |work| list(work, &both)).unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed[0].current && listed[0].children == 3 && listed[0].own == 3);
    assert!(listed[1].retired_at.is_some() && listed[1].children + listed[1].own == 0);
    // A process that still has it as the current one can add nothing, and one with it does not start.
    let add = move |work: &mut Work<'_>| vault.new_child_key(work).map(drop);
    assert!(db.db.upkeep(&system(), add).is_err());
    assert!(open(&db.db, ring(&[1, 2])).is_err());
    assert!(open(&db.db, ring(&[2])).is_ok());
    // Nor does a command line with the old configuration wrap anything under it again.
    let back = rotate(&db.db, &system(), &ring(&[1, 2]), 2, |_| {}).unwrap_err();
    assert_eq!(back.code, Code::StateConflict);
    assert!(back.detail.unwrap().contains(&old));
    let listed = db.db.read(&system(), |work| list(work, &both)).unwrap();
    assert_eq!((listed[0].children, listed[1].children + listed[1].own), (3, 0));
}

/// A key service that never gives its key away: it derives nothing, and it may be out of reach.
struct Service {
    inner: MasterKey,
    down: std::sync::atomic::AtomicBool,
}

impl Kek for Service {
    fn id(&self) -> &'static str {
        "kms/one"
    }
    fn wrap_key(&self, place: Place, key: &[u8; 32], chance: &dyn Chance) -> Result<Vec<u8>> {
        self.inner.wrap_key(place, key, chance)
    }
    fn unwrap_key(&self, place: Place, wrapped: &[u8]) -> Result<zeroize::Zeroizing<[u8; 32]>> {
        if self.down.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(crate::kernel::Error::unavailable("the key service is out of reach"));
        }
        self.inner.unwrap_key(place, wrapped)
    }
}

#[test]
fn a_key_service_can_take_over_from_a_file() {
    let db = testing::db();
    let (old, child) = before(&db, 1);
    let index = old.blind_index("c", "v");
    let service = Arc::new(Service { inner: master(9), down: false.into() });
    let both = KeyRing::new(Arc::clone(&service) as _, vec![Arc::new(master(1))]);
    let vault = open(&db.db, both.clone()).unwrap();
    assert_eq!(vault.blind_index("c", "v"), index);
    rotate(&db.db, &system(), &both, 10, |_| {}).unwrap();
    let alone = open(&db.db, KeyRing::new(Arc::clone(&service) as _, Vec::new())).unwrap();
    assert!(opens(&db.db, &alone, child).is_ok());
    service.down.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(opens(&db.db, &alone, child).err().map(|e| e.code), Some(Code::Unavailable));
}
