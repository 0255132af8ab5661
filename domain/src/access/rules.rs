//! The decision. Pure: standing, scopes, facts in; allowed, forbidden or unseen out.

use crate::kernel::{Actor, Scopes};

use super::model::{Action, Basis, Facts, Membership, Relation, Role, Scope, Standing};
use super::policy::RULES;

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes, on this basis.
    Allowed(Basis),
    /// The token lacks the scope.
    ScopeMissing,
    /// No, though the caller may know the thing exists.
    Forbidden,
    /// No, and the caller may not know the thing exists.
    Unseen,
    /// Nobody is signed in.
    Nobody,
}

/// Whether the membership stands in this relationship to the thing.
fn stands(standing: &Standing, membership: &Membership, relation: Relation, facts: &Facts) -> bool {
    match relation {
        Relation::Any => true,
        Relation::OwnSchool => membership.school.is_some() && membership.school == facts.school,
        Relation::OwnService => membership.service.is_some() && membership.service == facts.service,
        Relation::Holder => membership.officer.is_some() && membership.officer == facts.officer,
        Relation::Recipient => {
            // A DSP is a recipient at the record's own school only: moving school ends it. The authority's
            // safeguarding lead, to whom a record falls when the school has nobody, has no school.
            let in_place = receives_anywhere(membership) || membership.school == facts.school;
            let as_person = matches!(standing.actor, Actor::Person(p) if facts.recipients.contains(&p)) && in_place;
            let as_officer = membership.officer.is_some_and(|o| facts.recipient_officers.contains(&o));
            as_person || as_officer
        }
        Relation::Sender => {
            // A sender who has left the school no longer stands for it; a health worker has no school.
            facts.sender == Some(standing.actor) && (membership.school.is_none() || membership.school == facts.school)
        }
    }
}

/// Whether the membership makes its person a possible recipient of any school's record.
fn receives_anywhere(membership: &Membership) -> bool {
    membership.role == Role::SafeguardingLead && membership.school.is_none()
}

/// The first basis on which the policy allows the action.
fn basis(standing: &Standing, action: Action, facts: &Facts) -> Option<Basis> {
    RULES
        .iter()
        .filter(|r| r.action == action)
        .find(|r| standing.memberships.iter().any(|m| m.role == r.role && stands(standing, m, r.relation, facts)))
        .map(|r| Basis::Role(r.role, r.relation))
}

/// Whether the caller may do `action` on a thing with these facts.
#[must_use]
pub fn decide(standing: &Standing, scopes: Option<&Scopes>, action: Action, facts: &Facts) -> Decision {
    match standing.actor {
        Actor::System => return Decision::Allowed(Basis::System),
        Actor::Anonymous => return Decision::Nobody,
        Actor::Person(_) | Actor::Client(_) => {}
    }
    if let Some(scopes) = scopes
        && !action.scope().is_some_and(|s| scopes.has(s))
    {
        return Decision::ScopeMissing;
    }
    if let Some(basis) = basis(standing, action, facts) {
        return Decision::Allowed(basis);
    }
    match action.seen_by() {
        Some(seeing) if seeing == action || basis(standing, seeing, facts).is_none() => Decision::Unseen,
        _ => Decision::Forbidden,
    }
}

/// The part of a list the caller may see for `action`; `None` when no rule could ever allow it.
#[must_use]
pub fn scope_of(standing: &Standing, action: Action) -> Option<Scope> {
    if standing.actor == Actor::System {
        return Some(Scope { everything: true, ..Scope::default() });
    }
    let mut scope = Scope::default();
    let mut any = false;
    for rule in RULES.iter().filter(|r| r.action == action) {
        for membership in standing.memberships.iter().filter(|m| m.role == rule.role) {
            any = true;
            match rule.relation {
                Relation::Any => scope.everything = true,
                Relation::OwnSchool => scope.schools.extend(membership.school),
                Relation::OwnService => scope.services.extend(membership.service),
                Relation::Holder => scope.officers.extend(membership.officer),
                Relation::Recipient => {
                    if let Actor::Person(person) = standing.actor
                        && (membership.school.is_some() || receives_anywhere(membership))
                    {
                        scope.recipient = Some(person);
                        scope.recipient_schools.extend(membership.school);
                        scope.recipient_anywhere |= receives_anywhere(membership);
                    }
                    scope.recipient_officers.extend(membership.officer);
                }
                Relation::Sender => {
                    scope.sender = Some(standing.actor);
                    scope.sender_schools.extend(membership.school);
                    scope.sender_anywhere |= membership.school.is_none();
                }
            }
        }
    }
    any.then_some(scope)
}
