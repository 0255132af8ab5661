//! A master key is changed under load, and whoever is killed meanwhile leaves nothing unreadable.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use dolen_domain::custody;
use dolen_domain::db::schema::child_keys;
use dolen_domain::db::{Db, Work};
use dolen_domain::kernel::{Caller, Code, KeyId, Result, from_hex, to_hex};
use dolen_domain::vault::{Kek, KeyRing, MasterKey, Place, Vault};
use dolen_tests::app::MASTER;
use dolen_tests::binary::{self, command, run};
use dolen_tests::seed::Seed;
use dolen_tests::{TestDatabase, World};

use super::migrations::{names, step};

const NEXT: &str = "0303030303030303030303030303030303030303030303030303030303030303";
/// Children known before the rotation.
const CHILDREN: usize = 600;
/// Who writes and reads meanwhile.
const WRITERS: usize = 4;
/// How often the rotation is killed before it is let run to its end.
const KILLS: u32 = 12;

fn ring(keys: &[&str]) -> KeyRing {
    let key = |text: &&str| Arc::new(MasterKey::from_hex(text).unwrap()) as Arc<dyn Kek>;
    KeyRing::new(key(&keys[0]), keys[1..].iter().map(key).collect())
}

fn add(db: &Db, vault: &Arc<Vault>, count: usize) -> Vec<KeyId> {
    let vault = Arc::clone(vault);
    let add = move |work: &mut Work<'_>| (0..count).map(|_| Ok(vault.new_child_key(work)?.id())).collect::<Result<_>>();
    db.upkeep(&Caller::system("test"), add).unwrap()
}

fn opens(db: &Db, vault: &Vault, id: KeyId) -> bool {
    db.read(&Caller::system("test"), |work| vault.child_key(work, id)).is_ok()
}

#[test]
fn a_rotation_killed_again_and_again_beside_writers_leaves_nothing_unreadable() {
    let binary = binary::dolen();
    let (database, _) = TestDatabase::with_world();
    let db = database.open();
    let before = Arc::new(custody::open(&db, ring(&[MASTER])).unwrap());
    let index = before.blind_index("pupils.upn", "L676400024001");
    let mut children = Vec::new();
    for _ in 0..CHILDREN / 100 {
        children.extend(add(&db, &before, 100));
    }
    // The service was started again with the next key current and the last on the ring.
    let serving = Arc::new(custody::open(&db, ring(&[NEXT, MASTER])).unwrap());
    let (stop, unreadable, reads) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let seed = Seed::of_run();
    let settings = [("keys.master", NEXT), ("keys.ring", MASTER)];
    let rotate = |batch: &str| command(&binary, database.url(), &settings, &["keys", "rotate", "--batch", batch]);
    let mut killed = 0;
    let added: Vec<KeyId> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let (db, serving, children, stop, unreadable, reads) =
                    (&db, &serving, &children, &stop, &unreadable, &reads);
                scope.spawn(move || {
                    let (mut own, mut at) = (Vec::new(), n * 97);
                    while !stop.load(Ordering::SeqCst) {
                        own.extend(add(db, serving, 1));
                        at = (at + 31) % children.len();
                        let good = opens(db, serving, children[at]) && opens(db, serving, own[own.len() - 1]);
                        unreadable.fetch_add(u64::from(!good), Ordering::SeqCst);
                        reads.fetch_add(2, Ordering::SeqCst);
                    }
                    own
                })
            })
            .collect();
        for _ in 0..KILLS {
            let mut rotation = rotate("5").spawn().unwrap();
            std::thread::sleep(Duration::from_millis(seed.between(30, 400)));
            killed += u32::from(rotation.try_wait().unwrap().is_none());
            rotation.kill().unwrap();
            rotation.wait().unwrap();
        }
        let ended = run(&mut rotate("50"));
        stop.store(true, Ordering::SeqCst);
        assert_eq!(ended.code, Some(0), "SEED={}: {ended:?}", seed.value());
        writers.into_iter().flat_map(|w| w.join().unwrap()).collect()
    });
    eprintln!("{killed} kills, {} added, {} read meanwhile", added.len(), reads.load(Ordering::SeqCst));
    assert!(killed > 0, "it was killed at its work");
    assert_eq!(unreadable.load(Ordering::SeqCst), 0, "SEED={}", seed.value());
    // The old key is not needed any more: nothing names it, and the new one opens everything.
    let after = custody::open(&db, ring(&[NEXT])).unwrap();
    assert_eq!(after.blind_index("pupils.upn", "L676400024001"), index);
    assert_eq!(children.iter().chain(&added).filter(|id| !opens(&db, &after, **id)).count(), 0);
    let audited = database.inspect().number("SELECT count(*) FROM audit_entries WHERE action = 'keys.rewrap'");
    assert!(audited >= i64::try_from(CHILDREN / 50).unwrap(), "every batch is on record");
    // The controls: one row spoilt is one unreadable, and the old key alone opens none.
    let mut inspect = database.inspect();
    inspect.execute(
        "UPDATE child_keys SET kek_id = 'x' WHERE id = (SELECT min(id::text)::uuid FROM child_keys)"
            .replace("min(id::text)::uuid", if inspect.is_postgres() { "min(id::text)::uuid" } else { "min(id)" })
            .as_str(),
    );
    assert_eq!(children.iter().chain(&added).filter(|id| !opens(&db, &after, **id)).count(), 1);
    assert!(custody::open(&db, ring(&[MASTER])).is_err());
}

/// PostgreSQL lets both in at once. Where each counts nothing of the other, the key is retired and the child's is wrapped
/// under it.
#[test]
fn a_master_key_is_not_retired_while_a_child_is_given_a_key_under_it() {
    let (database, _) = TestDatabase::with_world();
    let db = database.open();
    let old = Arc::new(custody::open(&db, ring(&[MASTER])).unwrap());
    let both = ring(&[NEXT, MASTER]);
    custody::open(&db, both.clone()).unwrap();
    custody::rotate(&db, &Caller::system("test"), &both, 100, |_| ()).unwrap();
    let id = MasterKey::from_hex(MASTER).unwrap().id().to_owned();
    let (begun, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let (db, old) = (&db, Arc::clone(&old));
        let adding = scope.spawn(move || {
            db.upkeep(&Caller::system("test"), move |work| {
                let child = old.new_child_key(work)?.id();
                begun.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(500));
                Ok(child)
            })
        });
        told.recv().unwrap();
        let ring = both.clone();
        let retired = db.write(&Caller::system("test"), move |work| custody::retire(work, &ring, &id));
        assert_eq!(retired.unwrap_err().code, Code::StateConflict, "a row names it");
        let child = adding.join().unwrap().unwrap();
        assert!(opens(db, &Vault::new(&MasterKey::from_hex(MASTER).unwrap()), child));
    });
}

/// A database as the first release left it: its tables, and what that had stored under the golden values' master key.
#[test]
fn a_database_from_before_the_ring_is_read_and_found() {
    let golden = |name: &str| {
        let text = include_str!("../../domain/src/vault/golden/v1-vault.txt");
        text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(" = ")).unwrap().to_owned()
    };
    let bytes = |name: &str| from_hex(&golden(name)).unwrap();
    let first = "07".repeat(32);
    let child = KeyId::from_uuid(uuid::Uuid::from_u128(9));
    let place = Place { table: "t", column: "c", row: uuid::Uuid::from_u128(1) };
    let database = TestDatabase::empty();
    let mut inspect = database.inspect();
    for _ in names("sqlite").iter().filter(|name| name.as_str() < "20261122000011") {
        step(&mut inspect, true);
    }
    let key = (
        child_keys::id.eq(child),
        child_keys::kek_id.eq(golden("kek_id")),
        child_keys::wrapped.eq(bytes("child_key_wrapped")),
    );
    diesel::insert_into(child_keys::table)
        .values((key, child_keys::created_at.eq(World::monday())))
        .execute(inspect.conn())
        .unwrap();
    inspect.execute("UPDATE audit_head SET seq = 1");
    // The next start brings it up to date.
    let db = database.open();
    let holds = |vault: &Vault| {
        assert!(opens(&db, vault, child));
        assert_eq!(vault.open_own(place, &bytes("own")).unwrap().as_slice(), b"the first kept answer");
        assert_eq!(to_hex(&vault.blind_index("pupils.upn", "L676400024001")), golden("blind_index"));
    };
    holds(&custody::open(&db, ring(&[&first])).unwrap());
    custody::rotate(&db, &Caller::system("test"), &ring(&[NEXT, &first]), 10, |_| {}).unwrap();
    holds(&custody::open(&db, ring(&[NEXT])).unwrap());
    // The control: a new database under the same master key knows none of it.
    let new = TestDatabase::empty();
    let other = custody::open(&new.open(), ring(&[&first])).unwrap();
    assert_ne!(to_hex(&other.blind_index("pupils.upn", "L676400024001")), golden("blind_index"));
}

#[test]
fn the_command_line_takes_a_key_from_new_to_retired() {
    let binary = binary::dolen();
    let (database, _) = TestDatabase::with_world();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("next.hex").display().to_string();
    let url = database.url();
    let made = run(&mut command(&binary, url, &[], &["keys", "new", "--out", &file]));
    assert_eq!(made.code, Some(0), "{made:?}");
    assert_eq!(
        run(&mut command(&binary, url, &[], &["keys", "new", "--out", &file])).code,
        Some(1),
        "nothing is overwritten"
    );
    let next = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    let (old_id, new_id) =
        (MasterKey::from_hex(MASTER).unwrap().id().to_owned(), MasterKey::from_hex(&next).unwrap().id().to_owned());
    assert!(made.said.contains(&new_id));
    let first = run(&mut command(&binary, url, &[], &["keys", "list"]));
    assert!(first.said.contains(&old_id) && first.said.contains("current"), "{first:?}");
    let settings = [("keys.master", next.as_str()), ("keys.ring", MASTER)];
    let early = run(&mut command(&binary, url, &settings, &["keys", "retire", &old_id]));
    assert!(early.code == Some(1) && early.said.contains("dolen keys rotate"), "{early:?}");
    let rotated = run(&mut command(&binary, url, &settings, &["keys", "rotate"]));
    assert!(rotated.code == Some(0) && rotated.said.contains("0 wait"), "{rotated:?}");
    let retired = run(&mut command(&binary, url, &settings, &["keys", "retire", &old_id]));
    assert_eq!(retired.code, Some(0), "{retired:?}");
    let listed = run(&mut command(&binary, url, &[("keys.master", next.as_str())], &["keys", "list"]));
    assert!(listed.said.lines().any(|l| l.starts_with(&old_id) && l.contains("retired")), "{listed:?}");
    // Whoever still starts with the old one is told.
    let stale = run(&mut command(&binary, url, &[("keys.ring", next.as_str())], &["keys", "list"]));
    assert_eq!(stale.code, Some(1), "{stale:?}");
    let actions = database
        .inspect()
        .texts("SELECT DISTINCT action AS value FROM audit_entries WHERE action LIKE 'keys.%' ORDER BY 1");
    assert_eq!(actions, ["keys.found", "keys.retire", "keys.rewrap"]);
}
