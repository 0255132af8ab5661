//! The tables of alerts.

use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::cases::CaseKind;
use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{cases as c, schools as s, services, warrn_alert_records as r, warrn_alerts as a};
use crate::kernel::{AlertId, CaseId, Error, PupilId, Reference, Result, SchoolId, ServiceId, Utc, WarrnId};

use super::model::{Alert, AlertPlace};

/// The most alerts of a list.
const MOST: i64 = 100;

/// The most records of an alert. More of them are no other news, and a group that grew without end would be written anew
/// with each of them.
const MOST_RECORDS: i64 = 50;

/// Lets records come in one after the other from here on, until the transaction ends: of two that came at the same time,
/// the second must see the first.
pub(super) fn one_at_a_time(work: &mut Work<'_>, _pass: &Grant<()>, service: ServiceId) -> Result<()> {
    let _: ServiceId =
        for_update(services::table.filter(services::id.eq(service)).select(services::id)).get_result(work.conn())?;
    Ok(())
}

/// The last records of these schools received since then, each with its child; the first received first.
pub(super) fn near(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    since: Utc,
    schools: &[SchoolId],
) -> Result<Vec<(WarrnId, PupilId)>> {
    let rows: Vec<(CaseId, PupilId)> = c::table
        .filter(c::kind.eq(CaseKind::Warrn))
        .filter(c::school_id.eq_any(schools))
        .filter(c::opened_at.ge(since))
        .order((c::opened_at.desc(), c::id.desc()))
        .limit(MOST_RECORDS)
        .select((c::id, c::pupil_id))
        .load(work.conn())?;
    Ok(rows.into_iter().rev().map(|(id, pupil)| (WarrnId::from_uuid(id.uuid()), pupil)).collect())
}

/// The schools of a cluster.
pub(super) fn schools_of(work: &mut Work<'_>, _pass: &Grant<()>, cluster: &str) -> Result<Vec<SchoolId>> {
    Ok(s::table.filter(s::cluster.eq(cluster)).select(s::id).load(work.conn())?)
}

/// An alert to keep.
pub(super) struct NewAlert {
    pub id: AlertId,
    pub reference: Reference,
    pub service: ServiceId,
    pub place: AlertPlace,
    pub records: Vec<WarrnId>,
}

#[derive(Insertable)]
#[diesel(table_name = a)]
struct NewRow<'n> {
    id: AlertId,
    reference: &'n str,
    service_id: ServiceId,
    school_id: Option<SchoolId>,
    cluster: Option<&'n str>,
    raised_at: Utc,
}

pub(super) fn insert(work: &mut Work<'_>, _pass: &Grant<()>, new: NewAlert) -> Result<()> {
    let (school_id, cluster) = match &new.place {
        AlertPlace::School(id) => (Some(*id), None),
        AlertPlace::Cluster(name) => (None, Some(name.as_str())),
    };
    let row = NewRow {
        id: new.id,
        reference: new.reference.as_str(),
        service_id: new.service,
        school_id,
        cluster,
        raised_at: work.now(),
    };
    diesel::insert_into(a::table).values(&row).execute(work.conn())?;
    for record in new.records {
        diesel::insert_into(r::table).values((r::alert_id.eq(new.id), r::record_id.eq(record))).execute(work.conn())?;
    }
    Ok(())
}

/// Keeps that an alert was told.
pub(super) fn mark_told<T>(work: &mut Work<'_>, _pass: &Grant<T>, id: AlertId) -> Result<()> {
    let now = work.now();
    diesel::update(a::table.find(id)).set(a::told_at.eq(now)).execute(work.conn())?;
    Ok(())
}

/// The alerts that were told to nobody, the longest raised first, with their references as they are stored.
pub(super) fn untold(work: &mut Work<'_>, _pass: &Grant<Scope>) -> Result<Vec<(AlertId, String, ServiceId)>> {
    let untold = a::table.filter(a::told_at.is_null()).order((a::raised_at.asc(), a::id.asc())).limit(MOST);
    Ok(untold.select((a::id, a::reference, a::service_id)).load(work.conn())?)
}

/// An alert that was told to nobody, kept until the transaction ends.
pub(super) fn lock_untold(work: &mut Work<'_>, pass: &Grant<AlertId>) -> Result<Option<(Reference, ServiceId)>> {
    let untold =
        a::table.filter(a::id.eq(pass.id())).filter(a::told_at.is_null()).select((a::reference, a::service_id));
    let found: Vec<(String, ServiceId)> = for_update(untold).load(work.conn())?;
    let Some((text, service)) = found.into_iter().next() else { return Ok(None) };
    let reference = Reference::parse(&text).map_err(|_| Error::internal("a stored reference can't be read"))?;
    Ok(Some((reference, service)))
}

/// The alert with this reference and its service, for asking `access` about it.
pub(super) fn by_reference(work: &mut Work<'_>, reference: &Reference) -> Result<Option<(AlertId, ServiceId)>> {
    let found = a::table.filter(a::reference.eq(reference.as_str())).select((a::id, a::service_id));
    Ok(found.first(work.conn()).optional()?)
}

type Row = (AlertId, String, Option<SchoolId>, Option<String>, Utc);

/// The alerts of the services in scope, the last raised first.
pub(super) fn alerts(work: &mut Work<'_>, pass: &Grant<Scope>) -> Result<Vec<Alert>> {
    let rows: Vec<Row> = a::table
        .filter(a::service_id.eq_any(&pass.on().services))
        .order((a::raised_at.desc(), a::id.desc()))
        .limit(MOST)
        .select((a::id, a::reference, a::school_id, a::cluster, a::raised_at))
        .load(work.conn())?;
    let ids: Vec<AlertId> = rows.iter().map(|row| row.0).collect();
    let records: Vec<(AlertId, WarrnId)> =
        r::table.filter(r::alert_id.eq_any(&ids)).select((r::alert_id, r::record_id)).load(work.conn())?;
    let cases: Vec<CaseId> = records.iter().map(|(_, id)| CaseId::from_uuid(id.uuid())).collect();
    let references: Vec<(CaseId, String)> = c::table
        .filter(c::id.eq_any(&cases))
        .order((c::opened_at.asc(), c::id.asc()))
        .select((c::id, c::reference))
        .load(work.conn())?;
    rows.into_iter().map(|row| alert(row, &records, &references)).collect()
}

fn alert(
    (id, reference, school, cluster, raised_at): Row,
    records: &[(AlertId, WarrnId)],
    references: &[(CaseId, String)],
) -> Result<Alert> {
    let read = |text: &str| Reference::parse(text).map_err(|_| Error::internal("a stored reference can't be read"));
    let own = |case: &CaseId| records.iter().any(|(a, r)| *a == id && r.uuid() == case.uuid());
    let place = match (school, cluster) {
        (Some(school), _) => AlertPlace::School(school),
        (None, Some(cluster)) => AlertPlace::Cluster(cluster),
        (None, None) => return Err(Error::internal("an alert is nowhere")),
    };
    let records = references.iter().filter(|(case, _)| own(case)).map(|(_, text)| read(text)).collect::<Result<_>>()?;
    Ok(Alert { id, reference: read(&reference)?, place, raised_at, records })
}
