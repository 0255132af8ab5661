//! What has run out is forgotten.

use std::time::Duration;

use dolen_domain::kernel::Result;
use dolen_domain::{idempotency, identity};

use crate::app::App;

/// How often.
pub(super) const PERIOD: Duration = Duration::from_hours(1);

/// Forgets kept answers, sessions and quiet callers that have run out.
pub(super) async fn tick(app: &App) -> Result<()> {
    app.attempts.forget_quiet();
    app.upkeep(&super::caller(), |work, _| idempotency::forget_expired(work)).await?;
    app.upkeep(&super::caller(), |work, _| identity::forget_expired(work)).await?;
    app.upkeep(&super::caller(), |work, _| identity::forget_stale_sign_ins(work)).await?;
    Ok(())
}
