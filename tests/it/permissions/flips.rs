//! The negative control: with one row of the policy taken away, or one put in, the same comparison must find it.

use dolen_api::console::policy::{Opens, PAGES};
use dolen_api::graphql::{EDGES, FIELDS};
use dolen_api::rest::policy::{Access, OPERATIONS};
use dolen_domain::access::policy::{RULES, Rule};
use dolen_domain::access::{Action, Relation, Role};
use dolen_domain::cases::CaseKind;

use super::cases;
use super::cells::{Observed, Stage};
use super::operations::{Need, Target};
use super::principals::ROLES;

/// Actions that no operation and no field needs: those of the command line. This list may only become shorter.
const BY_COMMAND_LINE: [Action; 2] = [Action::ManageDirectory, Action::ReadAudit];

/// Actions that the domain knows and nothing asks for yet. This list too may only become shorter.
const ASKED_BY_NOTHING_YET: [Action; 0] = [];

/// What other tests ask: an emergency access can be reviewed once, so `emergencies` has a matrix of its own with the same
/// controls; so has what opens a request for subject access, in `tests/it/retention`. This list may only become shorter.
const ELSEWHERE: [Action; 4] =
    [Action::ReadEmergency, Action::ReadEmergencyReason, Action::ReviewEmergency, Action::OpenSubjectAccess];

/// Whether some operation, field or page needs the action.
fn is_asked_for(action: Action) -> bool {
    OPERATIONS.iter().any(|(_, access)| *access == Access::Action(action))
        || cases::needs(action)
        || FIELDS.iter().any(|(_, needed)| *needed == Some(Access::Action(action)))
        || EDGES.iter().any(|(_, needed)| *needed == Access::Action(action))
        || PAGES
            .iter()
            .any(|page| opens(page.opens, action) || page.content.is_some_and(|content| opens(content, action)))
}

/// Whether a page opens by an action.
fn opens(page: Opens, action: Action) -> bool {
    match page {
        Opens::All(actions) | Opens::OneOf(actions) => actions.contains(&action),
        Opens::Case(wanted) => CaseKind::ALL.iter().any(|kind| kind.action(wanted) == action),
        Opens::Anybody | Opens::SignedIn => false,
    }
}

#[test]
fn every_action_is_asked_for() {
    let others: Vec<Action> = Action::ALL.iter().copied().filter(|a| !is_asked_for(*a)).collect();
    let known: Vec<Action> = BY_COMMAND_LINE.into_iter().chain(ASKED_BY_NOTHING_YET).collect();
    let unknown: Vec<&Action> = others.iter().filter(|a| !known.contains(a)).collect();
    assert!(unknown.is_empty(), "no operation, field or page needs {unknown:?}, and no list here says why");
    let asked: Vec<&Action> = known.iter().filter(|a| !others.contains(a)).collect();
    assert!(asked.is_empty(), "{asked:?} is asked for by now: take it off the list in tests/it/permissions/flips.rs");
}

/// The cells a row could matter to.
fn concerned<'o>(stage: &'o Stage, observed: &'o [Observed], rule: &Rule) -> impl Iterator<Item = &'o Observed> {
    let Rule { action, role, .. } = *rule;
    observed.iter().filter(move |seen| {
        let operation = &stage.operations[seen.cell.operation];
        let needs = operation.parts.iter().flat_map(|part| &part.needs);
        let needed = needs.clone().any(|need| match need {
            Need::Rule(needed, _) | Need::Seen(needed, _) => *needed == action,
            Need::OneOf(actions) => actions.contains(&action),
            _ => false,
        });
        let seeing = match operation.target {
            Target::Referral => action == Action::ReadReferral,
            Target::Warrn => action == Action::ReadWarrn,
            _ => false,
        };
        (needed || seeing) && stage.principals[seen.cell.who].in_force().any(|post| post.role == role)
    })
}

/// Every row is needed by some cell: without it the comparison finds mismatches. Gives how many rows were tried.
pub fn each_row_is_missed(stage: &Stage, observed: &[Observed]) -> usize {
    let here = |action| is_asked_for(action) && !ELSEWHERE.contains(&action);
    let asked_for = RULES.iter().enumerate().filter(|(_, rule)| here(rule.action));
    let mut tried = 0;
    for (i, rule) in asked_for {
        let without: Vec<Rule> = RULES.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, r)| *r).collect();
        let found = stage.mismatches(&without, concerned(stage, observed, rule));
        assert!(!found.is_empty(), "no cell needs {rule:?}");
        tried += 1;
    }
    tried
}

/// Whether a row that is not there would allow nothing new, for a reason that can be told.
fn says_nothing_new(rule: Rule) -> bool {
    let has = |relation| RULES.contains(&Rule { relation, ..rule });
    // Of those who could have an emergency access, and of the child's own records alone.
    let emergency = [Role::SafeguardingLead, Role::TeamLead, Role::Officer].contains(&rule.role);
    let of_school = matches!(rule.role, Role::SchoolSubmitter | Role::Dsp | Role::Headteacher | Role::Integration);
    // What stands in no such relation to anybody.
    let relations: &[Relation] = match rule.action {
        Action::ReadReferral
        | Action::ReadReferralContent
        | Action::DecideReferral
        | Action::AnswerReferral
        | Action::KeepReferral
        | Action::ReadReferralReaders => &[
            Relation::Any,
            Relation::OwnSchool,
            Relation::OwnService,
            Relation::Holder,
            Relation::Sender,
            Relation::Emergency,
        ],
        Action::ReadWarrn
        | Action::ReadWarrnContent
        | Action::AcknowledgeWarrn
        | Action::KeepWarrn
        | Action::StepWarrn
        | Action::MoveWarrnReturn
        | Action::HandOverWarrn
        | Action::AttachToWarrn
        | Action::ReadWarrnReaders => &[
            Relation::Any,
            Relation::OwnSchool,
            Relation::Recipient,
            Relation::Sender,
            Relation::Moved,
            Relation::Emergency,
        ],
        Action::StartEmergency => &[Relation::Any, Relation::OwnService],
        Action::OpenReferral
        | Action::SubmitResponses
        | Action::ManageCodes
        | Action::SignOffSurvey
        | Action::TakeUpAdvice
        | Action::AcknowledgeConcern
        | Action::ReadResults
        | Action::ConsentClient => &[Relation::Any, Relation::OwnSchool],
        _ => &[Relation::Any],
    };
    // A list alone: whose alerts a lead is given is tried in `domain/src/warrn/tests/alerts.rs`.
    let lists = matches!(rule.action, Action::ReadAlerts | Action::ReadConcerns)
        && RULES.iter().any(|other| other.action == rule.action && other.role == rule.role);
    // What can be kept with a case by nobody who sees none is nothing.
    let keeps = matches!(rule.action, Action::KeepReferral | Action::KeepWarrn);
    let sees =
        |relation| rule.action.seen_by().is_some_and(|action| RULES.contains(&Rule { action, relation, ..rule }));
    let blind =
        keeps && !sees(rule.relation) && !(rule.relation == Relation::Any && Relation::ALL.iter().any(|r| sees(*r)));
    blind
        || lists
        || !relations.contains(&rule.relation)
        || (rule.relation == Relation::Emergency && !emergency)
        // Who has a school stands to nothing by it; of the others these are tried.
        || (rule.relation == Relation::Moved && !emergency && rule.role != Role::Auditor)
        || has(Relation::Any)
        // A sender or a recipient of a school's role is one at their own school alone.
        || (of_school && has(Relation::OwnSchool) && rule.relation == Relation::Sender)
}

/// Every row that is not there is put in, and noticed, unless it says nothing new. Gives how many were noticed, how many
/// changed nothing and why is known, of how many.
pub fn each_new_row_is_noticed(stage: &Stage, observed: &[Observed]) -> (usize, usize, usize) {
    let (mut noticed, mut idle, mut tried) = (0, 0, 0);
    for action in Action::ALL.iter().copied().filter(|a| is_asked_for(*a) && !ELSEWHERE.contains(a)) {
        for (role, relation) in
            ROLES.iter().flat_map(|role| Relation::ALL.iter().map(move |relation| (*role, *relation)))
        {
            let rule = Rule { action, role, relation, when: &[] };
            if RULES.contains(&rule) {
                continue;
            }
            let with: Vec<Rule> = RULES.iter().copied().chain([rule]).collect();
            let found = !stage.mismatches(&with, concerned(stage, observed, &rule)).is_empty();
            tried += 1;
            if found {
                noticed += 1;
            } else if says_nothing_new(rule) {
                idle += 1;
            } else {
                eprintln!("not noticed: {rule:?}");
            }
        }
    }
    (noticed, idle, tried)
}
