//! GraphQL.

use actix_web::web;

use crate::app::App;

/// The schema.
#[must_use]
pub fn schema(_app: &App) -> String {
    sdl()
}

/// The schema's text.
#[must_use]
pub fn sdl() -> String {
    String::new()
}

/// Where it is served.
pub fn routes(_config: &mut web::ServiceConfig) {}
