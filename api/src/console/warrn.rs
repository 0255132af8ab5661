//! A WARRN record, for its recipients; and how far it got, for its sender.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::cases::NewDocument;
use dolen_domain::db::Work;
use dolen_domain::kernel::{Code, Fault, Utc, WarrnId};
use dolen_domain::notices::Recipient;
use dolen_domain::provision::{self, Kind, Provision};
use dolen_domain::warrn::returns::{self, Progress, Source, Step};
use dolen_domain::warrn::{self, Heading, NamedRecipient, Part, WarrnView};
use uuid::Uuid;

use crate::outbound::scan::scan;
use crate::rest::{Reply, etag, etag_matches};

use super::address;
use super::cases::{DOCUMENT, at_file};
use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Sent};
use super::names::{Names, Wanted};
use super::page::Page;
use super::returns::Form;
use super::strings::keys;
use super::upload::Upload;
use super::work::overdue;

#[derive(Template)]
#[template(path = "warrn.html")]
struct WarrnPage {
    page: Page,
    view: WarrnView,
    names: Names,
    version: String,
    headings: Vec<Heading>,
    progress: Progress,
    /// The forms of what the reader can do now.
    forms: Vec<Form>,
    /// Special provision, for who sees the content.
    provision: Vec<Provision>,
    /// Whether the reader may begin some.
    may_provide: bool,
    /// Below which address the reader, who sent it, adds what belongs to it. Its recipients do so with the case.
    attach_below: Option<String>,
    now: Utc,
    /// Whether the reader can be offered to refer the child from here.
    refers: bool,
    /// Whether the policy could show the reader who has seen it.
    readers: bool,
}

impl WarrnPage {
    fn form(&self, form: &Form) -> String {
        match form {
            Form::Of(step) => self.page.half_of(step.name()).to_owned(),
            Form::Date => self.page.say(keys::CHANGE_RETURN_DATE),
            Form::TakeBack => self.page.say(keys::TAKE_BACK_RETURN),
        }
    }

    fn source(&self) -> String {
        self.page.say(source_key(self.progress.source))
    }

    /// Whether an acknowledgement waits for the reader.
    fn waits(&self) -> bool {
        self.view.mine().is_some_and(|m| m.acknowledged_at.is_none())
    }

    fn overdue(&self, due: &Utc) -> Option<String> {
        overdue(&self.page, *due, self.now)
    }

    fn name(&self, named: &NamedRecipient) -> String {
        let name = match named.to {
            Recipient::Person(id) => self.names.person(id),
            Recipient::Officer(id) => self.names.officer(id),
        };
        name.unwrap_or_else(|| self.page.say(keys::SOMEBODY))
    }

    /// Whether they acknowledge, or did: who left before, or reads what is closed, is asked nothing.
    fn is_asked(&self, named: &NamedRecipient) -> bool {
        let waits = self.view.record().closed_at.is_none() && named.in_force(self.now);
        waits || named.acknowledged_at.is_some()
    }

    fn part(&self, part: &Part) -> String {
        self.page.say(match part {
            Part::Dsp => keys::PART_DSP,
            Part::Ep => keys::PART_EP,
        })
    }

    fn heading(&self, code: &str) -> String {
        let known = self.headings.iter().find(|h| h.code == code);
        known.map_or_else(|| code.to_owned(), |h| self.page.half(&h.label).to_owned())
    }
}

/// The words for where a record came from.
pub const fn source_key(source: Source) -> &'static str {
    match source {
        Source::CamhsInReach => keys::SOURCE_CAMHS_IN_REACH,
        Source::SchoolNurse => keys::SOURCE_SCHOOL_NURSE,
        Source::Other => keys::SOURCE_OTHER,
    }
}

/// A record. Its reading is on record before it is shown.
#[get("/warrn/{id}")]
pub async fn show(desk: Desk, id: web::Path<Uuid>) -> Reply {
    page_of(&desk, WarrnId::from_uuid(id.into_inner()), None).await
}

async fn page_of(desk: &Desk, id: WarrnId, wrong: Option<Vec<Fault>>) -> Reply {
    let app = desk.visitor.app.clone();
    let (view, names, version, progress, forms, provision, may_provide, attaches, now) = app
        .write(&desk.caller, move |work, app| {
            let view = warrn::read(work, &app.vault, id)?;
            let mut wanted = Wanted::default();
            wanted.school(view.record().school);
            view.hand_over_to().iter().for_each(|id| wanted.school(*id));
            for named in view.recipients() {
                match named.to {
                    Recipient::Person(id) => wanted.person(id),
                    Recipient::Officer(id) => wanted.officer([id]),
                }
            }
            let version = etag(&app.vault, "warrn", id.uuid(), view.record().version);
            let (_, progress) = returns::progress(work, id)?;
            let forms = forms(work, &view, &progress);
            let provision = if view.content().is_some() { provision::list(work, id)? } else { Vec::new() };
            let may_provide = view.record().closed_at.is_none() && warrn::version(work, Action::StepWarrn, id).is_ok();
            let attaches = attaches(work, &view);
            Ok((view, wanted.find(work)?, version, progress, forms, provision, may_provide, attaches, work.now()))
        })
        .await?;
    if view.needs_step_up() {
        // A recipient whose second factor is too old: proved once more, they come back here.
        return Err(Code::StepUpRequired.into());
    }
    let headings = app.settings.warrn.headings.clone();
    let readers = desk.may(Action::ReadWarrnReaders);
    let refers = view.mine().is_some() && view.record().closed_at.is_none() && desk.may(Action::OpenReferral);
    let mut page = Page::of(desk);
    let shown = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    form::complain(&mut page, DOCUMENT, &wrong.unwrap_or_default());
    let attach_below = attaches.then(|| page.link("/warrn/"));
    Ok(page.show(shown, |page| WarrnPage {
        page,
        view,
        names,
        version,
        headings,
        progress,
        forms,
        provision,
        may_provide,
        attach_below,
        now,
        refers,
        readers,
    })?)
}

/// Whether the reader can add a document and see none: its sender, while it is open.
fn attaches(work: &mut Work<'_>, view: &WarrnView) -> bool {
    let open = view.record().closed_at.is_none();
    let reads = view.content().is_some() || view.needs_step_up();
    open && !reads && warrn::version(work, Action::AttachToWarrn, view.record().id).is_ok()
}

/// The steps a recipient can take now; the return date, which the sender can move too.
fn forms(work: &mut Work<'_>, view: &WarrnView, progress: &Progress) -> Vec<Form> {
    let possible = match view.mine() {
        Some(_) => returns::possible(progress),
        None => Vec::new(),
    };
    let open = progress.returned.is_none() && progress.closed.is_none();
    let moves = open && warrn::version(work, Action::MoveWarrnReturn, view.record().id).is_ok();
    let steps = Form::ALL.into_iter().filter(|f| matches!(f, Form::Of(step) if possible.contains(step)));
    let takes_back = view.mine().is_some() && returns::can_take_back(progress);
    steps.chain(moves.then_some(Form::Date)).chain(takes_back.then_some(Form::TakeBack)).collect()
}

/// Acknowledges the reader's part.
#[post("/warrn/{id}/acknowledge")]
pub async fn acknowledge(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let id = WarrnId::from_uuid(id.into_inner());
    let tag = sent.version();
    let outcome = sent.once(move |work, app| {
        let now = warrn::envelope(work, id)?.record().version;
        etag_matches(&app.vault, "warrn", id.uuid(), now, &tag)?;
        warrn::acknowledge(work, id, now)?;
        Ok(Done::at(format!("/warrn/{id}"), Flash::Acknowledged))
    });
    match outcome.await {
        Err(e) if form::is_stale(e.code) => {
            Ok(Done::at(format!("/warrn/{id}"), Flash::Changed).respond(&sent.desk.visitor))
        }
        outcome => Ok(outcome?),
    }
}

/// Keeps a document with the record, once a scanner has seen it.
#[post("/warrn/{id}/documents")]
pub async fn attach(upload: Upload, id: web::Path<Uuid>) -> Reply {
    let (id, Upload { sent, file }) = (WarrnId::from_uuid(id.into_inner()), upload);
    let app = sent.desk.visitor.app.clone();
    // Refused before a scanner is busy with it.
    app.read(&sent.desk.caller, move |work, _| warrn::version(work, Action::AttachToWarrn, id).map(drop)).await?;
    let scan = scan(&app.settings.documents, &file.bytes).await?;
    let outcome = sent.once(move |work, app| {
        let new = NewDocument { name: file.name, media_type: file.media_type, bytes: file.bytes, scan };
        warrn::attach(work, &app.vault, &app.document_rules(), id, new).map_err(at_file)?;
        Ok(Done::at(format!("/warrn/{id}"), Flash::Attached))
    });
    match outcome.await {
        Err(e) if e.code == Code::InvalidBody => page_of(&sent.desk, id, Some(e.faults)).await,
        Err(e) if form::is_stale(e.code) => {
            Ok(Done::at(format!("/warrn/{id}"), Flash::Changed).respond(&sent.desk.visitor))
        }
        outcome => Ok(outcome?),
    }
}

/// What is done here has no page of its own: back to the record.
#[get("/warrn/{id}/{part:acknowledge|documents}")]
pub async fn back(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let to = address::of(desk.visitor.lang, &format!("/warrn/{}", path.0));
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
}
