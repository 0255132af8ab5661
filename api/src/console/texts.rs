//! What pupils wrote: one after another for whoever takes names out of it, and what was passed beside a school's results.

use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use askama::Template;
use chrono::NaiveDate;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::kernel::{CampaignId, Code, Error, Fault, FaultCode, Result, SchoolNumber, TextId};
use dolen_domain::surveys::campaigns::{self, Campaign};
use dolen_domain::surveys::texts::{self, Published, Verdict, Waiting};
use serde::Deserialize;
use uuid::Uuid;

use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Field, Fields, Sent, complain, is_stale};
use super::page::Page;
use super::strings::keys;

/// The pages of texts.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(next).service(decide).service(of_school);
}

const FIELDS: &[Field] = &[Field {
    name: "text",
    texts: &[(FaultCode::BadFormat, keys::TEXT_ONLY_LESS), (FaultCode::Missing, keys::TEXT_NOTHING_LEFT)],
}];

#[derive(Template)]
#[template(path = "survey_texts.html")]
struct TextsPage {
    page: Page,
    campaign: Campaign,
    /// How many wait, this one among them.
    count: i64,
    waiting: Option<Waiting>,
    /// The last day on which what isn't decided on is kept.
    until: NaiveDate,
    fields: Fields,
}

/// Which text comes now.
#[derive(Default, Deserialize)]
pub struct Query {
    after: Option<Uuid>,
}

/// One of the texts that wait; its reading is on record before it is shown.
#[get("/surveys/{id}/texts")]
pub async fn next(desk: Desk, id: web::Path<Uuid>, query: web::Query<Query>) -> Reply {
    let (id, after) = (CampaignId::from_uuid(*id), query.after.map(TextId::from_uuid));
    let found = desk.visitor.app.write(&desk.caller, move |work, app| {
        let waiting = texts::next(work, &app.vault, id, after)?;
        let until = texts::kept_until(work, id, app.settings.survey.text_days)?;
        Ok((campaigns::by_id(work, id)?, texts::waiting(work, id)?, waiting, until))
    });
    let (campaign, count, waiting, until) = found.await?;
    let words = waiting.as_ref().map_or("", |one| one.written.words.as_str());
    let fields = Fields::of(&[("text", words)]);
    Ok(Page::of(&desk).ok(|page| TextsPage { page, campaign, count, waiting, until, fields })?)
}

/// Passes a text without what was taken out of it, or keeps it back; then on to the next.
#[post("/surveys/{id}/texts/{text}")]
pub async fn decide(sent: Sent, path: web::Path<(Uuid, Uuid)>) -> Reply {
    let (id, text) = (CampaignId::from_uuid(path.0), TextId::from_uuid(path.1));
    let (edited, named) = (sent.fields.get("text").to_owned(), sent.fields.get("named").to_owned());
    let verdict = match sent.fields.get("verdict") {
        "pass" => Some((Verdict::Pass { edited, named }, Flash::TextPassed)),
        "keep_back" => Some((Verdict::KeepBack, Flash::TextKeptBack)),
        _ => None,
    };
    let back = format!("/surveys/{id}/texts");
    let to = format!("{back}?after={text}");
    let done = sent.once(move |work, app| {
        // Who may not decide is told that, whatever is wrong with the form.
        texts::waiting(work, id)?;
        let (verdict, flash) = verdict.ok_or_else(|| Error::fault("/verdict", FaultCode::NotInList))?;
        texts::decide(work, &app.vault, (id, text), &verdict)?;
        Ok(Done::at(to, flash))
    });
    match done.await {
        Err(e) if e.code == Code::InvalidBody => again(&sent, (id, text), e.faults).await,
        Err(e) if is_stale(e.code) => Ok(Done::at(back, Flash::Changed).respond(&sent.desk.visitor)),
        done => Ok(done?),
    }
}

/// The same text again, as it was edited.
async fn again(sent: &Sent, at: (CampaignId, TextId), faults: Vec<Fault>) -> Reply {
    let found = sent.desk.visitor.app.write(&sent.desk.caller, move |work, app| {
        let waiting = texts::open(work, &app.vault, at)?;
        let until = texts::kept_until(work, at.0, app.settings.survey.text_days)?;
        Ok((campaigns::by_id(work, at.0)?, texts::waiting(work, at.0)?, waiting, until))
    });
    let (campaign, count, waiting, until) = found.await?;
    let mut page = Page::of(&sent.desk);
    complain(&mut page, FIELDS, &faults);
    let (waiting, fields) = (Some(waiting), sent.fields.clone());
    let shown = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page.show(shown, |page| TextsPage { page, campaign, count, waiting, until, fields })?)
}

#[derive(Template)]
#[template(path = "school_texts.html")]
struct SchoolPage {
    page: Page,
    campaign: Campaign,
    school: School,
    /// Nothing until results are published.
    published: Option<Vec<Published>>,
}

/// What a school's pupils wrote, once it was passed and the school's results are published.
#[get("/surveys/{id}/schools/{number}/texts")]
pub async fn of_school(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let (id, number) = (CampaignId::from_uuid(path.0), number_of(&path.1)?);
    let found = desk.visitor.app.read(&desk.caller, move |work, app| {
        let campaign = campaigns::by_id(work, id)?;
        let school = schools::by_number(work, &number)?;
        let published = match texts::published(work, &app.vault, (id, &number), app.threshold()) {
            Err(e) if e.code == Code::StateConflict => None,
            found => Some(found?),
        };
        Ok((campaign, school, published))
    });
    let (campaign, school, published) = found.await?;
    Ok(Page::of(&desk).ok(|page| SchoolPage { page, campaign, school, published })?)
}

fn number_of(text: &str) -> Result<SchoolNumber> {
    SchoolNumber::parse(text).map_err(|_| Code::NotFound.into())
}
