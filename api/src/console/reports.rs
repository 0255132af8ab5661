//! What became of a year's returns, for the authority: figures that passed the disclosure rule, and none of a school.

use actix_web::{get, web};
use askama::Template;
use dolen_domain::disclosure::Figure;
use dolen_domain::kernel::{Code, uk_date};
use dolen_domain::warrn::returns::{self, Outcome, Reintegration, SUSTAINED};
use serde::Deserialize;

use crate::rest::Reply;
use crate::rest::warrn::reports::NOTE;

use super::desk::Desk;
use super::page::Page;
use super::strings::keys;

/// The years that can be chosen.
const YEARS: u8 = 5;

/// Which year is asked for; the last one that is over when none is.
#[derive(Default, Deserialize)]
pub struct Query {
    year: Option<String>,
}

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

/// A figure with its heading.
struct Shown<'a> {
    title: &'static str,
    figure: Figure<'a>,
}

#[derive(Template)]
#[template(path = "reintegration.html")]
struct ReportPage {
    page: Page,
    years: Vec<Choice>,
    report: Reintegration,
}

impl ReportPage {
    fn note(&self) -> &'static str {
        self.page.half_of(NOTE)
    }

    fn figures(&self) -> [Shown<'_>; 2] {
        [
            Shown { title: keys::REPORT_OUTCOMES, figure: self.report.outcomes.view() },
            Shown { title: keys::REPORT_SUSTAINED, figure: self.report.sustained.view() },
        ]
    }

    /// The most records there are, when `base` is said: published bases are rounded down to a multiple of five.
    fn top(&self, base: &u64) -> u64 {
        base + 4
    }

    fn option(&self, code: &str) -> String {
        let [six, twelve] = SUSTAINED;
        match code.parse::<Outcome>() {
            Ok(outcome) => self.page.half_of(outcome.name()).to_owned(),
            Err(_) if code == six => self.page.say(keys::SUSTAINED_SIX),
            Err(_) if code == twelve => self.page.say(keys::SUSTAINED_TWELVE),
            Err(_) => code.to_owned(),
        }
    }
}

/// The report of a year. Its reading is on record before it is shown.
#[get("/reports/reintegration")]
pub async fn reintegration(desk: Desk, query: web::Query<Query>) -> Reply {
    let app = desk.visitor.app.clone();
    let over = returns::years_over(uk_date(app.db.clock().now()), YEARS);
    let asked = query.into_inner().year.or_else(|| over.first().cloned()).ok_or(Code::InvalidParameter)?;
    let report = app
        .write(&desk.caller, move |work, app| {
            returns::reintegration(work, &app.settings.warrn, app.threshold(), &asked)
        })
        .await?;
    // A year that was asked for and is not offered stays chosen.
    let earlier = Some(report.academic_year.clone()).filter(|year| !over.contains(year));
    let years = over.into_iter().chain(earlier).map(|year| Choice { text: year.clone(), value: year }).collect();
    Ok(Page::of(&desk).ok(|page| ReportPage { page, years, report })?)
}
