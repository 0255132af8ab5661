//! In random worlds, a list shows exactly what can be opened one by one (`facts/reliability.md` AUZ-2, its core).

use super::policy::RULES;
use super::*;

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn small(&mut self) -> u128 {
        u128::from(1 + self.below(3))
    }

    fn maybe<T>(&mut self, make: impl FnOnce(u128) -> T) -> Option<T> {
        let n = self.small();
        (self.below(2) == 0).then(|| make(n))
    }

    fn some<T>(&mut self, make: impl Fn(u128) -> T) -> Vec<T> {
        (0..self.below(3)).map(|_| make(self.small())).collect()
    }
}

/// What the lists make of a scope. Written apart from the decision on purpose.
fn shows(scope: &Scope, facts: &Facts) -> bool {
    let has = |all: &[SchoolId]| facts.school.is_some_and(|s| all.contains(&s));
    let received = scope.recipient.is_some_and(|p| facts.recipients.contains(&p))
        && (scope.recipient_anywhere || has(&scope.recipient_schools));
    let elsewhere = |(person, school): &(PersonId, SchoolId)| {
        scope.recipient == Some(*person) && scope.recipient_schools.contains(school)
    };
    let received = received || facts.recipients_at.iter().any(elsewhere);
    let sent =
        scope.sender.is_some() && scope.sender == facts.sender && (scope.sender_anywhere || has(&scope.sender_schools));
    scope.everything
        || has(&scope.schools)
        || facts.service.is_some_and(|s| scope.services.contains(&s))
        || facts.officer.is_some_and(|o| scope.officers.contains(&o))
        || facts.pupil.is_some_and(|p| scope.pupils.contains(&p))
        || received
        || facts.recipient_officers.iter().any(|o| scope.recipient_officers.contains(o))
        || facts.recipient_services.iter().any(|s| scope.recipient_services.contains(s))
        || sent
        || facts.moved && scope.moved
}

fn world(dice: &mut Dice) -> (Standing, Facts) {
    let memberships = (0..=dice.below(3))
        .map(|_| Membership {
            role: Role::ALL[usize::try_from(dice.below(11)).unwrap()],
            school: dice.maybe(school),
            service: dice.maybe(service),
            officer: dice.maybe(officer),
        })
        .collect::<Vec<_>>();
    let emergencies = dice.some(|n| n).into_iter().map(|n| Emergency {
        id: EmergencyId::from_uuid(id(n)),
        pupil: pupil(n),
        service: (n > 1).then(|| service(n)),
    });
    let actor = person(dice.small());
    let standing = Standing { emergencies: emergencies.collect(), ..standing(actor, &memberships) };
    let facts = Facts {
        school: Some(school(dice.small())),
        service: dice.maybe(service),
        pupil: Some(pupil(dice.small())),
        state: dice.maybe(|n| if n == 1 { StateWord::Closed } else { StateWord::Open }),
        officer: dice.maybe(officer),
        recipients: dice.some(|n| PersonId::from_uuid(id(n))),
        recipients_at: dice.some(|n| (PersonId::from_uuid(id(n)), school(4 - n))),
        recipient_officers: dice.some(officer),
        recipient_services: dice.some(service),
        sender: dice.maybe(person),
        moved: dice.below(2) == 0,
    };
    (standing, facts)
}

#[test]
fn a_list_shows_what_can_be_opened_and_nothing_else() {
    let mut dice = Dice(7);
    let (mut shown, mut hidden) = (0, 0);
    for _ in 0..20_000 {
        let (standing, facts) = world(&mut dice);
        for action in Action::ALL {
            let stateless = RULES.iter().filter(|r| r.action == *action).all(|r| r.when.is_empty());
            let allowed = matches!(decide(&standing, None, *action, &facts), Decision::Allowed(_));
            let listed = scope_of(&standing, *action).is_some_and(|s| shows(&s, &facts));
            if stateless {
                assert_eq!(listed, allowed, "{action:?} {standing:?} {facts:?}");
            } else {
                assert!(allowed || !listed, "{action:?} {standing:?} {facts:?}");
            }
            if allowed { shown += 1 } else { hidden += 1 }
        }
    }
    assert!(shown > 20_000 && hidden > 20_000, "{shown} shown, {hidden} hidden: worlds of one kind prove little");
}

#[test]
fn the_comparison_would_notice_a_scope_too_wide() {
    let mut dice = Dice(7);
    let wider = (0..2000).any(|_| {
        let (standing, facts) = world(&mut dice);
        let scope = scope_of(&standing, Action::ReadReferral).unwrap_or_default();
        let wide = Scope { schools: vec![school(1), school(2), school(3)], ..scope };
        shows(&wide, &facts) && !matches!(decide(&standing, None, Action::ReadReferral, &facts), Decision::Allowed(_))
    });
    assert!(wider);
}

#[test]
fn a_list_nobody_could_be_shown_is_none() {
    assert_eq!(scope_of(&standing(person(1), &[]), Action::ReadReferral), None);
    assert_eq!(scope_of(&standing(person(1), &[role(Role::Analyst)]), Action::ReadReferral), None);
    assert_eq!(scope_of(&standing(person(1), &[role(Role::SafeguardingLead)]), Action::ReadReferral), None);
    let system = scope_of(&standing(Actor::System, &[]), Action::ReadReferral).unwrap();
    assert!(system.everything);
}

#[test]
fn a_list_names_no_recipient_where_none_could_receive() {
    let received = |held: Membership| {
        let scope = scope_of(&standing(person(2), &[held]), Action::ReadWarrn).unwrap();
        (scope.recipient.is_some(), scope.recipient_schools.len(), scope.recipient_anywhere)
    };
    assert_eq!(received(role(Role::Dsp)), (false, 0, false));
    assert_eq!(received(at(Role::Dsp, 1)), (true, 1, false));
    assert_eq!(received(role(Role::SafeguardingLead)), (true, 0, true));
}
