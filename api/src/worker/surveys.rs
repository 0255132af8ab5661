//! Surveys: who still owes something, what the files of the database tell of the order pupils answered in, and the codes of those that are over.

use std::time::Duration;

use dolen_domain::db::Work;
use dolen_domain::db::conn::scrub;
use dolen_domain::kernel::{Error, Result};
use dolen_domain::surveys::{codes, participation, texts};

use crate::app::App;

/// How often.
pub(super) const PERIOD: Duration = Duration::from_hours(1);

/// Settles each campaign that is over. Then empties SQLite's write-ahead log, in which the pages of each answer stand one
/// after another until it is written anew; what PostgreSQL keeps of old rows is its owner's to vacuum.
/// Then reminds schools that still owe something.
pub(super) async fn tick(app: &App) -> Result<()> {
    for campaign in app.read(&super::caller(), |work, _| codes::to_settle(work)).await? {
        app.write(&super::caller(), move |work, _| codes::settle(work, campaign)).await?;
    }
    let url = app.settings.database.url.clone();
    let emptied = tokio::task::spawn_blocking(move || scrub(&url, &[])).await.map_err(Error::unavailable)?;
    if let Err(error) = emptied {
        // Somebody reads it just now: in an hour again.
        tracing::debug!(%error, "the write-ahead log was not emptied");
    }
    let old = |work: &mut Work<'_>, app: &App| texts::to_forget(work, app.settings.survey.text_days);
    for campaign in app.read(&super::caller(), old).await? {
        app.write(&super::caller(), move |work, _| texts::forget(work, campaign)).await?;
    }
    // Last: a reminder that fails keeps nothing from being forgotten.
    let owing =
        |work: &mut Work<'_>, app: &App| participation::to_remind(work, &app.settings.survey.remind_days_before);
    for reminder in app.read(&super::caller(), owing).await? {
        app.write(&super::caller(), move |work, _| participation::remind(work, &reminder)).await?;
    }
    Ok(())
}
