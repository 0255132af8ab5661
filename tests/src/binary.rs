//! The real binary, for tests that kill it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::TestDatabase;
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

/// The real binary over a database; killed when dropped.
pub struct Served {
    child: Child,
    /// Where it is served.
    pub base: String,
}

impl Served {
    /// Starts it; it is not ready yet.
    #[must_use]
    pub fn start(binary: &Path, database: &TestDatabase) -> Self {
        Self::start_with(binary, database, &["worker.embedded=false"])
    }

    /// Starts it with these settings too.
    #[must_use]
    pub fn start_with(binary: &Path, database: &TestDatabase, settings: &[&str]) -> Self {
        // A port of its own: the listener is dropped just before the binary takes it.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(binary);
        command.env_clear().stdout(Stdio::null()).stderr(Stdio::null());
        command.args(["serve", "--database-url", database.url()]);
        let own = [
            format!("server.bind=127.0.0.1:{port}"),
            "server.metrics_bind=".to_owned(),
            format!("keys.master={MASTER}"),
            format!("keys.signing={SIGNING}"),
            "limits.requests_per_minute=4000000000".to_owned(),
        ];
        for setting in own.iter().map(String::as_str).chain(settings.iter().copied()) {
            command.args(["--set", setting]);
        }
        Self { child: command.spawn().unwrap(), base: format!("http://127.0.0.1:{port}") }
    }

    /// Waits until it answers.
    pub async fn ready(&mut self, http: &reqwest::Client) -> Duration {
        let started = Instant::now();
        loop {
            if let Ok(reply) = http.get(format!("{}/readyz", self.base)).send().await
                && reply.status().is_success()
            {
                return started.elapsed();
            }
            assert!(self.child.try_wait().unwrap().is_none(), "the binary ended instead of serving");
            assert!(started.elapsed() < Duration::from_secs(30), "not ready after 30 seconds");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// SIGKILL: nothing is flushed, closed or said.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
