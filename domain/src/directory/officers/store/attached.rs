//! What hangs on officers: their areas, services and coverage.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::access::Grant;
use crate::both;
use crate::db::Work;
use crate::db::schema::{officer_areas, officer_coverage, officer_services, officers};
use crate::directory::import::OfficerEntry;
use crate::directory::officers::{Coverage, KeyArea};
use crate::kernel::{Error, OfficerId, Result, SchoolNumber, ServiceId};

use super::Which;

/// What hangs on the officers of one question, by officer.
#[derive(Default)]
pub(super) struct Attached {
    pub areas: HashMap<OfficerId, Vec<KeyArea>>,
    pub services: HashMap<OfficerId, Vec<ServiceId>>,
    pub coverage: HashMap<OfficerId, Vec<Coverage>>,
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

/// Reads it in three queries.
pub(super) fn attached(work: &mut Work<'_>, which: &Which<'_>) -> Result<Attached> {
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
