//! The typed settings, read once at start and passed as a value.

use std::path::PathBuf;
use std::str::FromStr;

use dolen_domain::access::Role;
use dolen_domain::identity::{Networks, RoleSet};
use dolen_domain::kernel::{Bilingual, CalendarSettings, EmailAddress};
use dolen_domain::oversight::OversightSettings;
use dolen_domain::provision::ProvisionSettings;
use dolen_domain::warrn::WarrnSettings;
use secrecy::SecretString;

use super::issuers::{self, IssuerSettings};
use super::load::Loaded;

mod clocks;
mod kept;
mod survey;

pub use kept::RecordsSettings;
pub use survey::SurveySettings;

/// Everything the service can be told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Addresses and threads.
    pub server: ServerSettings,
    /// The database.
    pub database: DatabaseSettings,
    /// Keys from outside the database.
    pub keys: KeySettings,
    /// The audit record.
    pub audit: AuditSettings,
    /// Whose service this is.
    pub authority: Authority,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Signing in.
    pub auth: AuthSettings,
    /// What is refused for being too much.
    pub limits: Limits,
    /// Surveys.
    pub survey: SurveySettings,
    /// How days are counted.
    pub calendar: CalendarSettings,
    /// WARRN records.
    pub warrn: WarrnSettings,
    /// Special provision.
    pub provision: ProvisionSettings,
    /// How long what is held is kept.
    pub records: RecordsSettings,
    /// When reading is unusual, and who may break the glass.
    pub oversight: OversightSettings,
    /// Documents kept with cases.
    pub documents: DocumentSettings,
    /// Background work.
    pub worker: WorkerSettings,
    /// Log level.
    pub log_level: String,
    /// Whether this is the demo, whose pages show the code of its invented people. No setting: only the command sets it.
    pub demo: bool,
}

/// Addresses and threads.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// API and console.
    pub bind: String,
    /// Metrics; none when empty.
    pub metrics_bind: Option<String>,
    /// The address people use, without a slash at the end.
    pub public_url: String,
    /// Threads that answer requests.
    pub workers: usize,
    /// Networks of the proxies before the service.
    pub trusted_proxies: Networks,
}

impl ServerSettings {
    /// Whether people reach the service over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// The database.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// URL, with the password in it when one was given.
    pub url: String,
    /// The owner's URL, with its password; the same as `url` when none was given.
    pub owner_url: String,
    /// The role to let in after a migration; none when the service owns its tables, and on SQLite.
    pub service_role: Option<String>,
    /// Whether to serve as a superuser.
    pub allow_superuser: bool,
    /// Connections.
    pub pool_size: u32,
}

/// Keys from outside the database.
#[derive(Debug, Clone)]
pub struct KeySettings {
    /// 64 hexadecimal digits.
    pub master: SecretString,
    /// Other master keys, of as many digits each.
    pub ring: SecretString,
    /// 64 hexadecimal digits.
    pub signing: SecretString,
    /// 64 hexadecimal digits; empty for no checkpoints.
    pub checkpoint: SecretString,
}

/// The audit record.
#[derive(Debug, Clone)]
pub struct AuditSettings {
    /// Folder for checkpoints.
    pub checkpoint_dir: Option<PathBuf>,
    /// Minutes between two.
    pub checkpoint_minutes: u64,
}

/// Whose service this is.
#[derive(Debug, Clone)]
pub struct Authority {
    /// Three digits.
    pub number: String,
    /// Name.
    pub name: Bilingual,
}

/// How mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTransport {
    /// To a relay.
    Smtp,
    /// Into a folder.
    Capture,
    /// Not at all.
    Off,
}

/// How the relay is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// STARTTLS or nothing.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// Plain; loopback only.
    Plain,
}

/// Mail.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Where it goes.
    pub transport: MailTransport,
    /// Relay.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is spoken to.
    pub tls: TlsMode,
    /// The relay's own certificate authority.
    pub ca_file: Option<PathBuf>,
    /// User, with the password.
    pub login: Option<(String, SecretString)>,
    /// Sender.
    pub from: EmailAddress,
    /// Folder for captured messages.
    pub capture_dir: PathBuf,
    /// Seconds one delivery may take.
    pub timeout_seconds: u64,
}

/// Signing in.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// Life of a token, minutes.
    pub token_minutes: i64,
    /// Idle end of a session, minutes.
    pub idle_minutes: i64,
    /// Absolute end of a session, hours.
    pub session_hours: i64,
    /// Failures before lock-out.
    pub lockout_failures: u32,
    /// Length of lock-out, minutes.
    pub lockout_minutes: i64,
    /// Attempts per minute from one address.
    pub attempts_per_minute: u32,
    /// Whom people may sign in by.
    pub issuers: Vec<IssuerSettings>,
    /// Whose holders must have a second factor.
    pub second_factor_roles: RoleSet,
}

/// What is refused for being too much. One struct, printed at start (`DESIGN.md` invariant 9).
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest JSON body, bytes.
    pub body_bytes: usize,
    /// Largest bulk submission, bytes.
    pub bulk_bytes: usize,
    /// Rows in a bulk submission.
    pub bulk_rows: usize,
    /// Longest line of a bulk submission, bytes.
    pub bulk_line_bytes: usize,
    /// Requests per minute from one caller.
    pub requests_per_minute: u32,
    /// Largest document kept with a case, bytes.
    pub document_bytes: usize,
    /// Documents kept with one case.
    pub documents_per_case: i64,
    /// GraphQL depth.
    pub graphql_depth: usize,
    /// GraphQL complexity.
    pub graphql_complexity: usize,
    /// GraphQL aliases.
    pub graphql_aliases: usize,
    /// GraphQL tokens.
    pub graphql_tokens: usize,
    /// GraphQL objects resolved.
    pub graphql_objects: usize,
}

/// Where the virus scanner listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerAddress {
    /// `host:port`.
    Tcp(String),
    /// A socket of this machine.
    Unix(PathBuf),
}

/// Documents kept with cases.
#[derive(Debug, Clone)]
pub struct DocumentSettings {
    /// The virus scanner, where there is one.
    pub scanner: Option<ScannerAddress>,
    /// Whether a document it has not passed is refused.
    pub scan_required: bool,
    /// Seconds it may take over one document.
    pub scan_timeout_seconds: u64,
}

/// Background work.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Whether `serve` runs it too.
    pub embedded: bool,
    /// Seconds between looks.
    pub poll_seconds: u64,
    /// Seconds a message stays taken.
    pub lease_seconds: i64,
    /// Messages at a time.
    pub batch: i64,
}

/// Reads values and gathers what is wrong with them.
struct Reader<'a> {
    loaded: &'a Loaded,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn text(&self, key: &str) -> String {
        self.loaded.get(key).to_owned()
    }

    fn number<T: FromStr + Default>(&mut self, key: &str) -> T {
        let value = self.loaded.get(key);
        value.parse().unwrap_or_else(|_| {
            self.faults.push(format!("{key}: `{value}` is not a whole number in range"));
            T::default()
        })
    }

    fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)], fallback: T) -> T {
        let value = self.loaded.get(key);
        words.iter().find(|(w, _)| *w == value).map_or_else(
            || {
                let allowed: Vec<_> = words.iter().map(|(w, _)| *w).collect();
                self.faults.push(format!("{key}: `{value}` is not one of {}", allowed.join(", ")));
                fallback
            },
            |(_, v)| *v,
        )
    }

    fn check(&mut self, good: bool, message: impl Into<String>) {
        if !good {
            self.faults.push(message.into());
        }
    }
}

impl Settings {
    /// Reads and checks every value.
    pub(super) fn read(loaded: &Loaded) -> Result<Self, String> {
        let mut r = Reader { loaded, faults: Vec::new() };
        let provision = clocks::provision(&mut r);
        let settings = Self {
            server: server(&mut r),
            database: database(&mut r),
            keys: KeySettings {
                master: r.text("keys.master").into(),
                ring: r.text("keys.ring").into(),
                signing: r.text("keys.signing").into(),
                checkpoint: r.text("keys.checkpoint").into(),
            },
            audit: audit(&mut r),
            authority: authority(&mut r),
            mail: mail(&mut r)?,
            auth: AuthSettings {
                token_minutes: r.number("auth.token_minutes"),
                idle_minutes: r.number("auth.idle_minutes"),
                session_hours: r.number("auth.session_hours"),
                lockout_failures: r.number("auth.lockout_failures"),
                lockout_minutes: r.number("auth.lockout_minutes"),
                attempts_per_minute: r.number("auth.attempts_per_minute"),
                issuers: issuers::read(loaded.get("auth.issuers"), &mut r.faults),
                second_factor_roles: roles(&mut r, "auth.second_factor_roles"),
            },
            limits: Limits {
                body_bytes: r.number("limits.body_bytes"),
                bulk_bytes: r.number("limits.bulk_bytes"),
                bulk_rows: r.number("limits.bulk_rows"),
                bulk_line_bytes: r.number("limits.bulk_line_bytes"),
                requests_per_minute: r.number("limits.requests_per_minute"),
                document_bytes: r.number("limits.document_bytes"),
                documents_per_case: r.number("limits.documents_per_case"),
                graphql_depth: r.number("limits.graphql_depth"),
                graphql_complexity: r.number("limits.graphql_complexity"),
                graphql_aliases: r.number("limits.graphql_aliases"),
                graphql_tokens: r.number("limits.graphql_tokens"),
                graphql_objects: r.number("limits.graphql_objects"),
            },
            survey: survey::survey(&mut r),
            calendar: clocks::calendar(&mut r),
            warrn: clocks::warrn(&mut r, provision.clone()),
            provision,
            records: kept::records(&mut r),
            oversight: oversight(&mut r),
            documents: kept::documents(&mut r),
            worker: WorkerSettings {
                embedded: r.word("worker.embedded", &[("true", true), ("false", false)], true),
                poll_seconds: r.number("worker.poll_seconds"),
                lease_seconds: r.number("worker.lease_seconds"),
                batch: r.number("worker.batch"),
            },
            log_level: r.text("log.level"),
            demo: false,
        };
        r.check(settings.limits.requests_per_minute > 0, "limits.requests_per_minute: at least 1");
        r.check(settings.auth.attempts_per_minute > 0, "auth.attempts_per_minute: at least 1");
        r.check(
            (1..=25_000_000).contains(&settings.limits.document_bytes),
            "limits.document_bytes: from 1 to 25000000; a document is held in memory while it is sealed",
        );
        r.check(settings.worker.poll_seconds > 0, "worker.poll_seconds: at least 1");
        if r.faults.is_empty() { Ok(settings) } else { Err(r.faults.join("\n")) }
    }
}

fn roles(r: &mut Reader<'_>, key: &str) -> RoleSet {
    let text = r.text(key);
    match text.trim() {
        "all" => RoleSet::ALL,
        "none" => RoleSet::NONE,
        words => {
            let parsed: Result<Vec<Role>, _> = words.split_ascii_whitespace().map(str::parse).collect();
            let known = parsed.as_ref().is_ok_and(|roles| !roles.is_empty());
            let all: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
            r.check(known, format!("{key}: `{words}` is not all, none or some of {}", all.join(", ")));
            RoleSet::of(parsed.unwrap_or_default())
        }
    }
}

fn server(r: &mut Reader<'_>) -> ServerSettings {
    let metrics = r.text("server.metrics_bind");
    let public_url = r.text("server.public_url").trim_end_matches('/').to_owned();
    r.check(
        public_url.starts_with("http://") || public_url.starts_with("https://"),
        "server.public_url: begins with https:// (or http:// on the machine itself)",
    );
    let proxies = r.text("server.trusted_proxies").replace(',', " ");
    let trusted_proxies = Networks::parse(&proxies);
    r.check(trusted_proxies.is_ok(), "server.trusted_proxies: networks such as 10.0.0.0/8, separated by commas");
    ServerSettings {
        trusted_proxies: trusted_proxies.unwrap_or_default(),
        bind: r.text("server.bind"),
        metrics_bind: (!metrics.is_empty()).then_some(metrics),
        public_url,
        workers: r.number::<usize>("server.workers").max(1),
    }
}

fn database(r: &mut Reader<'_>) -> DatabaseSettings {
    let url = with_password(r.text("database.url"), &r.text("database.password"));
    let owner = with_password(r.text("database.owner_url"), &r.text("database.owner_password"));
    let role = r.text("database.service_role");
    let user = url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(user, _)| user);
    let user = user.and_then(|u| u.split(':').next()).filter(|u| !u.is_empty()).map(str::to_owned);
    DatabaseSettings {
        service_role: if role.is_empty() { user.filter(|_| !owner.is_empty()) } else { Some(role) },
        owner_url: if owner.is_empty() { url.clone() } else { owner },
        url,
        allow_superuser: r.word("database.allow_superuser", &[("true", true), ("false", false)], false),
        pool_size: r.number::<u32>("database.pool_size").max(1),
    }
}

/// A PostgreSQL URL with a password in it, unless it has one.
fn with_password(url: String, password: &str) -> String {
    if !password.is_empty()
        && let Some((scheme, rest)) = url.split_once("://")
        && let Some((user, host)) = rest.split_once('@')
        && !user.contains(':')
    {
        let quoted: String = password
            .bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect();
        return format!("{scheme}://{user}:{quoted}@{host}");
    }
    url
}

fn audit(r: &mut Reader<'_>) -> AuditSettings {
    let dir = r.text("audit.checkpoint_dir");
    let minutes = r.number("audit.checkpoint_minutes");
    r.check(minutes > 0, "audit.checkpoint_minutes: at least 1");
    r.check(
        dir.is_empty() == r.text("keys.checkpoint").is_empty(),
        "audit.checkpoint_dir and keys.checkpoint: set both or neither",
    );
    AuditSettings { checkpoint_dir: (!dir.is_empty()).then(|| PathBuf::from(dir)), checkpoint_minutes: minutes }
}

fn authority(r: &mut Reader<'_>) -> Authority {
    let number = r.text("authority.number");
    r.check(
        number.is_empty() || (number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit())),
        "authority.number: three digits",
    );
    Authority { number, name: Bilingual { cy: r.text("authority.name_cy"), en: r.text("authority.name_en") } }
}

fn oversight(r: &mut Reader<'_>) -> OversightSettings {
    let settings = OversightSettings {
        emergency_service: r.text("oversight.emergency_service"),
        children_a_day: r.number("oversight.children_a_day"),
        children_a_week: r.number("oversight.children_a_week"),
        times_usual: r.number("oversight.times_usual"),
        from_hour: r.number("oversight.from_hour"),
        until_hour: r.number("oversight.until_hour"),
    };
    if settings.from_hour >= settings.until_hour || settings.until_hour > 24 {
        r.faults.push("oversight.until_hour: after oversight.from_hour, and 24 at most".to_owned());
    }
    settings
}

fn mail(r: &mut Reader<'_>) -> Result<MailSettings, String> {
    let host = r.text("mail.host");
    let transport = r.word(
        "mail.transport",
        &[("smtp", MailTransport::Smtp), ("capture", MailTransport::Capture), ("off", MailTransport::Off)],
        MailTransport::Off,
    );
    let tls = r.word(
        "mail.tls",
        &[("starttls", TlsMode::StartTls), ("tls", TlsMode::Tls), ("none", TlsMode::Plain)],
        TlsMode::StartTls,
    );
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    r.check(
        tls != TlsMode::Plain || loopback,
        "mail.tls: `none` is for a relay on this machine alone (127.0.0.1, ::1 or localhost); use starttls or tls",
    );
    let from = r.text("mail.from");
    let from = EmailAddress::parse(&from).map_err(|_| format!("mail.from: `{from}` is no e-mail address"))?;
    let (user, password, ca) = (r.text("mail.username"), r.text("mail.password"), r.text("mail.ca_file"));
    Ok(MailSettings {
        transport,
        host,
        port: r.number("mail.port"),
        tls,
        ca_file: (!ca.is_empty()).then(|| PathBuf::from(ca)),
        login: (!user.is_empty()).then(|| (user, password.into())),
        from,
        capture_dir: PathBuf::from(r.text("mail.capture_dir")),
        timeout_seconds: r.number("mail.timeout_seconds"),
    })
}
