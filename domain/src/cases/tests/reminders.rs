//! Tasks whose day has passed.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::world::{World, call, caller, code, day};
use crate::cases::*;
use crate::db::Work;
use crate::db::schema::{memberships as m, notices as n};
use crate::db::types::Uid;
use crate::kernel::{Caller, Clock as _, Code, PersonId, Utc};

fn go(w: &World, date: NaiveDate, hour: u32) {
    let to = Utc::from_date_hour(date, hour);
    w.t.clock.advance_seconds((to.micros() - w.t.clock.now().micros()) / 1_000_000);
}

fn told(w: &World) -> Vec<(String, uuid::Uuid)> {
    let query = n::table.filter(n::wording.eq("task_overdue")).order((n::created_at.asc(), n::id.asc()));
    let query = query.select((n::recipient_kind, n::recipient_id));
    let rows: Vec<(String, Uid)> = w.t.db.read(&Caller::system("test"), |work| Ok(query.load(work.conn())?)).unwrap();
    rows.into_iter().map(|(kind, id)| (kind, id.uuid())).collect()
}

fn add(w: &World, by: PersonId, person: Option<PersonId>, due_on: NaiveDate) -> crate::kernel::TaskId {
    let case = w.referral;
    let task = NewTask { due_on: Some(due_on), ..call(person) };
    w.write(&caller(by), move |work, vault| add_task(work, vault, case, &task)).unwrap()
}

#[test]
fn whose_task_is_overdue_is_told_once_and_the_officer_when_they_cannot_do_it() {
    let w = World::new();
    let system = Caller::system("clock");
    let waiting = || w.t.db.read(&system, overdue_tasks).unwrap();
    let tell = |id| w.t.db.write(&system, move |work| tell_overdue(work, id)).unwrap();
    let case = w.referral;
    let late = add(&w, w.dsp, Some(w.psychologist), day(3, 5));
    let done = add(&w, w.dsp, None, day(3, 5));
    w.write(&caller(w.dsp), move |work, _| complete_task(work, case, done)).unwrap();
    // Its day is not over in the United Kingdom.
    go(&w, day(3, 5), 23);
    assert!(waiting().is_empty());
    go(&w, day(3, 6), 1);
    assert_eq!(waiting().iter().map(|(id, _)| *id).collect::<Vec<_>>(), [late]);
    assert_eq!(code(w.read(w.dsp, overdue_tasks)), Code::Forbidden);
    tell(late);
    tell(late);
    let first = [("person".to_owned(), w.psychologist.uuid())];
    assert_eq!(told(&w), first);
    assert!(waiting().is_empty());
    assert!(w.trail().contains(&("case.task_overdue".to_owned(), "told 1".to_owned())));
    // Who can't do it any more has an officer who can see to it.
    let left = add(&w, w.dsp, None, day(3, 6));
    let dsp = w.dsp;
    let end = move |work: &mut Work<'_>| {
        let theirs = m::table.filter(m::person_id.eq(dsp));
        Ok(diesel::update(theirs).set(m::state.eq("ended")).execute(work.conn())?)
    };
    assert_eq!(w.t.db.upkeep(&system, end).unwrap(), 1);
    go(&w, day(3, 7), 1);
    tell(left);
    assert_eq!(told(&w), [&first[..], &[("officer".to_owned(), w.officer.uuid())]].concat());
    // What is over waits for nobody.
    add(&w, w.psychologist, None, day(3, 7));
    go(&w, day(3, 9), 1);
    assert_eq!(waiting().len(), 1);
    w.close(case);
    assert!(waiting().is_empty());
}

#[test]
fn a_record_has_no_officer_and_its_recipients_are_told() {
    let w = World::new();
    let system = Caller::system("clock");
    let case = w.warrn;
    let task = NewTask { due_on: Some(day(3, 5)), ..call(None) };
    let late = w.write(&caller(w.dsp), move |work, vault| add_task(work, vault, case, &task)).unwrap();
    let other = NewTask { due_on: Some(day(3, 6)), ..call(None) };
    let other = w.write(&caller(w.dsp), move |work, vault| add_task(work, vault, case, &other)).unwrap();
    let tell = |id| w.t.db.write(&system, move |work| tell_overdue(work, id)).unwrap();
    let leave = |person: PersonId| {
        let end = move |work: &mut Work<'_>| {
            let theirs = m::table.filter(m::person_id.eq(person));
            Ok(diesel::update(theirs).set(m::state.eq("ended")).execute(work.conn())?)
        };
        assert_eq!(w.t.db.upkeep(&system, end).unwrap(), 1);
    };
    leave(w.dsp);
    go(&w, day(3, 6), 1);
    tell(late);
    tell(late);
    let mut everybody = told(&w);
    everybody.sort();
    // Whoever is named: notices go to nobody who may not read (`notices`), and a name is no person who is there.
    let mut named = vec![("officer".to_owned(), w.officer.uuid()), ("person".to_owned(), w.dsp.uuid())];
    named.sort();
    assert_eq!(everybody, named, "each once");
    assert!(w.trail().contains(&("case.task_overdue".to_owned(), "told 2".to_owned())));
    // Nobody is named any more: that is said, and the task is not looked at for ever.
    let nobody = |work: &mut Work<'_>| {
        let rows = crate::db::schema::case_recipients::table;
        let now = work.now();
        Ok(diesel::update(rows).set(crate::db::schema::case_recipients::ends_at.eq(now)).execute(work.conn())?)
    };
    assert!(w.t.db.upkeep(&system, nobody).unwrap() >= 2);
    go(&w, day(3, 7), 1);
    tell(other);
    assert_eq!(told(&w).len(), 2);
    assert!(w.trail().contains(&("case.task_overdue".to_owned(), "told 0".to_owned())));
    assert!(w.t.db.read(&system, overdue_tasks).unwrap().is_empty());
}
