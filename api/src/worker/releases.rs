//! Releases that were asked for: decided outside any transaction, so that nobody waits for it.

use std::time::Duration;

use dolen_domain::kernel::{Code, Error, Result};
use dolen_domain::surveys::releases::{self, Line};

use crate::app::App;

/// How often it is looked whether one was asked for.
pub(super) const PERIOD: Duration = Duration::from_secs(3);

/// Decides each that waits, and each by itself: one that fails holds up no other. Of two workers that decide the same one
/// writes it down. One that can't be decided at all is refused, and logged.
pub(super) async fn tick(app: &App) -> Result<()> {
    let mut failed = None;
    for line in app.read(&super::caller(), |work, _| releases::waiting(work)).await? {
        let Err(error) = decide(app, &line).await else { continue };
        if error.code == Code::Internal {
            app.upkeep(&super::caller(), move |work, _| releases::give_up(work, &line)).await?;
        }
        failed = Some(error);
    }
    failed.map_or(Ok(()), Err)
}

async fn decide(app: &App, line: &Line) -> Result<()> {
    let wanted = line.clone();
    let gathered = app.read(&super::caller(), move |work, app| releases::gather(work, &app.vault, &wanted)).await?;
    let threshold = app.threshold();
    let decided = tokio::task::spawn_blocking(move || releases::decide(gathered, threshold));
    let judged = decided.await.map_err(Error::internal)?;
    app.upkeep(&super::caller(), move |work, _| releases::keep(work, &judged)).await?;
    Ok(())
}
