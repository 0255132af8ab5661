//! The real binary signs the audit record into a folder outside, and proves it with the public key alone.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dolen_domain::audit::{self, Object};
use dolen_domain::db::{Db, Work};
use dolen_domain::kernel::Caller;
use dolen_tests::TestDatabase;
use dolen_tests::binary::{self, Ran, command, run};

const SEED: &str = "5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b";

fn write(db: &Db, entries: usize) {
    for _ in 0..entries {
        let write = |work: &mut Work<'_>| {
            audit::record(work, "test.write", Object::all("school"), "");
            Ok(())
        };
        db.write(&Caller::system("test"), write).unwrap();
    }
}

/// A worker over a database and a folder, ended with SIGTERM as a service manager does.
struct Worker(Child);

impl Worker {
    fn start(binary: &Path, database: &TestDatabase, folder: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = [
            ("server.bind", format!("127.0.0.1:{port}")),
            ("server.metrics_bind", String::new()),
            ("keys.checkpoint", SEED.to_owned()),
            ("audit.checkpoint_dir", folder.to_owned()),
            ("mail.transport", "off".to_owned()),
        ];
        let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let mut worker = command(binary, database.url(), &settings, &["worker"]);
        Self(worker.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.0.wait().unwrap().success(), "it ends in peace");
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn lines(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("checkpoints.jsonl")).map_or(0, |t| t.lines().count())
}

fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !there() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_worker_signs_and_whoever_has_the_public_key_verifies() {
    let binary = binary::dolen();
    let (database, _) = TestDatabase::with_world();
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("checkpoints");
    let shown = folder.display().to_string();
    // At start, and at the end for what has come since.
    let worker = Worker::start(&binary, &database, &shown);
    wait_for("a checkpoint at start", || lines(&folder) == 1);
    let db = database.open();
    write(&db, 5);
    worker.stop();
    assert_eq!(lines(&folder), 2);
    // Nothing new, nothing signed.
    let worker = Worker::start(&binary, &database, &shown);
    std::thread::sleep(Duration::from_millis(300));
    worker.stop();
    assert_eq!(lines(&folder), 2);

    let public = outside.path().join("public.hex");
    let printed = run(&mut command(
        &binary,
        database.url(),
        &[("keys.checkpoint", SEED), ("audit.checkpoint_dir", &shown)],
        &["keys", "checkpoint-key"],
    ));
    assert_eq!(printed.code, Some(0), "{printed:?}");
    std::fs::write(&public, &printed.said).unwrap();
    // Without any key but the public one.
    let verify = || -> Ran {
        let mut verify = Command::new(&binary);
        verify.env_clear().args(["audit", "verify", "--checkpoints", &shown, "--database", database.owner_url()]);
        run(verify.arg("--public-key").arg(&public))
    };
    let found = verify();
    assert!(found.code == Some(0) && found.said.contains("whole"), "{found:?}");
    // While others write it is whole too.
    std::thread::scope(|scope| {
        scope.spawn(|| write(&db, 100));
        for _ in 0..5 {
            let found = verify();
            assert_eq!(found.code, Some(0), "{found:?}");
        }
    });
    // A checkpoint taken away, and put back.
    let file = folder.join("checkpoints.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.lines().next().unwrap()).unwrap();
    let found = verify();
    assert!(found.code == Some(4) && found.said.contains("checkpoint 2"), "{found:?}");
    std::fs::write(&file, &text).unwrap();
    assert_eq!(verify().code, Some(0));
    // The end cut off with its head.
    let mut inspect = database.inspect();
    inspect.execute(if inspect.is_postgres() {
        "ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_no_change"
    } else {
        "DROP TRIGGER audit_entries_no_delete"
    });
    let kept = inspect.audit_entries() - 105;
    inspect.execute(&format!(
        "DELETE FROM audit_entries WHERE seq > {kept}; \
         UPDATE audit_head SET seq = {kept}, hash = (SELECT hash FROM audit_entries WHERE seq = {kept})"
    ));
    let found = verify();
    assert!(found.code == Some(3) && found.said.contains(&format!("entry {}", kept + 1)), "{found:?}");
    // In itself it is whole: the control.
    let mut alone = Command::new(&binary);
    alone.env_clear().args(["audit", "verify", "--database", database.owner_url()]);
    assert_eq!(run(&mut alone).code, Some(0));
    // A worker over what is left does not sign: it says that the database is older than its checkpoints.
    let before = lines(&folder);
    inspect.execute(if inspect.is_postgres() {
        "ALTER TABLE audit_checkpoints DISABLE TRIGGER audit_checkpoints_no_change; DELETE FROM audit_checkpoints"
    } else {
        "DROP TRIGGER audit_checkpoints_no_delete; DELETE FROM audit_checkpoints"
    });
    let worker = Worker::start(&binary, &database, &shown);
    std::thread::sleep(Duration::from_millis(1500));
    worker.stop();
    assert_eq!(lines(&folder), before);
    // What can't be looked at is neither whole nor broken.
    let mut nowhere = Command::new(&binary);
    nowhere.env_clear().args(["audit", "verify", "--database", "sqlite:/nowhere/dolen.db"]);
    assert_eq!(run(&mut nowhere).code, Some(1));
    assert!(!Path::new("/nowhere").exists());
}
