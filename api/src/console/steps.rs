//! What is done with a referral: accept, ask, answer, decline, pass on. One page for each that needs words.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::db::Work;
use dolen_domain::directory::services;
use dolen_domain::kernel::{Code, FaultCode, ReferralId, Result};
use dolen_domain::referrals::{self, Command, DeclineReason, Envelope};
use uuid::Uuid;

use crate::app::App;
use crate::rest::{Reply, etag, etag_matches};

use super::address;
use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent, TOO_LONG};
use super::names::{Names, Wanted};
use super::page::Page;
use super::referrals::commands;
use super::strings::keys;

/// A step that needs words, by the last part of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Ask,
    Answer,
    Decline,
    Redirect,
}

impl Step {
    fn read(word: &str) -> Result<Self> {
        match word {
            "ask" => Ok(Self::Ask),
            "answer" => Ok(Self::Answer),
            "decline" => Ok(Self::Decline),
            "redirect" => Ok(Self::Redirect),
            _ => Err(Code::NotFound.into()),
        }
    }

    const fn command(self) -> Command {
        match self {
            Self::Ask => Command::RequestInformation,
            Self::Answer => Command::Answer,
            Self::Decline => Command::Decline,
            Self::Redirect => Command::Redirect,
        }
    }

    /// Its fields, with what is said of their faults.
    const fn fields(self) -> &'static [Field] {
        match self {
            Self::Ask => &[Field { name: "question", texts: &[(FaultCode::Missing, keys::ASK_MISSING), TOO_LONG] }],
            Self::Answer => &[Field { name: "answer", texts: &[(FaultCode::Missing, keys::ANSWER_MISSING), TOO_LONG] }],
            Self::Decline => &[
                Field { name: "reason", texts: &[(FaultCode::NotInList, keys::DECLINE_REASON_MISSING)] },
                Field { name: "note", texts: &[(FaultCode::Missing, keys::DECLINE_NOTE_MISSING), TOO_LONG] },
            ],
            Self::Redirect => &[
                Field {
                    name: "service",
                    texts: &[
                        (FaultCode::NotFound, keys::REDIRECT_SERVICE_MISSING),
                        (FaultCode::NotInList, keys::REDIRECT_SERVICE_SAME),
                        (FaultCode::NotOpen, keys::REDIRECT_SERVICE_CLOSED),
                    ],
                },
                Field { name: "note", texts: &[TOO_LONG] },
            ],
        }
    }

    fn run(self, work: &mut Work<'_>, app: &App, envelope: &Envelope, fields: &Fields) -> Result<Flash> {
        let (id, version, note) = (envelope.id, envelope.version, fields.optional("note"));
        match self {
            Self::Ask => {
                referrals::request_information(work, &app.vault, id, version, fields.get("question"))?;
                Ok(Flash::Asked)
            }
            Self::Answer => {
                referrals::answer(work, &app.vault, id, version, fields.get("answer"))?;
                Ok(Flash::Answered)
            }
            Self::Decline => {
                referrals::decline(work, &app.vault, id, version, fields.get("reason"), note.as_deref())?;
                Ok(Flash::Declined)
            }
            Self::Redirect => {
                referrals::redirect(work, &app.vault, id, version, fields.get("service"), note.as_deref())?;
                Ok(Flash::Redirected)
            }
        }
    }
}

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

#[derive(Template)]
#[template(path = "step.html")]
struct StepPage {
    page: Page,
    step: Step,
    envelope: Envelope,
    names: Names,
    version: String,
    choices: Vec<Choice>,
    fields: Fields,
}

impl StepPage {
    fn title(&self) -> &'static str {
        match self.step {
            Step::Ask => keys::ASK_TITLE,
            Step::Answer => keys::ANSWER_TITLE,
            Step::Decline => keys::DECLINE_TITLE,
            Step::Redirect => keys::REDIRECT_TITLE,
        }
    }
}

/// What a step's page shows besides what was typed.
struct Around {
    envelope: Envelope,
    names: Names,
    version: String,
    services: Vec<services::Service>,
}

/// The page of a step. It needs the right to take it now.
#[get("/referrals/{id}/{step:ask|answer|decline|redirect}")]
pub async fn ask(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let (id, step) = (ReferralId::from_uuid(path.0), Step::read(&path.1)?);
    page_of(&desk, id, step, Fields::default(), None).await
}

/// Takes a step.
#[post("/referrals/{id}/{step:ask|answer|decline|redirect}")]
pub async fn send(sent: Sent, path: web::Path<(Uuid, String)>) -> Reply {
    let (id, step) = (ReferralId::from_uuid(path.0), Step::read(&path.1)?);
    let (tag, fields) = (sent.version(), sent.fields.clone());
    let outcome = sent.once(move |work, app| {
        let envelope = current(work, app, id, &tag)?;
        let flash = step.run(work, app, &envelope, &fields)?;
        Ok(Done::at(format!("/referrals/{id}"), flash))
    });
    match outcome.await {
        Err(e) if e.code == Code::InvalidBody => {
            page_of(&sent.desk, id, step, sent.fields.clone(), Some(e.faults)).await
        }
        Err(e) if form::is_stale(e.code) => Ok(changed(&sent.desk, id)),
        outcome => Ok(outcome?),
    }
}

/// Accepts a referral.
#[post("/referrals/{id}/accept")]
pub async fn accept(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let id = ReferralId::from_uuid(id.into_inner());
    let tag = sent.version();
    let outcome = sent.once(move |work, app| {
        let envelope = current(work, app, id, &tag)?;
        referrals::accept(work, id, envelope.version)?;
        Ok(Done::at(format!("/referrals/{id}"), Flash::Accepted))
    });
    match outcome.await {
        Err(e) if form::is_stale(e.code) => Ok(changed(&sent.desk, id)),
        outcome => Ok(outcome?),
    }
}

/// Accepting has no page of its own: back to the referral, for who signs in again in the middle of it.
#[get("/referrals/{id}/accept")]
pub async fn back(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let to = address::of(desk.visitor.lang, &format!("/referrals/{id}"));
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
}

/// The referral, when it is still the one the form's page showed.
fn current(work: &mut Work<'_>, app: &App, id: ReferralId, tag: &str) -> Result<Envelope> {
    let envelope = referrals::peek(work, id)?;
    etag_matches(&app.vault, "referral", id.uuid(), envelope.version, tag)?;
    Ok(envelope)
}

fn changed(desk: &Desk, id: ReferralId) -> HttpResponse {
    Done::at(format!("/referrals/{id}"), Flash::Changed).respond(&desk.visitor)
}

async fn page_of(
    desk: &Desk,
    id: ReferralId,
    step: Step,
    fields: Fields,
    faults: Option<Vec<dolen_domain::kernel::Fault>>,
) -> Reply {
    let around = desk.visitor.app.write(&desk.caller, move |work, app| around(work, app, id, step)).await;
    let around = match around {
        Err(e) if e.code == Code::StateConflict => return Ok(changed(desk, id)),
        around => around?,
    };
    let mut page = Page::of(desk);
    let shown = if faults.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    form::complain(&mut page, step.fields(), &faults.unwrap_or_default());
    let choices = match step {
        Step::Ask | Step::Answer => Vec::new(),
        Step::Decline => {
            let choice = |r: &DeclineReason| Choice { value: r.to_string(), text: page.half_of(r.name()).to_owned() };
            DeclineReason::ALL.iter().map(choice).collect()
        }
        Step::Redirect => {
            let choice = |s: &services::Service| Choice { value: s.code.clone(), text: page.half(&s.name).to_owned() };
            around.services.iter().map(choice).collect()
        }
    };
    // A form typed on an old page keeps its version: what changed meanwhile must be seen before it counts.
    let kept = fields.get("version").to_owned();
    let version = if kept.is_empty() { around.version } else { kept };
    let (envelope, names) = (around.envelope, around.names);
    Ok(page.show(shown, |page| StepPage { page, step, envelope, names, version, choices, fields })?)
}

fn around(work: &mut Work<'_>, app: &App, id: ReferralId, step: Step) -> Result<Around> {
    let envelope = referrals::envelope(work, id)?;
    if referrals::transition(envelope.state, step.command()).is_err() {
        return Err(Code::StateConflict.into());
    }
    if !commands(work, &envelope)?.contains(&step.command()) {
        return Err(Code::Forbidden.into());
    }
    let mut wanted = Wanted::default();
    wanted.school(envelope.school);
    let names = wanted.find(work)?;
    let version = etag(&app.vault, "referral", id.uuid(), envelope.version);
    let services = services::all(work)?.into_iter().filter(|s| s.active && s.id != envelope.service).collect();
    Ok(Around { envelope, names, version, services })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_one_step_and_its_fields_are_its_faults_places() {
        for (word, command, first) in [
            ("ask", Command::RequestInformation, "question"),
            ("answer", Command::Answer, "answer"),
            ("decline", Command::Decline, "reason"),
            ("redirect", Command::Redirect, "service"),
        ] {
            let step = Step::read(word).unwrap();
            assert_eq!((step.command(), step.fields()[0].name), (command, first));
        }
        assert!(Step::read("accept").is_err());
    }
}
