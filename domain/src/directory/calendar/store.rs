//! The tables of terms and of other days.

use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;

use crate::access::Grant;
use crate::both;
use crate::db::Work;
use crate::db::fragments::{Turnstile, hold};
use crate::db::schema::{calendar_days as d, calendar_terms as t, calendar_versions as v, schools};
use crate::directory::import::CalendarLine;
use crate::kernel::{
    Bilingual, Calendar, CalendarEntry, CalendarId, CalendarSettings, DayKind, Days, Error, Result, SchoolId,
    SchoolNumber,
};

/// The calendar as it stands, in two queries.
///
/// # Errors
/// When the database can't be read.
pub fn load(work: &mut Work<'_>, settings: &CalendarSettings) -> Result<Calendar> {
    type Span = (Option<SchoolId>, NaiveDate, NaiveDate);
    let terms: Vec<Span> = t::table.select((t::school_id, t::begins_on, t::ends_on)).load(work.conn())?;
    let days: Vec<(DayKind, Span)> =
        d::table.select((d::kind, (d::school_id, d::begins_on, d::ends_on))).load(work.conn())?;
    let entries: Vec<CalendarEntry> = terms
        .into_iter()
        .map(|span| (DayKind::Term, span))
        .chain(days)
        .map(|(kind, (school, from, until))| CalendarEntry { kind, school, days: Days { from, until } })
        .collect();
    Ok(Calendar::new(*settings, &entries))
}

/// Which calendar this is: how often it has changed. To be asked before [`load`], never after: who counts by it and keeps
/// this number is then found when another came between the two.
///
/// # Errors
/// When the database can't be read.
pub fn version(work: &mut Work<'_>) -> Result<i64> {
    let newest: Option<i64> = v::table.select(max(v::version)).first(work.conn())?;
    Ok(newest.unwrap_or(0))
}

/// Waits until nobody else changes the calendar, and lets nobody until the transaction ends: two numbers made at once
/// would be one.
pub(in crate::directory) fn alone(work: &mut Work<'_>, _pass: &Grant<()>) -> Result<()> {
    Ok(hold(work.conn(), Turnstile::Calendar, true)?)
}

/// Notes that the calendar is another one from now on.
pub(in crate::directory) fn advance(work: &mut Work<'_>, _pass: &Grant<()>) -> Result<()> {
    let (next, now) = (version(work)? + 1, work.now());
    diesel::insert_into(v::table).values((v::version.eq(next), v::made_at.eq(now))).execute(work.conn())?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = t, treat_none_as_default_value = false)]
struct TermRow {
    id: CalendarId,
    school_id: Option<SchoolId>,
    begins_on: NaiveDate,
    ends_on: NaiveDate,
    name_cy: String,
    name_en: String,
}

#[derive(Insertable)]
#[diesel(table_name = d, treat_none_as_default_value = false)]
struct DayRow {
    id: CalendarId,
    school_id: Option<SchoolId>,
    kind: DayKind,
    begins_on: NaiveDate,
    ends_on: NaiveDate,
    name_cy: String,
    name_en: String,
}

/// Every entry with its name, for an import.
pub(in crate::directory) fn lines(work: &mut Work<'_>) -> Result<Vec<(CalendarId, CalendarLine)>> {
    type Named = (CalendarId, Option<SchoolId>, NaiveDate, NaiveDate, String, String, Option<String>);
    let terms: Vec<Named> = t::table
        .left_join(schools::table.on(schools::id.nullable().eq(t::school_id)))
        .order((t::begins_on.asc(), t::id.asc()))
        .select((t::id, t::school_id, t::begins_on, t::ends_on, t::name_cy, t::name_en, schools::number.nullable()))
        .load(work.conn())?;
    let days: Vec<(DayKind, Named)> = d::table
        .left_join(schools::table.on(schools::id.nullable().eq(d::school_id)))
        .order((d::begins_on.asc(), d::id.asc()))
        .select((
            d::kind,
            (d::id, d::school_id, d::begins_on, d::ends_on, d::name_cy, d::name_en, schools::number.nullable()),
        ))
        .load(work.conn())?;
    let all = terms.into_iter().map(|named| (DayKind::Term, named)).chain(days);
    all.map(|(kind, (id, school, from, until, cy, en, number))| {
        let number = number.map(|n| SchoolNumber::parse(&n)).transpose();
        let number = number.map_err(|_| Error::internal("a stored school number can't be read"))?;
        let entry = CalendarEntry { kind, school, days: Days { from, until } };
        Ok((id, CalendarLine { entry, school: number, name: Bilingual { cy, en } }))
    })
    .collect()
}

/// Adds entries.
pub(in crate::directory) fn insert<'a>(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    new: impl Iterator<Item = &'a CalendarLine>,
) -> Result<()> {
    let (mut terms, mut days) = (Vec::new(), Vec::new());
    for line in new {
        let id = CalendarId::from_uuid(work.new_id());
        let (school_id, span) = (line.entry.school, line.entry.days);
        let (begins_on, ends_on) = (span.from, span.until);
        let (name_cy, name_en) = (line.name.cy.clone(), line.name.en.clone());
        match line.entry.kind {
            DayKind::Term => terms.push(TermRow { id, school_id, begins_on, ends_on, name_cy, name_en }),
            kind => days.push(DayRow { id, school_id, kind, begins_on, ends_on, name_cy, name_en }),
        }
    }
    for chunk in terms.chunks(1000) {
        both!(work.conn(), |c| diesel::insert_into(t::table).values(chunk).execute(c))?;
    }
    for chunk in days.chunks(1000) {
        both!(work.conn(), |c| diesel::insert_into(d::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// Takes entries out.
pub(in crate::directory) fn remove(work: &mut Work<'_>, _pass: &Grant<()>, ids: &[CalendarId]) -> Result<()> {
    for chunk in ids.chunks(1000) {
        diesel::delete(t::table.filter(t::id.eq_any(chunk))).execute(work.conn())?;
        diesel::delete(d::table.filter(d::id.eq_any(chunk))).execute(work.conn())?;
    }
    Ok(())
}
