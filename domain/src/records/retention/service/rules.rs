//! Reading and changing rules.

use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{Code, Error, Faults, Result, RuleChangeId};

use super::super::model::{Changed, NewRule, RecordClass, Rule, RuleChange};
use super::super::{rules as decide, store};
use super::{manage, somebody};

/// Every rule.
///
/// # Errors
/// A refusal of `access`.
pub fn rules(work: &mut Work<'_>) -> Result<Vec<Rule>> {
    let pass = manage(work)?;
    store::rules(work, &pass)
}

/// The words of the audit record.
fn said(rule: &Rule) -> String {
    format!("{} {} {} {}", rule.class, rule.anchor, rule.years, rule.end)
}

/// Changes a rule of this version. One that keeps something for longer holds at once; one that shortens waits for a
/// second person (`OWASP ASVS` 5.0 2.3.5: high-value changes take two people).
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; [`Code::VersionMismatch`]; [`Code::StateConflict`] when a change of this rule
/// waits already.
pub fn change_rule(work: &mut Work<'_>, class: RecordClass, version: i64, new: &NewRule) -> Result<Changed> {
    let pass = manage(work)?;
    let by = somebody(work)?;
    let old = store::find(work, &pass, class)?;
    let mut faults = Faults::default();
    let rule = decide::parse(&old, new, &mut faults);
    faults.finish()?;
    let rule = rule.ok_or_else(|| Error::internal("a rule without a fault was not sound"))?;
    if old.version != version {
        return Err(Code::VersionMismatch.into());
    }
    if decide::shortens(&old, &rule) {
        let id = RuleChangeId::from_uuid(work.new_id());
        store::add_change(work, &pass, id, &rule, by)?;
        audit::record(work, "retention.propose", Object::one("retention_change", id.uuid()), said(&rule));
        return Ok(Changed::Waits(id));
    }
    store::update(work, &pass, &rule)?;
    audit::record(work, "retention.change_rule", Object::all("retention_rule"), said(&rule));
    Ok(Changed::Now)
}

/// The changes that wait for a second person.
///
/// # Errors
/// A refusal of `access`.
pub fn changes(work: &mut Work<'_>) -> Result<Vec<RuleChange>> {
    let pass = manage(work)?;
    store::pending(work, &pass)
}

/// Approves or refuses a change somebody else proposed. Who proposed it may take it back, and no more.
///
/// # Errors
/// [`Code::Forbidden`] when the proposer approves; [`Code::NotFound`] when no such change waits;
/// [`Code::VersionMismatch`] when the rule has changed since.
pub fn decide_change(work: &mut Work<'_>, id: RuleChangeId, approve: bool) -> Result<()> {
    let pass = manage(work)?;
    let by = somebody(work)?;
    let change = store::find_change(work, &pass, id)?;
    if approve && change.proposed_by == by {
        return Err(Code::Forbidden.into());
    }
    let old = store::find(work, &pass, change.class)?;
    let RuleChange { class, anchor, years, end, source, .. } = change;
    let rule = Rule { class, anchor, years, end, source, version: old.version + 1, updated_at: work.now() };
    store::settle_change(work, &pass, id, if approve { "approved" } else { "refused" }, by)?;
    if approve {
        store::update(work, &pass, &rule)?;
    }
    let action = if approve { "retention.approve" } else { "retention.refuse" };
    audit::record(work, action, Object::one("retention_change", id.uuid()), said(&rule));
    Ok(())
}
