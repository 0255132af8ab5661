//! What should be answered, worked out from the policy's rows alone: naive on purpose, and nothing of it shared with the
//! service's own decision.

use dolen_domain::access::policy::{RULES, Rule, STEP_UP};
use dolen_domain::access::{Action, Relation, Role, StateWord};
use dolen_domain::kernel::Actor;

use super::operations::{Need, Operation, Target};
use super::principals::{Post, Principal};
use super::things::{EMERGENCY_SERVICE, Thing};

/// A class of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// 2xx.
    Done,
    /// 401 `sign_in_required`.
    SignIn,
    /// 403 `step_up_required`.
    StepUp,
    /// 403 `scope_insufficient`.
    Scope,
    /// 403 `forbidden`.
    Forbidden,
    /// 404 `not_found`.
    Unseen,
    /// Anything else, which is never right.
    Other(u16),
}

/// Whether a membership stands in a relation to a thing.
fn stands(who: &Principal, post: &Post, relation: Relation, thing: &Thing) -> bool {
    let place = &post.place;
    match relation {
        Relation::Any => true,
        Relation::OwnSchool => match (place.school, thing.school) {
            (Some(mine), Some(its)) => mine == its,
            _ => false,
        },
        Relation::OwnService => match (place.service, thing.service) {
            (Some(mine), Some(its)) => mine == its,
            _ => false,
        },
        Relation::Holder => match (place.officer, thing.officer) {
            (Some(me), Some(holder)) => me == holder,
            _ => false,
        },
        Relation::Recipient => {
            let whole_authority = post.role == Role::SafeguardingLead && place.school.is_none();
            let in_person = match who.actor {
                Actor::Person(me) => thing.people.contains(&me) && (whole_authority || place.school == thing.school),
                _ => false,
            };
            let leads = post.role == Role::TeamLead && place.service.is_some_and(|mine| thing.leads.contains(&mine));
            in_person || leads || place.officer.is_some_and(|me| thing.officers.contains(&me))
        }
        Relation::Emergency => match who.actor {
            Actor::Person(me) => thing.emergency == Some(me) && may_start(post),
            _ => false,
        },
        Relation::Moved => thing.moved && place.school.is_none(),
        Relation::Sender => {
            let still_there = place.school.is_none() || place.school == thing.school;
            thing.sender == Some(who.actor) && still_there
        }
    }
}

/// Whether the membership could start an emergency access, and so may use one.
fn may_start(post: &Post) -> bool {
    let service = post.place.service == Some(EMERGENCY_SERVICE);
    let starts = |r: &&Rule| r.action == Action::StartEmergency && r.role == post.role;
    RULES.iter().filter(starts).any(|r| r.relation == Relation::Any || r.relation == Relation::OwnService && service)
}

/// Whether a row counts while the thing is as it is.
fn in_state(rule: &Rule, thing: &Thing) -> bool {
    let state = if thing.closed { StateWord::Closed } else { StateWord::Open };
    rule.when.is_empty() || rule.when.contains(&state)
}

/// Whether a row allows it to one of the memberships that count.
pub fn allowed(rules: &[Rule], who: &Principal, action: Action, thing: &Thing) -> bool {
    let fits = |rule: &Rule, post: &Post| {
        rule.action == action
            && rule.role == post.role
            && in_state(rule, thing)
            && stands(who, post, rule.relation, thing)
    };
    who.in_force().any(|post| rules.iter().any(|rule| fits(rule, post)))
}

/// Whether a list has anything to say to them at all: a row for a role of theirs.
pub fn may_list(rules: &[Rule], who: &Principal, action: Action) -> bool {
    // Every person here has an emergency access; who may not start one has nothing of it. What is bound to a state makes
    // no list.
    let counts = |rule: &Rule, post: &Post| {
        let usable = rule.relation != Relation::Emergency || matches!(who.actor, Actor::Person(_)) && may_start(post);
        rule.action == action && rule.role == post.role && rule.when.is_empty() && usable
    };
    who.in_force().any(|post| rules.iter().any(|rule| counts(rule, post)))
}

/// Whether they have a row for what an operation needs, at whatever place.
pub fn may_somewhere(rules: &[Rule], who: &Principal, operation: &Operation) -> bool {
    let actions = operation.parts[0].needs.iter().filter_map(|need| match need {
        Need::Rule(action, _) => Some(*action),
        _ => None,
    });
    actions.into_iter().all(|action| may_list(rules, who, action))
}

/// Whether they may know that the thing exists. Only referrals and WARRN records are anybody's secret.
pub fn sees(rules: &[Rule], who: &Principal, target: Target, thing: &Thing) -> bool {
    match target {
        Target::Referral => allowed(rules, who, Action::ReadReferral, thing),
        Target::Warrn => allowed(rules, who, Action::ReadWarrn, thing),
        Target::Nothing
        | Target::School
        | Target::Campaign
        | Target::Questionnaire
        | Target::SchoolInCampaign
        | Target::Account
        | Target::Pupil => true,
    }
}

/// The answer a part of an operation should give.
pub fn answer(rules: &[Rule], who: &Principal, operation: &Operation, part: usize, thing: &Thing) -> Answer {
    let part = &operation.parts[part];
    // Nothing stands where there is no officer, and nobody need be asked.
    let needed = if part.name == "Referral.officer" && thing.officer.is_none() { 1 } else { part.needs.len() };
    let needs = part.needs.iter().take(needed);
    let mut answers = needs.map(|need| one(rules, who, operation, need, thing));
    answers.find(|answer| *answer != Answer::Done).unwrap_or(Answer::Done)
}

fn one(rules: &[Rule], who: &Principal, operation: &Operation, need: &Need, thing: &Thing) -> Answer {
    // A page is for people: anybody else is led to where they sign in.
    if operation.is_page() && *need != Need::Nothing && !matches!(who.actor, Actor::Person(_)) {
        return Answer::SignIn;
    }
    let (action, scope) = match (need, who.actor) {
        (Need::Nothing, _) => return Answer::Done,
        (_, Actor::Anonymous) => return Answer::SignIn,
        (Need::SignedIn, _) | (Need::Session, Actor::Person(_)) => return Answer::Done,
        (Need::Session, _) => return Answer::Unseen,
        (Need::OneOf(actions), _) => {
            let any = actions.iter().any(|action| may_list(rules, who, *action));
            return if any { Answer::Done } else { Answer::Forbidden };
        }
        (Need::Seen(action, scope), _) => {
            let rule = Need::Rule(*action, scope.clone());
            let done = one(rules, who, operation, &rule, thing) == Answer::Done;
            return if done { Answer::Done } else { Answer::Unseen };
        }
        (Need::Rule(action, scope), _) => (*action, scope),
    };
    if let Some(scopes) = &who.scopes
        && !scope.as_ref().is_some_and(|needed| scopes.contains(&needed.as_str()))
    {
        return Answer::Scope;
    }
    // The directory is one for everybody, wherever it is asked from.
    let everybodys = Thing::default();
    let thing = if action == Action::ReadDirectory { &everybodys } else { thing };
    let may = if operation.is_list() { may_list(rules, who, action) } else { allowed(rules, who, action, thing) };
    match may {
        true if STEP_UP.contains(&action) && who.scopes.is_none() && !who.fresh => Answer::StepUp,
        true => Answer::Done,
        false if action == Action::ReadDirectory || sees(rules, who, operation.target, thing) => Answer::Forbidden,
        false => Answer::Unseen,
    }
}
