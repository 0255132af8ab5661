//! Surveys: which run, and how far each school is.

use actix_web::{get, web};
use askama::Template;
use chrono::NaiveDate;
use dolen_domain::access::{self, Action};
use dolen_domain::db::Work;
use dolen_domain::directory::schools::School;
use dolen_domain::kernel::{CampaignId, Page as Part, PageRequest, Result, uk_date};
use dolen_domain::surveys::campaigns::{self, Campaign, Progress, Stage, Window};
use dolen_domain::surveys::releases::{self, State};
use serde::Deserialize;
use uuid::Uuid;

use crate::rest::Reply;

use super::desk::Desk;
use super::page::Page;
use super::strings::keys;
use super::{concerns, texts};

/// The pages of surveys, and of what pupils wrote in them.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(list).service(show).configure(texts::routes).configure(concerns::routes);
}

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
            Ok((found, uk_date(work.now())))
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
    let today = uk_date(work.now());
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
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page that some readers see")]
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
    /// Whether the reader sends a file of answers.
    submits: bool,
    /// Whether the reader signs their school's survey off.
    signs: bool,
    /// Whether the reader opens schools again.
    manages: bool,
    /// Whether results were published.
    published: bool,
    /// Whether the reader sees every school's results beside one another.
    reads_release: bool,
    /// Whether the reader takes names out of what pupils wrote.
    redacts: bool,
}

impl SurveyPage {
    fn gives_results(&self) -> bool {
        self.published && self.reads_results
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
    let submits = desk.may(Action::SubmitResponses);
    let manages = desk.may(Action::ManageCampaign);
    let of_every_school = scope.is_some_and(|s| s.everything);
    let reads_release = desk.may(Action::ReadRelease);
    let redacts = desk.may(Action::RedactTexts);
    let (campaign, window, progress, own, published) = desk
        .visitor
        .app
        .read(&desk.caller, move |work, _| {
            let campaign = campaigns::by_id(work, id)?;
            let window = campaign.window(uk_date(work.now()));
            let progress = if sees_progress { Some(campaigns::progress(work, id)?) } else { None };
            let own = if reads_results { campaigns::with_results(work, id)? } else { Vec::new() };
            let published = releases::list(work, id)?.iter().any(|line| line.state == State::Published);
            Ok((campaign, window, progress, own, published))
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
        submits: submits && matches!(window, Window::Open | Window::Closing),
        signs: signs && window != Window::Ahead,
        manages,
        published,
        reads_release,
        redacts,
    })?)
}

#[cfg(test)]
mod tests {
    use dolen_domain::kernel::{Bilingual, SchoolId, SchoolNumber};

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
