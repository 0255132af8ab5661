//! A database for each test: a copy of a template that is made once per run.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use dolen_domain::db::conn::establish;
use dolen_domain::db::{Conn, Db, DbOptions, Kind, Work, roles};
use dolen_domain::identity::{self, Opening, SignInRules};
use dolen_domain::kernel::{Caller, Chance as _, Lang, OsChance, PersonId, SystemClock, to_hex};
use tempfile::TempDir;

use crate::clients::Auth;
use crate::world::World;

/// The PostgreSQL server to test on; none means SQLite.
fn server() -> Option<String> {
    std::env::var("DOLEN_TEST_DATABASE").ok().filter(|url| !url.is_empty() && url != "sqlite")
}

/// The database under test.
#[must_use]
pub fn kind() -> Kind {
    Kind::of(&server().unwrap_or_default()).expect("DOLEN_TEST_DATABASE is a PostgreSQL address")
}

/// What every test's database begins as: an invented authority, in a form that is quickly copied.
enum Template {
    Sqlite(Vec<u8>),
    Postgres(Mutex<Run>),
}

/// The role the service runs as on PostgreSQL: it owns nothing. The tests themselves look in as the owner.
pub const SERVICE: &str = "dolen_test_service";

/// This run on a PostgreSQL server. Its connection stays open as long as the run: databases of runs whose connection
/// is gone are swept away by the next one.
struct Run {
    conn: PgConnection,
    server: String,
    name: String,
    made: u32,
}

static TEMPLATE: LazyLock<(Template, World)> = LazyLock::new(|| {
    if let Some(server) = server() {
        let mut run = Run::begin(server);
        let url = run.create("template0");
        let world = World::fill(&url);
        roles::grant_service(&mut establish(&url, false).unwrap(), SERVICE).unwrap();
        return (Template::Postgres(Mutex::new(run)), world);
    }
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("world.db").display());
    let world = World::fill(&url);
    let copy = folder.path().join("copy.db");
    establish(&url, false).unwrap().batch_execute(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
    (Template::Sqlite(std::fs::read(copy).unwrap()), world)
});

impl Run {
    fn begin(server: String) -> Self {
        #[derive(QueryableByName)]
        struct Name {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let mut conn = PgConnection::establish(&server).expect("DOLEN_TEST_DATABASE can be reached");
        // Other runs may be making it too.
        let role = format!("CREATE ROLE {SERVICE} LOGIN PASSWORD '{SERVICE}'");
        let _ = conn.batch_execute(&role);
        let name = format!("dolen_test_{}", to_hex(&OsChance.bytes::<6>()));
        conn.batch_execute(&format!("SET application_name = '{name}'")).unwrap();
        let left: Vec<Name> = diesel::sql_query(
            "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'dolen\\_test\\_%' \
             AND left(datname, 23) NOT IN (SELECT application_name FROM pg_stat_activity)",
        )
        .load(&mut conn)
        .unwrap();
        for database in left {
            // Another run may be sweeping too.
            let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name));
        }
        Self { conn, server, name, made: 0 }
    }

    /// Makes a database and gives its address. The first is the template of the others.
    fn create(&mut self, template: &str) -> String {
        let name = format!("{}_{}", self.name, self.made);
        self.made += 1;
        self.conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
        let (base, query) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let base = base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        if query.is_empty() { format!("{base}/{name}") } else { format!("{base}/{name}?{query}") }
    }
}

/// A database of its own, gone when dropped.
pub struct TestDatabase {
    url: String,
    owner: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// A database with the invented authority in it.
    #[must_use]
    pub fn with_world() -> (Self, World) {
        let (template, world) = &*TEMPLATE;
        let database = match template {
            Template::Postgres(run) => {
                let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
                let template = format!("{}_0", run.name);
                let url = run.create(&template);
                Self { url: as_service(&url), owner: url, _folder: None }
            }
            Template::Sqlite(bytes) => {
                let database = Self::file();
                std::fs::write(database.url.trim_start_matches("sqlite:"), bytes).unwrap();
                database
            }
        };
        (database, world.clone())
    }

    /// A database with nothing in it, not even tables.
    #[must_use]
    pub fn empty() -> Self {
        match &TEMPLATE.0 {
            Template::Postgres(run) => {
                let url = run.lock().unwrap_or_else(PoisonError::into_inner).create("template0");
                Self { owner: url.clone(), url, _folder: None }
            }
            Template::Sqlite(_) => Self::file(),
        }
    }

    fn file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("dolen.db").display());
        Self { owner: url.clone(), url, _folder: Some(folder) }
    }

    /// Its address, as the service is given it: on PostgreSQL under a role that owns nothing, once there are tables.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its address, as its owner has it.
    #[must_use]
    pub fn owner_url(&self) -> &str {
        &self.owner
    }

    /// The database, opened as the service opens it.
    #[must_use]
    pub fn open(&self) -> Db {
        Db::open(&DbOptions::for_url(&self.url), Arc::new(SystemClock), Arc::new(OsChance)).unwrap()
    }

    /// A person signed in with a second factor just now, put in from beside: it outlives every process.
    #[must_use]
    pub fn session(&self, person: PersonId) -> Auth {
        let caller = Caller::person(person, Lang::En, "test");
        let rules = SignInRules::default();
        let opening = Opening { second_factor: true, ..Opening::default() };
        let open = move |work: &mut Work<'_>| identity::open_session_as(work, person, &rules, &opening);
        Auth::Session(self.open().write(&caller, open).unwrap().token.reveal().to_owned())
    }

    /// A connection beside the service's own, as the owner.
    #[must_use]
    pub fn connect(&self) -> Conn {
        establish(&self.owner, false).unwrap()
    }
}

/// The address with the service's role in it instead of whoever is.
#[must_use]
pub fn as_service(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("an address has a scheme");
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{SERVICE}:{SERVICE}@{host}")
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Template::Postgres(run) = &TEMPLATE.0 else { return };
        let name = self.url.split('?').next().and_then(|u| u.rsplit('/').next()).unwrap_or_default();
        let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = run.conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}
