//! Mail on its way out: to a relay over SMTP, into a folder, or nowhere.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use dolen_domain::kernel::{Clock, EmailAddress, Error, Result, Utc};
use dolen_domain::notices::{Mail, Outcome};

use crate::config::{MailSettings, MailTransport};

use super::message;
use super::smtp::Relay;

/// The one way mail leaves. It offers a message once and says how that ended; when to try again is the outbox's to say.
pub struct Mailer {
    from: EmailAddress,
    clock: Arc<dyn Clock>,
    way: Way,
    longest: Duration,
}

enum Way {
    Smtp(Relay),
    Capture(PathBuf),
    Off,
}

impl Mailer {
    /// A mailer as the settings say. It reads the relay's certificate authority and connects to nothing yet.
    ///
    /// # Errors
    /// When that file can't be read or holds no certificate.
    pub fn open(settings: &MailSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        let way = match settings.transport {
            MailTransport::Smtp => Way::Smtp(Relay::new(settings)?),
            MailTransport::Capture => Way::Capture(settings.capture_dir.clone()),
            MailTransport::Off => Way::Off,
        };
        let longest = Duration::from_secs(settings.timeout_seconds.max(1));
        Ok(Self { from: settings.from.clone(), clock, way, longest })
    }

    /// Whether nothing is sent at all: the outbox is then left alone.
    #[must_use]
    pub const fn is_off(&self) -> bool {
        matches!(self.way, Way::Off)
    }

    /// The longest time [`Self::send`] takes.
    #[must_use]
    pub const fn longest(&self) -> Duration {
        self.longest
    }

    /// Offers a message to its one recipient. Dropping the future half-way ends the conversation with the relay.
    pub async fn send(&self, mail: &Mail) -> Outcome {
        let now = self.clock.now();
        let Ok(message) = message::build(&self.from, mail, now) else {
            return Outcome::Technical("not-a-message");
        };
        match &self.way {
            Way::Smtp(relay) => {
                let sent = tokio::time::timeout(self.longest, relay.deliver(&message));
                sent.await.unwrap_or(Outcome::Temporary("timeout"))
            }
            Way::Capture(folder) => {
                let (folder, name) = (folder.clone(), file_name(now, &mail.message_id));
                let kept = web::block(move || keep(&folder, &name, &message.formatted())).await;
                if matches!(kept, Ok(Ok(()))) { Outcome::Delivered } else { Outcome::Temporary("capture") }
            }
            Way::Off => Outcome::Temporary("off"),
        }
    }
}

/// `{utc}-{message-id}.eml`: sorted by name is sorted by time.
fn file_name(at: Utc, message_id: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '@');
    let id: String = message_id.chars().filter(plain).collect();
    format!("{}-{id}.eml", at.chrono().format("%Y%m%dT%H%M%S%.6fZ"))
}

/// Writes a file that is whole or not there. It holds an address, so nobody else on the machine reads it.
fn keep(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{name}.part"));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(name))
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let way = match &self.way {
            Way::Smtp(_) => "smtp",
            Way::Capture(_) => "capture",
            Way::Off => "off",
        };
        write!(f, "Mailer({way})")
    }
}

/// The problem of a relay that can't be set up.
pub(super) fn unusable(why: impl std::fmt::Display) -> Error {
    Error::internal(format!("mail can't be sent as the settings say: {why}"))
}
