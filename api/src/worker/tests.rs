//! The worker over a real database and a relay that misbehaves.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dolen_domain::kernel::PersonId;
use dolen_domain::notices::State;
use tokio::sync::watch;

use super::deliver;
use crate::app::App;
use crate::outbound::mail::Mailer;
use crate::testing::{Kind, TestRelay, World};

const POLL: Duration = Duration::from_millis(20);

/// Workers that run until this is told to stop.
struct Workers {
    stop: watch::Sender<bool>,
    running: Vec<actix_web::rt::task::JoinHandle<()>>,
}

impl Workers {
    fn start(apps: &[App]) -> Self {
        let (stop, stopped) = watch::channel(false);
        let running = apps
            .iter()
            .map(|app| {
                let mailer = Arc::new(Mailer::open(&app.settings.mail, Arc::clone(app.db.clock())).unwrap());
                let (app, stopped) = (app.clone(), stopped.clone());
                actix_web::rt::spawn(async move { deliver::run(&app, mailer, POLL, stopped).await })
            })
            .collect();
        Self { stop, running }
    }

    async fn stop(self) {
        self.stop.send(true).unwrap();
        for one in self.running {
            one.await.unwrap();
        }
    }
}

async fn world(relay: &TestRelay) -> World {
    let port = relay.port.to_string();
    // On a thread of its own: a database is opened and filled.
    actix_web::web::block(move || {
        World::new(&[("mail.port", port.as_str()), ("mail.tls", "none"), ("mail.timeout_seconds", "9")])
    })
    .await
    .unwrap()
}

/// Moves the clock on whenever nothing is under way, until every message has ended.
async fn until_all_end(world: &World) {
    let began = Instant::now();
    loop {
        tokio::time::sleep(POLL).await;
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", world.ledger());
        let lines = world.ledger();
        if lines.iter().all(|l| l.state.is_final()) {
            return;
        }
        let now = world.app.db.clock().now();
        if !lines.iter().any(|l| l.state == State::Sending) && lines.iter().all(|l| l.next_at.is_none_or(|at| at > now))
        {
            let next = lines.iter().filter_map(|l| l.next_at).min().unwrap();
            world.clock.advance_seconds((next.micros() - now.micros()) / 1_000_000 + 1);
        }
    }
}

#[actix_web::test]
async fn every_message_ends_and_says_how() {
    let relay = TestRelay::start(Kind::Plain).await;
    let world = world(&relay).await;
    let plain: Vec<String> = (0..12).map(|i| format!("plain+{i}@school.example")).collect();
    world.enqueue(&plain.iter().map(String::as_str).collect::<Vec<_>>());
    world.enqueue(&["reject@school.example", "busy@school.example", "grey@other.example", "drop@other.example"]);
    world.enqueue_to(PersonId::from_uuid(uuid::Uuid::nil()), "nobody");
    let workers = Workers::start(std::slice::from_ref(&world.app));
    until_all_end(&world).await;
    workers.stop().await;
    let mut counts: HashMap<(State, i64, Option<String>), usize> = HashMap::new();
    for line in world.ledger() {
        *counts.entry((line.state, line.attempts, line.problem)).or_default() += 1;
    }
    let word = |w: &str| Some(w.to_owned());
    let expected = HashMap::from([
        ((State::Delivered, 1, None), 12),
        ((State::Delivered, 2, None), 2),
        ((State::PermanentFailure, 1, word("smtp-550")), 1),
        ((State::TechnicalFailure, 8, word("smtp-451")), 1),
        ((State::Withdrawn, 1, word("recipient-gone")), 1),
    ]);
    assert_eq!(counts, expected);
    let seen = relay.seen();
    assert_eq!(seen.taken.len(), 15, "twelve, the grey one, and the dropped one twice");
    let ids = seen.headers("drop@other.example", "Message-ID");
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
    assert!(seen.taken.iter().all(|t| t.to.len() == 1 && !t.data.to_lowercase().contains("canary")));
}

#[actix_web::test]
async fn a_slow_mailbox_holds_up_no_other() {
    let relay = TestRelay::start(Kind::Plain).await;
    let world = world(&relay).await;
    world.enqueue(&["slow@school.example"]);
    let fast: Vec<String> = (0..10).map(|i| format!("fast+{i}@school.example")).collect();
    world.enqueue(&fast.iter().map(String::as_str).collect::<Vec<_>>());
    let began = Instant::now();
    let workers = Workers::start(std::slice::from_ref(&world.app));
    while relay.seen().taken.len() < 10 {
        tokio::time::sleep(POLL).await;
        assert!(began.elapsed() < Duration::from_secs(1), "the fast ones wait for the slow one");
    }
    // Told to stop, the worker finishes the slow one all the same.
    workers.stop().await;
    assert_eq!(relay.seen().taken.len(), 11);
    assert!(world.ledger().iter().all(|l| l.state == State::Delivered && l.attempts == 1));
}

#[actix_web::test]
async fn several_workers_deliver_each_message_once() {
    let relay = TestRelay::start(Kind::Plain).await;
    let world = world(&relay).await;
    let names: Vec<String> = (0..60).map(|i| format!("plain+{i}@school{}.example", i % 3)).collect();
    world.enqueue(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let (second, third) = (world.second(), world.second());
    let workers = Workers::start(&[world.app.clone(), second, third]);
    until_all_end(&world).await;
    workers.stop().await;
    let mut to: Vec<String> = relay.seen().taken.iter().flat_map(|t| t.to.clone()).collect();
    to.sort();
    let mut names = names;
    names.sort();
    assert_eq!(to, names);
    assert!(world.ledger().iter().all(|l| l.state == State::Delivered && l.attempts == 1));
}

/// With more slow mailboxes in a domain than places, those that get none go back, and lose no try by it.
#[actix_web::test]
async fn a_crowded_domain_leaves_places_to_others() {
    let relay = TestRelay::start(Kind::Plain).await;
    let world = world(&relay).await;
    let slow: Vec<String> = (0..20).map(|i| format!("slow+{i}@crowded.example")).collect();
    world.enqueue(&slow.iter().map(String::as_str).collect::<Vec<_>>());
    world.enqueue(&["plain@school.example"]);
    let began = Instant::now();
    let workers = Workers::start(std::slice::from_ref(&world.app));
    while relay.seen().headers("plain@school.example", "To").is_empty() {
        tokio::time::sleep(POLL).await;
        assert!(began.elapsed() < Duration::from_secs(2), "the crowded domain takes every place");
    }
    workers.stop().await;
    let lines = world.ledger();
    let delivered = lines.iter().filter(|l| l.state == State::Delivered && l.attempts == 1).count();
    let waiting = lines.iter().filter(|l| l.state == State::Created && l.attempts == 0).count();
    assert_eq!((delivered, waiting), (9, 12), "eight at once and the other one; told to stop, the rest went back");
}

#[actix_web::test]
async fn with_mail_off_the_outbox_waits() {
    let world = actix_web::web::block(|| World::new(&[("mail.transport", "off")])).await.unwrap();
    world.enqueue(&["plain@school.example"]);
    let workers = Workers::start(std::slice::from_ref(&world.app));
    tokio::time::sleep(POLL * 10).await;
    workers.stop().await;
    let lines = world.ledger();
    assert!(lines.iter().all(|l| l.state == State::Created && l.attempts == 0), "{lines:?}");
}

/// All of it: the worker as `serve` runs it, mail captured, and a stop that is heeded.
#[actix_web::test]
async fn the_whole_worker_runs_and_stops() {
    let world = actix_web::web::block(|| World::new(&[("mail.transport", "capture")])).await.unwrap();
    world.enqueue(&["plain@school.example"]);
    let (stop, stopped) = watch::channel(false);
    let running = actix_web::rt::spawn(super::run(world.app.clone(), stopped));
    let folder = world.app.settings.mail.capture_dir.clone();
    let began = Instant::now();
    let found = loop {
        tokio::time::sleep(POLL).await;
        let found = crate::outbound::captured::list(&folder, 10).unwrap();
        if !found.is_empty() {
            break found;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "nothing was captured");
    };
    assert_eq!(found[0].to, "plain@school.example");
    assert!(found[0].text.contains(&format!("https://dolen.la.example/r/{}", world.referral.reference)));
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(2), running).await.unwrap().unwrap();
    assert!(world.ledger().iter().all(|l| l.state == State::Delivered));
}
