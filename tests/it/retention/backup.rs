//! Backups, taken and restored as an operator would.

use dolen_domain::db::Kind;
use dolen_domain::db::conn::scrub;
use dolen_tests::TestDatabase;
use dolen_tests::database::kind;

/// A copy of a database.
pub enum Backup {
    File(Vec<u8>),
    Rows(tempfile::TempDir),
}

impl Backup {
    pub fn take(database: &TestDatabase) -> Self {
        if kind() == Kind::Sqlite {
            scrub(database.url(), &[]).unwrap();
            return Self::File(std::fs::read(database.url().trim_start_matches("sqlite:")).unwrap());
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dump");
        let mut dump = std::process::Command::new("pg_dump");
        dump.args(["--clean", "--if-exists", "--file"]).arg(&file).arg(database.url());
        assert!(dump.status().unwrap().success());
        Self::Rows(folder)
    }

    /// What is written to wherever backups are kept.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::File(bytes) => bytes.clone(),
            Self::Rows(folder) => std::fs::read(folder.path().join("dump")).unwrap(),
        }
    }

    /// As on another machine.
    pub fn restore(&self) -> TestDatabase {
        let database = TestDatabase::empty();
        match self {
            Self::File(bytes) => std::fs::write(database.url().trim_start_matches("sqlite:"), bytes).unwrap(),
            Self::Rows(folder) => {
                let mut psql = std::process::Command::new("psql");
                psql.args(["--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "--file"])
                    .arg(folder.path().join("dump"));
                psql.stdout(std::process::Stdio::null());
                assert!(psql.arg(database.url()).status().unwrap().success());
            }
        }
        database
    }
}
