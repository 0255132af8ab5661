//! Published results: a school's beside those it stands beside, every school's beside one another, and the releases they are of.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::kernel::{CampaignId, Code, Error, Fault, FaultCode, Lang, Result, SchoolNumber};
use dolen_domain::surveys::campaigns::{self, Campaign};
use dolen_domain::surveys::packs::{self, Mark, Pack};
use dolen_domain::surveys::releases::{self, Line, Reason, State, Table, label_of, text_of};
use dolen_domain::surveys::reports::{self, Heat, HeatCell};
use serde::Deserialize;
use uuid::Uuid;

use crate::paper;
use crate::rest::Reply;
use crate::rest::surveys::tidy;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Field, Sent, complain};
use super::pack_words::{self, Words};
use super::page::Page;
use super::paper_file::{self, Source};
use super::strings::keys;

/// The pages of results.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(of_school).service(file).service(take_up).service(list).service(publish).service(all_schools);
}

#[derive(Template)]
#[template(path = "results.html")]
struct ResultsPage {
    page: Page,
    campaign: Campaign,
    school: School,
    /// Nothing until something is published.
    pack: Option<Pack>,
    /// Whether the reader says what the school takes up.
    takes_up: bool,
}

impl ResultsPage {
    fn words<'a>(&'a self, pack: &'a Pack) -> Words<'a> {
        Words { strings: self.page.strings(), lang: self.page.lang(), pack }
    }

    fn chart(&self, pack: &Pack) -> String {
        self.words(pack).chart().and_then(|chart| paper::svg(&chart, "own").ok()).unwrap_or_default()
    }

    fn tables(&self, pack: &Pack) -> Vec<paper::Table> {
        let asked = pack.results.released.header.questions.iter().enumerate();
        asked.map(|(at, asked)| self.words(pack).asked(at, asked)).collect()
    }

    fn here(&self) -> String {
        self.page.link(format!("/surveys/{}/schools/{}", self.campaign.id, self.school.number))
    }
}

type Place = web::Path<(Uuid, String)>;

fn place_of(path: &Place) -> Result<(CampaignId, SchoolNumber)> {
    Ok((CampaignId::from_uuid(path.0), SchoolNumber::parse(&path.1).map_err(|_| Code::NotFound)?))
}

/// A school's pack, once results are published.
#[get("/surveys/{id}/schools/{number}")]
pub async fn of_school(desk: Desk, path: Place) -> Reply {
    let (id, number) = place_of(&path)?;
    let takes_up = desk.may(Action::TakeUpAdvice);
    let (campaign, school, pack) = desk
        .visitor
        .app
        .read(&desk.caller, move |work, _| {
            let campaign = campaigns::by_id(work, id)?;
            let school = schools::by_number(work, &number)?;
            let pack = match packs::pack(work, id, &number) {
                Err(e) if e.code == Code::StateConflict => None,
                found => Some(found?),
            };
            Ok((campaign, school, pack))
        })
        .await?;
    Ok(Page::of(&desk).ok(|page| ResultsPage { page, campaign, school, pack, takes_up })?)
}

/// In which languages a file is written: the page's, or both.
#[derive(Deserialize)]
pub struct Tongue {
    lang: Option<String>,
}

impl Tongue {
    /// The languages, of a page in this one.
    pub(super) fn langs(&self, here: Lang) -> Vec<Lang> {
        match self.lang.as_deref() {
            Some("both") => vec![Lang::Cy, Lang::En],
            _ => vec![here],
        }
    }
}

/// A school's pack as a file: `pdf`, `csv` or `xlsx`.
#[get("/surveys/{id}/schools/{number}/pack/{format}")]
pub async fn file(desk: Desk, path: web::Path<(Uuid, String, String)>, tongue: web::Query<Tongue>) -> Reply {
    let (id, number, format) = path.into_inner();
    let (id, number) = (CampaignId::from_uuid(id), SchoolNumber::parse(&number).map_err(|_| Code::NotFound)?);
    let pack = desk.visitor.app.read(&desk.caller, move |work, _| packs::pack(work, id, &number)).await?;
    let (langs, strings, pack) = (tongue.langs(desk.visitor.lang), desk.visitor.strings.clone(), Arc::new(pack));
    let (made_on, said) = (pack.results.released.header.published_on, Arc::clone(&pack));
    let source = Source {
        name: "survey",
        made_on,
        paper: move || pack_words::paper(&strings, &said, &langs),
        table: move || tidy::of_release(&pack.results.released),
    };
    paper_file::answer(&format, source).await
}

/// Says what the school takes up.
#[post("/surveys/{id}/schools/{number}/actions")]
pub async fn take_up(sent: Sent, path: Place) -> Reply {
    let (id, number) = place_of(&path)?;
    let approaches: Vec<String> = sent.fields.below("approach-").map(|(code, _)| code.to_owned()).collect();
    let done = sent.once(move |work, _| {
        packs::take_up(work, (id, &number), &approaches)?;
        Ok(Done::at(format!("/surveys/{id}/schools/{number}"), Flash::AdviceTakenUp))
    });
    Ok(done.await?)
}

const FIELDS: &[Field] = &[Field { name: "reason", texts: &[(FaultCode::NotInList, keys::CHOOSE_ONE)] }];

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

#[derive(Template)]
#[template(path = "releases.html")]
struct ReleasesPage {
    page: Page,
    campaign: Campaign,
    lines: Vec<Line>,
    choices: Vec<Choice>,
}

/// A reason in words.
const fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::First => keys::RELEASE_FIRST,
        Reason::LateAnswers => keys::RELEASE_LATE,
        Reason::MendedAnswers => keys::RELEASE_MENDED,
        Reason::MendedRolls => keys::RELEASE_ROLLS,
        Reason::Other => keys::RELEASE_OTHER,
    }
}

/// How far a release is, in words and colour.
const fn state_words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Deciding => (keys::RELEASE_DECIDING, "dolen-state--waiting"),
        State::Refused => (keys::RELEASE_REFUSED, "dolen-state--closed"),
        State::Published => (keys::RELEASE_PUBLISHED, "dolen-state--active"),
    }
}

/// The releases of a campaign, and the form that asks for another.
#[get("/surveys/{id}/releases")]
pub async fn list(desk: Desk, id: web::Path<Uuid>) -> Reply {
    page_of(&desk, CampaignId::from_uuid(*id), None).await
}

async fn page_of(desk: &Desk, id: CampaignId, wrong: Option<Vec<Fault>>) -> Reply {
    if !desk.may(Action::ManageCampaign) {
        return Err(Error::from(Code::Forbidden).into());
    }
    let found = desk
        .visitor
        .app
        .read(&desk.caller, move |work, _| Ok((campaigns::by_id(work, id)?, releases::list(work, id)?)));
    let (campaign, lines) = found.await?;
    let mut page = Page::of(desk);
    let shown = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    complain(&mut page, FIELDS, &wrong.unwrap_or_default());
    let again = lines.iter().any(|line| line.state == State::Published);
    let reasons = Reason::ALL.iter().filter(|reason| (**reason == Reason::First) != again);
    let choices = reasons.map(|r| Choice { value: r.to_string(), text: page.say(reason_words(*r)) }).collect();
    Ok(page.show(shown, |page| ReleasesPage { page, campaign, lines, choices })?)
}

/// Asks for a release.
#[post("/surveys/{id}/releases")]
pub async fn publish(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let id = CampaignId::from_uuid(*id);
    let reason = sent.fields.get("reason").to_owned();
    let done = sent.once(move |work, _| {
        let reason = reason.parse().map_err(|code| Error::fault("/reason", code))?;
        releases::ask(work, id, reason)?;
        Ok(Done::at(format!("/surveys/{id}/releases"), Flash::ReleaseAsked))
    });
    match done.await {
        Err(e) if e.code == Code::InvalidBody => page_of(&sent.desk, id, Some(e.faults)).await,
        Err(e) if e.code == Code::StateConflict => {
            Ok(Done::at(format!("/surveys/{id}/releases"), Flash::ReleaseNotYet).respond(&sent.desk.visitor))
        }
        done => Ok(done?),
    }
}

#[derive(Template)]
#[template(path = "heat.html")]
struct HeatPage {
    page: Page,
    campaign: Campaign,
    /// Nothing until something is published.
    heat: Option<Heat>,
}

impl HeatPage {
    /// The columns' headings: question and option.
    fn headings(&self, heat: &Heat) -> Vec<(String, String)> {
        let column = |(question, option): &(String, String)| {
            let text = self.page.half(&text_of(&heat.definition, question)).to_owned();
            (text, self.page.half(&label_of(&heat.definition, question, option)).to_owned())
        };
        heat.columns.iter().map(column).collect()
    }

    /// The authority first, then each school.
    fn rows<'h>(&self, heat: &'h Heat) -> Vec<(&'h Table, Vec<HeatCell>)> {
        let row = |table| (table, reports::row(&heat.released, table, &heat.columns));
        reports::compared_tables(&heat.released).map(row).collect()
    }

    fn text(&self, cell: &HeatCell) -> String {
        pack_words::shown(&cell.seen)
    }
}

/// Every school beside the authority, question by question.
#[get("/surveys/{id}/results")]
pub async fn all_schools(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let id = CampaignId::from_uuid(*id);
    let found = desk.visitor.app.read(&desk.caller, move |work, _| {
        let heat = match reports::heat(work, id, None) {
            Err(e) if e.code == Code::StateConflict => None,
            found => Some(found?),
        };
        Ok((campaigns::by_id(work, id)?, heat))
    });
    let (campaign, heat) = found.await?;
    Ok(Page::of(&desk).ok(|page| HeatPage { page, campaign, heat })?)
}
