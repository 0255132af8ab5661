//! What every case has: timeline, people, tasks, documents, pauses and links, on one page for either kind.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::cases::{
    self, Case, CaseKind, Document, Event, LinkKind, Linked, NewDocument, NewPerson, NewTask, Pause, PauseReason,
    PersonAround, Relation, Scan, Task, Use,
};
use dolen_domain::db::Work;
use dolen_domain::kernel::{CaseId, CasePersonId, Code, DocumentId, Error, Fault, FaultCode, Result, TaskId};
use uuid::Uuid;

use crate::app::App;
use crate::outbound::scan::scan;
use crate::rest::{Reply, cases as wire};

use super::address;
use super::dates::machine;
use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent};
use super::happenings;
use super::names::{Names, Wanted};
use super::page::Page;
use super::strings::keys;
use super::upload::Upload;

const TOO_LONG: (FaultCode, &str) = (FaultCode::TooLong, keys::SHORTER);
const MISSING: (FaultCode, &str) = (FaultCode::Missing, keys::FILL_IN);

const PERSON: &[Field] = &[
    Field { name: "name", texts: &[MISSING, TOO_LONG] },
    Field { name: "relation", texts: &[] },
    Field { name: "contact", texts: &[TOO_LONG] },
    Field { name: "remark", texts: &[TOO_LONG] },
];
const TASK: &[Field] = &[
    Field { name: "what", texts: &[MISSING, TOO_LONG] },
    Field { name: "due_on", texts: &[(FaultCode::BadFormat, keys::TASK_DAY_WRONG)] },
];
const PAUSE: &[Field] = &[Field { name: "reason", texts: &[] }];
/// The form of a file.
pub const DOCUMENT: &[Field] = &[Field {
    name: "file",
    texts: &[(FaultCode::Missing, keys::DOCUMENT_MISSING), (FaultCode::NotInList, keys::DOCUMENT_KIND_WRONG)],
}];

/// Something to choose from.
struct Choice {
    value: String,
    text: String,
}

/// What only those see who read the content.
struct Opened {
    people: Vec<PersonAround>,
    tasks: Vec<Task>,
    documents: Vec<Document>,
}

/// A case as its page needs it.
struct Found {
    case: Case,
    events: Vec<Event>,
    links: Vec<Linked>,
    pauses: Vec<Pause>,
    opened: Option<Opened>,
    may_keep: bool,
    names: Names,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    page: Page,
    found: Found,
    fields: Fields,
}

impl CasePage {
    /// Where the referral or record itself is.
    fn record(&self, case: &Case) -> String {
        let area = match case.kind {
            CaseKind::Referral => "referrals",
            CaseKind::Warrn => "warrn",
        };
        self.page.link(format!("/{area}/{}", case.id))
    }

    fn title(&self) -> String {
        let key = match self.found.case.kind {
            CaseKind::Referral => keys::REFERRAL_TITLE,
            CaseKind::Warrn => keys::WARRN_TITLE,
        };
        self.page.tell(key, "reference", &self.found.case.reference)
    }

    fn event(&self, event: &Event) -> String {
        happenings::words(&self.page, self.found.case.kind, &event.kind)
    }

    fn link_words(&self, link: &Linked) -> String {
        self.page.say(match (link.kind, link.outward) {
            (LinkKind::LedTo, true) => keys::LINK_LED_TO,
            (LinkKind::LedTo, false) => keys::LINK_CAME_FROM,
            (LinkKind::RedirectedTo, true) => keys::LINK_PASSED_ON_AS,
            (LinkKind::RedirectedTo, false) => keys::LINK_PASSED_ON_FROM,
            (LinkKind::Related, _) => keys::LINK_RELATED,
        })
    }

    fn relations(&self) -> Vec<Choice> {
        let choice = |r: &Relation| Choice { value: r.to_string(), text: self.page.half_of(r.name()).to_owned() };
        Relation::ALL.iter().map(choice).collect()
    }

    fn reasons(&self) -> Vec<Choice> {
        let choice = |r: &PauseReason| Choice { value: r.to_string(), text: self.page.half_of(r.name()).to_owned() };
        PauseReason::ALL.iter().map(choice).collect()
    }

    /// The words for pausing: of clocks where they stop, of waiting where they don't.
    fn pausing(&self) -> Pausing {
        if self.found.case.kind.clocks_can_stop() {
            Pausing {
                none: keys::PAUSES_NONE,
                begin: keys::PAUSE_BEGIN,
                why: keys::PAUSE_REASON,
                end: keys::PAUSE_END,
                lasts: keys::PAUSE_LASTS,
            }
        } else {
            Pausing {
                none: keys::WAITS_NONE,
                begin: keys::WAIT_BEGIN,
                why: keys::WAIT_REASON,
                end: keys::WAIT_END,
                lasts: keys::WAIT_LASTS,
            }
        }
    }

    fn is_paused(&self) -> bool {
        self.found.pauses.iter().any(|p| p.ends_at.is_none())
    }

    fn size(&self, bytes: &i64) -> String {
        self.page.count(keys::KILOBYTES, &((bytes + 999) / 1000))
    }

    fn is_scanned(&self, document: &Document) -> bool {
        document.scan == Scan::Clean
    }
}

/// The words around a case's pauses, as keys.
struct Pausing {
    none: &'static str,
    begin: &'static str,
    why: &'static str,
    end: &'static str,
    lasts: &'static str,
}

fn find(work: &mut Work<'_>, app: &App, id: CaseId) -> Result<Found> {
    let case = cases::case(work, id)?;
    let events = cases::timeline(work, id)?;
    let links = cases::links(work, id)?;
    let pauses = cases::pauses(work, id)?;
    let opened = match cases::people(work, &app.vault, id) {
        Ok(people) => Some(Opened {
            people,
            tasks: cases::tasks(work, &app.vault, id)?,
            documents: cases::documents(work, &app.vault, id)?,
        }),
        Err(error) if error.code == Code::Forbidden => None,
        Err(error) => return Err(error),
    };
    let may_keep = match cases::permit(work, Use::Keep, id) {
        Ok(_) => case.closed.is_none(),
        Err(error) if error.code == Code::Forbidden => false,
        Err(error) => return Err(error),
    };
    let mut wanted = Wanted::default();
    wanted.school(case.school);
    for event in &events {
        wanted.actor(event.actor);
    }
    if let Some(opened) = &opened {
        opened.tasks.iter().for_each(|t| wanted.person(t.person));
        opened.documents.iter().for_each(|d| wanted.actor(d.added_by));
    }
    let names = wanted.find(work)?;
    Ok(Found { case, events, links, pauses, opened, may_keep, names })
}

async fn page_of(desk: &Desk, id: CaseId, fields: Fields, wrong: Option<(&'static [Field], Vec<Fault>)>) -> Reply {
    let found = desk.visitor.app.write(&desk.caller, move |work, app| find(work, app, id)).await?;
    let mut page = Page::of(desk);
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Some((form, faults)) = &wrong {
        form::complain(&mut page, form, faults);
    }
    Ok(page.show(status, |page| CasePage { page, found, fields })?)
}

/// A case. Its reading is on record.
#[get("/cases/{id}")]
pub async fn show(desk: Desk, id: web::Path<Uuid>) -> Reply {
    page_of(&desk, CaseId::from_uuid(*id), Fields::default(), None).await
}

/// After a form: on to the case, or its page again with what is wrong.
async fn after(sent: &Sent, id: CaseId, form: &'static [Field], outcome: Result<HttpResponse>) -> Reply {
    match outcome {
        Err(e) if e.code == Code::InvalidBody => {
            page_of(&sent.desk, id, sent.fields.clone(), Some((form, e.faults))).await
        }
        Err(e) if form::is_stale(e.code) => {
            Ok(Done::at(format!("/cases/{id}"), Flash::Changed).respond(&sent.desk.visitor))
        }
        outcome => Ok(outcome?),
    }
}

/// Adds somebody around the child.
#[post("/cases/{id}/people")]
pub async fn add_person(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let (id, fields) = (CaseId::from_uuid(*id), sent.fields.clone());
    let outcome = sent.once(move |work, app| {
        let new = NewPerson {
            relation: fields.get("relation").to_owned(),
            name: fields.get("name").to_owned(),
            contact: fields.optional("contact"),
            remark: fields.optional("remark"),
        };
        cases::add_person(work, &app.vault, id, new)?;
        Ok(Done::at(format!("/cases/{id}"), Flash::Kept))
    });
    let outcome = outcome.await;
    after(&sent, id, PERSON, outcome).await
}

/// Adds a task for the reader.
#[post("/cases/{id}/tasks")]
pub async fn add_task(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let (id, fields) = (CaseId::from_uuid(*id), sent.fields.clone());
    let outcome = sent.once(move |work, app| {
        cases::permit(work, Use::Keep, id)?;
        let day = fields.optional("due_on").map(|d| d.trim().parse::<chrono::NaiveDate>()).transpose();
        let due_on = day.map_err(|_| Error::fault("/due_on", FaultCode::BadFormat))?;
        cases::add_task(work, &app.vault, id, &NewTask { what: fields.get("what").to_owned(), person: None, due_on })?;
        Ok(Done::at(format!("/cases/{id}"), Flash::Kept))
    });
    let outcome = outcome.await;
    after(&sent, id, TASK, outcome).await
}

/// Lets the clocks stand still.
#[post("/cases/{id}/pauses")]
pub async fn begin_pause(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let (id, fields) = (CaseId::from_uuid(*id), sent.fields.clone());
    let outcome = sent.once(move |work, _| {
        cases::permit(work, Use::Keep, id)?;
        let reason = fields.get("reason").parse().map_err(|code| Error::fault("/reason", code))?;
        cases::pause(work, id, reason)?;
        Ok(Done::at(format!("/cases/{id}"), Flash::Kept))
    });
    let outcome = outcome.await;
    after(&sent, id, PAUSE, outcome).await
}

/// Lets the clocks go on.
#[post("/cases/{id}/pauses/end")]
pub async fn end_pause(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let id = CaseId::from_uuid(*id);
    let outcome = sent.once(move |work, _| {
        cases::resume(work, id)?;
        Ok(Done::at(format!("/cases/{id}"), Flash::Kept))
    });
    let outcome = outcome.await;
    after(&sent, id, PAUSE, outcome).await
}

/// Says that somebody is no longer around the child.
#[post("/cases/{id}/people/{person}/end")]
pub async fn end_person(sent: Sent, path: web::Path<(Uuid, Uuid)>) -> Reply {
    let (id, person) = (CaseId::from_uuid(path.0), CasePersonId::from_uuid(path.1));
    let outcome = sent.once(move |work, _| {
        cases::end_person(work, id, person)?;
        Ok(Done::at(format!("/cases/{id}"), Flash::Kept))
    });
    let outcome = outcome.await;
    after(&sent, id, PERSON, outcome).await
}

/// Marks a task as done.
#[post("/cases/{id}/tasks/{task}/complete")]
pub async fn complete_task(sent: Sent, path: web::Path<(Uuid, Uuid)>) -> Reply {
    let (id, task) = (CaseId::from_uuid(path.0), TaskId::from_uuid(path.1));
    let outcome = sent.once(move |work, _| {
        cases::complete_task(work, id, task)?;
        Ok(Done::at(format!("/cases/{id}"), Flash::Kept))
    });
    let outcome = outcome.await;
    after(&sent, id, TASK, outcome).await
}

/// Keeps a document, once a scanner has seen it.
#[post("/cases/{id}/documents")]
pub async fn add_document(upload: Upload, id: web::Path<Uuid>) -> Reply {
    let (id, Upload { sent, file }) = (CaseId::from_uuid(*id), upload);
    let app = sent.desk.visitor.app.clone();
    // Refused before a scanner is busy with it.
    app.read(&sent.desk.caller, move |work, _| cases::permit(work, Use::Keep, id).map(drop)).await?;
    let outcome = match scan(&app.settings.documents, &file.bytes).await {
        Err(error) => Err(error),
        Ok(scan) => {
            let done = sent.once(move |work, app| {
                let new = NewDocument { name: file.name, media_type: file.media_type, bytes: file.bytes, scan };
                let kept = cases::add_document(work, &app.vault, &app.document_rules(), id, new);
                kept.map_err(at_file)?;
                Ok(Done::at(format!("/cases/{id}"), Flash::Kept))
            });
            done.await
        }
    };
    after(&sent, id, DOCUMENT, outcome).await
}

/// A form has one field for name, kind and bytes.
pub fn at_file(mut error: Error) -> Error {
    for fault in &mut error.faults {
        "/file".clone_into(&mut fault.pointer);
    }
    error
}

/// A document, to be saved.
#[get("/cases/{id}/documents/{document}")]
pub async fn get_document(desk: Desk, path: web::Path<(Uuid, Uuid)>) -> Reply {
    let (id, document) = (CaseId::from_uuid(path.0), DocumentId::from_uuid(path.1));
    let app = desk.visitor.app.clone();
    let opened = app.write(&desk.caller, move |work, app| cases::open_document(work, &app.vault, id, document)).await?;
    Ok(wire::content_response(opened))
}

/// What is added has no page of its own: back to the case, for who signs in again in the middle of it.
#[get("/cases/{id}/{part:people|tasks|pauses|documents}")]
pub async fn back(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let to = address::of(desk.visitor.lang, &format!("/cases/{}", path.0));
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
}
