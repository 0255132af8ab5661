//! The negative controls: the comparison finds a row that is gone or new, and a membership that ended unknown to the oracle.

use std::collections::BTreeSet;

use diesel::prelude::*;
use dolen_domain::access::policy::{RULES, Rule};
use dolen_domain::access::{Action, Relation};
use dolen_domain::audit::{self, Object};
use dolen_domain::db::schema::memberships as m;
use dolen_domain::kernel::Actor;
use dolen_tests::TestApp;
use dolen_tests::seed::Seed;

use crate::permissions::principals::ROLES;

use super::doors::{self, Field};
use super::{Look, Seen, World};

/// The actions that show something here.
const ACTIONS: [Action; 6] = [
    Action::ReadReferral,
    Action::ReadReferralContent,
    Action::ReadReferralReaders,
    Action::ReadWarrn,
    Action::ReadWarrnContent,
    Action::ReadWarrnReaders,
];

/// Ends every membership of who is shown most, and does not tell the oracle: they are shown nothing any more, and the
/// comparison finds it missing. Whether there was anything to end.
pub async fn an_end_is_noticed(app: &TestApp, world: &World, seed: &Seed) -> bool {
    let shown = |who: usize| world.seen.iter().filter(|s| s.who == who).map(|s| s.fields.len()).sum::<usize>();
    let people = world.principals.iter().enumerate().filter_map(|(w, p)| match p.actor {
        Actor::Person(id) => Some((shown(w), w, id)),
        _ => None,
    });
    let Some((_, who, id)) = people.max().filter(|(much, ..)| *much > 0) else { return false };
    app.write(move |work| {
        let now = work.now();
        let theirs = m::table.filter(m::person_id.eq(Some(id)));
        diesel::update(theirs).set(m::ends_at.eq(Some(now))).execute(work.conn())?;
        audit::record(work, "membership.end", Object::one("person", id.uuid()), "as the test has it");
        Ok(())
    });
    let look = Look { principals: &world.principals, records: &world.records };
    let again: Vec<Seen> = look.everywhere(seed, Some(who)).await;
    let wrong = again.iter().find(|s| !s.fields.is_empty());
    assert!(wrong.is_none(), "who holds nothing any more is shown {wrong:?}");
    assert!(world.differences(RULES, &again).next().is_some(), "the oracle believes they still hold it");
    true
}

/// Whether the comparison finds something wrong with these rules, among those who hold the row's role.
fn is_noticed(worlds: &[World], rules: &[Rule], row: &Rule) -> bool {
    // The others say nothing here, and each row is looked at for every answer.
    let rules: Vec<Rule> = rules.iter().copied().filter(|r| ACTIONS.contains(&r.action)).collect();
    worlds.iter().any(|world| {
        let holds = |who: usize| world.principals[who].in_force().any(|post| post.role == row.role);
        let concerned = |s: &&Seen| {
            let target = world.records[s.record].target;
            let needs = |right: &doors::Right| s.door.needs(*right) && right.action(target) == row.action;
            doors::Right::ALL.iter().any(needs) && holds(s.who)
        };
        world.seen.iter().filter(concerned).any(|s| world.differences(&rules, std::slice::from_ref(s)).next().is_some())
    })
}

/// Each row is taken away, and missed; and each that is not there put in. Gives how many were missed of how many, and how
/// many noticed of how many.
pub fn each_row_is_missed(worlds: &[World]) -> ((usize, usize), (usize, usize)) {
    let rows: Vec<(usize, &Rule)> = RULES.iter().enumerate().filter(|(_, r)| ACTIONS.contains(&r.action)).collect();
    let (mut missed, mut noticed, mut new) = (0, 0, 0);
    for (i, row) in &rows {
        let without: Vec<Rule> = RULES.iter().enumerate().filter(|(j, _)| j != i).map(|(_, r)| *r).collect();
        if is_noticed(worlds, &without, row) {
            missed += 1;
        } else {
            eprintln!("in none of these worlds somebody needs {row:?}");
        }
    }
    for action in ACTIONS {
        for (role, relation) in ROLES.iter().flat_map(|role| Relation::ALL.iter().map(move |of| (*role, *of))) {
            let row = Rule { action, role, relation, when: &[] };
            if !RULES.iter().any(|r| (r.action, r.role, r.relation) == (action, role, relation)) {
                let with: Vec<Rule> = RULES.iter().copied().chain([row]).collect();
                noticed += usize::from(is_noticed(worlds, &with, &row));
                new += 1;
            }
        }
    }
    ((missed, rows.len()), (noticed, new))
}

/// Fields of doors that nobody was shown in any world.
pub fn never_shown(worlds: &[World]) -> Vec<(&'static str, Field)> {
    let shown: BTreeSet<(&str, Field)> =
        worlds.iter().flat_map(|w| &w.seen).flat_map(|s| s.fields.iter().map(|f| (s.door.asks, *f))).collect();
    let doors = doors::READERS.iter().chain(doors::all());
    let offered = doors.flat_map(|door| door.offers().map(move |(field, _)| (door, field)));
    let of_kind = offered.filter(|(door, field)| *field != Field::Queue || door.target == doors::QUEUES);
    of_kind.map(|(door, field)| (door.asks, field)).filter(|pair| !shown.contains(pair)).collect()
}
