//! Migrations: the same names on both databases, embedded in the binary.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::kernel::{Error, Result};

use super::Conn;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// The advisory lock that lets one process migrate while others wait. Any fixed number of ours would do.
const LOCK: i64 = 0x0064_6f6c_656e;

/// What has run and what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Versions applied, oldest first.
    pub applied: Vec<String>,
    /// Names that wait, oldest first.
    pub pending: Vec<String>,
}

/// Applies every migration that waits.
///
/// # Errors
/// When one fails; on PostgreSQL and SQLite a failed migration leaves nothing behind.
pub fn migrate(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Pg(c) => {
            c.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let outcome = c.run_pending_migrations(POSTGRES).map(|_| ()).map_err(Error::internal);
            c.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            outcome
        }
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(|_| ()).map_err(Error::internal),
    }
}

/// Reads what has run and what waits.
///
/// # Errors
/// When the database can't be asked.
pub fn migration_status(conn: &mut Conn) -> Result<MigrationStatus> {
    fn status<DB, C>(c: &mut C, source: EmbeddedMigrations) -> Result<MigrationStatus>
    where
        DB: diesel::backend::Backend,
        C: MigrationHarness<DB>,
        EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
    {
        let mut applied: Vec<String> =
            c.applied_migrations().map_err(Error::internal)?.iter().map(ToString::to_string).collect();
        applied.sort();
        let pending = c.pending_migrations(source).map_err(Error::internal)?;
        Ok(MigrationStatus { applied, pending: pending.iter().map(|m| m.name().to_string()).collect() })
    }
    match conn {
        Conn::Pg(c) => status(c, POSTGRES),
        Conn::Sqlite(c) => status(c, SQLITE),
    }
}
