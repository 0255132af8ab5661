//! Until when things are kept, and their end where the authority has the worker see to it.

use std::time::Duration;

use dolen_domain::kernel::{Error, Result};
use dolen_domain::records::{retention, subject_access};

use crate::app::App;
use crate::tombstones;

/// How often.
pub(super) const PERIOD: Duration = Duration::from_hours(1);

/// So many batches at one look; the next look takes the rest.
const MOST_BATCHES: usize = 100;

/// Reckons what was opened, changed or closed since, and ends the bundles that are over; then disposes of what is due, if it is set to. An idle look writes
/// nothing.
pub(super) async fn tick(app: &App) -> Result<()> {
    for _ in 0..MOST_BATCHES {
        if !app.read(&super::caller(), |work, _| retention::is_any_unreckoned(work)).await? {
            break;
        }
        app.write(&super::caller(), |work, app| retention::reckon(work, &app.vault)).await?;
    }
    let days = app.settings.records.bundle_days;
    for _ in 0..MOST_BATCHES {
        if !app.read(&super::caller(), move |work, _| subject_access::is_any_bundle_over(work, days)).await? {
            break;
        }
        app.write(&super::caller(), move |work, _| subject_access::end_bundles(work, days)).await?;
    }
    if !app.settings.records.dispose {
        return Ok(());
    }
    tombstones::require(&app.settings)?;
    for _ in 0..MOST_BATCHES {
        let due = app.read(&super::caller(), |work, _| Ok(retention::plan(work)?.due().count())).await?;
        if due == 0 {
            break;
        }
        app.write(&super::caller(), |work, app| retention::run(work, &app.vault)).await?;
        let app = app.clone();
        tokio::task::spawn_blocking(move || tombstones::finish(&app)).await.map_err(Error::unavailable)??;
    }
    Ok(())
}
