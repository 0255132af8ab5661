//! A referral: what it is, why it is here, what happened, and what the reader may do.

use actix_web::{get, web};
use askama::Template;
use dolen_domain::access::{self, Action, Decision};
use dolen_domain::db::Work;
use dolen_domain::kernel::{Code, ReferralId, Result};
use dolen_domain::referrals::{self, Command, ConsentBy, Envelope, Event, EventKind, Opened};
use uuid::Uuid;

use crate::rest::{Reply, etag};

use super::dates::machine;
use super::desk::Desk;
use super::names::{Names, Wanted};
use super::page::Page;
use super::strings::keys;
use super::work::colour;

/// A referral as its page needs it.
pub struct Found {
    /// What everyone who follows it sees.
    pub envelope: Envelope,
    /// The content, for who must know it.
    opened: Option<Opened>,
    /// Whether the content would open once a second factor was proved again.
    step_up: bool,
    events: Vec<Event>,
    successor: Option<Envelope>,
    commands: Vec<Command>,
    /// The names its page shows.
    pub names: Names,
    /// Its version, as a tag.
    pub version: String,
}

#[derive(Template)]
#[template(path = "referral.html")]
struct ReferralPage {
    page: Page,
    found: Found,
    /// Whether the policy could show the reader who has seen it.
    readers: bool,
}

impl ReferralPage {
    fn offers(&self, command: &Command) -> bool {
        self.found.commands.contains(command)
    }

    /// What has a page of its own, in the order offered.
    const fn steps(&self) -> [(Command, &'static str, &'static str); 4] {
        [
            (Command::Answer, "answer", keys::ANSWER_LINK),
            (Command::RequestInformation, "ask", keys::ASK_LINK),
            (Command::Redirect, "redirect", keys::REDIRECT_LINK),
            (Command::Decline, "decline", keys::DECLINE_LINK),
        ]
    }

    fn owner(&self) -> String {
        let envelope = &self.found.envelope;
        let officer = envelope.officer.and_then(|id| self.found.names.officer(id));
        officer.or_else(|| envelope.queue.clone()).unwrap_or_default()
    }

    /// Why it came here, one sentence for each step.
    fn reasons(&self) -> Vec<String> {
        let sentence = |step: &dolen_domain::routing::Step| {
            self.page.half(&step.sentence(|id| self.found.names.officer(id))).to_owned()
        };
        self.found.envelope.routing.steps.iter().map(sentence).collect()
    }

    /// Who agreed, in words.
    fn consent_key(&self, by: &ConsentBy) -> &'static str {
        match by {
            ConsentBy::Parent => keys::CONSENT_PARENT,
            ConsentBy::Carer => keys::CONSENT_CARER,
            ConsentBy::YoungPerson => keys::CONSENT_YOUNG_PERSON,
        }
    }

    /// What happened, newest first, each with what was said with it where the reader may know that.
    fn timeline(&self) -> Vec<(&Event, Option<&str>)> {
        let notes = self.found.opened.iter().flat_map(|o| &o.notes);
        let mut notes = notes.map(|n| n.text.as_str());
        let mut lines: Vec<_> =
            self.found.events.iter().map(|e| (e, if e.has_note { notes.next() } else { None })).collect();
        lines.reverse();
        lines
    }
}

/// The words for what happened.
const fn event_key(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Opened => keys::EVENT_OPENED,
        EventKind::Accepted => keys::EVENT_ACCEPTED,
        EventKind::InfoRequested => keys::EVENT_INFO_REQUESTED,
        EventKind::Answered => keys::EVENT_ANSWERED,
        EventKind::Declined => keys::EVENT_DECLINED,
        EventKind::Redirected => keys::EVENT_REDIRECTED,
    }
}

/// A referral. Its reading is on record.
#[get("/referrals/{id}")]
pub async fn show(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let id = ReferralId::from_uuid(id.into_inner());
    let app = desk.visitor.app.clone();
    let found = app
        .write(&desk.caller, move |work, app| {
            let reading = referrals::read(work, &app.vault, id)?;
            let version = etag(&app.vault, "referral", id.uuid(), reading.envelope.version);
            let step_up = reading.step_up;
            let found = around(work, reading.envelope, reading.opened, version)?;
            Ok(Found { step_up, ..found })
        })
        .await?;
    let readers = desk.may(Action::ReadReferralReaders);
    Ok(Page::of(&desk).ok(|page| ReferralPage { page, found, readers })?)
}

/// Everything around a referral that its page shows.
fn around(work: &mut Work<'_>, envelope: Envelope, opened: Option<Opened>, version: String) -> Result<Found> {
    let events = referrals::history_beside(work, &envelope)?;
    let commands = commands(work, &envelope)?;
    let successor = match envelope.successor.map(|id| referrals::peek(work, id)) {
        Some(Err(e)) if e.code != Code::NotFound => return Err(e),
        found => found.and_then(Result::ok),
    };
    let mut wanted = Wanted::default();
    wanted.school(envelope.school);
    wanted.officer(envelope.officer);
    wanted.officer(envelope.routing.steps.iter().flat_map(|s| [s.officer, s.instead_of]).flatten());
    for event in &events {
        wanted.actor(event.actor);
    }
    let names = wanted.find(work)?;
    Ok(Found { envelope, opened, step_up: false, events, successor, commands, names, version })
}

/// What the reader may do now: what the policy allows them and the referral's state takes.
pub fn commands(work: &mut Work<'_>, envelope: &Envelope) -> Result<Vec<Command>> {
    let facts = referrals::facts(work, envelope.id)?.unwrap_or_default();
    let standing = access::standing(work)?;
    let allowed = |command: &Command| {
        let action = if *command == Command::Answer { Action::AnswerReferral } else { Action::DecideReferral };
        referrals::transition(envelope.state, *command).is_ok()
            && matches!(access::decide(&standing, None, action, &facts), Decision::Allowed(_))
    };
    Ok(Command::ALL.iter().copied().filter(allowed).collect())
}
