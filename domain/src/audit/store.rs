//! The chain's table and its head.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{audit_entries, audit_head};
use crate::db::types::{Uid, Utc};
use crate::kernel::Result;

use super::Entry;

#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_entries)]
struct Row {
    seq: i64,
    at: Utc,
    actor_kind: String,
    actor_id: Option<Uid>,
    action: String,
    object_kind: String,
    object_id: Option<Uid>,
    school_id: Option<Uid>,
    request_id: String,
    detail: String,
    prev: Vec<u8>,
    hash: Vec<u8>,
}

pub(super) fn head(work: &mut Work<'_>) -> Result<(i64, Vec<u8>)> {
    Ok(audit_head::table.find(1).select((audit_head::seq, audit_head::hash)).first(work.conn())?)
}

/// Reads the head and keeps it until the transaction ends.
pub(super) fn lock_head(work: &mut Work<'_>) -> Result<(i64, Vec<u8>)> {
    let query = audit_head::table.filter(audit_head::id.eq(1)).select((audit_head::seq, audit_head::hash));
    Ok(for_update(query).get_result(work.conn())?)
}

pub(super) fn append(work: &mut Work<'_>, entry: &Entry) -> Result<()> {
    let row = Row {
        seq: entry.seq,
        at: entry.at,
        actor_kind: entry.actor_kind.clone(),
        actor_id: entry.actor_id.map(Uid::from_uuid),
        action: entry.action.clone(),
        object_kind: entry.object_kind.clone(),
        object_id: entry.object_id.map(Uid::from_uuid),
        school_id: entry.school_id.map(Uid::from_uuid),
        request_id: entry.request_id.clone(),
        detail: entry.detail.clone(),
        prev: entry.prev.clone(),
        hash: entry.hash.clone(),
    };
    diesel::insert_into(audit_entries::table).values(&row).execute(work.conn())?;
    diesel::update(audit_head::table.find(1))
        .set((audit_head::seq.eq(entry.seq), audit_head::hash.eq(&entry.hash)))
        .execute(work.conn())?;
    Ok(())
}

pub(super) fn after(work: &mut Work<'_>, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = audit_entries::table
        .filter(audit_entries::seq.gt(seq))
        .order(audit_entries::seq.asc())
        .limit(limit)
        .load(work.conn())?;
    Ok(rows
        .into_iter()
        .map(|r| Entry {
            seq: r.seq,
            at: r.at,
            actor_kind: r.actor_kind,
            actor_id: r.actor_id.map(Uid::uuid),
            action: r.action,
            object_kind: r.object_kind,
            object_id: r.object_id.map(Uid::uuid),
            school_id: r.school_id.map(Uid::uuid),
            request_id: r.request_id,
            detail: r.detail,
            prev: r.prev,
            hash: r.hash,
        })
        .collect())
}
