//! Whoever was given something sealed is on record for it, however many read at once and whenever the process was killed
//! (`facts/reliability.md` REC-1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dolen_domain::access::Role;
use dolen_domain::audit::{self, Finding};
use dolen_domain::kernel::Caller;
use dolen_tests::binary::{self, Served};
use dolen_tests::clients::Auth;
use dolen_tests::inspect::Inspector;
use dolen_tests::seed::Seed;
use dolen_tests::{Client, Reply, TestDatabase, bodies, canary};
use serde_json::json;

/// How many contents are read in all.
const READS: usize = 10_000;
/// At least so many kills.
const KILLS: usize = 10;
/// How many read at once.
const READERS: usize = 6;
/// How many records there are of each kind.
const RECORDS: usize = 12;
/// How many of them one question of GraphQL opens: as many as its limits allow.
const TOGETHER: usize = 4;

/// A record, and the secret that is in it alone.
struct Planted {
    id: String,
    kind: &'static str,
    secret: String,
}

/// One secret that one answer gave: the request's id and the record's.
type Given = (String, String);

/// Plants records of both kinds; those who read them may.
async fn plant(school: &str, opener: &Client, sender: &Client) -> Vec<Planted> {
    let mut planted = Vec::new();
    for n in 0..2 * RECORDS {
        let secret = canary::fresh();
        let (reply, kind): (Reply, _) = if n % 2 == 0 {
            let mut body = bodies::referral(school, "eps");
            body["need"] = json!(secret);
            (opener.post("/v1/referrals").json(&body).await, "referral")
        } else {
            let mut body = bodies::warrn(school);
            body["summary"][0]["text"] = json!(secret);
            (sender.post("/v1/warrn-records").json(&body).await, "warrn")
        };
        reply.expect_status(201);
        planted.push(Planted { id: reply.json["id"].as_str().unwrap().to_owned(), kind, secret });
    }
    planted
}

/// Reads in every way there is until the process is gone; gives what it was given.
async fn read(client: Client, planted: Arc<Vec<Planted>>, seed: Seed, given: Arc<AtomicUsize>) -> Vec<Given> {
    let by_secret: BTreeMap<&str, &str> = planted.iter().map(|p| (p.secret.as_str(), p.id.as_str())).collect();
    let of_kind = |kind: &str| planted.iter().filter(|p| p.kind == kind).map(|p| p.id.clone()).collect::<Vec<_>>();
    let (referrals, records) = (of_kind("referral"), of_kind("warrn"));
    let any = |ids: &[String]| ids[usize::try_from(seed.below(ids.len() as u64)).unwrap()].clone();
    let fields = |field: &str, ids: &[String], below: &str| {
        let one = |(n, id): (usize, &String)| format!("a{n}: {field}(id: \"{id}\") {{ content {{ {below} }} }} ");
        let from = usize::try_from(seed.below((RECORDS - TOGETHER) as u64)).unwrap();
        let some = ids.iter().skip(from).take(TOGETHER);
        json!({"query": format!("{{ {} }}", some.enumerate().map(one).collect::<String>())})
    };
    let mut all = Vec::new();
    loop {
        let request = match seed.below(6) {
            0 => client.get(&format!("/v1/referrals/{}/content", any(&referrals))),
            1 => client.get(&format!("/v1/warrn-records/{}/content", any(&records))),
            2 => client.get(&format!("/referrals/{}", any(&referrals))),
            3 => client.get(&format!("/warrn/{}", any(&records))),
            4 => client.post("/v1/graphql").json(&fields("referral", &referrals, "need")),
            _ => client.post("/v1/graphql").json(&fields("warrnRecord", &records, "summary { text }")),
        };
        // The process is gone, or about to be.
        let Ok(reply) = request.may_fail().try_send().await else { break };
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        let ids: BTreeSet<&str> = canary::all(&text).into_iter().map(|secret| by_secret[secret]).collect();
        assert!(!ids.is_empty() || reply.status >= 500, "who may read reads: {reply:?}");
        given.fetch_add(ids.len(), Ordering::SeqCst);
        all.extend(ids.into_iter().map(|id| (reply.header("x-request-id").to_owned(), id.to_owned())));
    }
    all
}

/// Everything read that is on record: the request's id and the record's.
fn recorded(inspect: &mut Inspector) -> BTreeSet<Given> {
    let id = if inspect.is_postgres() { "CAST(object_id AS text)" } else { "lower(hex(object_id))" };
    let rows = inspect.texts(&format!(
        "SELECT request_id || ' ' || {id} AS value FROM audit_entries \
         WHERE action IN ('referral.read_content', 'warrn.read') AND detail LIKE 'content%'"
    ));
    let split =
        |row: &String| row.split_once(' ').map(|(request, id)| (request.to_owned(), id.replace('-', ""))).unwrap();
    rows.iter().map(split).collect()
}

/// What was given and is not on record.
fn unrecorded(given: &[Given], recorded: &BTreeSet<Given>) -> Vec<Given> {
    given.iter().filter(|(request, id)| !recorded.contains(&(request.clone(), id.replace('-', "")))).cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_read_is_on_record_when_the_process_is_killed() {
    let binary = binary::dolen();
    let (database, world) = TestDatabase::with_world();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let opener = database.session(world.who(Role::SchoolSubmitter).id);
    let sender = database.session(world.who(Role::InReachWorker).id);
    let mut served = Served::start(&binary, &database);
    served.ready(&http).await;
    let client = |served: &Served, auth: &Auth| Client::new(http.clone(), &served.base, auth.clone());
    let planted = Arc::new(plant(&world.schools[0].number, &client(&served, &opener), &client(&served, &sender)).await);
    let (seed, started) = (Seed::of_run(), Instant::now());
    let (mut given, mut kills) = (Vec::new(), 0);
    while given.len() < READS || kills < KILLS {
        let now = Arc::new(AtomicUsize::new(0));
        // Anew each time: on a slow machine the second factor of the first would be too long ago.
        let reader = database.session(world.who(Role::Dsp).id);
        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                let seed = Seed::new(seed.below(1 << 40));
                tokio::spawn(read(client(&served, &reader), Arc::clone(&planted), seed, Arc::clone(&now)))
            })
            .collect();
        // However busy the machine is, the kill comes while much is being read.
        while now.load(Ordering::SeqCst) < READS / KILLS {
            assert!(readers.iter().any(|r| !r.is_finished()), "kill {kills}: nothing is read any more");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(seed.between(0, 50))).await;
        served.kill();
        kills += 1;
        for reader in readers {
            given.extend(reader.await.unwrap());
        }
        served = Served::start(&binary, &database);
        served.ready(&http).await;
    }
    let mut inspect = database.inspect();
    let recorded = recorded(&mut inspect);
    let unrecorded_now = unrecorded(&given, &recorded);
    assert!(unrecorded_now.is_empty(), "{} of {}: {unrecorded_now:?}", unrecorded_now.len(), given.len());
    // The control: a reading whose entry is left out is reported.
    let mut without = recorded.clone();
    let (request, id) = &given[given.len() / 2];
    assert!(without.remove(&(request.clone(), id.replace('-', ""))));
    assert_eq!(unrecorded(&given, &without), [given[given.len() / 2].clone()]);
    let found = database.open().read(&Caller::system("test"), audit::verify).unwrap();
    assert!(matches!(found, Finding::Whole { .. }), "{found:?}");
    let requests = given.iter().map(|(request, _)| request).collect::<BTreeSet<_>>().len();
    eprintln!(
        "{} contents given in {requests} answers, {kills} kills, {} on record, in {:?}: 0 unrecorded",
        given.len(),
        recorded.len(),
        started.elapsed()
    );
}
