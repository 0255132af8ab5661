//! Writing, claiming, settling, and the ledger.

use crate::access::{self, Action};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{NoticeId, Page, PageRequest, Result};

use super::model::{Leased, NewNotice, Notice, Outcome, State};
use super::rules::{self, LARGEST_ATTEMPT, Next};
use super::store;

/// Writes a message into the outbox, in the transaction of the change it tells of. A second one with the same `dedupe`
/// is nothing more.
///
/// # Errors
/// When the database refuses it.
#[expect(clippy::needless_pass_by_value, reason = "a notice is made to be written once")]
pub fn enqueue(work: &mut Work<'_>, new: NewNotice) -> Result<()> {
    store::insert(work, &new)
}

/// Takes up to `limit` messages that are due for `lease_seconds`. Who does not settle in time loses them to the next
/// worker; a message whose last try was lost that way is given up here.
///
/// # Errors
/// When the database can't be written.
pub fn claim(work: &mut Work<'_>, limit: i64, lease_seconds: i64) -> Result<Vec<Leased>> {
    let (mine, worn_out): (Vec<_>, Vec<_>) =
        store::due(work, limit)?.into_iter().partition(|l| l.attempt <= LARGEST_ATTEMPT);
    for lost in worn_out {
        if store::finish(work, lost.id, State::TechnicalFailure, Some("lost"))? {
            record_end(work, lost.id, State::TechnicalFailure, "lost");
        }
    }
    if !mine.is_empty() {
        let ids: Vec<NoticeId> = mine.iter().map(|l| l.id).collect();
        let until = work.now().plus_seconds(lease_seconds);
        store::lease(work, &ids, until)?;
    }
    Ok(mine)
}

/// Writes down how a try ended: its final state, or when it is tried again.
///
/// A delivery counts even when the lease ran out meanwhile; any other late outcome is left to whoever holds the message
/// now. Settling twice changes nothing.
///
/// # Errors
/// When the database can't be written.
pub fn settle(work: &mut Work<'_>, held: &Leased, outcome: Outcome) -> Result<()> {
    let mut random = [0_u8; 2];
    work.chance().fill(&mut random);
    match rules::next(outcome, held.attempt, u16::from_le_bytes(random)) {
        Next::Final(State::Delivered) => store::finish(work, held.id, State::Delivered, None).map(|_| ()),
        Next::Final(state) => {
            if store::finish_own(work, held, state, outcome.problem())? {
                record_end(work, held.id, state, outcome.problem().unwrap_or_default());
            }
            Ok(())
        }
        Next::Retry(seconds) => {
            let next_at = work.now().plus_seconds(seconds);
            store::put_off(work, held, next_at, outcome.problem())
        }
    }
}

/// A message that did not arrive is part of the record (`facts/reliability.md` OUT-5).
fn record_end(work: &mut Work<'_>, id: NoticeId, state: State, problem: &str) {
    audit::record(work, "notice.failed", Object::one("notice", id.uuid()), format!("{state} {problem}"));
}

/// A page of the delivery ledger, newest first.
///
/// # Errors
/// As [`access::scope`].
pub fn page(work: &mut Work<'_>, request: PageRequest) -> Result<Page<Notice>> {
    let pass = access::scope(work, Action::ReadNotices)?;
    store::page(work, &pass, request)
}
