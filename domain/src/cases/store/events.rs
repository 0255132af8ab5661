//! The table of what happened.

use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::model::{Event, OfCase};
use crate::db::Work;
use crate::db::schema::case_events as e;
use crate::db::types::{SealedBytes, Uid, Utc};
use crate::kernel::{Actor, CaseId, Error, Result};
use crate::vault::Sealed;

/// An event to store. Its id is known before, because its note is sealed at it.
pub struct NewEvent {
    /// The id.
    pub id: uuid::Uuid,
    /// The case.
    pub case: CaseId,
    /// What happened, as a word of the case's kind.
    pub kind: &'static str,
    /// Where the case stands after it.
    pub state: &'static str,
    /// Why.
    pub reason: Option<&'static str>,
    /// What was said.
    pub note: Option<Sealed<String>>,
}

#[derive(Insertable)]
#[diesel(table_name = e)]
struct NewRow {
    id: Uid,
    case_id: CaseId,
    at: Utc,
    actor_kind: &'static str,
    actor_id: Option<Uid>,
    kind: &'static str,
    state: &'static str,
    reason: Option<&'static str>,
    note: Option<SealedBytes>,
}

/// Notes what the caller did, under the grant they did it with.
pub fn add_event<T>(work: &mut Work<'_>, _pass: &Grant<T>, event: NewEvent) -> Result<()> {
    let actor = work.caller().actor;
    let row = NewRow {
        id: Uid::from_uuid(event.id),
        case_id: event.case,
        at: work.now(),
        actor_kind: actor.kind(),
        actor_id: actor.uuid().map(Uid::from_uuid),
        kind: event.kind,
        state: event.state,
        reason: event.reason,
        note: event.note.map(Sealed::into_stored),
    };
    diesel::insert_into(e::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// An event as stored: what it shows, and its note still sealed.
pub struct StoredEvent {
    /// Its id, at which the note is sealed.
    pub id: uuid::Uuid,
    /// What it shows.
    pub event: Event,
    /// What was said.
    pub note: Option<Sealed<String>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = e)]
struct Row {
    id: Uid,
    at: Utc,
    actor_kind: String,
    actor_id: Option<Uid>,
    kind: String,
    state: String,
    reason: Option<String>,
    note: Option<SealedBytes>,
}

/// A case's events, oldest first.
pub fn events<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>) -> Result<Vec<StoredEvent>> {
    let rows: Vec<Row> = e::table
        .filter(e::case_id.eq(pass.id().case()))
        .order((e::at.asc(), e::id.asc()))
        .select(Row::as_select())
        .load(work.conn())?;
    rows.into_iter()
        .map(|row| {
            let actor = Actor::from_stored(&row.actor_kind, row.actor_id.map(Uid::uuid))
                .ok_or_else(|| Error::internal("an event names an actor of an unknown kind"))?;
            let event = Event {
                at: row.at,
                actor,
                kind: row.kind,
                state: row.state,
                reason: row.reason,
                has_note: row.note.is_some(),
            };
            Ok(StoredEvent { id: row.id.uuid(), event, note: row.note.map(Sealed::from_stored) })
        })
        .collect()
}
