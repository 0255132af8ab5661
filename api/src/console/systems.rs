//! The systems that may act for a school, and the school's consent to each.

use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::access::{self, Action};
use dolen_domain::db::Work;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::identity::{self, Consent};
use dolen_domain::kernel::{ClientId, Code, Result, SchoolNumber};

use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Sent};
use super::page::Page;
use super::strings::keys;

#[derive(Template)]
#[template(path = "systems.html")]
struct SystemsPage {
    page: Page,
    schools: Vec<(School, Vec<Consent>)>,
}

/// The caller's schools, each with its systems.
fn found(work: &mut Work<'_>) -> Result<Vec<(School, Vec<Consent>)>> {
    let mut ids = access::scope(work, Action::ConsentClient)?.on().schools.clone();
    ids.sort_unstable_by_key(|id| id.uuid());
    ids.dedup();
    let mut found = Vec::new();
    for school in schools::by_ids(work, &ids)? {
        let systems = identity::consents_of_school(work, school.id)?;
        found.push((school, systems));
    }
    Ok(found)
}

/// The systems of the reader's schools.
#[get("/systems")]
pub async fn list(desk: Desk) -> Reply {
    let schools = desk.visitor.app.read(&desk.caller, |work, _| found(work)).await?;
    Ok(Page::of(&desk).ok(|page| SystemsPage { page, schools })?)
}

async fn decide(sent: Sent, client: uuid::Uuid, consents: bool) -> Reply {
    let number = SchoolNumber::parse(sent.fields.get("school")).map_err(|_| Code::NotFound)?;
    let done = sent.once(move |work, _| {
        access::scope(work, Action::ConsentClient)?;
        let (school, client) = (schools::by_number(work, &number)?.id, ClientId::from_uuid(client));
        if consents {
            identity::give_consent(work, school, client)?;
            Ok(Done::at("/systems", Flash::Consented))
        } else {
            identity::withdraw_consent(work, school, client)?;
            Ok(Done::at("/systems", Flash::ConsentWithdrawn))
        }
    });
    Ok(done.await?)
}

/// The school consents.
#[post("/systems/{client_id}/consent")]
pub async fn consent(sent: Sent, path: web::Path<uuid::Uuid>) -> Reply {
    decide(sent, *path, true).await
}

/// The school withdraws.
#[post("/systems/{client_id}/withdraw")]
pub async fn withdraw(sent: Sent, path: web::Path<uuid::Uuid>) -> Reply {
    decide(sent, *path, false).await
}
