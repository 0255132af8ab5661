//! Until when each case is kept.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::access::Grant;
use crate::audit::{self, Object, Reading};
use crate::db::Work;
use crate::kernel::{Actor, Code, PupilId, Result, uk_date};
use crate::pupils;
use crate::vault::Vault;

use super::super::model::{Anchor, RecordClass, Rule};
use super::super::rules::{class_of, dispose_after, later};
use super::super::store::{self, Unreckoned};
use super::manage;

/// How many cases are reckoned at a time.
const BATCH: i64 = 200;

/// Whether a case waits to be reckoned.
///
/// # Errors
/// A refusal of `access`.
pub fn is_any_unreckoned(work: &mut Work<'_>) -> Result<bool> {
    let pass = manage(work)?;
    store::is_any_unreckoned(work, &pass)
}

/// Reckons a batch of cases that were opened, changed or closed since, or whose rule was. Says how many.
///
/// The birthday is sealed, so this is the service's own doing and no person's: it opens the identity, on record, and keeps
/// of it a year's last day.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn reckon(work: &mut Work<'_>, vault: &Vault) -> Result<usize> {
    if work.caller().actor != Actor::System {
        return Err(Code::Forbidden.into());
    }
    let pass = manage(work)?;
    let rules = store::rules(work, &pass)?;
    let cases = store::unreckoned(work, &pass, BATCH)?;
    let provision = rules.iter().find(|r| r.class == RecordClass::Provision);
    let mut born: BTreeMap<PupilId, Option<NaiveDate>> = BTreeMap::new();
    for case in &cases {
        for class in [class_of(case.kind, case.service.as_deref()), RecordClass::Documents] {
            let Some(rule) = rules.iter().find(|r| r.class == class) else { continue };
            let mut day = until(work, vault, &pass, rule, case, &mut born)?;
            // Of a record with special provision nothing goes before the provision's own time is over.
            if let Some(rule) = provision.filter(|_| case.has_provision) {
                day = later(day, until(work, vault, &pass, rule, case, &mut born)?);
            }
            store::set_day(work, &pass, case.case, class, day)?;
        }
    }
    audit::record(work, "retention.reckon", Object::all("case"), cases.len().to_string());
    Ok(cases.len())
}

/// Until when a case is kept by a rule; nothing while it can't be known.
fn until(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<()>,
    rule: &Rule,
    case: &Unreckoned,
    born: &mut BTreeMap<PupilId, Option<NaiveDate>>,
) -> Result<Option<NaiveDate>> {
    let from = match rule.anchor {
        Anchor::Closed => case.closed_at.map(uk_date),
        Anchor::BornOn => {
            if let Some(known) = born.get(&case.pupil) {
                *known
            } else {
                let day = birthday(work, vault, pass, case)?;
                born.insert(case.pupil, day);
                day
            }
        }
    };
    Ok(from.and_then(|from| dispose_after(from, rule.years)))
}

/// A child's birthday, opened on record. One record that does not open must not keep all others from being reckoned.
fn birthday(work: &mut Work<'_>, vault: &Vault, pass: &Grant<()>, case: &Unreckoned) -> Result<Option<NaiveDate>> {
    let object = Object::one("pupil", case.pupil.uuid()).at(case.school);
    match pupils::identity(work, vault, pass, case.pupil) {
        Ok(identity) => {
            audit::read(work, Reading::Birthday, object, "");
            Ok(Some(identity.born_on))
        }
        Err(error) if error.code == Code::Internal => {
            tracing::error!(cause = ?error.cause().map(ToString::to_string), "an identity does not open");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
