//! The table of drafts, and the list of what is published.

use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::db::Work;
use crate::db::schema::{instrument_drafts as d, instruments as i};
use crate::db::types::{Json, Utc};
use crate::instruments::{Definition, is_builtin};
use crate::kernel::{Code, Error, InstrumentId, Result};

use super::model::{Held, Stage};

type Row = (InstrumentId, Json, i64, Utc);

fn draft((id, definition, revision, at): Row) -> Result<Held> {
    let definition = read(definition)?;
    Ok(Held { id, definition, stage: Stage::Draft, builtin: false, revision, at })
}

fn published((id, definition, at): (InstrumentId, Json, Utc)) -> Result<Held> {
    let definition = read(definition)?;
    let builtin = is_builtin(&definition.code);
    Ok(Held { id, definition, stage: Stage::Published, builtin, revision: 0, at })
}

fn read(definition: Json) -> Result<Definition> {
    serde_json::from_value(definition.0).map_err(Error::internal)
}

fn json(definition: &Definition) -> Result<Json> {
    Ok(Json(serde_json::to_value(definition).map_err(Error::internal)?))
}

/// Every questionnaire: drafts, then what is published, by code, the newest version first.
pub(super) fn all(work: &mut Work<'_>, _scope: &Grant<Scope>) -> Result<Vec<Held>> {
    let drafts: Vec<Row> =
        d::table.order(d::code.asc()).select((d::id, d::definition, d::revision, d::changed_at)).load(work.conn())?;
    let others: Vec<(InstrumentId, Json, Utc)> = i::table
        .order((i::code.asc(), i::version.desc()))
        .select((i::id, i::definition, i::published_at))
        .load(work.conn())?;
    drafts.into_iter().map(draft).chain(others.into_iter().map(published)).collect()
}

/// A questionnaire, draft or published.
pub(super) fn by_id(work: &mut Work<'_>, grant: &Grant<InstrumentId>) -> Result<Held> {
    let found = d::table
        .find(grant.id())
        .select((d::id, d::definition, d::revision, d::changed_at))
        .first(work.conn())
        .optional()?;
    match found {
        Some(row) => draft(row),
        None => {
            published(i::table.find(grant.id()).select((i::id, i::definition, i::published_at)).first(work.conn())?)
        }
    }
}

/// The newest published version of a code; none when there is none.
pub(super) fn newest(work: &mut Work<'_>, code: &str) -> Result<Option<i64>> {
    Ok(i::table.filter(i::code.eq(code)).select(diesel::dsl::max(i::version)).first(work.conn())?)
}

/// Whether there is a draft of a code.
pub(super) fn is_drafted(work: &mut Work<'_>, code: &str) -> Result<bool> {
    let found = d::table.filter(d::code.eq(code)).select(d::id).first::<InstrumentId>(work.conn()).optional()?;
    Ok(found.is_some())
}

pub(super) fn insert(work: &mut Work<'_>, grant: &Grant<InstrumentId>, definition: &Definition) -> Result<()> {
    let row = (
        (d::id.eq(grant.id()), d::code.eq(&definition.code), d::version.eq(definition.version)),
        (d::definition.eq(json(definition)?), d::revision.eq(1_i64), d::changed_at.eq(work.now())),
    );
    diesel::insert_into(d::table).values(row).execute(work.conn())?;
    Ok(())
}

/// Puts a definition in the place of a draft's; [`Code::VersionMismatch`] when it was written by another since.
pub(super) fn update(
    work: &mut Work<'_>,
    grant: &Grant<InstrumentId>,
    revision: i64,
    definition: &Definition,
) -> Result<()> {
    let (json, now) = (json(definition)?, work.now());
    let changed = diesel::update(d::table.filter(d::id.eq(grant.id())).filter(d::revision.eq(revision)))
        .set((d::definition.eq(json), d::revision.eq(revision + 1), d::changed_at.eq(now)))
        .execute(work.conn())?;
    if changed == 1 { Ok(()) } else { Err(Code::VersionMismatch.into()) }
}

/// Takes a draft away; [`Code::VersionMismatch`] when it was written by another since.
pub(super) fn delete(work: &mut Work<'_>, grant: &Grant<InstrumentId>, revision: i64) -> Result<()> {
    let gone =
        diesel::delete(d::table.filter(d::id.eq(grant.id())).filter(d::revision.eq(revision))).execute(work.conn())?;
    if gone == 1 { Ok(()) } else { Err(Code::VersionMismatch.into()) }
}
