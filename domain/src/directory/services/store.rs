//! The table of services.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::fragments::OnConflictDoNothing;
use crate::db::schema::services;
use crate::db::types::Json;
use crate::kernel::{Bilingual, Code, Error, Result, ServiceId};

use super::builtin::Shipped;
use super::model::Service;

#[derive(Queryable, Insertable)]
#[diesel(table_name = services)]
struct Row {
    id: ServiceId,
    code: String,
    name_cy: String,
    name_en: String,
    gate: Json,
    active: bool,
}

impl Row {
    fn service(self) -> Result<Service> {
        Ok(Service {
            id: self.id,
            code: self.code,
            name: Bilingual { cy: self.name_cy, en: self.name_en },
            gate: serde_json::from_value(self.gate.0).map_err(Error::internal)?,
            active: self.active,
        })
    }
}

/// The service with this code, active or not.
///
/// # Errors
/// [`Code::NotFound`].
pub fn by_code(work: &mut Work<'_>, code: &str) -> Result<Service> {
    // Whatever came in may stand here, and PostgreSQL can't even be asked for text with a NUL in it.
    if code.contains('\0') {
        return Err(Code::NotFound.into());
    }
    services::table.filter(services::code.eq(code)).first::<Row>(work.conn())?.service()
}

/// The service with this id, active or not.
///
/// # Errors
/// [`Code::NotFound`].
pub fn by_id(work: &mut Work<'_>, id: ServiceId) -> Result<Service> {
    services::table.find(id).first::<Row>(work.conn())?.service()
}

/// The services with these ids, in no order; unknown ids are left out.
///
/// # Errors
/// When the database can't be read.
pub fn by_ids(work: &mut Work<'_>, ids: &[ServiceId]) -> Result<Vec<Service>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = services::table.filter(services::id.eq_any(ids)).load(work.conn())?;
    rows.into_iter().map(Row::service).collect()
}

/// Every service, by code.
///
/// # Errors
/// When the database can't be read.
pub fn all(work: &mut Work<'_>) -> Result<Vec<Service>> {
    let rows: Vec<Row> = services::table.order(services::code.asc()).load(work.conn())?;
    rows.into_iter().map(Row::service).collect()
}

/// Adds a shipped service; says whether its code was new.
pub(super) fn add_if_new(work: &mut Work<'_>, _pass: &Grant<()>, shipped: &Shipped) -> Result<bool> {
    let name = shipped.name.to_owned_pair();
    let row = Row {
        id: ServiceId::from_uuid(work.new_id()),
        code: shipped.code.to_owned(),
        name_cy: name.cy,
        name_en: name.en,
        gate: Json(serde_json::to_value(&shipped.gate).map_err(Error::internal)?),
        active: true,
    };
    Ok(OnConflictDoNothing(diesel::insert_into(services::table).values(&row)).execute(work.conn())? == 1)
}
