//! Delivering the outbox: take, write out, send, settle.
//!
//! Each message is a task of its own, so a slow mailbox or a dead one holds up nobody else. A message is tried under a
//! lease longer than a try can take; a worker that dies in between leaves it to the next one, which sends it under the
//! same `Message-ID`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dolen_domain::db::Work;
use dolen_domain::kernel::{Class, Result, Utc};
use dolen_domain::notices::{self, Composed, LARGEST_ATTEMPT, Leased, Mail, Outcome, State, Subject};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::app::App;
use crate::outbound::mail::Mailer;

use super::{Backoff, caller, failed, pause, stopped};

/// Messages taken and not yet settled.
const UNDER_WAY: usize = 64;

/// Messages being sent at a moment: so many connections to the relay.
const AT_ONCE: usize = 16;

/// Of these, to one domain.
const AT_ONCE_TO_DOMAIN: usize = 8;

/// How long a message may wait for its turn before it goes back to the outbox and another gets its place.
const TURN: Duration = Duration::from_secs(10);

/// A message that went back is looked at again after so many seconds.
const BACK_SECONDS: i64 = 10;

/// What a lease leaves for settling, and for clocks that differ, after the longest wait and the longest try.
const SETTLING: Duration = Duration::from_secs(30);

/// Messages under way when the worker is told to stop are finished within this.
const FINISHING: Duration = Duration::from_secs(20);

/// Looks for messages every `poll` until told to stop, then finishes what is under way.
pub(super) async fn run(app: &App, mailer: Arc<Mailer>, poll: Duration, mut stop: watch::Receiver<bool>) {
    let post = Post::new(app, mailer, stop.clone());
    let mut tasks = JoinSet::new();
    let mut wait = Backoff::default();
    while !*stop.borrow() {
        let next = match post.take(&mut tasks).await {
            // There may be more.
            Ok(full) => {
                wait = Backoff::default();
                if full { Duration::ZERO } else { poll }
            }
            Err(error) => {
                failed("deliver", &error);
                wait.next()
            }
        };
        // With no room left, the next look waits for the next message that ends.
        while tasks.len() >= UNDER_WAY {
            tokio::select! {
                ended = tasks.join_next() => reap(ended),
                () = stopped(&mut stop) => break,
            }
        }
        while let Some(ended) = tasks.try_join_next() {
            reap(Some(ended));
        }
        if pause(&mut stop, next).await {
            break;
        }
    }
    let finish = async {
        while let Some(ended) = tasks.join_next().await {
            reap(Some(ended));
        }
    };
    // Whatever is not settled by then stays under its lease: nobody knows how it would have ended.
    if tokio::time::timeout(FINISHING, finish).await.is_err() {
        tracing::warn!(request_id = super::NAME, "stopped with messages under way; their leases will run out");
    }
}

/// A task that ended; a panic in one is a fault of ours, and its message is left to its lease.
fn reap(ended: Option<std::result::Result<(), tokio::task::JoinError>>) {
    if let Some(Err(error)) = ended
        && error.is_panic()
    {
        failed("deliver", &dolen_domain::kernel::Error::internal("the delivery of a message panicked"));
    }
}

/// What every delivery needs. Cheap to clone.
#[derive(Clone)]
struct Post {
    app: App,
    mailer: Arc<Mailer>,
    lease: Duration,
    turns: Arc<Semaphore>,
    domains: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    stop: watch::Receiver<bool>,
}

/// Leave to send one message.
struct Turn {
    _domain: OwnedSemaphorePermit,
    _any: OwnedSemaphorePermit,
}

impl Post {
    fn new(app: &App, mailer: Arc<Mailer>, stop: watch::Receiver<bool>) -> Self {
        // A lease that ended during a try would let another worker send the message too.
        let longest = TURN + mailer.longest() + 2 * SETTLING;
        let lease = Duration::from_secs(app.settings.worker.lease_seconds.unsigned_abs()).max(longest);
        Self {
            app: app.clone(),
            mailer,
            lease,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            domains: Arc::default(),
            stop,
        }
    }

    /// Takes what waits, as far as there is room, and begins a task for each. Says whether there may be more.
    async fn take(&self, tasks: &mut JoinSet<()>) -> Result<bool> {
        let waiting = self.app.read(&caller(), |work, _| Ok((notices::waiting_since(work)?, work.now()))).await?;
        metrics::gauge!("dolen_outbox_lag_seconds").set(lag_seconds(waiting));
        if waiting.0.is_none() || self.mailer.is_off() {
            return Ok(false);
        }
        let room = UNDER_WAY.saturating_sub(tasks.len());
        let limit = usize::try_from(self.app.settings.worker.batch).unwrap_or(1).clamp(1, room.max(1));
        let (batch, seconds) = (i64::try_from(limit).unwrap_or(1), i64::try_from(self.lease.as_secs()).unwrap_or(120));
        let until = Instant::now() + self.lease;
        let taken = self.app.upkeep(&caller(), move |work, _| notices::claim(work, batch, seconds)).await?;
        let full = taken.len() == limit;
        for held in taken {
            let post = self.clone();
            tasks.spawn(async move { post.deliver(held, until).await });
        }
        Ok(full)
    }

    /// One message from its lease to its end, or to its next try.
    async fn deliver(self, held: Leased, until: Instant) {
        let (app, about) = (&self.app, held.clone());
        let compose = move |work: &mut Work<'_>, app: &App| {
            let base = &app.settings.server.public_url;
            match about.subject {
                Subject::Person(_) => notices::compose_account(work, &app.vault, &about, base),
                _ => notices::compose(work, &about, base),
            }
        };
        let composed = app.read(&caller(), compose).await;
        let outcome = match composed {
            Ok(Composed::Withdrawn(outcome)) => Some(outcome),
            Ok(Composed::Ready(mail)) => self.send(&mail, until).await,
            Err(error) => {
                failed("compose", &error);
                // A database that is away wrongs no message; anything else would fail again and again.
                (error.code.class() != Class::Unavailable).then_some(Outcome::Temporary("compose"))
            }
        };
        self.settle(held, outcome, until).await;
    }

    /// Sends a message when its turn comes; nothing when it did not come in time.
    async fn send(&self, mail: &Mail, until: Instant) -> Option<Outcome> {
        let _turn = self.turn(mail).await?;
        let enough = Instant::now() + self.mailer.longest() + SETTLING <= until;
        if enough { Some(self.mailer.send(mail).await) } else { None }
    }

    /// Waits for a place among those of the recipient's domain and then among all.
    async fn turn(&self, mail: &Mail) -> Option<Turn> {
        let domain = {
            let mut domains = self.domains.lock().unwrap_or_else(PoisonError::into_inner);
            domains.retain(|_, places| Arc::strong_count(places) > 1);
            let name = mail.to.as_str().rsplit_once('@').map_or("", |(_, domain)| domain).to_owned();
            Arc::clone(domains.entry(name).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE_TO_DOMAIN))))
        };
        let places = async {
            let domain = domain.acquire_owned().await.ok()?;
            let any = Arc::clone(&self.turns).acquire_owned().await.ok()?;
            Some(Turn { _domain: domain, _any: any })
        };
        let mut stop = self.stop.clone();
        tokio::select! {
            biased;
            () = stopped(&mut stop) => None,
            turn = tokio::time::timeout(TURN, places) => turn.ok().flatten(),
        }
    }

    /// Writes down how it ended, or puts the message back.
    async fn settle(&self, held: Leased, outcome: Option<Outcome>, until: Instant) {
        let caller = caller();
        let Some(outcome) = outcome else {
            let seconds = if *self.stop.borrow() { 0 } else { BACK_SECONDS };
            let back = self.app.upkeep(&caller, move |work, _| notices::give_back(work, &held, seconds));
            // Not asked twice: by then another worker might hold it as the same try. Its lease ends in any case.
            if let Err(error) = back.await {
                failed("settle", &error);
            }
            return;
        };
        let state = state(outcome, held.attempt);
        let mut wait = Backoff::default();
        loop {
            let about = held.clone();
            let written = self.app.upkeep(&caller, move |work, _| notices::settle(work, &about, outcome));
            let Err(error) = written.await else { break };
            failed("settle", &error);
            // A database that fails is asked again while the lease lasts: what was delivered must not be sent again.
            let time = wait.next();
            if Instant::now() + time >= until {
                return;
            }
            tokio::time::sleep(time).await;
        }
        metrics::counter!("dolen_notices_total", "state" => state.as_str()).increment(1);
    }
}

/// How long what waits has waited.
fn lag_seconds((since, now): (Option<Utc>, Utc)) -> f64 {
    let micros = since.map_or(0, |since| now.micros().saturating_sub(since.micros()).max(0));
    Duration::from_micros(micros.unsigned_abs()).as_secs_f64()
}

/// The state a message came to, for the count.
const fn state(outcome: Outcome, attempt: i64) -> State {
    match outcome {
        Outcome::Delivered => State::Delivered,
        Outcome::Permanent(_) => State::PermanentFailure,
        Outcome::Temporary(_) if attempt < LARGEST_ATTEMPT => State::TemporaryFailure,
        Outcome::Temporary(_) | Outcome::Technical(_) => State::TechnicalFailure,
        Outcome::Withdrawn(_) => State::Withdrawn,
    }
}
