//! The tables of provision and of what was said about it, read with the envelopes of their records' cases.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::OfCase as _;
use crate::db::Work;
use crate::db::schema::{cases as c, provision_notes as n, provisions as p};
use crate::db::types::{SealedBytes, Uid};
use crate::kernel::{Code, Error, PersonId, ProvisionId, PupilId, Reference, Result, SchoolId, Utc, WarrnId};
use crate::vault::Sealed;

use super::model::{Clock, Content, Ending, Kind, NoteContent, NoteKind, Placement, Provision};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = p)]
struct Row {
    id: ProvisionId,
    record_id: WarrnId,
    reference: String,
    kind: Kind,
    starts_on: NaiveDate,
    review_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    minutes_per_week: Option<i64>,
    consent_on: Option<NaiveDate>,
    placement: Option<Placement>,
    ended_on: Option<NaiveDate>,
    ending: Option<Ending>,
    started_at: Utc,
    started_by: PersonId,
    version: i64,
}

impl Row {
    fn provision(self, school: SchoolId, pupil: PupilId) -> Result<Provision> {
        let reference = Reference::parse(&self.reference);
        Ok(Provision {
            id: self.id,
            record: self.record_id,
            reference: reference.map_err(|_| Error::internal("a stored reference can't be read"))?,
            school,
            pupil,
            kind: self.kind,
            starts_on: self.starts_on,
            review_on: self.review_on,
            ends_on: self.ends_on,
            minutes_per_week: self.minutes_per_week,
            consent_on: self.consent_on,
            placement: self.placement,
            ended: self.ended_on.zip(self.ending),
            started_at: self.started_at,
            started_by: self.started_by,
            version: self.version,
        })
    }
}

/// The record that provision belongs to: what access needs to decide.
pub(super) fn record_of(work: &mut Work<'_>, id: ProvisionId) -> Result<Option<WarrnId>> {
    Ok(p::table.find(id).select(p::record_id).first(work.conn()).optional()?)
}

/// Keeps new provision with its content.
pub(super) fn insert(
    work: &mut Work<'_>,
    _pass: &Grant<WarrnId>,
    new: &Provision,
    content: Sealed<Content>,
) -> Result<()> {
    let row = Row {
        id: new.id,
        record_id: new.record,
        reference: new.reference.as_str().to_owned(),
        kind: new.kind,
        starts_on: new.starts_on,
        review_on: new.review_on,
        ends_on: new.ends_on,
        minutes_per_week: new.minutes_per_week,
        consent_on: new.consent_on,
        placement: new.placement,
        ended_on: None,
        ending: None,
        started_at: new.started_at,
        started_by: new.started_by,
        version: new.version,
    };
    diesel::insert_into(p::table).values((row, p::content.eq(content.into_stored()))).execute(work.conn())?;
    Ok(())
}

/// One of the record's, by its id.
pub(super) fn find(work: &mut Work<'_>, pass: &Grant<WarrnId>, id: ProvisionId) -> Result<Provision> {
    all(work, pass)?.into_iter().find(|p| p.id == id).ok_or_else(|| Code::NotFound.into())
}

/// All of a record, the first first.
pub(super) fn all(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Vec<Provision>> {
    let (school, pupil): (SchoolId, PupilId) =
        c::table.find(pass.id().case()).select((c::school_id, c::pupil_id)).first(work.conn())?;
    let rows: Vec<Row> = p::table
        .filter(p::record_id.eq(pass.id()))
        .order((p::started_at.asc(), p::id.asc()))
        .select(Row::as_select())
        .load(work.conn())?;
    rows.into_iter().map(|row| row.provision(school, pupil)).collect()
}

/// What is sealed of one.
pub(super) fn content(work: &mut Work<'_>, pass: &Grant<WarrnId>, id: ProvisionId) -> Result<Sealed<Content>> {
    let found = p::table.filter(p::record_id.eq(pass.id())).filter(p::id.eq(id));
    let content: SealedBytes = found.select(p::content).first(work.conn())?;
    Ok(Sealed::from_stored(content))
}

/// Stores its dates, its end and its next version, when nobody changed it since it had `version`.
pub(super) fn update(work: &mut Work<'_>, pass: &Grant<WarrnId>, changed: &Provision, version: i64) -> Result<()> {
    let own = p::table.filter(p::record_id.eq(pass.id())).filter(p::id.eq(changed.id));
    let count = diesel::update(own.filter(p::version.eq(version)))
        .set((
            (p::review_on.eq(changed.review_on), p::ends_on.eq(changed.ends_on), p::consent_on.eq(changed.consent_on)),
            (p::ended_on.eq(changed.ended.map(|(on, _)| on)), p::ending.eq(changed.ended.map(|(_, how)| how))),
            p::version.eq(changed.version),
        ))
        .execute(work.conn())?;
    if count == 1 { Ok(()) } else { Err(Code::VersionMismatch.into()) }
}

/// The turn of a clock of one, while it has one.
pub(super) fn turn(work: &mut Work<'_>, pass: &Grant<WarrnId>, id: ProvisionId, clock: Clock) -> Result<Option<i64>> {
    let own = p::table.filter(p::record_id.eq(pass.id())).filter(p::id.eq(id));
    Ok(match clock {
        Clock::Review => own.select(p::review_turn).first(work.conn())?,
        Clock::End => own.select(p::end_turn).first(work.conn())?,
    })
}

/// Remembers the turn of a clock of one, or that it has none any more.
pub(super) fn set_turn(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    id: ProvisionId,
    clock: Clock,
    turn: Option<i64>,
) -> Result<()> {
    let own = p::table.filter(p::record_id.eq(pass.id())).filter(p::id.eq(id));
    match clock {
        Clock::Review => diesel::update(own).set(p::review_turn.eq(turn)).execute(work.conn())?,
        Clock::End => diesel::update(own).set(p::end_turn.eq(turn)).execute(work.conn())?,
    };
    Ok(())
}

/// A note, still sealed. Its id is known before, because it is sealed at it.
pub(super) struct StoredNote {
    pub id: uuid::Uuid,
    pub kind: NoteKind,
    pub held_on: NaiveDate,
    pub next_on: Option<NaiveDate>,
    pub content: Sealed<NoteContent>,
    pub noted_at: Utc,
    pub noted_by: PersonId,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = n)]
struct NoteRow {
    id: Uid,
    kind: NoteKind,
    held_on: NaiveDate,
    next_on: Option<NaiveDate>,
    content: SealedBytes,
    noted_at: Utc,
    noted_by: PersonId,
}

pub(super) fn add_note(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    provision: ProvisionId,
    note: StoredNote,
) -> Result<()> {
    let row = NoteRow {
        id: Uid::from_uuid(note.id),
        kind: note.kind,
        held_on: note.held_on,
        next_on: note.next_on,
        content: note.content.into_stored(),
        noted_at: note.noted_at,
        noted_by: note.noted_by,
    };
    let whose = (n::provision_id.eq(provision), n::record_id.eq(pass.id()));
    diesel::insert_into(n::table).values((row, whose)).execute(work.conn())?;
    Ok(())
}

/// The notes of one, oldest first.
pub(super) fn notes(work: &mut Work<'_>, pass: &Grant<WarrnId>, id: ProvisionId) -> Result<Vec<StoredNote>> {
    let rows: Vec<NoteRow> = n::table
        .filter(n::record_id.eq(pass.id()))
        .filter(n::provision_id.eq(id))
        .order((n::noted_at.asc(), n::id.asc()))
        .select(NoteRow::as_select())
        .load(work.conn())?;
    let note = |row: NoteRow| StoredNote {
        id: row.id.uuid(),
        kind: row.kind,
        held_on: row.held_on,
        next_on: row.next_on,
        content: Sealed::from_stored(row.content),
        noted_at: row.noted_at,
        noted_by: row.noted_by,
    };
    Ok(rows.into_iter().map(note).collect())
}
