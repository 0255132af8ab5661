//! Concerns: that somebody in a class wrote words that say somebody may be hurt, and what to do.

use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::directory::schools;
use dolen_domain::kernel::{CampaignId, Code, ConcernId, SchoolNumber};
use dolen_domain::surveys::concerns::{self, Concern, Scope};
use uuid::Uuid;

use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Sent};
use super::names::{Names, Wanted};
use super::page::Page;
use super::strings::keys;

/// The pages of concerns.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(list).service(acknowledge);
}

/// A concern, and its school's number.
struct Row {
    concern: Concern,
    number: String,
}

#[derive(Template)]
#[template(path = "concerns.html")]
struct ConcernsPage {
    page: Page,
    rows: Vec<Row>,
    names: Names,
    /// Whether the reader takes concerns up.
    acknowledges: bool,
}

impl ConcernsPage {
    fn group(&self, scope: &Scope) -> String {
        match scope {
            Scope::Class(year, class) => self.page.two(keys::CONCERN_CLASS, class, year.number()),
            Scope::Year(year) => self.page.tell(keys::CONCERN_YEAR, "year", year.number()),
            Scope::School => self.page.say(keys::CONCERN_SCHOOL),
        }
    }

    fn action(&self, row: &Row) -> String {
        let Concern { id, campaign, .. } = &row.concern;
        self.page.link(format!("/surveys/{campaign}/schools/{}/concerns/{id}/acknowledge", row.number))
    }
}

/// The concerns of the reader's schools. Their reading is on record before they are shown.
#[get("/concerns")]
pub async fn list(desk: Desk) -> Reply {
    let found = desk.visitor.app.write(&desk.caller, |work, _| {
        let found = concerns::list(work)?;
        let mut wanted = Wanted::default();
        for concern in &found {
            wanted.school(concern.school);
            if let Some((person, _)) = concern.acknowledged {
                wanted.person(person);
            }
        }
        let ids: Vec<_> = found.iter().map(|concern| concern.school).collect();
        let at = schools::by_ids(work, &ids)?;
        let number = |concern: &Concern| at.iter().find(|s| s.id == concern.school).map(|s| s.number.to_string());
        let row = |concern: Concern| Row { number: number(&concern).unwrap_or_default(), concern };
        Ok((found.into_iter().map(row).collect(), wanted.find(work)?))
    });
    let (rows, names) = found.await?;
    let acknowledges = desk.may(Action::AcknowledgeConcern);
    Ok(Page::of(&desk).ok(|page| ConcernsPage { page, rows, names, acknowledges })?)
}

/// Takes one up.
#[post("/surveys/{id}/schools/{number}/concerns/{concern}/acknowledge")]
pub async fn acknowledge(sent: Sent, path: web::Path<(Uuid, String, Uuid)>) -> Reply {
    let (campaign, number, id) = path.into_inner();
    let number = SchoolNumber::parse(&number).map_err(|_| Code::NotFound)?;
    let done = sent.once(move |work, _| {
        concerns::acknowledge(work, (CampaignId::from_uuid(campaign), &number), ConcernId::from_uuid(id))?;
        Ok(Done::at("/concerns", Flash::ConcernTakenUp))
    });
    Ok(done.await?)
}
