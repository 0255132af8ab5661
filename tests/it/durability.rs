//! What was acknowledged is there, whole, whenever the process was killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dolen_domain::access::Role;
use dolen_domain::audit::{self, Finding};
use dolen_domain::identity::{self, Opening, SignInRules};
use dolen_domain::kernel::{Caller, Lang, ReferralId, Result};
use dolen_domain::referrals;
use dolen_domain::vault::{MasterKey, Vault};
use dolen_tests::app::MASTER;
use dolen_tests::binary::Served;
use dolen_tests::clients::Auth;
use dolen_tests::inspect::Inspector;
use dolen_tests::seed::Seed;
use dolen_tests::{Client, TestDatabase, World, binary, bodies};

const ROUNDS: u64 = 20;
const WRITERS: usize = 4;

/// What a writer was told is done.
#[derive(Debug, Clone)]
struct Ack {
    id: String,
    key: String,
}

/// Writes referrals until the process is gone; gives what was acknowledged.
async fn write(client: Client, body: serde_json::Value, keys: Arc<AtomicU64>, told: Arc<AtomicU64>) -> Vec<Ack> {
    let mut acks = Vec::new();
    loop {
        let key = format!("kill-{}", keys.fetch_add(1, Ordering::SeqCst));
        match client.post("/v1/referrals").key(&key).json(&body).try_send().await {
            Ok(reply) if reply.status == 201 => {
                acks.push(Ack { id: reply.json["id"].as_str().unwrap().to_owned(), key });
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

/// The acknowledged writes of which something is missing: the referral, its entry, its event, its notice, or its key.
fn lost(inspect: &mut Inspector, acks: &[Ack]) -> Vec<String> {
    let mut lost = Vec::new();
    for ack in acks {
        let id = literal(inspect, &ack.id);
        for (what, count) in [
            ("referral", format!("SELECT count(*) FROM referrals r JOIN cases c ON c.id = r.id WHERE r.id = {id}")),
            ("event", format!("SELECT count(*) FROM case_events WHERE case_id = {id} AND kind = 'opened'")),
            (
                "audit entry",
                format!("SELECT count(*) FROM audit_entries WHERE object_kind = 'referral' AND object_id = {id}"),
            ),
            ("notice", format!("SELECT count(*) FROM notices WHERE subject_kind = 'referral' AND subject_id = {id}")),
            ("key", format!("SELECT count(*) FROM idempotency_keys WHERE key = '{}' AND status = 201", ack.key)),
        ] {
            if inspect.number(&count) < 1 {
                lost.push(format!("{what} of {} ({})", ack.id, ack.key));
            }
        }
    }
    lost
}

/// How many referrals, acknowledged or not, lack a part, and how many parts lack their referral.
fn partial(inspect: &mut Inspector) -> i64 {
    inspect.number(
        "SELECT (SELECT count(*) FROM referrals r WHERE \
           NOT EXISTS (SELECT 1 FROM case_events e WHERE e.case_id = r.id) \
           OR NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.object_kind = 'referral' AND a.object_id = r.id) \
           OR NOT EXISTS (SELECT 1 FROM notices n WHERE n.subject_kind = 'referral' AND n.subject_id = r.id)) \
         + (SELECT count(*) FROM audit_entries a WHERE a.object_kind = 'referral' \
           AND NOT EXISTS (SELECT 1 FROM referrals r WHERE r.id = a.object_id)) \
         + (SELECT count(*) FROM notices n WHERE NOT EXISTS (SELECT 1 FROM referrals r WHERE r.id = n.subject_id)) \
         + (SELECT count(*) FROM idempotency_keys WHERE status = 0) \
         + abs((SELECT count(*) FROM idempotency_keys WHERE key LIKE 'kill-%') - (SELECT count(*) FROM referrals))",
    )
}

/// A session for each school's submitter, put in from beside: it must outlive the process.
fn sessions(database: &TestDatabase, world: &World) -> Vec<(String, String)> {
    let db = database.open();
    let rules = SignInRules::default();
    let open = |school: usize| {
        let person = world.who_at(Role::SchoolSubmitter, school).id;
        let caller = Caller::person(person, Lang::En, "test");
        let opening = Opening { second_factor: true, ..Opening::default() };
        let opened = db.write(&caller, move |work| identity::open_session_as(work, person, &rules, &opening)).unwrap();
        (world.schools[school].number.clone(), opened.token.reveal().to_owned())
    };
    (0..WRITERS).map(open).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let binary = binary::dolen();
    let (database, world) = TestDatabase::with_world();
    let sessions = sessions(&database, &world);
    let seed = Seed::of_run();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let keys = Arc::new(AtomicU64::new(0));
    let mut acks: Vec<Ack> = Vec::new();
    let mut slowest = Duration::ZERO;
    for round in 0..ROUNDS {
        let mut served = Served::start(&binary, &database);
        slowest = slowest.max(served.ready(&http).await);
        let told = Arc::new(AtomicU64::new(0));
        let writers: Vec<_> = sessions
            .iter()
            .map(|(school, token)| {
                let client = Client::new(http.clone(), &served.base, Auth::Session(token.clone()));
                let body = bodies::referral(school, "eps");
                tokio::spawn(write(client, body, Arc::clone(&keys), Arc::clone(&told)))
            })
            .collect();
        // However busy the machine is, the kill comes while writes are being acknowledged.
        while told.load(Ordering::SeqCst) == 0 {
            assert!(writers.iter().any(|w| !w.is_finished()), "round {round}: nothing was ever acknowledged");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(seed.between(50, 800))).await;
        served.kill();
        let mut now = Vec::new();
        for writer in writers {
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
    let mut inspect = database.inspect();
    assert!(lost(&mut inspect, &acks).is_empty(), "a later kill took what an earlier one had left");
    // The controls: what was never done is reported lost, and what is taken out is reported partial.
    let invented = Ack { id: uuid::Uuid::from_u128(42).to_string(), key: "kill-x".to_owned() };
    assert_eq!(lost(&mut inspect, &[invented]).len(), 5);
    let id = literal(&inspect, &acks[0].id);
    inspect.execute(&format!("DELETE FROM notices WHERE subject_id = {id}"));
    assert_eq!(lost(&mut inspect, &acks).len(), 1);
    assert_eq!(partial(&mut inspect), 1);
    // Every child's record still opens, and the record of who did what is whole.
    let db = database.open();
    let vault = Vault::new(&MasterKey::from_hex(MASTER).unwrap());
    let ids: Vec<ReferralId> = acks.iter().map(|a| a.id.parse().unwrap()).collect();
    let opened = db.write(&Caller::system("test"), move |work| {
        let read = |id: &ReferralId| Ok(referrals::read(work, &vault, *id)?.opened.is_some());
        ids.iter().map(read).collect::<Result<Vec<bool>>>()
    });
    assert!(opened.unwrap().into_iter().all(|opened| opened));
    let found = db.read(&Caller::system("test"), audit::verify).unwrap();
    assert!(matches!(found, Finding::Whole { .. }), "{found:?}");
}
