//! The table of tombstones.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::tombstones as t;
use crate::db::types::{Uid, Utc};
use crate::kernel::{Error, Result};
use crate::records::retention::{RecordClass, Shredded};

use super::model::Line;

/// Every tombstone, the oldest first.
pub(super) fn all(work: &mut Work<'_>, _pass: &Grant<()>) -> Result<Vec<Line>> {
    let rows: Vec<(String, Uid, Utc, RecordClass, i64)> = t::table
        .order((t::at.asc(), t::kind.asc(), t::id.asc()))
        .select((t::kind, t::id, t::at, t::record_class, t::certificate))
        .load(work.conn())?;
    let line = |(kind, id, at, record_class, certificate): (String, Uid, Utc, RecordClass, i64)| {
        let kind = match kind.as_str() {
            "pupil" => Shredded::Pupil,
            "case" => Shredded::Case,
            "documents" => Shredded::Documents,
            _ => return Err(Error::internal("a stored tombstone can't be read")),
        };
        Ok(Line::Tombstone { kind, id: id.uuid(), at, record_class, certificate })
    };
    rows.into_iter().map(line).collect()
}
