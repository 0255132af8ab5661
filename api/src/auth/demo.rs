//! The demo's second factor: one secret for all its invented people, so that a newcomer can try signing in. The pages show
//! its code only where the `demo` command set [`crate::config::Settings::demo`].

use dolen_domain::identity::{self, TotpSecret};

use crate::app::App;

/// The secret: known to everybody, worth nothing.
const SECRET: &[u8; 20] = b"dolen-demo-no-secret";

/// The factor of the demo's people.
#[must_use]
pub fn secret() -> TotpSecret {
    TotpSecret::from_bytes(SECRET)
}

/// The code to type now, in the demo alone. A code works once: after one of step `last`, the next is shown.
#[must_use]
pub fn code(app: &App, last: Option<i64>) -> Option<String> {
    let now = identity::step_of(app.db.clock().now());
    let step = last.map_or(now, |last| now.max(last + 1));
    app.settings.demo.then(|| identity::code_at(&secret(), step))
}
