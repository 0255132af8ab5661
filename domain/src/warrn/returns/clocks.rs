//! By when a step is due. Pure.

use chrono::{Days, NaiveDate};

use crate::kernel::{Calendar, Counted, SchoolId, Utc, uk_date};

use super::model::Step;

/// How long a step may take: the earlier of two times counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepTime {
    /// Days from the receipt: the school's steps count school days, the psychologist's working days.
    pub within: u32,
    /// School days before the expected return; none means on the day itself.
    pub before_return: u32,
}

/// Every time of the return to school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnClocks {
    /// Acknowledging.
    pub acknowledge: StepTime,
    /// The risk assessment.
    pub risk_assessment: StepTime,
    /// The return meeting.
    pub return_meeting: StepTime,
    /// The return plan.
    pub return_plan: StepTime,
    /// School days until somebody must have found out the return date, when none was given.
    pub find_return_date_within: u32,
    /// Days from the return to the first review, at most.
    pub first_review_days: u32,
    /// Weeks between two reviews, at most.
    pub review_weeks: u32,
    /// Weeks a part-time timetable lasts when the plan names no end.
    pub part_time_weeks: u32,
    /// School days to close a record after its last review.
    pub close_within: u32,
    /// Days after which the lateness of a step that was told once is told to the safeguarding leads; sooner when the pupil
    /// is expected back sooner.
    pub tell_again_within: u32,
    /// Days after which the leads are told again of what is still not done, and again, until it is; at least one.
    pub tell_leads_again_within: u32,
    /// School days before the return from which a deputy is named beside recipients who are all away.
    pub stand_in_within: u32,
    /// No clock gives less time than this, in hours: a record that comes after the return is due soon, not before it came.
    pub shortest_hours: u32,
}

/// The product's own proposal, for the authority to change: no statutory time exists (`facts/domain.md` §7: acknowledge
/// within a school day; risk assessment and meeting before or on the day of return; first review within two weeks, then
/// six). Twelve weeks is when a return counts as sustained there.
impl Default for ReturnClocks {
    fn default() -> Self {
        let on_the_day = StepTime { within: 10, before_return: 0 };
        Self {
            acknowledge: StepTime { within: 1, before_return: 1 },
            risk_assessment: on_the_day,
            return_meeting: on_the_day,
            return_plan: on_the_day,
            find_return_date_within: 5,
            first_review_days: 14,
            review_weeks: 6,
            part_time_weeks: 6,
            close_within: 5,
            tell_again_within: 1,
            tell_leads_again_within: 5,
            stand_in_within: 5,
            shortest_hours: 1,
        }
    }
}

/// A record's calendar: whose school days count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SchoolClock<'a> {
    pub calendar: &'a Calendar,
    pub school: SchoolId,
    pub clocks: &'a ReturnClocks,
}

impl SchoolClock<'_> {
    /// By when a step up to the return is due, as seen at `now`; nothing for a step that comes after it.
    ///
    /// In the school holidays the count from the receipt stands still and the return date does not. When counting school
    /// days back from it ends before the record came, working days are counted back, and at least
    /// [`ReturnClocks::shortest_hours`] are given.
    pub(crate) fn due(
        self,
        step: Step,
        received_at: Utc,
        expected: Option<NaiveDate>,
        now: Utc,
    ) -> Option<Counted<Utc>> {
        let time = match step {
            Step::AcknowledgeDsp | Step::AcknowledgeEp => self.clocks.acknowledge,
            Step::RiskAssessment => self.clocks.risk_assessment,
            Step::ReturnMeeting => self.clocks.return_meeting,
            Step::ReturnPlan => self.clocks.return_plan,
            Step::Return => return Some(self.return_due(received_at, expected, now)),
            Step::FullTime | Step::Review | Step::Close | Step::ProvisionReview | Step::ProvisionEnd => return None,
        };
        let by_receipt = self.days_after(step, received_at, time.within);
        let Some(expected) = expected else { return Some(by_receipt) };
        let by_return = self.before(expected, time.before_return, received_at);
        let by_return = Counted { value: by_return.value.max(self.soonest(now)), ..by_return };
        Some(if by_return.value < by_receipt.value { by_return } else { by_receipt })
    }

    /// By when an open step is due by this calendar, `was` being its time by another. What is late stays late, unless there
    /// is time yet; what is not late is late in [`ReturnClocks::shortest_hours`] at the soonest, or when it would have been.
    pub(crate) fn recounted(
        self,
        step: Step,
        received_at: Utc,
        expected: Option<NaiveDate>,
        (was, now): (Option<Utc>, Utc),
    ) -> Option<Utc> {
        let due = self.due(step, received_at, expected, received_at).map(|due| due.value);
        let (Some(due), Some(was)) = (due, was) else { return due };
        Some(if due <= now && was <= now { was } else { due.max(was.min(self.soonest(now))) })
    }

    /// The days of a step's own part after an instant.
    pub(crate) fn days_after(self, step: Step, from: Utc, days: u32) -> Counted<Utc> {
        match step.part() {
            crate::warrn::Part::Dsp => self.calendar.add_school_days(Some(self.school), from, days),
            crate::warrn::Part::Ep => Counted { value: self.calendar.add_working_days(from, days), assumed: false },
        }
    }

    /// When a lateness told now to the first in line is told to the next: so many days later, or when the offices open on
    /// the day of the return, whichever comes first, and not sooner than the shortest time from now. Nothing when that
    /// morning has come: the child may be there already, and the next in line hears of it at once.
    pub(crate) fn next_telling(self, step: Step, back: Option<NaiveDate>, now: Utc) -> Option<Utc> {
        let by_count = self.days_after(step, now, self.clocks.tell_again_within).value;
        let Some(morning) = back.map(|day| self.calendar.opening(day)) else { return Some(by_count) };
        (now < morning).then(|| by_count.min(morning.max(self.soonest(now))))
    }

    /// The end of a day, but not sooner than the shortest time from now.
    pub(crate) fn end_of(self, date: NaiveDate, now: Utc) -> Utc {
        self.calendar.closing(date).max(self.soonest(now))
    }

    /// The day of the first review: two weeks after the return, or sooner where the plan says so.
    pub(crate) fn first_review_on(self, returned_on: NaiveDate, plan: Option<NaiveDate>) -> NaiveDate {
        let latest = later(returned_on, self.clocks.first_review_days);
        plan.filter(|date| returned_on <= *date).map_or(latest, |date| date.min(latest))
    }

    /// The day of the review after one: as asked for; else six, then twelve weeks after the return. Nothing when the
    /// twelve weeks are over and nobody asked for another.
    pub(crate) fn next_review_on(
        self,
        returned_on: NaiveDate,
        held_on: NaiveDate,
        asked: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        if asked.is_some() {
            return asked;
        }
        let checkpoint = SUSTAINED_WEEKS.into_iter().map(|w| later(returned_on, w * 7)).find(|date| *date > held_on)?;
        Some(checkpoint.min(later(held_on, self.clocks.review_weeks * 7)))
    }

    fn return_due(self, received_at: Utc, expected: Option<NaiveDate>, now: Utc) -> Counted<Utc> {
        match expected {
            Some(date) => Counted { value: self.end_of(date, now), assumed: false },
            None => self.days_after(Step::Return, received_at, self.clocks.find_return_date_within),
        }
    }

    fn before(self, date: NaiveDate, days: u32, received_at: Utc) -> Counted<Utc> {
        let counted = self.calendar.school_days_before(Some(self.school), date, days);
        let day = if counted.value <= uk_date(received_at) {
            self.calendar.working_days_before(date, days)
        } else {
            counted.value
        };
        Counted { value: self.calendar.closing(day), assumed: counted.assumed }
    }

    fn soonest(self, now: Utc) -> Utc {
        now.plus_hours(self.clocks.shortest_hours.into())
    }
}

/// The weeks after which a return counts as sustained (`facts/domain.md` §7: "sustained 6/12 weeks").
pub(crate) const SUSTAINED_WEEKS: [u32; 2] = [6, 12];

/// So many days later.
pub(crate) fn later(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}
