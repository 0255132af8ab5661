//! Saying when one is away.

use actix_web::http::StatusCode;
use actix_web::{get, post};
use askama::Template;
use dolen_domain::identity::{self, Absence};
use dolen_domain::kernel::{Code, FaultCode, Faults, Result};

use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Field, Fields, Sent, complain, date};
use super::page::Page;
use super::strings::keys;

#[derive(Template)]
#[template(path = "absence.html")]
struct AbsencePage {
    page: Page,
    fields: Fields,
}

const FORM: &[Field] = &[
    Field { name: "begins_on", texts: &[(FaultCode::Missing, keys::DATE_MISSING)] },
    Field {
        name: "ends_on",
        texts: &[
            (FaultCode::Missing, keys::DATE_MISSING),
            (FaultCode::WrongOrder, keys::ABSENCE_ENDS_BEFORE),
            (FaultCode::DateOutOfRange, keys::ABSENCE_TOO_LONG),
        ],
    },
];

/// Asks when, with what was said before.
#[get("/account/absence")]
pub async fn ask(desk: Desk) -> Reply {
    let known = desk.visitor.app.read(&desk.caller, |work, _| identity::own_absences(work)).await?;
    let fields = known.first().map_or_else(Fields::default, |a| {
        Fields::of(&[("begins_on", &a.begins_on.to_string()), ("ends_on", &a.ends_on.to_string())])
    });
    Ok(Page::of(&desk).ok(|page| AbsencePage { page, fields })?)
}

/// Keeps it. Both days left empty: not away.
#[post("/account/absence")]
pub async fn set(sent: Sent) -> Reply {
    let absence = read(&sent.fields);
    let done = sent.once(move |work, _| {
        identity::set_own_absence(work, absence?)?;
        Ok(Done::at("/account", Flash::AbsenceSet))
    });
    let error = match done.await {
        Err(error) if error.code == Code::InvalidBody => error,
        settled => return Ok(settled?),
    };
    let mut page = Page::of(&sent.desk);
    complain(&mut page, FORM, &error.faults);
    let fields = sent.fields.clone();
    Ok(page.show(StatusCode::UNPROCESSABLE_ENTITY, |page| AbsencePage { page, fields })?)
}

fn read(fields: &Fields) -> Result<Option<Absence>> {
    if fields.optional("begins_on").is_none() && fields.optional("ends_on").is_none() {
        return Ok(None);
    }
    let mut faults = Faults::default();
    let (begins_on, ends_on) = (date(fields, "begins_on", &mut faults), date(fields, "ends_on", &mut faults));
    faults.finish()?;
    Ok(begins_on.zip(ends_on).map(|(begins_on, ends_on)| Absence { begins_on, ends_on }))
}
