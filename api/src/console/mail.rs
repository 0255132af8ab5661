//! Mail: what a trial has captured; else how far each message got.

use actix_web::{get, web};
use askama::Template;
use dolen_domain::access::{self, Action};
use dolen_domain::kernel::{Code, Error, Page as Part, PageRequest};
use dolen_domain::notices::{self, Notice, State};
use serde::Deserialize;

use crate::config::MailTransport;
use crate::outbound::captured::{self, Captured, LONGEST_LIST};
use crate::rest::Reply;

use super::desk::Desk;
use super::page::Page;
use super::strings::keys;

/// What part of the ledger is asked for.
#[derive(Default, Deserialize)]
pub struct Query {
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    page: Page,
    captured: Vec<Captured>,
}

#[derive(Template)]
#[template(path = "mail_message.html")]
struct MessagePage {
    page: Page,
    message: Captured,
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    page: Page,
    notices: Part<Notice>,
}

/// The words and the colour of how far a message got.
const fn state_words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Created => (keys::NOTICE_CREATED, "dolen-state--new"),
        State::Sending => (keys::NOTICE_SENDING, "dolen-state--new"),
        State::Delivered => (keys::NOTICE_DELIVERED, "dolen-state--active"),
        State::TemporaryFailure => (keys::NOTICE_TEMPORARY, "dolen-state--waiting"),
        State::PermanentFailure => (keys::NOTICE_PERMANENT, "dolen-state--overdue"),
        State::TechnicalFailure => (keys::NOTICE_TECHNICAL, "dolen-state--overdue"),
        State::Withdrawn => (keys::NOTICE_WITHDRAWN, "dolen-state--closed"),
    }
}

/// The captured messages where mail is captured, else the delivery ledger.
#[get("/mail")]
pub async fn list(desk: Desk, query: web::Query<Query>) -> Reply {
    let app = &desk.visitor.app;
    if app.settings.mail.transport == MailTransport::Capture {
        let folder = captured_folder(&desk).await?;
        let captured =
            web::block(move || captured::list(&folder, LONGEST_LIST)).await.map_err(Error::unavailable)??;
        return Ok(Page::of(&desk).ok(|page| MailPage { page, captured })?);
    }
    let request = PageRequest::read(None, query.cursor.as_deref())?;
    let notices = app.read(&desk.caller, move |work, _| notices::page(work, request)).await?;
    Ok(Page::of(&desk).ok(|page| LedgerPage { page, notices })?)
}

/// One captured message.
#[get("/mail/{name}")]
pub async fn show(desk: Desk, name: web::Path<String>) -> Reply {
    if desk.visitor.app.settings.mail.transport != MailTransport::Capture {
        return Err(Code::NotFound.into());
    }
    let folder = captured_folder(&desk).await?;
    let message = web::block(move || captured::read(&folder, &name)).await.map_err(Error::unavailable)??;
    Ok(Page::of(&desk).ok(|page| MessagePage { page, message })?)
}

/// The folder, for who may read the ledger.
async fn captured_folder(desk: &Desk) -> Result<std::path::PathBuf, Error> {
    let app = &desk.visitor.app;
    app.read(&desk.caller, |work, _| access::scope(work, Action::ReadNotices).map(|_| ())).await?;
    Ok(app.settings.mail.capture_dir.clone())
}
