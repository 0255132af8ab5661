//! Planted secrets, followed through a child's whole way: they are read by who must know them, and stand nowhere else —
//! no other answer, no error, no header, no message, no log line, no metric, no audit entry, no kept answer, and no file
//! of the database or of the service's folders, in whatever dress (`facts/reliability.md` AUZ-3, REC-3, IDM-3).

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use dolen_api::outbound::captured;
use dolen_api::{telemetry, worker};
use dolen_domain::access::Role;
use dolen_domain::db::Kind;
use dolen_domain::kernel::Upn;
use dolen_tests::{Client, Reply, TestApp, canary, database};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use super::cells::all_text;
use super::things::{BORN, BORN_IN_WORDS, CANARY};
use super::written;
use crate::retention::backup::Backup;

/// Everything the service logs, at its most talkative: an operator can ask for no more.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    /// Listens to this process; nothing else here does.
    fn listen() -> Self {
        let log = Self::default();
        let filter = telemetry::filter("trace");
        let listening = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(log.clone()).try_init();
        listening.unwrap();
        log
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// A unique pupil number no real child has, with its own check letter.
fn upn() -> String {
    let numbers = ('A'..='Z').map(|letter| format!("{letter}999900011122"));
    numbers.into_iter().find(|number| Upn::parse(number).is_ok()).unwrap()
}

/// What may be nowhere.
fn secrets() -> [String; 3] {
    [CANARY.to_owned(), BORN.to_owned(), upn()]
}

/// Which of the secrets is there, in any dress.
fn secret_in(bytes: &[u8]) -> Option<String> {
    let (secrets, words) = (secrets(), BORN_IN_WORDS);
    let all: Vec<&str> = secrets.iter().map(String::as_str).chain(words).collect();
    canary::find(bytes, &all)
}

/// Asserts that none of the secrets is there.
#[track_caller]
fn clean(place: &str, text: &str) {
    if let Some(found) = secret_in(text.as_bytes()) {
        panic!("in {place}: {found}");
    }
}

/// Somebody whose every answer is looked through.
struct Watched<'a> {
    app: &'a TestApp,
    client: Client,
}

impl Watched<'_> {
    /// Changes something that must go well; the answer has its new version.
    async fn change(&self, path: &str, etag: &str, body: Value) -> Reply {
        let reply = self.client.post(path).if_match(etag).json(&body).await;
        clean(path, &all_text(&reply));
        assert!((200..300).contains(&reply.status), "{reply:?}");
        self.app.advance(1);
        reply
    }
}

fn pupil() -> Value {
    json!({"given_name": CANARY, "family_name": format!("Teulu {CANARY}"), "born_on": BORN, "upn": upn()})
}

fn referral(number: &str, service: &str) -> Value {
    let mut body = dolen_tests::bodies::referral(number, service);
    body["pupil"] = pupil();
    for text in ["need", "evidence", "notes"] {
        body[text] = json!(format!("{CANARY}-{text}"));
    }
    body
}

fn id(reply: &Reply) -> String {
    reply.json["id"].as_str().unwrap().to_owned()
}

/// A child's way: referred, asked about, answered, declined; referred again and passed on; and a WARRN record that is
/// acknowledged by nobody. Gives the addresses of the referrals and of the record.
async fn live(app: &TestApp) -> (Vec<String>, String) {
    let watch = |client| Watched { app, client };
    let world = app.world();
    let number = &world.schools[0].number;
    let school = watch(app.signed_in(Role::SchoolSubmitter));
    let officer = watch(app.signed_in_as(world.officer_of("sbc").id));
    let opened = school.change("/v1/referrals", "", referral(number, "sbc")).await;
    let first = format!("/v1/referrals/{}", id(&opened));
    let question = json!({"question": CANARY});
    let asked = officer.change(&format!("{first}/request-information"), opened.header("etag"), question).await;
    let answer = json!({"answer": CANARY});
    let told = school.change(&format!("{first}/answer"), asked.header("etag"), answer).await;
    let declined = json!({"reason": "other", "note": CANARY});
    officer.change(&format!("{first}/decline"), told.header("etag"), declined).await;
    let again = school.change("/v1/referrals", "", referral(number, "sbc")).await;
    let second = format!("/v1/referrals/{}", id(&again));
    let on = json!({"service": "bss", "note": CANARY});
    let passed = officer.change(&format!("{second}/redirect"), again.header("etag"), on).await;
    let third = format!("/v1/referrals/{}", passed.json["successor_id"].as_str().unwrap());
    let health = watch(app.signed_in(Role::InReachWorker));
    let record = json!({"school": number, "pupil": pupil(), "agreement": "WASPI-2026-01",
        "summary": [{"heading": "triggers", "text": CANARY}]});
    let sent = health.change("/v1/warrn-records", "", record).await;
    (vec![first, second, third], format!("/v1/warrn-records/{}", id(&sent)))
}

/// Everything there is to read, by everybody: the secrets stand in the contents alone, and are read there. Gives how
/// many answers were looked through, and how many of them were such contents.
async fn read_all(app: &TestApp, referrals: &[String], record: &str) -> (usize, usize) {
    let (mut looked, mut contents) = (0, 0);
    let mut everybody: Vec<Client> = app.world().people.iter().map(|p| app.signed_in_as(p.id)).collect();
    for client in &app.world().clients {
        everybody.push(app.token(client).await);
    }
    everybody.push(app.anonymous());
    let mut paths: Vec<String> = referrals.iter().flat_map(|r| [r.clone(), format!("{r}/events")]).collect();
    paths.push(record.to_owned());
    for path in ["referrals", "warrn-records", "notices", "schools", "officers", "session"] {
        paths.push(format!("/v1/{path}"));
    }
    let sealed: Vec<String> = referrals.iter().cloned().chain([record.to_owned()]).collect();
    for client in &everybody {
        for path in &paths {
            clean(path, &all_text(&client.get(path).await));
            looked += 1;
        }
        for path in &sealed {
            let reply = client.get(&format!("{path}/content")).await;
            looked += 1;
            if reply.status == 200 {
                // All of it is there for those it is for.
                assert!(secrets().iter().all(|secret| all_text(&reply).contains(secret)), "{reply:?}");
                contents += 1;
            } else {
                clean(path, &all_text(&reply));
            }
        }
    }
    (looked, contents)
}

/// Secrets in all the wrong places: what is wrong is told, never what was sent. Gives how many were tried.
async fn mistakes(app: &TestApp) -> usize {
    let number = &app.world().schools[0].number;
    let client = app.signed_in(Role::SchoolSubmitter);
    let good = referral(number, "sbc");
    let mut tried = 0;
    let mut look = |reply: Reply| {
        assert!((400..500).contains(&reply.status) || reply.json["errors"].is_array(), "{reply:?}");
        clean("a refusal", &all_text(&reply));
        tried += 1;
    };
    for field in ["school_number", "service", "urgency", "key_area", "year_group", "consent", "pupil"] {
        let mut body = good.clone();
        body[field] = json!("xqcanari");
        look(client.post("/v1/referrals").json(&body).await);
    }
    for (field, value) in [("upn", "XQCANARI-xqcanari-1"), ("born_on", "xqcanari"), ("given_name", "xqcanari\u{0}")] {
        let mut body = good.clone();
        body["pupil"][field] = json!(value);
        look(client.post("/v1/referrals").json(&body).await);
    }
    for raw in [format!("{{\"need\": \"xqcanari {BORN}"), format!("[\"xqcanari\", {BORN}]"), "xqcanari".to_owned()] {
        look(client.post("/v1/referrals").header("content-type", "application/json").body(raw).await);
    }
    for path in [
        "/v1/referrals?state=xqcanari",
        "/v1/referrals?cursor=xqcanari",
        "/v1/referrals?school_number=xqcanari",
        "/v1/referrals?service=xqcanari",
        "/v1/referrals?limit=xqcanari",
        "/v1/referrals/xqcanari",
        "/v1/xqcanari",
        "/v1/schools/xqcanari",
        "/xqcanari",
    ] {
        look(client.get(path).await);
    }
    for query in [
        "{ referral(id: \"xqcanari\") { id } }",
        "{ referrals(filter: {state: \"xqcanari\"}) { edges { cursor } } }",
        "{ referrals(filter: {state: xqcanari}) { edges { cursor } } }",
        "{ school(number: \"xqcanari\") { number } }",
        "{ referrals(after: \"xqcanari\") { edges { cursor } } }",
        "{ school(number: \"xqcanari",
    ] {
        look(client.post("/v1/graphql").json(&json!({ "query": query })).await);
    }
    let query = "mutation($input: OpenReferralInput!) { openReferral(input: $input) { userErrors { code } } }";
    for input in [json!("xqcanari"), json!({"need": "xqcanari"}), json!({"yearGroup": "xqcanari", "pupil": "xqcanari"})]
    {
        look(client.post("/v1/graphql").json(&json!({"query": query, "variables": {"input": input}})).await);
    }
    let (open, _) = super::things::campaigns(app);
    let responses = format!("/v1/survey-campaigns/{open}/schools/{number}/responses");
    for (kind, raw) in [
        ("text/csv", "year_group,row_key,safe_school\nxqcanari,xqcanari,xqcanari\n"),
        (
            "application/x-ndjson",
            "{\"year_group\": 8, \"row_key\": \"xqcanari\", \"answers\": {\"safe_school\": \"xqcanari\"}}\n",
        ),
        (
            "application/json",
            "{\"responses\": [{\"year_group\": \"xqcanari\", \"answers\": {\"safe_school\": \"xqcanari\"}}]}",
        ),
    ] {
        look(client.post(&responses).header("content-type", kind).body(raw).await);
    }
    look(client.post("/v1/referrals").key("xqcanari xqcanari").json(&good).await);
    tried
}

/// Everything the database keeps on disk, and what of it was read: each file, and on PostgreSQL each row as text too, for
/// whoever may not read the server's files.
fn at_rest(app: &TestApp) -> Vec<(String, Vec<u8>)> {
    let mut inspect = app.database().inspect();
    if database::kind() == Kind::Sqlite {
        let path = app.database().url().trim_start_matches("sqlite:");
        return canary::files(Path::new(path).parent().unwrap());
    }
    inspect.execute("CHECKPOINT");
    let mut found = Vec::new();
    for table in inspect.tables() {
        let rows = inspect.texts(&format!("SELECT CAST(row_to_json(t) AS text) AS value FROM {table} t"));
        found.push((format!("rows of {table}"), rows.join("\n").into_bytes()));
    }
    let one = |inspect: &mut dolen_tests::inspect::Inspector, sql: &str| inspect.texts(sql).concat();
    let folder = one(&mut inspect, "SELECT setting AS value FROM pg_settings WHERE name = 'data_directory'");
    let oid =
        one(&mut inspect, "SELECT CAST(oid AS text) AS value FROM pg_database WHERE datname = current_database()");
    for part in [format!("base/{oid}"), "pg_wal".to_owned()] {
        found.extend(canary::files(&Path::new(&folder).join(part)));
    }
    found
}

/// Looks through the service's folders, the database's files, and then a backup. Gives how many files and bytes.
fn looked_through(app: &TestApp, secret: impl Fn(&[u8]) -> Option<String>) -> (usize, usize, Vec<String>) {
    let mut files: Vec<_> = at_rest(app).into_iter().chain(canary::files(app.folder())).collect();
    files.push(("a backup".to_owned(), Backup::take(app.database()).bytes()));
    let found = files.iter().filter_map(|(path, bytes)| Some(format!("{path}: {}", secret(bytes)?))).collect();
    (files.len(), files.iter().map(|(_, bytes)| bytes.len()).sum(), found)
}

#[tokio::test]
async fn what_is_sealed_is_said_nowhere_else() {
    let log = Log::listen();
    let metrics = telemetry::start_metrics().expect("nothing else collects here");
    let app = TestApp::with().standing().start().await;
    let (referrals, record) = live(&app).await;
    let (written, words) = written::everything(&app).await;
    // Nobody acknowledges: the deputies are named and told too.
    worker::deliver_waiting(app.app()).await.unwrap();
    app.advance(4 * 86_400);
    worker::deliver_waiting(app.app()).await.unwrap();
    let (looked, contents) = read_all(&app, &referrals, &record).await;
    assert!(contents >= 10, "{contents} contents were read: the secrets are there to be found");
    let tried = mistakes(&app).await;

    let mails = captured::list(&app.folder().join("mail"), captured::LONGEST_LIST).unwrap();
    assert!(mails.len() >= 8, "{} messages: every step is told", mails.len());
    let school = &app.world().schools[0].number;
    for mail in &mails {
        let all = format!("{} {} {}\n{}", mail.from, mail.to, mail.subject, mail.text);
        clean("a message", &all);
        // Nor whose school, or what kind of record.
        for word in [school.as_str(), "First Example School", "Ysgol Enghraifft Un", "WARRN", "Counselling"] {
            assert!(!all.contains(word), "{word} in {all}");
        }
        assert!(!mail.text.is_empty());
    }
    for file in std::fs::read_dir(app.folder().join("mail")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert_eq!(secret_in(&bytes), None, "a message as it is sent");
    }

    let logged = log.text();
    assert!(logged.lines().count() > looked, "every request is logged");
    assert!(logged.contains("/v1/referrals/{referral_id}/content"), "by its pattern");
    clean("the log", &logged);
    clean("the metrics", &metrics.render());
    assert!(metrics.render().contains("/v1/referrals/{referral_id}/content"), "every request is counted");
    let audit = app.database().inspect().texts("SELECT action || ' ' || detail AS value FROM audit_entries");
    clean("the audit record", &audit.join("\n"));
    let (files, bytes, found) = looked_through(&app, secret_in);
    assert!(found.is_empty(), "{found:#?}");
    let (mails, lines) = (mails.len(), logged.lines().count());
    eprintln!("{looked} answers, {contents} contents, {tried} mistakes, {mails} messages, {lines} log lines: 0 leaks");
    eprintln!("{files} files of {bytes} bytes: 0 leaks");
    eprintln!("{words} words of {} writes: {written:?}", written.len());
    assert!(written.len() >= 24 && words >= 41, "{words} {written:?}");
    controls(&app, &log);
}

/// The controls: a secret in a log line, in a plain column, and in a folder is found. Another stem, for a database server
/// may keep its journal longer than a test its database.
fn controls(app: &TestApp, log: &Log) {
    const OTHER: &str = "zqcontrolwd";
    let found = |bytes: &[u8]| canary::find(bytes, &[OTHER]);
    assert!(looked_through(app, found).2.is_empty() && found(log.text().as_bytes()).is_none());
    tracing::warn!(target: "dolen_api", note = OTHER, "a control");
    assert!(found(log.text().as_bytes()).is_some(), "a line of the log is looked at");
    app.database().inspect().execute(&format!("UPDATE schools SET name_en = 'Ysgol {OTHER}' WHERE number = '6764004'"));
    let there = looked_through(app, found).2;
    assert!(there.len() > 1 && there.iter().any(|place| place.starts_with("a backup")), "a plain column: {there:?}");
    app.database().inspect().execute("UPDATE schools SET name_en = 'x' WHERE number = '6764004'");
    std::fs::write(app.folder().join("mail").join("x.part"), format!("\0{OTHER}")).unwrap();
    let there = looked_through(app, found).2;
    assert!(there.iter().any(|place| place.contains("x.part")), "a file of the service is looked at: {there:?}");
}
