//! Who is asking: sessions for people, signed tokens for API clients; and the extractors that handlers take.

pub mod accounts;
pub mod caller;
pub mod command;
pub mod cookie;
pub mod demo;
pub mod issuers;
pub mod limits;
pub mod tokens;

pub use caller::{Signed, Unproved};
pub use command::{Command, Order};

use std::net::IpAddr;

use actix_web::HttpRequest;

use crate::app::App;

/// The address a request comes from. What a proxy of ours says is believed, from its own end of the list on; what anybody
/// else writes there is not.
#[must_use]
pub fn peer(app: &App, request: &HttpRequest) -> Option<IpAddr> {
    let proxies = &app.settings.server.trusted_proxies;
    let mut at = request.peer_addr()?.ip().to_canonical();
    let said: Vec<&str> = request.headers().get_all("x-forwarded-for").filter_map(|v| v.to_str().ok()).collect();
    for hop in said.iter().flat_map(|line| line.split(',')).rev() {
        if !proxies.has(at) {
            return Some(at);
        }
        let Ok(before) = hop.trim().parse::<IpAddr>() else { return Some(at) };
        at = before.to_canonical();
    }
    Some(at)
}
