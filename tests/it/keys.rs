//! A master key is changed under load, and whoever is killed meanwhile leaves nothing unreadable.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use dolen_domain::custody;
use dolen_domain::db::{Db, Work};
use dolen_domain::kernel::{Caller, KeyId, Result};
use dolen_domain::vault::{Kek, KeyRing, MasterKey, Vault};
use dolen_tests::TestDatabase;
use dolen_tests::app::MASTER;
use dolen_tests::binary::{self, command, run};
use dolen_tests::seed::Seed;

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
