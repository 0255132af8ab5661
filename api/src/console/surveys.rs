//! Surveys: which run, how far each school is, and a school's results.

use actix_web::{get, web};
use askama::Template;
use chrono::NaiveDate;
use dolen_domain::access::{self, Action};
use dolen_domain::db::Work;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::instruments::{Choice, Definition, Question, Wording};
use dolen_domain::kernel::{Bilingual, CampaignId, Code, Page as Part, PageRequest, Result, SchoolNumber};
use dolen_domain::surveys::campaigns::{self, Campaign, Progress, Stage, Window};
use dolen_domain::surveys::releases::{self, Figure, QuestionResult, Results};
use serde::Deserialize;
use uuid::Uuid;

use crate::rest::Reply;

use super::desk::Desk;
use super::page::Page;
use super::strings::keys;

/// Which campaigns are asked for.
#[derive(Default, Deserialize)]
pub struct Query {
    open: Option<String>,
    cursor: Option<String>,
}

/// Where a campaign's window stands, in words and colour.
const fn window_words(window: Window) -> (&'static str, &'static str) {
    match window {
        Window::Ahead => (keys::WINDOW_AHEAD, "dolen-state--waiting"),
        Window::Open => (keys::WINDOW_OPEN, "dolen-state--active"),
        Window::Closing => (keys::WINDOW_CLOSING, "dolen-state--waiting"),
        Window::Over => (keys::WINDOW_OVER, "dolen-state--closed"),
    }
}

/// How far a school is, in words and colour.
const fn stage_words(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Owing => (keys::STAGE_OWING, "dolen-state--waiting"),
        Stage::Begun => (keys::STAGE_BEGUN, "dolen-state--active"),
        Stage::SignedOff => (keys::STAGE_SIGNED_OFF, "dolen-state--closed"),
        Stage::NilReturn => (keys::STAGE_NIL_RETURN, "dolen-state--closed"),
    }
}

#[derive(Template)]
#[template(path = "surveys.html")]
struct SurveysPage {
    page: Page,
    campaigns: Part<Campaign>,
    open_only: bool,
    today: NaiveDate,
    /// Whether the reader makes campaigns.
    makes: bool,
}

/// The campaigns, newest first.
#[get("/surveys")]
pub async fn list(desk: Desk, query: web::Query<Query>) -> Reply {
    let open_only = query.open.is_some();
    let request = PageRequest::read(None, query.cursor.as_deref())?;
    let (campaigns, today) = desk
        .visitor
        .app
        .read(&desk.caller, move |work, _| {
            let found =
                if open_only { Part { items: open_now(work)?, next: None } } else { campaigns::list(work, request)? };
            Ok((found, work.now().date()))
        })
        .await?;
    let makes = desk.may(Action::ManageCampaign);
    Ok(Page::of(&desk).ok(|page| SurveysPage { page, campaigns, open_only, today, makes })?)
}

/// The campaigns whose window is open today, newest first.
///
/// # Errors
/// A refusal of `access`.
pub fn open_now(work: &mut Work<'_>) -> Result<Vec<Campaign>> {
    let today = work.now().date();
    let mut found = Vec::new();
    let mut request = PageRequest::read(Some(200), None)?;
    loop {
        let page = campaigns::list(work, request)?;
        found.extend(page.items.into_iter().filter(|c| c.window(today) == Window::Open));
        match page.next {
            Some(next) => request.after = Some(next),
            None => return Ok(found),
        }
    }
}

#[derive(Template)]
#[template(path = "survey.html")]
struct SurveyPage {
    page: Page,
    campaign: Campaign,
    window: Window,
    progress: Option<Vec<Progress>>,
    own: Vec<School>,
    /// Whether the reader has the results of every school.
    of_every_school: bool,
    reads_results: bool,
    /// Whether the reader makes codes for the pupils of their school.
    makes_codes: bool,
    /// Whether the reader signs their school's survey off.
    signs: bool,
    /// Whether the reader opens schools again.
    manages: bool,
}

impl SurveyPage {
    fn gives_results(&self) -> bool {
        self.window == Window::Over && self.reads_results
    }

    fn schools_done(&self) -> usize {
        self.progress.iter().flatten().filter(|p| p.accepted > 0).count()
    }
}

/// How many of those on roll have answered, in whole per cent; nothing when the roll is not known.
fn rate(progress: &Progress) -> Option<i64> {
    let roll = progress.roll.filter(|r| *r > 0)?;
    progress.accepted.checked_mul(100).map(|n| n / roll)
}

/// A campaign: its window, and how far each school is for who may know that.
#[get("/surveys/{id}")]
pub async fn show(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let id = CampaignId::from_uuid(id.into_inner());
    let sees_progress = desk.may(Action::ReadProgress);
    let scope = access::scope_of(&desk.standing, Action::ReadResults);
    let reads_results = scope.is_some();
    let makes_codes = desk.may(Action::ManageCodes);
    let signs = desk.may(Action::SignOffSurvey);
    let manages = desk.may(Action::ManageCampaign);
    let of_every_school = scope.is_some_and(|s| s.everything);
    let (campaign, window, progress, own) = desk
        .visitor
        .app
        .read(&desk.caller, move |work, _| {
            let campaign = campaigns::by_id(work, id)?;
            let window = campaign.window(work.now().date());
            let progress = if sees_progress { Some(campaigns::progress(work, id)?) } else { None };
            let own = if reads_results { campaigns::with_results(work, id)? } else { Vec::new() };
            Ok((campaign, window, progress, own))
        })
        .await?;
    Ok(Page::of(&desk).ok(|page| SurveyPage {
        page,
        campaign,
        window,
        progress,
        own,
        of_every_school,
        reads_results,
        makes_codes: makes_codes && window != Window::Over,
        signs: signs && window != Window::Ahead,
        manages,
    })?)
}

#[derive(Template)]
#[template(path = "results.html")]
struct ResultsPage {
    page: Page,
    campaign: Campaign,
    school: School,
    /// Nothing until the window has closed.
    results: Option<Results>,
}

/// A question as its table shows it.
struct Shown<'a> {
    code: &'a str,
    text: &'a str,
    figure: Figure<'a>,
}

impl ResultsPage {
    fn questions(&self) -> Vec<Shown<'_>> {
        let published = self.results.iter();
        published.flat_map(|r| r.questions.iter().map(|q| self.shown(&r.definition, q))).collect()
    }

    fn shown<'a>(&'a self, definition: &'a Definition, result: &'a QuestionResult) -> Shown<'a> {
        let question = definition.questions.iter().find(|q| q.code == result.question);
        let text = question.and_then(|q| first_wording(definition, &q.text));
        Shown {
            code: &result.question,
            text: text.map_or(result.question.as_str(), |t| self.page.half(t)),
            figure: result.figure.view(),
        }
    }

    /// Whether no answers came in at all.
    fn is_empty(&self) -> bool {
        let not_asked = |q: &QuestionResult| matches!(q.figure.view(), Figure::NotAsked { .. });
        self.results.iter().all(|r| r.questions.iter().all(not_asked))
    }

    /// The most who answered, when `base` is said: published bases are rounded down to a multiple of five.
    fn top(&self, base: &u64) -> u64 {
        base + 4
    }

    fn option<'a>(&'a self, question: &str, code: &'a str) -> &'a str {
        let label = self.results.as_ref().and_then(|r| {
            let question = r.definition.questions.iter().find(|q| q.code == question)?;
            let choice = choice(&r.definition, question, code)?;
            first_wording(&r.definition, &choice.label)
        });
        label.map_or(code, |l| self.page.half(l))
    }
}

fn choice<'a>(definition: &'a Definition, question: &'a Question, code: &str) -> Option<&'a Choice> {
    definition.options_of(question).iter().find(|c| c.code == code)
}

/// The text for everyone, or that of the oldest band that has one: its wording is the nearest to a grown-up reader's.
fn first_wording<'a>(definition: &'a Definition, wording: &'a Wording) -> Option<&'a Bilingual> {
    definition.bands.iter().rev().find_map(|b| wording.of(&b.code))
}

/// A school's results, once the window has closed.
#[get("/surveys/{id}/schools/{number}")]
pub async fn results(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let id = CampaignId::from_uuid(path.0);
    let number = SchoolNumber::parse(&path.1).map_err(|_| Code::NotFound)?;
    let (campaign, school, results) = desk
        .visitor
        .app
        .read(&desk.caller, move |work, app| {
            let campaign = campaigns::by_id(work, id)?;
            let school = schools::by_number(work, &number)?;
            let results = match releases::results(work, id, &number, app.threshold()) {
                Err(e) if e.code == Code::StateConflict => None,
                found => Some(found?),
            };
            Ok((campaign, school, results))
        })
        .await?;
    Ok(Page::of(&desk).ok(|page| ResultsPage { page, campaign, school, results })?)
}

#[cfg(test)]
mod tests {
    use dolen_domain::kernel::SchoolId;

    use super::*;

    #[test]
    fn a_rate_needs_a_roll() {
        let progress = |accepted, roll| Progress {
            school: SchoolId::from_uuid(Uuid::nil()),
            number: SchoolNumber::parse("6764051").unwrap(),
            name: Bilingual { cy: String::new(), en: String::new() },
            accepted,
            roll,
            last_received_on: None,
            years: Vec::new(),
            stage: Stage::Owing,
            part: campaigns::Part::default(),
        };
        assert_eq!(
            [rate(&progress(5, Some(40))), rate(&progress(5, Some(0))), rate(&progress(5, None))],
            [Some(12), None, None]
        );
    }
}
