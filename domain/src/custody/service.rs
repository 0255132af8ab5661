//! Opening the vault, and changing master keys.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::audit::{self, Object};
use crate::db::{Db, Work};
use crate::kernel::{Caller, Code, Error, Result};
use crate::vault::{self, Kek, KeyRing, Purpose, PurposeKeys, Vault};

use super::model::{KeyUse, Progress};
use super::store;

/// A batch that the database had no time for is tried so often again.
const TRIES: u32 = 20;
/// After so long.
const PAUSE: Duration = Duration::from_millis(250);

/// Opens this database's vault; the first time, its keys are made.
///
/// # Errors
/// When a key it needs is not at hand, or the current master key was retired.
pub fn open(db: &Db, ring: KeyRing) -> Result<Vault> {
    let caller = Caller::system("start");
    if !db.read(&caller, store::is_complete)? {
        let ring = ring.clone();
        db.write(&caller, move |work| found(work, &ring))?;
    }
    let purposes = db.read(&caller, |work| purposes(work, &ring))?;
    Ok(Vault::over(ring, purposes))
}

/// The keys of our purposes, unwrapped.
fn purposes(work: &mut Work<'_>, ring: &KeyRing) -> Result<PurposeKeys> {
    let current = ring.current().id();
    if store::retired(work)?.iter().any(|(id, _)| id == current) {
        return Err(Error::internal(format!("keys.master is {current}, which was retired: give a newer one")));
    }
    let mut keys: Vec<(Purpose, Zeroizing<[u8; 32]>)> = Vec::new();
    for purpose in Purpose::ALL {
        let stored = store::system_key(work, *purpose)?;
        let (kek, wrapped) = stored.ok_or_else(|| Error::internal("a key of ours is missing"))?;
        keys.push((*purpose, vault::unwrap_purpose(ring.find(&kek)?, *purpose, &wrapped)?));
    }
    let of = |purpose| keys.iter().find(|(p, _)| *p == purpose).map(|(_, key)| key.clone()).unwrap_or_default();
    Ok(PurposeKeys::new(of))
}

/// Makes the keys of our purposes, or, in a database that was used before it had any, wraps those that the first master
/// key gave: what is stored stays readable and what is indexed is found.
fn found(work: &mut Work<'_>, ring: &KeyRing) -> Result<()> {
    for purpose in Purpose::ALL {
        let current = ring.current();
        match store::system_key(work, *purpose)? {
            Some((kek, _)) if kek.is_empty() => {
                let first = first_key(work, ring)?;
                let key = first
                    .derived(*purpose)
                    .ok_or_else(|| Error::internal("the database was made under a key file: give it in keys.ring"))?;
                let wrapped = vault::wrap_purpose(current, *purpose, &key, work.chance())?;
                store::replace_system_key(work, *purpose, "", current.id(), wrapped)?;
            }
            Some(_) => {}
            None => {
                let mut key = Zeroizing::new([0_u8; 32]);
                work.chance().fill(key.as_mut());
                let wrapped = vault::wrap_purpose(current, *purpose, &key, work.chance())?;
                store::add_system_key(work, *purpose, current.id(), wrapped)?;
            }
        }
    }
    audit::record(work, "keys.found", Object::all("system_key"), format!("under={}", ring.current().id()));
    Ok(())
}

/// The master key an older database was used with: the one its children's keys name, or, without children, the current.
fn first_key<'a>(work: &mut Work<'_>, ring: &'a KeyRing) -> Result<&'a dyn Kek> {
    let named = store::counts(work)?.0;
    match named.as_slice() {
        [] => Ok(ring.current()),
        [(only, _)] => ring.find(only),
        _ => {
            Err(Error::internal("children's keys name several master keys, and none of them is known to be the first"))
        }
    }
}

/// Every master key that is at hand, named by a row, or retired.
///
/// # Errors
/// When the database can't be read.
pub fn list(work: &mut Work<'_>, ring: &KeyRing) -> Result<Vec<KeyUse>> {
    let (children, own) = store::counts(work)?;
    let retired = store::retired(work)?;
    let mut ids: Vec<String> = ring.ids().map(str::to_owned).collect();
    let named = children.iter().chain(&own).map(|(id, _)| id).chain(retired.iter().map(|(id, _)| id));
    for id in named {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    let count = |of: &[(String, i64)], id: &str| of.iter().find(|(i, _)| i == id).map_or(0, |(_, n)| *n);
    let key = |id: String| KeyUse {
        current: id == ring.current().id(),
        at_hand: ring.find(&id).is_ok(),
        children: count(&children, &id),
        own: count(&own, &id),
        retired_at: retired.iter().find(|(i, _)| *i == id).map(|(_, at)| *at),
        id,
    };
    Ok(ids.into_iter().map(key).collect())
}

/// How many rows name another master key than the current one.
///
/// # Errors
/// When the database can't be read.
pub fn waiting(work: &mut Work<'_>, ring: &KeyRing) -> Result<i64> {
    let (children, own) = store::counts(work)?;
    let current = ring.current().id();
    Ok(children.iter().chain(&own).filter(|(id, _)| id != current).map(|(_, n)| n).sum())
}

/// Wraps every key that names another master key anew under the current one, `batch` rows a transaction, beside running
/// writers. Interrupted at any moment it has done whole batches and goes on where it stopped. Each batch is audited.
///
/// Returns when no row waits whose key is at hand. What other processes add under an older master key meanwhile is done
/// too, so it ends only once they all have the new one; `seen` hears after each batch how far it has come.
///
/// # Errors
/// When a row does not unwrap, or the database fails for longer than some seconds.
pub fn rotate(
    db: &Db,
    caller: &Caller,
    ring: &KeyRing,
    batch: i64,
    mut seen: impl FnMut(Progress),
) -> Result<Progress> {
    let mut progress = Progress { done: 0, waiting: patient(|| db.read(caller, |work| waiting(work, ring)))? };
    loop {
        let more = patient(|| db.read(caller, |work| next(work, ring)))?;
        if !more {
            progress.waiting = patient(|| db.read(caller, |work| waiting(work, ring)))?;
            return Ok(progress);
        }
        let done = patient(|| {
            let ring = ring.clone();
            db.write(caller, move |work| one_batch(work, &ring, batch))
        })?;
        progress.done += done;
        progress.waiting = (progress.waiting - done).max(0);
        seen(progress);
    }
}

/// Tries again while the database is busy with others.
fn patient<T>(mut f: impl FnMut() -> Result<T>) -> Result<T> {
    for _ in 1..TRIES {
        match f() {
            Err(e) if e.code == Code::Unavailable => std::thread::sleep(PAUSE),
            other => return other,
        }
    }
    f()
}

/// Whether there is a row to wrap anew whose key is at hand.
fn next(work: &mut Work<'_>, ring: &KeyRing) -> Result<bool> {
    let (children, own) = store::counts(work)?;
    let current = ring.current().id();
    Ok(children.iter().chain(&own).any(|(id, _)| id != current && ring.find(id).is_ok()))
}

/// One batch, in one transaction: all of our own keys, or some of the children's.
fn one_batch(work: &mut Work<'_>, ring: &KeyRing, batch: i64) -> Result<i64> {
    let current = ring.current();
    if store::is_retired(work, current.id())? {
        let why = format!("keys.master is {}, which was retired: give a newer one", current.id());
        return Err(Error::new(Code::StateConflict).with_detail(why));
    }
    let mut done = 0;
    for purpose in Purpose::ALL {
        let Some((kek, wrapped)) = store::system_key(work, *purpose)? else { continue };
        if kek != current.id() && !kek.is_empty() {
            let key = vault::unwrap_purpose(ring.find(&kek)?, *purpose, &wrapped)?;
            let wrapped = vault::wrap_purpose(current, *purpose, &key, work.chance())?;
            done += store::replace_system_key(work, *purpose, &kek, current.id(), wrapped)?;
        }
    }
    let others: Vec<&str> = ring.ids().skip(1).collect();
    for from in others {
        let rows = store::some_under(work, from, batch - done)?;
        for (id, wrapped) in rows {
            let wrapped = vault::rewrap_child(ring.find(from)?, current, id, &wrapped, work.chance())?;
            done += store::replace_child_key(work, id, from, current.id(), wrapped)?;
        }
        if done >= batch {
            break;
        }
    }
    audit::record(work, "keys.rewrap", Object::all("child_key"), format!("rows={done} under={}", current.id()));
    Ok(done)
}

/// Takes a master key out of use: from then on nothing can be wrapped under it. Its file may be destroyed once the
/// backups that were made under it are gone.
///
/// # Errors
/// [`Code::StateConflict`] when it is the current one, unknown, retired already, or a row still names it.
pub fn retire(work: &mut Work<'_>, ring: &KeyRing, id: &str) -> Result<()> {
    let refuse = |why: String| Err(Error::new(Code::StateConflict).with_detail(why));
    store::alone(work)?;
    let Some(key) = list(work, ring)?.into_iter().find(|k| k.id == id) else {
        return refuse(format!("no master key {id} is at hand or named by a row"));
    };
    if key.retired_at.is_some() {
        return refuse(format!("{id} was retired before"));
    }
    if key.current {
        return refuse(format!("{id} is keys.master: make another one current and run `dolen keys rotate`"));
    }
    if key.children + key.own > 0 {
        return refuse(format!("{} rows still name {id}: run `dolen keys rotate`", key.children + key.own));
    }
    store::retire(work, id)?;
    audit::record(work, "keys.retire", Object::all("master_key"), format!("key={id}"));
    Ok(())
}
