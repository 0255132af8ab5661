//! The tables of rules and of changes that wait.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::schema::{case_retention as cr, provisions as pr, retention_changes as ch, retention_rules as r};
use crate::db::types::Utc;
use crate::db::{Work, failure};
use crate::kernel::{Code, PersonId, Result, RuleChangeId};
use crate::records::retention::model::{Anchor, End, RecordClass, Rule, RuleChange};

#[derive(Queryable)]
struct Row {
    class: RecordClass,
    anchor: Anchor,
    years: i64,
    end: End,
    source: String,
    version: i64,
    updated_at: Utc,
}

impl Row {
    fn rule(self) -> Rule {
        let Self { class, anchor, years, end, source, version, updated_at } = self;
        Rule { class, anchor, years, end, source, version, updated_at }
    }
}

/// Every rule, in the order of the classes' words.
pub(in crate::records::retention) fn rules(work: &mut Work<'_>, _pass: &Grant<()>) -> Result<Vec<Rule>> {
    let rows: Vec<Row> = r::table.order(r::record_class.asc()).load(work.conn())?;
    Ok(rows.into_iter().map(Row::rule).collect())
}

pub(in crate::records::retention) fn find(work: &mut Work<'_>, _pass: &Grant<()>, class: RecordClass) -> Result<Rule> {
    Ok(r::table.find(class).first::<Row>(work.conn())?.rule())
}

/// Changes a rule, and has everything of its class reckoned anew but what was reviewed.
pub(in crate::records::retention) fn update(work: &mut Work<'_>, _pass: &Grant<()>, rule: &Rule) -> Result<()> {
    let now = work.now();
    let changed = diesel::update(r::table.find(rule.class).filter(r::version.eq(rule.version - 1)))
        .set((
            (r::anchor.eq(rule.anchor), r::years.eq(rule.years), r::action.eq(rule.end)),
            (r::source.eq(&rule.source), r::version.eq(rule.version), r::updated_at.eq(now)),
        ))
        .execute(work.conn())?;
    if changed == 0 {
        return Err(Code::VersionMismatch.into());
    }
    diesel::update(cr::table.filter(cr::record_class.eq(rule.class)).filter(cr::review.is_null()))
        .set(cr::reckoned_at.eq(Utc::from_micros(0)))
        .execute(work.conn())?;
    if rule.class == RecordClass::Provision {
        let provided = cr::table.filter(cr::case_id.eq_any(pr::table.select(pr::record_id)));
        diesel::update(provided.filter(cr::review.is_null()))
            .set(cr::reckoned_at.eq(Utc::from_micros(0)))
            .execute(work.conn())?;
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ch)]
struct ChangeRow {
    id: RuleChangeId,
    record_class: RecordClass,
    anchor: Anchor,
    years: i64,
    action: End,
    source: String,
    proposed_by: PersonId,
    proposed_at: Utc,
}

impl ChangeRow {
    fn change(self) -> RuleChange {
        let Self { id, record_class: class, anchor, years, action: end, source, proposed_by, proposed_at } = self;
        RuleChange { id, class, anchor, years, end, source, proposed_by, proposed_at }
    }
}

/// Keeps a change until a second person decides. One at a time for a class.
pub(in crate::records::retention) fn add_change(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: RuleChangeId,
    rule: &Rule,
    by: PersonId,
) -> Result<()> {
    let row = (
        (ch::id.eq(id), ch::record_class.eq(rule.class), ch::anchor.eq(rule.anchor), ch::years.eq(rule.years)),
        (ch::action.eq(rule.end), ch::source.eq(&rule.source), ch::proposed_by.eq(by), ch::proposed_at.eq(work.now())),
    );
    let added = diesel::insert_into(ch::table).values(row).execute(work.conn());
    added.map(|_| ()).map_err(failure::conflict("retention_changes_record_class_key", Code::StateConflict))
}

/// The changes that wait, the oldest first.
pub(in crate::records::retention) fn pending(work: &mut Work<'_>, _pass: &Grant<()>) -> Result<Vec<RuleChange>> {
    let waiting = ch::table.filter(ch::outcome.is_null()).order((ch::proposed_at.asc(), ch::id.asc()));
    let rows: Vec<ChangeRow> = waiting.select(ChangeRow::as_select()).load(work.conn())?;
    Ok(rows.into_iter().map(ChangeRow::change).collect())
}

/// A change that waits.
pub(in crate::records::retention) fn find_change(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: RuleChangeId,
) -> Result<RuleChange> {
    let waiting = ch::table.find(id).filter(ch::outcome.is_null());
    Ok(waiting.select(ChangeRow::as_select()).first(work.conn())?.change())
}

/// Says what a second person decided.
pub(in crate::records::retention) fn settle_change(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: RuleChangeId,
    outcome: &'static str,
    by: PersonId,
) -> Result<()> {
    let now = work.now();
    let changed = diesel::update(ch::table.filter(ch::id.eq(id)).filter(ch::outcome.is_null()))
        .set((ch::outcome.eq(outcome), ch::decided_by.eq(by), ch::decided_at.eq(now)))
        .execute(work.conn())?;
    if changed == 1 { Ok(()) } else { Err(Code::StateConflict.into()) }
}
