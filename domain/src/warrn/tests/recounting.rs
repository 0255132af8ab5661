//! Clocks counted again by a calendar that changed.

use super::returning::day;
use super::*;
use crate::directory;
use returns::{Attendance, Step, TakeStep};

/// A file of the calendar, as it is imported.
fn import(rig: &Rig, rows: &'static str) {
    let setter = holder(&rig.t, Role::Administrator, At::default());
    rig.t.clock.advance_seconds(60);
    let file = format!("kind,school_number,begins_on,ends_on,name_en\n{rows}");
    let report = rig
        .t
        .db
        .write(&caller(setter), move |w| directory::import::import_calendar(w, file.as_bytes(), false, false))
        .unwrap();
    assert!(report.written, "{report:?}");
}

fn due(rig: &Rig, id: WarrnId, step: Step) -> Option<Utc> {
    rig.progress(rig.worker, id).unwrap().1.open(step).and_then(|open| open.due_at)
}

#[test]
fn a_changed_calendar_moves_the_clocks_it_counts_for() {
    let rig = rig();
    let id = rig.send().record.id;
    let due = || rig.read(rig.dsp, id).unwrap().recipients().iter().map(|r| r.due_at).collect::<Vec<_>>();
    let before = due();
    assert!(rig.waiting().is_empty(), "the control: nothing has changed");
    // A Tuesday long past changes no time; the record is counted again all the same, once.
    import(&rig, "inset,,2025-11-04,,Training\n");
    assert_eq!(rig.waiting().len(), 1);
    rig.t.clock.advance_seconds(60);
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert_eq!((due(), rig.told().len()), (before.clone(), 2), "nobody is told of nothing");
    // The next day is closed: the school has a day more, the psychologist has not.
    import(&rig, "closure,6764051,2026-03-03,,Snow\n");
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert!(due()[0] > before[0], "{:?} {before:?}", due());
    assert_eq!(due()[1], before[1]);
    assert_eq!(rig.told().len(), 4, "both are told that something is new");
    assert!(rig.audited().iter().any(|(a, d)| a == "warrn.recount" && d.starts_with("clocks ") && d != "clocks 0"));
    // Late by the old calendar, and the psychologist's is: it stays so.
    rig.t.clock.advance_seconds(DAY + 1);
    import(&rig, "closure,6764051,2026-03-04,,More snow\n");
    let late = due()[1];
    assert!(late < rig.t.clock.now());
    rig.escalate();
    assert_eq!(due()[1], late);
}

#[test]
fn a_return_taken_back_without_a_day_to_come_keeps_its_time() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.move_to(rig.dsp, id, None).unwrap();
    // The control: until it was noted, it is counted from the receipt, and the closed day moves it.
    let first = due(&rig, id, Step::Return);
    import(&rig, "closure,6764051,2026-03-03,,Snow\n");
    rig.escalate();
    assert!(due(&rig, id, Step::Return) > first);
    let back = TakeStep::Return { on: rig.today(), attendance: Attendance::FullTime };
    rig.take(rig.dsp, id, back).unwrap();
    rig.go("2026-03-11", 10);
    rig.take_back(rig.dsp, id, "another child").unwrap();
    let before = due(&rig, id, Step::Return);
    import(&rig, "closure,6764051,2026-03-12,,Snow again\n");
    assert_eq!(rig.waiting().len(), 1);
    rig.escalate();
    assert_eq!(due(&rig, id, Step::Return), before, "not counted from a receipt long past");
    assert!(before > Some(rig.t.clock.now()));
}

#[test]
fn who_follows_after_the_return_is_not_pressed_by_it_when_the_calendar_changes() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.go("2026-03-09", 10);
    let back = TakeStep::Return { on: rig.today(), attendance: Attendance::FullTime };
    rig.take(rig.dsp, id, back).unwrap();
    rig.go("2026-03-10", 10);
    end_all(&rig.t, rig.dsp);
    rig.escalate();
    let before = due(&rig, id, Step::AcknowledgeDsp);
    assert!(before > Some(rig.t.clock.now().plus_seconds(DAY / 2)), "time to read: {before:?}");
    import(&rig, "inset,,2025-11-04,,Training\n");
    assert_eq!(rig.waiting().len(), 1);
    rig.escalate();
    assert_eq!(due(&rig, id, Step::AcknowledgeDsp), before, "a day long past moves nothing");
    // The control: the day it is due on is closed.
    import(&rig, "closure,6764051,2026-03-11,,Snow\n");
    rig.escalate();
    assert!(due(&rig, id, Step::AcknowledgeDsp) > before);
}

#[test]
fn a_record_counted_by_an_older_calendar_is_found_whenever_it_came() {
    let rig = rig();
    let id = rig.send().record.id;
    import(&rig, "closure,6764051,2026-03-03,,Snow\n");
    rig.escalate();
    assert!(rig.waiting().is_empty(), "the control");
    let by = |version: i64| {
        setup(&rig.t, move |work| {
            use crate::db::schema::warrn_returns as t;
            Ok(diesel::update(t::table.find(id)).set(t::calendar_version.eq(version)).execute(work.conn())?)
        })
    };
    // As if it had been counted while the newer calendar was being written, and kept afterwards.
    assert_eq!(by(0), 1);
    assert_eq!(rig.waiting().iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id]);
    rig.escalate();
    assert!(rig.waiting().is_empty());
    assert_eq!(day("2026-03-04"), crate::kernel::uk_date(due(&rig, id, Step::AcknowledgeDsp).unwrap()));
}
