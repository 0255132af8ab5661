//! Which role needs which place. Pure.

use crate::access::Role;
use crate::kernel::{Actor, Code, FaultCode, Faults, PersonId, Result};

use super::model::{MembershipState, NewMembership};

/// What is missing: without its place, such a role would allow nothing and nobody would notice.
pub(super) fn faults(new: &NewMembership) -> Faults {
    let mut faults = Faults::default();
    match new.role {
        Role::SchoolSubmitter | Role::Dsp | Role::Headteacher | Role::Integration if new.school.is_none() => {
            faults.add("/school", FaultCode::Missing);
        }
        Role::Officer if new.officer.is_none() && new.service.is_none() => {
            faults.add("/officer", FaultCode::Missing);
        }
        Role::TeamLead if new.service.is_none() => faults.add("/service", FaultCode::Missing),
        _ => {}
    }
    faults
}

/// Whether this person may confirm a membership that got so far: not their own, and only what was accepted.
pub(super) fn may_confirm(by: Actor, of: PersonId, state: MembershipState) -> Result<()> {
    if by == Actor::Person(of) {
        return Err(Code::Forbidden.into());
    }
    if state == MembershipState::Accepted { Ok(()) } else { Err(Code::StateConflict.into()) }
}

#[cfg(test)]
mod tests {
    use super::super::model::Member;
    use super::*;
    use crate::kernel::{OfficerId, SchoolId, ServiceId};

    #[test]
    fn another_confirms_and_only_what_was_accepted() {
        let (by, of) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let code = |by, state| may_confirm(by, PersonId::from_uuid(of), state).err().map(|e| e.code);
        for state in MembershipState::ALL {
            assert_eq!(code(Actor::Person(PersonId::from_uuid(of)), *state), Some(Code::Forbidden));
            let expected = (*state != MembershipState::Accepted).then_some(Code::StateConflict);
            assert_eq!(code(Actor::Person(PersonId::from_uuid(by)), *state), expected, "{state}");
            assert_eq!(code(Actor::System, *state), expected);
        }
    }

    #[test]
    fn a_role_of_a_place_needs_its_place() {
        let id = uuid::Uuid::from_u128(1);
        let pointers = |role, school: bool, service: bool, officer: bool| {
            let new = NewMembership {
                who: Member::Person(PersonId::from_uuid(id)),
                role,
                school: school.then_some(SchoolId::from_uuid(id)),
                service: service.then_some(ServiceId::from_uuid(id)),
                officer: officer.then_some(OfficerId::from_uuid(id)),
                deputy: false,
            };
            faults(&new).into_vec().into_iter().map(|f| f.pointer).collect::<Vec<_>>()
        };
        for role in [Role::SchoolSubmitter, Role::Dsp, Role::Headteacher, Role::Integration] {
            assert_eq!(pointers(role, false, true, true), ["/school"]);
            assert!(pointers(role, true, false, false).is_empty());
        }
        assert_eq!(pointers(Role::Officer, true, false, false), ["/officer"]);
        assert!(pointers(Role::Officer, false, true, false).is_empty());
        assert!(pointers(Role::Officer, false, false, true).is_empty());
        assert_eq!(pointers(Role::TeamLead, true, false, true), ["/service"]);
        for role in [Role::Administrator, Role::Analyst, Role::Auditor, Role::InReachWorker, Role::SafeguardingLead] {
            assert!(pointers(role, false, false, false).is_empty());
        }
    }
}
