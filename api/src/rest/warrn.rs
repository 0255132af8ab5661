//! WARRN records.

pub mod bodies;
pub mod documents;
pub mod hand_over;
pub mod refer;
pub mod reports;
pub mod returns;
pub mod views;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use dolen_domain::access::Action;
use dolen_domain::db::Work;
use dolen_domain::directory::schools;
use dolen_domain::kernel::{Code, Error, Result, SchoolNumber, Utc, WarrnId};
use dolen_domain::pupils::NewPupil;
use dolen_domain::warrn::{self, NamedRecipient, Section, SendWarrn, WarrnEnvelope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Order, Signed};

use super::problems::{ChangeProblems, CreateProblems, ItemProblems, ListProblems};
use super::{Kept, PageQuery, Reply, etag, etag_matches, reply, tagged};

/// The tag's kind.
pub const KIND: &str = "warrn";

/// Who a child is.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewPupil)]
#[serde(deny_unknown_fields)]
pub struct NewPupilBody {
    /// Given name.
    #[schema(min_length = 1, max_length = 100, example = "Enghraifft")]
    pub given_name: String,
    /// Family name.
    #[schema(min_length = 1, max_length = 100, example = "Ddysgwr")]
    pub family_name: String,
    /// Date of birth.
    pub born_on: chrono::NaiveDate,
    /// Unique pupil number.
    #[schema(example = "L676400024001", min_length = 13, max_length = 13, nullable = false)]
    pub upn: Option<String>,
}

impl From<NewPupilBody> for NewPupil {
    fn from(b: NewPupilBody) -> Self {
        Self { given_name: b.given_name, family_name: b.family_name, born_on: b.born_on, upn: b.upn }
    }
}

/// One part of a record's summary.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = WarrnSection)]
#[serde(deny_unknown_fields)]
pub struct SectionBody {
    /// The heading's code, one of the authority's.
    #[schema(example = "triggers", max_length = 64)]
    pub heading: String,
    /// What is said under it. Never a risk score: WARRN is a formulation.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// A WARRN record to be sent.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewWarrnRecord)]
#[serde(deny_unknown_fields)]
pub struct SendWarrnBody {
    /// The school, seven digits.
    #[schema(example = "6764051", max_length = 16)]
    pub school: String,
    /// The child.
    pub pupil: NewPupilBody,
    /// Id of the information-sharing agreement this is sent under.
    #[schema(min_length = 1, max_length = 100, example = "WASPI-2026-01")]
    pub agreement: String,
    /// Where it comes from: `camhs_in_reach`, `school_nurse` or `other`; `other` when not given.
    #[schema(example = "camhs_in_reach", max_length = 32, nullable = false)]
    pub source: Option<String>,
    /// When the sender had it; today when not given.
    #[schema(nullable = false)]
    pub received_on: Option<chrono::NaiveDate>,
    /// When the child is expected back.
    #[schema(nullable = false)]
    pub expected_return_on: Option<chrono::NaiveDate>,
    /// A minimal structured summary.
    #[schema(max_items = 20)]
    pub summary: Vec<SectionBody>,
}

/// One named recipient and how far they got.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarrnRecipient)]
pub struct RecipientView {
    /// `dsp` or `ep`.
    #[schema(example = "dsp")]
    pub part: String,
    /// Named later, in place of someone who did not acknowledge in time.
    pub deputy: bool,
    /// Since when they may know. Who left and came back stands here once for each time.
    pub begins_at: chrono::DateTime<chrono::Utc>,
    /// Until when, if it has ended or is to end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ends_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Until when to acknowledge.
    pub due_at: chrono::DateTime<chrono::Utc>,
    /// When it was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub acknowledged_at: Option<chrono::DateTime<chrono::Utc>>,
    /// When it went on to the deputy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub escalated_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl From<&NamedRecipient> for RecipientView {
    fn from(r: &NamedRecipient) -> Self {
        Self {
            part: r.part.to_string(),
            deputy: r.is_deputy(),
            begins_at: r.begins_at.chrono(),
            ends_at: r.ends_at.map(Utc::chrono),
            due_at: r.due_at.chrono(),
            acknowledged_at: r.acknowledged_at.map(Utc::chrono),
            escalated_at: r.escalated_at.map(Utc::chrono),
        }
    }
}

/// A WARRN record's envelope and steps.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarrnRecord)]
pub struct WarrnRecordView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its reference.
    #[schema(example = "DL-7K4Q-3M9X")]
    pub reference: String,
    /// The school.
    #[schema(example = "6764051")]
    pub school_number: String,
    /// The agreement it was sent under.
    pub agreement: String,
    /// When the child is expected back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expected_return_on: Option<chrono::NaiveDate>,
    /// When it came.
    pub received_at: chrono::DateTime<chrono::Utc>,
    /// Whether the child has changed school and the record waits to be handed over; absent for who is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub child_moved: Option<bool>,
    /// The school the child is at by now, for who may hand the record over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "6764052")]
    pub hand_over_to: Option<String>,
    /// Its named recipients.
    pub recipients: Vec<RecipientView>,
}

impl WarrnRecordView {
    fn of(record: &WarrnEnvelope, school: &SchoolNumber, recipients: &[NamedRecipient]) -> Self {
        Self {
            id: record.id.uuid(),
            reference: record.reference.to_string(),
            school_number: school.to_string(),
            agreement: record.agreement.clone(),
            expected_return_on: record.expected_return_on,
            received_at: record.received_at.chrono(),
            child_moved: None,
            hand_over_to: None,
            recipients: recipients.iter().map(Into::into).collect(),
        }
    }

    /// Of what a reader sees, with whether its child has moved.
    fn seen(work: &mut Work<'_>, read: &warrn::WarrnView) -> Result<Self> {
        let school = schools::by_id(work, read.record().school)?;
        let to = read.hand_over_to().map(|id| schools::by_id(work, id)).transpose()?;
        let view = Self::of(read.record(), &school.number, read.recipients());
        Ok(Self { child_moved: read.moved(), hand_over_to: to.map(|s| s.number.to_string()), ..view })
    }
}

/// A record in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarrnRecordItem)]
pub struct WarrnItemView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Its reference.
    pub reference: String,
    /// The school.
    pub school_number: String,
    /// When it came.
    pub received_at: chrono::DateTime<chrono::Utc>,
    /// When the child is expected back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expected_return_on: Option<chrono::NaiveDate>,
    /// Until when the caller's part is to be acknowledged, when the caller is a recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_at: Option<chrono::DateTime<chrono::Utc>>,
    /// When the caller's part was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub acknowledged_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Whether the child has changed school and the record waits to be handed over; absent for who is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub child_moved: Option<bool>,
}

/// A page of records.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarrnRecordPage)]
pub struct WarrnPageView {
    /// Newest first.
    pub items: Vec<WarrnItemView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// What a record says, for its recipients.
#[derive(Serialize, ToSchema)]
#[schema(as = WarrnContent)]
pub struct WarrnContentView {
    /// The child.
    pub pupil: PupilView,
    /// The summary.
    pub summary: Vec<SectionBody>,
}

/// Who a child is, for those who may know.
#[derive(Serialize, ToSchema)]
#[schema(as = Pupil)]
pub struct PupilView {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Date of birth.
    pub born_on: chrono::NaiveDate,
    /// Unique pupil number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub upn: Option<String>,
}

impl From<dolen_domain::pupils::PupilIdentity> for PupilView {
    fn from(p: dolen_domain::pupils::PupilIdentity) -> Self {
        Self {
            given_name: p.given_name,
            family_name: p.family_name,
            born_on: p.born_on,
            upn: p.upn.map(|u| u.to_string()),
        }
    }
}

/// Send a WARRN record
///
/// Exactly the school's designated safeguarding person and its educational psychologist are told.
#[utoipa::path(tag = "warrn", operation_id = "send_warrn_record", request_body = SendWarrnBody, security(("client" = ["warrn:write"]), ("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses(
        (status = 201, description = "Taken in; both recipients are being told", body = WarrnRecordView),
        CreateProblems,
    ))]
#[post("/v1/warrn-records")]
pub async fn send_warrn_record(app: web::Data<App>, command: Command<SendWarrnBody>) -> Reply {
    let Command { order, body } = command;
    reply(&app, order, move |work, app| {
        let school = SchoolNumber::parse(&body.school).map_err(|code| Error::fault("/school", code))?;
        let summary = body.summary.into_iter().map(|s| Section { heading: s.heading, text: s.text }).collect();
        let record = SendWarrn {
            school: school.clone(),
            pupil: body.pupil.into(),
            agreement: body.agreement,
            source: body.source.map(|s| s.parse().map_err(|c| Error::fault("/source", c))).transpose()?,
            received_on: body.received_on,
            expected_return_on: body.expected_return_on,
            summary,
        };
        let sent = warrn::send(work, &app.vault, &app.settings.warrn, record)?;
        let view = WarrnRecordView::of(&sent.record, &school, &sent.recipients);
        let tag = etag(&app.vault, KIND, view.id, sent.record.version);
        Kept::json(StatusCode::CREATED, &view, Some(tag), Some(format!("/v1/warrn-records/{}", view.id)))
    })
    .await
}

/// List WARRN records
///
/// Those the caller sent or is a named recipient of. Envelopes only.
#[utoipa::path(tag = "warrn", operation_id = "list_warrn_records", params(PageQuery), security(("client" = ["warrn:read"]), ("session" = [])),
    responses((status = 200, description = "A page of records", body = WarrnPageView), ListProblems))]
#[get("/v1/warrn-records")]
pub async fn list_warrn_records(app: web::Data<App>, signed: Signed, query: web::Query<PageQuery>) -> Reply {
    let request = query.read()?;
    let (page, numbers) = app
        .read(&signed.caller, move |work, _| {
            let page = warrn::list(work, request)?;
            let ids: Vec<_> = page.items.iter().map(|i| i.record().school).collect();
            Ok((page, schools::by_ids(work, &ids)?))
        })
        .await?;
    let next_cursor = page.next.map(dolen_domain::kernel::Cursor::encode);
    let number = |id| numbers.iter().find(|s| s.id == id).map(|s| s.number.to_string()).unwrap_or_default();
    let items = page
        .items
        .into_iter()
        .map(|i| WarrnItemView {
            id: i.record().id.uuid(),
            reference: i.record().reference.to_string(),
            school_number: number(i.record().school),
            received_at: i.record().received_at.chrono(),
            expected_return_on: i.record().expected_return_on,
            child_moved: i.moved(),
            due_at: i.mine().map(|m| m.due_at.chrono()),
            acknowledged_at: i.mine().and_then(|m| m.acknowledged_at).map(Utc::chrono),
        })
        .collect();
    Ok(HttpResponse::Ok().json(WarrnPageView { items, next_cursor }))
}

/// Get a WARRN record
///
/// The envelope and its steps. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "warrn", operation_id = "get_warrn_record", security(("client" = ["warrn:read"]), ("session" = [])),
    params(("warrn_id" = uuid::Uuid, Path, description = "The record's id")),
    responses(
        (status = 200, description = "The record", body = WarrnRecordView, headers(("ETag" = String, description = "Its version, for If-Match"))),
        (status = 304, description = "The caller has this version"),
        ItemProblems,
    ))]
#[get("/v1/warrn-records/{warrn_id}")]
pub async fn get_warrn_record(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<uuid::Uuid>,
    request: HttpRequest,
) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let (view, tag) = app
        .write(&signed.caller, move |work, app| {
            let read = warrn::envelope(work, id)?;
            let tag = etag(&app.vault, KIND, id.uuid(), read.record().version);
            Ok((WarrnRecordView::seen(work, &read)?, tag))
        })
        .await?;
    Ok(tagged(&request, &tag, &view))
}

/// Get what a WARRN record says
///
/// For its named recipients alone. The reading is recorded before the answer leaves.
#[utoipa::path(tag = "warrn", operation_id = "get_warrn_content", security(("session" = [])),
    params(("warrn_id" = uuid::Uuid, Path, description = "The record's id")),
    responses((status = 200, description = "The content", body = WarrnContentView), ItemProblems))]
#[get("/v1/warrn-records/{warrn_id}/content")]
pub async fn get_warrn_content(app: web::Data<App>, signed: Signed, path: web::Path<uuid::Uuid>) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let content = app.write(&signed.caller, move |work, app| warrn::content(work, &app.vault, id)).await?;
    let summary = content.summary.into_iter().map(|s| SectionBody { heading: s.heading, text: s.text }).collect();
    Ok(HttpResponse::Ok().json(WarrnContentView { pupil: content.pupil.into(), summary }))
}

/// Acknowledge a WARRN record
///
/// By a named recipient, in person. Acknowledging again changes nothing.
#[utoipa::path(tag = "warrn", operation_id = "acknowledge_warrn_record", security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        ("If-Match" = String, Header, description = "The record's ETag"),
    ),
    responses(
        (status = 200, description = "Acknowledged", body = WarrnRecordView),
        ChangeProblems,
    ))]
#[post("/v1/warrn-records/{warrn_id}/acknowledge")]
pub async fn acknowledge_warrn_record(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = WarrnId::from_uuid(*path);
    let given = order.if_match.clone();
    reply(&app, order, move |work, app| {
        let version = warrn::version(work, Action::AcknowledgeWarrn, id)?;
        let given = given.ok_or(Code::VersionRequired)?;
        etag_matches(&app.vault, KIND, id.uuid(), version, &given)?;
        warrn::acknowledge(work, id, version)?;
        let after = warrn::envelope(work, id)?;
        let view = WarrnRecordView::seen(work, &after)?;
        let tag = etag(&app.vault, KIND, id.uuid(), after.record().version);
        Kept::json(StatusCode::OK, &view, Some(tag), None)
    })
    .await
}
