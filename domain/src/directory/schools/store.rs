//! The table of schools.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::both;
use crate::db::Work;
use crate::db::schema::{school_places, schools};
use crate::directory::import::SchoolEntry;
use crate::kernel::{
    Bilingual, Code, Cursor, Error, Medium, Page, PageRequest, Phase, Result, SchoolId, SchoolNumber, Utc, uk_date,
};

use super::model::{Place, School};

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

#[derive(Queryable, Insertable)]
#[diesel(table_name = school_places, treat_none_as_default_value = false)]
struct PlaceRow {
    school_id: SchoolId,
    from_on: NaiveDate,
    phase: Phase,
    cluster: Option<String>,
}

/// The phase and cluster each of these schools had on a day; a school of which nothing is known so far back is left out.
///
/// # Errors
/// When the database can't be read.
pub fn places_on(work: &mut Work<'_>, day: NaiveDate, ids: &[SchoolId]) -> Result<HashMap<SchoolId, Place>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let so_far =
        school_places::table.filter(school_places::school_id.eq_any(ids)).filter(school_places::from_on.le(day));
    let rows: Vec<PlaceRow> = so_far.order(school_places::from_on.asc()).load(work.conn())?;
    // The last of each school counts.
    Ok(rows.into_iter().map(|row| (row.school_id, Place { phase: row.phase, cluster: row.cluster })).collect())
}

/// From which day on each school has been of its phase and cluster.
pub(in crate::directory) fn since(work: &mut Work<'_>) -> Result<BTreeMap<SchoolId, NaiveDate>> {
    let rows: Vec<(SchoolId, NaiveDate)> = school_places::table
        .order(school_places::from_on.asc())
        .select((school_places::school_id, school_places::from_on))
        .load(work.conn())?;
    Ok(rows.into_iter().collect())
}

/// Writes down that a school's phase and cluster are these from a day on, whatever was written of later days.
fn place(work: &mut Work<'_>, school_id: SchoolId, from_on: NaiveDate, entry: &SchoolEntry) -> Result<()> {
    use school_places as p;
    let row = PlaceRow { school_id, from_on, phase: entry.phase, cluster: entry.cluster.clone() };
    diesel::delete(p::table.filter(p::school_id.eq(school_id)).filter(p::from_on.ge(from_on))).execute(work.conn())?;
    diesel::insert_into(p::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// The day from which a school's place holds that is known for the first time: before any that somebody asks about.
const EVER: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

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
    for (row, entry) in rows.iter().zip(new) {
        place(work, row.id, entry.place_from.unwrap_or(EVER), entry)?;
    }
    Ok(())
}

/// Changes the school with the entry's number. Where its phase or cluster is another, what it was before stays known for the days before.
pub(in crate::directory) fn update(work: &mut Work<'_>, _pass: &Grant<()>, entry: &SchoolEntry) -> Result<()> {
    let now = work.now();
    let before = by_number(work, &entry.number)?;
    let is_moved = before.phase != entry.phase || before.cluster != entry.cluster;
    if let Some(from) = entry.place_from.or(is_moved.then(|| uk_date(now))) {
        if !is_moved {
            // It is where it was, and since another day: what was said of the day is no more.
            let last = since(work)?.remove(&before.id).filter(|day| *day != EVER);
            let wrong = school_places::table.filter(school_places::school_id.eq(before.id));
            if let Some(last) = last {
                diesel::delete(wrong.filter(school_places::from_on.eq(last))).execute(work.conn())?;
            }
        }
        place(work, before.id, from, entry)?;
    }
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
