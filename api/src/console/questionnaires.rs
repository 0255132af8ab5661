//! The authority's questionnaires: the list, a copy, its file, what is wrong with it, how a pupil would see it, publishing.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::db::Work;
use dolen_domain::instruments::drafts::{self, Held, Line, Stage};
use dolen_domain::instruments::{Choice as Answer, Flaw, Kind, Question, ReadingAge, Wording, check, reading_ages};
use dolen_domain::kernel::{Code, Error, Fault, FaultCode, InstrumentId, Result};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::rest::surveys::{KIND, body_limit, definition_of};
use crate::rest::{Reply, etag, etag_matches};

use super::campaigns::Choice;
use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Field, Fields, Sent, complain, is_stale};
use super::page::{FieldError, Page};
use super::strings::keys;
use super::symbols;
use super::upload::Upload;

/// The pages of questionnaires.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(list).service(copy).service(show).service(upload).service(publish).service(discard);
    config.service(preview).service(download);
}

const COPY: &[Field] = &[
    Field {
        name: "code",
        texts: &[
            (FaultCode::BadFormat, keys::QUESTIONNAIRE_CODE_WRONG),
            (FaultCode::Duplicate, keys::QUESTIONNAIRE_CODE_TAKEN),
        ],
    },
    Field { name: "copy_of", texts: &[(FaultCode::NotInList, keys::CHOOSE_ONE)] },
];

/// Faults of a file shown on the page.
const SHOWN: usize = 20;

/// How far a questionnaire is, in words and colour.
const fn stage_words(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Draft => (keys::QUESTIONNAIRE_DRAFT, "dolen-state--waiting"),
        Stage::Published => (keys::QUESTIONNAIRE_PUBLISHED, "dolen-state--active"),
    }
}

/// Published questionnaires to choose from, as `code/version`, with their names.
pub fn published(page: &Page, lines: &[Line]) -> Vec<Choice> {
    let one = |line: &Line| Choice {
        value: format!("{}/{}", line.code, line.version),
        text: format!("{} ({} {})", page.half(&line.title), line.code, line.version),
    };
    lines.iter().filter(|line| line.stage == Stage::Published).map(one).collect()
}

#[derive(Template)]
#[template(path = "questionnaires.html")]
struct ListPage {
    page: Page,
    lines: Vec<Line>,
    sources: Vec<Choice>,
    fields: Fields,
}

#[derive(Template)]
#[template(path = "questionnaire.html")]
struct ShowPage {
    page: Page,
    held: Held,
    flaws: Vec<Flaw>,
    ages: Vec<ReadingAge>,
    version: String,
}

impl ShowPage {
    fn is_draft(&self) -> bool {
        self.held.stage == Stage::Draft
    }

    fn years(ages: &ReadingAge) -> String {
        format!("{:.0}", ages.age)
    }
}

#[derive(Template)]
#[template(path = "questionnaire_preview.html")]
struct PreviewPage {
    page: Page,
    held: Held,
    band: String,
}

impl PreviewPage {
    fn questions(&self) -> Vec<&Question> {
        self.held.definition.questions_of(&self.band).collect()
    }

    /// A text for the band; a draft may lack it.
    fn wording<'a>(&'a self, wording: &'a Wording) -> &'a str {
        wording.of(&self.band).map_or("–", |text| self.page.half(text))
    }

    fn takes_text(&self, question: &Question) -> bool {
        question.kind == Kind::Text
    }

    fn takes_several(&self, question: &Question) -> bool {
        question.kind == Kind::Multi
    }

    fn answers<'a>(&'a self, question: &'a Question) -> Vec<&'a Answer> {
        let offered = self.held.definition.options_of(question).iter();
        offered.filter(|c| c.bands.is_empty() || c.bands.contains(&self.band)).collect()
    }

    fn symbol(&self, answer: &Answer) -> String {
        answer.drawn().map(symbols::drawn).unwrap_or_default()
    }

    /// After which answers it is asked.
    fn after(&self, question: &Question) -> Vec<String> {
        question.ask_if.iter().map(|on| format!("{}: {}", on.question, on.any_of.join(", "))).collect()
    }
}

/// Drafts and all that is published.
#[get("/questionnaires")]
pub async fn list(desk: Desk) -> Reply {
    list_page(&desk, Fields::default(), None).await
}

async fn list_page(desk: &Desk, fields: Fields, wrong: Option<Vec<Fault>>) -> Reply {
    let lines = desk.visitor.app.read(&desk.caller, |work, _| drafts::list(work)).await?;
    let mut page = Page::of(desk);
    let shown = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    complain(&mut page, COPY, &wrong.unwrap_or_default());
    let sources = published(&page, &lines);
    Ok(page.show(shown, |page| ListPage { page, lines, sources, fields })?)
}

/// Begins a draft.
#[post("/questionnaires")]
pub async fn copy(sent: Sent) -> Reply {
    let (of, code) = (sent.fields.get("copy_of").to_owned(), sent.fields.get("code").to_owned());
    let made = sent.once(move |work, _| {
        let source = source(work, &of)?;
        let held = drafts::copy(work, source, &code)?;
        Ok(Done::at(format!("/questionnaires/{}", held.id), Flash::QuestionnaireCopied))
    });
    match made.await {
        Err(e) if e.code == Code::InvalidBody => list_page(&sent.desk, sent.fields, Some(e.faults)).await,
        made => Ok(made?),
    }
}

/// The published questionnaire that a form's `code/version` names.
fn source(work: &mut Work<'_>, chosen: &str) -> Result<InstrumentId> {
    let lines = drafts::list(work)?;
    let named = |line: &&Line| line.stage == Stage::Published && format!("{}/{}", line.code, line.version) == chosen;
    let found = lines.iter().find(named).map(|line| line.id);
    found.ok_or_else(|| Error::fault("/copy_of", FaultCode::NotInList))
}

/// A questionnaire: what is wrong with it, and what can be done with a draft.
#[get("/questionnaires/{id}")]
pub async fn show(desk: Desk, id: web::Path<Uuid>) -> Reply {
    show_page(&desk, InstrumentId::from_uuid(*id), Vec::new()).await
}

async fn show_page(desk: &Desk, id: InstrumentId, wrong: Vec<String>) -> Reply {
    let app = &desk.visitor.app;
    let held = app.read(&desk.caller, move |work, _| drafts::by_id(work, id)).await?;
    let version = etag(&app.vault, KIND, held.id.uuid(), held.revision);
    let (flaws, mut ages) = (check(&held.definition), reading_ages(&held.definition));
    ages.retain(ReadingAge::is_hard);
    let mut page = Page::of(desk);
    page.errors = wrong.into_iter().map(|text| FieldError { field: "file".into(), text }).collect();
    let shown = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page.show(shown, |page| ShowPage { page, held, flaws, ages, version })?)
}

/// The draft's revision, when the form was made for it.
fn seen(work: &mut Work<'_>, app: &App, id: InstrumentId, version: &str) -> Result<i64> {
    let revision = drafts::revision(work, id)?;
    etag_matches(&app.vault, KIND, id.uuid(), revision, version)?;
    Ok(revision)
}

/// Puts a file in the place of a draft.
#[post("/questionnaires/{id}")]
pub async fn upload(request: HttpRequest, id: web::Path<Uuid>, payload: web::Payload) -> Reply {
    let desk = Desk::of(&request).await?;
    let limit = body_limit(&desk.visitor.app);
    let Upload { sent, file } = Upload::within(desk, &request, &mut payload.into_inner(), limit).await?;
    let id = InstrumentId::from_uuid(*id);
    let bytes = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes);
    let done = match definition_of(bytes) {
        Ok(definition) => {
            let version = sent.version();
            let written = sent.once(move |work, app| {
                let revision = seen(work, app, id, &version)?;
                drafts::replace(work, id, revision, &definition)?;
                Ok(Done::at(format!("/questionnaires/{id}"), Flash::QuestionnaireWritten))
            });
            written.await
        }
        Err(error) => Err(error),
    };
    match done {
        Err(e) if matches!(e.code, Code::InvalidBody | Code::MalformedBody) => {
            let wrong = complaints(&Page::of(&sent.desk), &e);
            show_page(&sent.desk, id, wrong).await
        }
        done => after(&sent, id, done),
    }
}

/// What is wrong with a file, each with its place.
fn complaints(page: &Page, error: &Error) -> Vec<String> {
    let at = |fault: &Fault| format!("{}: {}", fault.pointer, page.half_of(fault.code.mend()));
    let faults: Vec<String> = error.faults.iter().take(SHOWN).map(at).collect();
    let whole = || {
        let title = page.half_of(error.code.title());
        vec![error.detail.as_ref().map_or_else(|| title.to_owned(), |detail| format!("{title} ({detail})"))]
    };
    if faults.is_empty() { whole() } else { faults }
}

/// Back to the questionnaire when it is no longer as the form's page showed it.
fn after(sent: &Sent, id: InstrumentId, done: Result<HttpResponse>) -> Reply {
    match done {
        Err(e) if is_stale(e.code) => {
            Ok(Done::at(format!("/questionnaires/{id}"), Flash::Changed).respond(&sent.desk.visitor))
        }
        done => Ok(done?),
    }
}

/// Publishes a draft.
#[post("/questionnaires/{id}/publish")]
pub async fn publish(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let (id, version) = (InstrumentId::from_uuid(*id), sent.version());
    let done = sent.once(move |work, app| {
        let revision = seen(work, app, id, &version)?;
        drafts::publish(work, id, revision)?;
        Ok(Done::at(format!("/questionnaires/{id}"), Flash::QuestionnairePublished))
    });
    after(&sent, id, done.await)
}

/// Throws a draft away.
#[post("/questionnaires/{id}/discard")]
pub async fn discard(sent: Sent, id: web::Path<Uuid>) -> Reply {
    let (id, version) = (InstrumentId::from_uuid(*id), sent.version());
    let done = sent.once(move |work, app| {
        let revision = seen(work, app, id, &version)?;
        drafts::discard(work, id, revision)?;
        Ok(Done::at("/questionnaires", Flash::QuestionnaireDiscarded))
    });
    after(&sent, id, done.await)
}

/// Whose questions are shown.
#[derive(Default, Deserialize)]
pub struct Whose {
    band: Option<String>,
}

/// Every question of an age band as a pupil would see it, in the page's language.
#[get("/questionnaires/{id}/preview")]
pub async fn preview(desk: Desk, id: web::Path<Uuid>, whose: web::Query<Whose>) -> Reply {
    let id = InstrumentId::from_uuid(*id);
    let held = desk.visitor.app.read(&desk.caller, move |work, _| drafts::by_id(work, id)).await?;
    let bands = &held.definition.bands;
    let asked = whose.into_inner().band.and_then(|code| bands.iter().find(|band| band.code == code));
    let band = asked.or_else(|| bands.first()).map(|band| band.code.clone()).unwrap_or_default();
    Ok(Page::of(&desk).ok(|page| PreviewPage { page, held, band })?)
}

/// The definition as a file, to be changed and sent again.
#[get("/questionnaires/{id}/file")]
pub async fn download(desk: Desk, id: web::Path<Uuid>) -> Reply {
    let id = InstrumentId::from_uuid(*id);
    let held = desk.visitor.app.read(&desk.caller, move |work, _| drafts::by_id(work, id)).await?;
    let body = serde_json::to_vec_pretty(&held.definition).map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"dolen-questionnaire.json\""))
        .body(body))
}
