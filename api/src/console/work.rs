//! The work list: the referrals the reader may see, and the WARRN records they received or sent.

use actix_web::{get, web};
use askama::Template;
use chrono::NaiveDate;
use dolen_domain::access::Action;
use dolen_domain::cases::{self, Case};
use dolen_domain::db::Work;
use dolen_domain::kernel::{Code, Cursor, Page as Part, PageRequest, Result, TaskId, Utc, uk_date};
use dolen_domain::referrals::{self, Envelope, Filter, State};
use dolen_domain::warrn::returns::{self, OwnStep, Returning};
use dolen_domain::warrn::{self, WarrnListed};
use serde::Deserialize;

use crate::rest::Reply;

use super::desk::Desk;
use super::names::{Names, Wanted};
use super::page::Page;
use super::returning;
use super::strings::keys;

/// Records on a page.
const AT_A_TIME: i64 = 50;

/// What part of the work list is asked for. All of it stands in the address, so a list can be kept and passed on.
#[derive(Default, Deserialize)]
pub struct Query {
    state: Option<String>,
    mine: Option<String>,
    cursor: Option<String>,
    warrn: Option<String>,
    warrn_cursor: Option<String>,
}

/// The query, read.
struct Chosen {
    filter: Filter,
    waiting_only: bool,
    /// Those alone whose child has changed school.
    moved_only: bool,
    request: PageRequest,
    warrn_request: PageRequest,
}

impl Chosen {
    fn read(query: &Query) -> Result<Self> {
        let state = query.state.as_deref().filter(|s| !s.is_empty());
        let state = state.map(|s| s.parse::<State>().map_err(|_| Code::InvalidParameter)).transpose()?;
        let request = |cursor: Option<&str>| PageRequest::read(Some(AT_A_TIME), cursor);
        Ok(Self {
            filter: Filter { state, mine: query.mine.is_some(), ..Filter::default() },
            waiting_only: query.warrn.as_deref() == Some("waiting"),
            moved_only: query.warrn.as_deref() == Some("moved"),
            request: request(query.cursor.as_deref())?,
            warrn_request: request(query.warrn_cursor.as_deref())?,
        })
    }

    /// The address of this list with the filter's parts that are kept.
    fn href(&self, state: bool, mine: bool, cursor: Option<Cursor>) -> String {
        let state = self.filter.state.filter(|_| state).map(|s| format!("state={s}"));
        let mine = (mine && self.filter.mine).then(|| "mine=yes".to_owned());
        let cursor = cursor.map(|c| format!("cursor={}", c.encode()));
        address(&[state, mine, cursor])
    }
}

fn address(parts: &[Option<String>]) -> String {
    let query: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    if query.is_empty() { "/work".to_owned() } else { format!("/work?{}", query.join("&")) }
}

struct ReferralsPart {
    found: i64,
    page: Part<Envelope>,
}

#[derive(Template)]
#[template(path = "work.html")]
struct WorkPage {
    page: Page,
    names: Names,
    chosen: Chosen,
    referrals: Option<ReferralsPart>,
    records: Option<Part<WarrnListed>>,
    tasks: Vec<OwnTask>,
    returning: Vec<Returning>,
    steps: Vec<OwnStep>,
    /// Whether the reader could send a WARRN record.
    sends: bool,
    now: Utc,
}

/// What comes first on the list: children who are back soon, the reader's next steps, and their tasks.
type Urgent = (Vec<Returning>, Vec<OwnStep>, Vec<OwnTask>);

/// Days ahead that the next steps are looked for.
const AHEAD_DAYS: u32 = 7;

impl WorkPage {
    fn is_filtered(&self) -> bool {
        self.chosen.filter.state.is_some() || self.chosen.filter.mine
    }

    fn is_chosen(&self, state: &State) -> bool {
        self.chosen.filter.state == Some(*state)
    }

    fn without_state(&self) -> String {
        self.chosen.href(false, true, None)
    }

    fn without_mine(&self) -> String {
        self.chosen.href(true, false, None)
    }

    fn next(&self) -> Option<String> {
        let next = self.referrals.as_ref()?.page.next?;
        Some(self.chosen.href(true, true, Some(next)))
    }

    /// Why somebody sees a record that nothing of waits for.
    fn why_listed(&self, listed: &WarrnListed) -> String {
        match listed {
            WarrnListed::Sender(_) => self.page.say(keys::SENT_BY_YOU),
            WarrnListed::Emergency(_) => self.page.say(keys::OPENED_IN_EMERGENCY),
            WarrnListed::Reader { .. } => String::new(),
        }
    }

    fn next_records(&self) -> Option<String> {
        let next = self.records.as_ref()?.next?;
        Some(address(&[Some(format!("warrn_cursor={}", next.encode()))]))
    }

    fn owner(&self, referral: &Envelope) -> String {
        let officer = referral.officer.and_then(|id| self.names.officer(id));
        officer.or_else(|| referral.queue.clone()).unwrap_or_default()
    }

    /// How late a task is, in words; nothing when it is not.
    fn late(&self, day: &NaiveDate) -> Option<String> {
        let days = (uk_date(self.now) - *day).num_days();
        (days > 0).then(|| self.page.count(keys::OVERDUE_BY, &days))
    }

    fn due(&self, at: &Utc) -> Option<String> {
        overdue(&self.page, *at, self.now)
    }
}

/// How late it is, in words; nothing when it is not.
pub fn overdue(page: &Page, due: Utc, now: Utc) -> Option<String> {
    (due < now).then(|| page.count(keys::OVERDUE_BY, &(uk_date(now) - uk_date(due)).num_days()))
}

/// The colour of a state. The word says it; the colour only helps the eye.
#[must_use]
pub const fn colour(state: &State) -> &'static str {
    match state {
        State::Submitted => "dolen-state--new",
        State::InfoRequested => "dolen-state--waiting",
        State::Accepted => "dolen-state--active",
        State::Declined | State::Redirected => "dolen-state--closed",
    }
}

/// The work list.
#[get("/work")]
pub async fn list(desk: Desk, query: web::Query<Query>) -> Reply {
    if !desk.may(Action::ReadReferral) && !desk.may(Action::ReadWarrn) {
        return Err(Code::Forbidden.into());
    }
    let chosen = Chosen::read(&query)?;
    let asked = desk.clone();
    let (chosen, referrals, records, (returning, steps, tasks), names, now) =
        desk.visitor.app.read(&desk.caller, move |work, _| gather(work, &asked, chosen)).await?;
    let sends = desk.may(Action::SendWarrn);
    Ok(Page::of(&desk).ok(|page| WorkPage {
        page,
        names,
        chosen,
        referrals,
        records,
        tasks,
        returning,
        steps,
        sends,
        now,
    })?)
}

/// An open task of the reader's, by which day, and the case it is for.
type OwnTask = (TaskId, Option<NaiveDate>, Case);

type Gathered = (Chosen, Option<ReferralsPart>, Option<Part<WarrnListed>>, Urgent, Names, Utc);

fn gather(work: &mut Work<'_>, desk: &Desk, chosen: Chosen) -> Result<Gathered> {
    let mut wanted = Wanted::default();
    // A part of the records alone.
    let part_only = chosen.waiting_only || chosen.moved_only;
    let referrals = if desk.may(Action::ReadReferral) && !part_only {
        let found = referrals::count(work, &chosen.filter)?;
        let page = referrals::list(work, &chosen.filter, chosen.request)?;
        for referral in &page.items {
            wanted.school(referral.school);
            wanted.officer(referral.officer);
        }
        Some(ReferralsPart { found, page })
    } else {
        None
    };
    let filtered = chosen.filter.state.is_some() || chosen.filter.mine;
    let records = match (desk.may(Action::ReadWarrn), part_only) {
        (true, true) if chosen.moved_only => Some(Part { items: warrn::moved(work)?, next: None }),
        (true, true) => Some(Part { items: returns::unacknowledged(work)?, next: None }),
        (true, false) if !filtered => Some(warrn::list(work, chosen.warrn_request)?),
        _ => None,
    };
    for listed in records.iter().flat_map(|p| &p.items) {
        wanted.school(listed.record().school);
    }
    // The reader's own tasks and what is urgent stand on the first page of the whole list.
    let first = !filtered && !part_only && chosen.request.after.is_none();
    let tasks = if first { cases::own_tasks(work)? } else { Vec::new() };
    for (_, _, case) in &tasks {
        wanted.school(case.school);
    }
    let whole = !filtered && !part_only;
    let returning = if whole { returning::listed(work, desk, &mut wanted)? } else { Vec::new() };
    let may_step = whole && desk.may(Action::StepWarrn);
    let steps = if may_step { returns::own_steps(work, AHEAD_DAYS)? } else { Vec::new() };
    for own in &steps {
        wanted.school(own.record.school);
    }
    let names = wanted.find(work)?;
    Ok((chosen, referrals, records, (returning, steps, tasks), names, work.now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_what_is_chosen() {
        let query = Query { state: Some("submitted".to_owned()), mine: Some("yes".to_owned()), ..Query::default() };
        let chosen = Chosen::read(&query).unwrap();
        assert_eq!(chosen.href(true, true, None), "/work?state=submitted&mine=yes");
        assert_eq!(chosen.href(false, true, None), "/work?mine=yes");
        assert_eq!(chosen.href(false, false, None), "/work");
        assert!(Chosen::read(&Query { state: Some("lost".to_owned()), ..Query::default() }).is_err());
        assert!(Chosen::read(&Query { state: Some(String::new()), ..Query::default() }).is_ok());
    }
}
