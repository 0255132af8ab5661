//! Nothing sensitive is read without its entry, whenever the process is killed (`facts/reliability.md` REC-1).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dolen_domain::access::Role;
use dolen_domain::db::Kind;
use dolen_domain::identity::{self, SignInRules};
use dolen_domain::kernel::{Caller, Lang};
use dolen_tests::clients::{Auth, fresh_key};
use dolen_tests::database::kind;
use dolen_tests::inspect::Inspector;
use dolen_tests::seed::Seed;
use dolen_tests::{Client, TestDatabase, World, binary, bodies};

use super::durability::Served;

const READERS: usize = 4;

/// How many readings are followed up.
fn readings() -> usize {
    if kind() == Kind::Sqlite { 10_000 } else { 2_500 }
}

/// A session of this role at the first school, put in from beside: it must outlive the process.
fn session(database: &TestDatabase, world: &World, role: Role) -> String {
    let person = world.who_at(role, 0).id;
    let caller = Caller::person(person, Lang::En, "test");
    let rules = SignInRules::default();
    let opened = database.open().write(&caller, move |work| identity::open_session(work, person, &rules)).unwrap();
    opened.token.reveal().to_owned()
}

/// Reads until the process is gone or there are enough; gives the request ids of what left with content.
async fn read(client: Client, path: String, count: Arc<AtomicUsize>) -> Vec<String> {
    let mut left = Vec::new();
    while count.load(Ordering::SeqCst) < readings() {
        let Ok(reply) = client.get(&path).try_send().await else { break };
        assert_eq!(reply.status, 200, "{reply:?}");
        if String::from_utf8_lossy(&reply.body).contains("Ddysgwr") {
            left.push(reply.header("x-request-id").to_owned());
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
    left
}

/// The readings without an entry.
fn unaudited<'a>(inspect: &mut Inspector, ids: &'a [String]) -> Vec<&'a String> {
    let entries = inspect.texts("SELECT request_id AS value FROM audit_entries WHERE action = 'referral.read_content'");
    let known: std::collections::HashSet<String> = entries.into_iter().collect();
    ids.iter().filter(|id| !known.contains(*id)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reading_is_without_its_entry_though_the_process_is_killed_at_it() {
    let binary = binary::dolen();
    let (database, world) = TestDatabase::with_world();
    let submitter = session(&database, &world, Role::SchoolSubmitter);
    let dsp = session(&database, &world, Role::Dsp);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let seed = Seed::of_run();
    let (count, mut path, mut left, mut kills) = (Arc::new(AtomicUsize::new(0)), String::new(), Vec::new(), 0);
    while count.load(Ordering::SeqCst) < readings() {
        let mut served = Served::start(&binary, &database);
        served.ready(&http).await;
        if path.is_empty() {
            let client = Client::new(http.clone(), &served.base, Auth::Session(submitter.clone()));
            let body = bodies::referral(&world.schools[0].number, "eps");
            let opened = client.post("/v1/referrals").key(&fresh_key()).json(&body).await;
            opened.expect_status(201);
            path = format!("/v1/referrals/{}/content", opened.json["id"].as_str().unwrap());
        }
        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                let client = Client::new(http.clone(), &served.base, Auth::Session(dsp.clone()));
                tokio::spawn(read(client, path.clone(), Arc::clone(&count)))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(seed.between(500, 3000))).await;
        served.kill();
        kills += 1;
        for reader in readers {
            left.extend(reader.await.unwrap());
        }
    }
    let mut inspect = database.inspect();
    let missing = unaudited(&mut inspect, &left);
    eprintln!("{} readings, {kills} kills", left.len());
    let some = missing.first();
    assert!(some.is_none(), "SEED={}: {} without an entry, {some:?} first", seed.value(), missing.len());
    // The control: a reading that was never recorded is noticed.
    assert_eq!(unaudited(&mut inspect, &["nobody".to_owned()]).len(), 1);
}
