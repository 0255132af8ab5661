//! Published results: a school's beside those it stands beside, every school's beside one another, and the releases they are of.

use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::instruments::{self, Definition, Wording};
use dolen_domain::kernel::{Bilingual, CampaignId, Code, Error, Fault, FaultCode, SchoolNumber};
use dolen_domain::surveys::campaigns::{self, Campaign};
use dolen_domain::surveys::releases::{
    self, Asked, Figure, Kind, Line, PublishedFigure, Reason, Released, Results, State, Table, label_of,
};
use uuid::Uuid;

use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Field, Sent, complain};
use super::page::Page;
use super::strings::keys;

/// The pages of results.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(of_school).service(list).service(publish).service(heat);
}

#[derive(Template)]
#[template(path = "results.html")]
struct ResultsPage {
    page: Page,
    campaign: Campaign,
    school: School,
    /// Nothing until something is published.
    results: Option<Results>,
}

/// A question as its table shows it: a row for each option, a column for each group.
struct Shown<'a> {
    text: &'a str,
    rows: Vec<(String, Vec<String>)>,
    bases: Vec<String>,
}

impl ResultsPage {
    /// The tables that stand beside one another: the school's, then the others'.
    fn columns(&self) -> Vec<&Table> {
        let tables = self.results.iter().flat_map(|r| &r.released.tables);
        let beside = |t: &&Table| matches!(t.kind, Kind::School | Kind::Authority | Kind::Phase | Kind::Cluster);
        tables.filter(beside).collect()
    }

    fn questions(&self) -> Vec<Shown<'_>> {
        let Some(results) = &self.results else { return Vec::new() };
        let columns = self.columns();
        let asked = results.released.header.questions.iter().enumerate();
        asked.map(|(at, asked)| self.shown(&results.definition, at, asked, &columns)).collect()
    }

    fn shown<'a>(&'a self, definition: &'a Definition, at: usize, asked: &'a Asked, columns: &[&Table]) -> Shown<'a> {
        let figures: Vec<Option<&PublishedFigure>> = columns.iter().map(|t| t.figures.get(at)).collect();
        let cell = |figure: &Option<&PublishedFigure>, option: usize| match figure.map(PublishedFigure::view) {
            Some(Figure::Shown { shares, .. }) => shares.get(option).map(releases::Share::range).unwrap_or_default(),
            Some(Figure::Withheld { symbol, .. } | Figure::NotAsked { symbol }) => symbol.to_owned(),
            None => String::new(),
        };
        let row = |(option, code): (usize, &String)| {
            let label = self.page.half(&label_of(definition, &asked.code, code)).to_owned();
            (label, figures.iter().map(|figure| cell(figure, option)).collect())
        };
        let base = |figure: &Option<&PublishedFigure>| match figure.map(PublishedFigure::view) {
            Some(Figure::Shown { base, .. }) => self.page.two(keys::BASE_RANGE, base, base + 4),
            Some(Figure::Withheld { symbol, .. } | Figure::NotAsked { symbol }) => symbol.to_owned(),
            None => String::new(),
        };
        Shown {
            text: question_text(&self.page, definition, &asked.code),
            rows: asked.options.iter().enumerate().map(row).collect(),
            bases: figures.iter().map(base).collect(),
        }
    }
}

fn question_text<'a>(page: &Page, definition: &'a Definition, code: &'a str) -> &'a str {
    let question = definition.questions.iter().find(|q| q.code == code);
    question.and_then(|q| first_wording(definition, &q.text)).map_or(code, |t| page.half(t))
}

/// The text for everyone, or that of the oldest band that has one: its wording is the nearest to a grown-up reader's.
fn first_wording<'a>(definition: &'a Definition, wording: &'a Wording) -> Option<&'a Bilingual> {
    definition.bands.iter().rev().find_map(|b| wording.of(&b.code))
}

/// A school's results, once they are published.
#[get("/surveys/{id}/schools/{number}")]
pub async fn of_school(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let id = CampaignId::from_uuid(path.0);
    let number = SchoolNumber::parse(&path.1).map_err(|_| Code::NotFound)?;
    let (campaign, school, results) = desk
        .visitor
        .app
        .read(&desk.caller, move |work, _| {
            let campaign = campaigns::by_id(work, id)?;
            let school = schools::by_number(work, &number)?;
            let results = match releases::results(work, id, &number) {
                Err(e) if e.code == Code::StateConflict => None,
                found => Some(found?),
            };
            Ok((campaign, school, results))
        })
        .await?;
    Ok(Page::of(&desk).ok(|page| ResultsPage { page, campaign, school, results })?)
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
    definition: Definition,
    /// Nothing until something is published.
    released: Option<Released>,
}

/// The questions of the heat table and the option each counts: what an authority looks at first.
const HEAT: &[(&str, &str)] = &[
    ("bullied", releases::OFTEN),
    ("bullied_online", releases::OFTEN),
    ("bullied_others", releases::OFTEN),
    ("safe_school", "always"),
    ("belonging", "always"),
    ("trusted_adult", "yes"),
    ("told", "yes"),
    ("school_helped", "stopped"),
];

/// A cell of the heat table: what it says, and how it stands to the authority in a word.
struct Cell {
    text: String,
    mark: &'static str,
    class: &'static str,
}

impl HeatPage {
    /// The columns' headings: question and option.
    fn headings(&self) -> Vec<(String, String)> {
        let head = |(question, option): &(&str, &str)| {
            let text = question_text(&self.page, &self.definition, question).to_owned();
            (text, self.page.half(&label_of(&self.definition, question, option)).to_owned())
        };
        HEAT.iter().map(head).collect()
    }

    /// The authority first, then each school.
    fn rows(&self) -> Vec<(&Table, Vec<Cell>)> {
        let Some(released) = &self.released else { return Vec::new() };
        let whole = released.tables.iter().find(|t| t.kind == Kind::Authority);
        let shown = released.tables.iter().filter(|t| matches!(t.kind, Kind::Authority | Kind::School));
        let cells = |table: &Table| HEAT.iter().map(|at| cell(released, table, whole, *at)).collect();
        shown.map(|table| (table, cells(table))).collect()
    }
}

fn cell(released: &Released, table: &Table, whole: Option<&Table>, (question, option): (&str, &str)) -> Cell {
    let plain = |text: String| Cell { text, mark: "", class: "" };
    let Some(at) = released.header.questions.iter().position(|q| q.code == question) else {
        return plain(String::new());
    };
    let Some(figure) = table.figures.get(at) else { return plain(String::new()) };
    match figure.view() {
        Figure::Withheld { symbol, .. } | Figure::NotAsked { symbol } => plain(symbol.to_owned()),
        Figure::Shown { shares, .. } => {
            let Some(share) = shares.iter().find(|s| s.option == option) else { return plain(String::new()) };
            let other = whole.and_then(|w| w.figures.get(at)).map(PublishedFigure::view);
            let (mark, class) = match other {
                Some(Figure::Shown { shares, .. }) if table.kind == Kind::School => {
                    let average = shares.iter().find(|s| s.option == option).map(|s| s.band);
                    match average {
                        Some(band) if share.band.from >= band.to => ("▲", "dolen-heat--above"),
                        Some(band) if share.band.to <= band.from => ("▼", "dolen-heat--below"),
                        _ => ("", ""),
                    }
                }
                _ => ("", ""),
            };
            Cell { text: share.range(), mark, class }
        }
    }
}

/// Every school beside the authority, question by question.
#[get("/surveys/{id}/results")]
pub async fn heat(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let id = CampaignId::from_uuid(*id);
    let found = desk.visitor.app.read(&desk.caller, move |work, _| {
        let released = releases::latest(work, id)?;
        let campaign = campaigns::by_id(work, id)?;
        let definition = instruments::by_id(work, campaign.instrument)?.definition;
        Ok((campaign, definition, released))
    });
    let (campaign, definition, released) = found.await?;
    Ok(Page::of(&desk).ok(|page| HeatPage { page, campaign, definition, released })?)
}
