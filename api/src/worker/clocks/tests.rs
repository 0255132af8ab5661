//! The clock over a real database, one record of which can't be dealt with.

use std::sync::Arc;

use diesel::prelude::*;
use dolen_domain::access::Role;
use dolen_domain::db::Work;
use dolen_domain::db::schema::case_milestones as cm;
use dolen_domain::identity::{self, AddPerson, Member, NewMembership, Preference};
use dolen_domain::kernel::{Caller, EmailAddress, FreeText, Lang, PersonId, SchoolNumber, WarrnId};
use dolen_domain::pupils::NewPupil;
use dolen_domain::warrn::{self, Section, SendWarrn};

use super::tick;
use crate::testing::World;

fn worker(world: &World) -> PersonId {
    let add = |work: &mut Work<'_>| {
        let new = AddPerson {
            email: EmailAddress::parse("worker@health.example").unwrap(),
            name: FreeText::parse("In-reach worker").unwrap(),
            lang: Preference::En,
            password: None,
        };
        let id = identity::add_person(work, &new)?;
        let (who, role) = (Member::Person(id), Role::InReachWorker);
        let membership = NewMembership { who, role, school: None, service: None, officer: None, deputy: false };
        identity::add_membership(work, &membership)?;
        Ok(id)
    };
    world.app.db.write(&Caller::system("test"), add).unwrap()
}

fn send(world: &World, by: PersonId) -> WarrnId {
    let sent = SendWarrn {
        school: SchoolNumber::parse("6764001").unwrap(),
        pupil: NewPupil {
            given_name: "Canarygiven".to_owned(),
            family_name: "Canaryfamily".to_owned(),
            born_on: "2012-05-04".parse().unwrap(),
            upn: None,
        },
        agreement: "ISP-2026-014".to_owned(),
        source: None,
        received_on: None,
        expected_return_on: None,
        summary: vec![Section { heading: "triggers".to_owned(), text: "canary".to_owned() }],
    };
    let (vault, settings) = (Arc::clone(&world.app.vault), world.app.settings.warrn.clone());
    let caller = Caller::person(by, Lang::En, "test");
    world.app.db.write(&caller, move |work| warrn::send(work, &vault, &settings, sent)).unwrap().record.id
}

fn rename(world: &World, from: &'static str, to: &'static str, of: WarrnId) {
    let case = dolen_domain::kernel::CaseId::from_uuid(of.uuid());
    let all = move |work: &mut Work<'_>| {
        let theirs = cm::table.filter(cm::case_id.eq(case)).filter(cm::kind.eq(from));
        Ok(diesel::update(theirs).set(cm::kind.eq(to)).execute(work.conn())?)
    };
    assert_eq!(world.app.db.upkeep(&Caller::system("test"), all).unwrap(), 1);
}

/// How many of a record's steps were told to anybody.
fn told(world: &World, of: WarrnId) -> i64 {
    let case = dolen_domain::kernel::CaseId::from_uuid(of.uuid());
    let count = move |work: &mut Work<'_>| {
        Ok(cm::table
            .filter(cm::case_id.eq(case))
            .filter(cm::next_stage_at.gt(work.now()))
            .count()
            .get_result(work.conn())?)
    };
    world.app.db.read(&Caller::system("test"), count).unwrap()
}

#[actix_web::test]
async fn a_record_that_fails_is_tried_again_and_holds_up_no_other() {
    let world = actix_web::web::block(|| World::new(&[])).await.unwrap();
    let by = worker(&world);
    let (bad, good) = (send(&world, by), send(&world, by));
    rename(&world, "acknowledge_dsp", "nonsense", bad);
    world.clock.advance_seconds(30 * 86_400);
    assert_eq!((told(&world, bad), told(&world, good)), (0, 0));
    tick(&world.app).await.unwrap();
    assert_eq!(told(&world, bad), 0, "nothing of it was kept");
    assert!(told(&world, good) > 0, "the other was dealt with");
    // Mended, the next look takes it.
    rename(&world, "nonsense", "acknowledge_dsp", bad);
    tick(&world.app).await.unwrap();
    assert!(told(&world, bad) > 0);
}
