//! Sending a WARRN record: the form of who comes in reach of a school, with one box for each heading of the summary.

use actix_web::http::StatusCode;
use actix_web::{get, post};
use askama::Template;
use chrono::NaiveDate;
use dolen_domain::access::Action;
use dolen_domain::db::Work;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::kernel::{Code, Fault, FaultCode, Faults, Result, SchoolNumber, uk_date};
use dolen_domain::pupils::NewPupil;
use dolen_domain::warrn::returns::Source;
use dolen_domain::warrn::{self, Heading, Section, SendWarrn};

use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent, TOO_LONG, date, date_if_any};
use super::page::{FieldError, Page};
use super::strings::keys;
use super::warrn::source_key;

/// The form's fields in its order, with what is said of their faults. The boxes of the summary follow.
const FIELDS: &[Field] = &[
    Field {
        name: "school",
        texts: &[(FaultCode::BadFormat, keys::SEND_SCHOOL_MISSING), (FaultCode::NotFound, keys::SEND_SCHOOL_MISSING)],
    },
    Field { name: "given_name", texts: &[(FaultCode::Missing, keys::GIVEN_NAME_MISSING)] },
    Field { name: "family_name", texts: &[(FaultCode::Missing, keys::FAMILY_NAME_MISSING)] },
    Field {
        name: "born_on",
        texts: &[(FaultCode::Missing, keys::BORN_ON_MISSING), (FaultCode::BadFormat, keys::BORN_ON_WRONG)],
    },
    Field { name: "upn", texts: &[(FaultCode::BadFormat, keys::UPN_WRONG)] },
    Field { name: "source", texts: &[(FaultCode::NotInList, keys::SOURCE_MISSING)] },
    Field { name: "agreement", texts: &[(FaultCode::Missing, keys::AGREEMENT_MISSING)] },
    Field {
        name: "received_on",
        texts: &[(FaultCode::Missing, keys::RECEIVED_ON_MISSING), (FaultCode::BadFormat, keys::RECEIVED_ON_MISSING)],
    },
    Field { name: "expected_return_on", texts: &[(FaultCode::BadFormat, keys::DATE_MISSING)] },
];

/// What the name of a box begins with; its heading's code follows.
const BOX: &str = "summary-";

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

/// A box of the summary.
struct Part {
    name: String,
    label: String,
    text: String,
}

#[derive(Template)]
#[template(path = "send.html")]
struct SendPage {
    page: Page,
    schools: Vec<Choice>,
    sources: Vec<Choice>,
    parts: Vec<Part>,
    fields: Fields,
}

/// What was wrong with what was sent.
#[derive(Default)]
struct Wrong {
    faults: Vec<Fault>,
    /// Why nothing was done, of no field alone.
    refused: Option<Code>,
}

/// The form.
#[get("/warrn/send")]
pub async fn ask(desk: Desk) -> Reply {
    page_of(&desk, None, Wrong::default()).await
}

/// Sends the record, once however often the form comes.
#[post("/warrn/send")]
pub async fn send(sent: Sent) -> Reply {
    permit(&sent.desk)?;
    let fields = sent.fields.clone();
    let outcome = sent.once(move |work, app| {
        let done = warrn::send(work, &app.vault, &app.settings.warrn, read(&fields)?)?;
        Ok(Done::at(format!("/warrn/{}", done.record.id), Flash::RecordSent))
    });
    let wrong = match outcome.await {
        Err(e) if e.code == Code::InvalidBody => Wrong { faults: e.faults, refused: None },
        Err(e) if matches!(e.code, Code::NoOfficer | Code::IdempotencyKeyReused) => {
            Wrong { refused: Some(e.code), ..Wrong::default() }
        }
        outcome => return Ok(outcome?),
    };
    page_of(&sent.desk, Some(sent.fields.clone()), wrong).await
}

/// Who may not send is told so before anything is said of what they typed.
fn permit(desk: &Desk) -> Result<()> {
    if desk.may(Action::SendWarrn) { Ok(()) } else { Err(Code::Forbidden.into()) }
}

/// Reads the form. What the domain checks is not checked here.
fn read(fields: &Fields) -> Result<SendWarrn> {
    let mut faults = Faults::default();
    let school = faults.keep("/school", SchoolNumber::parse(fields.get("school")));
    let born_on = faults.keep("/born_on", born_on(fields));
    let source = faults.keep("/source", fields.get("source").parse::<Source>());
    let received_on = date(fields, "received_on", &mut faults);
    let expected_return_on = date_if_any(fields, "expected_return_on", &mut faults);
    let summary = sections(fields);
    if !faults.is_empty() {
        // Without these the domain is not asked: what is empty besides is said with them, not after them.
        let empty = ["given_name", "family_name", "agreement"].into_iter().filter(|n| fields.optional(n).is_none());
        empty.for_each(|name| faults.add(format!("/{name}"), FaultCode::Missing));
        if summary.is_empty() {
            faults.add("/summary", FaultCode::Missing);
        }
    }
    faults.finish()?;
    Ok(SendWarrn {
        school: school.ok_or(Code::InvalidBody)?,
        pupil: NewPupil {
            given_name: fields.get("given_name").to_owned(),
            family_name: fields.get("family_name").to_owned(),
            born_on: born_on.ok_or(Code::InvalidBody)?,
            upn: fields.optional("upn"),
        },
        agreement: fields.get("agreement").to_owned(),
        source,
        received_on,
        expected_return_on: expected_return_on.flatten(),
        summary,
    })
}

/// A day of birth, of which day, month and year are typed each.
fn born_on(fields: &Fields) -> Result<NaiveDate, FaultCode> {
    let parts = ["born_on_day", "born_on_month", "born_on_year"].map(|name| fields.get(name).trim());
    if parts.iter().all(|part| part.is_empty()) {
        return Err(FaultCode::Missing);
    }
    let [day, month, year] = parts;
    let read = || NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    read().ok_or(FaultCode::BadFormat)
}

/// The boxes that are not empty, in the form's order.
fn sections(fields: &Fields) -> Vec<Section> {
    let written = fields.below(BOX).filter(|(_, text)| !text.trim().is_empty());
    written.map(|(code, text)| Section { heading: code.to_owned(), text: text.to_owned() }).collect()
}

async fn page_of(desk: &Desk, typed: Option<Fields>, wrong: Wrong) -> Reply {
    permit(desk)?;
    let app = &desk.visitor.app;
    let (offered, today) = app.read(&desk.caller, |work, _| offered(work)).await?;
    let fields = typed.unwrap_or_else(|| Fields::of(&[("received_on", &today.to_string())]));
    let mut page = Page::of(desk);
    if let Some(code) = wrong.refused {
        // Sent before with other words: what is typed stays, for whoever means a second record.
        let before = code == Code::IdempotencyKeyReused;
        let text = if before { page.say(keys::SENT_BEFORE) } else { page.half_of(code.title()).to_owned() };
        page.errors.push(FieldError { field: "school".into(), text });
    }
    let parts = parts(&page, &app.settings.warrn.headings, &fields);
    complain(&mut page, &parts, &sections(&fields), wrong.faults);
    let shown = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let none = Choice { value: String::new(), text: page.say(keys::SEND_SCHOOL_CHOOSE) };
    let school = |s: &School| Choice { value: s.number.to_string(), text: page.half(&s.name).to_owned() };
    let schools = std::iter::once(none).chain(offered.iter().map(school)).collect();
    let source = |s: &Source| Choice { value: s.to_string(), text: page.say(source_key(*s)) };
    let sources = Source::ALL.iter().map(source).collect();
    Ok(page.show(shown, |page| SendPage { page, schools, sources, parts, fields })?)
}

/// The schools a record can be for today, and the day.
fn offered(work: &mut Work<'_>) -> Result<(Vec<School>, NaiveDate)> {
    let today = uk_date(work.now());
    let open = schools::all(work)?.into_iter().filter(|school| school.is_open_on(today)).collect();
    Ok((open, today))
}

/// The boxes: one for each heading, and what was typed under one that is a heading no more, so that nothing is lost.
fn parts(page: &Page, headings: &[Heading], fields: &Fields) -> Vec<Part> {
    let known = headings.iter().map(|h| {
        let name = format!("{BOX}{}", h.code);
        Part { text: fields.get(&name).to_owned(), label: page.half(&h.label).to_owned(), name }
    });
    let written = sections(fields).into_iter().filter(|s| !headings.iter().any(|h| h.code == s.heading));
    known.chain(written.map(|s| Part { name: format!("{BOX}{}", s.heading), label: s.heading, text: s.text })).collect()
}

/// Puts each fault at its field, in the form's order; one of the summary at its box, with the heading's name.
fn complain(page: &mut Page, parts: &[Part], sections: &[Section], faults: Vec<Fault>) {
    let (of_summary, mut others): (Vec<_>, Vec<_>) =
        faults.into_iter().map(at_its_field).partition(|f| f.pointer.starts_with("/summary"));
    others.sort_by_key(|f| FIELDS.iter().position(|field| f.pointer.get(1..) == Some(field.name)));
    form::complain(page, FIELDS, &others);
    for fault in of_summary {
        let place = fault.pointer.split('/').nth(2).and_then(|i| sections.get(i.parse::<usize>().ok()?));
        let part = place.and_then(|s| parts.iter().find(|p| p.name.strip_prefix(BOX) == Some(&s.heading)));
        let text = match fault.code {
            FaultCode::TooLong => page.say(TOO_LONG.1),
            FaultCode::Missing => page.say(keys::SEND_SUMMARY_MISSING),
            FaultCode::NotInList | FaultCode::TooMany => page.say(keys::SEND_HEADING_GONE),
            other => page.half_of(other.mend()).to_owned(),
        };
        let text = part.map_or_else(|| text.clone(), |p| format!("{}: {text}", p.label));
        let Some(field) = part.or_else(|| parts.first()).map(|p| p.name.clone().into()) else { continue };
        page.errors.push(FieldError { field, text });
    }
}

/// A fault of the child at the field that asks for it.
fn at_its_field(fault: Fault) -> Fault {
    match fault.pointer.strip_prefix("/pupil") {
        Some(place) => Fault::at(place, fault.code),
        None => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "school=6994001&given_name=Enw&family_name=Teulu&born_on_day=1&born_on_month=03&born_on_year=2012\
                        &source=school_nurse&agreement=A&received_on=2026-03-02&summary-triggers=x&summary-history=+";

    fn of(body: &str) -> Result<SendWarrn> {
        read(&Fields::parse(body.as_bytes()).unwrap())
    }

    fn told(body: &str) -> Vec<(String, FaultCode)> {
        of(body).err().unwrap().faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn what_is_typed_is_what_is_sent_and_an_empty_box_is_left_out() {
        let sent = of(GOOD).unwrap();
        assert_eq!(sent.pupil.born_on.to_string(), "2012-03-01");
        assert_eq!((sent.source, sent.expected_return_on, sent.pupil.upn), (Some(Source::SchoolNurse), None, None));
        assert_eq!(sent.summary, [Section { heading: "triggers".to_owned(), text: "x".to_owned() }]);
    }

    #[test]
    fn a_day_that_is_none_is_told_with_all_that_is_empty() {
        for day in ["31", "x", "", "-1"] {
            let body = GOOD.replace("day=1", &format!("day={day}")).replace("month=03", "month=02");
            assert_eq!(told(&body), [("/born_on".to_owned(), FaultCode::BadFormat)], "{day}");
        }
        let all = told("");
        let places: Vec<&str> = all.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(
            places,
            ["/school", "/born_on", "/source", "/received_on", "/given_name", "/family_name", "/agreement", "/summary"]
        );
        assert_eq!(all[1].1, FaultCode::Missing);
    }
}
