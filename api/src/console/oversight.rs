//! Breaking the glass, its review, who has seen a record, and unusual reading.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::kernel::{Code, EmergencyId, Fault, FaultCode, Page as Part, PageRequest, ReferralId, WarrnId};
use dolen_domain::oversight::{
    self, Emergency, EmergencyFilter, EmergencyView, NewEmergency, NewReview, Outcome, Report, Seen,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::rest::Reply;

use super::address;
use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent, TOO_LONG};
use super::names::{Names, Wanted};
use super::page::{FieldError, Page};
use super::strings::keys;

const START: &[Field] = &[
    Field {
        name: "reference",
        texts: &[
            (FaultCode::Missing, keys::EMERGENCY_REFERENCE_MISSING),
            (FaultCode::NotFound, keys::EMERGENCY_REFERENCE_UNKNOWN),
            (FaultCode::BadFormat, keys::EMERGENCY_REFERENCE_UNKNOWN),
        ],
    },
    Field {
        name: "reason",
        texts: &[
            (FaultCode::Missing, keys::EMERGENCY_REASON_SHORT),
            (FaultCode::TooShort, keys::EMERGENCY_REASON_SHORT),
            TOO_LONG,
        ],
    },
];

const REVIEW: &[Field] = &[
    Field { name: "outcome", texts: &[(FaultCode::NotInList, keys::EMERGENCY_OUTCOME_MISSING)] },
    Field { name: "note", texts: &[(FaultCode::Missing, keys::EMERGENCY_NOTE_MISSING), TOO_LONG] },
];

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

/// Where to prove a second factor again, and then come back.
fn step_up(page: &Page, then: &str) -> String {
    let query = serde_urlencoded::to_string([("then", page.link(then))]).unwrap_or_default();
    page.link(format!("/step-up?{query}"))
}

#[derive(Template)]
#[template(path = "emergencies.html")]
struct ListPage {
    page: Page,
    emergencies: Part<Emergency>,
    names: Names,
    mine: bool,
    may_start: bool,
    may_report: bool,
    now: dolen_domain::kernel::Utc,
}

impl ListPage {
    fn title(&self) -> &'static str {
        if self.mine { keys::EMERGENCIES_MINE } else { keys::EMERGENCIES_QUEUE }
    }
}

/// Which accesses are asked for.
#[derive(Default, Deserialize)]
pub struct Query {
    mine: Option<String>,
    cursor: Option<String>,
    reference: Option<String>,
}

/// Those that wait for a review; with `mine`, the reader's own.
#[get("/emergencies")]
pub async fn list(desk: Desk, query: web::Query<Query>) -> Reply {
    let request = PageRequest::read(None, query.cursor.as_deref())?;
    let mine = query.mine.is_some();
    let filter = EmergencyFilter { mine, unreviewed: !mine };
    let (emergencies, names, now) = desk
        .visitor
        .app
        .read(&desk.caller, move |work, _| {
            let found = oversight::list(work, filter, request)?;
            let mut wanted = Wanted::default();
            for it in &found.items {
                wanted.school(it.school);
            }
            Ok((found, wanted.find(work)?, work.now()))
        })
        .await?;
    let (may_start, may_report) = (desk.may(Action::StartEmergency), desk.may(Action::ReadAccessReport));
    Ok(Page::of(&desk).ok(|page| ListPage { page, emergencies, names, mine, may_start, may_report, now })?)
}

#[derive(Template)]
#[template(path = "emergency_new.html")]
struct NewPage {
    page: Page,
    fields: Fields,
    step_up: Option<String>,
}

/// The form, with its warning.
#[get("/emergencies/new")]
pub async fn ask(desk: Desk, query: web::Query<Query>) -> Reply {
    let reference = query.reference.clone().unwrap_or_default();
    let fields = Fields::of(&[("reference", &reference)]);
    new_page(&desk, fields, StatusCode::OK, &[])
}

fn new_page(desk: &Desk, fields: Fields, status: StatusCode, faults: &[Fault]) -> Reply {
    if !desk.may(Action::StartEmergency) {
        return Err(Code::Forbidden.into());
    }
    let mut page = Page::of(desk);
    form::complain(&mut page, START, faults);
    let then = serde_urlencoded::to_string([("reference", fields.get("reference"))]).unwrap_or_default();
    let step_up = (!desk.standing.stepped_up).then(|| step_up(&page, &format!("/emergencies/new?{then}")));
    if status == StatusCode::FORBIDDEN {
        page.errors
            .push(FieldError { field: "reason".into(), text: page.half_of(Code::StepUpRequired.title()).to_owned() });
    }
    Ok(page.show(status, |page| NewPage { page, fields, step_up })?)
}

/// Breaks the glass.
#[post("/emergencies/new")]
pub async fn start(sent: Sent) -> Reply {
    let (reference, reason) = (sent.fields.optional("reference"), sent.fields.get("reason").to_owned());
    let outcome = sent.once(move |work, app| {
        let new = NewEmergency { reference: reference.or_else(|| Some(String::new())), pupil: None, reason };
        let found = oversight::start(work, &app.vault, &app.settings.oversight, &new)?;
        Ok(Done::at(format!("/emergencies/{}", found.emergency.id), Flash::GlassBroken))
    });
    match outcome.await {
        Err(e) if e.code == Code::InvalidBody => {
            new_page(&sent.desk, sent.fields.clone(), StatusCode::UNPROCESSABLE_ENTITY, &e.faults)
        }
        Err(e) if e.code == Code::StepUpRequired => {
            new_page(&sent.desk, sent.fields.clone(), StatusCode::FORBIDDEN, &[])
        }
        Err(e) if e.code == Code::EmergencyInForce => {
            Ok(Done::at("/emergencies?mine=1", Flash::GlassBrokenAlready).respond(&sent.desk.visitor))
        }
        outcome => Ok(outcome?),
    }
}

#[derive(Template)]
#[template(path = "emergency.html")]
struct ShowPage {
    page: Page,
    view: EmergencyView,
    names: Names,
    own: bool,
    in_force: bool,
    choices: Vec<Choice>,
    fields: Fields,
    step_up: Option<String>,
}

/// An access; with its reason for who reviews, which is on record.
#[get("/emergencies/{id}")]
pub async fn show(desk: Desk, id: web::Path<Uuid>) -> Reply {
    page_of(&desk, EmergencyId::from_uuid(id.into_inner()), Fields::default(), &[]).await
}

async fn page_of(desk: &Desk, id: EmergencyId, fields: Fields, faults: &[Fault]) -> Reply {
    let (view, names, now) = desk
        .visitor
        .app
        .write(&desk.caller, move |work, app| {
            let view = oversight::read(work, &app.vault, id)?;
            let mut wanted = Wanted::default();
            wanted.school(view.emergency.school);
            wanted.person(view.emergency.person);
            Ok((view, wanted.find(work)?, work.now()))
        })
        .await?;
    let mut page = Page::of(desk);
    form::complain(&mut page, REVIEW, faults);
    let choice = |o: &Outcome| Choice { value: o.to_string(), text: page.half_of(o.name()).to_owned() };
    let choices = Outcome::ALL.iter().map(choice).collect();
    let step_up = view.step_up.then(|| step_up(&page, &format!("/emergencies/{id}")));
    let own = desk.caller.actor == dolen_domain::kernel::Actor::Person(view.emergency.person);
    let in_force = view.emergency.in_force(now);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page.show(status, |page| ShowPage { page, view, names, own, in_force, choices, fields, step_up })?)
}

/// Reviews it.
#[post("/emergencies/{id}/review")]
pub async fn review(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let id = EmergencyId::from_uuid(id.into_inner());
    let new = NewReview { outcome: sent.fields.get("outcome").to_owned(), note: sent.fields.get("note").to_owned() };
    let outcome = sent.once(move |work, app| {
        oversight::review(work, &app.vault, id, &new)?;
        Ok(Done::at(format!("/emergencies/{id}"), Flash::Reviewed))
    });
    match outcome.await {
        Err(e) if e.code == Code::InvalidBody => page_of(&sent.desk, id, sent.fields.clone(), &e.faults).await,
        Err(e) if form::is_stale(e.code) => {
            Ok(Done::at(format!("/emergencies/{id}"), Flash::Changed).respond(&sent.desk.visitor))
        }
        outcome => Ok(outcome?),
    }
}

/// Reviewing has no page of its own: back to the access.
#[get("/emergencies/{id}/review")]
pub async fn back(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let to = address::of(desk.visitor.lang, &format!("/emergencies/{id}"));
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
}

#[derive(Template)]
#[template(path = "readers.html")]
struct ReadersPage {
    page: Page,
    readings: Part<Seen>,
    /// The record, without the language.
    record: String,
}

impl ReadersPage {
    /// In which role, or as what.
    fn who(&self, seen: &Seen) -> String {
        use dolen_domain::access::Basis;
        let role = match seen.basis {
            Some(Basis::Role(role, _)) => self.page.half_of(role.name()).to_owned(),
            _ if seen.by_client => self.page.say(keys::A_SCHOOLS_SYSTEM),
            _ => self.page.say(keys::SOMEBODY),
        };
        seen.name.as_ref().map_or(role.clone(), |name| format!("{name}, {role}"))
    }

    fn ground(&self, seen: &Seen) -> String {
        use dolen_domain::access::Basis;
        match seen.basis {
            Some(Basis::Role(_, relation)) => self.page.half_of(relation.name()).to_owned(),
            _ => String::new(),
        }
    }

    fn is_emergency(&self, seen: &Seen) -> bool {
        use dolen_domain::access::{Basis, Relation};
        matches!(seen.basis, Some(Basis::Role(_, Relation::Emergency)))
    }
}

/// Who has seen a referral.
#[get("/referrals/{id}/readers")]
pub async fn of_referral(desk: Desk, id: web::Path<Uuid>, query: web::Query<Query>) -> Reply {
    let id = ReferralId::from_uuid(id.into_inner());
    let request = PageRequest::read(None, query.cursor.as_deref())?;
    let app = &desk.visitor.app;
    let readings = app.write(&desk.caller, move |work, _| oversight::of_referral(work, id, request)).await?;
    Ok(Page::of(&desk).ok(|page| ReadersPage { page, readings, record: format!("/referrals/{id}") })?)
}

/// Who has seen a WARRN record.
#[get("/warrn/{id}/readers")]
pub async fn of_warrn(desk: Desk, id: web::Path<Uuid>, query: web::Query<Query>) -> Reply {
    let id = WarrnId::from_uuid(id.into_inner());
    let request = PageRequest::read(None, query.cursor.as_deref())?;
    let app = &desk.visitor.app;
    let readings = app.write(&desk.caller, move |work, _| oversight::of_warrn(work, id, request)).await?;
    Ok(Page::of(&desk).ok(|page| ReadersPage { page, readings, record: format!("/warrn/{id}") })?)
}

#[derive(Template)]
#[template(path = "access_report.html")]
struct ReportPage {
    page: Page,
    report: Report,
}

impl ReportPage {
    fn name(&self, reader: &dolen_domain::oversight::Watched) -> String {
        reader.name.clone().unwrap_or_else(|| self.page.say(keys::A_SCHOOLS_SYSTEM))
    }

    fn roles(&self, reader: &dolen_domain::oversight::Watched) -> String {
        let names: Vec<_> = reader.roles.iter().map(|r| self.page.half_of(r.name())).collect();
        names.join(", ")
    }

    /// The mean of the four weeks before, to one place.
    fn usual(&self, reader: &dolen_domain::oversight::Watched) -> String {
        format!("{:.1}", f64::from(reader.children_four_weeks) / 4.0)
    }
}

/// Who reads unusually much.
#[get("/access-report")]
pub async fn report(desk: Desk) -> Reply {
    let app = &desk.visitor.app;
    let report = app.write(&desk.caller, |work, app| oversight::report(work, &app.settings.oversight)).await?;
    Ok(Page::of(&desk).ok(|page| ReportPage { page, report })?)
}
