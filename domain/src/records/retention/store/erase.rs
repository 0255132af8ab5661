//! Taking things away: by the list of sealed columns, and from the tables that name people around a case.

use diesel::prelude::*;
use diesel::sql_types::Binary;

use crate::access::Grant;
use crate::both;
use crate::db::Work;
use crate::db::schema::{
    case_links as l, case_milestones as m, case_pauses as pa, case_recipients as rec, case_retention as cr, cases as c,
    notices as n, pupils as p, referrals as r, subject_access_pieces as sp, subject_access_requests as sa,
    tombstones as t,
};
use crate::db::types::sql::UuidSql;
use crate::db::types::{Json, SealedBytes, Uid, Utc};
use crate::kernel::{CaseId, KeyId, PupilId, Result};
use crate::records::retention::model::{RecordClass, Shredded};
use crate::records::retention::rules::school_year;
use crate::records::sealed::{Column, End, Owner, SEALED};

/// Ends every row of one column that belongs to `owner`. The words put together are those of the list, never a caller's.
fn end(work: &mut Work<'_>, column: &Column, owner: uuid::Uuid) -> Result<()> {
    let id = Uid::from_uuid(owner);
    // SQLite numbers `$` parameters in the order they are met, whatever they are called: they must be met in order.
    let number = if column.end == End::Empty { "$2" } else { "$1" };
    let whose = match column.owner {
        Owner::Case(key) | Owner::Child(key) => format!("{key} = {number}"),
        Owner::Request(key) => format!("{key} IN (SELECT id FROM subject_access_requests WHERE pupil_id = {number})"),
    };
    let (table, name) = (column.table, column.column);
    match column.end {
        End::Row => {
            let sql = format!("DELETE FROM {table} WHERE {whose}");
            both!(work.conn(), |c| diesel::sql_query(sql).bind::<UuidSql, _>(id).execute(c))?;
        }
        End::Empty => {
            let sql = format!("UPDATE {table} SET {name} = $1 WHERE {whose}");
            let nothing = SealedBytes(Vec::new());
            both!(work.conn(), |c| diesel::sql_query(sql)
                .bind::<Binary, _>(nothing)
                .bind::<UuidSql, _>(id)
                .execute(c))?;
        }
        End::KeyOnly => {}
    }
    Ok(())
}

/// Marks what went and leaves its tombstone. Twice is once.
fn mark(work: &mut Work<'_>, (kind, id): (Shredded, uuid::Uuid), class: RecordClass, certificate: i64) -> Result<()> {
    let row = (
        (t::kind.eq(kind.as_str()), t::id.eq(Uid::from_uuid(id)), t::at.eq(work.now())),
        (t::record_class.eq(class.as_str()), t::certificate.eq(certificate)),
    );
    let insert = diesel::insert_into(t::table).values(row);
    crate::db::fragments::OnConflictDoNothing(insert).execute(work.conn())?;
    Ok(())
}

/// Takes away the documents of a case.
pub(in crate::records::retention) fn erase_documents(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    case: CaseId,
    certificate: i64,
) -> Result<()> {
    let documents = SEALED.iter().filter(|c| c.table == "case_documents");
    for column in documents {
        end(work, column, case.uuid())?;
    }
    let now = work.now();
    diesel::update(cr::table.filter(cr::case_id.eq(case)).filter(cr::record_class.eq(RecordClass::Documents)))
        .set((cr::disposed_at.eq(now), cr::certificate.eq(certificate)))
        .execute(work.conn())?;
    mark(work, (Shredded::Documents, case.uuid()), RecordClass::Documents, certificate)
}

/// Takes away everything of a case but the tally: school, service, kind, how it ended, and the school year.
pub(in crate::records::retention) fn erase_case(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    case: CaseId,
    class: RecordClass,
    certificate: i64,
) -> Result<()> {
    for column in SEALED.iter().filter(|c| c.is_of_cases()) {
        end(work, column, case.uuid())?;
    }
    diesel::delete(rec::table.filter(rec::case_id.eq(case))).execute(work.conn())?;
    diesel::delete(pa::table.filter(pa::case_id.eq(case))).execute(work.conn())?;
    diesel::delete(l::table.filter(l::from_id.eq(case).or(l::to_id.eq(case)))).execute(work.conn())?;
    diesel::delete(n::table.filter(n::subject_id.eq(Uid::from_uuid(case.uuid())))).execute(work.conn())?;
    diesel::update(m::table.filter(m::case_id.eq(case)))
        .set((m::done_by.eq(None::<crate::kernel::PersonId>), m::next_stage_at.eq(None::<Utc>)))
        .execute(work.conn())?;
    let referral = r::table.filter(r::id.eq(crate::kernel::ReferralId::from_uuid(case.uuid())));
    diesel::update(referral).set(r::routing.eq(Json(serde_json::json!({})))).execute(work.conn())?;
    end_pieces(work, case)?;
    reduce(work, case)?;
    let now = work.now();
    diesel::update(cr::table.filter(cr::case_id.eq(case)).filter(cr::disposed_at.is_null()))
        .set((cr::disposed_at.eq(now), cr::certificate.eq(certificate)))
        .execute(work.conn())?;
    mark(work, (Shredded::Case, case.uuid()), class, certificate)
}

/// Takes away what was found in a case for its child. Pieces that do not say where they were found (they are from before
/// pieces did) go with the first case of their child: kept too short is the smaller harm once the request is finished.
fn end_pieces(work: &mut Work<'_>, case: CaseId) -> Result<()> {
    diesel::delete(sp::table.filter(sp::case_id.eq(case))).execute(work.conn())?;
    let pupil: Option<PupilId> = c::table.find(case).select(c::pupil_id).first(work.conn()).optional()?;
    let Some(pupil) = pupil else { return Ok(()) };
    let finished = sa::table.filter(sa::pupil_id.eq(pupil)).filter(sa::finished_at.is_not_null());
    let finished: Vec<crate::kernel::SubjectAccessId> = finished.select(sa::id).load(work.conn())?;
    let unsaid = sp::table.filter(sp::case_id.is_null()).filter(sp::request_id.eq_any(finished));
    diesel::delete(unsaid).execute(work.conn())?;
    Ok(())
}

/// Reduces an envelope: times to the first day of their school year, nobody who opened or holds it.
fn reduce(work: &mut Work<'_>, case: CaseId) -> Result<()> {
    let found =
        c::table.find(case).select((c::opened_at, c::closed_at, c::close_reason)).first(work.conn()).optional()?;
    // A backup may be older than the case itself.
    let Some((opened, closed, reason)): Option<(Utc, Option<Utc>, Option<String>)> = found else { return Ok(()) };
    let (now, year) = (work.now(), school_year);
    let reason = reason.unwrap_or_else(|| "disposed".to_owned());
    diesel::update(c::table.find(case))
        .set((
            (
                c::opened_at.eq(year(opened)),
                c::updated_at.eq(year(opened)),
                c::closed_at.eq(year(closed.unwrap_or(now))),
            ),
            (c::close_reason.eq(reason), c::officer_id.eq(None::<crate::kernel::OfficerId>), c::queue.eq("disposed")),
            (c::opened_by_kind.eq("person"), c::opened_by_id.eq(Uid::from_uuid(uuid::Uuid::nil()))),
            (c::disposed_at.eq(now), c::version.eq(c::version + 1)),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// The key of a child.
pub(in crate::records::retention) fn key_of(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    pupil: PupilId,
) -> Result<Option<KeyId>> {
    Ok(p::table.find(pupil).select(p::key_id).first(work.conn()).optional()?)
}

/// Takes away who a child is, and the index they could be found by. The key is the vault's to destroy.
pub(in crate::records::retention) fn erase_pupil(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    pupil: PupilId,
    class: RecordClass,
    certificate: i64,
) -> Result<()> {
    for column in SEALED.iter().filter(|c| !c.is_of_cases()) {
        end(work, column, pupil.uuid())?;
    }
    diesel::update(p::table.find(pupil)).set(p::upn_index.eq(None::<Vec<u8>>)).execute(work.conn())?;
    // A run takes nobody whose request waits; a replay may, when a backup from before the run has one.
    let waiting = sa::table.filter(sa::pupil_id.eq(pupil)).filter(sa::finished_at.is_null());
    let now = work.now();
    diesel::update(waiting).set((sa::state.eq("withdrawn"), sa::finished_at.eq(now))).execute(work.conn())?;
    mark(work, (Shredded::Pupil, pupil.uuid()), class, certificate)
}
