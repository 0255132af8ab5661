//! Concerns: whether help words were written in a class, said once enough of it have answered.

use std::time::Duration;

use dolen_domain::kernel::Result;
use dolen_domain::surveys::concerns;

use crate::app::App;

/// How often. Rare enough that a class's answers come between two looks together, and often enough that somebody can act on
/// the same day (our own proposal).
pub(super) const PERIOD: Duration = Duration::from_mins(15);

/// Looks at each school about whose classes something is to be done. A look at which nothing is raised is on no record.
pub(super) async fn tick(app: &App) -> Result<()> {
    for at in app.read(&super::caller(), |work, _| concerns::to_look(work)).await? {
        app.upkeep(&super::caller(), move |work, _| concerns::look(work, at)).await?;
    }
    Ok(())
}
