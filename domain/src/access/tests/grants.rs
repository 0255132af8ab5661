//! Grants out of the database, as it stands in the same transaction.

use diesel::prelude::*;

use super::*;
use crate::db::Work;
use crate::db::schema::{child_keys as k, emergency_accesses as e, memberships as m, people as p, pupils as c};
use crate::db::types::SealedBytes;
use crate::testing::{self, TestDb};

fn add(t: &TestDb, role: Role) -> PersonId {
    let made = t.db.upkeep(&Caller::system("test"), move |work| {
        let id = PersonId::from_uuid(work.new_id());
        let row = (
            (p::id.eq(id), p::email.eq(format!("{id}@la.example")), p::name.eq("Person"), p::lang.eq("cy")),
            (p::active.eq(true), p::failed_sign_ins.eq(0_i64), p::version.eq(1_i64), p::created_at.eq(work.now())),
        );
        diesel::insert_into(p::table).values(row).execute(work.conn())?;
        let row = (
            (m::id.eq(MembershipId::from_uuid(work.new_id())), m::person_id.eq(Some(id)), m::role.eq(role)),
            (m::deputy.eq(false), m::state.eq("confirmed"), m::begins_at.eq(work.now())),
        );
        diesel::insert_into(m::table).values(row).execute(work.conn())?;
        Ok(id)
    });
    made.unwrap()
}

fn ask<T>(t: &TestDb, caller: &Caller, f: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T, Code> {
    t.db.read(caller, f).map_err(|e| e.code)
}

fn anonymous() -> Caller {
    Caller { actor: Actor::Anonymous, ..Caller::system("test") }
}

#[test]
fn a_refusal_has_its_code() {
    let t = testing::db();
    let lead = Caller::person(add(&t, Role::SafeguardingLead), Lang::En, "test");
    let none = Facts::default();
    let go = |caller: &Caller, action| {
        ask(&t, caller, |work| grant(work, action, 7, &none)).map(|g| (g.id(), g.action(), g.basis()))
    };
    assert_eq!(go(&anonymous(), Action::ReadDirectory), Err(Code::SignInRequired));
    assert_eq!(go(&lead, Action::ManagePeople), Err(Code::Forbidden));
    assert_eq!(go(&lead, Action::ReadReferral), Err(Code::NotFound));
    assert_eq!(go(&lead, Action::StartEmergency), Err(Code::StepUpRequired));
    let fresh = testing::stepped_up(&t, lead.clone());
    let basis = Basis::Role(Role::SafeguardingLead, Relation::Any);
    assert_eq!(go(&fresh, Action::StartEmergency), Ok((7, Action::StartEmergency, basis)));
    let token = Caller { scopes: Some(Scopes::parse("surveys:read")), ..fresh };
    assert_eq!(go(&token, Action::ReadDirectory), Err(Code::ScopeInsufficient));
    assert_eq!(go(&Caller::system("test"), Action::ManagePeople).unwrap().2, Basis::System);
}

#[test]
fn a_list_is_granted_on_the_rule_it_is_made_of() {
    let t = testing::db();
    let lead = Caller::person(add(&t, Role::SafeguardingLead), Lang::En, "test");
    let go = |caller: &Caller, action| {
        ask(&t, caller, |work| scope(work, action)).map(|g| (g.on().everything, g.action(), g.basis()))
    };
    assert_eq!(go(&anonymous(), Action::ReadDirectory), Err(Code::SignInRequired));
    assert_eq!(go(&lead, Action::ReadReferral), Err(Code::Forbidden));
    assert_eq!(
        go(&lead, Action::ReadEmergency),
        Ok((true, Action::ReadEmergency, Basis::Role(Role::SafeguardingLead, Relation::Any)))
    );
    let recipient = Basis::Role(Role::SafeguardingLead, Relation::Recipient);
    assert_eq!(go(&lead, Action::ReadWarrn), Ok((false, Action::ReadWarrn, recipient)));
    let token = |scopes: &str| Caller { scopes: Some(Scopes::parse(scopes)), ..lead.clone() };
    assert_eq!(go(&token("warrn:read"), Action::ReadEmergency), Err(Code::ScopeInsufficient));
    assert_eq!(go(&token("surveys:read"), Action::ReadWarrn), Err(Code::ScopeInsufficient));
    assert!(go(&token("warrn:read"), Action::ReadWarrn).is_ok());
    assert_eq!(go(&Caller::system("test"), Action::ReadReferral), Ok((true, Action::ReadReferral, Basis::System)));
}

#[test]
fn a_standing_is_the_callers_or_somebody_elses_without_their_factor() {
    let t = testing::db();
    let who = add(&t, Role::Auditor);
    let fresh = testing::stepped_up(&t, Caller::person(who, Lang::En, "test"));
    let own = ask(&t, &fresh, crate::access::standing).unwrap();
    assert!(own.stepped_up && own.has(Role::Auditor) && own.actor == Actor::Person(who));
    let theirs = ask(&t, &Caller::system("test"), |work| standing_of(work, Actor::Person(who))).unwrap();
    assert!(!theirs.stepped_up && theirs.has(Role::Auditor));
    let system = ask(&t, &fresh, |work| standing_of(work, Actor::System)).unwrap();
    assert!(system.memberships.is_empty());
}

#[test]
fn membership_states_and_times_take_effect_on_the_next_request() {
    // AUZ-4: of a thousand random changes, none is stale.
    let t = testing::db();
    let who = add(&t, Role::Auditor);
    let caller = Caller::person(who, Lang::En, "test");
    let mut dice = 3_u64;
    let mut seen = [0; 2];
    for turn in 0..1000 {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = |n: u64, shift: u32| (dice >> shift) % n;
        let state = ["invited", "accepted", "confirmed", "confirmed", "confirmed", "ended"]
            [usize::try_from(pick(6, 33)).unwrap()];
        let begins = t.clock.now().plus_seconds([-10, 0, 1][usize::try_from(pick(3, 40)).unwrap()]);
        let ends = [None, Some(-1), Some(0), Some(1)][usize::try_from(pick(4, 45)).unwrap()]
            .map(|s| t.clock.now().plus_seconds(s));
        t.db.upkeep(&Caller::system("test"), move |work| {
            let theirs = m::table.filter(m::person_id.eq(who));
            diesel::update(theirs)
                .set((m::state.eq(state), m::begins_at.eq(begins), m::ends_at.eq(ends)))
                .execute(work.conn())?;
            Ok(())
        })
        .unwrap();
        let now = t.clock.now();
        let expected = state == "confirmed" && begins <= now && ends.is_none_or(|e| now < e);
        let may = ask(&t, &caller, |work| grant(work, Action::ReadAudit, (), &Facts::default())).is_ok();
        assert_eq!(may, expected, "{turn}: {state} {begins:?} {ends:?}");
        seen[usize::from(may)] += 1;
    }
    assert!(seen.into_iter().all(|n| n > 100), "{seen:?}");
}

/// An emergency access that runs, whoever has it.
fn break_glass(t: &TestDb, person: PersonId, place: SchoolId) {
    let made = t.db.upkeep(&Caller::system("test"), move |work| {
        let (now, key, pupil) = (work.now(), KeyId::from_uuid(work.new_id()), PupilId::from_uuid(work.new_id()));
        let row = (k::id.eq(key), k::kek_id.eq("none"), k::wrapped.eq(SealedBytes(vec![1])), k::created_at.eq(now));
        diesel::insert_into(k::table).values(row).execute(work.conn())?;
        let row = (
            (c::id.eq(pupil), c::key_id.eq(key), c::school_id.eq(place), c::identity.eq(SealedBytes(vec![1]))),
            c::created_at.eq(now),
        );
        diesel::insert_into(c::table).values(row).execute(work.conn())?;
        let row = (
            (e::id.eq(EmergencyId::from_uuid(work.new_id())), e::reference.eq(person.to_string()), e::live.eq(true)),
            (e::role.eq("officer"), e::person_id.eq(person), e::pupil_id.eq(pupil), e::school_id.eq(place)),
            (e::reason.eq(SealedBytes(vec![1])), e::started_at.eq(now), e::ends_at.eq(now.plus_seconds(3600))),
        );
        Ok(diesel::insert_into(e::table).values(row).execute(work.conn())?)
    });
    assert_eq!(made.unwrap(), 1);
}

/// Who could no longer start one has none: it ends with the role.
#[test]
fn an_emergency_access_counts_for_who_could_start_one() {
    let t = testing::db();
    let place = testing::school(&t, "6764051");
    for (role, counts) in [(Role::SafeguardingLead, true), (Role::Dsp, false), (Role::Administrator, false)] {
        let person = add(&t, role);
        let found = || {
            let of = |work: &mut Work<'_>| Ok(standing_of(work, Actor::Person(person))?.emergencies.len());
            t.db.read(&Caller::system("test"), of).unwrap()
        };
        assert_eq!(found(), 0);
        break_glass(&t, person, place);
        assert_eq!(found(), usize::from(counts), "{role}");
    }
}
