//! Clocks of records: what was not done in time goes to somebody else, and who left is followed.

use std::time::Duration;

use dolen_domain::kernel::{Code, Error, Result};
use dolen_domain::{cases, warrn};

use crate::app::App;

/// How often the clocks are looked at.
pub(super) const PERIOD: Duration = Duration::from_mins(1);

/// When the database can't be had so often in a row, the rest waits for the next look.
const MOST_UNAVAILABLE: u32 = 3;

/// Deals with every WARRN record that has a late step or a part somebody has left, with every alert that waits for a
/// lead, and with every task whose day passed: each in a write of its own, so that one that fails holds up no other. It is logged by its reference, and tried
/// again at the next look. An idle clock writes nothing.
pub(super) async fn tick(app: &App) -> Result<()> {
    let mut failures = Failures::default();
    let look = |work: &mut dolen_domain::db::Work<'_>, app: &App| warrn::waiting_for_clock(work, &app.settings.warrn);
    for (id, reference) in app.read(&super::caller(), look).await? {
        let done = app.write(&super::caller(), move |work, app| warrn::tend(work, &app.settings.warrn, id)).await;
        failures.note("record", &reference, done.map(|_| ()))?;
    }
    for (id, reference) in app.read(&super::caller(), |work, _| warrn::alerts::untold(work)).await? {
        let done = app.write(&super::caller(), move |work, _| warrn::alerts::tell_late(work, id)).await;
        failures.note("alert", &reference, done.map(|_| ()))?;
    }
    for (id, reference) in app.read(&super::caller(), |work, _| cases::overdue_tasks(work)).await? {
        let done = app.write(&super::caller(), move |work, _| cases::tell_overdue(work, id)).await;
        failures.note("task", &reference, done)?;
    }
    Ok(())
}

/// What failed in one look.
#[derive(Default)]
struct Failures {
    unavailable: u32,
}

impl Failures {
    /// Logs and counts what failed by its reference alone; gives up only when the database is not there for anybody.
    fn note(&mut self, kind: &'static str, reference: &str, done: Result<()>) -> Result<()> {
        let Err(error) = done else {
            self.unavailable = 0;
            return Ok(());
        };
        self.unavailable = if error.code == Code::Unavailable { self.unavailable + 1 } else { 0 };
        if self.unavailable >= MOST_UNAVAILABLE {
            return Err(error);
        }
        failed(kind, reference, &error);
        Ok(())
    }
}

fn failed(kind: &'static str, reference: &str, error: &Error) {
    metrics::counter!("dolen_worker_errors_total", "task" => "clocks").increment(1);
    let (code, cause) = (error.code.as_str(), error.cause().map(ToString::to_string));
    let request_id = super::NAME;
    tracing::error!(
        request_id,
        task = "clocks",
        kind,
        reference,
        code,
        ?cause,
        "one could not be dealt with; it is tried again"
    );
}
