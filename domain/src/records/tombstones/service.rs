//! Giving the lines, and doing again what a restored database forgot.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::Result;
use crate::records::retention::{Certificate, erase_again, keep_certificate, manage, stored_certificates};
use crate::vault::Vault;

use super::model::Line;
use super::store;

/// Every line the database knows, certificates first.
///
/// # Errors
/// A refusal of `access`.
pub fn lines(work: &mut Work<'_>) -> Result<Vec<Line>> {
    let pass = manage(work)?;
    let mut all: Vec<Line> = stored_certificates(work, &pass)?
        .into_iter()
        .rev()
        .map(|c| Line::Certificate { number: c.number, made_at: c.made_at, body: c.body })
        .collect();
    all.extend(store::all(work, &pass)?);
    Ok(all)
}

/// Those of `these` that are not among `known`.
#[must_use]
pub fn missing(these: &[Line], known: &[Line]) -> Vec<Line> {
    let known: BTreeSet<_> = known.iter().map(Line::key).collect();
    these.iter().filter(|line| !known.contains(&line.key())).cloned().collect()
}

/// Does again what these lines say. Says how many children, cases and sets of documents that were.
///
/// # Errors
/// A refusal of `access`; when the database refuses it.
pub fn replay(work: &mut Work<'_>, vault: &Vault, lines: &[Line]) -> Result<usize> {
    let pass = manage(work)?;
    let mut done = 0;
    for line in lines {
        if let Line::Certificate { number, made_at, body } = line {
            let digest = Sha256::digest(body.as_bytes()).to_vec();
            let kept = Certificate { number: *number, made_at: *made_at, body: body.clone(), digest };
            keep_certificate(work, &pass, &kept)?;
        }
    }
    for line in lines {
        if let Line::Tombstone { kind, id, record_class, certificate, .. } = line {
            erase_again(work, vault, &pass, *kind, *id, *record_class, *certificate)?;
            done += 1;
        }
    }
    audit::record(work, "retention.replay", Object::all("case"), done.to_string());
    Ok(done)
}
