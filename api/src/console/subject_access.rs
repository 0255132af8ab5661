//! Giving a child their own: requests, the pieces one found, and the files.

use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::kernel::{Code, Error, FaultCode, SubjectAccessId};
use dolen_domain::records::subject_access::{
    self, AskedBy, Decision, Format, NewRequest, Piece, Reason, Request, State, source_name,
};
use uuid::Uuid;

use crate::bundle;
use crate::rest::Reply;
use crate::rest::records::file;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent};
use super::page::Page;
use super::strings::keys;

/// The fields of a request.
const REQUEST: &[Field] = &[
    Field { name: "upn", texts: &[] },
    Field { name: "reference", texts: &[] },
    Field { name: "asked_by", texts: &[] },
    Field { name: "received_on", texts: &[] },
];

#[derive(Template)]
#[template(path = "subject_access.html")]
struct ListPage {
    page: Page,
    requests: Vec<Request>,
    fields: Fields,
}

async fn page(desk: &Desk, fields: Fields, faults: Option<Error>) -> Reply {
    let requests = desk.visitor.app.read(&desk.caller, |work, _| subject_access::list(work)).await?;
    let mut page = Page::of(desk);
    let status = match &faults {
        Some(error) => {
            form::complain(&mut page, REQUEST, &error.faults);
            actix_web::http::StatusCode::UNPROCESSABLE_ENTITY
        }
        None => actix_web::http::StatusCode::OK,
    };
    Ok(page.show(status, |page| ListPage { page, requests, fields })?)
}

/// The requests.
#[get("/subject-access")]
pub async fn list(desk: Desk) -> Reply {
    page(&desk, Fields::default(), None).await
}

/// Takes one in.
#[post("/subject-access")]
pub async fn open(sent: Sent) -> Reply {
    let received = sent.fields.get("received_on").trim().parse::<chrono::NaiveDate>();
    let (upn, reference) = (sent.fields.optional("upn"), sent.fields.optional("reference"));
    let asked_by = sent.fields.get("asked_by").to_owned();
    let outcome = sent.once(move |work, app| {
        subject_access::list(work)?;
        let received_on = received.map_err(|_| Error::fault("/received_on", FaultCode::BadFormat))?;
        let new = NewRequest { upn, reference, asked_by, received_on };
        let request = subject_access::open(work, &app.vault, &new)?;
        Ok(Done::at(format!("/subject-access/{}", request.id), Flash::AccessStep))
    });
    match outcome.await {
        Err(error) if !error.faults.is_empty() => page(&sent.desk, sent.fields.clone(), Some(error)).await,
        outcome => Ok(outcome?),
    }
}

#[derive(Template)]
#[template(path = "subject_access_request.html")]
struct RequestPage {
    page: Page,
    request: Request,
    pieces: Option<Vec<Piece>>,
}

impl RequestPage {
    fn source(&self, piece: &Piece) -> &'static str {
        self.page.half_of(source_name(&piece.content.source))
    }

    fn decision(&self, piece: &Piece) -> Option<String> {
        let (decision, reason) = piece.decision?;
        Some(match (decision, reason) {
            (Decision::Redact, Some(reason)) => {
                format!("{}: {}", self.page.say(keys::PIECE_REDACTED), self.page.half_of(reason.name()))
            }
            (Decision::Redact, None) => self.page.say(keys::PIECE_REDACTED),
            (Decision::Keep, _) => self.page.say(keys::PIECE_KEPT),
        })
    }
}

/// A request, with its pieces for who may open them; their reading is on record.
#[get("/subject-access/{id}")]
pub async fn show(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let id = SubjectAccessId::from_uuid(id.into_inner());
    let request = desk.visitor.app.read(&desk.caller, move |work, _| subject_access::request(work, id)).await?;
    let opens = desk.may(Action::OpenSubjectAccess) && request.state == State::Gathered;
    let pieces = if opens {
        let found = desk.visitor.app.write(&desk.caller, move |work, app| subject_access::pieces(work, &app.vault, id));
        Some(found.await?)
    } else {
        None
    };
    Ok(Page::of(&desk).ok(|page| RequestPage { page, request, pieces })?)
}

/// Gathers, releases or withdraws.
#[post("/subject-access/{id}/{step}")]
pub async fn step(sent: Sent, path: web::Path<(Uuid, String)>) -> Reply {
    let (id, word) = path.into_inner();
    let request = SubjectAccessId::from_uuid(id);
    let back = format!("/subject-access/{id}");
    let to = back.clone();
    let outcome = sent.once(move |work, app| {
        match word.as_str() {
            "gather" => subject_access::gather(work, &app.vault, request)?,
            "release" => subject_access::release(work, &app.vault, request, bundle::render)?,
            "withdraw" => subject_access::withdraw(work, request)?,
            _ => return Err(Code::NotFound.into()),
        }
        Ok(Done::at(to, Flash::AccessStep))
    });
    match outcome.await {
        Err(error) if form::is_stale(error.code) => Ok(Done::at(back, Flash::Changed).respond(&sent.desk.visitor)),
        outcome => Ok(outcome?),
    }
}

/// Decides on a piece: one choice, kept or redacted for a reason.
#[post("/subject-access/{id}/pieces/{number}")]
pub async fn decide(sent: Sent, path: web::Path<(Uuid, i64)>) -> Reply {
    let (id, number) = path.into_inner();
    let request = SubjectAccessId::from_uuid(id);
    let choice = sent.fields.get("choice").to_owned();
    let back = format!("/subject-access/{id}#piece-{number}");
    let to = back.clone();
    let outcome = sent.once(move |work, _| {
        let (decision, reason) = if choice == "keep" { ("keep", None) } else { ("redact", Some(choice.as_str())) };
        subject_access::decide(work, request, number, decision, reason)?;
        Ok(Done { to, flash: None })
    });
    match outcome.await {
        Err(error) if form::is_stale(error.code) || error.code == Code::InvalidBody => {
            Ok(Done::at(back, Flash::Changed).respond(&sent.desk.visitor))
        }
        outcome => Ok(outcome?),
    }
}

/// A file of the bundle.
#[get("/subject-access/{id}/bundle/{format}")]
pub async fn download(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let id = SubjectAccessId::from_uuid(path.0);
    let format: Result<Format, _> = path.1.parse();
    let found = desk.visitor.app.write(&desk.caller, move |work, app| {
        subject_access::permit(work, id)?;
        subject_access::download(work, &app.vault, id, format.map_err(|_| Code::NotFound)?)
    });
    Ok(file(&path.1, found.await?))
}
