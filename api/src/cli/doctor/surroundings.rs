//! What is around the service: how people reach it, and how mail leaves.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use crate::config::{MailTransport, Settings, TlsMode};

use super::Findings;

/// So long the relay may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Checks what people and systems see.
pub fn check(settings: &Settings, found: &mut Findings) {
    let url = &settings.server.public_url;
    let own = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|p| url.starts_with(p));
    if settings.server.is_https() {
        found.good("address", format!("{url}: this is taken for production"));
    } else if own {
        found.warn(
            "address",
            format!("{url} is this machine's alone: set server.public_url to the https address people use"),
        );
    } else {
        found.bad("address", format!("{url} is not https: passwords and records would cross the network in the clear"));
    }
    if settings.authority.number.is_empty() {
        found.warn("authority", "authority.number is not set: schools can't be imported");
    }
}

/// Checks the way mail leaves.
pub fn check_mail(settings: &Settings, offline: bool, found: &mut Findings) {
    let mail = &settings.mail;
    match mail.transport {
        MailTransport::Off => {
            return found.bad_in_production("mail", "is off: nobody is told of anything (mail.transport)");
        }
        MailTransport::Capture => {
            return found.bad_in_production("mail", "is captured in a folder and reaches nobody (mail.transport)");
        }
        MailTransport::Smtp => {}
    }
    if mail.tls == TlsMode::Plain {
        found.warn("mail", "is handed to this machine's relay without TLS");
    }
    if mail.from.as_str().ends_with(".example") {
        found.bad_in_production(
            "mail",
            format!("mail.from is {}: give an address of the authority's", mail.from.as_str()),
        );
    }
    if let Some(path) = mail.ca_file.as_ref().filter(|p| !p.is_file()) {
        found.bad("mail", format!("mail.ca_file {} is not there", path.display()));
    }
    if offline {
        return;
    }
    let relay = format!("{}:{}", mail.host, mail.port);
    let addresses = (mail.host.as_str(), mail.port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
    match addresses {
        Ok(all) if all.iter().any(|a| TcpStream::connect_timeout(a, PATIENCE).is_ok()) => {
            found.good("mail", format!("{relay} answers"));
        }
        Ok(_) => found
            .bad_in_production("mail", format!("{relay} does not answer: check mail.host, mail.port and firewalls")),
        Err(error) => found.bad_in_production("mail", format!("{relay}: {error}: check mail.host")),
    }
}
