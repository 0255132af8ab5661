//! The authority's questionnaires: what there is, and drafts from their beginning to their publication.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_MATCH};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use dolen_domain::db::Work;
use dolen_domain::instruments::drafts::{self, Held, Line};
use dolen_domain::instruments::{Definition, Flaw, ReadingAge, check, reading_ages};
use dolen_domain::kernel::{Bilingual, Code, InstrumentId, Result, uk_date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::command::{expect_json, strict_json, whole_body};
use crate::auth::{Command, Order, Signed};
use crate::rest::directory::TextView;
use crate::rest::problems::{ChangeProblems, CreateProblems, ItemProblems, ReadProblems, RemoveProblems};
use crate::rest::{Kept, Reply, etag, etag_matches, reply, tagged};

/// What the tags of questionnaires are made with.
pub const KIND: &str = "questionnaire";

/// A questionnaire in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionnaireLine)]
pub struct LineView {
    /// Its id; a draft's stays when it is published.
    pub id: uuid::Uuid,
    /// Its code, as campaigns name it.
    #[schema(example = "bullying")]
    pub code: String,
    /// Its version.
    #[schema(example = 2)]
    pub version: i64,
    /// Its name.
    pub title: TextView,
    /// `draft` or `published`. A published version never changes.
    #[schema(example = "published")]
    pub state: &'static str,
    /// Whether it ships with the service.
    pub builtin: bool,
    /// The day it was published, or a draft last changed.
    pub changed_on: chrono::NaiveDate,
}

impl From<Line> for LineView {
    fn from(line: Line) -> Self {
        Self {
            id: line.id.uuid(),
            code: line.code,
            version: line.version,
            title: line.title.into(),
            state: line.stage.as_str(),
            builtin: line.builtin,
            changed_on: uk_date(line.at),
        }
    }
}

/// The questionnaires there are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionnaireList)]
pub struct ListView {
    /// Drafts, then what is published, by code, the newest version first.
    pub items: Vec<LineView>,
}

/// What is wrong with a questionnaire.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionnaireFlaw)]
pub struct FlawView {
    /// A stable word.
    #[schema(example = "missing_language")]
    pub code: &'static str,
    /// Codes that lead to it; empty for the whole.
    #[schema(example = "told/options/yes")]
    pub place: String,
    /// How to mend it.
    pub mend: TextView,
}

impl From<Flaw> for FlawView {
    fn from(flaw: Flaw) -> Self {
        let Bilingual { cy, en } = flaw.kind.words();
        let mend = Bilingual { cy: cy.to_owned(), en: en.to_owned() };
        Self { code: flaw.kind.as_str(), place: flaw.place, mend: mend.into() }
    }
}

/// How old a reader of an English text must be (Flesch–Kincaid). There is no accepted measure for Welsh.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionnaireReadingAge)]
pub struct ReadingAgeView {
    /// The age band that reads it.
    #[schema(example = "7-11")]
    pub band: String,
    /// Codes that lead to the text.
    #[schema(example = "bullied")]
    pub place: String,
    /// Years.
    #[schema(example = 8.5)]
    pub age: f64,
    /// The age of the band's youngest, in years.
    #[schema(example = 7)]
    pub youngest: u8,
    /// Whether the text asks more than the band's youngest have.
    pub is_hard: bool,
}

impl From<ReadingAge> for ReadingAgeView {
    fn from(reading: ReadingAge) -> Self {
        let is_hard = reading.is_hard();
        let age = (reading.age * 10.0).round() / 10.0;
        Self { band: reading.band, place: reading.place, age, youngest: reading.youngest, is_hard }
    }
}

/// A questionnaire with what it asks and what is to be said of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Questionnaire)]
pub struct HeldView {
    /// Its id; a draft's stays when it is published.
    pub id: uuid::Uuid,
    /// Its code, as campaigns name it.
    #[schema(example = "bullying")]
    pub code: String,
    /// Its version.
    #[schema(example = 2)]
    pub version: i64,
    /// `draft` or `published`. A published version never changes.
    #[schema(example = "published")]
    pub state: &'static str,
    /// Whether it ships with the service.
    pub builtin: bool,
    /// The day it was published, or a draft last changed.
    pub changed_on: chrono::NaiveDate,
    /// What it asks, as `dolen instrument check` reads it.
    #[schema(value_type = serde_json::Value)]
    pub definition: Definition,
    /// What keeps a draft from being published; empty when it is fit.
    pub flaws: Vec<FlawView>,
    /// The hardest first.
    pub reading_ages: Vec<ReadingAgeView>,
}

impl From<Held> for HeldView {
    fn from(held: Held) -> Self {
        Self {
            id: held.id.uuid(),
            code: held.definition.code.clone(),
            version: held.definition.version,
            state: held.stage.as_str(),
            builtin: held.builtin,
            changed_on: uk_date(held.at),
            flaws: check(&held.definition).into_iter().map(Into::into).collect(),
            reading_ages: reading_ages(&held.definition).into_iter().map(Into::into).collect(),
            definition: held.definition,
        }
    }
}

/// A draft to be begun.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewQuestionnaire)]
#[serde(deny_unknown_fields)]
pub struct CopyBody {
    /// The published questionnaire that is copied.
    pub copy_of: uuid::Uuid,
    /// The draft's code: one that is free, or the copied one's own for its next version. Those that ship are taken.
    #[schema(example = "example-survey", min_length = 1, max_length = 40)]
    pub code: String,
}

fn tag(app: &App, held: &Held) -> String {
    etag(&app.vault, KIND, held.id.uuid(), held.revision)
}

/// The revision the caller has seen, when it is the draft's. Who may not write it is told so before.
fn seen(work: &mut Work<'_>, app: &App, id: InstrumentId, given: Option<&str>) -> Result<i64> {
    let revision = drafts::revision(work, id)?;
    etag_matches(&app.vault, KIND, id.uuid(), revision, given.ok_or(Code::VersionRequired)?)?;
    Ok(revision)
}

fn if_match(request: &HttpRequest) -> Option<String> {
    let given = request.headers().get(IF_MATCH).and_then(|v| v.to_str().ok());
    given.map(|tag| tag.trim().trim_matches('"').to_owned())
}

/// Most bytes of a definition: four times what any other body may have. The shipped one has half of one.
#[must_use]
pub fn body_limit(app: &App) -> usize {
    app.settings.limits.body_bytes.saturating_mul(4)
}

/// Reads a definition as strictly as any body.
///
/// # Errors
/// [`Code::MalformedBody`], or [`Code::InvalidBody`] with the place.
pub fn definition_of(bytes: &[u8]) -> Result<Definition> {
    strict_json(bytes)
}

/// List questionnaires
///
/// Drafts and all that is published: what ships, and the authority's own.
#[utoipa::path(tag = "surveys", operation_id = "list_questionnaires", security(("session" = [])),
    responses((status = 200, description = "The questionnaires", body = ListView), ReadProblems))]
#[get("/v1/questionnaires")]
pub async fn list_questionnaires(app: web::Data<App>, signed: Signed) -> Reply {
    let lines = app.read(&signed.caller, |work, _| drafts::list(work)).await?;
    Ok(HttpResponse::Ok().json(ListView { items: lines.into_iter().map(Into::into).collect() }))
}

/// Begin a draft
///
/// As a copy of a published questionnaire, which keeps its results comparable: each question keeps its `trend` key.
#[utoipa::path(tag = "surveys", operation_id = "copy_questionnaire", request_body = CopyBody, security(("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 201, description = "A draft", body = HeldView), CreateProblems))]
#[post("/v1/questionnaires")]
pub async fn copy_questionnaire(app: web::Data<App>, command: Command<CopyBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, app| {
        let held = drafts::copy(work, InstrumentId::from_uuid(body.copy_of), &body.code)?;
        let (tag, location) = (tag(app, &held), format!("/v1/questionnaires/{}", held.id));
        Kept::json(StatusCode::CREATED, &HeldView::from(held), Some(tag), Some(location))
    })
    .await
}

/// Get a questionnaire
///
/// Draft or published, with what is wrong with it and how old a reader of its English must be.
#[utoipa::path(tag = "surveys", operation_id = "get_questionnaire", security(("session" = [])),
    params(("questionnaire_id" = uuid::Uuid, Path, description = "The questionnaire's id")),
    responses((status = 200, description = "The questionnaire", body = HeldView), ItemProblems))]
#[get("/v1/questionnaires/{questionnaire_id}")]
pub async fn get_questionnaire(
    request: HttpRequest,
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let id = InstrumentId::from_uuid(*path);
    let held = app.read(&signed.caller, move |work, _| drafts::by_id(work, id)).await?;
    Ok(tagged(&request, &tag(&app, &held), &HeldView::from(held)))
}

/// Replace a draft
///
/// The whole definition, flawed or not; its code and version stay. What is wrong with it is told, and keeps it from being
/// published.
#[utoipa::path(tag = "surveys", operation_id = "replace_questionnaire", security(("session" = [])),
    request_body(content = serde_json::Value, description = "The definition, as `definition` of the questionnaire"),
    params(
        ("questionnaire_id" = uuid::Uuid, Path, description = "The questionnaire's id"),
        ("If-Match" = String, Header, description = "The draft's ETag"),
    ),
    responses((status = 200, description = "The draft as it is now", body = HeldView), ChangeProblems))]
#[put("/v1/questionnaires/{questionnaire_id}")]
pub async fn replace_questionnaire(
    request: HttpRequest,
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    payload: web::Payload,
) -> Reply {
    expect_json(&request)?;
    let body = whole_body(&mut payload.into_inner(), body_limit(&app)).await?;
    let (id, given, definition) = (InstrumentId::from_uuid(*path), if_match(&request), definition_of(&body)?);
    let held = app.write(&signed.caller, move |work, app| {
        let revision = seen(work, app, id, given.as_deref())?;
        drafts::replace(work, id, revision, &definition)
    });
    let held = held.await?;
    let tag = format!("\"{}\"", tag(&app, &held));
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(HeldView::from(held)))
}

/// Publish a draft
///
/// From now on campaigns may ask it, and it never changes. Refused while it has flaws.
#[utoipa::path(tag = "surveys", operation_id = "publish_questionnaire", security(("session" = [])),
    params(
        ("questionnaire_id" = uuid::Uuid, Path, description = "The questionnaire's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The draft's ETag"),
    ),
    responses((status = 200, description = "Published", body = HeldView), ChangeProblems))]
#[post("/v1/questionnaires/{questionnaire_id}/publish")]
pub async fn publish_questionnaire(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let (id, given) = (InstrumentId::from_uuid(*path), order.if_match.clone());
    reply(&app, order, move |work, app| {
        let revision = seen(work, app, id, given.as_deref())?;
        let held = drafts::publish(work, id, revision)?;
        let tag = tag(app, &held);
        Kept::json(StatusCode::OK, &HeldView::from(held), Some(tag), None)
    })
    .await
}

/// Throw a draft away
#[utoipa::path(tag = "surveys", operation_id = "discard_questionnaire", security(("session" = [])),
    params(
        ("questionnaire_id" = uuid::Uuid, Path, description = "The questionnaire's id"),
        ("If-Match" = String, Header, description = "The draft's ETag"),
    ),
    responses((status = 204, description = "It is gone"), RemoveProblems))]
#[delete("/v1/questionnaires/{questionnaire_id}")]
pub async fn discard_questionnaire(
    request: HttpRequest,
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let (id, given) = (InstrumentId::from_uuid(*path), if_match(&request));
    let gone = app.write(&signed.caller, move |work, app| {
        let revision = seen(work, app, id, given.as_deref())?;
        drafts::discard(work, id, revision)
    });
    gone.await?;
    Ok(HttpResponse::NoContent().finish())
}
