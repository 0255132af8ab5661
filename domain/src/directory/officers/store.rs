//! The tables of officers: the list, their areas, services and coverage.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::both;
use crate::db::Work;
use crate::db::schema::{officer_areas, officer_coverage, officer_services, officers};
use crate::directory::import::OfficerEntry;
use crate::identity::{Contact, Preference, stored_email};
use crate::kernel::{Code, Error, OfficerId, Result, SchoolNumber, ServiceId, Utc};

use super::model::{Coverage, KeyArea, Officer};

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

/// What hangs on the officers of one question, by officer.
#[derive(Default)]
struct Attached {
    areas: HashMap<OfficerId, Vec<KeyArea>>,
    services: HashMap<OfficerId, Vec<ServiceId>>,
    coverage: HashMap<OfficerId, Vec<Coverage>>,
}

/// Which officers a question is about.
enum Which<'a> {
    Listed,
    Ids(&'a [OfficerId]),
    Everyone,
}

/// The words of a stored coverage.
fn coverage_words(coverage: &Coverage) -> (&'static str, &str) {
    match coverage {
        Coverage::All => ("all", ""),
        Coverage::School(number) => ("school", number.as_str()),
        Coverage::Cluster(name) => ("cluster", name),
        Coverage::Phase(phase) => ("phase", phase.as_str()),
        Coverage::Medium(medium) => ("medium", medium.as_str()),
    }
}

/// A stored coverage from its words.
fn stored_coverage(kind: &str, value: String) -> Result<Coverage> {
    let unread = |_| Error::internal("a stored coverage can't be read");
    Ok(match kind {
        "all" => Coverage::All,
        "school" => Coverage::School(SchoolNumber::parse(&value).map_err(unread)?),
        "cluster" => Coverage::Cluster(value),
        "phase" => Coverage::Phase(value.parse().map_err(unread)?),
        "medium" => Coverage::Medium(value.parse().map_err(unread)?),
        _ => return Err(Error::internal("a stored coverage is of no known kind")),
    })
}

fn attached(work: &mut Work<'_>, which: &Which<'_>) -> Result<Attached> {
    let mut areas = officer_areas::table
        .select((officer_areas::officer_id, officer_areas::area))
        .order(officer_areas::area)
        .into_boxed();
    let mut services = officer_services::table
        .select((officer_services::officer_id, officer_services::service_id))
        .order(officer_services::service_id)
        .into_boxed();
    let mut coverage = officer_coverage::table
        .select((officer_coverage::officer_id, officer_coverage::kind, officer_coverage::value))
        .order((officer_coverage::kind, officer_coverage::value))
        .into_boxed();
    match which {
        Which::Everyone => {}
        Which::Ids(ids) => {
            areas = areas.filter(officer_areas::officer_id.eq_any(*ids));
            services = services.filter(officer_services::officer_id.eq_any(*ids));
            coverage = coverage.filter(officer_coverage::officer_id.eq_any(*ids));
        }
        Which::Listed => {
            let listed = || officers::table.filter(officers::listed.eq(true)).select(officers::id);
            areas = areas.filter(officer_areas::officer_id.eq_any(listed()));
            services = services.filter(officer_services::officer_id.eq_any(listed()));
            coverage = coverage.filter(officer_coverage::officer_id.eq_any(listed()));
        }
    }
    let mut all = Attached::default();
    for (id, area) in areas.load::<(OfficerId, KeyArea)>(work.conn())? {
        all.areas.entry(id).or_default().push(area);
    }
    for (id, service) in services.load::<(OfficerId, ServiceId)>(work.conn())? {
        all.services.entry(id).or_default().push(service);
    }
    for (id, kind, value) in coverage.load::<(OfficerId, String, String)>(work.conn())? {
        all.coverage.entry(id).or_default().push(stored_coverage(&kind, value)?);
    }
    Ok(all)
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

/// Replaces the areas, services and coverage of officers.
pub(in crate::directory) fn attach(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    entries: &[(OfficerId, &OfficerEntry)],
) -> Result<()> {
    for chunk in entries.chunks(1000) {
        let ids: Vec<OfficerId> = chunk.iter().map(|(id, _)| *id).collect();
        diesel::delete(officer_areas::table.filter(officer_areas::officer_id.eq_any(&ids))).execute(work.conn())?;
        diesel::delete(officer_services::table.filter(officer_services::officer_id.eq_any(&ids)))
            .execute(work.conn())?;
        diesel::delete(officer_coverage::table.filter(officer_coverage::officer_id.eq_any(&ids)))
            .execute(work.conn())?;
    }
    let areas: Vec<_> = entries
        .iter()
        .flat_map(|(id, e)| {
            e.areas.iter().map(|a| (officer_areas::officer_id.eq(*id), officer_areas::area.eq(a.as_str())))
        })
        .collect();
    let services: Vec<_> = entries
        .iter()
        .flat_map(|(id, e)| {
            e.services.iter().map(|s| (officer_services::officer_id.eq(*id), officer_services::service_id.eq(*s)))
        })
        .collect();
    let coverage: Vec<_> = entries
        .iter()
        .flat_map(|(id, e)| {
            e.coverage.iter().map(|c| {
                let (kind, value) = coverage_words(c);
                (
                    officer_coverage::officer_id.eq(*id),
                    officer_coverage::kind.eq(kind),
                    officer_coverage::value.eq(value.to_owned()),
                )
            })
        })
        .collect();
    for chunk in areas.chunks(1000) {
        both!(work.conn(), |c| diesel::insert_into(officer_areas::table).values(chunk).execute(c))?;
    }
    for chunk in services.chunks(1000) {
        both!(work.conn(), |c| diesel::insert_into(officer_services::table).values(chunk).execute(c))?;
    }
    for chunk in coverage.chunks(1000) {
        both!(work.conn(), |c| diesel::insert_into(officer_coverage::table).values(chunk).execute(c))?;
    }
    Ok(())
}
