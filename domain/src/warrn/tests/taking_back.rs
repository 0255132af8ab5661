//! A return noted by mistake is taken back, and the right one noted.

use super::returning::day;
use super::*;
use crate::kernel::FaultCode;
use returns::{Attendance, Outcome, State, Step, TakeStep, Taken, take_back_return};

impl Rig {
    pub(super) fn take_back(&self, who: PersonId, id: WarrnId, reason: &str) -> Result<Taken> {
        let (version, reason) = (self.progress(self.worker, id)?.0.version, reason.to_owned());
        let settings = WarrnSettings::default();
        self.t.db.write(&caller(who), move |work| take_back_return(work, &vault(), &settings, id, version, &reason))
    }

    fn come_back(&self, id: WarrnId, attendance: Attendance) -> Taken {
        self.take(self.dsp, id, TakeStep::Return { on: self.today(), attendance }).unwrap()
    }

    fn due(&self, id: WarrnId) -> Vec<(Step, i64, String)> {
        let (_, progress) = self.progress(self.dsp, id).unwrap();
        let open = progress.steps.iter().filter(|s| s.is_open());
        open.map(|s| (s.step, s.turn, uk_time(s.due_at.unwrap()).format("%m-%d %H:%M").to_string())).collect()
    }
}

#[test]
fn a_return_noted_by_mistake_is_taken_back_and_the_right_day_noted() {
    let rig = rig();
    let id = rig.acknowledged();
    for step in [rig.assessment(), rig.meeting()] {
        rig.take(rig.dsp, id, step).unwrap();
    }
    let before = rig.due(id);
    rig.t.clock.advance_seconds(3600);
    rig.come_back(id, Attendance::PartTime);
    let steps = |id| rig.due(id).into_iter().map(|(step, ..)| step).collect::<Vec<_>>();
    assert_eq!(steps(id), [Step::ReturnPlan, Step::FullTime, Step::Review], "the control");
    assert_eq!(rig.due(id)[0].2, "03-02 16:00", "the plan was due today");
    let told = rig.told().len();
    let taken = rig.take_back(rig.dsp, id, &format!("did not come {SECRET}")).unwrap();
    assert_eq!((taken.state, taken.turn), (State::Met, 2));
    assert_eq!(rig.told().len(), told + 1, "the psychologist hears of it");
    // As before, with the return's own clock begun anew.
    let (plan, back) = (before[0].clone(), (Step::Return, 2, before[1].2.clone()));
    assert_eq!((rig.due(id), before[1].0), (vec![plan, back], Step::Return));
    let (_, now) = rig.progress(rig.worker, id).unwrap();
    assert_eq!(now.returned, None);
    assert_eq!(rig.events(id).iter().filter(|k| *k == "return_taken_back").count(), 1);
    let last = rig.audited().into_iter().rfind(|(a, _)| a != "warrn.read").unwrap();
    assert_eq!(last, ("warrn.take_back_return".to_owned(), "return 1".to_owned()));
    let file = rig.file(rig.ep_person, id).unwrap();
    assert_eq!(
        file.timeline.iter().filter_map(|h| h.note.clone()).collect::<Vec<_>>(),
        [format!("did not come {SECRET}")]
    );
    assert!(file.notes.iter().filter(|n| n.step == Step::Return).all(|n| n.taken_back));
    assert!(file.possible.contains(&Step::Return) && !file.possible.contains(&Step::Review));
    assert_eq!(code(rig.take_back(rig.dsp, id, "again")), Code::StateConflict, "there is none any more");

    rig.go("2026-03-09", 10);
    let again = rig.come_back(id, Attendance::FullTime);
    assert_eq!((again.state, again.turn), (State::Returned, 2));
    assert_eq!(rig.progress(rig.dsp, id).unwrap().1.returned, Some((day("2026-03-09"), Attendance::FullTime)));
    let review = rig.due(id).into_iter().find(|(step, ..)| *step == Step::Review);
    assert_eq!(review, Some((Step::Review, 2, "03-23 16:00".to_owned())), "two weeks from the right day");
    let stands: Vec<_> = rig.file(rig.dsp, id).unwrap().notes.into_iter().filter(|n| n.step == Step::Return).collect();
    assert_eq!(stands.iter().map(|n| (n.turn, n.taken_back)).collect::<Vec<_>>(), [(1, true), (2, false)]);
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(rig.t.folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(memchr::memmem::find(&bytes, b"return_taken_back").is_some(), "the scan finds what is there");
    assert!(memchr::memmem::find(&bytes, SECRET.as_bytes()).is_none());
}

#[test]
fn a_day_that_passed_or_is_not_known_has_a_clock_to_come() {
    for expected in [Some("2026-03-03"), None] {
        let rig = rig();
        let id = rig.acknowledged();
        rig.move_to(rig.dsp, id, expected.map(day)).unwrap();
        rig.come_back(id, Attendance::FullTime);
        rig.go("2026-03-11", 10);
        rig.take_back(rig.dsp, id, "another child").unwrap();
        let due = rig.due(id).into_iter().find(|(step, ..)| *step == Step::Return).unwrap();
        // An hour, or five school days to find out the day.
        assert_eq!(due.2, if expected.is_some() { "03-11 11:00" } else { "03-18 10:00" });
        rig.go("2026-03-18", 11);
        rig.escalate();
        let late = rig.audited().into_iter().filter(|(a, d)| a == "warrn.escalate" && d.starts_with("return=")).count();
        assert_eq!(late, 1, "and it is told when it passes");
    }
}

#[test]
fn who_may_not_note_a_return_takes_none_back_nor_after_a_review_or_the_closing() {
    let rig = rig();
    let id = rig.acknowledged();
    assert_eq!(code(rig.take_back(rig.dsp, id, "too soon")), Code::StateConflict);
    rig.come_back(id, Attendance::FullTime);
    assert_eq!(code(rig.take_back(rig.worker, id, "mine")), Code::Forbidden);
    assert_eq!(code(rig.take_back(rig.deputy_dsp, id, "mine")), Code::NotFound);
    for bad in ["", " ", &"x".repeat(4001)] {
        let refused = rig.take_back(rig.dsp, id, bad).unwrap_err();
        assert_eq!((refused.code, refused.faults[0].pointer.as_str()), (Code::InvalidBody, "/reason"));
    }
    assert_eq!(rig.take_back(rig.dsp, id, "\u{0}").unwrap_err().faults[0].code, FaultCode::BadCharacter);
    let settings = WarrnSettings::default();
    let stale = rig.t.db.write(&caller(rig.dsp), move |w| take_back_return(w, &vault(), &settings, id, 1, "stale"));
    assert_eq!(code(stale), Code::VersionMismatch);
    rig.take_back(rig.ep_person, id, "the wrong day").unwrap();
    rig.come_back(id, Attendance::FullTime);
    rig.take(rig.dsp, id, rig.review(None)).unwrap();
    assert_eq!(code(rig.take_back(rig.dsp, id, "reviewed")), Code::ReturnReviewed);
    rig.take(rig.dsp, id, TakeStep::Close { outcome: Outcome::ReAbsence, note: None }).unwrap();
    assert_eq!(code(rig.take_back(rig.dsp, id, "closed")), Code::StateConflict);
    assert!(rig.progress(rig.dsp, id).unwrap().1.returned.is_some());
}

#[test]
fn a_return_that_became_full_time_is_not_taken_back() {
    // With a timetable that was agreed, and consented to, which full time ends; and with one that only began with the return.
    for agreed in [true, false] {
        let rig = rig();
        let id = rig.acknowledged();
        if agreed {
            for step in [rig.assessment(), rig.meeting(), rig.agreed(true)] {
                rig.take(rig.dsp, id, step).unwrap();
            }
        }
        full_time_stays(&rig, id);
    }
}

#[test]
fn a_plan_without_a_timetable_keeps_no_return_from_being_taken_back() {
    let rig = rig();
    let id = rig.acknowledged();
    for step in [rig.assessment(), rig.meeting()] {
        rig.take(rig.dsp, id, step).unwrap();
    }
    rig.come_back(id, Attendance::PartTime);
    rig.take(rig.dsp, id, rig.agreed(false)).unwrap();
    assert_eq!(rig.progress(rig.dsp, id).unwrap().1.returned.map(|(_, how)| how), Some(Attendance::FullTime));
    rig.take_back(rig.dsp, id, "another child").unwrap();
}

#[test]
fn a_date_that_is_not_known_any_more_is_looked_for_from_now() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.move_to(rig.dsp, id, None).unwrap();
    rig.come_back(id, Attendance::FullTime);
    rig.go("2026-03-11", 10);
    rig.take_back(rig.dsp, id, "another child").unwrap();
    let due = || rig.due(id).into_iter().find(|(step, ..)| *step == Step::Return).unwrap().2;
    assert_eq!(due(), "03-18 10:00");
    rig.move_to(rig.dsp, id, Some(day("2026-03-20"))).unwrap();
    assert_eq!(due(), "03-20 16:00");
    rig.go("2026-03-12", 10);
    rig.move_to(rig.dsp, id, None).unwrap();
    assert_eq!(due(), "03-19 10:00", "not from a receipt long past");
}

fn full_time_stays(rig: &Rig, id: WarrnId) {
    rig.come_back(id, Attendance::PartTime);
    rig.take_back(rig.dsp, id, "the control: while part time, it may be").unwrap();
    rig.come_back(id, Attendance::PartTime);
    rig.go("2026-03-04", 10);
    rig.take(rig.dsp, id, TakeStep::FullTime { on: rig.today() }).unwrap();
    let refused = rig.take_back(rig.dsp, id, "did not come").unwrap_err();
    assert_eq!(refused.code, Code::StateConflict);
    assert!(refused.detail.unwrap().contains("full time"));
    assert!(rig.progress(rig.dsp, id).unwrap().1.returned.is_some());
}
