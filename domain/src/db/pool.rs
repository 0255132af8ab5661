//! The database: reads, writes and upkeep.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool};

use crate::kernel::{Caller, Chance, Clock, Code, Error, Result};

use super::conn::{Kind, assert_durable, establish, sqlite_path};
use super::work::Work;
use super::writer::Writer;
use super::{Conn, migrate};

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// `sqlite:path` or `postgres://…`.
    pub url: String,
    /// Connections for reads (SQLite) or for everything (PostgreSQL).
    pub pool_size: u32,
    /// Writes that may wait on SQLite before a caller is told to try again.
    pub write_queue: usize,
    /// How long a request waits for a connection.
    pub wait: Duration,
}

impl DbOptions {
    /// The defaults for a URL: 8 connections, 1,024 waiting writes, 2 seconds.
    #[must_use]
    pub fn for_url(url: &str) -> Self {
        Self { url: url.to_owned(), pool_size: 8, write_queue: 1024, wait: Duration::from_secs(2) }
    }
}

/// r2d2's view of our connections: the URL's scheme decides, never a guess.
struct Manager {
    url: String,
    read_only: bool,
    failures: Arc<AtomicU64>,
}

/// A connection as the pool lends it.
struct Lent {
    conn: Conn,
    /// The database failed while it was lent: it may be dead, and is not lent again.
    suspect: bool,
    /// How many failures had been seen when it was last known to work.
    checked_at: u64,
    failures: Arc<AtomicU64>,
}

impl Lent {
    /// Runs `f` and remembers whether the database failed under it.
    fn run<T>(&mut self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let outcome = f(&mut self.conn);
        if matches!(&outcome, Err(e) if matches!(e.code, Code::Unavailable | Code::Internal)) {
            self.suspect = true;
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }
}

impl ManageConnection for Manager {
    type Connection = Lent;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Lent, Self::Error> {
        let conn = establish(&self.url, self.read_only).map_err(diesel::r2d2::Error::ConnectionError)?;
        let checked_at = self.failures.load(Ordering::Relaxed);
        Ok(Lent { conn, suspect: false, checked_at, failures: Arc::clone(&self.failures) })
    }

    /// A round trip only after a failure somewhere since the last one: a server that went away took its connections
    /// with it, and one request finds that out for all of them.
    fn is_valid(&self, lent: &mut Lent) -> Result<(), Self::Error> {
        let failures = self.failures.load(Ordering::Relaxed);
        if lent.checked_at < failures {
            lent.conn.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)?;
            lent.checked_at = failures;
        }
        Ok(())
    }

    fn has_broken(&self, lent: &mut Lent) -> bool {
        type M = <Conn as Connection>::TransactionManager;
        // One left inside a transaction must not be lent again either.
        let depth = M::transaction_manager_status_mut(&mut lent.conn).transaction_depth();
        lent.suspect || depth.map_or(true, |open| open.is_some())
    }
}

/// Looks into a database as it is, without bringing it up to date and without any key: for whoever verifies or
/// diagnoses. A SQLite file that is not there is not made.
///
/// # Errors
/// When the database can't be reached, and what `f` returns.
pub fn look<T>(
    url: &str,
    clock: &dyn Clock,
    chance: &dyn Chance,
    f: impl FnOnce(&mut Work<'_>) -> Result<T>,
) -> Result<T> {
    if Kind::of(url)? == Kind::Sqlite && !std::path::Path::new(sqlite_path(url)).is_file() {
        return Err(Error::unavailable(format!("{}: there is no such file", sqlite_path(url))));
    }
    let mut conn = establish(url, true).map_err(Error::unavailable)?;
    // A long walk reads for longer than a request may.
    if let Conn::Pg(c) = &mut conn {
        c.batch_execute("SET default_transaction_read_only = on; SET statement_timeout = 0")?;
    }
    f(&mut Work::new(&mut conn, &Caller::system("look"), clock.now(), chance))
}

/// The database behind the whole service.
#[derive(Clone)]
pub struct Db {
    kind: Kind,
    pool: Pool<Manager>,
    writer: Option<Arc<Writer>>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Db {
    /// Opens the database, brings it up to date, and asserts that commits are durable.
    ///
    /// # Errors
    /// When it can't be reached, migrated or trusted.
    pub fn open(options: &DbOptions, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Result<Self> {
        let kind = Kind::of(&options.url)?;
        if kind == Kind::Sqlite
            && let Some(dir) = std::path::Path::new(sqlite_path(&options.url)).parent()
            && !dir.as_os_str().is_empty()
        {
            std::fs::create_dir_all(dir).map_err(Error::internal)?;
        }
        let mut first = establish(&options.url, false).map_err(Error::unavailable)?;
        assert_durable(&mut first)?;
        migrate(&mut first)?;
        let pool = Pool::builder()
            .max_size(options.pool_size)
            .min_idle(Some(1))
            .test_on_check_out(true)
            .connection_timeout(options.wait)
            .build(Manager { url: options.url.clone(), read_only: kind == Kind::Sqlite, failures: Arc::default() })
            .map_err(Error::unavailable)?;
        let writer = match kind {
            Kind::Sqlite => Some(Arc::new(Writer::start(first, options.write_queue)?)),
            Kind::Postgres => None,
        };
        Ok(Self { kind, pool, writer, clock, chance })
    }

    /// Which database this is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The clock every unit of work is stamped by.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The randomness every unit of work draws on.
    #[must_use]
    pub fn chance(&self) -> &Arc<dyn Chance> {
        &self.chance
    }

    /// Reads. On SQLite in one snapshot, on a connection that refuses writes.
    ///
    /// # Errors
    /// What `f` returns, or [`crate::kernel::Code::Unavailable`].
    pub fn read<T>(&self, caller: &Caller, f: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        let mut conn = self.pool.get().map_err(Error::unavailable)?;
        let now = self.clock.now();
        let chance = &*self.chance;
        let body = |c: &mut Conn| {
            let mut work = Work::new(c, caller, now, chance);
            let value = f(&mut work)?;
            // Nothing put off runs here: what must be audited would leave without its entry.
            if work.is_audited() {
                return Err(Error::internal("what must be audited was called in a read"));
            }
            Ok(value)
        };
        match self.kind {
            Kind::Sqlite => conn.run(|c| c.transaction(body)),
            Kind::Postgres => conn.run(body),
        }
    }

    /// Changes something, or reads what must be audited: one transaction, refused without an audit entry.
    /// Returns after the commit is durable.
    ///
    /// # Errors
    /// What `f` returns (everything is then rolled back), or [`crate::kernel::Code::Unavailable`].
    pub fn write<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.transact(caller, true, f)
    }

    /// Changes bookkeeping that is no business record (session use, delivery leases, sign-in counters): no audit entry.
    /// The callers are listed by a test.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn upkeep<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.transact(caller, false, f)
    }

    fn transact<T: Send + 'static>(
        &self,
        caller: &Caller,
        must_be_audited: bool,
        f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let now = self.clock.now();
        let chance = Arc::clone(&self.chance);
        let caller = caller.clone();
        let body = move |conn: &mut Conn| {
            let mut work = Work::new(conn, &caller, now, &*chance);
            let value = f(&mut work)?;
            work.finish(must_be_audited)?;
            Ok(value)
        };
        if let Some(writer) = &self.writer {
            return writer.run(body);
        }
        let mut conn = self.pool.get().map_err(Error::unavailable)?;
        conn.run(|c| c.transaction(body))
    }

    /// Whether the database answers, for `/readyz`.
    ///
    /// # Errors
    /// [`crate::kernel::Code::Unavailable`].
    pub fn ping(&self) -> Result<()> {
        let mut conn = self.pool.get().map_err(Error::unavailable)?;
        conn.run(|c| c.batch_execute("SELECT 1").map_err(Error::unavailable))
    }
}
