//! The table of schools.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::both;
use crate::db::Work;
use crate::db::schema::schools;
use crate::directory::import::SchoolEntry;
use crate::kernel::{
    Bilingual, Code, Cursor, Error, Medium, Page, PageRequest, Phase, Result, SchoolId, SchoolNumber, Utc,
};

use super::model::School;

#[derive(Queryable, Insertable)]
#[diesel(table_name = schools, treat_none_as_default_value = false)]
struct Row {
    id: SchoolId,
    number: String,
    name_cy: String,
    name_en: String,
    phase: Phase,
    medium: Medium,
    cluster: Option<String>,
    opened_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
    version: i64,
    updated_at: Utc,
}

impl Row {
    fn school(self) -> Result<School> {
        Ok(School {
            id: self.id,
            number: SchoolNumber::parse(&self.number)
                .map_err(|_| Error::internal("a stored school number can't be read"))?,
            name: Bilingual { cy: self.name_cy, en: self.name_en },
            phase: self.phase,
            medium: self.medium,
            cluster: self.cluster,
            opened_on: self.opened_on,
            closed_on: self.closed_on,
        })
    }
}

/// The school with this number.
///
/// # Errors
/// [`Code::NotFound`].
pub fn by_number(work: &mut Work<'_>, number: &SchoolNumber) -> Result<School> {
    schools::table.filter(schools::number.eq(number.as_str())).first::<Row>(work.conn())?.school()
}

/// The school with this id.
///
/// # Errors
/// [`Code::NotFound`].
pub fn by_id(work: &mut Work<'_>, id: SchoolId) -> Result<School> {
    schools::table.find(id).first::<Row>(work.conn())?.school()
}

/// The schools with these ids, in no order; unknown ids are left out.
///
/// # Errors
/// When the database can't be read.
pub fn by_ids(work: &mut Work<'_>, ids: &[SchoolId]) -> Result<Vec<School>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = schools::table.filter(schools::id.eq_any(ids)).load(work.conn())?;
    rows.into_iter().map(Row::school).collect()
}

/// Every school, closed ones too, by number.
///
/// # Errors
/// When the database can't be read.
pub fn all(work: &mut Work<'_>) -> Result<Vec<School>> {
    let rows: Vec<Row> = schools::table.order(schools::number.asc()).load(work.conn())?;
    rows.into_iter().map(Row::school).collect()
}

/// One page of the schools the caller may see, by number. The cursor names the last school seen; its instant says nothing.
///
/// # Errors
/// [`Code::InvalidCursor`] when the cursor names no school.
pub fn page(work: &mut Work<'_>, scope: &Grant<Scope>, request: PageRequest) -> Result<Page<School>> {
    let mut query = schools::table.order(schools::number.asc()).limit(request.limit.get() + 1).into_boxed();
    if !scope.on().everything {
        query = query.filter(schools::id.eq_any(scope.on().schools.clone()));
    }
    if let Some(after) = request.after {
        let number: Option<String> =
            schools::table.find(SchoolId::from_uuid(after.id)).select(schools::number).first(work.conn()).optional()?;
        query = query.filter(schools::number.gt(number.ok_or(Code::InvalidCursor)?));
    }
    let rows: Vec<Row> = query.load(work.conn())?;
    let schools = rows.into_iter().map(Row::school).collect::<Result<Vec<_>>>()?;
    let cursor = |s: &School| Cursor { at: Utc::from_micros(0), id: s.id.uuid() };
    Ok(Page::from_overfull(schools, request.limit, cursor))
}

/// Adds schools.
pub(in crate::directory) fn insert(work: &mut Work<'_>, _pass: &Grant<()>, new: &[SchoolEntry]) -> Result<()> {
    let updated_at = work.now();
    let rows: Vec<Row> = new
        .iter()
        .map(|e| Row {
            id: SchoolId::from_uuid(work.new_id()),
            number: e.number.to_string(),
            name_cy: e.name.cy.clone(),
            name_en: e.name.en.clone(),
            phase: e.phase,
            medium: e.medium,
            cluster: e.cluster.clone(),
            opened_on: e.opened_on,
            closed_on: e.closed_on,
            version: 1,
            updated_at,
        })
        .collect();
    for chunk in rows.chunks(1000) {
        both!(work.conn(), |c| diesel::insert_into(schools::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// Changes the school with the entry's number.
pub(in crate::directory) fn update(work: &mut Work<'_>, _pass: &Grant<()>, entry: &SchoolEntry) -> Result<()> {
    let now = work.now();
    diesel::update(schools::table.filter(schools::number.eq(entry.number.as_str())))
        .set((
            schools::name_cy.eq(&entry.name.cy),
            schools::name_en.eq(&entry.name.en),
            schools::phase.eq(entry.phase),
            schools::medium.eq(entry.medium),
            schools::cluster.eq(&entry.cluster),
            schools::opened_on.eq(entry.opened_on),
            schools::closed_on.eq(entry.closed_on),
            schools::version.eq(schools::version + 1),
            schools::updated_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(())
}
