//! A connection to either database.
#![expect(missing_docs, reason = "diesel's derive writes public items without documentation")]

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use crate::kernel::{Error, Result};

/// A connection to SQLite or PostgreSQL; every query is written once against it.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Runs one block against the concrete connection; the block is type-checked once for each database.
/// For batch inserts and upserts, which `MultiConnection` can't express.
#[macro_export]
macro_rules! both {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}

/// Which database a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `sqlite:` or a plain path.
    Sqlite,
    /// `postgres:` or `postgresql:`.
    Postgres,
}

impl Kind {
    /// Reads the kind off a URL's scheme. The derived `establish` would let SQLite create a file named `postgres:…`.
    ///
    /// # Errors
    /// When the scheme is neither, or asks for TLS that this build does not have.
    pub fn of(url: &str) -> Result<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let wants_tls =
                ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"].iter().any(|m| url.contains(m));
            if wants_tls && !cfg!(feature = "pg-tls") {
                return Err(Error::internal(
                    "this build has no TLS to PostgreSQL: use a Unix socket, a loopback sidecar or a private network, \
                     or build with the feature `pg-tls`; then remove sslmode from the URL",
                ));
            }
            return Ok(Self::Postgres);
        }
        match url.split_once(':') {
            Some(("sqlite", _)) | None => Ok(Self::Sqlite),
            Some((scheme, _)) if scheme.len() == 1 => Ok(Self::Sqlite),
            Some(_) => Err(Error::internal("the database URL starts with sqlite:, postgres: or postgresql:")),
        }
    }

    /// The word for logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// The file a SQLite URL names.
#[must_use]
pub fn sqlite_path(url: &str) -> &str {
    url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url)
}

/// Opens a connection by the URL's scheme and sets what durability and safety need.
///
/// SQLite: `busy_timeout` first (opening under load fails otherwise), then WAL with `synchronous=FULL`
/// (`facts/reliability.md` M1: nothing lost in 75 power cuts). PostgreSQL: time limits and UTC.
///
/// # Errors
/// When the database can't be reached.
pub fn establish(url: &str, read_only: bool) -> Result<Conn, diesel::ConnectionError> {
    let broken = |e: diesel::result::Error| diesel::ConnectionError::CouldntSetupConfiguration(e);
    match Kind::of(url).map_err(|e| diesel::ConnectionError::BadConnection(e.to_string()))? {
        Kind::Postgres => {
            let mut c = PgConnection::establish(url)?;
            c.batch_execute(
                "SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
                 SET idle_in_transaction_session_timeout = '60s'; SET application_name = 'dolen';",
            )
            .map_err(broken)?;
            Ok(Conn::Pg(c))
        }
        Kind::Sqlite => {
            let mut c = SqliteConnection::establish(sqlite_path(url))?;
            c.batch_execute("PRAGMA busy_timeout = 5000;").map_err(broken)?;
            c.batch_execute(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -8000; \
                 PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;",
            )
            .map_err(broken)?;
            if read_only {
                c.batch_execute("PRAGMA query_only = ON;").map_err(broken)?;
            }
            Ok(Conn::Sqlite(c))
        }
    }
}

/// Asserts, once at start, that a commit survives a power cut.
///
/// # Errors
/// When SQLite is not in WAL with `synchronous=FULL`, or PostgreSQL runs with `fsync`, `full_page_writes` or
/// `synchronous_commit` off (`facts/reliability.md` D4, M2).
pub fn assert_durable(conn: &mut Conn) -> Result<()> {
    #[derive(diesel::QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
        #[diesel(sql_type = diesel::sql_types::Text)]
        value: String,
    }
    match conn {
        Conn::Pg(c) => {
            let rows: Vec<Setting> = diesel::sql_query(
                "SELECT name, setting AS value FROM pg_settings \
                 WHERE name IN ('fsync','full_page_writes','synchronous_commit')",
            )
            .load(c)?;
            for row in rows {
                if row.value == "off" {
                    return Err(Error::internal(format!(
                        "PostgreSQL runs with {} = off: an acknowledged record could be lost at a power cut; turn it on",
                        row.name
                    )));
                }
            }
        }
        Conn::Sqlite(c) => {
            let rows: Vec<Setting> = diesel::sql_query(
                "SELECT 'journal_mode' AS name, CAST(journal_mode AS TEXT) AS value FROM pragma_journal_mode \
                 UNION ALL SELECT 'synchronous', CAST(synchronous AS TEXT) FROM pragma_synchronous \
                 UNION ALL SELECT 'foreign_keys', CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys",
            )
            .load(c)?;
            for (name, want) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
                if !rows.iter().any(|r| r.name == name && r.value == want) {
                    return Err(Error::internal(format!("SQLite did not take {name} = {want}")));
                }
            }
        }
    }
    Ok(())
}

/// Takes the remains of changed and deleted rows out of the database's files.
///
/// SQLite overwrites them at once (`secure_delete`), but the write-ahead log still holds pages from before: it is emptied.
/// PostgreSQL keeps old rows until it is told to write `tables` anew, which only their owner may do and which locks them;
/// its write-ahead log is recycled by the server, and its archive ages with the backups.
///
/// # Errors
/// When the database can't be reached, another connection reads the log, or the tables are somebody else's.
pub fn scrub(url: &str, tables: &[&str]) -> Result<()> {
    match establish(url, false).map_err(Error::unavailable)? {
        Conn::Sqlite(mut c) => {
            #[derive(diesel::QueryableByName)]
            struct Checkpoint {
                #[diesel(sql_type = diesel::sql_types::BigInt)]
                busy: i64,
            }
            let done: Checkpoint = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(&mut c)?;
            if done.busy == 0 {
                Ok(())
            } else {
                Err(Error::unavailable("the write-ahead log is being read; try again"))
            }
        }
        Conn::Pg(mut c) => {
            c.batch_execute("SET statement_timeout = 0")?;
            for table in tables {
                c.batch_execute(&format!("VACUUM FULL {table}"))?;
            }
            Ok(())
        }
    }
}
