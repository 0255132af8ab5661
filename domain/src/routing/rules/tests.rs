//! Examples of every reason, and the properties that hold for any contact list.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::directory::officers::KeyArea;
use crate::identity::Preference;
use crate::kernel::{EmailAddress, Medium, Phase, SchoolNumber, ServiceId};

const SERVICE: ServiceId = ServiceId::from_uuid(Uuid::from_u128(1));

fn day(d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
}

fn id(n: u128) -> OfficerId {
    OfficerId::from_uuid(Uuid::from_u128(n))
}

fn number(n: u32) -> SchoolNumber {
    SchoolNumber::parse(&format!("676400{n}")).unwrap()
}

fn item() -> Item {
    Item {
        service: SERVICE,
        service_code: "eps".into(),
        key_area: Some(KeyArea::Bullying),
        school: number(1),
        cluster: Some("north".into()),
        phase: Phase::Primary,
        medium: Medium::Welsh,
        queue: "eps-duty".into(),
    }
}

fn officer(n: u128, coverage: &[Coverage]) -> Officer {
    Officer {
        id: id(n),
        name: format!("Officer {n}"),
        email: EmailAddress::parse(&format!("o{n}@la.example")).unwrap(),
        role_title: "Psychologist".into(),
        phone: None,
        lang: Preference::Both,
        areas: vec![],
        services: vec![SERVICE],
        coverage: coverage.to_vec(),
        deputy: None,
        absent: None,
        listed: true,
    }
}

fn codes(decision: &Decision) -> Vec<(Reason, Option<OfficerId>)> {
    decision.steps.iter().map(|s| (s.code, s.officer)).collect()
}

#[test]
fn the_closest_coverage_wins_then_the_area_then_the_order() {
    let mut list = vec![
        officer(1, &[Coverage::All]),
        officer(2, &[Coverage::Phase(Phase::Primary)]),
        officer(3, &[Coverage::Cluster("north".into()), Coverage::School(number(2))]),
        officer(4, &[Coverage::School(number(1)), Coverage::All]),
        officer(5, &[Coverage::School(number(2)), Coverage::Medium(Medium::English), Coverage::Phase(Phase::Pru)]),
    ];
    assert_eq!(decide(&item(), &list, day(2)).officer(), Some(id(4)));
    list.remove(3);
    assert_eq!(decide(&item(), &list, day(2)).officer(), Some(id(3)));
    list.remove(2);
    let decision = decide(&item(), &list, day(2));
    assert_eq!(
        codes(&decision),
        [(Reason::NotCovering, Some(id(5))), (Reason::Chosen, Some(id(2))), (Reason::LessSpecific, Some(id(1)))]
    );
    let mut expert = officer(9, &[Coverage::Medium(Medium::Welsh)]);
    expert.areas = vec![KeyArea::Bullying];
    list.push(expert);
    let decision = decide(&item(), &list, day(2));
    assert_eq!(decision.officer(), Some(id(9)), "as close, and of the area");
    assert!(codes(&decision).contains(&(Reason::OtherArea, Some(id(2)))));
    let mut any_area = item();
    any_area.key_area = None;
    let decision = decide(&any_area, &list, day(2));
    assert_eq!(decision.officer(), Some(id(2)), "no area: the order decides");
    assert!(codes(&decision).contains(&(Reason::LaterInOrder, Some(id(9)))));
}

#[test]
fn deputies_are_asked_in_turn_and_loops_end() {
    let away = Some((day(1), day(3)));
    let mut first = officer(1, &[Coverage::School(number(1))]);
    first.absent = away;
    first.deputy = Some(id(2));
    let mut second = officer(2, &[]);
    second.services.clear();
    second.absent = away;
    second.deputy = Some(id(3));
    let mut third = officer(3, &[]);
    third.services.clear();
    let decision = decide(&item(), &[first.clone(), second.clone(), third.clone()], day(3));
    assert_eq!(
        codes(&decision),
        [(Reason::Absent, Some(id(1))), (Reason::DeputyAbsent, Some(id(2))), (Reason::DeputyUsed, Some(id(3)))]
    );
    assert_eq!(decision.steps[2].instead_of, Some(id(2)));
    assert_eq!(decide(&item(), &[first.clone(), second.clone(), third.clone()], day(4)).officer(), Some(id(1)));

    second.deputy = Some(id(1));
    let next = officer(4, &[Coverage::All]);
    let decision = decide(&item(), &[first.clone(), second.clone(), next], day(1));
    assert!(codes(&decision).contains(&(Reason::DeputyLoop, Some(id(1)))));
    assert_eq!(decision.officer(), Some(id(4)), "the next candidate after a chain in vain");

    first.deputy = Some(id(3));
    third.listed = false;
    let decision = decide(&item(), &[first, third], day(1));
    assert_eq!(
        codes(&decision),
        [(Reason::Absent, Some(id(1))), (Reason::DeputyNotListed, Some(id(3))), (Reason::NobodyPresent, None)]
    );
    assert_eq!(decision.queue(), Some("eps-duty"));
}

#[test]
fn nobody_means_the_queue() {
    let mut gone = officer(1, &[Coverage::All]);
    gone.listed = false;
    let mut other = officer(2, &[Coverage::All]);
    other.services = vec![ServiceId::from_uuid(Uuid::from_u128(8))];
    let decision = decide(&item(), &[gone, other], day(1));
    assert_eq!(decision.to, Target::Queue("eps-duty".into()));
    assert_eq!(codes(&decision), [(Reason::NoCandidate, None)]);
}

#[test]
fn decisions_are_stored_as_json_and_read_in_both_languages() {
    let mut first = officer(1, &[Coverage::All]);
    first.absent = Some((day(1), day(1)));
    first.deputy = Some(id(2));
    let decision = decide(&item(), &[first, officer(2, &[])], day(1));
    let json = serde_json::to_value(&decision).unwrap();
    assert_eq!(json["to"]["officer"], id(2).to_string());
    assert_eq!(serde_json::from_value::<Decision>(json).unwrap(), decision);
    let last = decision.steps.iter().find(|s| s.code == Reason::DeputyUsed).unwrap();
    let named = last.sentence(|o| Some(format!("N{}", o.uuid().as_u128())));
    assert_eq!(named.en, "N2: chosen as deputy (instead of N1).");
    assert_eq!(named.cy, "N2: dewiswyd fel dirprwy (yn lle N1).");
    assert_eq!(last.sentence(|_| None).en, "Officer: chosen as deputy.");
    for reason in Reason::ALL {
        assert_ne!(reason.text().cy, reason.text().en);
    }
}

prop_compose! {
    fn any_officer(n: u128)(
        kinds in proptest::collection::vec(0_u8..6, 0..3),
        area: bool,
        serves in 0_u8..5,
        deputy in proptest::option::of(0_u128..8),
        away: bool,
        listed in 0_u8..6,
    ) -> Officer {
        let coverage: Vec<Coverage> = kinds
            .into_iter()
            .map(|k| match k {
                0 => Coverage::All,
                1 => Coverage::School(number(1)),
                2 => Coverage::Cluster("north".into()),
                3 => Coverage::Phase(Phase::Primary),
                4 => Coverage::Medium(Medium::Welsh),
                _ => Coverage::School(number(2)),
            })
            .collect();
        let mut o = officer(n, &coverage);
        if area { o.areas.push(KeyArea::Bullying); }
        if serves == 0 { o.services.clear(); }
        o.deputy = deputy.map(id);
        o.absent = away.then(|| (day(1), day(31)));
        o.listed = listed != 0;
        o
    }
}

fn any_list() -> impl Strategy<Value = Vec<Officer>> {
    (any_officer(0), any_officer(1), any_officer(2), any_officer(3), any_officer(4), any_officer(5))
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

proptest! {
    #[test]
    fn everyone_considered_is_accounted_for_and_whoever_gets_it_is_present(list in any_list()) {
        let decision = decide(&item(), &list, day(9));
        match &decision.to {
            Target::Officer(chosen) => {
                let officer = list.iter().find(|o| o.id == *chosen).unwrap();
                prop_assert!(officer.listed && !officer.is_absent_on(day(9)));
                let ends = decision.steps.iter().filter(|s| matches!(s.code, Reason::Chosen | Reason::DeputyUsed));
                prop_assert_eq!(ends.map(|s| s.officer).collect::<Vec<_>>(), vec![Some(*chosen)]);
            }
            Target::Queue(queue) => prop_assert_eq!(queue, "eps-duty"),
        }
        for officer in list.iter().filter(|o| o.listed && o.services.contains(&SERVICE)) {
            prop_assert!(decision.steps.iter().any(|s| s.officer == Some(officer.id)));
        }
    }

    #[test]
    fn the_order_of_the_list_does_not_matter(
        (list, shuffled) in any_list().prop_flat_map(|l| (Just(l.clone()), Just(l).prop_shuffle()))
    ) {
        prop_assert_eq!(decide(&item(), &list, day(9)), decide(&item(), &shuffled, day(9)));
    }

    #[test]
    fn whoever_goes_away_gets_nothing(mut list in any_list(), who in 0_usize..6) {
        list[who].absent = Some((day(1), day(31)));
        prop_assert_ne!(decide(&item(), &list, day(9)).officer(), Some(list[who].id));
    }
}
