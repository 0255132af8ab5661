//! One case for each thing the decision looks at.

use super::*;
use Decision::{Allowed, Forbidden, Nobody, ScopeMissing, StepUpNeeded, Unseen};

fn on(role: Role, relation: Relation) -> Decision {
    Allowed(Basis::Role(role, relation))
}

fn asks(actor: Actor, memberships: &[Membership], action: Action, facts: &Facts) -> Decision {
    decide(&standing(actor, memberships), None, action, facts)
}

#[test]
fn each_relationship_stands_on_its_own_field() {
    use Action as A;
    let (own, other) = (
        record(),
        Facts { school: Some(school(9)), service: Some(service(9)), officer: Some(officer(9)), ..Facts::default() },
    );
    let lead = Role::TeamLead;
    for (actor, membership, action, expected, elsewhere) in [
        (person(3), at(Role::Dsp, 1), A::ReadReferralContent, on(Role::Dsp, Relation::OwnSchool), Unseen),
        (person(3), at(Role::Headteacher, 1), A::ReadReferral, on(Role::Headteacher, Relation::OwnSchool), Unseen),
        (person(3), at(Role::Headteacher, 1), A::ReadReferralContent, Forbidden, Unseen),
        (person(3), of(Role::Officer, 1), A::ReadReferral, on(Role::Officer, Relation::OwnService), Unseen),
        (person(3), of(Role::Officer, 1), A::ReadReferralContent, Forbidden, Unseen),
        (person(3), being(Role::Officer, 1), A::ReadReferralContent, on(Role::Officer, Relation::Holder), Unseen),
        (person(3), being(Role::Officer, 2), A::ReadReferralContent, Unseen, Unseen),
        (person(3), of(lead, 1), A::DecideReferral, on(lead, Relation::OwnService), Unseen),
        (person(3), being(lead, 1), A::ReadReferral, on(lead, Relation::Holder), Unseen),
        (person(3), being(lead, 1), A::ReadReferralContent, on(lead, Relation::Holder), Unseen),
        (person(3), being(lead, 1), A::DecideReferral, on(lead, Relation::Holder), Unseen),
        (person(3), being(lead, 2), A::ReadWarrnContent, on(lead, Relation::Recipient), Unseen),
        (person(2), at(Role::Dsp, 1), A::ReadWarrnContent, on(Role::Dsp, Relation::Recipient), Unseen),
        (person(2), at(Role::Dsp, 2), A::ReadWarrnContent, Unseen, Unseen),
        (person(2), role(Role::Dsp), A::ReadWarrnContent, Unseen, Unseen),
        (person(2), at(Role::Headteacher, 1), A::ReadWarrn, on(Role::Headteacher, Relation::Recipient), Unseen),
        (person(2), at(Role::Headteacher, 1), A::ReadWarrnContent, Forbidden, Unseen),
        (
            person(2),
            role(Role::SafeguardingLead),
            A::ReadWarrnContent,
            on(Role::SafeguardingLead, Relation::Recipient),
            Unseen,
        ),
        (person(2), role(Role::Officer), A::ReadWarrnContent, Unseen, Unseen),
        (person(3), being(Role::Officer, 2), A::AcknowledgeWarrn, on(Role::Officer, Relation::Recipient), Unseen),
        (person(3), of(lead, 2), A::ReadEmergency, on(lead, Relation::Recipient), Unseen),
        (person(3), of(Role::Officer, 2), A::ReadEmergency, Unseen, Unseen),
        // Of a child who has moved: by the school of the record that was theirs, while they are still there.
        (person(3), at(Role::Dsp, 3), A::ReadEmergency, on(Role::Dsp, Relation::Recipient), Unseen),
        (person(3), at(Role::Dsp, 2), A::ReadEmergency, Unseen, Unseen),
        (person(4), at(Role::Dsp, 3), A::ReadEmergency, Unseen, Unseen),
        (person(1), role(Role::InReachWorker), A::ReadWarrn, on(Role::InReachWorker, Relation::Sender), Unseen),
        (person(1), role(Role::InReachWorker), A::ReadWarrnContent, Forbidden, Unseen),
        (person(4), role(Role::InReachWorker), A::ReadWarrn, Unseen, Unseen),
        (
            person(1),
            at(Role::SchoolSubmitter, 1),
            A::ReadReferralContent,
            on(Role::SchoolSubmitter, Relation::Sender),
            Unseen,
        ),
        (person(1), at(Role::SchoolSubmitter, 2), A::ReadReferralContent, Unseen, Unseen),
        (
            person(3),
            role(Role::Administrator),
            A::ManagePeople,
            on(Role::Administrator, Relation::Any),
            on(Role::Administrator, Relation::Any),
        ),
        (person(3), role(Role::Analyst), A::ManagePeople, Forbidden, Forbidden),
        (
            person(3),
            role(Role::Auditor),
            A::ReadWarrnReaders,
            on(Role::Auditor, Relation::Any),
            on(Role::Auditor, Relation::Any),
        ),
    ] {
        assert_eq!(
            asks(actor, std::slice::from_ref(&membership), action, &own),
            expected,
            "{actor:?} {membership:?} {action:?}"
        );
        assert_eq!(
            asks(actor, std::slice::from_ref(&membership), action, &other),
            elsewhere,
            "elsewhere: {actor:?} {membership:?} {action:?}"
        );
        assert_eq!(asks(actor, &[], action, &own), if action.seen_by().is_some() { Unseen } else { Forbidden });
    }
    // Who may not see alerts is not told of one.
    assert_eq!(asks(person(3), &[role(Role::Analyst)], A::ReadAlerts, &own), Unseen);
    // A thing known by its school alone is its staff's own, and no other school's.
    let opens = |n| asks(person(3), &[at(Role::Dsp, n)], A::ReadReferral, &Facts::of_school(school(1)));
    assert_eq!((opens(1), opens(2)), (on(Role::Dsp, Relation::OwnSchool), Unseen));
    // A thing without a school is nobody's own.
    assert_eq!(asks(person(1), &[role(Role::Dsp)], A::ReadReferral, &Facts::default()), Unseen);
}

#[test]
fn a_rule_bound_to_a_state_holds_in_it_alone() {
    let submitter = [at(Role::SchoolSubmitter, 1)];
    let dsp = [at(Role::Dsp, 1)];
    for state in [Some(StateWord::Open), Some(StateWord::Closed), None] {
        let facts = Facts { state, ..record() };
        let sender = asks(person(1), &submitter, Action::ReadReferralContent, &facts);
        assert_eq!(sender, on(Role::SchoolSubmitter, Relation::Sender), "{state:?}");
        assert_eq!(asks(person(3), &dsp, Action::ReadReferralContent, &facts), on(Role::Dsp, Relation::OwnSchool));
        let holder = asks(person(3), &[being(Role::Officer, 1)], Action::ReadReferralContent, &facts);
        let expected = if state == Some(StateWord::Open) { on(Role::Officer, Relation::Holder) } else { Forbidden };
        assert_eq!(holder, expected, "{state:?}");
    }
}

#[test]
fn a_client_is_bound_by_its_scopes_and_nobody_else_is() {
    let client = Actor::Client(ClientId::from_uuid(id(1)));
    let sender = Facts { sender: Some(client), ..record() };
    let school = [at(Role::Integration, 1)];
    let with = |scopes: &str, action| {
        let stale = Standing { stepped_up: false, ..standing(client, &school) };
        decide(&stale, Some(&Scopes::parse(scopes)), action, &sender)
    };
    assert_eq!(
        with("referrals:read", Action::ReadReferralContent),
        on(Role::Integration, Relation::Sender),
        "no step-up"
    );
    assert_eq!(with("referrals:write", Action::ReadReferralContent), ScopeMissing);
    assert_eq!(with("", Action::ReadReferral), ScopeMissing);
    assert_eq!(with("referrals:read warrn:read", Action::ReadWarrnContent), ScopeMissing, "no client may");
    assert_eq!(with("warrn:read", Action::ReadWarrn), Unseen);
}

#[test]
fn the_service_may_and_nobody_may_not() {
    for action in Action::ALL {
        assert_eq!(asks(Actor::System, &[], *action, &Facts::default()), Allowed(Basis::System));
        assert_eq!(asks(Actor::Anonymous, &[role(Role::Administrator)], *action, &record()), Nobody);
    }
}

#[test]
fn a_stale_factor_is_asked_for_by_whoever_would_be_allowed_alone() {
    let stale = |memberships: &[Membership]| Standing { stepped_up: false, ..standing(person(3), memberships) };
    let dsp = stale(&[at(Role::Dsp, 1)]);
    assert_eq!(decide(&dsp, None, Action::ReadReferralContent, &record()), StepUpNeeded);
    assert_eq!(decide(&dsp, None, Action::ReadReferral, &record()), on(Role::Dsp, Relation::OwnSchool));
    let head = stale(&[at(Role::Headteacher, 1)]);
    assert_eq!(decide(&head, None, Action::ReadReferralContent, &record()), Forbidden);
    let elsewhere = stale(&[at(Role::Dsp, 2)]);
    assert_eq!(decide(&elsewhere, None, Action::ReadReferralContent, &record()), Unseen);
}

#[test]
fn a_factor_is_fresh_for_five_minutes() {
    let now = Utc::from_date_hour(chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), 9);
    assert!(!is_fresh(None, now));
    for (age, fresh) in [(0, true), (1, true), (299, true), (300, true), (301, false), (90_000, false), (-1, false)] {
        assert_eq!(is_fresh(Some(now.plus_seconds(-age)), now), fresh, "{age}");
    }
}

/// Nobody else's emergency accesses are looked for, and theirs are.
#[test]
fn only_who_reads_by_an_emergency_is_asked_for_one() {
    for role_held in Role::ALL {
        let reads = [Role::SafeguardingLead, Role::TeamLead, Role::Officer].contains(role_held);
        assert_eq!(super::rules::could_use_emergency(&[role(*role_held)]), reads, "{role_held}");
    }
    assert!(super::rules::could_use_emergency(&[role(Role::Dsp), role(Role::Officer)]));
    assert!(!super::rules::could_use_emergency(&[]));
}

#[test]
fn an_emergency_opens_its_child_to_who_may_still_start_one() {
    let emergency = |pupil_id, service_id| Emergency {
        id: EmergencyId::from_uuid(id(1)),
        pupil: pupil(pupil_id),
        service: service_id,
    };
    let ask = |membership: Membership, emergency: Emergency, action| {
        let standing = Standing { emergencies: vec![emergency], ..standing(person(5), &[membership]) };
        decide(&standing, None, action, &record())
    };
    let eps = Some(service(7));
    let read = Action::ReadWarrnContent;
    assert_eq!(ask(of(Role::Officer, 7), emergency(1, eps), read), on(Role::Officer, Relation::Emergency));
    assert_eq!(ask(of(Role::TeamLead, 7), emergency(1, eps), read), on(Role::TeamLead, Relation::Emergency));
    assert_eq!(
        ask(role(Role::SafeguardingLead), emergency(1, None), read),
        on(Role::SafeguardingLead, Relation::Emergency)
    );
    assert_eq!(ask(of(Role::Officer, 7), emergency(2, eps), read), Unseen, "another child");
    assert_eq!(ask(of(Role::Officer, 8), emergency(1, eps), read), Unseen, "another service by now");
    assert_eq!(ask(of(Role::Officer, 7), emergency(1, None), read), Unseen, "a service that is none");
    assert_eq!(ask(at(Role::Dsp, 2), emergency(1, eps), read), Unseen, "another role by now");
    assert_eq!(ask(of(Role::Officer, 7), emergency(1, eps), Action::AcknowledgeWarrn), Forbidden);
    assert_eq!(ask(of(Role::Officer, 7), emergency(1, eps), Action::ReadWarrnReaders), Forbidden);
}
