//! Mail over a real SMTP server: what a referral and a WARRN record cause really leaves, once, and says nothing of a child.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use dolen_api::worker;
use dolen_domain::access::Role;
use dolen_tests::binary::{self, Served};
use dolen_tests::writes::Draft;
use dolen_tests::{Client, TestApp, TestDatabase, bodies};
use serde_json::{Value, json};

/// A mail server of the test's own; it ends with it.
struct Sink {
    process: Child,
    port: u16,
    out: PathBuf,
}

impl Sink {
    /// Starts `tests/smtp/sink.py`. The test command says with which Python; by hand it is the one that command set up.
    fn start(folder: &Path) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let named = |name: &str, usual: PathBuf| std::env::var_os(name).map_or(usual, PathBuf::from);
        let python = named("DOLEN_TEST_PYTHON", here.join(".cache/venv/bin/python"));
        let script = named("DOLEN_TEST_SMTP_SINK", here.join("smtp/sink.py"));
        let out = folder.join("mail.jsonl");
        let mut process = Command::new(&python)
            .arg(script)
            .arg("--out")
            .arg(&out)
            .arg("--until-eof")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}; run `tests/run --only tools` once", python.display()));
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("listening ").unwrap_or_else(|| panic!("{line}")).parse().unwrap();
        Self { process, port, out }
    }

    /// Every message taken: its recipients and its bytes as sent.
    fn taken(&self) -> Vec<(Vec<String>, String)> {
        let lines = std::fs::read_to_string(&self.out).unwrap_or_default();
        let read = |line: &str| {
            let message: Value = serde_json::from_str(line).unwrap();
            let to = message["rcpt_tos"].as_array().unwrap().iter().map(|t| t.as_str().unwrap().to_owned()).collect();
            let bytes = base64::engine::general_purpose::STANDARD.decode(message["data"].as_str().unwrap()).unwrap();
            (to, String::from_utf8(bytes).unwrap())
        };
        lines.lines().map(read).collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn what_happens_is_told_once_over_smtp_and_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::start(folder.path());
    let app = TestApp::with()
        .set("mail.transport", "smtp")
        .set("mail.host", "127.0.0.1")
        .set("mail.port", sink.port.to_string())
        .set("mail.tls", "none")
        .start()
        .await;
    let referral = Draft::of(&app, "open_referral").await;
    let opened = referral.sent(&app).await;
    let record = Draft::of(&app, "send_warrn_record").await;
    let sent = record.sent(&app).await;
    worker::deliver_waiting(app.app()).await.unwrap();
    worker::deliver_waiting(app.app()).await.unwrap();

    let taken = sink.taken();
    let about = |reference: &Value| {
        let reference = reference.as_str().unwrap();
        taken.iter().filter(|(_, text)| text.contains(reference)).map(|(to, _)| to.clone()).collect::<Vec<_>>()
    };
    assert_eq!(about(&opened.json["reference"]).len(), 1, "the officer alone: {taken:?}");
    let told = about(&sent.json["reference"]);
    assert_eq!(told.len(), 2, "the school's DSP and its psychologist: {taken:?}");
    assert!(told.iter().all(|to| to.len() == 1) && told[0] != told[1]);
    assert_eq!(taken.len(), 3, "nothing else, and nothing twice");
    let school = &app.world().schools[0].number;
    for (_, text) in &taken {
        for word in ["WARRN", "warrn", school.as_str(), "canari", "eferral", "tgyfeiriad"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
        assert!(text.contains("Message-ID: <") && text.contains("Auto-Submitted: auto-generated"), "{text}");
    }
}

/// `facts/reliability.md` REC-2: two alerts within a minute, by the whole service as it is run.
#[tokio::test]
async fn who_owns_a_record_hears_of_an_emergency_within_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::start(folder.path());
    let (database, world) = TestDatabase::with_world();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let port = format!("mail.port={}", sink.port);
    let mail = ["mail.transport=smtp", "mail.host=127.0.0.1", "mail.tls=none", &port];
    let mut served = Served::start_with(&binary::dolen(), &database, &mail);
    served.ready(&http).await;
    let client = |role| Client::new(http.clone(), &served.base, database.session(world.who(role).id));
    let record = bodies::warrn(&world.schools[0].number);
    let sent = client(Role::InReachWorker).post("/v1/warrn-records").json(&record).await;
    sent.expect_status(201);
    let reason = "The child is in danger now and nobody named can be reached.";
    let asked = json!({"reference": sent.json["reference"], "reason": reason});
    let (lead, begun) = (client(Role::SafeguardingLead), Instant::now());
    let started = lead.post("/v1/emergency-accesses").json(&asked).await;
    started.expect_status(201);
    let reference = started.json["reference"].as_str().unwrap();
    let alerts = || sink.taken().into_iter().filter(|(_, text)| text.contains(reference)).collect::<Vec<_>>();
    while alerts().len() < 2 {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} alerts after a minute", alerts().len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    eprintln!("both told after {:?}", begun.elapsed());
    let alerts = alerts();
    assert_ne!(alerts[0].0, alerts[1].0, "two people");
    let child = record["pupil"]["family_name"].as_str().unwrap();
    for (_, text) in alerts {
        for word in ["WARRN", "danger", child, world.schools[0].number.as_str()] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
}
