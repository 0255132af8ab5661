//! The real binary, for tests that kill it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::app::{MASTER, SIGNING};

/// The binary under test: `DOLEN_TEST_BINARY`, else the one beside the test's own, built when it is not there or stale.
#[must_use]
pub fn dolen() -> PathBuf {
    if let Ok(path) = std::env::var("DOLEN_TEST_BINARY") {
        return path.into();
    }
    // target/debug/deps/it-…: two folders up.
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().and_then(std::path::Path::parent).unwrap();
    let mut build = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    build.args(["build", "--quiet", "--workspace", "--bin", "dolen"]);
    build.arg("--target-dir").arg(folder.parent().unwrap());
    if folder.ends_with("release") {
        build.arg("--release");
    }
    build.current_dir(root());
    assert!(build.status().unwrap().success(), "the binary can be built");
    folder.join("dolen")
}

/// The project's folder.
#[must_use]
pub fn root() -> PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The binary with these settings over a database, and no others from anywhere; the keys are the tests' own unless the
/// settings name some.
#[must_use]
pub fn command(binary: &std::path::Path, database: &str, settings: &[(&str, &str)], args: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command.env_clear().stdin(Stdio::null()).args(args).args(["--database-url", database]);
    let given = |key: &str| settings.iter().any(|(k, _)| *k == key);
    for (key, value) in [("keys.master", MASTER), ("keys.signing", SIGNING)] {
        if !given(key) {
            command.args(["--set", &format!("{key}={value}")]);
        }
    }
    for (key, value) in settings {
        command.args(["--set", &format!("{key}={value}")]);
    }
    command
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it said, on both.
    pub said: String,
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    Ran { code: status.code(), said }
}
