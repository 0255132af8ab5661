//! Signing checkpoints, and verifying the record against them.

use std::collections::BTreeMap;

use crate::audit::model::Finding;
use crate::audit::service::{record, walk};
use crate::audit::{Object, store as chain};
use crate::db::Work;
use crate::kernel::{Error, Result, to_hex};

use super::rules::{self, PublicKeys, Signer};
use super::{Checkpoint, store};

/// The entry that says a checkpoint was signed.
const ACTION: &str = "audit.checkpoint";

/// Whether the record has grown since the last checkpoint, by more than the entry about that one.
///
/// # Errors
/// When the database can't be read.
pub fn is_due(work: &mut Work<'_>) -> Result<bool> {
    let (seq, _) = chain::head(work)?;
    let covered = store::last(work)?.map_or(0, |last| last.size + 1);
    Ok(seq > covered)
}

/// The newest checkpoint.
///
/// # Errors
/// When the database can't be read.
pub fn latest(work: &mut Work<'_>) -> Result<Option<Checkpoint>> {
    Ok(store::last_line(work)?.as_deref().and_then(rules::parse))
}

/// Signs a checkpoint over every entry there is, keeps it, and records that. Gives its line for the file outside.
///
/// # Errors
/// When there is no entry yet, or the database can't be written.
pub fn sign(work: &mut Work<'_>, signer: &Signer) -> Result<String> {
    let bytes = |hash: Vec<u8>| <[u8; 32]>::try_from(hash).map_err(|_| Error::internal("a hash has 32 bytes"));
    let (size, head) = chain::lock_head(work)?;
    let first = chain::after(work, 0, 1)?.pop().ok_or_else(|| Error::internal("the audit record is empty"))?;
    let last = store::last(work)?;
    let checkpoint = Checkpoint {
        chain: bytes(first.hash)?,
        number: last.as_ref().map_or(1, |l| l.number + 1),
        size,
        head: bytes(head)?,
        at: work.now(),
        previous: last.map_or(Ok([0; 32]), |l| bytes(l.digest))?,
    };
    let (line, digest) = (signer.line(&checkpoint)?, rules::digest(&checkpoint));
    store::insert(work, &checkpoint, &digest, &line)?;
    record(work, ACTION, Object::all("audit"), detail(checkpoint.number, &digest));
    Ok(line)
}

/// What the entry about a checkpoint says.
fn detail(number: i64, digest: &[u8; 32]) -> String {
    format!("number={number} digest={}", to_hex(digest))
}

/// The lines of the checkpoints after this number, for a file that lacks them.
///
/// # Errors
/// When the database can't be read.
pub fn lines_after(work: &mut Work<'_>, number: i64) -> Result<Vec<String>> {
    store::lines_after(work, number)
}

/// Verifies the record in itself and against the checkpoints kept outside. It opens nothing sealed and needs no key but
/// the public ones.
///
/// A record that is broken in itself is told first, with the number of the entry. Where it is whole and differs from
/// what was signed (built anew, cut off, an old copy), the number is the first one that no checkpoint covers as it is.
///
/// # Errors
/// When the database can't be read.
pub fn verify(work: &mut Work<'_>, lines: &[String], keys: &PublicKeys) -> Result<Finding> {
    let checked = rules::checked(lines, keys);
    let known: &[Checkpoint] = checked.as_deref().unwrap_or_default();
    let at: BTreeMap<i64, &Checkpoint> = known.iter().map(|c| (c.size, c)).collect();
    let mut proved = 0;
    let mut missing = None;
    let found = walk(work, |entry| {
        let foreign = entry.seq == 1 && known.first().is_some_and(|c| c.chain.as_slice() != entry.hash);
        if foreign {
            return Some((1, "this is not the chain that was signed"));
        }
        if let Some(checkpoint) = at.get(&entry.seq) {
            if checkpoint.head.as_slice() != entry.hash {
                return Some((proved + 1, "the entries from here on are not those that were signed"));
            }
            proved = entry.seq;
        }
        if entry.action == ACTION && missing.is_none() {
            missing = missed(&entry.detail, known);
        }
        None
    })?;
    let Finding::Whole { entries } = found else { return Ok(found) };
    if let Err((number, how)) = checked {
        return Ok(Finding::Checkpoint { number, how });
    }
    if known.last().is_some_and(|last| last.size > entries) {
        return Ok(Finding::Broken { seq: entries + 1, how: "entries were cut off that were signed" });
    }
    if let Some(number) = missing {
        let how = "it is on record and not among those given: removed, or not yet written out by the worker";
        return Ok(Finding::Checkpoint { number, how });
    }
    if known.is_empty() {
        return Ok(Finding::Checkpoint { number: 1, how: "there is no checkpoint" });
    }
    Ok(found)
}

/// The number of a checkpoint that this entry tells of and nobody has.
fn missed(told: &str, known: &[Checkpoint]) -> Option<i64> {
    let number: i64 = told.strip_prefix("number=")?.split(' ').next()?.parse().ok()?;
    let there = known.iter().any(|c| c.number == number && detail(number, &rules::digest(c)) == told);
    (!there).then_some(number)
}
