//! The outbox's table.

use diesel::prelude::*;

use crate::access::{Facts, Grant, Scope};
use crate::db::Work;
use crate::db::fragments::{OnConflictDoNothing, for_update_skip_locked};
use crate::db::schema::{case_recipients as cr, cases, notices as n, pupils, survey_concerns, warrn_alerts};
use crate::db::types::{Uid, Utc};
use crate::kernel::{
    AlertId, CampaignId, CaseId, ConcernId, Cursor, EmergencyId, Error, NoticeId, OfficerId, Page, PageRequest,
    PersonId, Reference, ReferralId, Result, SchoolId, ServiceId, WarrnId,
};

use super::model::{Leased, NewNotice, Notice, Recipient, State, Subject, Wording};

#[derive(Insertable)]
#[diesel(table_name = n)]
struct NewRow<'a> {
    id: NoticeId,
    dedupe: &'a str,
    wording: Wording,
    recipient_kind: &'static str,
    recipient_id: Uid,
    subject_kind: &'static str,
    subject_id: Uid,
    reference: &'a str,
    due_at: Option<Utc>,
    state: State,
    attempts: i64,
    next_at: Utc,
    created_at: Utc,
}

/// Writes a message unless one with the same `dedupe` is there.
pub(super) fn insert(work: &mut Work<'_>, new: &NewNotice) -> Result<()> {
    let (recipient_kind, recipient_id) = match new.to {
        Recipient::Person(id) => ("person", id.uuid()),
        Recipient::Officer(id) => ("officer", id.uuid()),
    };
    let (subject_kind, subject_id) = match new.subject {
        Subject::Referral(id) => ("referral", id.uuid()),
        Subject::Warrn(id) => ("warrn", id.uuid()),
        Subject::Person(id) => ("person", id.uuid()),
        Subject::Emergency(id) => ("emergency", id.uuid()),
        Subject::Alert(id) => ("alert", id.uuid()),
        Subject::Campaign(id) => ("campaign", id.uuid()),
        Subject::Concern(id) => ("concern", id.uuid()),
    };
    let row = NewRow {
        id: NoticeId::from_uuid(work.new_id()),
        dedupe: &new.dedupe,
        wording: new.wording,
        recipient_kind,
        recipient_id: Uid::from_uuid(recipient_id),
        subject_kind,
        subject_id: Uid::from_uuid(subject_id),
        reference: new.reference.as_str(),
        due_at: new.due_at,
        state: State::Created,
        attempts: 0,
        next_at: work.now(),
        created_at: work.now(),
    };
    OnConflictDoNothing(diesel::insert_into(n::table).values(&row)).execute(work.conn())?;
    Ok(())
}

fn recipient(kind: &str, id: Uid) -> Result<Recipient> {
    match kind {
        "person" => Ok(Recipient::Person(PersonId::from_uuid(id.uuid()))),
        "officer" => Ok(Recipient::Officer(OfficerId::from_uuid(id.uuid()))),
        _ => Err(Error::internal("a notice has a recipient of an unknown kind")),
    }
}

fn subject(kind: &str, id: Uid) -> Result<Subject> {
    match kind {
        "referral" => Ok(Subject::Referral(ReferralId::from_uuid(id.uuid()))),
        "warrn" => Ok(Subject::Warrn(WarrnId::from_uuid(id.uuid()))),
        "person" => Ok(Subject::Person(PersonId::from_uuid(id.uuid()))),
        "emergency" => Ok(Subject::Emergency(EmergencyId::from_uuid(id.uuid()))),
        "alert" => Ok(Subject::Alert(AlertId::from_uuid(id.uuid()))),
        "campaign" => Ok(Subject::Campaign(CampaignId::from_uuid(id.uuid()))),
        "concern" => Ok(Subject::Concern(ConcernId::from_uuid(id.uuid()))),
        _ => Err(Error::internal("a notice has a subject of an unknown kind")),
    }
}

fn reference(stored: &str) -> Result<Reference> {
    Reference::parse(stored).map_err(|_| Error::internal("a notice has a reference that is none"))
}

#[derive(Queryable)]
struct DueRow {
    id: NoticeId,
    attempts: i64,
    wording: Wording,
    recipient_kind: String,
    recipient_id: Uid,
    subject_kind: String,
    subject_id: Uid,
    reference: String,
    due_at: Option<Utc>,
}

/// Up to `limit` messages that are due and held by nobody, locked until the transaction ends. `attempt` is the number
/// of the try that would now begin.
pub(super) fn due(work: &mut Work<'_>, limit: i64) -> Result<Vec<Leased>> {
    let now = work.now();
    let query = n::table
        .filter(n::finished_at.is_null())
        .filter(n::next_at.le(now))
        .filter(n::leased_until.is_null().or(n::leased_until.le(now)))
        .order((n::next_at.asc(), n::id.asc()))
        .limit(limit)
        .select((
            n::id,
            n::attempts,
            n::wording,
            n::recipient_kind,
            n::recipient_id,
            n::subject_kind,
            n::subject_id,
            n::reference,
            n::due_at,
        ));
    let rows: Vec<DueRow> = for_update_skip_locked(query).load(work.conn())?;
    rows.into_iter()
        .map(|r| {
            Ok(Leased {
                id: r.id,
                attempt: r.attempts + 1,
                wording: r.wording,
                to: recipient(&r.recipient_kind, r.recipient_id)?,
                subject: subject(&r.subject_kind, r.subject_id)?,
                reference: reference(&r.reference)?,
                due_at: r.due_at,
            })
        })
        .collect()
}

/// Begins a try of each.
pub(super) fn lease(work: &mut Work<'_>, ids: &[NoticeId], until: Utc) -> Result<()> {
    diesel::update(n::table.filter(n::id.eq_any(ids.iter().copied())))
        .set((n::state.eq(State::Sending), n::attempts.eq(n::attempts + 1), n::leased_until.eq(Some(until))))
        .execute(work.conn())?;
    Ok(())
}

/// Puts a message into its final state, whoever holds it. False when it was in one already.
pub(super) fn finish(work: &mut Work<'_>, id: NoticeId, state: State, problem: Option<&str>) -> Result<bool> {
    let now = work.now();
    let changed = diesel::update(n::table.filter(n::id.eq(id)).filter(n::finished_at.is_null()))
        .set((
            n::state.eq(state),
            n::problem.eq(problem),
            n::leased_until.eq(None::<Utc>),
            n::finished_at.eq(Some(now)),
        ))
        .execute(work.conn())?;
    Ok(changed == 1)
}

/// The same, only while the lease of this very try stands.
pub(super) fn finish_own(work: &mut Work<'_>, held: &Leased, state: State, problem: Option<&str>) -> Result<bool> {
    if holds(work, held)? { finish(work, held.id, state, problem) } else { Ok(false) }
}

/// Sets the time of the next try, only while the lease of this very try stands.
pub(super) fn put_off(work: &mut Work<'_>, held: &Leased, next_at: Utc, problem: Option<&str>) -> Result<()> {
    if holds(work, held)? {
        diesel::update(n::table.find(held.id))
            .set((
                n::state.eq(State::TemporaryFailure),
                n::problem.eq(problem),
                n::leased_until.eq(None::<Utc>),
                n::next_at.eq(next_at),
            ))
            .execute(work.conn())?;
    }
    Ok(())
}

/// Ends the lease of this very try as if it had not begun.
pub(super) fn give_back(work: &mut Work<'_>, held: &Leased, next_at: Utc) -> Result<()> {
    if holds(work, held)? {
        let state = if held.attempt > 1 { State::TemporaryFailure } else { State::Created };
        diesel::update(n::table.find(held.id))
            .set((
                n::state.eq(state),
                n::attempts.eq(held.attempt - 1),
                n::leased_until.eq(None::<Utc>),
                n::next_at.eq(next_at),
            ))
            .execute(work.conn())?;
    }
    Ok(())
}

/// The earliest time among messages that are due and held by nobody.
pub(super) fn waiting_since(work: &mut Work<'_>) -> Result<Option<Utc>> {
    let now = work.now();
    let first = n::table
        .filter(n::finished_at.is_null())
        .filter(n::next_at.le(now))
        .filter(n::leased_until.is_null().or(n::leased_until.le(now)))
        .order((n::next_at.asc(), n::id.asc()))
        .select(n::next_at)
        .first(work.conn())
        .optional()?;
    Ok(first)
}

/// Whether this try is still the latest and not settled. The row stays locked.
fn holds(work: &mut Work<'_>, held: &Leased) -> Result<bool> {
    let query = n::table
        .filter(n::id.eq(held.id))
        .filter(n::attempts.eq(held.attempt))
        .filter(n::state.eq(State::Sending))
        .filter(n::finished_at.is_null())
        .select(n::id);
    let found: Vec<NoticeId> = crate::db::fragments::for_update(query).load(work.conn())?;
    Ok(!found.is_empty())
}

/// What the policy needs to know of a message's subject; nothing when it is gone. (The area that owns these tables stands
/// above this one.)
pub(super) fn facts(work: &mut Work<'_>, subject: Subject) -> Result<Option<Facts>> {
    type Found = (SchoolId, Option<ServiceId>, Option<OfficerId>, Option<Utc>, Option<SchoolId>);
    let id = match subject {
        Subject::Referral(id) => CaseId::from_uuid(id.uuid()),
        Subject::Warrn(id) => CaseId::from_uuid(id.uuid()),
        // No case: an account is its person's own.
        Subject::Person(_) => return Ok(None),
        // Known to everybody who signs in.
        Subject::Campaign(_) => return Ok(Some(Facts::default())),
        Subject::Concern(id) => {
            let school: Option<SchoolId> =
                survey_concerns::table.find(id).select(survey_concerns::school_id).first(work.conn()).optional()?;
            return Ok(school.map(Facts::of_school));
        }
        Subject::Emergency(id) => return crate::access::emergency_facts(work, id),
        Subject::Alert(id) => {
            let service: Option<ServiceId> =
                warrn_alerts::table.find(id).select(warrn_alerts::service_id).first(work.conn()).optional()?;
            return Ok(service.map(|service| Facts { service: Some(service), ..Facts::default() }));
        }
    };
    let row: Option<Found> = cases::table
        .left_join(pupils::table.on(pupils::id.eq(cases::pupil_id)))
        .filter(cases::id.eq(id))
        .select((
            cases::school_id,
            cases::service_id,
            cases::officer_id,
            cases::closed_at,
            pupils::school_id.nullable(),
        ))
        .first(work.conn())
        .optional()?;
    let Some((school, service, officer, closed_at, child_at)) = row else { return Ok(None) };
    let is_warrn = matches!(subject, Subject::Warrn(_));
    let now = work.now();
    let recipients: Vec<(Option<PersonId>, Option<OfficerId>)> = cr::table
        .filter(cr::case_id.eq(id))
        .filter(cr::begins_at.le(now))
        .filter(cr::ends_at.is_null().or(cr::ends_at.gt(now)))
        .select((cr::person_id, cr::officer_id))
        .load(work.conn())?;
    let (people, officers): (Vec<_>, Vec<_>) = recipients.into_iter().unzip();
    Ok(Some(Facts {
        school: Some(school),
        service,
        officer,
        recipients: people.into_iter().flatten().collect(),
        recipient_officers: officers.into_iter().flatten().collect(),
        moved: is_warrn && closed_at.is_none() && child_at.is_some_and(|at| at != school),
        ..Facts::default()
    }))
}

#[derive(Queryable)]
struct LedgerRow {
    id: NoticeId,
    wording: Wording,
    recipient_kind: String,
    recipient_id: Uid,
    reference: String,
    due_at: Option<Utc>,
    state: State,
    attempts: i64,
    next_at: Utc,
    problem: Option<String>,
    created_at: Utc,
    finished_at: Option<Utc>,
}

/// A page of the ledger, newest first. The scope is the whole ledger: it names no child, school or kind of record.
pub(super) fn page(work: &mut Work<'_>, _pass: &Grant<Scope>, request: PageRequest) -> Result<Page<Notice>> {
    let mut query = n::table
        .order((n::created_at.desc(), n::id.desc()))
        .limit(request.limit.get() + 1)
        .select((
            n::id,
            n::wording,
            n::recipient_kind,
            n::recipient_id,
            n::reference,
            n::due_at,
            n::state,
            n::attempts,
            n::next_at,
            n::problem,
            n::created_at,
            n::finished_at,
        ))
        .into_boxed();
    if let Some(after) = request.after {
        let id = NoticeId::from_uuid(after.id);
        query = query.filter(n::created_at.lt(after.at).or(n::created_at.eq(after.at).and(n::id.lt(id))));
    }
    let rows: Vec<LedgerRow> = query.load(work.conn())?;
    let items = rows
        .into_iter()
        .map(|r| {
            Ok(Notice {
                id: r.id,
                ask: r.wording.ask(),
                to: recipient(&r.recipient_kind, r.recipient_id)?,
                reference: reference(&r.reference)?,
                due_at: r.due_at,
                state: r.state,
                attempts: r.attempts,
                next_at: r.finished_at.is_none().then_some(r.next_at),
                problem: r.problem,
                created_at: r.created_at,
                finished_at: r.finished_at,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Page::from_overfull(items, request.limit, |i| Cursor { at: i.created_at, id: i.id.uuid() }))
}
