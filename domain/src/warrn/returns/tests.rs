//! Due dates and possible steps by hand-made tables.

use chrono::{NaiveDate, NaiveTime};

use super::clocks::{ReturnClocks, SchoolClock};
use super::rules::{outcomes, possible};
use super::*;
use crate::kernel::{Calendar, CalendarEntry, CalendarSettings, DayKind, Days, SchoolId, Utc, uk_instant, uk_time};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> Utc {
    let (date, time) = text.split_once(' ').unwrap();
    uk_instant(day(date), NaiveTime::parse_from_str(time, "%H:%M").unwrap())
}

fn calendar() -> Calendar {
    let term = |from, until| CalendarEntry {
        kind: DayKind::Term,
        school: None,
        days: Days { from: day(from), until: day(until) },
    };
    let terms = [term("2026-01-05", "2026-03-27"), term("2026-04-13", "2026-07-20"), term("2026-09-02", "2026-12-18")];
    Calendar::new(CalendarSettings::default(), &terms)
}

#[test]
fn a_step_is_due_at_the_earlier_of_two_times() {
    let calendar = calendar();
    let clocks = ReturnClocks::default();
    let school = SchoolId::from_uuid(uuid::Uuid::nil());
    let clock = SchoolClock { calendar: &calendar, school, clocks: &clocks };
    for (step, received, back, due) in [
        // A day to acknowledge, and done a school day before the return.
        (Step::AcknowledgeDsp, "2026-03-02 10:00", Some("2026-03-20"), "2026-03-03 10:00"),
        (Step::AcknowledgeDsp, "2026-03-05 17:00", Some("2026-03-09"), "2026-03-06 16:00"), // came after hours
        (Step::AcknowledgeDsp, "2026-03-07 11:00", Some("2026-03-16"), "2026-03-10 09:00"), // came on a Saturday
        (Step::AcknowledgeDsp, "2026-03-02 10:00", None, "2026-03-03 10:00"),
        // Back tomorrow, today, or already: soon, and never before it came.
        (Step::AcknowledgeDsp, "2026-03-02 10:00", Some("2026-03-03"), "2026-03-02 16:00"),
        (Step::AcknowledgeDsp, "2026-03-02 10:00", Some("2026-03-02"), "2026-03-02 11:00"),
        (Step::AcknowledgeDsp, "2026-03-02 10:00", Some("2026-02-23"), "2026-03-02 11:00"),
        // In the Easter holidays the school's count stands still, the psychologist's does not, and neither does the date.
        (Step::AcknowledgeDsp, "2026-03-30 10:00", None, "2026-04-14 09:00"),
        (Step::AcknowledgeEp, "2026-03-30 10:00", None, "2026-03-31 10:00"),
        (Step::AcknowledgeDsp, "2026-03-30 10:00", Some("2026-04-13"), "2026-04-10 16:00"),
        (Step::AcknowledgeDsp, "2026-08-10 10:00", Some("2026-09-02"), "2026-09-01 16:00"),
        // The rest: by the day of the return.
        (Step::RiskAssessment, "2026-03-02 10:00", Some("2026-03-09"), "2026-03-09 16:00"),
        (Step::ReturnMeeting, "2026-03-02 10:00", Some("2026-06-01"), "2026-03-16 10:00"),
        (Step::ReturnPlan, "2026-03-30 10:00", Some("2026-04-13"), "2026-04-13 16:00"),
        (Step::Return, "2026-03-02 10:00", Some("2026-03-09"), "2026-03-09 16:00"),
        (Step::Return, "2026-03-02 10:00", None, "2026-03-09 10:00"),
        // Over the change to summer time the clock people read counts.
        (Step::AcknowledgeEp, "2026-03-27 15:30", None, "2026-03-30 15:30"),
    ] {
        let due_at = clock.due(step, at(received), back.map(day), at(received)).unwrap();
        let shown = uk_time(due_at.value).format("%Y-%m-%d %H:%M").to_string();
        assert_eq!(shown, due, "{step}, received {received}, back {back:?}");
        assert!(!due_at.assumed);
    }
    assert!(clock.due(Step::Review, at("2026-03-02 10:00"), None, at("2026-03-02 10:00")).is_none());
    // Moved while it is late: an hour from now, not in the past.
    let moved =
        clock.due(Step::RiskAssessment, at("2026-03-02 10:00"), Some(day("2026-03-03")), at("2026-03-04 10:00"));
    assert_eq!(moved.unwrap().value, at("2026-03-04 11:00"));
    let unknown = clock.due(Step::AcknowledgeDsp, at("2027-02-01 10:00"), None, at("2027-02-01 10:00")).unwrap();
    assert!(unknown.assumed, "without terms working days are counted, and it is said");
}

#[test]
fn the_leads_hear_before_the_child_is_back() {
    let calendar = calendar();
    let clocks = ReturnClocks::default();
    let clock = SchoolClock { calendar: &calendar, school: SchoolId::from_uuid(uuid::Uuid::nil()), clocks: &clocks };
    for (step, received, back, deputy, leads) in [
        // Friday afternoon, back on Monday: by the count the leads would hear on Tuesday.
        (Step::AcknowledgeDsp, "2026-03-06 15:30", "2026-03-09", "2026-03-06 16:30", Some("2026-03-09 09:00")),
        // In the summer holidays, back on the first day of term: by the count a day after it.
        (Step::AcknowledgeDsp, "2026-08-10 10:00", "2026-09-02", "2026-09-01 16:00", Some("2026-09-02 09:00")),
        (Step::AcknowledgeEp, "2026-03-06 15:30", "2026-03-09", "2026-03-06 16:30", Some("2026-03-09 09:00")),
        // The return is far off: by the count.
        (Step::AcknowledgeDsp, "2026-03-02 10:00", "2026-03-20", "2026-03-03 10:00", Some("2026-03-04 10:00")),
        // Late on the morning of the return already, or after it: at once.
        (Step::AcknowledgeDsp, "2026-03-02 10:00", "2026-03-02", "2026-03-02 11:00", None),
        (Step::Return, "2026-03-02 10:00", "2026-03-09", "2026-03-09 16:00", None),
        // Half an hour before it: the deputy has the shortest time.
        (Step::AcknowledgeDsp, "2026-03-02 07:30", "2026-03-02", "2026-03-02 08:30", Some("2026-03-02 09:30")),
    ] {
        let back = Some(day(back));
        let due = clock.due(step, at(received), back, at(received)).unwrap().value;
        // An hour is the shortest; a step is told when its time has passed.
        assert_eq!(due, at(deputy), "{step} {received}");
        assert_eq!(clock.next_telling(step, back, due), leads.map(at), "{step} {received}");
    }
    let now = at("2026-03-06 16:30");
    assert_eq!(clock.next_telling(Step::Review, None, now), Some(at("2026-03-10 09:00")), "no return to press");
}

#[test]
fn what_makes_ready_presses_until_it_is_done_and_the_rest_does_not() {
    let (waiting, back) = (progress(&[], None), progress(&[], Some("2026-03-09")));
    let waiting = Progress { expected_return_on: Some(day("2026-03-12")), ..waiting };
    for step in Step::ALL {
        let (before, after) = match step {
            Step::AcknowledgeDsp | Step::AcknowledgeEp => (Some("2026-03-12"), None),
            Step::RiskAssessment | Step::ReturnMeeting | Step::ReturnPlan | Step::Return => {
                (Some("2026-03-12"), Some("2026-03-09"))
            }
            _ => (None, None),
        };
        assert_eq!(waiting.presses_towards(*step), before.map(day), "{step}");
        assert_eq!(back.presses_towards(*step), after.map(day), "{step}");
    }
}

#[test]
fn reviews_come_after_two_six_and_twelve_weeks_or_when_the_plan_says() {
    let calendar = calendar();
    let clocks = ReturnClocks::default();
    let clock = SchoolClock { calendar: &calendar, school: SchoolId::from_uuid(uuid::Uuid::nil()), clocks: &clocks };
    let back = day("2026-03-09");
    assert_eq!(clock.first_review_on(back, None), day("2026-03-23"));
    assert_eq!(clock.first_review_on(back, Some(day("2026-03-16"))), day("2026-03-16"));
    assert_eq!(clock.first_review_on(back, Some(day("2026-06-16"))), day("2026-03-23"), "two weeks at most");
    assert_eq!(clock.first_review_on(back, Some(day("2026-03-02"))), day("2026-03-23"), "not before the return");
    for (held, asked, next) in [
        ("2026-03-23", None, Some("2026-04-20")),
        ("2026-04-20", None, Some("2026-06-01")),
        ("2026-04-27", None, Some("2026-06-01")),
        ("2026-06-01", None, None),
        ("2026-06-01", Some("2026-06-20"), Some("2026-06-20")),
        ("2026-03-23", Some("2026-03-30"), Some("2026-03-30")),
    ] {
        assert_eq!(clock.next_review_on(back, day(held), asked.map(day)), next.map(day), "{held} {asked:?}");
    }
}

fn progress(done: &[Step], returned: Option<&str>) -> Progress {
    let now = at("2026-03-02 10:00");
    let step = |step: &Step| {
        let done_at = done.contains(step).then_some(now);
        Clocked { step: *step, turn: 1, due_at: Some(now), done_at, dropped_at: None, told: 0 }
    };
    let first = [
        Step::AcknowledgeDsp,
        Step::AcknowledgeEp,
        Step::RiskAssessment,
        Step::ReturnMeeting,
        Step::ReturnPlan,
        Step::Return,
    ];
    Progress {
        source: Source::SchoolNurse,
        received_on: day("2026-03-02"),
        received_at: now,
        expected_return_on: None,
        returned: returned.map(|d| (day(d), Attendance::FullTime)),
        attended_on: None,
        closed: None,
        steps: first.iter().map(step).collect(),
        provision_runs: false,
    }
}

#[test]
fn what_can_be_done_follows_from_what_was() {
    use Step::{AcknowledgeDsp, AcknowledgeEp, Close, Return, ReturnMeeting, ReturnPlan, Review, RiskAssessment};
    for (done, returned, can, state) in [
        (vec![], None, vec![AcknowledgeDsp, AcknowledgeEp], State::Received),
        (vec![AcknowledgeEp], None, vec![AcknowledgeDsp], State::Received),
        (
            vec![AcknowledgeDsp],
            None,
            vec![AcknowledgeEp, RiskAssessment, ReturnMeeting, Return, Close],
            State::Received,
        ),
        (vec![AcknowledgeDsp, AcknowledgeEp, ReturnMeeting], None, vec![RiskAssessment, Return, Close], State::Met),
        (
            vec![AcknowledgeDsp, AcknowledgeEp, ReturnMeeting, RiskAssessment],
            None,
            vec![ReturnPlan, Return, Close],
            State::Met,
        ),
        // Back before anybody met: the meeting is still to be held.
        (
            vec![AcknowledgeDsp, AcknowledgeEp, Return],
            Some("2026-03-09"),
            vec![RiskAssessment, ReturnMeeting, Review, Close],
            State::Returned,
        ),
    ] {
        let progress = progress(&done, returned);
        assert_eq!(possible(&progress), can, "{done:?}");
        assert_eq!(progress.state(), state, "{done:?}");
    }
}

#[test]
fn a_return_is_sustained_when_a_review_saw_it_and_nothing_was_left_out() {
    use Outcome::{MovedOn, ReAbsence, ReReferred, Sustained6Weeks, Sustained12Weeks};
    let whole = [Step::AcknowledgeDsp, Step::RiskAssessment, Step::ReturnMeeting, Step::ReturnPlan, Step::Return];
    let seen = |done: &[Step], returned, on: &str| Progress { attended_on: Some(day(on)), ..progress(done, returned) };
    assert_eq!(
        outcomes(&progress(&whole, Some("2026-03-09"))),
        [ReAbsence, ReReferred, MovedOn],
        "no review, whatever the day"
    );
    for (held_on, may) in [
        ("2026-04-19", vec![ReAbsence, ReReferred, MovedOn]),
        ("2026-04-20", vec![Sustained6Weeks, ReAbsence, ReReferred, MovedOn]),
        ("2026-05-31", vec![Sustained6Weeks, ReAbsence, ReReferred, MovedOn]),
        ("2026-06-01", vec![Sustained12Weeks, Sustained6Weeks, ReAbsence, ReReferred, MovedOn]),
    ] {
        assert_eq!(outcomes(&seen(&whole, Some("2026-03-09"), held_on)), may, "{held_on}");
    }
    let left_out = [Step::AcknowledgeDsp, Step::RiskAssessment];
    assert_eq!(outcomes(&seen(&left_out, Some("2026-03-09"), "2026-06-01")), [ReAbsence, ReReferred, MovedOn]);
    assert_eq!(outcomes(&progress(&[Step::AcknowledgeDsp], None)), [ReReferred, MovedOn]);
    assert_eq!(outcomes(&progress(&[], None)), []);
}

#[test]
fn a_second_timetable_leaves_no_day_without_one_and_takes_none_that_was_lived() {
    let today = day("2026-03-10");
    for (since, next, may) in [
        ("2026-03-02", "2026-03-10", true),
        ("2026-03-02", "2026-03-11", true),
        ("2026-03-02", "2026-03-12", false), // the 11th would have neither
        ("2026-03-02", "2026-03-09", false), // lived by the first
        ("2026-03-02", "2026-03-02", false),
        ("2026-03-02", "2026-03-01", false),
        ("2026-03-10", "2026-03-10", false), // begun this morning
        ("2026-03-10", "2026-03-11", true),
        // Not begun: nobody has lived a day of it.
        ("2026-03-11", "2026-03-10", true),
        ("2026-03-11", "2026-04-20", true),
    ] {
        assert_eq!(super::rules::takes_over(day(since), day(next), today), may, "{since} {next}");
    }
}
