//! Begin, replay or refuse; complete.

use uuid::Uuid;

use crate::db::Work;
use crate::kernel::{Code, Result, to_hex};
use crate::vault::{Place, Vault};

use super::store;

/// How long an answer is kept (at least 24 h is promised; `facts/reliability.md` D9 asks 48).
const KEPT_HOURS: i64 = 48;

/// A caller's key for one request, with the fingerprint of that request.
#[derive(Debug, Clone)]
pub struct Key {
    key: String,
    fingerprint: Vec<u8>,
}

impl Key {
    /// Reads the header's value. `fingerprint` is a digest over method, path and body.
    ///
    /// # Errors
    /// [`Code::IdempotencyKeyRequired`] or [`Code::IdempotencyKeyInvalid`].
    pub fn read(header: Option<&str>, fingerprint: Vec<u8>) -> Result<Self> {
        let key = header.ok_or(Code::IdempotencyKeyRequired)?;
        if key.is_empty() || key.len() > 255 || !key.bytes().all(|b| (0x21..=0x7e).contains(&b)) {
            return Err(Code::IdempotencyKeyInvalid.into());
        }
        Ok(Self { key: key.to_owned(), fingerprint })
    }
}

/// A stored answer: what the first request was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status as a number of the wire's.
    pub status: i64,
    /// The body's bytes, and before them anything the edge needs to repeat (it decides the form).
    pub body: Vec<u8>,
}

/// What [`begin`] found.
#[derive(Debug)]
pub enum Outcome {
    /// Not seen before: do it, then [`complete`].
    Fresh,
    /// Done before: the same answer again.
    Replay(Answer),
}

/// Claims the key within the transaction. On PostgreSQL a second request with the same key waits here for the first.
///
/// # Errors
/// [`Code::IdempotencyKeyReused`] when the same key came with another request.
pub fn begin(work: &mut Work<'_>, vault: &Vault, key: &Key) -> Result<Outcome> {
    let owner = owner(work);
    let expires = work.now().plus_hours(KEPT_HOURS);
    store::forget_if_expired(work, owner, &key.key)?;
    // Keyed: whoever has the database can't try small bodies, such as one pupil's answers, until one fits.
    let fingerprint = vault.blind_index("idempotency_keys.fingerprint", &to_hex(&key.fingerprint));
    if store::claim(work, owner, &key.key, &fingerprint, expires)? {
        return Ok(Outcome::Fresh);
    }
    let stored = store::find(work, owner, &key.key)?;
    if stored.fingerprint != fingerprint {
        return Err(Code::IdempotencyKeyReused.into());
    }
    let body = vault.open_own(place(owner.1), &stored.answer)?;
    Ok(Outcome::Replay(Answer { status: stored.status, body: body.to_vec() }))
}

/// Keeps the answer, sealed, in the same transaction as the change.
///
/// # Errors
/// When the key was not claimed in this transaction.
pub fn complete(work: &mut Work<'_>, vault: &Vault, key: &Key, answer: &Answer) -> Result<()> {
    let owner = owner(work);
    let sealed = vault.seal_own(place(owner.1), &answer.body, work.chance())?;
    store::complete(work, owner, &key.key, answer.status, &sealed)
}

/// Removes what has expired; the worker calls it now and then. Returns how many.
///
/// # Errors
/// When the database can't be written.
pub fn forget_expired(work: &mut Work<'_>) -> Result<usize> {
    store::forget_expired(work)
}

/// The caller a key belongs to.
fn owner(work: &Work<'_>) -> (&'static str, Uuid) {
    let actor = work.caller().actor;
    (actor.kind(), actor.uuid().unwrap_or_else(Uuid::nil))
}

/// An answer is sealed to its caller.
const fn place(owner: Uuid) -> Place {
    Place { table: "idempotency_keys", column: "answer", row: owner }
}
