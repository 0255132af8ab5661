//! How long what is held is kept: what is over, what is held, what went.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, LOCATION};
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::kernel::{CaseId, Code, Error, HoldId, Result};
use dolen_domain::records::holds::{self, Hold, NewHold};
use dolen_domain::records::retention::{self, Certificate, Plan, RecordClass, Rule, Standing};
use uuid::Uuid;

use crate::rest::Reply;
use crate::tombstones;

use super::address;
use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Sent};
use super::page::Page;
use super::strings::keys;

/// How long the page's button keeps something; other times are kept over the API.
const KEEP_YEARS: i64 = 5;

/// The fields of a hold.
const HOLD: &[Field] = &[
    Field { name: "reference", texts: &[] },
    Field { name: "reason", texts: &[] },
    Field { name: "until", texts: &[] },
];

#[derive(Template)]
#[template(path = "records.html")]
struct RecordsPage {
    page: Page,
    plan: Plan,
    due: i64,
    rules: Vec<Rule>,
    holds: Vec<Hold>,
    certificates: Vec<Certificate>,
    fields: form::Fields,
}

impl RecordsPage {
    fn anchor(&self, rule: &Rule) -> String {
        self.page.say(match rule.anchor {
            retention::Anchor::BornOn => keys::AFTER_BIRTH,
            retention::Anchor::Closed => keys::AFTER_CLOSING,
        })
    }

    fn end(&self, rule: &Rule) -> String {
        self.page.say(match rule.end {
            retention::End::Review => keys::THEN_REVIEW,
            retention::End::Destroy => keys::THEN_DESTROY,
        })
    }
}

async fn page(desk: &Desk, fields: form::Fields, faults: Option<Error>) -> Reply {
    let (plan, rules, holds, certificates) = desk
        .visitor
        .app
        .read(&desk.caller, |work, _| {
            let (plan, rules) = (retention::plan(work)?, retention::rules(work)?);
            Ok((plan, rules, holds::list(work)?, retention::certificates(work)?))
        })
        .await?;
    let due = i64::try_from(plan.due().count()).unwrap_or(i64::MAX);
    let mut page = Page::of(desk);
    let status = match &faults {
        Some(error) => {
            form::complain(&mut page, HOLD, &error.faults);
            actix_web::http::StatusCode::UNPROCESSABLE_ENTITY
        }
        None => actix_web::http::StatusCode::OK,
    };
    Ok(page.show(status, |page| RecordsPage { page, plan, due, rules, holds, certificates, fields })?)
}

/// The rules, what is over, what is held, what went.
#[get("/records")]
pub async fn show(desk: Desk) -> Reply {
    page(&desk, form::Fields::default(), None).await
}

/// Disposes of what is due, when the box is ticked.
#[post("/records/run")]
pub async fn run(sent: Sent) -> Reply {
    let confirmed = sent.fields.get("confirm") == "dispose";
    let answer = sent
        .once(move |work, app| {
            tombstones::require(&app.settings)?;
            if !confirmed {
                retention::plan(work)?;
                dolen_domain::audit::record(
                    work,
                    "retention.run",
                    dolen_domain::audit::Object::all("case"),
                    "not confirmed",
                );
                return Ok(Done::at("/records", Flash::Changed));
            }
            retention::run(work, &app.vault)?;
            Ok(Done::at("/records", Flash::Disposed))
        })
        .await?;
    let app = sent.desk.visitor.app.clone();
    web::block(move || tombstones::finish(&app)).await.map_err(Error::unavailable)??;
    Ok(answer)
}

/// Decides about what needs a review.
#[post("/records/review/{case}/{class}")]
pub async fn review(sent: Sent, path: web::Path<(Uuid, String)>) -> Reply {
    let case = CaseId::from_uuid(path.0);
    let class: Result<RecordClass, _> = path.1.parse();
    let keep = match sent.fields.get("keep") {
        "keep" => Ok(Some(KEEP_YEARS)),
        "destroy" => Ok(None),
        // Nothing goes because a field was missing.
        _ => Err(Error::fault("/keep", dolen_domain::kernel::FaultCode::Missing)),
    };
    let answer = sent.once(move |work, _| {
        retention::rules(work)?;
        let keep = keep?;
        let class = class.map_err(|_| Code::NotFound)?;
        retention::review(work, case, class, keep)?;
        Ok(Done::at("/records", Flash::RecordsKept))
    });
    match answer.await {
        // A form can't be sent on by a link: back to the page it stands on.
        Err(error) if error.code == Code::StepUpRequired => {
            let to = address::of(sent.desk.visitor.lang, "/step-up?then=%2Frecords");
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
        }
        answer => Ok(answer?),
    }
}

/// Places a hold.
#[post("/records/holds")]
pub async fn place_hold(sent: Sent) -> Reply {
    let until = sent.fields.optional("until").map(|day| day.trim().parse::<chrono::NaiveDate>());
    let new = NewHold {
        reference: sent.fields.get("reference").to_owned(),
        whole_child: sent.fields.get("whole_child") == "yes",
        reason: sent.fields.get("reason").to_owned(),
        until: until.and_then(Result::ok),
    };
    let outcome = sent.once(move |work, app| {
        retention::rules(work)?;
        if matches!(until, Some(Err(_))) {
            return Err(Error::fault("/until", dolen_domain::kernel::FaultCode::BadFormat));
        }
        holds::place(work, &app.vault, &new)?;
        Ok(Done::at("/records", Flash::RecordsKept))
    });
    match outcome.await {
        Err(error) if !error.faults.is_empty() => page(&sent.desk, sent.fields.clone(), Some(error)).await,
        outcome => Ok(outcome?),
    }
}

/// Ends a hold.
#[post("/records/holds/{id}/end")]
pub async fn end_hold(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let id = HoldId::from_uuid(id.into_inner());
    let done = sent.once(move |work, _| {
        holds::end(work, id)?;
        Ok(Done::at("/records", Flash::RecordsKept))
    });
    Ok(done.await?)
}

/// A certificate, to be kept.
#[get("/records/certificates/{number}")]
pub async fn get_certificate(desk: Desk, number: web::Path<i64>) -> Reply {
    let number = number.into_inner();
    let found = desk.visitor.app.read(&desk.caller, move |work, _| retention::certificate(work, number)).await?;
    let name = format!("attachment; filename=\"dolen-certificate-{number}.json\"");
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(found.body))
}
