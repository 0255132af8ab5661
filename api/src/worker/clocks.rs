//! Clocks of records: what was not done in time goes to somebody else.

use std::time::Duration;

use dolen_domain::kernel::Result;
use dolen_domain::warrn;

use crate::app::App;

/// How often the clocks are looked at.
pub(super) const PERIOD: Duration = Duration::from_mins(1);

/// So many batches at one look; the next look takes the rest.
const MOST_BATCHES: usize = 100;

/// Escalates every part of a WARRN record that was not acknowledged in time. An idle clock writes nothing.
pub(super) async fn tick(app: &App) -> Result<()> {
    for _ in 0..MOST_BATCHES {
        if !app.read(&super::caller(), |work, _| warrn::is_any_overdue(work)).await? {
            return Ok(());
        }
        let escalated =
            app.write(&super::caller(), |work, app| warrn::escalate_overdue(work, &app.settings.warrn)).await?;
        if escalated == 0 {
            // Another worker holds them.
            return Ok(());
        }
    }
    Ok(())
}
