//! The session's cookie.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use crate::app::App;

/// Over TLS the cookie carries the `__Host-` prefix: this host alone, this path, secure.
const SECURE_NAME: &str = "__Host-dolen";
/// On plain HTTP (the demo on this machine) browsers would refuse that prefix.
const PLAIN_NAME: &str = "dolen";

fn name(app: &App) -> &'static str {
    if app.settings.server.is_https() { SECURE_NAME } else { PLAIN_NAME }
}

/// The session token a request brings.
#[must_use]
pub fn token(app: &App, request: &HttpRequest) -> Option<String> {
    request.cookie(name(app)).map(|c| c.value().to_owned()).filter(|v| !v.is_empty() && v.len() <= 128)
}

/// The cookie that carries a new session.
#[must_use]
pub fn issue(app: &App, token: &str) -> Cookie<'static> {
    Cookie::build(name(app), token.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.server.is_https())
        .finish()
}

/// The cookie that ends it.
#[must_use]
pub fn clear(app: &App) -> Cookie<'static> {
    let mut cookie = issue(app, "");
    cookie.make_removal();
    cookie
}

/// The same two names for what a browser keeps while it is at an issuer.
const AWAY_SECURE_NAME: &str = "__Host-dolen-away";
const AWAY_PLAIN_NAME: &str = "dolen-away";
/// As long as a sign-in may be on its way.
const AWAY_SECONDS: i64 = 600;

fn away_name(app: &App) -> &'static str {
    if app.settings.server.is_https() { AWAY_SECURE_NAME } else { AWAY_PLAIN_NAME }
}

/// What a browser on its way back from an issuer brings.
#[must_use]
pub fn away(app: &App, request: &HttpRequest) -> Option<String> {
    request.cookie(away_name(app)).map(|c| c.value().to_owned()).filter(|v| v.len() == 43)
}

/// The cookie a browser takes along to an issuer. `Lax`: it must come back with a link from another site.
#[must_use]
pub fn go_away(app: &App, token: &str) -> Cookie<'static> {
    Cookie::build(away_name(app), token.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.server.is_https())
        .max_age(actix_web::cookie::time::Duration::seconds(AWAY_SECONDS))
        .finish()
}

/// The cookie that ends it.
#[must_use]
pub fn come_back(app: &App) -> Cookie<'static> {
    let mut cookie = go_away(app, "");
    cookie.make_removal();
    cookie
}
