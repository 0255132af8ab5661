//! What a form of the return asks for, read from its fields.

use chrono::NaiveDate;
use dolen_domain::kernel::{Code, Faults, Result};
use dolen_domain::warrn::returns::{PartTime, Plan, Step, TakeStep};

use super::form::{Fields, date, date_if_any};
use super::provision_read::{consent, hours};
use super::returns::{Form, finish, present};

/// What is asked.
pub enum Asked {
    /// To take a step.
    Step(Box<TakeStep>),
    /// To move the return.
    Date(Option<NaiveDate>),
    /// To take the return back, for this reason.
    TakeBack(String),
}

/// Reads a form. What the domain checks is not checked here.
///
/// # Errors
/// The faults of its dates and words.
pub fn read(form: Form, fields: &Fields) -> Result<Asked> {
    let mut faults = Faults::default();
    let text = |name: &str| fields.get(name).to_owned();
    let step = match form {
        Form::Date => {
            let on = date_if_any(fields, "expected_return_on", &mut faults);
            faults.finish()?;
            return Ok(Asked::Date(on.flatten()));
        }
        Form::TakeBack => return Ok(Asked::TakeBack(text("reason"))),
        Form::Of(Step::RiskAssessment) => date(fields, "held_on", &mut faults).map(|held_on| {
            TakeStep::RiskAssessment { held_on, with_eps: fields.get("with_eps") == "yes", findings: text("findings") }
        }),
        Form::Of(Step::ReturnMeeting) => {
            let note = fields.optional("note");
            date(fields, "held_on", &mut faults).map(|held_on| TakeStep::ReturnMeeting {
                held_on,
                present: present(fields),
                note,
            })
        }
        Form::Of(Step::ReturnPlan) => {
            let agreed_on = date(fields, "agreed_on", &mut faults);
            let review_on = date(fields, "review_on", &mut faults);
            let part_time_until = date_if_any(fields, "part_time_until", &mut faults);
            let plan = Plan {
                triggers: text("triggers"),
                what_helps: text("what_helps"),
                safe_places: text("safe_places"),
                key_adult: text("key_adult"),
                adjustments: text("adjustments"),
                timetable: fields.optional("timetable"),
            };
            let part_time = part_time(fields, &mut faults);
            let dates = agreed_on.zip(review_on).zip(part_time_until).zip(part_time);
            dates.map(|(((agreed_on, review_on), part_time_until), part_time)| TakeStep::ReturnPlan {
                agreed_on,
                plan,
                review_on,
                part_time_until,
                part_time,
            })
        }
        Form::Of(Step::Return) => {
            let attendance = faults.keep("/attendance", fields.get("attendance").parse());
            let on = date(fields, "on", &mut faults);
            on.zip(attendance).map(|(on, attendance)| TakeStep::Return { on, attendance })
        }
        Form::Of(Step::FullTime) => date(fields, "on", &mut faults).map(|on| TakeStep::FullTime { on }),
        Form::Of(Step::Review) => {
            let attendance = faults.keep("/attendance", fields.get("attendance").parse());
            let next_on = date_if_any(fields, "next_on", &mut faults);
            let held_on = date(fields, "held_on", &mut faults);
            held_on.zip(next_on).zip(attendance).map(|((held_on, next_on), attendance)| TakeStep::Review {
                held_on,
                attendance: Some(attendance),
                note: text("note"),
                next_on,
            })
        }
        Form::Of(Step::Close) => faults
            .keep("/outcome", fields.get("outcome").parse())
            .map(|outcome| TakeStep::Close { outcome, note: fields.optional("note") }),
        Form::Of(Step::AcknowledgeDsp | Step::AcknowledgeEp | Step::ProvisionReview | Step::ProvisionEnd) => {
            return Err(Code::NotFound.into());
        }
    };
    finish(faults, step).map(|step| Asked::Step(Box::new(step)))
}

/// What a part-time timetable says besides itself.
fn part_time(fields: &Fields, faults: &mut Faults) -> Option<PartTime> {
    let from = date_if_any(fields, "part_time_from", faults);
    let review_on = date_if_any(fields, "part_time_review_on", faults);
    let (minutes_per_week, consent) = (hours(fields, faults), consent(fields, faults));
    Some(PartTime {
        from: from?,
        review_on: review_on?,
        minutes_per_week: minutes_per_week?,
        consent: consent?,
        reason: fields.optional("part_time_reason"),
    })
}

#[cfg(test)]
mod tests {
    use dolen_domain::kernel::FaultCode;

    use super::*;

    fn asked(form: Form, body: &str) -> Result<Asked> {
        read(form, &Fields::parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn dates_are_read_and_missing_ones_told() {
        let step = asked(Form::Of(Step::FullTime), "on=2026-03-09");
        let Ok(Asked::Step(step)) = step else { panic!("a step") };
        assert!(matches!(*step, TakeStep::FullTime { on } if on.to_string() == "2026-03-09"));
        let faults = |form, body| asked(form, body).err().unwrap().faults;
        let told: Vec<_> = faults(Form::Of(Step::ReturnPlan), "agreed_on=soon&part_time_until=9")
            .into_iter()
            .map(|f| (f.pointer, f.code))
            .collect();
        assert_eq!(
            told,
            [
                ("/agreed_on".to_owned(), FaultCode::BadFormat),
                ("/review_on".to_owned(), FaultCode::Missing),
                ("/part_time_until".to_owned(), FaultCode::BadFormat),
            ]
        );
        assert!(matches!(asked(Form::Date, ""), Ok(Asked::Date(None))), "nobody knows");
        assert_eq!(faults(Form::Of(Step::Return), "on=2026-03-09&attendance=")[0].code, FaultCode::NotInList);
    }

    #[test]
    fn a_meeting_lists_those_who_have_a_name() {
        let body = "held_on=2026-03-09&present_pupil=A&present_parent=+&present_key_adult=B";
        let Ok(Asked::Step(step)) = asked(Form::Of(Step::ReturnMeeting), body) else { panic!("a step") };
        let TakeStep::ReturnMeeting { present, note, .. } = *step else { panic!("a meeting") };
        assert_eq!(
            present.iter().map(|p| (p.who.as_str(), p.name.as_str())).collect::<Vec<_>>(),
            [("pupil", "A"), ("key_adult", "B")]
        );
        assert!(note.is_none());
    }
}
