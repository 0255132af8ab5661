//! The return to school: a form for each step, the file of what was noted, and the plan to print.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::cases::CaseKind;
use dolen_domain::db::Work;
use dolen_domain::kernel::{Bilingual, Code, Fault, FaultCode, Faults, PersonId, Result, WarrnId, uk_date};
use dolen_domain::warrn::returns::{
    self, Attendance, Noted, Outcome, Plan, Present, Progress, ReturnFile, ReviewAttendance, Step, StepContent,
    TakeStep, Who,
};
use dolen_domain::warrn::{self, WarrnEnvelope};
use uuid::Uuid;

use crate::app::App;
use crate::rest::{Reply, etag, etag_matches};

use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent, a_date, a_text};
use super::happenings;
use super::names::{Names, Wanted};
use super::page::Page;
use super::provision_read::at_its_field;
use super::returns_read::{Asked, read};
use super::strings::keys;

/// A form, by the last part of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A step.
    Of(Step),
    /// The day the pupil is expected back.
    Date,
    /// That a return noted by mistake is taken back.
    TakeBack,
}

impl Form {
    /// Every form there is.
    pub const ALL: [Self; 9] = [
        Self::Of(Step::RiskAssessment),
        Self::Of(Step::ReturnMeeting),
        Self::Of(Step::ReturnPlan),
        Self::Of(Step::Return),
        Self::Of(Step::FullTime),
        Self::Of(Step::Review),
        Self::Of(Step::Close),
        Self::Date,
        Self::TakeBack,
    ];

    fn of(word: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|f| f.word() == word).ok_or_else(|| Code::NotFound.into())
    }

    /// The last part of its address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Of(step) => step.as_str(),
            Self::Date => "return_date",
            Self::TakeBack => "take_back_return",
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::Of(_) | Self::TakeBack => Action::StepWarrn,
            Self::Date => Action::MoveWarrnReturn,
        }
    }

    /// Its fields, with what is said of their faults.
    fn fields(self) -> Vec<Field> {
        match self {
            Self::Of(Step::RiskAssessment) => vec![a_date("held_on"), a_text("findings")],
            Self::Of(Step::ReturnMeeting) => vec![
                a_date("held_on"),
                Field { name: "present", texts: &[(FaultCode::Missing, keys::PRESENT_MISSING)] },
                a_text("note"),
            ],
            Self::Of(Step::ReturnPlan) => vec![
                a_date("agreed_on"),
                a_text("triggers"),
                a_text("what_helps"),
                a_text("safe_places"),
                a_text("key_adult"),
                a_text("adjustments"),
                a_date("review_on"),
                a_text("timetable"),
                a_date("part_time_until"),
                a_date("part_time_from"),
                a_date("part_time_review_on"),
                a_text("hours_per_week"),
                a_text("part_time_reason"),
                a_text("consent_by"),
                a_date("consent_on"),
            ],
            Self::Of(Step::Return) => {
                vec![
                    a_date("on"),
                    Field { name: "attendance", texts: &[(FaultCode::NotInList, keys::ATTENDANCE_MISSING)] },
                ]
            }
            Self::Of(Step::Review) => vec![
                a_date("held_on"),
                Field { name: "attendance", texts: &[(FaultCode::NotInList, keys::REVIEW_ATTENDANCE_MISSING)] },
                a_text("note"),
                a_date("next_on"),
            ],
            Self::Of(Step::Close) => {
                vec![Field { name: "outcome", texts: &[(FaultCode::NotInList, keys::OUTCOME_MISSING)] }, a_text("note")]
            }
            Self::Of(Step::FullTime) => vec![a_date("on")],
            // Taken elsewhere: no form here.
            Self::Of(Step::AcknowledgeDsp | Step::AcknowledgeEp | Step::ProvisionReview | Step::ProvisionEnd) => {
                Vec::new()
            }
            Self::Date => vec![a_date("expected_return_on")],
            Self::TakeBack => vec![a_text("reason")],
        }
    }

    fn is_possible(self, progress: &Progress) -> bool {
        match self {
            Self::Of(step) => returns::is_possible(progress, step),
            Self::Date => progress.returned.is_none() && progress.closed.is_none(),
            Self::TakeBack => returns::can_take_back(progress),
        }
    }
}

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

#[derive(Template)]
#[template(path = "return_step.html")]
struct StepPage {
    page: Page,
    form: Form,
    record: WarrnEnvelope,
    names: Names,
    version: String,
    choices: Vec<Choice>,
    fields: Fields,
    today: String,
}

impl StepPage {
    fn title(&self) -> String {
        match self.form {
            Form::Of(step) => self.page.half_of(step.name()).to_owned(),
            Form::Date => self.page.say(keys::EXPECTED_RETURN),
            Form::TakeBack => self.page.say(keys::TAKE_BACK_RETURN),
        }
    }

    fn name_of(&self, who: &Who) -> &str {
        self.fields.get(&format!("present_{who}"))
    }

    /// What was typed into a date, or today.
    fn day(&self, name: &str) -> String {
        let typed = self.fields.get(name);
        if typed.is_empty() { self.today.clone() } else { typed.to_owned() }
    }
}

/// What a step's page shows besides what was typed.
struct Around {
    record: WarrnEnvelope,
    names: Names,
    version: String,
    progress: Progress,
    today: chrono::NaiveDate,
}

/// The page of a step. It needs the right to take it now.
#[get("/warrn/{id}/steps/{step}")]
pub async fn ask(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let (id, form) = (WarrnId::from_uuid(path.0), Form::of(&path.1)?);
    page_of(&desk, id, form, Fields::default(), None).await
}

/// Takes a step.
#[post("/warrn/{id}/steps/{step}")]
pub async fn send(sent: Sent, path: web::Path<(Uuid, String)>) -> Reply {
    let (id, form) = (WarrnId::from_uuid(path.0), Form::of(&path.1)?);
    let (tag, fields) = (sent.version(), sent.fields.clone());
    let outcome = sent.once(move |work, app| {
        let now = warrn::version(work, form.action(), id)?;
        etag_matches(&app.vault, crate::rest::warrn::KIND, id.uuid(), now, &tag)?;
        let settings = &app.settings.warrn;
        let flash = match read(form, &fields)? {
            Asked::Step(step) => {
                returns::take_step(work, &app.vault, settings, id, now, *step)?;
                Flash::StepTaken
            }
            Asked::Date(on) => {
                returns::move_return(work, &app.vault, settings, id, now, on)?;
                Flash::ReturnMoved
            }
            Asked::TakeBack(reason) => {
                returns::take_back_return(work, &app.vault, settings, id, now, &reason)?;
                Flash::ReturnTakenBack
            }
        };
        Ok(Done::at(format!("/warrn/{id}"), flash))
    });
    match outcome.await {
        Err(e) if e.code == Code::InvalidBody => {
            page_of(&sent.desk, id, form, sent.fields.clone(), Some(e.faults)).await
        }
        Err(e) if form::is_stale(e.code) => Ok(changed(&sent.desk, id)),
        outcome => Ok(outcome?),
    }
}

fn changed(desk: &Desk, id: WarrnId) -> HttpResponse {
    Done::at(format!("/warrn/{id}"), Flash::Changed).respond(&desk.visitor)
}

async fn page_of(desk: &Desk, id: WarrnId, form: Form, fields: Fields, faults: Option<Vec<Fault>>) -> Reply {
    let around = desk.visitor.app.write(&desk.caller, move |work, app| around(work, app, id, form)).await;
    let around = match around {
        Err(e) if e.code == Code::StateConflict => return Ok(changed(desk, id)),
        around => around?,
    };
    let mut page = Page::of(desk);
    let shown = if faults.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let faults: Vec<Fault> = faults.unwrap_or_default().into_iter().map(at_its_field).collect();
    form::complain(&mut page, &form.fields(), &faults);
    let choice = |word: &str, name: Bilingual<&'static str>| Choice {
        value: word.to_owned(),
        text: page.half_of(name).to_owned(),
    };
    let choices = match form {
        Form::Of(Step::Return) => Attendance::ALL
            .iter()
            .map(|a| {
                let key = match a {
                    Attendance::FullTime => keys::ATTENDANCE_FULL_TIME,
                    Attendance::PartTime => keys::ATTENDANCE_PART_TIME,
                };
                Choice { value: a.to_string(), text: page.say(key) }
            })
            .collect(),
        Form::Of(Step::Review) => ReviewAttendance::ALL
            .iter()
            .map(|a| {
                let key = match a {
                    ReviewAttendance::FullTime => keys::ATTENDANCE_FULL_TIME,
                    ReviewAttendance::PartTime => keys::ATTENDANCE_PART_TIME,
                    ReviewAttendance::Absent => keys::ATTENDANCE_ABSENT,
                };
                Choice { value: a.to_string(), text: page.say(key) }
            })
            .collect(),
        Form::Of(Step::Close) => {
            let may = returns::outcomes(&around.progress);
            may.iter().map(|o: &Outcome| choice(o.as_str(), o.name())).collect()
        }
        _ => Vec::new(),
    };
    // A form typed on an old page keeps its version: what changed meanwhile must be seen before it counts.
    let kept = fields.get("version").to_owned();
    let version = if kept.is_empty() { around.version } else { kept };
    let (record, names, today) = (around.record, around.names, around.today.to_string());
    Ok(page.show(shown, |page| StepPage { page, form, record, names, version, choices, fields, today })?)
}

fn around(work: &mut Work<'_>, app: &App, id: WarrnId, form: Form) -> Result<Around> {
    warrn::version(work, form.action(), id)?;
    let (record, progress) = returns::progress(work, id)?;
    let today = uk_date(work.now());
    if !form.is_possible(&progress) {
        return Err(Code::StateConflict.into());
    }
    let mut wanted = Wanted::default();
    wanted.school(record.school);
    let names = wanted.find(work)?;
    let version = etag(&app.vault, crate::rest::warrn::KIND, id.uuid(), record.version);
    Ok(Around { record, names, version, progress, today })
}

#[derive(Template)]
#[template(path = "return_file.html")]
struct FilePage {
    page: Page,
    file: ReturnFile,
    names: Names,
}

impl FilePage {
    fn who(&self, id: &PersonId) -> String {
        self.names.person(*id).unwrap_or_else(|| self.page.say(keys::SOMEBODY))
    }

    fn attended(&self, attendance: &ReviewAttendance) -> String {
        self.page.say(match attendance {
            ReviewAttendance::FullTime => keys::ATTENDANCE_FULL_TIME,
            ReviewAttendance::PartTime => keys::ATTENDANCE_PART_TIME,
            ReviewAttendance::Absent => keys::ATTENDANCE_ABSENT,
        })
    }

    fn event(&self, kind: &str) -> String {
        happenings::words(&self.page, CaseKind::Warrn, kind)
    }
}

/// What was noted, and the timeline. Its reading is on record before it is shown.
#[get("/warrn/{id}/file")]
pub async fn show_file(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let (file, names) = open(&desk, WarrnId::from_uuid(id.into_inner())).await?;
    Ok(Page::of(&desk).ok(|page| FilePage { page, file, names })?)
}

#[derive(Template)]
#[template(path = "return_plan.html")]
struct PlanPage {
    page: Page,
    record: WarrnEnvelope,
    names: Names,
    noted: Noted,
    plan: Plan,
}

impl PlanPage {
    fn sections(&self) -> [(&'static str, &str); 5] {
        [
            (keys::TRIGGERS, self.plan.triggers.as_str()),
            (keys::WHAT_HELPS, self.plan.what_helps.as_str()),
            (keys::SAFE_PLACES, self.plan.safe_places.as_str()),
            (keys::KEY_ADULT, self.plan.key_adult.as_str()),
            (keys::ADJUSTMENTS, self.plan.adjustments.as_str()),
        ]
    }
}

/// The plan in force, to print. Its reading is on record before it is shown.
#[get("/warrn/{id}/plan")]
pub async fn show_plan(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let (mut file, names) = open(&desk, WarrnId::from_uuid(id.into_inner())).await?;
    file.notes.reverse();
    let last = file.notes.into_iter().find(|n| n.step == Step::ReturnPlan).ok_or(Code::NotFound)?;
    let Some(StepContent::ReturnPlan(plan)) = last.content.clone() else { return Err(Code::NotFound.into()) };
    Ok(Page::of(&desk).ok(|page| PlanPage { page, record: file.record, names, noted: last, plan })?)
}

async fn open(desk: &Desk, id: WarrnId) -> Result<(ReturnFile, Names)> {
    let open = move |work: &mut Work<'_>, app: &App| {
        let file = returns::return_file(work, &app.vault, id)?;
        let mut wanted = Wanted::default();
        wanted.school(file.record.school);
        file.notes.iter().for_each(|n| wanted.person(n.noted_by));
        file.timeline.iter().for_each(|h| wanted.actor(h.event.actor));
        let names = wanted.find(work)?;
        Ok((file, names))
    };
    desk.visitor.app.write(&desk.caller, open).await
}

/// A meeting's people as the form has them: a field for each kind.
pub fn present(fields: &Fields) -> Vec<Present> {
    let typed = |who: &Who| Present { who: *who, name: fields.get(&format!("present_{who}")).trim().to_owned() };
    Who::ALL.iter().map(typed).filter(|p| !p.name.is_empty()).collect()
}

/// Every fault at once, then what was asked.
pub fn finish(faults: Faults, step: Option<TakeStep>) -> Result<TakeStep> {
    faults.finish()?;
    step.ok_or_else(|| Code::InvalidBody.into())
}
