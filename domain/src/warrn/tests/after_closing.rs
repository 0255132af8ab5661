//! Who reads a record that is closed.

use super::*;
use returns::{Outcome, State, TakeStep};

#[test]
fn a_closed_record_is_the_schools_alone_after_a_while() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.go("2026-03-16", 10);
    rig.escalate();
    rig.go("2026-03-19", 10);
    rig.escalate();
    assert!(rig.read(rig.lead, id).is_ok(), "what is late was told to the lead");
    let close = TakeStep::Close { outcome: Outcome::MovedOn, note: None };
    assert_eq!(rig.take(rig.dsp, id, close).unwrap().state, State::Closed);
    let all = [rig.dsp, rig.deputy_dsp, rig.ep_person, rig.lead];
    rig.t.clock.advance_seconds(90 * DAY - 1);
    for who in all {
        assert!(rig.read(who, id).unwrap().content().is_some());
    }
    rig.t.clock.advance_seconds(1);
    for who in [rig.ep_person, rig.lead] {
        assert_eq!(code(rig.read(who, id)), Code::NotFound);
        assert_eq!(code(rig.file(who, id)), Code::NotFound);
        assert!(rig.list(who).unwrap().is_empty());
    }
    for who in [rig.dsp, rig.deputy_dsp] {
        assert!(rig.read(who, id).unwrap().content().is_some(), "the school needs the plan and its reviews");
        assert!(rig.file(who, id).is_ok());
    }
    let unproved = rig.t.db.write(&caller(rig.dsp), move |work| content(work, &vault(), id));
    assert_eq!(unproved.err().unwrap().code, Code::StepUpRequired);
    assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0), "and nobody is named anew");
}

#[test]
fn a_closed_record_follows_the_schools_dsp_and_nobody_else() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.take(rig.dsp, id, TakeStep::Close { outcome: Outcome::MovedOn, note: None }).unwrap();
    end_all(&rig.t, rig.deputy_dsp);
    let new = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    rig.t.clock.advance_seconds(200 * DAY);
    assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0), "the DSP is there still");
    assert_eq!(code(rig.read(new, id)), Code::NotFound, "the control: the post alone opens nothing");
    let (told, version) = (rig.told().len(), rig.progress(rig.dsp, id).unwrap().0.version);
    end_all(&rig.t, rig.dsp);
    assert_eq!(code(rig.read(rig.dsp, id)), Code::NotFound, "at once, whatever the clock does");
    let left = rig.t.clock.now();
    assert_eq!((rig.waiting().len(), rig.escalate(), rig.waiting().len(), rig.escalate()), (1, 1, 0, 0));
    assert_eq!(rig.row(id, Recipient::Person(rig.dsp)).unwrap().ends_at, Some(left));
    let row = rig.row(id, Recipient::Person(new)).unwrap();
    assert_eq!((row.part, row.stage, row.begins_at, row.ends_at), (Part::Dsp, 0, left, None));
    let view = rig.read(new, id).unwrap();
    assert!(view.content().is_some() && view.mine().is_none(), "to read, and nothing to acknowledge");
    assert_eq!(view.record().version, version + 1);
    assert!(rig.file(new, id).is_ok());
    let listed = rig.list(new).unwrap();
    assert!(matches!(&listed[..], [WarrnListed::Reader { mine: None, .. }]), "which they did not send: {listed:?}");
    assert_eq!((rig.told().len(), rig.succeeded()), (told, vec!["dsp=named left=1 closed".to_owned()]));
    assert!(rig.progress(new, id).unwrap().1.steps.iter().all(|s| !s.is_open()), "no clock");
    assert_eq!(rig.events(id).iter().filter(|k| *k == "recipient_followed").count(), 1);
    for who in [rig.ep_person, rig.lead, rig.deputy_dsp] {
        assert_eq!(code(rig.read(who, id)), Code::NotFound);
    }
    let deputy = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), deputy: true, ..At::default() });
    let elsewhere = testing::school(&rig.t, "6764052");
    let stranger = holder(&rig.t, Role::Dsp, At { school: Some(elsewhere), ..At::default() });
    assert_eq!(rig.escalate(), 0, "one is enough");
    for who in [deputy, stranger] {
        assert_eq!(code(rig.read(who, id)), Code::NotFound);
    }
    // Nobody of the school is left but a deputy; and then nobody at all: the leads have no part in what is closed.
    end_all(&rig.t, new);
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert!(rig.read(deputy, id).is_ok());
    end_all(&rig.t, deputy);
    rig.t.clock.advance_seconds(60);
    assert_eq!((rig.escalate(), rig.escalate(), rig.waiting().len()), (1, 0, 0));
    assert_eq!(rig.row(id, Recipient::Person(deputy)).unwrap().ends_at, Some(rig.t.clock.now()));
    assert_eq!(code(rig.read(rig.lead, id)), Code::NotFound);
    assert_eq!(rig.succeeded()[1..], ["dsp=deputy left=1 closed", "dsp=nobody_new left=1 closed"]);
    give(&rig.t, rig.dsp, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert!(rig.read(rig.dsp, id).unwrap().content().is_some(), "who comes back too, with a row of their own");
    assert_eq!(rig.rows(id).iter().filter(|n| n.to == Recipient::Person(rig.dsp)).count(), 2);
}

#[test]
fn a_lead_who_stood_in_at_the_closing_makes_way_for_a_dsp_of_the_school() {
    let rig = rig();
    let id = rig.acknowledged();
    end_all(&rig.t, rig.deputy_dsp);
    end_all(&rig.t, rig.dsp);
    assert_eq!(rig.escalate(), 1);
    rig.take(rig.lead, id, TakeStep::Close { outcome: Outcome::MovedOn, note: None }).unwrap();
    rig.t.clock.advance_seconds(30 * DAY);
    let new = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert!(rig.read(new, id).is_ok() && rig.read(rig.lead, id).is_ok());
    rig.t.clock.advance_seconds(60 * DAY);
    assert_eq!(code(rig.read(rig.lead, id)), Code::NotFound, "ninety days after the closing");
    assert!(rig.read(new, id).is_ok());
}

#[test]
fn where_the_school_has_nobody_who_stood_in_stays() {
    let rig = rig();
    let id = rig.acknowledged();
    end_all(&rig.t, rig.deputy_dsp);
    end_all(&rig.t, rig.dsp);
    assert_eq!(rig.escalate(), 1);
    rig.take(rig.lead, id, TakeStep::Close { outcome: Outcome::MovedOn, note: None }).unwrap();
    rig.t.clock.advance_seconds(91 * DAY);
    assert_eq!(code(rig.read(rig.ep_person, id)), Code::NotFound);
    assert!(rig.read(rig.lead, id).unwrap().content().is_some());
}

#[test]
fn a_deputy_who_follows_keeps_out_no_dsp_who_is_appointed() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.take(rig.dsp, id, TakeStep::Close { outcome: Outcome::MovedOn, note: None }).unwrap();
    rig.t.clock.advance_seconds(100 * DAY);
    end_all(&rig.t, rig.dsp);
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert!(rig.read(rig.deputy_dsp, id).is_ok(), "while there is no other");
    let other = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), deputy: true, ..At::default() });
    assert_eq!(rig.escalate(), 0, "another deputy comes too late");
    let new = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert!(rig.read(new, id).unwrap().content().is_some());
    assert!(rig.read(rig.deputy_dsp, id).is_ok(), "who knows it stays, while they are deputy");
    assert_eq!(code(rig.read(other, id)), Code::NotFound);
}

#[test]
fn a_closed_record_of_a_child_who_is_elsewhere_follows_nobody() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.take(rig.dsp, id, TakeStep::Close { outcome: Outcome::MovedOn, note: None }).unwrap();
    let elsewhere = testing::school(&rig.t, "6764052");
    let sit_in = |school: SchoolId| {
        setup(&rig.t, move |work| {
            Ok(diesel::update(pupils::table).set(pupils::school_id.eq(school)).execute(work.conn())?)
        })
    };
    assert_eq!(sit_in(elsewhere), 1);
    end_all(&rig.t, rig.dsp);
    assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0));
    assert_eq!(code(rig.read(rig.deputy_dsp, id)), Code::NotFound, "not the child's school any more");
    sit_in(rig.school);
    assert_eq!((rig.waiting().len(), rig.escalate()), (1, 1), "the control");
    assert!(rig.read(rig.deputy_dsp, id).is_ok());
}
