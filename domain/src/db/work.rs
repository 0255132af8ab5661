//! The open transaction, who asked for it and when.

use std::cell::Cell;

use crate::kernel::{Caller, Chance, Error, Result, Utc};

use super::Conn;

/// Something that runs just before the commit, in the order it was put off.
type Deferred = Box<dyn FnOnce(&mut Work<'_>) -> Result<()>>;

/// One unit of work: a transaction, its caller, its instant and its randomness.
///
/// Everything a use case changes goes through it, so the change, its audit entry, its notices and its idempotency
/// record are committed together or not at all (`DESIGN.md` invariant 1). Nothing may leave the process inside it.
pub struct Work<'a> {
    conn: &'a mut Conn,
    caller: &'a Caller,
    now: Utc,
    chance: &'a dyn Chance,
    deferred: Vec<Deferred>,
    audited: bool,
    ids: Cell<u16>,
    subjects: Vec<uuid::Uuid>,
}

impl<'a> Work<'a> {
    /// A unit of work over an open transaction. Only [`super::Db`] and tests of single stores make one.
    pub fn new(conn: &'a mut Conn, caller: &'a Caller, now: Utc, chance: &'a dyn Chance) -> Self {
        Self {
            conn,
            caller,
            now,
            chance,
            deferred: Vec::new(),
            audited: false,
            ids: Cell::new(0),
            subjects: Vec::new(),
        }
    }

    /// The connection, for stores.
    pub const fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// Who asked.
    #[must_use]
    pub const fn caller(&self) -> &'a Caller {
        self.caller
    }

    /// The instant of this work: one for all its rows.
    #[must_use]
    pub const fn now(&self) -> Utc {
        self.now
    }

    /// Randomness for this work.
    #[must_use]
    pub const fn chance(&self) -> &'a dyn Chance {
        self.chance
    }

    /// A new time-ordered id (`UUIDv7`) from this work's clock and randomness. Within one work, ids are in the order they
    /// were made: their 12 bits `rand_a` count (RFC 9562 §6.2 method 1); a work makes fewer than 4,096 that are read in
    /// order. The other 62 bits are random.
    #[must_use]
    pub fn new_id(&self) -> uuid::Uuid {
        let mut random = [0_u8; 10];
        self.chance.fill(&mut random);
        let count = self.ids.get();
        self.ids.set(count.wrapping_add(1));
        let [high, low, ..] = &mut random;
        // The version takes the upper half of the first byte.
        [*high, *low] = count.to_be_bytes();
        let millis = u64::try_from(self.now.micros() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A new random id (`UUIDv4`), for anything near the survey: it tells neither time nor order.
    #[must_use]
    pub fn random_id(&self) -> uuid::Uuid {
        let mut random = [0_u8; 16];
        self.chance.fill(&mut random);
        uuid::Builder::from_random_bytes(random).into_uuid()
    }

    /// Puts something off until just before the commit. The audit chain's head is locked that late, so writers wait
    /// for each other as briefly as they can and never in a circle.
    pub fn before_commit(&mut self, step: impl FnOnce(&mut Work<'_>) -> Result<()> + 'static) {
        self.deferred.push(Box::new(step));
    }

    /// Notes that this work has an audit entry. Called by `audit` alone.
    pub const fn mark_audited(&mut self) {
        self.audited = true;
    }

    /// Notes what an audit entry of this work is about. Called by `audit` alone.
    pub fn note_subject(&mut self, id: uuid::Uuid) {
        self.subjects.push(id);
    }

    /// What the audit entries of this work are about, in their order.
    #[must_use]
    pub fn subjects(&self) -> &[uuid::Uuid] {
        &self.subjects
    }

    /// Whether an audit entry was recorded.
    #[must_use]
    pub const fn is_audited(&self) -> bool {
        self.audited
    }

    /// Runs what was put off. A write without an audit entry is a fault of ours and is rolled back.
    pub(super) fn finish(&mut self, must_be_audited: bool) -> Result<()> {
        for step in std::mem::take(&mut self.deferred) {
            step(self)?;
        }
        if must_be_audited && !self.audited {
            return Err(Error::internal("a write without an audit entry was rolled back"));
        }
        Ok(())
    }
}
