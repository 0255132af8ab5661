//! A referral from a WARRN record: the child and the school are the record's, and nothing of what it says is copied.

use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::db::Work;
use dolen_domain::directory::officers::KeyArea;
use dolen_domain::directory::services::{self, Service};
use dolen_domain::kernel::{Code, Fault, FaultCode, Faults, Result, WarrnId};
use dolen_domain::pupils::PupilIdentity;
use dolen_domain::referrals::{ConsentBy, NewConsent, Urgency};
use dolen_domain::warrn::{self, ReferFromRecord, WarrnEnvelope};
use uuid::Uuid;

use crate::app::App;
use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent, TOO_LONG, date};
use super::names::{Names, Wanted};
use super::page::{FieldError, Page};
use super::strings::keys;

/// The form's fields, with what is said of their faults.
const FIELDS: &[Field] = &[
    Field {
        name: "service",
        texts: &[
            (FaultCode::NotFound, keys::REDIRECT_SERVICE_MISSING),
            (FaultCode::NotOpen, keys::REDIRECT_SERVICE_CLOSED),
        ],
    },
    Field { name: "year_group", texts: &[(FaultCode::Missing, keys::YEAR_MISSING)] },
    Field { name: "key_area", texts: &[] },
    Field { name: "urgency", texts: &[] },
    Field { name: "need", texts: &[(FaultCode::Missing, keys::TEXT_MISSING), TOO_LONG] },
    Field { name: "evidence", texts: &[TOO_LONG] },
    Field { name: "consent_by", texts: &[] },
    Field { name: "consent_on", texts: &[(FaultCode::Missing, keys::DATE_MISSING)] },
];

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

#[derive(Template)]
#[template(path = "refer.html")]
struct ReferPage {
    page: Page,
    record: WarrnEnvelope,
    child: PupilIdentity,
    names: Names,
    services: Vec<Choice>,
    areas: Vec<Choice>,
    urgencies: Vec<Choice>,
    consents: Vec<Choice>,
    fields: Fields,
}

/// The form. Its reading is on record: it names the child.
#[get("/warrn/{id}/refer")]
pub async fn ask(desk: Desk, id: web::Path<Uuid>) -> Reply {
    page_of(&desk, WarrnId::from_uuid(id.into_inner()), Fields::default(), &[], None).await
}

/// Opens the referral.
#[post("/warrn/{id}/refer")]
pub async fn send(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let id = WarrnId::from_uuid(id.into_inner());
    let fields = sent.fields.clone();
    let outcome = sent.once(move |work, app| {
        // Who may not refer is told so before anything is said of what they typed.
        warrn::referable(work, &app.vault, id)?;
        let opened = warrn::refer(work, &app.vault, id, read(&fields)?)?;
        Ok(Done::at(format!("/referrals/{}", opened.id), Flash::Referred))
    });
    match outcome.await {
        Err(e) if e.code == Code::InvalidBody => {
            page_of(
                &sent.desk,
                id,
                sent.fields.clone(),
                &e.faults.into_iter().map(at_its_field).collect::<Vec<_>>(),
                None,
            )
            .await
        }
        Err(e) if e.code == Code::ReferralAlreadyOpen => {
            page_of(&sent.desk, id, sent.fields.clone(), &[], Some(e.code)).await
        }
        Err(e) if form::is_stale(e.code) => {
            Ok(Done::at(format!("/warrn/{id}"), Flash::Changed).respond(&sent.desk.visitor))
        }
        outcome => Ok(outcome?),
    }
}

/// Reads the form. What the domain checks is not checked here.
fn read(fields: &Fields) -> Result<ReferFromRecord> {
    let mut faults = Faults::default();
    let year_group = match fields.get("year_group").trim() {
        "" => faults.keep("/year_group", Err(FaultCode::Missing)),
        typed => faults.keep("/year_group", typed.parse().map_err(|_| FaultCode::BadFormat)),
    };
    let given_by = fields.optional("consent_by");
    let consent = given_by.map(|given_by| date(fields, "consent_on", &mut faults).map(|on| (given_by, on)));
    faults.finish()?;
    Ok(ReferFromRecord {
        service: fields.get("service").to_owned(),
        year_group: year_group.ok_or(Code::InvalidBody)?,
        key_area: fields.optional("key_area"),
        urgency: fields.optional("urgency"),
        need: fields.get("need").to_owned(),
        evidence: fields.optional("evidence"),
        consent: consent.flatten().map(|(given_by, given_on)| NewConsent { given_by, given_on }),
    })
}

/// A fault of the consent at the field that asks for it.
fn at_its_field(fault: Fault) -> Fault {
    match fault.pointer.as_str() {
        "/consent" | "/consent/given_by" => Fault::at("/consent_by", fault.code),
        "/consent/given_on" => Fault::at("/consent_on", fault.code),
        _ => fault,
    }
}

async fn page_of(desk: &Desk, id: WarrnId, fields: Fields, faults: &[Fault], refused: Option<Code>) -> Reply {
    let around = desk.visitor.app.write(&desk.caller, move |work, app| around(work, app, id)).await;
    let (record, child, names, offered) = match around {
        Err(e) if e.code == Code::StateConflict => {
            return Ok(Done::at(format!("/warrn/{id}"), Flash::Changed).respond(&desk.visitor));
        }
        around => around?,
    };
    let mut page = Page::of(desk);
    form::complain(&mut page, FIELDS, faults);
    if let Some(code) = refused {
        let text = page.half_of(code.title()).to_owned();
        page.errors.push(FieldError { field: "service".into(), text });
    }
    let shown = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let services =
        offered.iter().map(|s| Choice { value: s.code.clone(), text: page.half(&s.name).to_owned() }).collect();
    let urgencies =
        Urgency::ALL.iter().map(|u| Choice { value: u.to_string(), text: page.half_of(u.name()).to_owned() }).collect();
    let no_area = Choice { value: String::new(), text: page.say(keys::KEY_AREA_NONE) };
    let area = |a: &KeyArea| Choice { value: a.to_string(), text: page.half_of(a.name()).to_owned() };
    let areas = std::iter::once(no_area).chain(KeyArea::ALL.iter().map(area)).collect();
    let nobody = Choice { value: String::new(), text: page.say(keys::CONSENT_NONE) };
    let consent = |by: &ConsentBy| {
        let key = match by {
            ConsentBy::Parent => keys::CONSENT_PARENT,
            ConsentBy::Carer => keys::CONSENT_CARER,
            ConsentBy::YoungPerson => keys::CONSENT_YOUNG_PERSON,
        };
        Choice { value: by.to_string(), text: page.say(key) }
    };
    let consents = std::iter::once(nobody).chain(ConsentBy::ALL.iter().map(consent)).collect();
    let view = |page| ReferPage { page, record, child, names, services, areas, urgencies, consents, fields };
    Ok(page.show(shown, view)?)
}

fn around(work: &mut Work<'_>, app: &App, id: WarrnId) -> Result<(WarrnEnvelope, PupilIdentity, Names, Vec<Service>)> {
    let (record, child) = warrn::referable(work, &app.vault, id)?;
    let mut wanted = Wanted::default();
    wanted.school(record.school);
    let offered = services::all(work)?.into_iter().filter(|s| s.active).collect();
    Ok((record, child, wanted.find(work)?, offered))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Result<ReferFromRecord> {
        read(&Fields::parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_year_and_the_day_of_a_consent_must_be_there() {
        let told = |body: &str| {
            let faults = of(body).err().unwrap().faults;
            faults.into_iter().map(|f| (f.pointer, f.code)).collect::<Vec<_>>()
        };
        assert_eq!(
            told("year_group=&consent_by=parent"),
            [("/year_group".to_owned(), FaultCode::Missing), ("/consent_on".to_owned(), FaultCode::Missing),]
        );
        assert_eq!(told("year_group=nine"), [("/year_group".to_owned(), FaultCode::BadFormat)]);
        let read =
            of("service=eps&year_group=0&key_area=&urgency=&need=x&evidence=+&consent_by=&consent_on=soon").unwrap();
        assert_eq!((read.year_group, read.need.as_str()), (0, "x"));
        assert!(read.key_area.is_none() && read.urgency.is_none() && read.evidence.is_none() && read.consent.is_none());
        let consent = of("year_group=9&key_area=wellbeing&consent_by=carer&consent_on=2026-03-02").unwrap();
        assert_eq!(consent.key_area.as_deref(), Some("wellbeing"));
        let consent = consent.consent.unwrap();
        assert_eq!((consent.given_by.as_str(), consent.given_on.to_string().as_str()), ("carer", "2026-03-02"));
    }
}
