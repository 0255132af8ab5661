//! Looking into a database from beside the service, and reaching into it.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use dolen_domain::both;
use dolen_domain::db::Conn;

use crate::database::TestDatabase;

/// A connection that may ask and do anything.
pub struct Inspector {
    conn: Conn,
}

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    value: i64,
}

impl TestDatabase {
    /// A look into the database.
    #[must_use]
    pub fn inspect(&self) -> Inspector {
        Inspector { conn: self.connect() }
    }
}

impl Inspector {
    /// The connection.
    pub const fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    /// Whether this is PostgreSQL.
    #[must_use]
    pub const fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Pg(_))
    }

    /// Runs statements.
    ///
    /// # Errors
    /// What the database says.
    pub fn try_execute(&mut self, sql: &str) -> QueryResult<()> {
        self.conn.batch_execute(sql)
    }

    /// Runs statements that must succeed.
    pub fn execute(&mut self, sql: &str) {
        self.try_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// The one number a query gives.
    pub fn number(&mut self, sql: &str) -> i64 {
        let sql = format!("SELECT CAST(({sql}) AS bigint) AS value");
        both!(&mut self.conn, |c| diesel::sql_query(sql).get_result::<Number>(c)).unwrap().value
    }

    /// The first column of a query, which must be called `value` and be text.
    pub fn texts(&mut self, sql: &str) -> Vec<String> {
        let rows: Vec<Text> =
            both!(&mut self.conn, |c| diesel::sql_query(sql).load(c)).unwrap_or_else(|e| panic!("{sql}: {e}"));
        rows.into_iter().map(|r| r.value).collect()
    }

    /// The names of our tables, without the one diesel keeps.
    pub fn tables(&mut self) -> Vec<String> {
        self.texts(if self.is_postgres() {
            "SELECT tablename::text AS value FROM pg_tables WHERE schemaname = 'public' \
             AND tablename NOT LIKE '\\_\\_diesel%' ORDER BY 1"
        } else {
            "SELECT name AS value FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
        })
    }

    /// How many rows each table has.
    pub fn counts(&mut self) -> BTreeMap<String, i64> {
        let tables = self.tables();
        tables.into_iter().map(|t| (t.clone(), self.number(&format!("SELECT count(*) FROM {t}")))).collect()
    }

    /// How many entries the audit record has.
    pub fn audit_entries(&mut self) -> i64 {
        self.number("SELECT count(*) FROM audit_entries")
    }

    /// The actions on record after the first `known` entries, in their order.
    pub fn actions_after(&mut self, known: i64) -> Vec<String> {
        self.texts(&format!("SELECT action AS value FROM audit_entries WHERE seq > {known} ORDER BY seq"))
    }
}
