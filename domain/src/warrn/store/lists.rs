//! Lists of records: those the caller may see, and of them those that wait for something.

use chrono::NaiveDate;
use diesel::dsl::{AsSelect, InnerJoin, IntoBoxed, Select, exists};
use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::cases::{CaseKind, CaseRow, OfCase as _};
use crate::db::schema::{
    case_milestones as m, case_recipients as r, cases as c, pupils as p, warrn_records as w, warrn_returns as t,
};
use crate::db::types::Uid;
use crate::db::{MultiBackend, Work};
use crate::kernel::{CaseId, Cursor, OfficerId, Page, PageRequest, PersonId, Result, SchoolId, Utc, WarrnId};
use crate::notices::Recipient;
use crate::warrn::model::{Part, WarrnEnvelope};

use super::{Row, record};

/// No list of what waits is longer: who has so many has other worries than the next page.
const MOST: i64 = 200;

type Columns = (AsSelect<Row, MultiBackend>, AsSelect<CaseRow, MultiBackend>);
type Records = IntoBoxed<'static, Select<InnerJoin<w::table, c::table>, Columns>, MultiBackend>;

/// The records in scope.
fn visible(scope: &Scope, now: Utc) -> Records {
    let in_force =
        || r::table.filter(r::begins_at.le(now)).filter(r::ends_at.is_null().or(r::ends_at.gt(now))).select(r::case_id);
    let mut query = w::table.inner_join(c::table).select((Row::as_select(), CaseRow::as_select())).into_boxed();
    if scope.everything {
        return query;
    }
    // Broken glass opens one child's records; nobody else sees any by their child.
    query = query.filter(c::pupil_id.eq_any(scope.pupils.clone()));
    if let Some(person) = scope.recipient {
        let theirs = c::id.eq_any(in_force().filter(r::person_id.eq(person)));
        query = if scope.recipient_anywhere {
            query.or_filter(theirs)
        } else {
            query.or_filter(theirs.and(c::school_id.eq_any(scope.recipient_schools.clone())))
        };
    }
    if !scope.recipient_officers.is_empty() {
        let officers = scope.recipient_officers.clone();
        query = query.or_filter(c::id.eq_any(in_force().filter(r::officer_id.eq_any(officers))));
    }
    if scope.moved {
        // Closed, it is its last school's.
        let elsewhere = exists(p::table.filter(p::id.eq(c::pupil_id)).filter(p::school_id.ne(c::school_id)));
        query = query.or_filter(c::closed_at.is_null().and(elsewhere));
    }
    if let Some((kind, id)) = sender(scope) {
        let theirs = c::opened_by_kind.eq(kind).and(c::opened_by_id.eq(id));
        query = if scope.sender_anywhere {
            query.or_filter(theirs)
        } else {
            query.or_filter(theirs.and(c::school_id.eq_any(scope.sender_schools.clone())))
        };
    }
    query
}

/// Who sent what is in scope for having been sent, as a case names them.
fn sender(scope: &Scope) -> Option<(&'static str, Uid)> {
    scope.sender.and_then(|actor| actor.uuid().map(|id| (actor.kind(), Uid::from_uuid(id))))
}

/// Of these records those the caller sent.
pub(in crate::warrn) fn sent(work: &mut Work<'_>, pass: &Grant<Scope>, ids: &[WarrnId]) -> Result<Vec<CaseId>> {
    let Some((kind, id)) = sender(pass.on()) else { return Ok(Vec::new()) };
    let cases: Vec<CaseId> = ids.iter().map(|id| id.case()).collect();
    let theirs = c::table.filter(c::id.eq_any(cases)).filter(c::opened_by_kind.eq(kind)).filter(c::opened_by_id.eq(id));
    Ok(theirs.select(c::id).load(work.conn())?)
}

/// Of these records those of children whom the caller opened in an emergency.
pub(in crate::warrn) fn in_emergency(work: &mut Work<'_>, pass: &Grant<Scope>, ids: &[WarrnId]) -> Result<Vec<CaseId>> {
    let cases: Vec<CaseId> = ids.iter().map(|id| id.case()).collect();
    let theirs = c::table.filter(c::id.eq_any(cases)).filter(c::pupil_id.eq_any(pass.on().pupils.clone()));
    Ok(theirs.select(c::id).load(work.conn())?)
}

/// Of these records the open ones whose child is at another school than they are, and at which.
pub(in crate::warrn) fn moved<T>(
    work: &mut Work<'_>,
    _pass: &Grant<T>,
    ids: &[WarrnId],
) -> Result<Vec<(WarrnId, SchoolId)>> {
    let cases: Vec<CaseId> = ids.iter().map(|id| id.case()).collect();
    let rows: Vec<(CaseId, SchoolId)> = c::table
        .inner_join(p::table.on(p::id.eq(c::pupil_id)))
        .filter(c::id.eq_any(cases))
        .filter(c::closed_at.is_null())
        .filter(p::school_id.ne(c::school_id))
        .select((c::id, p::school_id))
        .load(work.conn())?;
    Ok(rows.into_iter().map(|(id, at)| (WarrnId::from_uuid(id.uuid()), at)).collect())
}

/// The open records in scope whose child is at another school than they are, the longest here first.
pub(in crate::warrn) fn all_moved(work: &mut Work<'_>, pass: &Grant<Scope>) -> Result<Vec<WarrnEnvelope>> {
    let elsewhere = exists(p::table.filter(p::id.eq(c::pupil_id)).filter(p::school_id.ne(c::school_id)));
    let rows: Vec<(Row, CaseRow)> = visible(pass.on(), work.now())
        .filter(c::closed_at.is_null())
        .filter(elsewhere)
        .order((c::opened_at.asc(), c::id.asc()))
        .limit(MOST)
        .load(work.conn())?;
    rows.into_iter().map(record).collect()
}

/// A page of the records in scope, newest first.
pub(in crate::warrn) fn page(
    work: &mut Work<'_>,
    pass: &Grant<Scope>,
    request: PageRequest,
) -> Result<Page<WarrnEnvelope>> {
    let mut query =
        visible(pass.on(), work.now()).order((c::opened_at.desc(), c::id.desc())).limit(request.limit.get() + 1);
    if let Some(after) = request.after {
        let id = WarrnId::from_uuid(after.id);
        query = query.filter(c::opened_at.lt(after.at).or(c::opened_at.eq(after.at).and(w::id.lt(id))));
    }
    let rows: Vec<(Row, CaseRow)> = query.load(work.conn())?;
    let records = rows.into_iter().map(record).collect::<Result<Vec<_>>>()?;
    Ok(Page::from_overfull(records, request.limit, |e| Cursor { at: e.received_at, id: e.id.uuid() }))
}

/// A record, its school, and who is a recipient of it: for which part, and how they came to be named.
pub(in crate::warrn) type Stands = (WarrnId, SchoolId, Option<(Part, i64, Recipient)>);

/// Which records are looked at: the open ones, or the closed ones whose child is at their school still.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::warrn) enum Which {
    Open,
    Closed,
}

/// Records in scope with their schools, each once for every recipient in force, or once without any.
pub(in crate::warrn) fn standing(work: &mut Work<'_>, _pass: &Grant<Scope>, which: Which) -> Result<Vec<Stands>> {
    type Named = (Part, i64, Option<PersonId>, Option<OfficerId>);
    let now = work.now();
    let in_force = r::case_id.eq(c::id).and(r::begins_at.le(now)).and(r::ends_at.is_null().or(r::ends_at.gt(now)));
    let query = c::table
        .left_join(r::table.on(in_force))
        .filter(c::kind.eq(CaseKind::Warrn))
        .filter(c::disposed_at.is_null())
        .order((c::id.asc(), r::id.asc()))
        .select((c::id, c::school_id, (r::part, r::stage, r::person_id, r::officer_id).nullable()));
    let rows: Vec<(CaseId, SchoolId, Option<Named>)> = match which {
        Which::Open => query.filter(c::closed_at.is_null()).load(work.conn())?,
        Which::Closed => {
            let here = exists(p::table.filter(p::id.eq(c::pupil_id)).filter(p::school_id.eq(c::school_id)));
            query.filter(c::closed_at.is_not_null()).filter(here).load(work.conn())?
        }
    };
    let named = |(part, stage, person, officer): Named| {
        person.map(Recipient::Person).or(officer.map(Recipient::Officer)).map(|to| (part, stage, to))
    };
    Ok(rows.into_iter().map(|(id, school, n)| (WarrnId::from_uuid(id.uuid()), school, n.and_then(named))).collect())
}

/// The references of these records as they are stored, for the log.
pub(in crate::warrn) fn references(
    work: &mut Work<'_>,
    _pass: &Grant<Scope>,
    ids: &[WarrnId],
) -> Result<Vec<(WarrnId, String)>> {
    let cases: Vec<CaseId> = ids.iter().map(|id| id.case()).collect();
    let rows: Vec<(CaseId, String)> =
        c::table.filter(c::id.eq_any(cases)).select((c::id, c::reference)).load(work.conn())?;
    Ok(rows.into_iter().map(|(id, reference)| (WarrnId::from_uuid(id.uuid()), reference)).collect())
}

/// Open records in scope with one of these steps open and due by then; those expected back by a day when one is given, the first back
/// first, and the longest here first otherwise.
pub(in crate::warrn) fn waiting(
    work: &mut Work<'_>,
    pass: &Grant<Scope>,
    steps: &[&'static str],
    due_by: Utc,
    back_by: Option<NaiveDate>,
) -> Result<Vec<WarrnEnvelope>> {
    let open = m::table
        .filter(m::done_at.is_null())
        .filter(m::dropped_at.is_null())
        .filter(m::kind.eq_any(steps.to_vec()))
        .filter(m::due_at.le(due_by))
        .select(m::case_id);
    let mut query =
        visible(pass.on(), work.now()).filter(c::closed_at.is_null()).filter(c::id.eq_any(open)).limit(MOST);
    query = match back_by {
        Some(day) => query
            .filter(w::expected_return_on.le(day))
            .filter(w::id.ne_all(t::table.filter(t::returned_on.is_not_null()).select(t::id)))
            .order((w::expected_return_on.asc(), c::id.asc())),
        None => query.order((c::opened_at.asc(), c::id.asc())),
    };
    let rows: Vec<(Row, CaseRow)> = query.load(work.conn())?;
    rows.into_iter().map(record).collect()
}
