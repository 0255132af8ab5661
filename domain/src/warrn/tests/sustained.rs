//! A return counts as sustained by what reviews saw.

use super::returning::day;
use super::*;
use returns::{Attendance, Outcome, ReviewAttendance, TakeStep, reintegration};

fn close(outcome: Outcome) -> TakeStep {
    TakeStep::Close { outcome, note: None }
}

impl Rig {
    fn may(&self, id: WarrnId) -> Vec<Outcome> {
        self.file(self.dsp, id).unwrap().outcomes
    }

    /// Back on 2 March, with nothing left out.
    fn back(&self) -> WarrnId {
        let id = self.acknowledged();
        for step in [self.assessment(), self.meeting(), self.agreed(false)] {
            self.take(self.dsp, id, step).unwrap();
        }
        self.take(self.dsp, id, TakeStep::Return { on: self.today(), attendance: Attendance::FullTime }).unwrap();
        id
    }
}

#[test]
fn it_takes_a_review_after_the_weeks_with_the_pupil_attending() {
    use Outcome::{MovedOn, ReAbsence, ReReferred, Sustained6Weeks, Sustained12Weeks};
    let rig = rig();
    let id = rig.back();
    let refused = |outcome: Outcome| {
        let error = rig.take(rig.dsp, id, close(outcome)).unwrap_err();
        assert_eq!(error.code, Code::NotSustained);
        error.detail.unwrap()
    };
    // Six weeks and more are over, and nobody looked.
    rig.go("2026-04-21", 10);
    assert_eq!(rig.may(id), [ReAbsence, ReReferred, MovedOn]);
    assert!(refused(Sustained6Weeks).contains("a review held 6 weeks after the return"));
    for attendance in [None, Some(ReviewAttendance::Absent)] {
        rig.take(rig.dsp, id, rig.review_of(attendance, None)).unwrap();
        assert!(refused(Sustained6Weeks).contains("with the pupil attending"), "{attendance:?}");
    }
    // Held before the weeks were over, and noted after.
    let held_on = day("2026-04-12");
    let attendance = Some(ReviewAttendance::FullTime);
    let early = TakeStep::Review { held_on, attendance, note: "well".to_owned(), next_on: None };
    rig.take(rig.dsp, id, early).unwrap();
    refused(Sustained6Weeks);
    rig.take(rig.dsp, id, rig.review_of(Some(ReviewAttendance::PartTime), None)).unwrap();
    assert_eq!(rig.may(id), [Sustained6Weeks, ReAbsence, ReReferred, MovedOn]);
    // Long after: still six weeks, for nobody looked since.
    rig.go("2026-07-01", 10);
    assert!(refused(Sustained12Weeks).contains("12 weeks"));
    let file = rig.file(rig.dsp, id).unwrap();
    assert!(file.notes.iter().any(|n| n.attendance == Some(ReviewAttendance::Absent)));
    rig.take(rig.dsp, id, close(Sustained6Weeks)).unwrap();
}

#[test]
fn the_report_counts_by_the_reviews_and_not_by_the_day_of_closing() {
    let rig = rig();
    let ids: Vec<_> = (0..40).map(|_| rig.back()).collect();
    rig.go("2026-04-21", 10);
    // Six weeks: seen in thirty of forty. All are closed after twelve, which shows nothing.
    for id in &ids[..30] {
        rig.take(rig.dsp, *id, rig.review(None)).unwrap();
    }
    rig.go("2026-07-01", 10);
    for (n, id) in ids.iter().enumerate() {
        let outcome = if n < 30 { Outcome::Sustained6Weeks } else { Outcome::ReAbsence };
        rig.take(rig.dsp, *id, close(outcome)).unwrap();
    }
    rig.go("2026-09-02", 10);
    let analyst = holder(&rig.t, Role::Analyst, At::default());
    let threshold = crate::disclosure::Threshold::default();
    let report = rig
        .t
        .db
        .write(&caller(analyst), move |work| reintegration(work, &WarrnSettings::default(), threshold, "2025/26"));
    let report = report.unwrap();
    let crate::disclosure::Figure::Shown { base, shares } = report.sustained.view() else { panic!("enough") };
    let ranges = (shares[0].range(), shares[1].range());
    assert_eq!((base, ranges), (40, ("70–80%".to_owned(), "0–10%".to_owned())));
}

#[test]
fn a_child_who_leaves_after_the_return_has_moved_on_and_nobody_says_it_lasted() {
    let rig = rig();
    let id = rig.back();
    rig.go("2026-03-20", 10);
    rig.take(rig.dsp, id, close(Outcome::MovedOn)).unwrap();
    let (_, progress) = rig.progress(rig.dsp, id).unwrap();
    assert_eq!(progress.closed.map(|(_, outcome)| outcome), Some(Outcome::MovedOn));
    assert_eq!((progress.returned.is_some(), progress.attended_on), (true, None));
}

#[test]
fn records_whose_reviews_said_nothing_of_attendance_count_as_they_were_closed() {
    let rig = rig();
    let ids: Vec<_> = (0..30).map(|_| rig.back()).collect();
    rig.go("2026-06-02", 10);
    for id in &ids {
        rig.take(rig.dsp, *id, rig.review(None)).unwrap();
        rig.take(rig.dsp, *id, close(Outcome::Sustained12Weeks)).unwrap();
    }
    rig.go("2026-09-02", 10);
    let analyst = holder(&rig.t, Role::Analyst, At::default());
    let sustained = || {
        let (settings, threshold) = (WarrnSettings::default(), crate::disclosure::Threshold::default());
        let report = move |work: &mut Work<'_>| reintegration(work, &settings, threshold, "2025/26");
        let report = rig.t.db.write(&caller(analyst), report).unwrap();
        let crate::disclosure::Figure::Shown { shares, .. } = report.sustained.view() else { panic!("enough") };
        shares.iter().map(crate::disclosure::Share::range).collect::<Vec<_>>()
    };
    let said = |attendance: Option<&'static str>| {
        setup(&rig.t, move |work| {
            let steps = crate::db::schema::warrn_steps::table;
            let reviews = steps.filter(crate::db::schema::warrn_steps::step.eq("review"));
            let set = crate::db::schema::warrn_steps::attendance.eq(attendance);
            Ok(diesel::update(reviews).set(set).execute(work.conn())?)
        })
    };
    let all = sustained();
    // As before attendance was asked for: both marks are passed by what they were closed with.
    assert_eq!(said(None), 30);
    assert_eq!(sustained(), all);
    // The control: reviews that said the pupil was away.
    assert_eq!(said(Some("absent")), 30);
    assert_ne!(sustained(), all);
}
