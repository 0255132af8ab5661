//! Migrations: the same names on both databases, embedded in the binary.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::kernel::{Error, Result};

use super::Conn;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// The advisory lock that lets one process migrate while others wait. Any fixed number of ours would do.
const LOCK: i64 = 0x0064_6f6c_656e;

/// Applies every migration that waits.
///
/// # Errors
/// When one fails; on PostgreSQL and SQLite a failed migration leaves nothing behind.
pub fn migrate(conn: &mut Conn) -> Result<()> {
    // A role that may not change the schema asks whether it has to be changed, and says who can.
    if !may_create(conn)? {
        return match waiting(conn)?.as_slice() {
            [] => Ok(()),
            names => Err(Error::internal(format!(
                "the database waits for {}: run `dolen migrate up` as its owner (database.owner_url)",
                names.join(", ")
            ))),
        };
    }
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

#[derive(diesel::QueryableByName)]
struct Answer {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    value: bool,
}

/// Whether the connected role may make tables in its schema; on SQLite there are no roles.
fn may_create(conn: &mut Conn) -> Result<bool> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(true);
    }
    let ask = "SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS value";
    Ok(diesel::sql_query(ask).get_result::<Answer>(conn)?.value)
}

/// How many migrations this program knows; the same on both databases.
#[must_use]
pub fn known() -> usize {
    MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).map_or(0, |all| all.len())
}

/// The names of the migrations that wait, asked without changing anything: diesel's own question makes its table first.
///
/// # Errors
/// When the database can't be asked.
pub fn waiting(conn: &mut Conn) -> Result<Vec<String>> {
    fn names<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<Vec<String>> {
        let all = MigrationSource::<DB>::migrations(source).map_err(Error::internal)?;
        Ok(all.iter().map(|m| m.name().to_string()).collect())
    }
    let (there, mut known) = match conn {
        Conn::Pg(_) => (
            "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS value",
            names::<diesel::pg::Pg>(&POSTGRES)?,
        ),
        Conn::Sqlite(_) => (
            "SELECT count(*) > 0 AS value FROM sqlite_schema WHERE name = '__diesel_schema_migrations'",
            names::<diesel::sqlite::Sqlite>(&SQLITE)?,
        ),
    };
    if diesel::sql_query(there).get_result::<Answer>(conn)?.value {
        let applied: Vec<String> = applied::table.select(applied::version).load(conn)?;
        // A name is the version, a line and a word.
        known.retain(|name| !applied.iter().any(|version| name.split('_').next() == Some(version)));
    }
    known.sort();
    Ok(known)
}

diesel::table! {
    #[sql_name = "__diesel_schema_migrations"]
    applied (version) {
        version -> Text,
    }
}
