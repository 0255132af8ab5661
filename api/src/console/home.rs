//! The first page: what waits today; and the way from a mail's link to its record.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, get, web};
use askama::Template;
use dolen_domain::access::{Action, Role};
use dolen_domain::db::Work;
use dolen_domain::identity::Preference;
use dolen_domain::kernel::{Code, Reference, Result};
use dolen_domain::oversight;
use dolen_domain::referrals::{self, Filter, State};
use dolen_domain::surveys::{concerns, texts};
use dolen_domain::warrn::returns::Returning;
use dolen_domain::warrn::{self, returns};

use crate::context::RequestContext;
use crate::rest::Reply;

use super::desk::Desk;
use super::names::{Names, Wanted};
use super::page::Page;
use super::strings::keys;
use super::{address, returning, surveys};

/// Something that waits: how much, and the list of exactly that.
struct Waiting {
    what: &'static str,
    count: i64,
    href: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    page: Page,
    names: Names,
    returning: Vec<Returning>,
    waiting: Vec<Waiting>,
    /// Whether the reader could send a WARRN record.
    sends: bool,
}

/// What waits today.
#[get("/")]
pub async fn home(desk: Desk) -> Reply {
    answer(desk).await
}

/// The same, at the shorter Welsh address.
#[get("")]
pub async fn welsh(desk: Desk) -> Reply {
    answer(desk).await
}

async fn answer(desk: Desk) -> Reply {
    let asked = desk.clone();
    let gathered = move |work: &mut Work<'_>| {
        let mut wanted = Wanted::default();
        let returning = returning::listed(work, &asked, &mut wanted)?;
        Ok((returning, wanted.find(work)?, waiting(work, &asked)?))
    };
    let (returning, names, waiting) = desk.visitor.app.read(&desk.caller, move |work, _| gathered(work)).await?;
    let sends = desk.may(Action::SendWarrn);
    Ok(Page::of(&desk).ok(|page| Home { page, names, returning, waiting, sends })?)
}

/// One line for each duty the reader could have, whether something waits or not.
fn waiting(work: &mut Work<'_>, desk: &Desk) -> Result<Vec<Waiting>> {
    let mut lines = Vec::new();
    let mut referrals = |work: &mut Work<'_>, what, href: &str, filter: Filter| -> Result<()> {
        lines.push(Waiting { what, href: href.to_owned(), count: referrals::count(work, &filter)? });
        Ok(())
    };
    let submitted = Filter { state: Some(State::Submitted), ..Filter::default() };
    if desk.standing.officers().next().is_some() && desk.may(Action::DecideReferral) {
        let mine = Filter { mine: true, ..submitted };
        referrals(work, keys::WAITING_TO_YOU, "/work?state=submitted&mine=yes", mine)?;
    }
    if desk.standing.has(Role::TeamLead) {
        referrals(work, keys::WAITING_TO_SERVICE, "/work?state=submitted", submitted)?;
    }
    if desk.may(Action::AnswerReferral) {
        let asked = Filter { state: Some(State::InfoRequested), ..Filter::default() };
        referrals(work, keys::WAITING_QUESTIONS, "/work?state=info_requested", asked)?;
    }
    if desk.may(Action::AcknowledgeWarrn) {
        let count = i64::try_from(returns::unacknowledged(work)?.len()).unwrap_or(i64::MAX);
        lines.push(Waiting { what: keys::WAITING_WARRN, href: "/work?warrn=waiting".to_owned(), count });
    }
    if desk.may(Action::AcknowledgeConcern) {
        let count = concerns::unacknowledged(work)?;
        lines.push(Waiting { what: keys::WAITING_CONCERNS, href: "/concerns".to_owned(), count });
    }
    if desk.may(Action::RedactTexts) {
        let all = texts::all_waiting(work)?;
        let href = match all.as_slice() {
            [(one, _)] => format!("/surveys/{one}/texts"),
            _ => "/surveys".to_owned(),
        };
        lines.push(Waiting { what: keys::WAITING_TEXTS, href, count: all.iter().map(|(_, count)| count).sum() });
    }
    if desk.may(Action::HandOverWarrn) {
        let count = i64::try_from(warrn::moved(work)?.len()).unwrap_or(i64::MAX);
        lines.push(Waiting { what: keys::WAITING_MOVED, href: "/work?warrn=moved".to_owned(), count });
    }
    if desk.may(Action::ReadCampaign) {
        let count = i64::try_from(surveys::open_now(work)?.len()).unwrap_or(i64::MAX);
        lines.push(Waiting { what: keys::WAITING_SURVEYS, href: "/surveys?open=yes".to_owned(), count });
    }
    Ok(lines)
}

/// Finds the record a mail's link names, in the reader's language. Who may not know it is told there is none.
#[get("/r/{reference}")]
pub async fn find(request: HttpRequest, desk: Desk, reference: web::Path<String>) -> Reply {
    let reference = Reference::parse(&reference).map_err(|_| Code::NotFound)?;
    let to = desk.visitor.app.read(&desk.caller, move |work, _| record(work, &reference)).await?;
    // The link has no language: the person's own decides, the browser's for who reads both.
    let lang = match (desk.session.lang, request.path().starts_with("/cy/")) {
        (_, true) => desk.visitor.lang,
        (Preference::Both, false) => RequestContext::current().lang,
        (one, false) => one.lang(),
    };
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, address::of(lang, &to))).finish())
}

fn record(work: &mut Work<'_>, reference: &Reference) -> Result<String> {
    match referrals::by_reference(work, reference) {
        Ok(id) => Ok(format!("/referrals/{id}")),
        Err(e) if e.code != Code::NotFound => Err(e),
        Err(_) => match warrn::by_reference(work, reference) {
            Ok(id) => Ok(format!("/warrn/{id}")),
            Err(e) if e.code != Code::NotFound => Err(e),
            Err(_) => match warrn::alerts::by_reference(work, reference) {
                Ok(_) => Ok("/alerts".to_owned()),
                Err(e) if !matches!(e.code, Code::NotFound | Code::Forbidden) => Err(e),
                Err(_) => match concerns::by_reference(work, reference) {
                    Ok(_) => Ok("/concerns".to_owned()),
                    Err(e) if !matches!(e.code, Code::NotFound | Code::Forbidden) => Err(e),
                    Err(_) => Ok(format!("/emergencies/{}", oversight::by_reference(work, reference)?)),
                },
            },
        },
    }
}
