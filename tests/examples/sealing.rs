//! What sealing and auditing cost, alone and as a share of a request: see bench/README.md.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measurement for people to read, which stops when anything goes wrong"
)]

use std::sync::Arc;
use std::time::Instant;

use dolen_domain::access::Role;
use dolen_domain::audit::checkpoints::{self, PublicKeys, Signer};
use dolen_domain::audit::{self, Finding, Object};
use dolen_domain::custody;
use dolen_domain::db::{Db, DbOptions, Work, look};
use dolen_domain::kernel::{Caller, Chance as _, KeyId, OsChance, Result, SystemClock};
use dolen_domain::vault::{KeyRing, MasterKey, Place, Vault};
use dolen_tests::clients::fresh_key;
use dolen_tests::{TestApp, TestDatabase, bodies};

/// The median of so many timings of `f`, each over `inner` turns, in microseconds for one turn.
fn micros(rounds: usize, inner: usize, mut f: impl FnMut()) -> f64 {
    let mut all: Vec<f64> = (0..rounds)
        .map(|_| {
            let begun = Instant::now();
            (0..inner).for_each(|_| f());
            begun.elapsed().as_secs_f64() * 1e6 / inner as f64
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all[rounds / 2]
}

fn number(name: &str, fallback: usize) -> usize {
    let mut arguments = std::env::args().skip_while(|a| a != name);
    arguments.nth(1).map_or(fallback, |n| n.parse().unwrap())
}

/// Text as long as a narrative.
fn narrative() -> String {
    "Invented: low mood since half term, two weeks of poor sleep. ".repeat(30)
}

/// Microseconds to seal, to open, to wrap and to unwrap.
fn sealing(vault: &Vault, master: &MasterKey) -> (f64, f64, f64, f64) {
    use dolen_domain::vault::Kek as _;
    let place = Place { table: "t", column: "c", row: uuid::Uuid::from_u128(1) };
    let text = narrative();
    // The same bytes as under a child's key: only a grant's holder may open those, and the cost is the cipher's.
    let seal = micros(21, 500, || drop(vault.seal_system(place, &text, &OsChance).unwrap()));
    let sealed = vault.seal_system(place, &text, &OsChance).unwrap();
    let open = micros(21, 500, || drop(vault.open_system(place, &sealed).unwrap()));
    let key = OsChance.bytes::<32>();
    let wrap = micros(21, 500, || drop(master.wrap_key(place, &key, &OsChance).unwrap()));
    let wrapped = master.wrap_key(place, &key, &OsChance).unwrap();
    let unwrap = micros(21, 500, || drop(master.unwrap_key(place, &wrapped).unwrap()));
    (seal, open, wrap, unwrap)
}

/// One write with this many entries, in microseconds.
fn entries(db: &Db, count: usize) -> f64 {
    let write = move |work: &mut Work<'_>| {
        (0..count).for_each(|_| audit::record(work, "bench.write", Object::all("bench"), ""));
        Ok(())
    };
    micros(41, 1, || db.write(&Caller::system("bench"), write).unwrap())
}

/// A master key is changed over so many children's keys: rows a second.
fn rotation(rows: usize) -> f64 {
    let (database, _) = TestDatabase::with_world();
    let db = database.open();
    let key = |n: u8| Arc::new(MasterKey::new([n; 32]));
    let vault = Arc::new(custody::open(&db, KeyRing::new(key(1), Vec::new())).unwrap());
    for _ in 0..rows.div_ceil(1000) {
        let vault = Arc::clone(&vault);
        let add = move |work: &mut Work<'_>| {
            (0..1000).map(|_| Ok(vault.new_child_key(work)?.id())).collect::<Result<Vec<KeyId>>>()
        };
        db.upkeep(&Caller::system("bench"), add).unwrap();
    }
    let both = KeyRing::new(key(2), vec![key(1)]);
    let begun = Instant::now();
    let done = custody::rotate(&db, &Caller::system("bench"), &both, 200, |_| {}).unwrap();
    assert_eq!(done.waiting, 0);
    done.done as f64 / begun.elapsed().as_secs_f64()
}

/// A record of so many entries is verified against its checkpoints: entries a second.
fn verification(count: usize) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("dolen.db").display());
    let db = Db::open(&DbOptions::for_url(&url), Arc::new(SystemClock), Arc::new(OsChance)).unwrap();
    let signer = Arc::new(Signer::from_hex(&"5a".repeat(32)).unwrap());
    let mut lines = Vec::new();
    for _ in 0..count.div_ceil(2000) {
        let write = move |work: &mut Work<'_>| {
            (0..2000)
                .for_each(|_| audit::record(work, "bench.write", Object::all("bench"), "as long as it usually is"));
            Ok(())
        };
        db.write(&Caller::system("bench"), write).unwrap();
        let signer = Arc::clone(&signer);
        lines.push(db.write(&Caller::system("bench"), move |work| checkpoints::sign(work, &signer)).unwrap());
    }
    let keys = PublicKeys::parse(&signer.public_hex()).unwrap();
    let begun = Instant::now();
    let found = look(&url, &SystemClock, &OsChance, |work| checkpoints::verify(work, &lines, &keys)).unwrap();
    let Finding::Whole { entries } = found else { unreachable!("{found:?}") };
    entries as f64 / begun.elapsed().as_secs_f64()
}

#[tokio::main]
async fn main() {
    let requests = number("--requests", 200);
    let app = TestApp::start().await;
    let master = MasterKey::new([7; 32]);
    let (seal, open, wrap, unwrap) = sealing(&Vault::new(&master), &master);
    // What the second to eleventh entry add: the first pays for the commit, which every write does anyway.
    let (one, eleven) = (entries(app.db(), 1), entries(app.db(), 11));
    let entry = (eleven - one) / 10.0;
    let (submitter, dsp) = (app.signed_in(Role::SchoolSubmitter), app.signed_in(Role::Dsp));
    let (mut post, mut get) = (Vec::new(), Vec::new());
    for _ in 0..requests {
        let body = bodies::referral(&app.world().schools[0].number, "eps");
        let begun = Instant::now();
        let opened = submitter.post("/v1/referrals").key(&fresh_key()).json(&body).await;
        post.push(begun.elapsed().as_secs_f64() * 1e6);
        opened.expect_status(201);
        let path = format!("/v1/referrals/{}/content", opened.json["id"].as_str().unwrap());
        let begun = Instant::now();
        let read = dsp.get(&path).await;
        get.push(begun.elapsed().as_secs_f64() * 1e6);
        read.expect_status(200);
    }
    let median = |all: &mut Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let (post, get) = (median(&mut post), median(&mut get));
    // A new referral of a new child: a key wrapped, identity, content and the kept answer sealed, one entry. A reading:
    // a key unwrapped, identity and content opened, one entry.
    let (writing, reading) = (wrap + 3.0 * seal, unwrap + 2.0 * open);
    println!("database                {}", app.db().kind().as_str());
    println!("seal 1,800 bytes        {seal:10.1} µs");
    println!("open 1,800 bytes        {open:10.1} µs");
    println!("wrap a child's key      {wrap:10.1} µs");
    println!("unwrap a child's key    {unwrap:10.1} µs");
    println!("audit entry             {entry:10.1} µs   (a write with one, and its commit: {one:.0} µs)");
    println!(
        "POST referral           {post:10.0} µs   sealing {:.1} %, auditing {:.1} %",
        100.0 * writing / post,
        100.0 * entry / post
    );
    println!(
        "GET content             {get:10.0} µs   opening {:.1} %, auditing {:.1} %, auditing with its commit {:.1} %",
        100.0 * reading / get,
        100.0 * entry / get,
        100.0 * one.min(get) / get
    );
    println!("rotation                {:10.0} rows/s", rotation(number("--rows", 20_000)));
    let verified = verification(number("--entries", 100_000));
    println!("verification (SQLite)   {verified:10.0} entries/s");
    // `facts/reliability.md` AUD-1 asks this of one core, of the release.
    assert!(verified >= 50_000.0 || cfg!(debug_assertions), "verification is too slow");
}
