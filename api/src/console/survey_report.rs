//! The authority's annual report of a survey: a page, and the same as a file.

use std::sync::Arc;

use actix_web::{get, web};
use askama::Template;
use dolen_domain::kernel::{CampaignId, Code};
use dolen_domain::surveys::campaigns::{self, Campaign};
use dolen_domain::surveys::reports;
use uuid::Uuid;

use crate::paper::{self, Bars, Block, Level};
use crate::rest::Reply;
use crate::rest::surveys::tidy;

use super::desk::Desk;
use super::page::Page;
use super::paper_file::{self, Source};
use super::report_words;
use super::results::Tongue;
use super::strings::keys;

/// The pages of the report.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(show).service(file);
}

#[derive(Template)]
#[template(path = "survey_report.html")]
struct ReportPage {
    page: Page,
    campaign: Campaign,
    /// What it says; nothing until something is published.
    blocks: Vec<Block>,
}

impl ReportPage {
    fn chart(&self, chart: &Bars) -> String {
        paper::svg(chart, "report").unwrap_or_default()
    }
}

/// The report of a campaign, once results are published.
#[get("/surveys/{id}/report")]
pub async fn show(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let id = CampaignId::from_uuid(*id);
    let found = desk.visitor.app.read(&desk.caller, move |work, _| {
        let annual = match reports::annual(work, id) {
            Err(e) if e.code == Code::StateConflict => None,
            found => Some(found?),
        };
        Ok((campaigns::by_id(work, id)?, annual))
    });
    let (campaign, annual) = found.await?;
    let said = annual.map(|annual| report_words::paper(&desk.visitor.strings, &annual, &[desk.visitor.lang]));
    let blocks = said.map(|paper| paper.blocks).unwrap_or_default();
    Ok(Page::of(&desk).ok(|page| ReportPage { page, campaign, blocks })?)
}

/// The report as a file: `pdf`, `csv` or `xlsx`.
#[get("/surveys/{id}/report/{format}")]
pub async fn file(desk: Desk, path: web::Path<(Uuid, String)>, tongue: web::Query<Tongue>) -> Reply {
    let (id, format) = path.into_inner();
    let id = CampaignId::from_uuid(id);
    let annual = desk.visitor.app.read(&desk.caller, move |work, _| reports::annual(work, id)).await?;
    let (langs, strings, annual) = (tongue.langs(desk.visitor.lang), desk.visitor.strings.clone(), Arc::new(annual));
    let (made_on, said) = (annual.released.header.published_on, Arc::clone(&annual));
    let source = Source {
        name: "report",
        made_on,
        paper: move || report_words::paper(&strings, &said, &langs),
        table: move || tidy::of_report(&annual),
    };
    paper_file::answer(&format, source).await
}
