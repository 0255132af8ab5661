//! The tables of records, read with the envelopes of their cases, and of their recipients.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::cases::{self, CaseKind, CaseRow, NewCase, OfCase as _};
use crate::db::Work;
use crate::db::fragments::{OnConflictDoNothing, for_update};
use crate::db::schema::{case_recipients as r, cases as c, warrn_records as w};
use crate::db::types::SealedBytes;
use crate::kernel::{CaseId, Error, OfficerId, PersonId, PupilId, RecipientId, Result, Utc, WarrnId};
use crate::notices::Recipient;
use crate::vault::Sealed;

pub(super) mod lists;

use super::model::{Content, NamedRecipient, Part, WarrnEnvelope};

#[derive(Queryable, Selectable)]
#[diesel(table_name = w)]
struct Row {
    id: WarrnId,
    agreement: String,
    expected_return_on: Option<NaiveDate>,
}

/// A record with the envelope of its case.
fn record((row, case): (Row, CaseRow)) -> Result<WarrnEnvelope> {
    let case = case.case()?;
    Ok(WarrnEnvelope {
        id: row.id,
        reference: case.reference,
        school: case.school,
        agreement: row.agreement,
        expected_return_on: row.expected_return_on,
        version: case.version,
        received_at: case.opened_at,
        closed_at: case.closed.map(|(at, _)| at),
    })
}

#[derive(Insertable)]
#[diesel(table_name = w)]
struct NewRow<'a> {
    id: WarrnId,
    agreement: &'a str,
    expected_return_on: Option<NaiveDate>,
    content: SealedBytes,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = r)]
struct RecipientRow {
    id: RecipientId,
    case_id: CaseId,
    part: Part,
    stage: i64,
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
            stage: self.stage,
            to,
            begins_at: self.begins_at,
            ends_at: self.ends_at,
            due_at: self.due_at,
            acknowledged_at: self.acknowledged_at,
            acknowledged_by: self.acknowledged_by,
            escalated_at: self.escalated_at,
        };
        Ok((WarrnId::from_uuid(self.case_id.uuid()), named))
    }
}

/// A record to keep.
pub(super) struct NewRecord<'a> {
    pub record: &'a WarrnEnvelope,
    pub pupil: PupilId,
    pub content: Sealed<Content>,
}

/// Stores a new record, sent by the caller.
pub(super) fn insert(work: &mut Work<'_>, pass: &Grant<()>, new: NewRecord<'_>) -> Result<()> {
    let case = NewCase {
        id: new.record.id.case(),
        kind: CaseKind::Warrn,
        reference: new.record.reference.clone(),
        school: new.record.school,
        service: None,
        pupil: new.pupil,
        officer: None,
        queue: None,
        opened_by: work.caller().actor,
    };
    cases::insert(work, pass, &case)?;
    let row = NewRow {
        id: new.record.id,
        agreement: &new.record.agreement,
        expected_return_on: new.record.expected_return_on,
        content: new.content.into_stored(),
    };
    diesel::insert_into(w::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// Names a recipient; says whether it was new. A part has one first recipient at a time, one deputy, and nobody twice: who
/// was one before, and left, gets another row, and the old one keeps its days.
pub(super) fn name<T>(work: &mut Work<'_>, _pass: &Grant<T>, record: WarrnId, new: &NamedRecipient) -> Result<bool> {
    let (person_id, officer_id) = match new.to {
        Recipient::Person(id) => (Some(id), None),
        Recipient::Officer(id) => (None, Some(id)),
    };
    let row = RecipientRow {
        id: new.id,
        case_id: record.case(),
        part: new.part,
        stage: new.stage,
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

/// Ends these recipients at an instant, those who have not ended sooner.
pub(super) fn end(work: &mut Work<'_>, pass: &Grant<WarrnId>, ids: &[RecipientId], at: Utc) -> Result<()> {
    let theirs = r::table.filter(r::case_id.eq(pass.id().case())).filter(r::id.eq_any(ids));
    diesel::update(theirs.filter(r::ends_at.is_null().or(r::ends_at.gt(at))))
        .set(r::ends_at.eq(at))
        .execute(work.conn())?;
    Ok(())
}

/// Lets who was named first for want of anybody else stand beside them as a lead.
pub(super) fn stand_aside(work: &mut Work<'_>, pass: &Grant<WarrnId>, part: Part) -> Result<()> {
    let first = r::table.filter(r::case_id.eq(pass.id().case())).filter(r::part.eq(part)).filter(r::stage.eq(0));
    diesel::update(first.filter(r::ends_at.is_null())).set(r::stage.eq(2_i64)).execute(work.conn())?;
    Ok(())
}

pub(super) fn envelope(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<WarrnEnvelope> {
    let found = w::table.inner_join(c::table).filter(w::id.eq(pass.id()));
    record(found.select((Row::as_select(), CaseRow::as_select())).first(work.conn())?)
}

pub(super) fn content(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<(PupilId, Sealed<Content>)> {
    let found = w::table.inner_join(c::table).filter(w::id.eq(pass.id()));
    let (pupil, content): (PupilId, SealedBytes) = found.select((c::pupil_id, w::content)).first(work.conn())?;
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
        .filter(r::case_id.eq_any(ids.iter().map(|id| id.case())))
        .order((r::case_id.asc(), r::part.asc(), r::stage.asc(), r::id.asc()))
        .load(work.conn())?;
    rows.into_iter().map(RecipientRow::named).collect()
}

/// The recipients of a record, kept until the transaction ends.
pub(super) fn lock_recipients(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Vec<NamedRecipient>> {
    let query = r::table.filter(r::case_id.eq(pass.id().case())).order((r::part.asc(), r::stage.asc(), r::id.asc()));
    let rows: Vec<RecipientRow> = for_update(query).load(work.conn())?;
    rows.into_iter().map(|row| row.named().map(|(_, named)| named)).collect()
}

pub(super) fn acknowledge(work: &mut Work<'_>, pass: &Grant<WarrnId>, ids: &[RecipientId], by: PersonId) -> Result<()> {
    let now = work.now();
    diesel::update(r::table.filter(r::case_id.eq(pass.id().case())).filter(r::id.eq_any(ids)))
        .set((r::acknowledged_at.eq(now), r::acknowledged_by.eq(by)))
        .execute(work.conn())?;
    Ok(())
}

/// Notes that the lateness of a part's acknowledgement was told.
pub(super) fn mark_escalated(work: &mut Work<'_>, pass: &Grant<WarrnId>, part: Part) -> Result<()> {
    let now = work.now();
    let first = r::table.filter(r::case_id.eq(pass.id().case())).filter(r::part.eq(part)).filter(r::stage.eq(0));
    diesel::update(first.filter(r::escalated_at.is_null()).filter(r::ends_at.is_null()))
        .set(r::escalated_at.eq(now))
        .execute(work.conn())?;
    Ok(())
}
