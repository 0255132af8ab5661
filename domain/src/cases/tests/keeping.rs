//! People, tasks, pauses, timeline and links, as they should go.

use super::world::{World, call, caller, code, day, faults, mother, token};
use crate::access::Role;
use crate::cases::*;
use crate::identity::{Member, NewMembership, add_membership};
use crate::kernel::{Actor, CaseId, CasePersonId, Code, FaultCode, PersonId, TaskId};

fn both(w: &World) -> [CaseId; 2] {
    [w.referral, w.warrn]
}

fn words(w: &World, case: CaseId) -> Vec<String> {
    w.look(w.dsp, move |work| timeline(work, case)).unwrap().into_iter().map(|e| e.kind).collect()
}

fn read_people(w: &World, who: PersonId, case: CaseId) -> Vec<PersonAround> {
    w.write(&caller(who), move |work, vault| people(work, vault, case)).unwrap()
}

fn read_tasks(w: &World, who: PersonId, case: CaseId) -> Vec<Task> {
    w.write(&caller(who), move |work, vault| tasks(work, vault, case)).unwrap()
}

#[test]
fn people_are_added_read_and_ended_with_either_kind() {
    let w = World::new();
    for case in both(&w) {
        let id = w.write(&caller(w.dsp), move |work, vault| add_person(work, vault, case, mother())).unwrap();
        let [there] = &read_people(&w, w.psychologist, case)[..] else { panic!("one person") };
        assert_eq!((there.id, there.relation, there.ended_at), (id, Relation::Parent, None));
        assert_eq!(there.details.name, "canary mother");
        assert_eq!(there.details.contact.as_deref(), Some("canary number"));
        assert_eq!(there.details.remark.as_deref(), Some("canary remark"));
        w.t.clock.advance_seconds(60);
        w.write(&caller(w.psychologist), move |work, _| end_person(work, case, id)).unwrap();
        let [there] = &read_people(&w, w.dsp, case)[..] else { panic!("they stay in the list") };
        assert!(there.ended_at > Some(there.added_at));
        let again = w.write(&caller(w.dsp), move |work, _| end_person(work, case, id));
        assert_eq!(code(again), Code::NotFound, "who has left can't leave again");
        assert_eq!(words(&w, case), ["person_added", "person_ended"]);
    }
    // Of another case: not there.
    let case = w.referral;
    let id = w.write(&caller(w.dsp), move |work, vault| add_person(work, vault, case, mother())).unwrap();
    let other = w.warrn;
    assert_eq!(code(w.write(&caller(w.dsp), move |work, _| end_person(work, other, id))), Code::NotFound);
    let unknown = CasePersonId::from_uuid(w.referral.uuid());
    assert_eq!(code(w.write(&caller(w.dsp), move |work, _| end_person(work, case, unknown))), Code::NotFound);
}

#[test]
fn every_fault_of_a_person_is_told_at_once() {
    let w = World::new();
    let case = w.referral;
    let bad = NewPerson {
        relation: "friend".to_owned(),
        name: " ".to_owned(),
        contact: Some("x".repeat(201)),
        remark: Some("y".repeat(1001)),
    };
    let told = faults(w.write(&caller(w.dsp), move |work, vault| add_person(work, vault, case, bad)));
    let at = |p: &str, c| (p.to_owned(), c);
    assert_eq!(
        told,
        [
            at("/relation", FaultCode::NotInList),
            at("/name", FaultCode::Missing),
            at("/contact", FaultCode::TooLong),
            at("/remark", FaultCode::TooLong),
        ]
    );
    let blank = NewPerson { contact: Some(" ".to_owned()), remark: None, ..mother() };
    w.write(&caller(w.dsp), move |work, vault| add_person(work, vault, case, blank)).unwrap();
    assert_eq!(read_people(&w, w.dsp, case)[0].details.contact, None, "nothing said is nothing kept");
}

#[test]
fn tasks_are_given_done_once_and_shown_to_whom_they_are_for() {
    let w = World::new();
    for case in both(&w) {
        let (dsp, psychologist) = (w.dsp, w.psychologist);
        let add = |person| w.write(&caller(dsp), move |work, vault| add_task(work, vault, case, &call(person)));
        let (own, theirs) = (add(None).unwrap(), add(Some(psychologist)).unwrap());
        let own_of =
            |who| w.read(who, own_tasks).unwrap().into_iter().map(|(t, d, c)| (t, d, c.id)).collect::<Vec<_>>();
        assert_eq!(own_of(dsp), [(own, Some(day(3, 5)), case)]);
        assert_eq!(own_of(psychologist), [(theirs, Some(day(3, 5)), case)]);
        w.t.clock.advance_seconds(60);
        for _ in 0..2 {
            w.write(&caller(psychologist), move |work, _| complete_task(work, case, theirs)).unwrap();
            w.t.clock.advance_seconds(60);
        }
        w.write(&caller(dsp), move |work, _| complete_task(work, case, own)).unwrap();
        let read = read_tasks(&w, dsp, case);
        let done = read.iter().find(|t| t.id == theirs).unwrap();
        assert_eq!((done.what.as_str(), done.person, done.done_by), ("canary task", psychologist, Some(psychologist)));
        assert_eq!(done.done_at, Some(done.added_at.plus_seconds(60)), "the second time changes nothing");
        assert!(own_of(dsp).is_empty() && own_of(psychologist).is_empty());
        assert_eq!(words(&w, case), ["task_added", "task_added", "task_done", "task_done"]);
        let unknown = TaskId::from_uuid(case.uuid());
        let nothing = w.write(&caller(dsp), move |work, _| complete_task(work, case, unknown));
        assert_eq!(code(nothing), Code::NotFound);
    }
}

#[test]
fn a_task_is_for_somebody_who_may_do_it_and_for_a_day_not_far_off() {
    let w = World::new();
    let case = w.referral;
    let told = |new: NewTask| faults(w.write(&caller(w.dsp), move |work, vault| add_task(work, vault, case, &new)));
    let at = |p: &str, c| vec![(p.to_owned(), c)];
    assert_eq!(told(call(Some(w.stranger))), at("/person_id", FaultCode::NotFound));
    assert_eq!(told(call(Some(w.worker))), at("/person_id", FaultCode::NotFound));
    assert_eq!(told(call(Some(w.head))), at("/person_id", FaultCode::NotFound), "sees it, and could not read the task");
    let nobody = PersonId::from_uuid(case.uuid());
    assert_eq!(told(call(Some(nobody))), at("/person_id", FaultCode::NotFound), "said like of a stranger");
    assert_eq!(told(NewTask { what: "x".repeat(501), ..call(None) }), at("/what", FaultCode::TooLong));
    assert_eq!(told(NewTask { what: "\n".to_owned(), ..call(None) }), at("/what", FaultCode::Missing));
    assert_eq!(told(NewTask { due_on: Some(day(3, 1)), ..call(None) }), at("/due_on", FaultCode::DateOutOfRange));
    let far = day(3, 2) + chrono::Days::new(367);
    assert_eq!(told(NewTask { due_on: Some(far), ..call(None) }), at("/due_on", FaultCode::DateOutOfRange));
    for due_on in [None, Some(day(3, 2)), Some(far - chrono::Days::new(1))] {
        let new = NewTask { due_on, ..call(Some(w.lead)) };
        w.write(&caller(w.dsp), move |work, vault| add_task(work, vault, case, &new)).unwrap();
    }
    // A system has no tasks of its own; it gives them to people.
    let system = token(w.system, "referrals:read referrals:write");
    let for_itself = w.write(&system, move |work, vault| add_task(work, vault, case, &call(None)));
    assert_eq!(faults(for_itself), at("/person_id", FaultCode::Missing));
    let lead = w.lead;
    w.write(&system, move |work, vault| add_task(work, vault, case, &call(Some(lead)))).unwrap();
    assert!(w.t.db.read(&system, own_tasks).unwrap().is_empty());
    let id = w.read(lead, own_tasks).unwrap()[0].0;
    w.write(&system, move |work, _| complete_task(work, case, id)).unwrap();
    let done = read_tasks(&w, w.dsp, case).into_iter().find(|t| t.id == id).unwrap();
    assert!(done.done_at.is_some() && done.done_by.is_none(), "by nobody in particular");
}

#[test]
fn a_task_of_a_case_one_may_no_longer_see_is_not_shown() {
    let w = World::new();
    let (case, lead) = (w.referral, w.lead);
    w.write(&caller(w.dsp), move |work, vault| add_task(work, vault, case, &call(Some(lead)))).unwrap();
    assert_eq!(w.read(lead, own_tasks).unwrap().len(), 1);
    w.system(move |work, _| {
        use crate::db::schema::memberships as m;
        use diesel::prelude::*;
        let theirs = m::table.filter(m::person_id.eq(lead));
        let found: Vec<crate::kernel::MembershipId> = theirs.select(m::id).load(work.conn())?;
        for id in found {
            crate::identity::end_membership(work, id)?;
        }
        let new = NewMembership {
            who: Member::Person(lead),
            role: Role::Analyst,
            school: None,
            service: None,
            officer: None,
            deputy: false,
        };
        add_membership(work, &new).map(drop)
    });
    assert!(w.read(lead, own_tasks).unwrap().is_empty());
    assert_eq!(read_tasks(&w, w.dsp, case).len(), 1, "it is still there for who may see it");
}

#[test]
fn clocks_stand_still_once_at_a_time() {
    let w = World::new();
    for case in both(&w) {
        let begin = |reason| w.write(&caller(w.dsp), move |work, _| pause(work, case, reason));
        let end = || w.write(&caller(w.psychologist), move |work, _| resume(work, case));
        assert_eq!(code(end()), Code::StateConflict, "they do not stand still");
        begin(PauseReason::AwaitingConsent).unwrap();
        w.t.clock.advance_seconds(3600);
        assert_eq!(code(begin(PauseReason::AwaitingPanel)), Code::StateConflict, "they stand still already");
        end().unwrap();
        w.t.clock.advance_seconds(60);
        assert_eq!(code(end()), Code::StateConflict);
        begin(PauseReason::AwaitingPanel).unwrap();
        let read = w.look(w.dsp, move |work| pauses(work, case)).unwrap();
        let [first, second] = read[..] else { panic!("two pauses: {read:?}") };
        assert_eq!((first.reason, second.reason), (PauseReason::AwaitingConsent, PauseReason::AwaitingPanel));
        assert_eq!(first.ends_at, Some(first.begins_at.plus_seconds(3600)));
        assert_eq!(second.ends_at, None);
        let read = w.look(w.dsp, move |work| timeline(work, case)).unwrap();
        let said: Vec<_> = read.iter().map(|e| (e.kind.as_str(), e.reason.as_deref(), e.actor)).collect();
        let (dsp, psychologist) = (Actor::Person(w.dsp), Actor::Person(w.psychologist));
        assert_eq!(
            said,
            [
                ("paused", Some("awaiting_consent"), dsp),
                ("resumed", None, psychologist),
                ("paused", Some("awaiting_panel"), dsp)
            ]
        );
    }
}

#[test]
fn a_link_is_shown_from_both_ends_and_only_to_who_may_see_the_other() {
    let w = World::new();
    let (referral, record) = (w.referral, w.warrn);
    w.system(move |work, _| {
        let (_, pass) = permit(work, Use::See, record)?;
        for _ in 0..2 {
            link(work, &pass, referral, LinkKind::LedTo)?;
        }
        crate::audit::record(work, "test.link", crate::audit::Object::all("request"), "");
        Ok(())
    });
    let seen = |who, case| {
        let read = w.look(who, move |work| links(work, case)).unwrap();
        read.into_iter().map(|l| (l.kind, l.outward, l.case.id)).collect::<Vec<_>>()
    };
    for who in [w.dsp, w.psychologist] {
        assert_eq!(seen(who, record), [(LinkKind::LedTo, true, referral)], "once, though it was made twice");
        assert_eq!(seen(who, referral), [(LinkKind::LedTo, false, record)]);
    }
    // The headteacher and the team lead see the referral, and not that there is a record.
    assert!(seen(w.head, referral).is_empty());
    assert!(seen(w.lead, referral).is_empty());
    // Nor does the health board's system see the referral its record led to; with either token.
    for scopes in ["warrn:read", super::world::ALL_SCOPES] {
        assert!(w.t.db.write(&token(w.health, scopes), move |work| links(work, record)).unwrap().is_empty());
    }
}

#[test]
fn what_is_read_and_changed_is_on_record_without_a_word_of_it() {
    let w = World::new();
    let id = w.warrn;
    let (person, task) = w
        .write(&caller(w.dsp), move |work, vault| {
            let person = add_person(work, vault, id, mother())?;
            let task = add_task(work, vault, id, &call(None))?;
            add_document(work, vault, &super::world::rules(), id, super::world::letter())?;
            Ok((person, task))
        })
        .unwrap();
    w.write(&caller(w.dsp), move |work, vault| {
        people(work, vault, id)?;
        tasks(work, vault, id)?;
        let document = documents(work, vault, id)?[0].id;
        open_document(work, vault, id, document)?;
        complete_task(work, id, task)?;
        end_person(work, id, person)?;
        pause(work, id, PauseReason::AwaitingHealth)?;
        resume(work, id)
    })
    .unwrap();
    let trail = w.trail();
    let actions: Vec<&str> = trail.iter().map(|(action, _)| action.trim_start_matches("case.")).collect();
    assert_eq!(
        actions,
        [
            "add_person",
            "add_task",
            "add_document",
            "read_people",
            "read_tasks",
            "read_documents",
            "read_document",
            "complete_task",
            "end_person",
            "pause",
            "resume"
        ]
    );
    assert!(trail.iter().all(|(_, detail)| !detail.contains("canary")), "{trail:?}");
    w.look(w.dsp, move |work| {
        case(work, id)?;
        timeline(work, id)?;
        links(work, id)?;
        pauses(work, id)
    })
    .unwrap();
    let read: Vec<_> = w.trail().into_iter().skip(trail.len()).collect();
    let parts = ["envelope", "envelope timeline", "envelope links", "envelope pauses"];
    assert_eq!(read, parts.map(|part| ("case.read".to_owned(), format!("{part} dsp/recipient"))));
    // None of them can be read without an entry.
    assert_eq!(code(w.read(w.dsp, |work| pauses(work, id))), Code::Internal);
    assert_eq!(code(w.read(w.dsp, |work| case(work, id))), Code::Internal);
}

#[test]
fn people_and_tasks_have_an_end() {
    let w = World::new();
    let case = w.referral;
    let too_many = [(String::new(), FaultCode::TooMany)];
    let people = |n: usize| {
        w.write(&caller(w.dsp), move |work, vault| {
            (0..n).try_for_each(|_| add_person(work, vault, case, mother()).map(drop))
        })
    };
    people(100).unwrap();
    assert_eq!(faults(people(1)), too_many);
    let tasks = |n: usize| {
        w.write(&caller(w.dsp), move |work, vault| {
            (0..n).try_for_each(|_| add_task(work, vault, case, &call(None)).map(drop))
        })
    };
    tasks(500).unwrap();
    assert_eq!(faults(tasks(1)), too_many);
    assert_eq!(w.read(w.dsp, own_tasks).unwrap().len(), 100, "so many are shown at once");
}
