//! `dolen doctor` says what is wrong and what to do, and its exit code can be relied on.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use dolen_tests::TestDatabase;
use dolen_tests::app::{MASTER, SIGNING};
use dolen_tests::binary::{self, Ran, run};

/// An installation as it should be: keys in files of their own, checkpoints elsewhere.
struct Installation {
    database: TestDatabase,
    folder: tempfile::TempDir,
    binary: std::path::PathBuf,
}

impl Installation {
    fn new() -> Self {
        let (database, _) = TestDatabase::with_world();
        // The service's first start makes its keys.
        let keys = dolen_domain::vault::MasterKey::from_hex(MASTER).unwrap();
        let ring = dolen_domain::vault::KeyRing::new(std::sync::Arc::new(keys), Vec::new());
        dolen_domain::custody::open(&database.open(), ring).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("master", MASTER), ("signing", SIGNING), ("checkpoint", SIGNING)] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        }
        std::fs::create_dir(folder.path().join("checkpoints")).unwrap();
        if let Some(file) = database.url().strip_prefix("sqlite:") {
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        Self { database, folder, binary: binary::dolen() }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn doctor(&self, more: &[(&str, &str)], args: &[&str]) -> Ran {
        let mut doctor = Command::new(&self.binary);
        doctor.env_clear().args(["doctor", "--offline", "--database-url", self.database.url()]).args(args);
        for (name, file) in [("MASTER", "master"), ("SIGNING", "signing"), ("CHECKPOINT", "checkpoint")] {
            doctor.env(format!("DOLEN_KEYS_{name}_FILE"), self.path(file));
        }
        let folder = self.path("checkpoints");
        for (key, value) in [
            ("server.public_url", "https://dolen.la.example"),
            ("authority.number", "676"),
            ("mail.from", "dolen@la.test"),
            ("audit.checkpoint_dir", folder.as_str()),
        ] {
            doctor.args(["--set", &format!("{key}={value}")]);
        }
        for (key, value) in more {
            doctor.args(["--set", &format!("{key}={value}")]);
        }
        run(&mut doctor)
    }
}

#[test]
fn each_thing_that_is_wrong_is_said_and_fails() {
    let here = Installation::new();
    // The worker has signed.
    let settings =
        [("keys.checkpoint", SIGNING), ("audit.checkpoint_dir", &here.path("checkpoints")), ("mail.transport", "off")];
    let mut worker = binary::command(&here.binary, here.database.url(), &settings, &["worker"]).spawn().unwrap();
    let begun = std::time::Instant::now();
    while !std::path::Path::new(&here.path("checkpoints/checkpoints.jsonl")).exists() {
        assert!(begun.elapsed().as_secs() < 30, "the worker signs");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    // The control: an installation as it should be.
    let good = here.doctor(&[], &[]);
    assert_eq!(good.code, Some(0), "{good:?}");
    assert!(good.said.contains("0 to mend, 0 warnings"), "{}", good.said);

    let bad = |more: &[(&str, &str)], args: &[&str], word: &str| {
        let found = here.doctor(more, args);
        let told = found.said.lines().any(|l| l.starts_with("bad") && l.contains(word));
        assert!(found.code == Some(1) && told, "{word}: {}", found.said);
    };
    bad(&[("server.public_url", "http://dolen.la.example")], &[], "not https");
    bad(&[("mail.transport", "off")], &[], "nobody is told");
    bad(&[("keys.master", &"ab".repeat(32))], &[], "not at hand");
    bad(&[("keys.ring", "xyz")], &[], "64 hexadecimal digits");
    bad(&[], &["--backups", &here.path("")], "folder of the backups");
    bad(&[("worker.poll_seconds", "0")], &[], "worker.poll_seconds");
    let open = |mode| std::fs::set_permissions(here.path("master"), std::fs::Permissions::from_mode(mode)).unwrap();
    open(0o444);
    bad(&[], &[], "open to everybody");
    open(0o400);
    let file = here.path("checkpoints/checkpoints.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    bad(&[], &[], "was signed and is not in");
    std::fs::write(&file, text).unwrap();
    let mut inspect = here.database.inspect();
    if inspect.is_postgres() {
        let owner = here.database.owner_url();
        bad(&[("database.url", owner)], &[], "is a superuser");
        let service = here.database.url().split([':', '@']).nth(1).unwrap().trim_start_matches('/');
        inspect.execute(&format!("ALTER TABLE services OWNER TO {service}"));
        bad(&[], &[], "owns 1 tables");
        inspect.execute("ALTER TABLE services OWNER TO CURRENT_USER");
        inspect.execute("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)");
    } else {
        let folder = std::path::Path::new(here.database.url().trim_start_matches("sqlite:")).parent().unwrap();
        let beside = folder.join("checkpoints");
        std::fs::create_dir(&beside).unwrap();
        bad(&[("audit.checkpoint_dir", &beside.display().to_string())], &[], "beside the database");
        std::fs::set_permissions(folder.join("dolen.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
        bad(&[], &[], "open to everybody");
        std::fs::set_permissions(folder.join("dolen.db"), std::fs::Permissions::from_mode(0o600)).unwrap();
        inspect.execute("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)");
    }
    bad(&[], &[], "dolen migrate up");
    bad(&[("database.url", "postgres://nobody@127.0.0.1:1/none")], &[], "can't be reached");
}
