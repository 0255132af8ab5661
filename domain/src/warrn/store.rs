//! The tables of records and of their recipients.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::{Facts, Grant, Scope, StateWord};
use crate::db::failure::conflict;
use crate::db::fragments::{OnConflictDoNothing, for_update, for_update_skip_locked};
use crate::db::schema::{warrn_recipients as r, warrn_records as w};
use crate::db::types::{SealedBytes, Uid};
use crate::db::{MultiBackend, Work};
use crate::kernel::{
    Actor, ClientId, Code, Cursor, Error, OfficerId, Page, PageRequest, PersonId, PupilId, RecipientId, Reference,
    Result, SchoolId, Utc, WarrnId,
};
use crate::notices::Recipient;
use crate::vault::Sealed;

use super::model::{Content, NamedRecipient, Part, WarrnEnvelope};
use super::rules;

#[derive(Queryable)]
struct Row {
    id: WarrnId,
    reference: String,
    school_id: SchoolId,
    agreement: String,
    expected_return_on: Option<NaiveDate>,
    version: i64,
    received_at: Utc,
}

/// The columns of [`Row`].
type Columns = (w::id, w::reference, w::school_id, w::agreement, w::expected_return_on, w::version, w::received_at);
const COLUMNS: Columns =
    (w::id, w::reference, w::school_id, w::agreement, w::expected_return_on, w::version, w::received_at);

impl Row {
    fn envelope(self) -> Result<WarrnEnvelope> {
        let reference = Reference::parse(&self.reference);
        Ok(WarrnEnvelope {
            id: self.id,
            reference: reference.map_err(|_| Error::internal("a stored reference can't be read"))?,
            school: self.school_id,
            agreement: self.agreement,
            expected_return_on: self.expected_return_on,
            version: self.version,
            received_at: self.received_at,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = w)]
struct NewRow<'a> {
    id: WarrnId,
    reference: &'a str,
    school_id: SchoolId,
    pupil_id: PupilId,
    agreement: &'a str,
    expected_return_on: Option<NaiveDate>,
    content: SealedBytes,
    sent_by_kind: &'a str,
    sent_by_id: Uid,
    version: i64,
    received_at: Utc,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = r)]
struct RecipientRow {
    id: RecipientId,
    record_id: WarrnId,
    part: Part,
    deputy: bool,
    person_id: Option<PersonId>,
    officer_id: Option<OfficerId>,
    begins_at: Utc,
    ends_at: Option<Utc>,
    due_at: Utc,
    acknowledged_at: Option<Utc>,
    acknowledged_by: Option<PersonId>,
    escalated_at: Option<Utc>,
}

impl RecipientRow {
    fn named(self) -> Result<(WarrnId, NamedRecipient)> {
        let to = match (self.person_id, self.officer_id) {
            (Some(id), None) => Recipient::Person(id),
            (None, Some(id)) => Recipient::Officer(id),
            _ => return Err(Error::internal("a stored recipient is neither a person nor an officer")),
        };
        let named = NamedRecipient {
            id: self.id,
            part: self.part,
            deputy: self.deputy,
            to,
            begins_at: self.begins_at,
            ends_at: self.ends_at,
            due_at: self.due_at,
            acknowledged_at: self.acknowledged_at,
            acknowledged_by: self.acknowledged_by,
            escalated_at: self.escalated_at,
        };
        Ok((self.record_id, named))
    }
}

/// What access sees of a record: its school, its sender, and the recipients in force.
pub(super) fn facts(work: &mut Work<'_>, id: WarrnId) -> Result<Option<Facts>> {
    let now = work.now();
    let row: Option<(SchoolId, String, Uid, PupilId)> = w::table
        .find(id)
        .select((w::school_id, w::sent_by_kind, w::sent_by_id, w::pupil_id))
        .first(work.conn())
        .optional()?;
    let Some((school, kind, sender, pupil)) = row else {
        return Ok(None);
    };
    let sender = match kind.as_str() {
        "person" => Actor::Person(PersonId::from_uuid(sender.uuid())),
        "client" => Actor::Client(ClientId::from_uuid(sender.uuid())),
        _ => return Err(Error::internal("a stored sender is neither a person nor a client")),
    };
    let named = load_recipients(work, &[id])?;
    let in_force = named.iter().filter(|(_, n)| n.in_force(now)).map(|(_, n)| &n.to);
    let facts = rules::facts_of(school, Some(sender), in_force);
    Ok(Some(Facts { pupil: Some(pupil), state: Some(StateWord::Open), ..facts }))
}

/// The record with this reference, for asking `access` about it.
pub(super) fn id_of(work: &mut Work<'_>, reference: &Reference) -> Result<Option<WarrnId>> {
    Ok(w::table.filter(w::reference.eq(reference.as_str())).select(w::id).first(work.conn()).optional()?)
}

/// A record to keep.
pub(super) struct NewRecord<'a> {
    pub record: &'a WarrnEnvelope,
    pub pupil: PupilId,
    pub content: Sealed<Content>,
    pub sender: (&'static str, uuid::Uuid),
}

pub(super) fn insert(work: &mut Work<'_>, _pass: &Grant<()>, new: NewRecord<'_>) -> Result<()> {
    let row = NewRow {
        id: new.record.id,
        reference: new.record.reference.as_str(),
        school_id: new.record.school,
        pupil_id: new.pupil,
        agreement: &new.record.agreement,
        expected_return_on: new.record.expected_return_on,
        content: new.content.into_stored(),
        sent_by_kind: new.sender.0,
        sent_by_id: Uid::from_uuid(new.sender.1),
        version: new.record.version,
        received_at: new.record.received_at,
    };
    diesel::insert_into(w::table)
        .values(&row)
        .execute(work.conn())
        .map_err(conflict("warrn_records_reference_key", Code::Unavailable))?;
    Ok(())
}

/// Names a recipient; says whether it was new. A part has one first recipient and one deputy.
pub(super) fn name<T>(work: &mut Work<'_>, _pass: &Grant<T>, record: WarrnId, new: &NamedRecipient) -> Result<bool> {
    let (person_id, officer_id) = match new.to {
        Recipient::Person(id) => (Some(id), None),
        Recipient::Officer(id) => (None, Some(id)),
    };
    let row = RecipientRow {
        id: new.id,
        record_id: record,
        part: new.part,
        deputy: new.deputy,
        person_id,
        officer_id,
        begins_at: new.begins_at,
        ends_at: new.ends_at,
        due_at: new.due_at,
        acknowledged_at: new.acknowledged_at,
        acknowledged_by: new.acknowledged_by,
        escalated_at: new.escalated_at,
    };
    Ok(OnConflictDoNothing(diesel::insert_into(r::table).values(&row)).execute(work.conn())? == 1)
}

pub(super) fn envelope(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<WarrnEnvelope> {
    let row: Row = w::table.find(pass.id()).select(COLUMNS).first(work.conn())?;
    row.envelope()
}

pub(super) fn content(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<(PupilId, Sealed<Content>)> {
    let (pupil, content): (PupilId, SealedBytes) =
        w::table.find(pass.id()).select((w::pupil_id, w::content)).first(work.conn())?;
    Ok((pupil, Sealed::from_stored(content)))
}

pub(super) fn recipients(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Vec<NamedRecipient>> {
    Ok(load_recipients(work, &[pass.id()])?.into_iter().map(|(_, named)| named).collect())
}

/// The recipients of these records of the caller's list.
pub(super) fn recipients_of(
    work: &mut Work<'_>,
    _pass: &Grant<Scope>,
    ids: &[WarrnId],
) -> Result<Vec<(WarrnId, NamedRecipient)>> {
    load_recipients(work, ids)
}

/// DSP before EP, the first before the deputy.
fn load_recipients(work: &mut Work<'_>, ids: &[WarrnId]) -> Result<Vec<(WarrnId, NamedRecipient)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<RecipientRow> = r::table
        .filter(r::record_id.eq_any(ids))
        .order((r::record_id.asc(), r::part.asc(), r::deputy.asc()))
        .load(work.conn())?;
    rows.into_iter().map(RecipientRow::named).collect()
}

/// The recipients of a record, kept until the transaction ends.
pub(super) fn lock_recipients(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Vec<NamedRecipient>> {
    let query = r::table.filter(r::record_id.eq(pass.id())).order((r::part.asc(), r::deputy.asc()));
    let rows: Vec<RecipientRow> = for_update(query).load(work.conn())?;
    rows.into_iter().map(|row| row.named().map(|(_, named)| named)).collect()
}

pub(super) fn acknowledge(work: &mut Work<'_>, pass: &Grant<WarrnId>, ids: &[RecipientId], by: PersonId) -> Result<()> {
    let now = work.now();
    diesel::update(r::table.filter(r::record_id.eq(pass.id())).filter(r::id.eq_any(ids)))
        .set((r::acknowledged_at.eq(now), r::acknowledged_by.eq(by)))
        .execute(work.conn())?;
    Ok(())
}

/// Counts the version up from `version`.
pub(super) fn next_version(work: &mut Work<'_>, pass: &Grant<WarrnId>, version: i64) -> Result<i64> {
    let changed = diesel::update(w::table.find(pass.id()).filter(w::version.eq(version)))
        .set(w::version.eq(version + 1))
        .execute(work.conn())?;
    if changed == 1 { Ok(version + 1) } else { Err(Error::new(Code::VersionMismatch)) }
}

/// First recipients whose time has run out with nobody told, the oldest first.
fn overdue(now: Utc) -> r::BoxedQuery<'static, MultiBackend> {
    r::table
        .filter(r::deputy.eq(false))
        .filter(r::acknowledged_at.is_null())
        .filter(r::escalated_at.is_null())
        .filter(r::due_at.lt(now))
        .order((r::due_at.asc(), r::record_id.asc(), r::part.asc()))
        .into_boxed()
}

pub(super) fn is_any_overdue(work: &mut Work<'_>) -> Result<bool> {
    let found: Option<RecipientRow> = overdue(work.now()).limit(1).first(work.conn()).optional()?;
    Ok(found.is_some())
}

/// The overdue, kept until the transaction ends. Those another worker holds are passed over.
pub(super) fn lock_overdue(work: &mut Work<'_>, limit: i64) -> Result<Vec<(WarrnId, NamedRecipient)>> {
    let query = overdue(work.now()).limit(limit);
    let rows: Vec<RecipientRow> = for_update_skip_locked(query).load(work.conn())?;
    rows.into_iter().map(RecipientRow::named).collect()
}

pub(super) fn mark_escalated(work: &mut Work<'_>, pass: &Grant<WarrnId>, id: RecipientId) -> Result<()> {
    let now = work.now();
    diesel::update(r::table.filter(r::record_id.eq(pass.id())).filter(r::id.eq(id)))
        .set(r::escalated_at.eq(now))
        .execute(work.conn())?;
    Ok(())
}

/// A page of the records in scope, newest first.
pub(super) fn page(work: &mut Work<'_>, pass: &Grant<Scope>, request: PageRequest) -> Result<Page<WarrnEnvelope>> {
    let now = work.now();
    let scope = pass.on();
    let in_force = || {
        r::table.filter(r::begins_at.le(now)).filter(r::ends_at.is_null().or(r::ends_at.gt(now))).select(r::record_id)
    };
    let mut query = w::table
        .select(COLUMNS)
        .order((w::received_at.desc(), w::id.desc()))
        .limit(request.limit.get() + 1)
        .into_boxed();
    if !scope.everything {
        query = query.filter(w::pupil_id.eq_any(&scope.pupils));
        if let Some(person) = scope.recipient {
            let theirs = w::id.eq_any(in_force().filter(r::person_id.eq(person)));
            query = if scope.recipient_anywhere {
                query.or_filter(theirs)
            } else {
                query.or_filter(theirs.and(w::school_id.eq_any(&scope.recipient_schools)))
            };
        }
        if !scope.recipient_officers.is_empty() {
            query = query.or_filter(w::id.eq_any(in_force().filter(r::officer_id.eq_any(&scope.recipient_officers))));
        }
        if let Some((kind, id)) = scope.sender.and_then(|a| a.uuid().map(|id| (a.kind(), id))) {
            let theirs = w::sent_by_kind.eq(kind).and(w::sent_by_id.eq(Uid::from_uuid(id)));
            query = if scope.sender_anywhere {
                query.or_filter(theirs)
            } else {
                query.or_filter(theirs.and(w::school_id.eq_any(&scope.sender_schools)))
            };
        }
    }
    if let Some(after) = request.after {
        let id = WarrnId::from_uuid(after.id);
        query = query.filter(w::received_at.lt(after.at).or(w::received_at.eq(after.at).and(w::id.lt(id))));
    }
    let rows: Vec<Row> = query.load(work.conn())?;
    let records = rows.into_iter().map(Row::envelope).collect::<Result<Vec<_>>>()?;
    Ok(Page::from_overfull(records, request.limit, |e| Cursor { at: e.received_at, id: e.id.uuid() }))
}
