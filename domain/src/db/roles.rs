//! PostgreSQL's roles: the owner makes the tables, the service only uses them.
//!
//! A service that owns its tables can switch off the triggers that keep the audit record as it was. One that does not can
//! add entries and read them, and nothing more, whatever is made of its SQL (`facts/reliability.md` TEN-2, AUD-2).

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::kernel::{Error, Result};

use super::Conn;

/// Tables that the service may add to and read, and nothing else: the audit record, and what is written of an emergency
/// access (`facts/reliability.md` REC-2: immutable).
pub const APPEND_ONLY: &[&str] = &["audit_entries", "audit_checkpoints", "emergency_owners", "emergency_reviews"];

/// What the connected PostgreSQL role could do besides serving.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[expect(clippy::struct_excessive_bools, reason = "one for each right that PostgreSQL tells of")]
pub struct Standing {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub role: String,
    /// A superuser: nothing is closed to it.
    #[diesel(sql_type = Bool)]
    pub superuser: bool,
    /// It may pass over row security or make roles.
    #[diesel(sql_type = Bool)]
    pub privileged: bool,
    /// It may make and change tables in the schema.
    #[diesel(sql_type = Bool)]
    pub creates: bool,
    /// Tables of ours that it owns, or is a member of the owner of.
    #[diesel(sql_type = BigInt)]
    pub owns: i64,
    /// It may change or remove entries of the audit record, as far as privileges go.
    #[diesel(sql_type = Bool)]
    pub edits_audit: bool,
}

/// How the service's role stands; nothing on SQLite, which has no roles.
///
/// # Errors
/// When the database can't be asked.
pub fn standing(conn: &mut Conn) -> Result<Option<Standing>> {
    let Conn::Pg(c) = conn else { return Ok(None) };
    let found = diesel::sql_query(
        "SELECT r.rolname::text AS role, r.rolsuper AS superuser, \
           (r.rolbypassrls OR r.rolcreaterole) AS privileged, \
           coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates, \
           (SELECT count(*) FROM pg_class t WHERE t.relnamespace = current_schema()::regnamespace \
             AND t.relkind = 'r' AND pg_has_role(t.relowner, 'USAGE')) AS owns, \
           coalesce((SELECT bool_or(has_table_privilege(t.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')) FROM pg_class t \
             WHERE t.relnamespace = current_schema()::regnamespace AND t.relname = 'audit_entries'), false) AS edits_audit \
         FROM pg_roles r WHERE r.rolname = current_user",
    )
    .get_result(c)?;
    Ok(Some(found))
}

/// Gives the service's role what it needs and takes away what it must not have. Run as the owner, after every migration.
///
/// # Errors
/// When there is no such role, or the connected role is not the owner.
pub fn grant_service(conn: &mut Conn, role: &str) -> Result<()> {
    let Conn::Pg(c) = conn else { return Ok(()) };
    let there: i64 = diesel::sql_query("SELECT count(*) AS value FROM pg_roles WHERE rolname = $1")
        .bind::<Text, _>(role)
        .get_result::<Number>(c)?
        .value;
    if there == 0 {
        return Err(Error::internal(format!(
            "there is no PostgreSQL role {role}: make it first (CREATE ROLE {} LOGIN PASSWORD …)",
            quoted(role)
        )));
    }
    let schema: String =
        diesel::sql_query("SELECT quote_ident(current_schema()) AS value").get_result::<Name>(c)?.value;
    let role = quoted(role);
    let sql = format!(
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}; \
         REVOKE CREATE ON SCHEMA {schema} FROM {role}; REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC; \
         GRANT USAGE ON SCHEMA {schema} TO {role}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}; \
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}; \
         REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM {role}; \
         REVOKE INSERT, DELETE ON audit_head FROM {role};"
    );
    // Of an emergency access one column changes: that it is over.
    let narrow = format!(
        "REVOKE UPDATE, DELETE ON {}, emergency_accesses FROM {role}; GRANT UPDATE (live) ON emergency_accesses TO {role}",
        APPEND_ONLY.join(", ")
    );
    c.transaction(|c| c.batch_execute(&sql).and_then(|()| c.batch_execute(&narrow)))?;
    Ok(())
}

/// An identifier of SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    value: String,
}

/// Seconds between the database server's clock and ours, for [`crate::kernel::Utc`] `now`; nothing on SQLite.
///
/// # Errors
/// When the database can't be asked.
pub fn clock_difference(conn: &mut Conn, now: crate::kernel::Utc) -> Result<Option<i64>> {
    let Conn::Pg(c) = conn else { return Ok(None) };
    let ask = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS value";
    let theirs = diesel::sql_query(ask).get_result::<Number>(c)?.value;
    Ok(Some((theirs - now.micros()) / 1_000_000))
}
