//! What should be answered, worked out from the policy's rows alone: naive on purpose, and nothing of it shared with the
//! service's own decision.

use dolen_api::rest::policy::Access;
use dolen_domain::access::policy::Rule;
use dolen_domain::access::{Action, Relation, Role};
use dolen_domain::kernel::Actor;

use super::operations::{Operation, Target};
use super::principals::{Post, Principal};
use super::things::Thing;

/// A class of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// 2xx.
    Done,
    /// 401 `sign_in_required`.
    SignIn,
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
            in_person || place.officer.is_some_and(|me| thing.officers.contains(&me))
        }
        Relation::Sender => {
            let still_there = place.school.is_none() || place.school == thing.school;
            thing.sender == Some(who.actor) && still_there
        }
    }
}

/// Whether a row allows it to one of the memberships that count.
pub fn allowed(rules: &[Rule], who: &Principal, action: Action, thing: &Thing) -> bool {
    let fits = |rule: &Rule, post: &Post| {
        rule.action == action && rule.role == post.role && stands(who, post, rule.relation, thing)
    };
    who.in_force().any(|post| rules.iter().any(|rule| fits(rule, post)))
}

/// Whether a list has anything to say to them at all: a row for a role of theirs.
pub fn may_list(rules: &[Rule], who: &Principal, action: Action) -> bool {
    who.in_force().any(|post| rules.iter().any(|rule| rule.action == action && rule.role == post.role))
}

/// Whether they may know that the thing exists. Only referrals and WARRN records are anybody's secret.
pub fn sees(rules: &[Rule], who: &Principal, target: Target, thing: &Thing) -> bool {
    match target {
        Target::Referral => allowed(rules, who, Action::ReadReferral, thing),
        Target::Warrn => allowed(rules, who, Action::ReadWarrn, thing),
        Target::Nothing | Target::School | Target::Campaign | Target::SchoolInCampaign => true,
    }
}

/// The answer an operation should give.
pub fn answer(rules: &[Rule], who: &Principal, operation: &Operation, thing: &Thing) -> Answer {
    let action = match (operation.access, who.actor) {
        (Access::Public, _) => return Answer::Done,
        (_, Actor::Anonymous) => return Answer::SignIn,
        (Access::SignedIn, Actor::Person(_)) => return Answer::Done,
        (Access::SignedIn, _) => return Answer::Unseen,
        (Access::Action(action), _) => action,
    };
    if let Some(scopes) = &who.scopes
        && !operation.scope.as_ref().is_some_and(|needed| scopes.contains(&needed.as_str()))
    {
        return Answer::Scope;
    }
    let is_list = operation.target == Target::Nothing && !operation.changes();
    let may = if is_list { may_list(rules, who, action) } else { allowed(rules, who, action, thing) };
    match may {
        true => Answer::Done,
        false if sees(rules, who, operation.target, thing) => Answer::Forbidden,
        false => Answer::Unseen,
    }
}
