//! Releases that were asked for: decided outside any transaction, so that nobody waits for it.

use std::time::Duration;

use dolen_domain::kernel::{Error, Result};
use dolen_domain::surveys::releases;

use crate::app::App;

/// How often it is looked whether one was asked for.
pub(super) const PERIOD: Duration = Duration::from_secs(3);

/// Decides each that waits. Of two workers that decide the same one writes it down.
pub(super) async fn tick(app: &App) -> Result<()> {
    for line in app.read(&super::caller(), |work, _| releases::waiting(work)).await? {
        let gathered = app.read(&super::caller(), move |work, app| releases::gather(work, &app.vault, &line)).await?;
        let threshold = app.threshold();
        let decided = tokio::task::spawn_blocking(move || releases::decide(gathered, threshold));
        let judged = decided.await.map_err(Error::unavailable)?;
        app.upkeep(&super::caller(), move |work, _| releases::keep(work, &judged)).await?;
    }
    Ok(())
}
