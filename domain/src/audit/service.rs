//! Recording and verifying.

use crate::db::Work;
use crate::kernel::{Error, Result, Utc};

use super::model::{Entry, Finding, Object};
use super::{rules, store};

/// Records that the work's caller did `action` to `object`. The link is forged just before the commit.
///
/// `action` and `detail` are words of ours: no names, no content.
pub fn record(work: &mut Work<'_>, action: &'static str, object: Object, detail: impl Into<String>) {
    let detail = detail.into();
    work.mark_audited();
    if let Some(id) = object.id {
        work.note_subject(id);
    }
    work.before_commit(move |work| append(work, action, object, detail));
}

fn append(work: &mut Work<'_>, action: &'static str, object: Object, detail: String) -> Result<()> {
    let (seq, prev) = store::lock_head(work)?;
    let caller = work.caller();
    let mut entry = Entry {
        seq: seq + 1,
        at: work.now(),
        actor_kind: caller.actor.kind().to_owned(),
        actor_id: caller.actor.uuid(),
        action: action.to_owned(),
        object_kind: object.kind.to_owned(),
        object_id: object.id,
        school_id: object.school.map(crate::kernel::SchoolId::uuid),
        request_id: caller.request_id.clone(),
        detail,
        prev: prev.clone(),
        hash: Vec::new(),
    };
    entry.hash = rules::link(&prev, &entry);
    // What can't be put on record is not done and not read: the caller may try again.
    store::append(work, &entry).map_err(Error::unavailable)
}

/// When the newest entry was made.
///
/// # Errors
/// When the database can't be read.
pub fn newest_at(work: &mut Work<'_>) -> Result<Option<Utc>> {
    let (seq, _) = store::head(work)?;
    Ok(store::after(work, seq - 1, 1)?.pop().map(|entry| entry.at))
}

/// Walks the chain from its first entry to its head.
///
/// Finds any changed, removed, inserted or reordered entry, and a tail cut off without the head. A tail cut off together
/// with the head, and a record built anew, are found by [`super::checkpoints::verify`].
///
/// # Errors
/// When the database can't be read.
pub fn verify(work: &mut Work<'_>) -> Result<Finding> {
    walk(work, |_| None)
}

/// Walks the chain, showing each good entry to `look`, who may find fault with it. Entries that are added meanwhile are
/// walked too: a record that grows is no broken one.
pub(super) fn walk(
    work: &mut Work<'_>,
    mut look: impl FnMut(&Entry) -> Option<(i64, &'static str)>,
) -> Result<Finding> {
    const STEP: i64 = 1000;
    let mut prev = vec![0_u8; 32];
    let mut last = 0_i64;
    let mut again = false;
    loop {
        let begun_at = last;
        loop {
            let entries = store::after(work, last, STEP)?;
            for entry in &entries {
                if entry.seq != last + 1 {
                    return Ok(Finding::Broken { seq: last + 1, how: "an entry is missing or out of order" });
                }
                if entry.prev != prev {
                    return Ok(Finding::Broken { seq: entry.seq, how: "the entry does not follow the one before it" });
                }
                if entry.hash != rules::link(&prev, entry) {
                    return Ok(Finding::Broken { seq: entry.seq, how: "the entry was changed" });
                }
                if let Some((seq, how)) = look(entry) {
                    return Ok(Finding::Broken { seq, how });
                }
                prev.clone_from(&entry.hash);
                last = entry.seq;
            }
            if entries.is_empty() {
                break;
            }
        }
        let (head_seq, head_hash) = store::head(work)?;
        if head_seq == last && head_hash == prev {
            return Ok(Finding::Whole { entries: last });
        }
        // Whoever adds an entry moves the head in the same transaction, so a head further on has entries to show.
        if head_seq <= last || (again && last == begun_at) {
            return Ok(Finding::Broken { seq: last + 1, how: "the last entries were removed or the head was changed" });
        }
        again = true;
    }
}
