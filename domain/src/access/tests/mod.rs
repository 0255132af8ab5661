//! The policy table, the decision and the grants.

mod decisions;
mod grants;
mod table;
mod worlds;

use super::*;
use crate::kernel::*;

fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

fn person(n: u128) -> Actor {
    Actor::Person(PersonId::from_uuid(id(n)))
}

fn school(n: u128) -> SchoolId {
    SchoolId::from_uuid(id(n))
}

fn service(n: u128) -> ServiceId {
    ServiceId::from_uuid(id(n))
}

fn officer(n: u128) -> OfficerId {
    OfficerId::from_uuid(id(n))
}

fn pupil(n: u128) -> PupilId {
    PupilId::from_uuid(id(n))
}

fn role(role: Role) -> Membership {
    Membership { role, school: None, service: None, officer: None }
}

fn at(role: Role, n: u128) -> Membership {
    Membership { role, school: Some(school(n)), service: None, officer: None }
}

fn of(role: Role, n: u128) -> Membership {
    Membership { role, school: None, service: Some(service(n)), officer: None }
}

fn being(role: Role, n: u128) -> Membership {
    Membership { role, school: None, service: None, officer: Some(officer(n)) }
}

/// Somebody with these memberships who has just proved a second factor.
fn standing(actor: Actor, memberships: &[Membership]) -> Standing {
    Standing { actor, memberships: memberships.to_vec(), emergencies: Vec::new(), stepped_up: true }
}

/// A record of school 1, service 1, child 1, held by officer 1, sent by person 1, received by person 2 and officer 2.
fn record() -> Facts {
    Facts {
        school: Some(school(1)),
        service: Some(service(1)),
        pupil: Some(pupil(1)),
        state: Some(StateWord::Open),
        officer: Some(officer(1)),
        recipients: vec![PersonId::from_uuid(id(2))],
        recipients_at: vec![(PersonId::from_uuid(id(3)), school(3))],
        recipient_officers: vec![officer(2)],
        recipient_services: vec![service(2)],
        sender: Some(person(1)),
        moved: false,
    }
}
