//! Handing a record over to the school its child is at now: a page that names the school, and the doing.

use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::kernel::{Bilingual, Code, WarrnId};
use dolen_domain::warrn::{self, WarrnEnvelope};
use uuid::Uuid;

use crate::rest::warrn::KIND;
use crate::rest::{Reply, etag, etag_matches};

use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Sent};
use super::names::{Names, Wanted};
use super::page::Page;
use super::strings::keys;

#[derive(Template)]
#[template(path = "hand_over.html")]
struct HandOverPage {
    page: Page,
    record: WarrnEnvelope,
    names: Names,
    to: Bilingual,
    version: String,
}

/// Asks once more, naming the school.
#[get("/warrn/{id}/hand-over")]
pub async fn ask(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let id = WarrnId::from_uuid(id.into_inner());
    let found = desk.visitor.app.write(&desk.caller, move |work, app| {
        let (record, to) = warrn::destination(work, id)?;
        let mut wanted = Wanted::default();
        wanted.school(record.school);
        let version = etag(&app.vault, KIND, id.uuid(), record.version);
        Ok((record, to.name, wanted.find(work)?, version))
    });
    let (record, to, names, version) = match found.await {
        Err(e) if e.code == Code::StateConflict => {
            return Ok(Done::at(format!("/warrn/{id}"), Flash::Changed).respond(&desk.visitor));
        }
        found => found?,
    };
    Ok(Page::of(&desk).ok(|page| HandOverPage { page, record, names, to, version })?)
}

/// Hands it over. Who did may not see the record any more, and is led to the work list.
#[post("/warrn/{id}/hand-over")]
pub async fn send(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let id = WarrnId::from_uuid(id.into_inner());
    let tag = sent.version();
    let outcome = sent.once(move |work, app| {
        let now = warrn::version(work, Action::HandOverWarrn, id)?;
        etag_matches(&app.vault, KIND, id.uuid(), now, &tag)?;
        warrn::hand_over(work, &app.settings.warrn, id, now)?;
        Ok(Done::at("/work".to_owned(), Flash::HandedOver))
    });
    match outcome.await {
        Err(e) if form::is_stale(e.code) => {
            Ok(Done::at(format!("/warrn/{id}"), Flash::Changed).respond(&sent.desk.visitor))
        }
        outcome => Ok(outcome?),
    }
}
