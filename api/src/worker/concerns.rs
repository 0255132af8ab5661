//! Concerns: whether help words were written in a class, said once enough of it have answered.

use std::time::Duration;

use dolen_domain::kernel::Result;
use dolen_domain::surveys::concerns;

use crate::app::App;

/// How often. Rare enough that a class's answers come between two looks together, and often enough that somebody can act on
/// the same day (our own proposal).
pub(super) const PERIOD: Duration = Duration::from_mins(15);

/// Looks at each school about whose classes something is to be done, and presses what nobody has taken up. A look at which nothing
/// is raised is on no record. One that fails holds up no other.
pub(super) async fn tick(app: &App) -> Result<()> {
    let mut failed = None;
    for at in app.read(&super::caller(), |work, _| concerns::to_look(work)).await? {
        let looked = app.upkeep(&super::caller(), move |work, _| concerns::look(work, at)).await;
        failed = looked.err().or(failed);
    }
    for id in app.read(&super::caller(), |work, _| concerns::to_press(work)).await? {
        let pressed = app.write(&super::caller(), move |work, _| concerns::press(work, id)).await;
        failed = pressed.err().or(failed);
    }
    failed.map_or(Ok(()), Err)
}
