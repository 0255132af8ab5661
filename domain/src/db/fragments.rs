//! SQL that differs between the databases, as query fragments usable on [`Conn`](super::Conn).

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
