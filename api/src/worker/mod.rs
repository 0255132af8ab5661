//! Background work: delivering messages, watching clocks, forgetting what has run out, reckoning how long things are kept.
//!
//! Any number of workers may run over one database: whatever they take they take under a lock or a lease, and what they
//! find done they leave alone. An error is logged and counted and ends nothing.

mod checkpoints;
mod clocks;
mod concerns;
mod deliver;
mod records;
mod releases;
mod surveys;
#[cfg(test)]
mod tests;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use dolen_domain::kernel::{Caller, Error, Result};
use dolen_domain::notices;
use tokio::sync::watch;

use crate::app::App;
use crate::outbound::mail::Mailer;

/// The request id of everything a worker does, in the log and in the audit record.
const NAME: &str = "worker";

/// A failing database is asked again at the latest after so long.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Runs until told to stop, then finishes what is under way.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    let mail = async {
        if let Some(mailer) = mailer(&app, stop.clone()).await {
            let poll = Duration::from_secs(app.settings.worker.poll_seconds.max(1));
            deliver::run(&app, Arc::new(mailer), poll, stop.clone()).await;
        }
    };
    let minutely = every("clocks", clocks::PERIOD, stop.clone(), async || clocks::tick(&app).await);
    let hourly = every("upkeep", upkeep::PERIOD, stop.clone(), async || upkeep::tick(&app).await);
    let kept = every("records", records::PERIOD, stop.clone(), async || records::tick(&app).await);
    let surveyed = every("surveys", surveys::PERIOD, stop.clone(), async || surveys::tick(&app).await);
    let concerned = every("concerns", concerns::PERIOD, stop.clone(), async || concerns::tick(&app).await);
    let released = every("releases", releases::PERIOD, stop.clone(), async || releases::tick(&app).await);
    let signing = Duration::from_mins(app.settings.audit.checkpoint_minutes);
    let signed = every("checkpoints", signing, stop.clone(), async || checkpoints::tick(&app).await);
    futures_util::join!(mail, minutely, hourly, kept, surveyed, concerned, released, signed);
    // Everything is done that will be done: what is on record now is signed.
    if let Err(error) = checkpoints::tick(&app).await {
        failed("checkpoints", &error);
    }
}

/// The mailer, as soon as it can be had: a certificate file that is missing now may be there in a minute, and the
/// outbox keeps until then.
async fn mailer(app: &App, mut stop: watch::Receiver<bool>) -> Option<Mailer> {
    let mut wait = Backoff::default();
    loop {
        match Mailer::open(&app.settings.mail, Arc::clone(app.db.clock())) {
            Ok(mailer) => return Some(mailer),
            Err(error) => failed("mail", &error),
        }
        if pause(&mut stop, wait.next()).await {
            return None;
        }
    }
}

/// The caller of everything a worker does.
fn caller() -> Caller {
    Caller::system(NAME)
}

/// Does something at once and then every so often, sooner again when it failed.
async fn every(
    task: &'static str,
    period: Duration,
    mut stop: watch::Receiver<bool>,
    mut work: impl AsyncFnMut() -> Result<()>,
) {
    let mut wait = Backoff::default();
    while !*stop.borrow() {
        let next = match work().await {
            Ok(()) => {
                wait = Backoff::default();
                period
            }
            Err(error) => {
                failed(task, &error);
                wait.next().min(period)
            }
        };
        if pause(&mut stop, next).await {
            return;
        }
    }
}

/// Waits; says whether it is time to stop.
async fn pause(stop: &mut watch::Receiver<bool>, time: Duration) -> bool {
    tokio::time::timeout(time, stopped(stop)).await.is_ok()
}

/// Comes back when told to stop, and when nobody is left to tell.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Logs and counts what went wrong. Domain errors hold no personal data.
fn failed(task: &'static str, error: &Error) {
    metrics::counter!("dolen_worker_errors_total", "task" => task).increment(1);
    let cause = error.cause().map(ToString::to_string);
    tracing::error!(request_id = NAME, task, code = error.code.as_str(), ?cause, "background work failed");
}

/// Waits that double from a second.
#[derive(Debug, Default)]
struct Backoff(u32);

impl Backoff {
    fn next(&mut self) -> Duration {
        let wait = Duration::from_secs(1 << self.0.min(5));
        self.0 = self.0.saturating_add(1);
        wait.min(LONGEST_WAIT)
    }
}

/// Delivers what waits now and stops; for `demo --no-serve`. Gives up after half a minute.
///
/// # Errors
/// When the database can't be read.
pub async fn deliver_waiting(app: &App) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let work = run(app.clone(), stopped);
    let watch = async {
        let mut outcome = Ok(());
        for _ in 0..300 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            match app.read(&caller(), |work, _| notices::waiting_since(work)).await {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        let _ = stop.send(true);
        outcome
    };
    futures_util::future::join(work, watch).await.1
}
