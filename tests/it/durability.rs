//! What was acknowledged is there, whole, whenever the process was killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dolen_domain::access::Role;
use dolen_domain::audit::{self, Finding};
use dolen_domain::instruments;
use dolen_domain::kernel::{Bilingual, Caller, PersonId, ReferralId, Result, WarrnId};
use dolen_domain::surveys::campaigns::{self, NewCampaign, SchoolsIn};
use dolen_domain::vault::{MasterKey, Vault};
use dolen_domain::{referrals, warrn};
use dolen_tests::app::MASTER;
use dolen_tests::binary::Served;
use dolen_tests::clients::Auth;
use dolen_tests::inspect::Inspector;
use dolen_tests::seed::Seed;
use dolen_tests::{Client, TestDatabase, World, binary, bodies};
use serde_json::{Value, json};

const ROUNDS: u64 = 20;

/// What is written: one of each of the product's three jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    Referral,
    Warrn,
    Survey,
}

/// What a writer was told is done.
#[derive(Debug, Clone)]
struct Ack {
    job: Job,
    id: String,
    key: String,
}

/// Somebody who writes, and to where.
#[derive(Clone)]
struct Writer {
    job: Job,
    auth: Auth,
    path: String,
    school: String,
}

impl Writer {
    /// What is sent under a key.
    fn body(&self, key: &str) -> Value {
        match self.job {
            Job::Referral => bodies::referral(&self.school, "eps"),
            Job::Warrn => bodies::warrn(&self.school),
            // The same rows again would be known again.
            Job::Survey => json!({"responses": [
                {"year_group": 8, "row_key": format!("{key}-a"), "answers": {"safe_school": "always"}},
                {"year_group": 9, "row_key": format!("{key}-b"), "answers": {"safe_school": "sometimes"}},
            ]}),
        }
    }
}

/// Writes until the process is gone; gives what was acknowledged.
async fn write(client: Client, writer: Writer, keys: Arc<AtomicU64>, told: Arc<AtomicU64>) -> Vec<Ack> {
    let (mut acks, job) = (Vec::new(), writer.job);
    let id = if job == Job::Survey { "submission_id" } else { "id" };
    loop {
        let key = format!("kill-{}", keys.fetch_add(1, Ordering::SeqCst));
        match client.post(&writer.path).key(&key).json(&writer.body(&key)).try_send().await {
            Ok(reply) if reply.status == 201 => {
                acks.push(Ack { job, id: reply.json[id].as_str().unwrap().to_owned(), key });
                told.fetch_add(1, Ordering::SeqCst);
            }
            Ok(reply) => panic!("not acknowledged while the process lived: {reply:?}"),
            // The process is gone; whether it was done is not known, and either is right.
            Err(_) => break,
        }
    }
    acks
}

/// An id as SQL compares it.
fn literal(inspect: &Inspector, id: &str) -> String {
    if inspect.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.replace('-', "")) }
}

/// Everything that belongs to one write, as counts that must not be nought.
fn parts(job: Job, id: &str, key: &str) -> Vec<(&'static str, String)> {
    let mut parts = match job {
        Job::Referral | Job::Warrn => {
            let (table, kind, first) = match job {
                Job::Warrn => ("warrn_records", "warrn", "case_milestones"),
                _ => ("referrals", "referral", "case_events"),
            };
            vec![
                ("record", format!("SELECT count(*) FROM {table} r JOIN cases c ON c.id = r.id WHERE r.id = {id}")),
                (first, format!("SELECT count(*) FROM {first} WHERE case_id = {id}")),
                (
                    "audit entry",
                    format!("SELECT count(*) FROM audit_entries WHERE object_kind = '{kind}' AND object_id = {id}"),
                ),
                ("notice", format!("SELECT count(*) FROM notices WHERE subject_kind = '{kind}' AND subject_id = {id}")),
            ]
        }
        Job::Survey => vec![
            ("receipt", format!("SELECT count(*) FROM submissions WHERE id = {id} AND accepted = 2")),
            (
                "audit entry",
                format!("SELECT count(*) FROM audit_entries WHERE action = 'survey.submit' AND object_id = {id}"),
            ),
        ],
    };
    if job == Job::Warrn {
        parts.push(("recipient", format!("SELECT count(*) FROM case_recipients WHERE case_id = {id}")));
    }
    parts.push(("key", format!("SELECT count(*) FROM idempotency_keys WHERE key = '{key}' AND status = 201")));
    parts
}

/// The acknowledged writes of which something is missing.
fn lost(inspect: &mut Inspector, acks: &[Ack]) -> Vec<String> {
    let mut lost = Vec::new();
    for ack in acks {
        for (what, count) in parts(ack.job, &literal(inspect, &ack.id), &ack.key) {
            if inspect.number(&count) < 1 {
                lost.push(format!("{what} of {:?} {} ({})", ack.job, ack.id, ack.key));
            }
        }
    }
    lost
}

/// How many records, acknowledged or not, lack a part, and how many parts lack their record.
fn partial(inspect: &mut Inspector) -> i64 {
    let of_cases: i64 = [("referrals", "referral", "case_events"), ("warrn_records", "warrn", "case_milestones")]
        .map(|(table, kind, first)| {
            inspect.number(&format!(
                "SELECT (SELECT count(*) FROM {table} r WHERE \
                   NOT EXISTS (SELECT 1 FROM {first} e WHERE e.case_id = r.id) \
                   OR NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.object_kind = '{kind}' AND a.object_id = r.id) \
                   OR NOT EXISTS (SELECT 1 FROM notices n WHERE n.subject_kind = '{kind}' AND n.subject_id = r.id)) \
                 + (SELECT count(*) FROM audit_entries a WHERE a.object_kind = '{kind}' \
                   AND NOT EXISTS (SELECT 1 FROM {table} r WHERE r.id = a.object_id)) \
                 + (SELECT count(*) FROM notices n WHERE n.subject_kind = '{kind}' \
                   AND NOT EXISTS (SELECT 1 FROM {table} r WHERE r.id = n.subject_id))"
            ))
        })
        .iter()
        .sum();
    let of_surveys = inspect.number(
        "SELECT abs(CAST(coalesce((SELECT sum(accepted) FROM submissions), 0) AS bigint) - (SELECT count(*) FROM responses)) \
         + abs((SELECT count(*) FROM response_keys) - (SELECT count(*) FROM responses)) \
         + abs((SELECT count(*) FROM submissions) \
           - (SELECT count(*) FROM audit_entries WHERE action = 'survey.submit'))",
    );
    let of_keys = inspect.number(
        "SELECT (SELECT count(*) FROM idempotency_keys WHERE status = 0) \
         + abs((SELECT count(*) FROM idempotency_keys WHERE key LIKE 'kill-%') - (SELECT count(*) FROM referrals) \
           - (SELECT count(*) FROM warrn_records) - (SELECT count(*) FROM submissions))",
    );
    of_cases + of_surveys + of_keys
}

/// Who writes: two submitters and a health worker, and a third school's submitter for the survey. Their sessions are put
/// in from beside: they must outlive the process.
fn writers(database: &TestDatabase, world: &World) -> Vec<Writer> {
    let db = database.open();
    let today = db.clock().now().date();
    let campaign = db
        .write(&Caller::system("test"), move |work| {
            instruments::ensure_builtin(work)?;
            let day = chrono::Days::new(1);
            let new = NewCampaign {
                instrument: "bullying".to_owned(),
                instrument_version: None,
                academic_year: bodies::academic_year(today),
                title: Bilingual { cy: "Arolwg".to_owned(), en: "Survey".to_owned() },
                opens_on: today - day,
                closes_on: today + day,
                late_days: 0,
                years: Vec::new(),
                schools: SchoolsIn::AllOpen,
            };
            campaigns::create(work, new)
        })
        .unwrap();
    let jobs = [
        (Job::Referral, world.who_at(Role::SchoolSubmitter, 0).id, 0),
        (Job::Referral, world.who_at(Role::SchoolSubmitter, 1).id, 1),
        (Job::Warrn, world.who(Role::InReachWorker).id, 2),
        (Job::Survey, world.who_at(Role::SchoolSubmitter, 3).id, 3),
    ];
    let writer = |(job, person, school): (Job, PersonId, usize)| {
        let school = world.schools[school].number.clone();
        let path = match job {
            Job::Referral => "/v1/referrals".to_owned(),
            Job::Warrn => "/v1/warrn-records".to_owned(),
            Job::Survey => format!("/v1/survey-campaigns/{}/schools/{school}/responses", campaign.id),
        };
        Writer { job, auth: database.session(person), path, school }
    };
    jobs.map(writer).into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let binary = binary::dolen();
    let (database, world) = TestDatabase::with_world();
    let writers = writers(&database, &world);
    let seed = Seed::of_run();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let keys = Arc::new(AtomicU64::new(0));
    let mut acks: Vec<Ack> = Vec::new();
    let mut slowest = Duration::ZERO;
    for round in 0..ROUNDS {
        let mut served = Served::start(&binary, &database);
        slowest = slowest.max(served.ready(&http).await);
        let told = Arc::new(AtomicU64::new(0));
        let writing: Vec<_> = writers
            .iter()
            .map(|writer| {
                let client = Client::new(http.clone(), &served.base, writer.auth.clone());
                tokio::spawn(write(client, writer.clone(), Arc::clone(&keys), Arc::clone(&told)))
            })
            .collect();
        // However busy the machine is, the kill comes while writes are being acknowledged.
        while told.load(Ordering::SeqCst) == 0 {
            assert!(writing.iter().any(|w| !w.is_finished()), "round {round}: nothing was ever acknowledged");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(seed.between(50, 800))).await;
        served.kill();
        let mut now = Vec::new();
        for writer in writing {
            now.extend(writer.await.unwrap());
        }
        let mut inspect = database.inspect();
        let lost = lost(&mut inspect, &now);
        acks.append(&mut now);
        assert!(lost.is_empty(), "SEED={} round {round}: lost {lost:?}", seed.value());
        assert_eq!(partial(&mut inspect), 0, "SEED={} round {round}: something was done by half", seed.value());
    }
    eprintln!("{} acknowledged in {ROUNDS} rounds, ready after {slowest:?} at most", acks.len());
    assert!(acks.len() as u64 >= ROUNDS);
    for job in [Job::Referral, Job::Warrn, Job::Survey] {
        assert!(acks.iter().any(|ack| ack.job == job), "nothing of {job:?} was ever acknowledged");
    }
    let mut inspect = database.inspect();
    assert!(lost(&mut inspect, &acks).is_empty(), "a later kill took what an earlier one had left");
    // The controls: what was never done is reported lost, and what is taken out is reported partial.
    for (job, many) in [(Job::Referral, 5), (Job::Warrn, 6), (Job::Survey, 3)] {
        let invented = Ack { job, id: uuid::Uuid::from_u128(42).to_string(), key: "kill-x".to_owned() };
        assert_eq!(lost(&mut inspect, &[invented]).len(), many);
    }
    let of = |job: Job| acks.iter().find(|ack| ack.job == job).unwrap().id.clone();
    let (referral, record) = (literal(&inspect, &of(Job::Referral)), literal(&inspect, &of(Job::Warrn)));
    for (already, id) in [(0, referral), (1, record)] {
        assert_eq!(
            (lost(&mut inspect, &acks).len(), partial(&mut inspect)),
            (already, i64::try_from(already).unwrap())
        );
        inspect.execute(&format!("DELETE FROM notices WHERE subject_id = {id}"));
    }
    let one = "SELECT min(CAST(id AS text)) FROM responses";
    let one = if inspect.is_postgres() { one.to_owned() } else { "SELECT min(id) FROM responses".to_owned() };
    let column = if inspect.is_postgres() { "CAST(id AS text)" } else { "id" };
    inspect.execute(&format!("DELETE FROM responses WHERE {column} = ({one})"));
    assert_eq!(lost(&mut inspect, &acks).len(), 2);
    assert_eq!(partial(&mut inspect), 4, "two notices; an answer too few for its receipts, and for its keys");
    // Every child's record still opens, and the record of who did what is whole.
    let db = database.open();
    let vault = Vault::new(&MasterKey::from_hex(MASTER).unwrap());
    let to_open = acks.clone();
    let opened = db.write(&Caller::system("test"), move |work| {
        let read = |ack: &Ack| {
            let id: uuid::Uuid = ack.id.parse().unwrap();
            Ok(match ack.job {
                Job::Referral => referrals::read(work, &vault, ReferralId::from_uuid(id))?.opened.is_some(),
                Job::Warrn => warrn::read(work, &vault, WarrnId::from_uuid(id))?.content().is_some(),
                Job::Survey => true,
            })
        };
        to_open.iter().map(read).collect::<Result<Vec<bool>>>()
    });
    assert!(opened.unwrap().into_iter().all(|opened| opened));
    let found = db.read(&Caller::system("test"), audit::verify).unwrap();
    assert!(matches!(found, Finding::Whole { .. }), "{found:?}");
}
