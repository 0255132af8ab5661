//! The table of questionnaires.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::schema::instruments as i;
use crate::db::types::{Json, Utc};
use crate::kernel::{Error, InstrumentId, Result};

use super::model::{Definition, Instrument};

#[derive(Insertable)]
#[diesel(table_name = i)]
struct NewRow<'a> {
    id: InstrumentId,
    code: &'a str,
    version: i64,
    definition: Json,
    published_at: Utc,
}

/// A stored row as the area's own.
fn read((id, definition): (InstrumentId, Json)) -> Result<Instrument> {
    Ok(Instrument { id, definition: serde_json::from_value(definition.0).map_err(Error::internal)? })
}

pub(super) fn insert(work: &mut Work<'_>, id: InstrumentId, definition: &Definition) -> Result<()> {
    let row = NewRow {
        id,
        code: &definition.code,
        version: definition.version,
        definition: Json(serde_json::to_value(definition).map_err(Error::internal)?),
        published_at: work.now(),
    };
    diesel::insert_into(i::table).values(&row).execute(work.conn())?;
    Ok(())
}

pub(super) fn by_version(work: &mut Work<'_>, code: &str, version: i64) -> Result<Option<Instrument>> {
    i::table
        .filter(i::code.eq(code))
        .filter(i::version.eq(version))
        .select((i::id, i::definition))
        .first(work.conn())
        .optional()?
        .map(read)
        .transpose()
}

pub(super) fn newest(work: &mut Work<'_>, code: &str) -> Result<Instrument> {
    read(i::table.filter(i::code.eq(code)).order(i::version.desc()).select((i::id, i::definition)).first(work.conn())?)
}

pub(super) fn by_id(work: &mut Work<'_>, id: InstrumentId) -> Result<Instrument> {
    read(i::table.find(id).select((i::id, i::definition)).first(work.conn())?)
}
