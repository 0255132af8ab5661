//! A plan's part-time timetable is a reduced timetable: hours, consent, a review and an end, with their alarms.

use super::returning::{day, plan};
use super::*;
use crate::kernel::FaultCode;
use crate::provision::{self, Ending, Kind, Provision};
use returns::{Attendance, Outcome, PartTime, Plan, Step, TakeStep};

impl Rig {
    fn timetables(&self, id: WarrnId) -> Vec<Provision> {
        let who = testing::stepped_up(&self.t, caller(self.dsp));
        self.t.db.write(&who, move |work| provision::list(work, id)).unwrap()
    }

    fn ready(&self) -> WarrnId {
        let id = self.acknowledged();
        for step in [self.assessment(), self.meeting()] {
            self.take(self.dsp, id, step).unwrap();
        }
        id
    }

    fn faults(
        &self,
        id: WarrnId,
        timetable: bool,
        until: Option<&str>,
        part_time: PartTime,
    ) -> Vec<(String, FaultCode)> {
        let (agreed_on, review_on) = (self.today(), self.today() + chrono::Days::new(10));
        let plan = Plan { timetable: plan(timetable).timetable, ..plan(true) };
        let part_time_until = until.map(day);
        let step = TakeStep::ReturnPlan { agreed_on, plan, review_on, part_time_until, part_time };
        let refused = self.take(self.dsp, id, step).unwrap_err();
        assert_eq!(refused.code, Code::InvalidBody);
        refused.faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }
}

#[test]
fn it_needs_hours_consent_a_review_and_an_end_as_provision_does() {
    use FaultCode::{ConsentMissing, DateOutOfRange, InFuture, Missing, OutOfRange, UnknownField, WrongOrder};
    let rig = rig();
    let id = rig.ready();
    let at = |pointer: &str, code| (pointer.to_owned(), code);
    let nothing = rig.faults(id, true, Some("2026-03-30"), PartTime::default());
    for missing in ["/minutes_per_week", "/part_time_review_on", "/part_time_reason"] {
        assert!(nothing.contains(&at(missing, Missing)), "{missing} in {nothing:?}");
    }
    assert!(nothing.contains(&at("/consent", ConsentMissing)) && nothing.len() == 4, "{nothing:?}");
    let good = || rig.mornings();
    let consent = |on: &str| Some(provision::Consent { by: "Parent".to_owned(), on: day(on) });
    for (until, part_time, fault) in [
        ("2026-04-14", good(), at("/part_time_until", DateOutOfRange)), // six weeks from its first day
        ("2026-03-01", good(), at("/part_time_until", WrongOrder)),
        ("2026-03-30", PartTime { minutes_per_week: Some(0), ..good() }, at("/minutes_per_week", OutOfRange)),
        ("2026-03-30", PartTime { minutes_per_week: Some(2401), ..good() }, at("/minutes_per_week", OutOfRange)),
        ("2026-03-30", PartTime { consent: consent("2026-03-03"), ..good() }, at("/consent/on", InFuture)),
        ("2026-03-10", good(), at("/part_time_review_on", WrongOrder)),
        ("2026-03-30", PartTime { from: Some(day("2028-03-02")), ..good() }, at("/part_time_from", DateOutOfRange)),
    ] {
        let found = rig.faults(id, true, Some(until), part_time);
        assert!(found.contains(&fault), "{fault:?} in {found:?}");
    }
    assert_eq!(rig.faults(id, false, Some("2026-03-30"), good()), [at("/timetable", Missing)]);
    assert!(rig.faults(id, true, None, PartTime::default()).contains(&at("/part_time_until", Missing)));
    let needless = rig.faults(id, false, None, good());
    assert!(needless.contains(&at("/consent", UnknownField)) && needless.len() == 5, "{needless:?}");
    assert!(rig.timetables(id).is_empty(), "nothing is kept of what is refused");
    rig.take(rig.dsp, id, rig.agreed(false)).unwrap();
    assert!(rig.timetables(id).is_empty(), "the control");
    rig.take(rig.dsp, id, rig.agreed(true)).unwrap();
    let kept = rig.timetables(id);
    let one = kept.first().unwrap();
    assert_eq!((kept.len(), one.kind, one.minutes_per_week), (1, Kind::ReducedTimetable, Some(750)));
    assert_eq!((one.starts_on, one.ends_on), (day("2026-03-02"), Some(day("2026-03-30"))));
    assert_eq!((one.review_on, one.consent_on), (Some(day("2026-03-16")), Some(day("2026-03-02"))));
    let words: Vec<_> = rig.audited().into_iter().map(|(action, _)| action).filter(|a| a != "warrn.read").collect();
    assert!(words.contains(&"provision.start".to_owned()));
}

#[test]
fn one_that_names_no_first_day_begins_with_the_return() {
    let rig = rig();
    let id = rig.ready();
    let (soon, part_time) = (rig.today() + chrono::Days::new(35), PartTime { from: None, ..rig.mornings() });
    let step = TakeStep::ReturnPlan {
        agreed_on: rig.today(),
        plan: plan(true),
        review_on: soon,
        part_time_until: Some(soon),
        part_time,
    };
    rig.take(rig.dsp, id, step).unwrap();
    assert_eq!(rig.timetables(id)[0].starts_on, day("2026-03-09"), "the day the child is expected");
}

#[test]
fn its_end_is_told_when_it_passes_and_full_time_ends_it() {
    let rig = rig();
    let id = rig.ready();
    rig.take(rig.dsp, id, rig.agreed(true)).unwrap();
    rig.take(rig.dsp, id, TakeStep::Return { on: rig.today(), attendance: Attendance::PartTime }).unwrap();
    let (_, progress) = rig.progress(rig.dsp, id).unwrap();
    assert!(progress.open(Step::FullTime).is_none() && progress.provision_runs, "one clock, not two");
    assert!(rig.file(rig.dsp, id).unwrap().possible.contains(&Step::FullTime));
    let close = TakeStep::Close { outcome: Outcome::ReAbsence, note: None };
    assert_eq!(code(rig.take(rig.dsp, id, close.clone())), Code::StateConflict, "it holds the record open");
    rig.go("2026-03-16", 10);
    rig.take(rig.dsp, id, rig.review(Some(day("2026-04-20")))).unwrap();
    rig.go("2026-03-30", 17);
    rig.escalate();
    let told =
        rig.audited().into_iter().filter(|(a, d)| a == "warrn.escalate" && d.starts_with("provision_end")).count();
    assert_eq!(told, 1);
    assert!(rig.told().iter().any(|(wording, ..)| wording == "provision_overdue"));
    rig.take(rig.dsp, id, TakeStep::FullTime { on: rig.today() }).unwrap();
    assert_eq!(rig.timetables(id)[0].ended, Some((day("2026-03-29"), Ending::FullTime)));
    let (_, progress) = rig.progress(rig.dsp, id).unwrap();
    assert_eq!((progress.returned, progress.provision_runs), (Some((day("2026-03-02"), Attendance::FullTime)), false));
    rig.take(rig.dsp, id, close).unwrap();
}

#[test]
fn another_plan_with_one_takes_its_place_and_one_without_leaves_it() {
    let rig = rig();
    let id = rig.ready();
    rig.take(rig.dsp, id, rig.agreed(true)).unwrap();
    rig.go("2026-03-10", 10);
    rig.take(rig.dsp, id, rig.agreed(false)).unwrap();
    assert!(rig.timetables(id)[0].is_open(), "what was consented to is ended by somebody who says so");
    rig.take(rig.dsp, id, rig.agreed(true)).unwrap();
    let mut kept: Vec<_> = rig.timetables(id).into_iter().map(|p| (p.starts_on, p.ended)).collect();
    kept.sort_unstable_by_key(|(starts_on, _)| *starts_on);
    let first = (day("2026-03-02"), Some((day("2026-03-09"), Ending::Extended)));
    assert_eq!(kept, [first, (day("2026-03-10"), None)]);
    // A return that is taken back leaves what was agreed.
    rig.take(rig.dsp, id, TakeStep::Return { on: rig.today(), attendance: Attendance::PartTime }).unwrap();
    rig.take_back(rig.dsp, id, "did not come").unwrap();
    assert!(rig.progress(rig.dsp, id).unwrap().1.provision_runs);
}

#[test]
fn one_that_takes_anothers_place_leaves_no_gap_and_takes_no_day_that_was_lived() {
    let rig = rig();
    let id = rig.ready();
    rig.take(rig.dsp, id, rig.agreed(true)).unwrap();
    rig.go("2026-03-10", 10);
    // While the pupil is not back, nobody has lived a day of it: one for the day they are expected now takes its place.
    let later = PartTime { from: Some(day("2026-03-20")), review_on: Some(day("2026-03-27")), ..rig.mornings() };
    assert!(rig.faults(id, true, Some("2026-03-19"), later).iter().all(|(at, _)| at != "/part_time_from"));
    rig.take(rig.dsp, id, TakeStep::Return { on: day("2026-03-02"), attendance: Attendance::PartTime }).unwrap();
    for from in ["2026-03-02", "2026-03-09", "2026-03-12"] {
        let refused = rig.faults(id, true, Some("2026-03-30"), PartTime { from: Some(day(from)), ..rig.mornings() });
        assert_eq!(refused, [("/part_time_from".to_owned(), FaultCode::DateOutOfRange)], "{from}");
    }
    assert_eq!(rig.timetables(id).len(), 1, "nothing is kept of what is refused");
}
