//! The table of checkpoints. A copy of each is kept outside; this one is for whoever writes that.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::schema::audit_checkpoints as t;
use crate::kernel::Result;

use super::Checkpoint;

/// The newest checkpoint, as the next one needs it.
#[derive(Queryable)]
pub(super) struct Last {
    pub number: i64,
    pub size: i64,
    pub digest: Vec<u8>,
}

pub(super) fn last(work: &mut Work<'_>) -> Result<Option<Last>> {
    let newest = t::table.order(t::number.desc()).select((t::number, t::size, t::digest));
    Ok(newest.first(work.conn()).optional()?)
}

pub(super) fn last_line(work: &mut Work<'_>) -> Result<Option<String>> {
    Ok(t::table.order(t::number.desc()).select(t::line).first(work.conn()).optional()?)
}

pub(super) fn insert(work: &mut Work<'_>, checkpoint: &Checkpoint, digest: &[u8], line: &str) -> Result<()> {
    let row = (
        t::number.eq(checkpoint.number),
        t::size.eq(checkpoint.size),
        t::head.eq(checkpoint.head.as_slice()),
        t::at.eq(checkpoint.at),
        t::digest.eq(digest),
        t::line.eq(line),
    );
    diesel::insert_into(t::table).values(row).execute(work.conn())?;
    Ok(())
}

pub(super) fn lines_after(work: &mut Work<'_>, number: i64) -> Result<Vec<String>> {
    Ok(t::table.filter(t::number.gt(number)).order(t::number.asc()).select(t::line).load(work.conn())?)
}
