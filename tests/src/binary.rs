//! The real binary, for tests that kill it.

use std::path::PathBuf;
use std::process::Command;

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
