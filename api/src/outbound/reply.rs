//! What a relay's answer, or its silence, means for a message.

use std::io::ErrorKind;

use dolen_domain::notices::Outcome;
use lettre::transport::smtp::Error;

/// How far the conversation had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connecting, greeting, TLS.
    Opening,
    /// Switching to TLS.
    StartTls,
    /// Our own login, and our own address as the sender.
    Ourselves,
    /// The recipient, and the message itself.
    Message,
}

/// How a conversation that failed at this stage counts.
///
/// Only a refusal of this recipient or this message is for good. A relay that is away, has a wrong certificate, offers
/// no STARTTLS or refuses our own account wrongs every message alike until somebody mends it, so none is given up for it
/// before its schedule ends.
pub(super) fn outcome(stage: Stage, error: &Error) -> Outcome {
    let Some(code) = error.status().map(u16::from) else {
        return Outcome::Temporary(silence(stage, error));
    };
    let word = word(code);
    let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    if stage == Stage::Message && (550..=559).contains(&code) && !is_about_us(&said) {
        Outcome::Permanent(word)
    } else {
        Outcome::Temporary(word)
    }
}

/// Whether an enhanced status code (RFC 3463 §3.8) says that policy or rights are in the way: "relaying denied" comes at
/// the recipient's stage, but means our account.
fn is_about_us(said: &str) -> bool {
    said.split_ascii_whitespace().next().is_some_and(|first| first.starts_with("5.7."))
}

/// The word for a conversation that ended without an answer.
fn silence(stage: Stage, error: &Error) -> &'static str {
    if error.is_timeout() {
        return "timeout";
    }
    if error.is_tls() || stage == Stage::StartTls {
        return "tls";
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return match io.kind() {
                ErrorKind::ConnectionRefused => "refused",
                // What rustls says of a certificate or a handshake arrives as invalid data.
                ErrorKind::InvalidData => "tls",
                ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => "dropped",
                _ => "unreachable",
            };
        }
        source = cause.source();
    }
    if error.is_response() {
        "dropped"
    } else if stage == Stage::Ourselves {
        "login"
    } else {
        "unreachable"
    }
}

/// The word for a code (RFC 5321 §4.2.3, RFC 4954 §6, RFC 3207 §4, RFC 7504).
const fn word(code: u16) -> &'static str {
    match code {
        421 => "smtp-421",
        432 => "smtp-432",
        450 => "smtp-450",
        451 => "smtp-451",
        452 => "smtp-452",
        454 => "smtp-454",
        455 => "smtp-455",
        500 => "smtp-500",
        501 => "smtp-501",
        502 => "smtp-502",
        503 => "smtp-503",
        504 => "smtp-504",
        521 => "smtp-521",
        530 => "smtp-530",
        534 => "smtp-534",
        535 => "smtp-535",
        538 => "smtp-538",
        550 => "smtp-550",
        551 => "smtp-551",
        552 => "smtp-552",
        553 => "smtp-553",
        554 => "smtp-554",
        555 => "smtp-555",
        556 => "smtp-556",
        400..=499 => "smtp-4xx",
        _ => "smtp-5xx",
    }
}
