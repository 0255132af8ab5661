//! The decision. Pure: standing, scopes, facts in; allowed, forbidden or unseen out.

use crate::kernel::{Actor, Scopes, Utc};

use super::model::{Action, Basis, Emergency, Facts, Membership, Relation, Role, Scope, Standing};
use super::policy::{RULES, Rule, STEP_UP, STEP_UP_SECONDS};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes, on this basis.
    Allowed(Basis),
    /// Yes, once a second factor has been proved again.
    StepUpNeeded,
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
        Relation::OwnSchool => is_at(membership, facts),
        Relation::OwnService => membership.service.is_some() && membership.service == facts.service,
        Relation::Holder => membership.officer.is_some() && membership.officer == facts.officer,
        Relation::Recipient => {
            // A DSP is a recipient at the record's own school only: moving school ends it. The authority's
            // safeguarding lead, to whom a record falls when the school has nobody, has no school.
            let in_place = receives_anywhere(membership) || is_at(membership, facts);
            let as_person = matches!(standing.actor, Actor::Person(p) if facts.recipients.contains(&p)) && in_place;
            let there = |(person, school): &(_, _)| {
                standing.actor == Actor::Person(*person) && membership.school == Some(*school)
            };
            let elsewhere = facts.recipients_at.iter().any(there);
            let as_officer = membership.officer.is_some_and(|o| facts.recipient_officers.contains(&o));
            let as_lead = leads(membership).is_some_and(|s| facts.recipient_services.contains(&s));
            as_person || elsewhere || as_officer || as_lead
        }
        Relation::Sender => {
            // A sender who has left the school no longer stands for it; a health worker has no school.
            facts.sender == Some(standing.actor) && (membership.school.is_none() || is_at(membership, facts))
        }
        // Of no school: what is between two schools is neither's to see.
        Relation::Moved => facts.moved && membership.school.is_none(),
        Relation::Emergency => {
            standing.emergencies.iter().any(|e| facts.pupil == Some(e.pupil) && may_use(standing, membership, e))
        }
    }
}

/// Whether the membership is of the thing's own school.
fn is_at(membership: &Membership, facts: &Facts) -> bool {
    membership.school.is_some() && membership.school == facts.school
}

/// Whether the membership would still start the emergency access now: who no longer may, no longer uses one either.
fn may_use(standing: &Standing, membership: &Membership, emergency: &Emergency) -> bool {
    let facts = Facts { service: emergency.service, ..Facts::default() };
    RULES
        .iter()
        .filter(|r| r.action == Action::StartEmergency && r.role == membership.role)
        .any(|r| stands(standing, membership, r.relation, &facts))
}

/// Whether any of the memberships could have an emergency access: nobody else's are looked up.
pub(super) fn could_use_emergency(memberships: &[Membership]) -> bool {
    let starts = |m: &Membership| RULES.iter().any(|r| r.action == Action::StartEmergency && r.role == m.role);
    memberships.iter().any(starts)
}

/// Whether the rule holds in the thing's state.
fn in_state(rule: &Rule, facts: &Facts) -> bool {
    rule.when.is_empty() || facts.state.is_some_and(|s| rule.when.contains(&s))
}

/// Whether a second factor proved then still opens what is sealed.
#[must_use]
pub fn is_fresh(proved_at: Option<Utc>, now: Utc) -> bool {
    proved_at.is_some_and(|at| at <= now && now <= at.plus_seconds(STEP_UP_SECONDS))
}

/// The service the membership leads.
fn leads(membership: &Membership) -> Option<crate::kernel::ServiceId> {
    membership.service.filter(|_| membership.role == Role::TeamLead)
}

/// Whether the membership makes its person a possible recipient of any school's record.
fn receives_anywhere(membership: &Membership) -> bool {
    membership.role == Role::SafeguardingLead && membership.school.is_none()
}

/// The first basis on which the policy allows the action.
fn basis(standing: &Standing, action: Action, facts: &Facts) -> Option<Basis> {
    RULES
        .iter()
        .filter(|r| r.action == action && in_state(r, facts))
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
        // A client has no second factor; its scopes, addresses and expiry bind it.
        let person = matches!(standing.actor, Actor::Person(_));
        return if person && STEP_UP.contains(&action) && !standing.stepped_up {
            Decision::StepUpNeeded
        } else {
            Decision::Allowed(basis)
        };
    }
    match action.seen_by() {
        Some(seeing) if seeing == action || basis(standing, seeing, facts).is_none() => Decision::Unseen,
        _ => Decision::Forbidden,
    }
}

/// The first rule that could allow the caller the action on something: the basis of a list.
pub(super) fn first_rule(standing: &Standing, action: Action) -> Option<Basis> {
    let rule = RULES.iter().find(|r| r.action == action && standing.has(r.role))?;
    Some(Basis::Role(rule.role, rule.relation))
}

/// The part of a list the caller may see for `action`; `None` when no rule could ever allow it. A rule bound to a state
/// adds nothing here: no list is made of one, and a test says so.
#[must_use]
pub fn scope_of(standing: &Standing, action: Action) -> Option<Scope> {
    if standing.actor == Actor::System {
        return Some(Scope { everything: true, ..Scope::default() });
    }
    let mut scope = Scope::default();
    let mut any = false;
    for rule in RULES.iter().filter(|r| r.action == action && r.when.is_empty()) {
        for membership in standing.memberships.iter().filter(|m| m.role == rule.role) {
            // A right that only an emergency gives is none until there is one.
            any |= rule.relation != Relation::Emergency;
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
                    scope.recipient_services.extend(leads(membership));
                }
                Relation::Sender => {
                    scope.sender = Some(standing.actor);
                    scope.sender_schools.extend(membership.school);
                    scope.sender_anywhere |= membership.school.is_none();
                }
                Relation::Moved => scope.moved |= membership.school.is_none(),
                Relation::Emergency => {
                    let usable = standing.emergencies.iter().filter(|e| may_use(standing, membership, e));
                    scope.pupils.extend(usable.map(|e| e.pupil));
                    any |= !scope.pupils.is_empty();
                }
            }
        }
    }
    any.then_some(scope)
}
