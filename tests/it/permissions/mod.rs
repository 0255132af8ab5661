//! Who may do what, asked of the running service: every operation and every field, by everyone, on every way a record can
//! stand to them (`facts/reliability.md` AUZ-1, AUZ-3, TEN-1).

#![expect(
    clippy::match_same_arms,
    clippy::manual_midpoint,
    clippy::many_single_char_names,
    clippy::struct_excessive_bools,
    clippy::expect_used,
    clippy::single_char_pattern,
    clippy::inconsistent_struct_constructor,
    reason = "tables of cases, a row each, and formulas as they are written"
)]
#![expect(clippy::disallowed_methods, reason = "ids that no unit of work made are what is asked for")]

mod canaries;
mod cases;
mod cells;
mod emergencies;
mod fields;
mod flips;
mod hidden;
mod lists;
mod operations;
mod oracle;
mod pages;
mod principals;
mod schema;
mod tenancy;
mod things;
mod timing;
mod unrecorded;
mod worlds;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use dolen_domain::access::policy::RULES;
use dolen_domain::access::{Action, Role};
use dolen_domain::kernel::Actor;

use cells::{Cell, Observed, Stage};
use operations::{Need, Target};
use oracle::Answer;
use principals::Principal;
use things::Thing;

#[tokio::test]
async fn every_cell_answers_as_the_policy_says() {
    let stage = Stage::set().await;
    let (plan, things) = stage.plan();
    let lists = lists::compare(&stage, &things).await;
    let (requests, cells) = (plan.len(), plan.iter().map(|c| stage.operations[c.operation].parts.len()).sum::<usize>());
    let observed = stage.fire(plan).await;
    assert_eq!(observed.iter().map(|o| o.answers.len()).sum::<usize>(), cells, "every cell was asked");
    let wrong = stage.mismatches(RULES, &observed);
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
    let leaks = observed.iter().filter_map(|o| o.leak.as_ref().map(|l| format!("{}: {l}", stage.describe(&o.cell))));
    let leaks: Vec<String> = leaks.collect();
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    let nothing = refusals_read_alike(&stage, &observed).await;
    let rows = flips::each_row_is_missed(&stage, &observed);
    let (noticed, idle, new) = flips::each_new_row_is_noticed(&stage, &observed);
    assert_eq!(noticed + idle, new, "a new row would go unnoticed");
    let people = stage.principals.len();
    eprintln!("{cells} cells of {requests} requests by {people} principals, {lists} lists, {nothing} things not there");
    eprintln!("control: each of {rows} rows is missed, {noticed} of {new} new rows are noticed, {idle} allow nothing");
}

/// The policy as a table to read, and every GraphQL field with the right it takes: a change of either shows in review.
#[test]
fn the_tables_to_read_are_as_committed() {
    let mut roles = String::new();
    for action in Action::ALL {
        writeln!(roles, "{action:?}").unwrap();
        for role in Role::ALL {
            let rows = RULES.iter().filter(|r| r.action == *action && r.role == *role);
            let relations: Vec<String> = rows.map(|r| format!("{:?}", r.relation)).collect();
            if !relations.is_empty() {
                writeln!(roles, "    {role}: {}", relations.join(", ")).unwrap();
            }
        }
    }
    let lines = fields::reachable().into_iter().map(|(field, right)| format!("{field}: {right}\n"));
    for (name, text) in [("roles.txt", roles), ("fields.txt", lines.collect())] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("it/permissions").join(name);
        if std::env::var_os("DOLEN_TEST_WRITE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            committed, text,
            "{name} is not fresh: run this test with DOLEN_TEST_WRITE=1 and look at the change"
        );
    }
}

/// Whether they may read of campaigns at all.
fn reads_campaigns(who: &Principal) -> bool {
    oracle::may_list(RULES, who, Action::ReadCampaign)
}

/// How an answer is told: to everyone alike, except that a page carries its reader's own menu.
fn way(stage: &Stage, cell: &Cell, answer: Answer) -> String {
    if stage.operations[cell.operation].is_page() {
        format!("{answer:?} to {}", cell.who)
    } else {
        format!("{answer:?}")
    }
}

/// A refusal is the same bytes whoever is refused and whatever there is: the record of others and one that is nowhere.
/// Gives how many were asked for that are nowhere.
async fn refusals_read_alike(stage: &Stage, observed: &[Observed]) -> usize {
    let mut told: BTreeMap<(usize, String), BTreeSet<&[u8]>> = BTreeMap::new();
    for seen in observed.iter().filter(|o| !matches!(o.answers[0], Answer::Done)) {
        told.entry((seen.cell.operation, way(stage, &seen.cell, seen.answers[0]))).or_default().insert(&seen.told);
    }
    for ((operation, answer), told) in &told {
        let told: Vec<_> = told.iter().map(|t| String::from_utf8_lossy(t)).collect();
        assert_eq!(told.len(), 1, "{} {answer} in more ways than one: {told:#?}", stage.operations[*operation].id);
    }
    let (mut asked, mut wrong) = (0, Vec::new());
    // The first of each role, the first without any, and nobody.
    let mut seen = BTreeSet::new();
    let firsts = (0..stage.principals.len()).filter(|p| {
        let who = &stage.principals[*p];
        let roles: Vec<&str> = who.posts.iter().map(|post| post.role.as_str()).collect();
        (who.actor == Actor::Anonymous || who.scopes.is_none() || who.is_whole())
            && seen.insert((who.scopes.is_some(), roles))
    });
    for who in firsts.collect::<Vec<_>>() {
        for (o, operation) in stage.operations.iter().enumerate() {
            let schools: &[bool] = match operation.target {
                Target::Nothing | Target::Account | Target::Pupil => continue,
                Target::School => &[true],
                Target::SchoolInCampaign => &[true, false],
                Target::Campaign | Target::Questionnaire | Target::Referral | Target::Warrn => &[false],
            };
            for school in schools {
                let thing = match operation.target {
                    Target::Referral | Target::Warrn => Thing::default(),
                    _ => Thing { school: Some(0), ..Thing::default() },
                };
                let expected = match oracle::answer(RULES, &stage.principals[who], operation, 0, &thing) {
                    // The way back from a form leads there, whatever stands there.
                    Answer::Done if operation.parts[0].needs == [Need::Session] => Answer::Done,
                    // They may, but there is nothing.
                    Answer::Done => Answer::Unseen,
                    // Who may do it at some school is told that there is no such school.
                    Answer::Forbidden if *school && oracle::may_somewhere(RULES, &stage.principals[who], operation) => {
                        Answer::Unseen
                    }
                    // A page of results is one of a campaign first.
                    Answer::Forbidden
                        if operation.is_page()
                            && operation.parts[0].needs.contains(&Need::Rule(Action::ReadCampaign, None))
                            && operation.target == Target::SchoolInCampaign
                            && reads_campaigns(&stage.principals[who]) =>
                    {
                        Answer::Unseen
                    }
                    refused => refused,
                };
                let (answer, bytes) = stage.ask_for_nothing(o, who, *school).await;
                let (id, name) = (&operation.id, &stage.principals[who].name);
                if answer != expected {
                    wrong.push(format!("{id} by {name} on nothing: {answer:?}, not {expected:?}"));
                }
                let cell = Cell { operation: o, who, thing: Arc::new(Thing::default()) };
                if let Some(told) = told.get(&(o, way(stage, &cell, answer))) {
                    assert!(told.contains(bytes.as_slice()), "{id} by {name}: {}", String::from_utf8_lossy(&bytes));
                }
                asked += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
    asked
}
