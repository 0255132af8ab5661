//! What must hold of the table as a whole, whatever is added to it.

use super::policy::{RULES, STEP_UP};
use super::*;

fn roles_of(action: Action) -> Vec<Role> {
    RULES.iter().filter(|r| r.action == action).map(|r| r.role).collect()
}

/// An action that opens what is sealed, by its name.
fn opens_sealed(action: Action) -> bool {
    let name = format!("{action:?}");
    name.ends_with("Content") || name.ends_with("Reason")
}

#[test]
fn every_action_has_a_rule_and_no_rule_stands_twice() {
    for action in Action::ALL {
        assert!(!roles_of(*action).is_empty(), "{action:?} is allowed to nobody");
    }
    for (i, rule) in RULES.iter().enumerate() {
        assert!(
            !RULES[..i].iter().any(|r| (r.action, r.role, r.relation) == (rule.action, rule.role, rule.relation)),
            "{rule:?}"
        );
        assert!(Action::ALL.contains(&rule.action), "{rule:?} is of an action not in the list");
    }
}

#[test]
fn whoever_sees_no_content_opens_nothing_sealed() {
    let sealed: Vec<_> = Action::ALL.iter().copied().filter(|a| opens_sealed(*a)).collect();
    assert!(sealed.len() >= 3, "the names still tell: {sealed:?}");
    for action in sealed {
        for role in [Role::Administrator, Role::Analyst, Role::Auditor, Role::Headteacher, Role::InReachWorker] {
            assert!(!roles_of(action).contains(&role), "{role} may {action:?}");
        }
        assert!(STEP_UP.contains(&action), "{action:?} opens something sealed without a second factor");
        assert!(
            !RULES.iter().any(|r| r.action == action && r.relation == Relation::OwnService && r.role == Role::Officer)
        );
    }
}

#[test]
fn the_analyst_has_released_results_and_the_administrator_no_record() {
    let of = |role| {
        let all = RULES.iter().filter(|r| r.role == role).map(|r| r.action);
        all.collect::<std::collections::HashSet<_>>()
    };
    let released = [
        Action::ReadDirectory,
        Action::ReadCampaign,
        Action::ReadResults,
        Action::ReadRelease,
        Action::ReadReturnReport,
    ];
    assert_eq!(of(Role::Analyst), released.into_iter().collect());
    for action in of(Role::Administrator) {
        assert!(action.seen_by().is_none(), "the administrator may {action:?}, which is about a record");
    }
}

#[test]
fn an_emergency_opens_for_reading_and_to_whoever_may_start_one() {
    let starters = roles_of(Action::StartEmergency);
    let expected = [Role::SafeguardingLead, Role::TeamLead, Role::Officer];
    assert_eq!(starters, expected);
    let mut opened = std::collections::HashSet::new();
    for rule in RULES.iter().filter(|r| r.relation == Relation::Emergency) {
        assert!(starters.contains(&rule.role), "{rule:?}");
        assert!(rule.when.is_empty(), "{rule:?}");
        opened.insert(rule.action);
    }
    let reading = [Action::ReadReferral, Action::ReadReferralContent, Action::ReadWarrn, Action::ReadWarrnContent];
    assert_eq!(opened, reading.into_iter().collect());
    // Whoever is entitled anyway is on record as that: the emergency is the last ground tried.
    for (i, rule) in RULES.iter().enumerate().filter(|(_, r)| r.relation == Relation::Emergency) {
        let later = RULES[i..].iter().filter(|r| r.action == rule.action && r.role == rule.role);
        assert!(later.into_iter().all(|r| r.relation == Relation::Emergency), "{rule:?}");
    }
}

#[test]
fn whoever_reviews_or_starts_may_know_that_it_happened() {
    for action in [Action::ReadEmergencyReason, Action::ReviewEmergency] {
        for rule in RULES.iter().filter(|r| r.action == action) {
            let sees = |r: &&policy::Rule| {
                r.action == Action::ReadEmergency && r.role == rule.role && r.relation == rule.relation
            };
            assert!(RULES.iter().any(|r| sees(&r)), "{rule:?}");
        }
    }
    for role in roles_of(Action::StartEmergency) {
        let own = [Relation::Sender, Relation::Any];
        assert!(
            RULES.iter().any(|r| r.action == Action::ReadEmergency && r.role == role && own.contains(&r.relation)),
            "{role}"
        );
    }
}

#[test]
fn no_list_is_made_of_a_rule_bound_to_a_state() {
    // The seeing actions, and every action without one, are those lists are made of.
    for rule in RULES.iter().filter(|r| !r.when.is_empty()) {
        assert!(rule.action.seen_by().is_some_and(|seen| seen != rule.action), "{rule:?}");
    }
}

#[test]
fn words_come_back_as_they_were_written() {
    for role in Role::ALL {
        for relation in Relation::ALL {
            let basis = Basis::Role(*role, *relation);
            assert_eq!(basis.to_string().parse::<Basis>(), Ok(basis));
        }
        assert_ne!(role.name().cy, role.name().en);
    }
    assert_eq!(Basis::System.to_string().parse::<Basis>(), Ok(Basis::System));
    for bad in ["", "dsp", "dsp/", "/any", "dsp/none", "systems"] {
        assert!(bad.parse::<Basis>().is_err(), "{bad}");
    }
}
