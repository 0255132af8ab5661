//! The relay: conversations kept open between messages.
//!
//! lettre's own pool is not used. It hands a connection on whose conversation was cut short, so that the next message
//! would read the answers meant for the last; and its timeout covers connecting alone (lettre 0.11.23,
//! `smtp/pool/async_impl.rs` and `smtp/client/async_net.rs`). Here a conversation cut short is dropped with its
//! connection, and the one limit is around the whole of it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use dolen_domain::kernel::Result;
use dolen_domain::notices::Outcome;
use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret as _;

use crate::config::{MailSettings, TlsMode};

use super::mail::unusable;
use super::reply::{Stage, outcome};

/// An unused connection is closed after so long: relays do the same a little later (RFC 5321 §4.5.3.2.7 asks five
/// minutes of a server, many give one).
const IDLE: Duration = Duration::from_secs(30);

/// So many unused connections are kept.
const PARKED: usize = 8;

/// How long a relay may take over its good-bye.
const GOODBYE: Duration = Duration::from_secs(2);

/// How the conversation is kept private.
enum Privacy {
    StartTls(TlsParameters),
    Tls(TlsParameters),
    /// Loopback alone.
    None,
}

/// A mail relay.
pub(super) struct Relay {
    host: String,
    port: u16,
    privacy: Privacy,
    login: Option<Credentials>,
    hello: ClientId,
    connect: Duration,
    parked: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Relay {
    /// The relay of the settings; nothing is connected yet.
    pub fn new(settings: &MailSettings) -> Result<Self> {
        let privacy = match settings.tls {
            TlsMode::StartTls => Privacy::StartTls(tls(settings)?),
            TlsMode::Tls => Privacy::Tls(tls(settings)?),
            TlsMode::Plain => Privacy::None,
        };
        let login = settings
            .login
            .as_ref()
            .map(|(user, password)| Credentials::new(user.clone(), password.expose_secret().to_owned()));
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            privacy,
            login,
            hello: ClientId::default(),
            // Of several addresses, a silent first one leaves time for the second.
            connect: Duration::from_secs(settings.timeout_seconds.max(2)) / 2,
            parked: Mutex::new(Vec::new()),
        })
    }

    /// Offers a message. The caller limits the time by dropping the future, and the connection with it.
    pub async fn deliver(&self, message: &Message) -> Outcome {
        let mut conn = match self.connection().await {
            Ok(conn) => conn,
            Err(outcome) => return outcome,
        };
        match offer(&mut conn, message).await {
            Ok(()) => {
                self.park(conn);
                Outcome::Delivered
            }
            Err((stage, error)) => {
                if error.status().is_some() {
                    // It answered, so it is told good-bye; nobody waits for that.
                    tokio::spawn(async move { tokio::time::timeout(GOODBYE, conn.abort()).await });
                }
                outcome(stage, &error)
            }
        }
    }

    /// A kept connection that still answers, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Outcome> {
        while let Some(mut conn) = self.unpark() {
            if conn.test_connected().await {
                return Ok(conn);
            }
        }
        self.connect().await
    }

    /// A new connection, private and logged in.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Outcome> {
        let at = |stage| move |error: lettre::transport::smtp::Error| outcome(stage, &error);
        let open = async |wrapper: Option<TlsParameters>| {
            let server = (self.host.as_str(), self.port);
            AsyncSmtpConnection::connect_tokio1(server, Some(self.connect), &self.hello, wrapper, None)
                .await
                .map_err(at(Stage::Opening))
        };
        let mut conn = match &self.privacy {
            Privacy::None => self.loopback().await?,
            Privacy::Tls(parameters) => open(Some(parameters.clone())).await?,
            Privacy::StartTls(parameters) => {
                let mut conn = open(None).await?;
                if !conn.can_starttls() {
                    return Err(Outcome::Temporary("starttls"));
                }
                conn.starttls(parameters.clone(), &self.hello).await.map_err(at(Stage::StartTls))?;
                conn
            }
        };
        if !matches!(self.privacy, Privacy::None) && !conn.is_encrypted() {
            return Err(Outcome::Temporary("tls"));
        }
        if let Some(login) = &self.login {
            conn.auth(DEFAULT_MECHANISMS, login).await.map_err(at(Stage::Ourselves))?;
        }
        Ok(conn)
    }

    /// A plain connection, to this very machine whatever its names say.
    async fn loopback(&self) -> Result<AsyncSmtpConnection, Outcome> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await;
        let here: Vec<_> = found.into_iter().flatten().filter(|a| a.ip().is_loopback()).collect();
        if here.is_empty() {
            return Err(Outcome::Temporary("not-loopback"));
        }
        AsyncSmtpConnection::connect_tokio1(here.as_slice(), Some(self.connect), &self.hello, None, None)
            .await
            .map_err(|error| outcome(Stage::Opening, &error))
    }

    fn park(&self, conn: AsyncSmtpConnection) {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        if parked.len() < PARKED {
            parked.push((conn, Instant::now()));
        }
    }

    fn unpark(&self) -> Option<AsyncSmtpConnection> {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        parked.retain(|(_, since)| since.elapsed() < IDLE);
        parked.pop().map(|(conn, _)| conn)
    }
}

/// One message in an open conversation. Its addresses and its text are ASCII, so no extension is asked for.
async fn offer(
    conn: &mut AsyncSmtpConnection,
    message: &Message,
) -> Result<(), (Stage, lettre::transport::smtp::Error)> {
    let envelope = message.envelope();
    let ourselves = |error| (Stage::Ourselves, error);
    let refused = |error| (Stage::Message, error);
    conn.command(Mail::new(envelope.from().cloned(), Vec::new())).await.map_err(ourselves)?;
    for recipient in envelope.to() {
        conn.command(Rcpt::new(recipient.clone(), Vec::new())).await.map_err(refused)?;
    }
    conn.command(Data).await.map_err(refused)?;
    conn.message(&message.formatted()).await.map_err(refused)?;
    Ok(())
}

/// Whom to trust: the machine's authorities, or the relay's own alone when the settings name its file.
fn tls(settings: &MailSettings) -> Result<TlsParameters> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem = std::fs::read(path).map_err(|e| unusable(format_args!("mail.ca_file {}: {e}", path.display())))?;
        if memchr::memmem::find(&pem, b"-----BEGIN CERTIFICATE-----").is_none() {
            return Err(unusable(format_args!("mail.ca_file {}: no certificate in it", path.display())));
        }
        let authority = Certificate::from_pem(&pem).map_err(unusable)?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(authority);
    }
    builder.build().map_err(unusable)
}
