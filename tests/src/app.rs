//! A running service of its own for each test.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use dolen_api::app::App;
use dolen_api::{config, server};
use dolen_domain::access::Role;
use dolen_domain::audit::{self, Finding};
use dolen_domain::db::{Db, Work};
use dolen_domain::identity::{self, Opening, TotpSecret};
use dolen_domain::kernel::{Caller, Clock, FixedClock, Lang, OsChance, PersonId, Result, SystemClock, uk_date};
use tempfile::TempDir;

use crate::clients::{Auth, Client};
use crate::database::TestDatabase;
use crate::world::{TOTP, TestClient, World};

/// Keys of no other use.
pub const MASTER: &str = "0101010101010101010101010101010101010101010101010101010101010101";
/// The same.
pub const SIGNING: &str = "0202020202020202020202020202020202020202020202020202020202020202";

/// The service on a port of its own over a database of its own. Dropping it stops it, and asserts that the audit chain
/// is whole and no idempotency key was left half done.
pub struct TestApp {
    app: App,
    clock: Option<Arc<FixedClock>>,
    base: String,
    world: World,
    tampered: AtomicBool,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    http: reqwest::Client,
    database: TestDatabase,
    folder: TempDir,
}

/// How a test wants its service.
#[derive(Default)]
pub struct Builder {
    settings: Vec<(&'static str, String)>,
    clock: Option<Arc<FixedClock>>,
}

impl Builder {
    /// Sets a setting, by its key in `dolen.toml`.
    #[must_use]
    pub fn set(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((key, value.into()));
        self
    }

    /// Lets the clock stand, on [`World::monday`], until [`TestApp::advance`] moves it.
    #[must_use]
    pub fn standing(mut self) -> Self {
        self.clock = Some(Arc::new(FixedClock::at(World::monday())));
        self
    }

    /// Starts the service.
    #[expect(clippy::unused_async, reason = "tests should not depend on how it starts")]
    pub async fn start(self) -> TestApp {
        let (database, world) = TestDatabase::with_world();
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut loaded = config::load(None, std::iter::empty()).unwrap();
        let mail = folder.path().join("mail").display().to_string();
        let tombstones = folder.path().join("tombstones").display().to_string();
        for (key, value) in [
            ("server.public_url", base.as_str()),
            ("server.metrics_bind", ""),
            ("server.workers", "1"),
            ("database.url", database.url()),
            ("keys.master", MASTER),
            ("keys.signing", SIGNING),
            ("authority.number", crate::world::AUTHORITY),
            ("mail.transport", "capture"),
            ("mail.capture_dir", &mail),
            ("records.tombstone_file", &tombstones),
            ("worker.embedded", "false"),
            // Nobody is limited who does not ask for it.
            ("auth.attempts_per_minute", "4000000000"),
            ("limits.requests_per_minute", "4000000000"),
        ] {
            loaded.set(key, value).unwrap();
        }
        for (key, value) in self.settings {
            loaded.set(key, value).unwrap();
        }
        let clock: Arc<dyn Clock> = match &self.clock {
            Some(clock) => Arc::clone(clock) as _,
            None => Arc::new(SystemClock),
        };
        let app = App::open(loaded.settings().unwrap(), clock, Arc::new(OsChance)).unwrap();
        let (handle, thread) = serve(app.clone(), listener);
        // Connections are let go before the service closes them, or a request could run into the closing.
        let idle = std::time::Duration::from_secs(2);
        let http = reqwest::Client::builder().no_proxy().pool_idle_timeout(idle);
        let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        TestApp {
            app,
            clock: self.clock,
            base,
            world,
            tampered: AtomicBool::new(false),
            handle,
            thread: Some(thread),
            http,
            database,
            folder,
        }
    }
}

/// Serves on a thread with an actix system of its own, so that a test may use any runtime or none.
fn serve(app: App, listener: TcpListener) -> (ServerHandle, JoinHandle<()>) {
    let (send, started) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = server::build(app, listener).unwrap();
            send.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    (started.recv().expect("the server starts"), thread)
}

impl TestApp {
    /// A service with the settings tests have, under the machine's clock.
    pub async fn start() -> Self {
        Self::with().start().await
    }

    /// A service to be told more before it starts.
    #[must_use]
    pub fn with() -> Builder {
        Builder::default()
    }

    /// The service itself.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Its database, as the service uses it.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// Its database, from beside.
    #[must_use]
    pub const fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The clock of a service that was started with [`Builder::standing`].
    #[must_use]
    pub fn clock(&self) -> &FixedClock {
        self.clock.as_deref().expect("the test asked for a standing clock")
    }

    /// Moves the standing clock.
    pub fn advance(&self, seconds: i64) {
        self.clock().advance_seconds(seconds);
    }

    /// Today, in the United Kingdom.
    #[must_use]
    pub fn today(&self) -> chrono::NaiveDate {
        uk_date(self.app.db.clock().now())
    }

    /// The invented authority.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// Where it is served.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The test will change the audit record: it need not be whole in the end.
    pub fn will_tamper(&self) {
        self.tampered.store(true, Ordering::SeqCst);
    }

    /// Reads as the system.
    pub fn read<T>(&self, f: impl FnOnce(&mut Work<'_>) -> Result<T>) -> T {
        self.app.db.read(&Caller::system("test"), f).unwrap()
    }

    /// Writes as the system.
    pub fn write<T: Send + 'static>(&self, f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static) -> T {
        self.app.db.write(&Caller::system("test"), f).unwrap()
    }

    fn client(&self, auth: Auth) -> Client {
        Client::new(self.http.clone(), &self.base, auth)
    }

    /// Somebody who did not sign in.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        self.client(Auth::Nobody)
    }

    /// The first person with this role, signed in.
    #[must_use]
    pub fn signed_in(&self, role: Role) -> Client {
        self.signed_in_as(self.world.who(role).id)
    }

    /// The person with this role at a school, signed in.
    #[must_use]
    pub fn signed_in_at(&self, role: Role, school: usize) -> Client {
        self.signed_in_as(self.world.who_at(role, school).id)
    }

    /// This person, signed in: with a session in which a second factor was proved just now, but without the slow
    /// comparison of a password.
    #[must_use]
    pub fn signed_in_as(&self, person: PersonId) -> Client {
        self.session_of(person, true)
    }

    /// This person, signed in with a password alone: where they have a second factor or must have one, the session can do
    /// nothing but prove or add it.
    #[must_use]
    pub fn half_signed_in_as(&self, person: PersonId) -> Client {
        self.session_of(person, false)
    }

    fn session_of(&self, person: PersonId, second_factor: bool) -> Client {
        let rules = self.app.sign_in_rules();
        let caller = Caller::person(person, Lang::En, "test");
        let opening = Opening { second_factor, device: String::new() };
        let opened = self.app.db.write(&caller, move |work| identity::open_session_as(work, person, &rules, &opening));
        self.client(Auth::Session(opened.unwrap().token.reveal().to_owned()))
    }

    /// The code this person's app shows, for those of the invented authority. One that was used already is not given
    /// again: where the clock stands, its having been used is forgotten instead.
    #[must_use]
    pub fn code(&self, person: PersonId) -> String {
        let now = identity::step_of(self.app.db.clock().now());
        let last = self.read(move |work| identity::last_step(work, person)).unwrap_or_default();
        let step = now.max(last + 1);
        if step <= now + 1 {
            return identity::code_at(&TotpSecret::from_bytes(TOTP), step);
        }
        let mut inspect = self.database.inspect();
        inspect.execute("UPDATE factors SET last_step = 0");
        identity::code_at(&TotpSecret::from_bytes(TOTP), now)
    }

    /// Somebody with this cookie.
    #[must_use]
    pub fn with_session(&self, token: &str) -> Client {
        self.client(Auth::Session(token.to_owned()))
    }

    /// Somebody with this bearer token.
    #[must_use]
    pub fn with_bearer(&self, token: &str) -> Client {
        self.client(Auth::Bearer(token.to_owned()))
    }

    /// A system with a token of all its scopes, fetched as it would.
    pub async fn token(&self, client: &TestClient) -> Client {
        let token = self.fetch_token(client, None).await;
        self.with_bearer(&token)
    }

    /// Fetches a token with these scopes, or all.
    pub async fn fetch_token(&self, client: &TestClient, scope: Option<&str>) -> String {
        let id = client.id.to_string();
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", id.as_str()),
            ("client_secret", client.secret.as_str()),
        ];
        form.extend(scope.map(|s| ("scope", s)));
        let reply = self.anonymous().post("/v1/oauth/token").form(&form).await;
        reply.expect_status(200);
        reply.json["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        // A test that already fails should fail for its own reason.
        if std::thread::panicking() {
            return;
        }
        let found = self.read(audit::verify);
        let whole = matches!(found, Finding::Whole { .. });
        assert!(whole || self.tampered.load(Ordering::SeqCst), "the audit record is broken: {found:?}");
        let half = self.database.inspect().number("SELECT count(*) FROM idempotency_keys WHERE status = 0");
        assert_eq!(half, 0, "an idempotency key was claimed and not completed");
    }
}
