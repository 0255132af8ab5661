//! Steps with clocks: set, done once, moved, late, given up.

use super::world::{World, caller};
use crate::audit::{self, Object};
use crate::cases::*;
use crate::db::Work;
use crate::kernel::{Actor, Caller, CaseId, Code, MilestoneId, PersonId, Result, Utc};

/// A return to school has about so many; in an order no alphabet gives.
const STEPS: [&str; 8] = ["received", "acknowledged", "assessed", "met", "agreed", "returned", "reviewed", "closed"];

/// Does something with a case's milestones as this person.
fn with<T: Send + 'static>(
    w: &World,
    who: &Caller,
    case: CaseId,
    f: impl FnOnce(&mut Work<'_>, &crate::access::Grant<CaseId>) -> Result<T> + Send + 'static,
) -> Result<T> {
    w.write(who, move |work, _| {
        let (_, pass) = permit(work, Use::See, case)?;
        let done = f(work, &pass)?;
        audit::record(work, "test.step", Object::all("request"), "");
        Ok(done)
    })
}

fn set(w: &World, case: CaseId, kind: &'static str, turn: i64, due_at: Option<Utc>) -> Result<()> {
    with(w, &caller(w.dsp), case, move |work, pass| {
        set_milestone(work, pass, case, &NewMilestone { kind, turn, due_at }).map(|_| ())
    })
}

fn read(w: &World, case: CaseId) -> Vec<Milestone> {
    with(w, &caller(w.dsp), case, milestones).unwrap()
}

fn finish(w: &World, who: PersonId, case: CaseId, id: MilestoneId) -> bool {
    with(w, &caller(who), case, move |work, pass| complete(work, pass, id)).unwrap()
}

fn late(w: &World) -> Vec<String> {
    let cases = late_of(w, 10);
    let system = Caller::system("test");
    let taken = cases.into_iter().flat_map(|case| with(w, &system, case, lock_late).unwrap());
    taken.map(|m| m.kind).collect()
}

fn late_of(w: &World, limit: i64) -> Vec<CaseId> {
    let kinds = [CaseKind::Referral, CaseKind::Warrn];
    w.t.db.read(&Caller::system("test"), |work| late_cases(work, &kinds, limit)).unwrap()
}

fn now(w: &World) -> Utc {
    w.t.db.clock().now()
}

#[test]
fn a_step_is_set_and_done_once() {
    let w = World::new();
    let due = now(&w).plus_hours(24);
    let case = w.warrn;
    with(&w, &caller(w.dsp), case, move |work, pass| {
        for kind in STEPS {
            set_milestone(work, pass, case, &NewMilestone { kind, turn: 1, due_at: Some(due) })?;
        }
        Ok(())
    })
    .unwrap();
    set(&w, w.referral, "answered", 1, None).unwrap();
    assert_eq!(read(&w, w.referral).len(), 1, "each case has its own");
    let steps = read(&w, w.warrn);
    let kinds: Vec<_> = steps.iter().map(|m| m.kind.as_str()).collect();
    assert_eq!(kinds, STEPS, "in the order they were set, though in one moment");
    assert!(steps.iter().all(|m| m.is_open() && m.due_at == Some(due) && m.stage == 0 && m.case == w.warrn));
    // The same step of the same turn can't be there twice; its next turn can.
    assert!(set(&w, w.warrn, "met", 1, None).is_err());
    set(&w, w.warrn, "met", 2, None).unwrap();

    let id = steps[0].id;
    assert!(finish(&w, w.dsp, w.warrn, id));
    w.t.clock.advance_seconds(60);
    assert!(!finish(&w, w.psychologist, w.warrn, id), "done is done");
    assert!(!finish(&w, w.dsp, w.referral, steps[1].id), "not from another case");
    let after = read(&w, w.warrn);
    assert_eq!((after[0].done_by, after[0].done_at), (Some(w.dsp), Some(due.plus_hours(-24))));
    assert!(!after[0].is_open() && after[1].is_open());
    // The service itself does steps too, and is nobody.
    let id = after[1].id;
    assert!(with(&w, &Caller::system("worker"), w.warrn, move |work, pass| complete(work, pass, id)).unwrap());
    let after = read(&w, w.warrn);
    assert!(after[1].done_at.is_some() && after[1].done_by.is_none());
}

#[test]
fn lateness_is_found_told_in_stages_and_moved_with_the_clock() {
    let w = World::new();
    let start = now(&w);
    set(&w, w.warrn, "first", 1, Some(start.plus_hours(2))).unwrap();
    set(&w, w.warrn, "second", 1, Some(start.plus_hours(1))).unwrap();
    set(&w, w.warrn, "someday", 1, None).unwrap();
    set(&w, w.referral, "other", 1, Some(start.plus_hours(3))).unwrap();
    assert!(late(&w).is_empty());
    w.t.clock.advance_seconds(3600);
    assert!(late(&w).is_empty(), "at the very moment it is not late");
    w.t.clock.advance_seconds(1);
    assert_eq!(late(&w), ["second"]);
    w.t.clock.advance_seconds(2 * 3600);
    assert_eq!(late(&w), ["second", "first", "other"], "the latest first");

    let id = |kind: &str| read(&w, w.warrn).into_iter().find(|m| m.kind == kind).unwrap().id;
    let (first, second) = (id("first"), id("second"));
    let next = now(&w).plus_hours(24);
    with(&w, &Caller::system("worker"), w.warrn, move |work, pass| stage_up(work, pass, second, 1, Some(next)))
        .unwrap();
    assert_eq!(late(&w), ["first", "other"], "told, until the next stage");
    w.t.clock.advance_seconds(24 * 3600 + 1);
    assert_eq!(late(&w), ["first", "second", "other"]);
    with(&w, &Caller::system("worker"), w.warrn, move |work, pass| stage_up(work, pass, second, 2, None)).unwrap();
    let told = read(&w, w.warrn).into_iter().find(|m| m.id == second).unwrap();
    assert_eq!((told.stage, told.next_stage_at, told.is_open()), (2, None, true));
    assert_eq!(late(&w), ["first", "other"], "there is nobody left to tell");

    let moved = now(&w).plus_hours(48);
    with(&w, &caller(w.dsp), w.warrn, move |work, pass| reschedule(work, pass, first, Some(moved))).unwrap();
    with(&w, &caller(w.dsp), w.warrn, move |work, pass| reschedule(work, pass, second, Some(moved))).unwrap();
    assert_eq!(late(&w), ["other"]);
    let told = read(&w, w.warrn).into_iter().find(|m| m.id == second).unwrap();
    assert_eq!((told.stage, told.next_stage_at), (0, Some(moved)), "a time to come begins the clock anew");
    // To a time gone by, what was told stays told.
    with(&w, &Caller::system("worker"), w.warrn, move |work, pass| stage_up(work, pass, second, 2, None)).unwrap();
    let gone = now(&w);
    with(&w, &caller(w.dsp), w.warrn, move |work, pass| reschedule(work, pass, second, Some(gone))).unwrap();
    let told = read(&w, w.warrn).into_iter().find(|m| m.id == second).unwrap();
    assert_eq!((told.stage, told.due_at, told.next_stage_at), (2, Some(gone), None));
    // A closed case is late no more.
    w.close(w.referral);
    assert!(late(&w).is_empty());
    w.t.clock.advance_seconds(49 * 3600);
    assert!(finish(&w, w.dsp, w.warrn, first));
    assert!(late(&w).is_empty(), "what is done is late no more, and what the last in line was told is told to nobody");
}

#[test]
fn a_case_is_late_once_whatever_is_late_in_it() {
    let w = World::new();
    for kind in ["a", "b", "c"] {
        set(&w, w.warrn, kind, 1, Some(now(&w))).unwrap();
    }
    set(&w, w.referral, "d", 1, Some(now(&w).plus_hours(1))).unwrap();
    w.t.clock.advance_seconds(2 * 3600);
    assert_eq!(late_of(&w, 10), [w.warrn, w.referral], "the longest late first");
    assert_eq!(late_of(&w, 2), [w.warrn], "and no more is looked at than asked for");
    let mut all = late(&w);
    all.sort_unstable();
    assert_eq!(all, ["a", "b", "c", "d"]);
}

#[test]
fn what_is_open_is_given_up_and_what_is_done_stays_done() {
    let w = World::new();
    for kind in ["done", "open"] {
        set(&w, w.warrn, kind, 1, Some(now(&w))).unwrap();
    }
    set(&w, w.referral, "elsewhere", 1, Some(now(&w))).unwrap();
    let steps = read(&w, w.warrn);
    assert!(finish(&w, w.dsp, w.warrn, steps[0].id));
    w.t.clock.advance_seconds(60);
    assert_eq!(with(&w, &caller(w.dsp), w.warrn, drop_open).unwrap(), 1);
    assert_eq!(with(&w, &caller(w.dsp), w.warrn, drop_open).unwrap(), 0);
    let after = read(&w, w.warrn);
    assert_eq!((after[0].dropped_at, after[1].dropped_at), (None, Some(now(&w))));
    assert!(!after[1].is_open());
    let id = after[1].id;
    assert!(!finish(&w, w.dsp, w.warrn, id), "what was given up can't be done");
    with(&w, &caller(w.dsp), w.warrn, move |work, pass| reschedule(work, pass, id, None)).unwrap();
    assert_eq!(read(&w, w.warrn)[1].due_at, after[1].due_at, "nor moved");
    assert_eq!(late(&w), ["elsewhere"]);
}

#[test]
fn a_change_is_made_in_the_version_seen() {
    let w = World::new();
    let advance = |version, closing: Option<&'static str>| {
        with(&w, &caller(w.dsp), w.referral, move |work, pass| crate::cases::advance(work, pass, version, closing))
    };
    assert_eq!(advance(1, None).unwrap(), 2);
    assert_eq!(advance(1, None).unwrap_err().code, Code::VersionMismatch);
    w.t.clock.advance_seconds(60);
    assert_eq!(advance(2, Some("declined")).unwrap(), 3);
    let after = {
        let id = w.referral;
        w.look(w.dsp, move |work| case(work, id))
    }
    .unwrap();
    assert_eq!(after.closed, Some((now(&w), "declined".to_owned())));
    assert_eq!((after.version, after.updated_at), (3, now(&w)));
    assert_eq!((after.opened_by, after.kind), (Actor::Client(w.system), CaseKind::Referral));
    assert_eq!(
        {
            let id = w.warrn;
            w.look(w.dsp, move |work| case(work, id))
        }
        .unwrap()
        .version,
        1,
        "the other is untouched"
    );
}
