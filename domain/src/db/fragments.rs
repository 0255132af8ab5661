//! SQL that differs between the databases, as query fragments usable on [`Conn`](super::Conn).

use diesel::connection::SimpleConnection as _;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

use super::conn::{Conn, MultiBackend};

/// `INSERT … ON CONFLICT DO NOTHING` around a single-row insert.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct OnConflictDoNothing<Q>(pub Q);

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for OnConflictDoNothing<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
}
impl<Q> RunQueryDsl<Conn> for OnConflictDoNothing<Q> {}

/// A row lock on PostgreSQL and nothing on SQLite, whose writer is alone anyway.
#[derive(Debug, Clone, Copy, QueryId)]
struct RowLock<const SKIP: bool>;

impl<const SKIP: bool> QueryFragment<Pg> for RowLock<SKIP> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(if SKIP { " FOR UPDATE SKIP LOCKED" } else { " FOR UPDATE" });
        Ok(())
    }
}
impl<const SKIP: bool> QueryFragment<Sqlite> for RowLock<SKIP> {
    fn walk_ast<'b>(&'b self, _out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        Ok(())
    }
}
impl<const SKIP: bool> QueryFragment<MultiBackend> for RowLock<SKIP> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, out)
    }
}

/// A select whose rows stay locked until the transaction ends; `SKIP` passes over rows others hold.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Locked<Q, const SKIP: bool>(Q);

/// `SELECT … FOR UPDATE`.
pub const fn for_update<Q>(query: Q) -> Locked<Q, false> {
    Locked(query)
}

/// `SELECT … FOR UPDATE SKIP LOCKED`.
pub const fn for_update_skip_locked<Q>(query: Q) -> Locked<Q, true> {
    Locked(query)
}

impl<Q: QueryFragment<MultiBackend>, const SKIP: bool> QueryFragment<MultiBackend> for Locked<Q, SKIP> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        RowLock::<SKIP>.walk_ast(out)
    }
}
impl<Q: Query, const SKIP: bool> Query for Locked<Q, SKIP> {
    type SqlType = Q::SqlType;
}
impl<Q, const SKIP: bool> RunQueryDsl<Conn> for Locked<Q, SKIP> {}

/// What several transactions may do beside each other and one must do alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turnstile {
    /// Using the current master key, and retiring one.
    MasterKeys = 72_057,
    /// Changing the calendar.
    Calendar = 72_058,
}

/// Holds a turnstile until the transaction ends: beside others who only pass through, or `alone`. Statements after it see
/// what those it waited for have committed. Nothing on SQLite, whose writer is alone anyway.
///
/// # Errors
/// When the database can't be asked, or has waited too long.
pub fn hold(conn: &mut Conn, turnstile: Turnstile, alone: bool) -> QueryResult<()> {
    let Conn::Pg(c) = conn else { return Ok(()) };
    let how = if alone { "pg_advisory_xact_lock" } else { "pg_advisory_xact_lock_shared" };
    c.batch_execute(&format!("SELECT {how}({})", turnstile as i32))
}
