//! The tables of officers.

mod attached;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::both;
use crate::db::Work;
use crate::db::schema::officers;
use crate::directory::import::OfficerEntry;
use crate::identity::{Contact, Preference, stored_email};
use crate::kernel::{Code, Error, OfficerId, Result, Utc};

use super::model::Officer;

pub(in crate::directory) use attached::attach;
use attached::attached;

#[derive(Queryable, Insertable)]
#[diesel(table_name = officers, treat_none_as_default_value = false)]
struct Row {
    id: OfficerId,
    email: String,
    name: String,
    role_title: String,
    phone: Option<String>,
    lang: Preference,
    deputy_id: Option<OfficerId>,
    absent_from: Option<NaiveDate>,
    absent_until: Option<NaiveDate>,
    listed: bool,
    version: i64,
    updated_at: Utc,
}

/// Which officers a question is about.
enum Which<'a> {
    Listed,
    Ids(&'a [OfficerId]),
    Everyone,
}

/// The officers asked for, by name, in four queries.
fn load(work: &mut Work<'_>, which: &Which<'_>) -> Result<Vec<Officer>> {
    let mut query = officers::table.order((officers::name.asc(), officers::id.asc())).into_boxed();
    match which {
        Which::Everyone => {}
        Which::Ids(ids) => query = query.filter(officers::id.eq_any(*ids)),
        Which::Listed => query = query.filter(officers::listed.eq(true)),
    }
    let rows: Vec<Row> = query.load(work.conn())?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut attached = attached(work, which)?;
    rows.into_iter()
        .map(|row| {
            Ok(Officer {
                id: row.id,
                email: stored_email(&row.email)?,
                name: row.name,
                role_title: row.role_title,
                phone: row.phone,
                lang: row.lang,
                areas: attached.areas.remove(&row.id).unwrap_or_default(),
                services: attached.services.remove(&row.id).unwrap_or_default(),
                coverage: attached.coverage.remove(&row.id).unwrap_or_default(),
                deputy: row.deputy_id,
                absent: row.absent_from.zip(row.absent_until),
                listed: row.listed,
            })
        })
        .collect()
}

/// Everyone on the contact list now, by name.
///
/// # Errors
/// When the database can't be read.
pub fn all_listed(work: &mut Work<'_>) -> Result<Vec<Officer>> {
    load(work, &Which::Listed)
}

/// Everyone who ever was on the contact list.
pub(in crate::directory) fn everyone(work: &mut Work<'_>) -> Result<Vec<Officer>> {
    load(work, &Which::Everyone)
}

/// The officer with this id, listed or not.
///
/// # Errors
/// [`Code::NotFound`].
pub fn by_id(work: &mut Work<'_>, id: OfficerId) -> Result<Officer> {
    by_ids(work, &[id])?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// The officers with these ids, by name; unknown ids are left out.
///
/// # Errors
/// When the database can't be read.
pub fn by_ids(work: &mut Work<'_>, ids: &[OfficerId]) -> Result<Vec<Officer>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    load(work, &Which::Ids(ids))
}

/// Where an officer is written to; nothing when they are unknown or no longer on the list.
///
/// # Errors
/// When the database can't be read.
pub fn contact(work: &mut Work<'_>, id: OfficerId) -> Result<Option<Contact>> {
    let row: Option<(String, Preference)> = officers::table
        .find(id)
        .filter(officers::listed.eq(true))
        .select((officers::email, officers::lang))
        .first(work.conn())
        .optional()?;
    row.map(|(email, lang)| Ok(Contact { email: stored_email(&email)?, lang })).transpose()
}

/// Adds officers, yet without deputies and what hangs on them.
pub(in crate::directory) fn insert(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    new: &[(OfficerId, &OfficerEntry)],
) -> Result<()> {
    let updated_at = work.now();
    let rows: Vec<Row> = new
        .iter()
        .map(|(id, e)| Row {
            id: *id,
            email: e.email.to_string(),
            name: e.name.clone(),
            role_title: e.role_title.clone(),
            phone: e.phone.clone(),
            lang: e.lang,
            deputy_id: None,
            absent_from: e.absent.map(|a| a.0),
            absent_until: e.absent.map(|a| a.1),
            listed: true,
            version: 1,
            updated_at,
        })
        .collect();
    for chunk in rows.chunks(1000) {
        both!(work.conn(), |c| diesel::insert_into(officers::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// Changes an officer, who is on the list again if they were not.
pub(in crate::directory) fn update(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: OfficerId,
    entry: &OfficerEntry,
) -> Result<()> {
    let now = work.now();
    diesel::update(officers::table.find(id))
        .set((
            officers::name.eq(&entry.name),
            officers::role_title.eq(&entry.role_title),
            officers::phone.eq(&entry.phone),
            officers::lang.eq(entry.lang),
            officers::absent_from.eq(entry.absent.map(|a| a.0)),
            officers::absent_until.eq(entry.absent.map(|a| a.1)),
            officers::listed.eq(true),
            officers::version.eq(officers::version + 1),
            officers::updated_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// Says who stands in for an officer.
pub(in crate::directory) fn set_deputy(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: OfficerId,
    deputy: Option<OfficerId>,
) -> Result<()> {
    diesel::update(officers::table.find(id)).set(officers::deputy_id.eq(deputy)).execute(work.conn())?;
    Ok(())
}
