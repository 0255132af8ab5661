//! The table of a referral's events.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::referral_events as e;
use crate::db::types::{SealedBytes, Uid, Utc};
use crate::kernel::{ReferralId, Result};
use crate::referrals::model::{DeclineReason, Event, EventKind, State};
use crate::vault::Sealed;

use super::{actor, stored_actor};

/// An event to store; its id is known before, because its note is sealed at it.
pub(in crate::referrals) struct NewEvent {
    pub id: Uid,
    pub referral: ReferralId,
    pub kind: EventKind,
    pub state: State,
    pub reason: Option<DeclineReason>,
    pub note: Option<Sealed<String>>,
}

#[derive(Insertable)]
#[diesel(table_name = e)]
struct NewEventRow {
    id: Uid,
    referral_id: ReferralId,
    at: Utc,
    actor_kind: &'static str,
    actor_id: Option<Uid>,
    kind: EventKind,
    state: State,
    reason: Option<DeclineReason>,
    note: Option<SealedBytes>,
}

pub(in crate::referrals) fn add_event<T>(work: &mut Work<'_>, _pass: &Grant<T>, event: NewEvent) -> Result<()> {
    let (actor_kind, actor_id) = stored_actor(work.caller().actor);
    let row = NewEventRow {
        id: event.id,
        referral_id: event.referral,
        at: work.now(),
        actor_kind,
        actor_id,
        kind: event.kind,
        state: event.state,
        reason: event.reason,
        note: event.note.map(Sealed::into_stored),
    };
    diesel::insert_into(e::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// An event as stored: what it shows, and its note still sealed.
pub(in crate::referrals) struct StoredEvent {
    pub id: Uid,
    pub event: Event,
    pub note: Option<Sealed<String>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = e)]
struct EventRow {
    id: Uid,
    at: Utc,
    actor_kind: String,
    actor_id: Option<Uid>,
    kind: EventKind,
    state: State,
    reason: Option<DeclineReason>,
    note: Option<SealedBytes>,
}

/// A referral's events, oldest first.
pub(in crate::referrals) fn events(work: &mut Work<'_>, pass: &Grant<ReferralId>) -> Result<Vec<StoredEvent>> {
    let rows: Vec<EventRow> = e::table
        .filter(e::referral_id.eq(pass.id()))
        .order((e::at.asc(), e::id.asc()))
        .select(EventRow::as_select())
        .load(work.conn())?;
    rows.into_iter()
        .map(|row| {
            let event = Event {
                at: row.at,
                actor: actor(&row.actor_kind, row.actor_id)?,
                kind: row.kind,
                state: row.state,
                reason: row.reason,
                has_note: row.note.is_some(),
            };
            Ok(StoredEvent { id: row.id, event, note: row.note.map(Sealed::from_stored) })
        })
        .collect()
}
