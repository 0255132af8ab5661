//! The bulk way in: a body is read as it arrives; only packed answers are held, never the body.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, post, web};
use dolen_domain::kernel::{Caller, CampaignId, Code, Error, Lang, Result, SchoolNumber, YearGroup, pair};
use dolen_domain::surveys::responses::{self, Batch, Charset, Format, Limits, Mode, OverRoll, Reader, Receipt};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::command::fingerprint;
use crate::auth::{Order, Signed};
use crate::context::RequestContext;
use crate::error::FaultBody;
use crate::rest::directory::school_number;
use crate::rest::problems::CreateProblems;
use crate::rest::{Kept, Reply, reply};

/// How to take the rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SubmitQuery {
    /// `all`: one faulty row and nothing is kept. `valid`: the good rows are kept. `all` when not given.
    #[param(max_length = 8, nullable = false, example = "all")]
    pub mode: Option<String>,
    /// Check everything and keep nothing.
    #[param(nullable = false)]
    pub dry_run: Option<bool>,
}

/// One response.
#[derive(ToSchema)]
#[schema(as = SurveyResponseRow)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documents the rows, which are read by a streaming reader")]
pub struct ResponseRow {
    /// Year group, 0 (Reception) to 14.
    #[schema(minimum = 0, maximum = 14, example = 8)]
    year_group: i64,
    /// The sender's own key for this row, by which a repeat is recognised. Kept as a hash, apart from the answers.
    #[schema(max_length = 200, nullable = false)]
    row_key: Option<String>,
    /// Question code to option code, or to a list of option codes.
    answers: serde_json::Map<String, serde_json::Value>,
}

/// Responses, as JSON. NDJSON holds one row a line; CSV and the first sheet of a workbook have the columns `year_group`,
/// `row_key` and one a question.
#[derive(ToSchema)]
#[schema(as = SurveyResponses)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documents the body, which is read by a streaming reader")]
pub struct ResponsesBody {
    /// The rows.
    responses: Vec<ResponseRow>,
}

/// Something to look at. Nothing was refused for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyWarning)]
pub struct WarningView {
    /// `more_than_roll`: with this body there are more rows than pupils on roll.
    #[schema(example = "more_than_roll")]
    pub code: &'static str,
    /// The year group it is about; absent when it is about the school.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 14)]
    pub year_group: Option<u8>,
    /// The pupils on roll.
    pub roll: i64,
    /// What to do, in the caller's language.
    pub advice: &'static str,
}

impl WarningView {
    fn of(over: OverRoll, lang: Lang) -> Self {
        let advice = pair(
            "Gwiriwch mai hwn yw'r corff cywir; os yw'r nifer ar y gofrestr yn anghywir, rhowch wybod i'r awdurdod",
            "Look whether this is the right body; if the roll is wrong, tell the authority",
        );
        let year_group = over.year.map(YearGroup::number);
        Self { code: "more_than_roll", year_group, roll: over.roll, advice: advice.of(lang) }
    }
}

/// What became of a submission.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyReceipt)]
pub struct ReceiptView {
    /// Its id; absent for a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub submission_id: Option<uuid::Uuid>,
    /// Rows kept.
    pub accepted: u64,
    /// Rows with faults.
    pub rejected: u64,
    /// Rows that were known already.
    pub duplicates: u64,
    /// SHA-256 of the body.
    pub digest: String,
    /// Whether nothing was kept because this was a dry run.
    pub dry_run: bool,
    /// Whether this body had been taken before; the counts are those of that time.
    pub repeated: bool,
    /// What to look at, though it was not refused: where there are more rows than pupils on roll.
    pub warnings: Vec<WarningView>,
    /// How many faults there are in all.
    pub problem_count: u64,
    /// The first of them.
    pub problems: Vec<FaultBody>,
}

impl ReceiptView {
    fn of(r: Receipt) -> Self {
        let lang = RequestContext::current().lang;
        Self {
            submission_id: r.submission.map(dolen_domain::kernel::SubmissionId::uuid),
            accepted: r.accepted,
            rejected: r.rejected,
            duplicates: r.duplicates,
            digest: r.digest,
            dry_run: r.dry_run,
            repeated: r.repeated,
            warnings: r.over_roll.into_iter().map(|over| WarningView::of(over, lang)).collect(),
            problem_count: r.problem_count,
            problems: r.problems.iter().map(|f| FaultBody::of(f, lang)).collect(),
        }
    }
}

/// A workbook's bytes.
#[derive(ToSchema)]
#[schema(as = SurveyWorkbook, value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct WorkbookBody(Vec<u8>);

/// The media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The form of a body, by its media type and, of a CSV, its `charset`.
///
/// # Errors
/// [`Code::ContentTypeUnsupported`].
pub fn format_of(kind: &str) -> Result<Format> {
    let mut parts = kind.split(';').map(str::trim);
    match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "application/x-ndjson" | "application/jsonl" => Ok(Format::Ndjson),
        "text/csv" => Ok(Format::Csv(charset_of(parts)?)),
        "application/json" => Ok(Format::Json),
        XLSX => Ok(Format::Xlsx),
        _ => Err(Error::new(Code::ContentTypeUnsupported)
            .with_detail(format!("send application/x-ndjson, text/csv, application/json or {XLSX}"))),
    }
}

fn charset_of<'k>(parameters: impl Iterator<Item = &'k str>) -> Result<Option<Charset>> {
    let mut named = parameters.filter_map(|p| p.split_once('='));
    let charset =
        named.find(|(name, _)| name.eq_ignore_ascii_case("charset")).map(|(_, value)| value.trim_matches('"'));
    match charset.map(str::to_ascii_lowercase).as_deref() {
        None => Ok(None),
        Some("utf-8" | "us-ascii") => Ok(Some(Charset::Utf8)),
        Some("windows-1252" | "iso-8859-1") => Ok(Some(Charset::Windows1252)),
        Some(_) => Err(Error::new(Code::ContentTypeUnsupported).with_detail("a CSV is utf-8 or windows-1252")),
    }
}

fn content_type(request: &HttpRequest) -> &str {
    request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// Refuses a packed body: read as it stands it would be a table of nonsense, and the limits are of what is unpacked.
fn expect_plain(request: &HttpRequest) -> Result<()> {
    let plain = |value: &actix_web::http::header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if request.headers().get_all(CONTENT_ENCODING).all(plain) {
        return Ok(());
    }
    Err(Error::new(Code::ContentTypeUnsupported).with_detail("send the body unpacked, without Content-Encoding"))
}

/// What bodies of responses may hold.
#[must_use]
pub fn limits(app: &App) -> Limits {
    let limits = &app.settings.limits;
    Limits { max_rows: limits.bulk_rows as u64, max_line: limits.bulk_line_bytes, max_bytes: limits.bulk_bytes as u64 }
}

/// Reads a body as it arrives, for whoever may send one: without the right, for a school there is not or outside the window it
/// is refused before.
///
/// # Errors
/// Those of [`responses::begin`] and of the reader.
pub async fn read_batch(
    app: &App,
    caller: &Caller,
    (campaign, school): (CampaignId, SchoolNumber),
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<Batch> {
    expect_plain(request)?;
    let format = format_of(content_type(request))?;
    let layout = app.read(caller, move |work, _| responses::begin(work, campaign, &school)).await?;
    let mut reader = Reader::new(format, layout, limits(app));
    let mut size = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::new(Code::MalformedBody).with_detail("the body ended too soon"))?;
        size += chunk.len();
        if size > app.settings.limits.bulk_bytes {
            let limit = app.settings.limits.bulk_bytes;
            return Err(Error::new(Code::PayloadTooLarge).with_detail(format!("at most {limit} bytes")));
        }
        reader.feed(&chunk)?;
    }
    finish(reader).await
}

/// Ends a body. A workbook is read only now, which must not hold others up.
///
/// # Errors
/// Those of the reader.
async fn finish(reader: Reader) -> Result<Batch> {
    web::block(move || reader.finish()).await.map_err(Error::internal)?
}

/// Submit survey responses
///
/// NDJSON, CSV (UTF-8 or Windows-1252; commas, semicolons or tabs, also as a first line `sep=;` says), JSON or XLSX; without
/// `Content-Encoding`. Safe to send twice: the same body for the
/// same campaign and school is taken once, and rows with a `row_key` are taken once each. With `mode=all` one faulty row keeps
/// everything out.
#[utoipa::path(tag = "surveys", operation_id = "submit_survey_responses",
    security(("client" = ["surveys:write"]), ("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "Seven digits", example = "6764051"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
        SubmitQuery,
    ),
    request_body(content((ResponsesBody = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (WorkbookBody = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
        description = "The responses"),
    responses(
        (status = 200, description = "Checked (dry run); nothing was kept", body = ReceiptView),
        (status = 201, description = "Taken in", body = ReceiptView),
        CreateProblems,
    ))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/responses")]
pub async fn submit_responses(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(uuid::Uuid, String)>,
    query: web::Query<SubmitQuery>,
    mut payload: web::Payload,
) -> Reply {
    let caller = Signed::of(&request).await?.caller;
    let (campaign, school) = path.into_inner();
    let (campaign, school) = (CampaignId::from_uuid(campaign), school_number(&school)?);
    let mode = match query.mode.as_deref() {
        None => Mode::All,
        Some(word) => {
            let bad = |_| Error::new(Code::InvalidParameter).with_detail("mode is all or valid");
            word.parse().map_err(bad)?
        }
    };
    let dry_run = query.dry_run.unwrap_or(false);
    let batch = read_batch(&app, &caller, (campaign, school.clone()), &request, &mut payload).await?;
    let mut hash = fingerprint(&request);
    hash.update(batch.digest);
    let order = Order::of(&request, caller, hash)?;
    if dry_run {
        let receipt = app
            .read(&order.caller, move |work, app| {
                responses::submit(work, &app.vault, (campaign, &school), batch, mode, true)
            })
            .await?;
        return Ok(HttpResponse::Ok().json(ReceiptView::of(receipt)));
    }
    reply(&app, order, move |work, app| {
        let receipt = responses::submit(work, &app.vault, (campaign, &school), batch, mode, false)?;
        Kept::json(StatusCode::CREATED, &ReceiptView::of(receipt), None, None)
    })
    .await
}
