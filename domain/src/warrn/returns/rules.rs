//! Which steps are possible now, with which outcomes, and what must be written at each. Pure.

use chrono::NaiveDate;

use crate::kernel::{Code, Error, FaultCode, Faults, FreeText, Result};

use crate::provision::{self, Kind, ProvisionSettings, StartProvision};
use crate::warrn::settings::WarrnSettings;

use super::clocks::later;
use super::model::{
    Attendance, Outcome, PartTime, Plan, Present, Progress, ReviewAttendance, Step, StepContent, TakeStep,
};

/// Longest text of a step, in characters.
const TEXT: usize = 4000;
/// Longest name, in characters.
const NAME: usize = 200;
/// Most people at a meeting.
const MOST_PRESENT: usize = 20;
/// A date further off than this, either way, is a slip of the keyboard (the product's own bound).
const DAYS: i64 = 366;

/// The steps that can be taken now. A pupil may be back before the meeting was held: what happened can always be noted,
/// and what was left out keeps its clock.
#[must_use]
pub fn possible(progress: &Progress) -> Vec<Step> {
    Step::ALL.iter().copied().filter(|step| is_possible(progress, *step)).collect()
}

/// Whether a step can be taken now. What the part's first recipient acknowledged stays known to the school: who follows them
/// acknowledges anew, and nothing of the return waits for it.
#[must_use]
pub fn is_possible(progress: &Progress, step: Step) -> bool {
    if progress.closed.is_some() {
        return false;
    }
    let known = progress.is_done(Step::AcknowledgeDsp);
    match step {
        Step::AcknowledgeDsp | Step::AcknowledgeEp => progress.open(step).is_some(),
        Step::RiskAssessment | Step::ReturnMeeting => known && !progress.is_done(step),
        Step::ReturnPlan => progress.is_done(Step::RiskAssessment) && progress.is_done(Step::ReturnMeeting),
        Step::Return => known && progress.returned.is_none(),
        // Its clock may be that of a reduced timetable.
        Step::FullTime => progress
            .returned
            .is_some_and(|(_, how)| how == Attendance::PartTime || progress.open(Step::FullTime).is_some()),
        Step::Review => progress.returned.is_some(),
        Step::Close => !outcomes(progress).is_empty(),
        // Taken where the provision is kept.
        Step::ProvisionReview | Step::ProvisionEnd => false,
    }
}

/// The outcomes a record can be closed with now. While special provision runs there is none: its alarms would end with the
/// record.
#[must_use]
pub fn outcomes(progress: &Progress) -> Vec<Outcome> {
    if progress.closed.is_some() || progress.provision_runs || !progress.is_done(Step::AcknowledgeDsp) {
        return Vec::new();
    }
    let may = |outcome: &Outcome| match outcome {
        Outcome::Sustained12Weeks | Outcome::Sustained6Weeks => missing(progress, *outcome).is_empty(),
        Outcome::ReAbsence => progress.returned.is_some(),
        // Before the return or after it: the pupil is elsewhere, and nobody here can say how it lasts.
        Outcome::ReReferred | Outcome::MovedOn => true,
    };
    Outcome::ALL.iter().copied().filter(may).collect()
}

/// What is missing for a return to count as sustained: the risk assessment, the meeting and the plan were not left out, and a
/// review held when its weeks were over saw the pupil attend.
fn missing(progress: &Progress, outcome: Outcome) -> Vec<String> {
    let Some(weeks) = outcome.weeks() else { return Vec::new() };
    let steps = [Step::RiskAssessment, Step::ReturnMeeting, Step::ReturnPlan].into_iter();
    let mut missing: Vec<String> = steps.filter(|s| !progress.is_done(*s)).map(|s| s.to_string()).collect();
    let seen = |(on, _)| progress.attended_on.is_some_and(|held_on| later(on, weeks * 7) <= held_on);
    if !progress.returned.is_some_and(seen) {
        missing.push(format!("a review held {weeks} weeks after the return or later with the pupil attending"));
    }
    missing
}

/// Refuses an outcome that something is missing for, and says what.
pub(super) fn may_end(progress: &Progress, outcome: Outcome) -> Result<()> {
    let missing = missing(progress, outcome);
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::from(Code::NotSustained).with_detail(format!("missing: {}", missing.join("; "))))
}

/// Whether a return noted by mistake can be taken back now.
#[must_use]
pub fn can_take_back(progress: &Progress) -> bool {
    may_take_back(progress).is_ok()
}

/// The same, with why it can't. Once a review was held since, the pupil was seen to be back: who is away again is told by the
/// outcome.
pub(super) fn may_take_back(progress: &Progress) -> Result<()> {
    if progress.closed.is_some() || progress.returned.is_none() {
        return Err(Code::StateConflict.into());
    }
    if progress.is_done(Step::Review) {
        return Err(Code::ReturnReviewed.into());
    }
    let last = |step| progress.steps.iter().filter(|s| s.step == step).filter_map(|s| s.done_at).max();
    if last(Step::FullTime) > last(Step::Return) {
        let why = "the pupil attends full time since, which ended what was agreed";
        return Err(Error::from(Code::StateConflict).with_detail(why));
    }
    Ok(())
}

/// Reads why a return is taken back.
pub(super) fn reason(written: &str, faults: &mut Faults) -> Option<String> {
    text("/reason", written, faults)
}

/// A step whose every field is sound.
pub(crate) struct SoundStep {
    pub held_on: NaiveDate,
    pub next_on: Option<NaiveDate>,
    pub part_time_until: Option<NaiveDate>,
    pub attendance: Option<ReviewAttendance>,
    pub timetable: Option<StartProvision>,
    pub content: Option<StepContent>,
}

/// Reads a step as it is taken and notes every fault.
pub(crate) fn check(
    taken: TakeStep,
    progress: &Progress,
    settings: &WarrnSettings,
    today: NaiveDate,
    faults: &mut Faults,
) -> Option<SoundStep> {
    let bare = |held_on| SoundStep {
        held_on,
        next_on: None,
        part_time_until: None,
        attendance: None,
        timetable: None,
        content: None,
    };
    match taken {
        TakeStep::RiskAssessment { held_on, with_eps, findings } => {
            let held_on = past("/held_on", held_on, today, faults);
            let findings = text("/findings", &findings, faults)?;
            Some(SoundStep { content: Some(StepContent::RiskAssessment { with_eps, findings }), ..bare(held_on?) })
        }
        TakeStep::ReturnMeeting { held_on, present, note } => {
            let held_on = past("/held_on", held_on, today, faults);
            let present = people(present, faults);
            let note = optional("/note", note.as_deref(), faults);
            Some(SoundStep {
                content: Some(StepContent::ReturnMeeting { present: present?, note: note? }),
                ..bare(held_on?)
            })
        }
        TakeStep::ReturnPlan { agreed_on, plan, review_on, part_time_until, part_time } => {
            let first = first_day(agreed_on, progress);
            let agreed_on = past("/agreed_on", agreed_on, today, faults);
            let timetable = timetable(&plan, (first, part_time_until), part_time, &settings.provision, today, faults);
            let plan = self::plan(plan, part_time_until.is_some(), faults);
            let review_on = future("/review_on", review_on, today, DAYS, faults);
            Some(SoundStep {
                next_on: Some(review_on?),
                part_time_until,
                timetable,
                content: Some(StepContent::ReturnPlan(plan?)),
                ..bare(agreed_on?)
            })
        }
        TakeStep::Return { on, .. } => {
            let on = past("/on", on, today, faults)?;
            // Who was back before the sender had the record did not come back after it.
            let before = on < progress.received_on;
            if before {
                faults.add("/on", FaultCode::DateOutOfRange);
            }
            (!before).then(|| bare(on))
        }
        TakeStep::FullTime { on } => {
            let on = past("/on", on, today, faults)?;
            let before = progress.returned.is_some_and(|(returned, _)| on < returned);
            if before {
                faults.add("/on", FaultCode::WrongOrder);
            }
            (!before).then(|| bare(on))
        }
        TakeStep::Review { held_on, attendance, note, next_on } => {
            let held_on = past("/held_on", held_on, today, faults);
            let note = text("/note", &note, faults);
            let most = i64::from(settings.clocks.review_weeks) * 7;
            let next_on = kept(next_on.map(|d| future("/next_on", d, today, most, faults)));
            let content = Some(StepContent::Note(note?));
            Some(SoundStep { next_on: next_on?, attendance, content, ..bare(held_on?) })
        }
        TakeStep::Close { outcome, note } => {
            let note = optional("/note", note.as_deref(), faults);
            if !outcomes(progress).contains(&outcome) {
                faults.add("/outcome", FaultCode::NotEligible);
                return None;
            }
            Some(SoundStep { content: note?.map(StepContent::Note), ..bare(today) })
        }
    }
}

/// Nothing for an option that was given and faulty; what was given, or that nothing was, otherwise.
#[expect(clippy::option_option, reason = "nothing given, and given but faulty, are two things")]
fn kept<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    match given {
        None => Some(None),
        Some(found) => found.map(Some),
    }
}

fn past(pointer: &str, date: NaiveDate, today: NaiveDate, faults: &mut Faults) -> Option<NaiveDate> {
    let code = if date > today {
        FaultCode::InFuture
    } else if (today - date).num_days() > DAYS {
        FaultCode::DateOutOfRange
    } else {
        return Some(date);
    };
    faults.add(pointer, code);
    None
}

fn future(pointer: &str, date: NaiveDate, today: NaiveDate, most: i64, faults: &mut Faults) -> Option<NaiveDate> {
    let days = (date - today).num_days();
    if (1..=most).contains(&days) {
        return Some(date);
    }
    faults.add(pointer, FaultCode::DateOutOfRange);
    None
}

fn text(pointer: &str, text: &str, faults: &mut Faults) -> Option<String> {
    faults.keep(pointer, FreeText::<TEXT>::parse(text)).map(|t| t.as_str().to_owned())
}

#[expect(clippy::option_option, reason = "nothing given, and given but faulty, are two things")]
fn optional(pointer: &str, written: Option<&str>, faults: &mut Faults) -> Option<Option<String>> {
    kept(written.filter(|w| !w.trim().is_empty()).map(|w| text(pointer, w, faults)))
}

fn people(present: Vec<Present>, faults: &mut Faults) -> Option<Vec<Present>> {
    if present.is_empty() || present.len() > MOST_PRESENT {
        faults.add("/present", if present.is_empty() { FaultCode::Missing } else { FaultCode::TooMany });
        return None;
    }
    let (sent, mut sound) = (present.len(), Vec::new());
    for (i, somebody) in present.into_iter().enumerate() {
        if let Some(name) = faults.keep(format!("/present/{i}/name"), FreeText::<NAME>::parse(&somebody.name)) {
            sound.push(Present { who: somebody.who, name: name.as_str().to_owned() });
        }
    }
    (sound.len() == sent).then_some(sound)
}

/// Whether a timetable that begins on a day can take the place of one that runs since another, or is to begin then, while
/// the pupil is back: no day may be without either, and none that was lived by the first may fall to the second.
#[must_use]
pub(super) fn takes_over(since: NaiveDate, next: NaiveDate, today: NaiveDate) -> bool {
    since > today || (since < next && today <= next && next <= later(today, 1))
}

/// The first day of a part-time timetable that names none: when the pupil is expected back, or the day of the plan.
fn first_day(agreed_on: NaiveDate, progress: &Progress) -> NaiveDate {
    let back = progress.returned.map(|(on, _)| on).or(progress.expected_return_on);
    back.map_or(agreed_on, |on| on.max(agreed_on))
}

/// Reads a plan's part-time timetable as the reduced timetable that it is, and notes every fault by the plan's own names.
fn timetable(
    plan: &Plan,
    (first, until): (NaiveDate, Option<NaiveDate>),
    given: PartTime,
    settings: &ProvisionSettings,
    today: NaiveDate,
    faults: &mut Faults,
) -> Option<StartProvision> {
    let Some(ends_on) = until else {
        let needless = [
            ("/part_time_from", given.from.is_some()),
            ("/part_time_review_on", given.review_on.is_some()),
            ("/minutes_per_week", given.minutes_per_week.is_some()),
            ("/consent", given.consent.is_some()),
            ("/part_time_reason", given.reason.is_some()),
        ];
        needless.into_iter().filter(|(_, there)| *there).for_each(|(at, _)| faults.add(at, FaultCode::UnknownField));
        return None;
    };
    if given.review_on.is_none() {
        faults.add("/part_time_review_on", FaultCode::Missing);
    }
    let start = StartProvision {
        kind: Kind::ReducedTimetable,
        starts_on: given.from.unwrap_or(first),
        review_on: given.review_on.unwrap_or(ends_on),
        ends_on: Some(ends_on),
        plan: plan.timetable.clone().unwrap_or_default(),
        triggers: None,
        techniques: None,
        minutes_per_week: given.minutes_per_week,
        consent: given.consent,
        reason: given.reason,
        placement: None,
        provider: None,
    };
    for fault in provision::faults_of(start.clone(), settings, today) {
        let at = match fault.pointer.as_str() {
            "/starts_on" => "/part_time_from",
            "/review_on" if given.review_on.is_none() => continue,
            "/review_on" => "/part_time_review_on",
            "/ends_on" => "/part_time_until",
            // The plan's own check says so.
            "/plan" => continue,
            "/reason" => "/part_time_reason",
            other => other,
        };
        faults.add(at, fault.code);
    }
    Some(start)
}

#[expect(clippy::needless_pass_by_value, reason = "a sound plan is made of what was sent")]
fn plan(plan: Plan, part_time: bool, faults: &mut Faults) -> Option<Plan> {
    let triggers = text("/triggers", &plan.triggers, faults);
    let what_helps = text("/what_helps", &plan.what_helps, faults);
    let safe_places = text("/safe_places", &plan.safe_places, faults);
    let key_adult = text("/key_adult", &plan.key_adult, faults);
    let adjustments = text("/adjustments", &plan.adjustments, faults);
    let timetable = optional("/timetable", plan.timetable.as_deref(), faults);
    // A part-time timetable without an end has no place here, nor an end without a timetable.
    if timetable.as_ref().is_some_and(|t| t.is_some() != part_time) {
        faults.add(if part_time { "/timetable" } else { "/part_time_until" }, FaultCode::Missing);
        return None;
    }
    Some(Plan {
        triggers: triggers?,
        what_helps: what_helps?,
        safe_places: safe_places?,
        key_adult: key_adult?,
        adjustments: adjustments?,
        timetable: timetable?,
    })
}
