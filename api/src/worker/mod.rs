//! Background work.

use tokio::sync::watch;

use crate::app::App;

/// Runs until told to stop.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let _ = (&app, stop.changed().await);
}

/// Delivers what waits, once.
pub async fn deliver_waiting(_app: &App) -> dolen_domain::kernel::Result<()> {
    Ok(())
}
