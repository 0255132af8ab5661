//! The negative control: with one row of the policy taken away, or one put in, the same comparison must find it.

use dolen_domain::access::policy::{RULES, Rule, STEP_UP};
use dolen_domain::access::{Action, Relation, Role};

use super::writes::{Seen, mismatches};

const ACTIONS: [Action; 3] = [Action::ManageRetention, Action::HandleSubjectAccess, Action::OpenSubjectAccess];

/// Every row there is for these actions, and every row there is not, is noticed by what these were answered; so is an
/// action that needs a second factor proved lately, or would need one. Gives how many changes were tried.
///
/// What is managed and asked for stands in no relation to anybody but that of any: rows for the others say nothing.
pub(super) fn each_row_is_noticed(observed: &[&Seen]) -> usize {
    let found = |rules: &[Rule], step_up: &[Action]| mismatches(rules, step_up, observed.iter().copied());
    assert!(found(RULES, STEP_UP).is_empty(), "the control: with the rows as they are");
    let mut tried = 0;
    for (action, role) in ACTIONS.into_iter().flat_map(|action| Role::ALL.iter().map(move |role| (action, *role))) {
        let row = Rule { action, role, relation: Relation::Any, when: &[] };
        let is_there = RULES.contains(&row);
        let others = RULES.iter().copied().filter(|rule| *rule != row);
        let flipped: Vec<Rule> = others.chain((!is_there).then_some(row)).collect();
        assert_eq!(flipped.len().abs_diff(RULES.len()), 1, "{row:?}");
        let wrong = found(&flipped, STEP_UP);
        assert!(!wrong.is_empty(), "nobody's answer needs {row:?} to be {}", if is_there { "there" } else { "away" });
        tried += 1;
    }
    for action in ACTIONS {
        let others: Vec<Action> = STEP_UP.iter().copied().filter(|other| *other != action).collect();
        let added = (others.len() == STEP_UP.len()).then_some(action);
        let flipped: Vec<Action> = others.into_iter().chain(added).collect();
        assert!(!found(RULES, &flipped).is_empty(), "no answer depends on the second factor for {action:?}");
        tried += 1;
    }
    tried
}
