//! The table of referrals, read with the envelopes of their cases.

use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

use crate::access::{Grant, Scope};
use crate::cases::{self, CaseKind, CaseRow, NewCase, OfCase as _};
use crate::db::schema::{cases as c, referrals as r};
use crate::db::types::{Json, SealedBytes, Uid};
use crate::db::{MultiBackend, Work};
use crate::directory::officers::KeyArea;
use crate::kernel::{Cursor, Error, OfficerId, Page, PageRequest, ReferralId, Result, YearGroup};
use crate::vault::Sealed;

use super::model::{Content, DeclineReason, Envelope, Filter, State, Urgency};

#[derive(Queryable, Selectable)]
#[diesel(table_name = r)]
struct Row {
    id: ReferralId,
    year_group: i64,
    key_area: Option<KeyArea>,
    urgency: Urgency,
    state: State,
    routing: Json,
    reason: Option<DeclineReason>,
    successor_id: Option<ReferralId>,
}

/// A referral with the envelope of its case.
fn envelope((row, case): (Row, CaseRow)) -> Result<Envelope> {
    let unreadable = || Error::internal("a stored referral can't be read");
    let case = case.case()?;
    Ok(Envelope {
        id: row.id,
        reference: case.reference,
        school: case.school,
        service: case.service.ok_or_else(unreadable)?,
        pupil: case.pupil,
        year_group: YearGroup::new(row.year_group).map_err(|_| unreadable())?,
        key_area: row.key_area,
        urgency: row.urgency,
        state: row.state,
        officer: case.officer,
        queue: case.queue,
        routing: serde_json::from_value(row.routing.0).map_err(Error::internal)?,
        reason: row.reason,
        successor: row.successor_id,
        opened_by: case.opened_by,
        version: case.version,
        created_at: case.opened_at,
        updated_at: case.updated_at,
    })
}

pub(super) fn find(work: &mut Work<'_>, pass: &Grant<ReferralId>) -> Result<Envelope> {
    let found = r::table.inner_join(c::table).filter(r::id.eq(pass.id()));
    envelope(found.select((Row::as_select(), CaseRow::as_select())).first(work.conn())?)
}

pub(super) fn content(work: &mut Work<'_>, pass: &Grant<ReferralId>) -> Result<Sealed<Content>> {
    Ok(Sealed::from_stored(r::table.find(pass.id()).select(r::content).first(work.conn())?))
}

#[derive(Insertable)]
#[diesel(table_name = r)]
struct NewRow {
    id: ReferralId,
    year_group: i64,
    key_area: Option<KeyArea>,
    urgency: Urgency,
    state: State,
    routing: Json,
    content: SealedBytes,
}

/// Stores a new referral. The grant is the one it is opened or redirected under.
///
/// # Errors
/// [`crate::kernel::Code::ReferralAlreadyOpen`] when the child has an open one to this service.
pub(super) fn insert<T>(work: &mut Work<'_>, pass: &Grant<T>, new: &Envelope, content: Sealed<Content>) -> Result<()> {
    let case = NewCase {
        id: new.id.case(),
        kind: CaseKind::Referral,
        reference: new.reference.clone(),
        school: new.school,
        service: Some(new.service),
        pupil: new.pupil,
        officer: new.officer,
        queue: new.queue.clone(),
        opened_by: new.opened_by,
    };
    cases::insert(work, pass, &case)?;
    let row = NewRow {
        id: new.id,
        year_group: new.year_group.into(),
        key_area: new.key_area,
        urgency: new.urgency,
        state: new.state,
        routing: Json(serde_json::to_value(&new.routing).map_err(Error::internal)?),
        content: content.into_stored(),
    };
    diesel::insert_into(r::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// What a decision changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub state: State,
    pub reason: Option<DeclineReason>,
    pub successor: Option<ReferralId>,
}

/// Changes a referral that still has this version. A state nothing follows closes its case.
///
/// # Errors
/// [`crate::kernel::Code::VersionMismatch`] when it has another by now.
pub(super) fn update(work: &mut Work<'_>, pass: &Grant<ReferralId>, version: i64, change: Change) -> Result<()> {
    cases::advance(work, pass, version, change.state.is_final().then_some(change.state.as_str()))?;
    diesel::update(r::table.find(pass.id()))
        .set((r::state.eq(change.state), r::reason.eq(change.reason), r::successor_id.eq(change.successor)))
        .execute(work.conn())?;
    Ok(())
}

/// Referrals with their cases.
type Joined = InnerJoinQuerySource<r::table, c::table>;
type Predicate = Box<dyn BoxableExpression<Joined, MultiBackend, SqlType = Nullable<Bool>>>;

/// What narrows a list: the scope, and the filter. `own` is the caller as officers of the contact list, asked for when
/// only the caller's own are wanted.
fn narrowing(work: &Work<'_>, pass: &Grant<Scope>, filter: &Filter, own: Vec<OfficerId>) -> Vec<Predicate> {
    // What was disposed of is in no list; counts of the past are made elsewhere, from the rows that stay.
    let mut all: Vec<Predicate> = vec![Box::new(c::disposed_at.is_null().nullable())];
    let scope = pass.on();
    if !scope.everything {
        all.push(Box::new(
            c::officer_id
                .eq_any(scope.officers.clone())
                .or(c::school_id.nullable().eq_any(scope.schools.clone()))
                .or(c::service_id.eq_any(scope.services.clone()))
                .or(c::pupil_id.nullable().eq_any(scope.pupils.clone())),
        ));
    }
    if filter.mine {
        let actor = work.caller().actor;
        let (kind, id) = (actor.kind(), actor.uuid().map(Uid::from_uuid));
        all.push(Box::new(
            c::officer_id.eq_any(own).or(c::opened_by_kind.eq(kind).and(c::opened_by_id.nullable().eq(id))),
        ));
    }
    if let Some(state) = filter.state {
        all.push(Box::new(r::state.eq(state).nullable()));
    }
    if let Some(school) = filter.school {
        all.push(Box::new(c::school_id.eq(school).nullable()));
    }
    if let Some(service) = filter.service {
        all.push(Box::new(c::service_id.eq(service)));
    }
    all
}

/// A page of the referrals in the scope that match, newest first.
pub(super) fn page(
    work: &mut Work<'_>,
    pass: &Grant<Scope>,
    filter: &Filter,
    own: Vec<OfficerId>,
    request: PageRequest,
) -> Result<Page<Envelope>> {
    let mut query = r::table
        .inner_join(c::table)
        .select((Row::as_select(), CaseRow::as_select()))
        .order((c::opened_at.desc(), c::id.desc()))
        .limit(request.limit.get() + 1)
        .into_boxed();
    for condition in narrowing(work, pass, filter, own) {
        query = query.filter(condition);
    }
    if let Some(after) = request.after {
        let id = ReferralId::from_uuid(after.id);
        query = query.filter(c::opened_at.lt(after.at).or(c::opened_at.eq(after.at).and(r::id.lt(id))));
    }
    let rows: Vec<(Row, CaseRow)> = query.load(work.conn())?;
    let items = rows.into_iter().map(envelope).collect::<Result<Vec<_>>>()?;
    Ok(Page::from_overfull(items, request.limit, |i| Cursor { at: i.created_at, id: i.id.uuid() }))
}

/// How many referrals in the scope match.
pub(super) fn count(work: &mut Work<'_>, pass: &Grant<Scope>, filter: &Filter, own: Vec<OfficerId>) -> Result<i64> {
    let mut query = r::table.inner_join(c::table).count().into_boxed();
    for condition in narrowing(work, pass, filter, own) {
        query = query.filter(condition);
    }
    Ok(query.get_result(work.conn())?)
}
