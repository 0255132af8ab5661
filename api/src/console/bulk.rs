//! A school's answers as a file: checked, then sent; and taken back.
//!
//! Nothing is kept between the two: who sends chooses the file again, and its digest says that it is the one that was checked.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, post, web};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dolen_domain::db::Work;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::kernel::{CampaignId, Code, Error, Fault, Result, SchoolNumber, YearGroup, to_hex};
use dolen_domain::surveys::campaigns::{self, Campaign};
use dolen_domain::surveys::responses::{self, Batch, Format, Mode, Reader, Receipt, Withdrawn};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::rest::Reply;
use crate::rest::surveys::{error_file, limits};

use super::desk::Desk;
use super::page::{FieldError, Page};
use super::strings::keys;
use super::upload::{File, Upload};

/// Faults shown on the page; the file of them has them all.
const SHOWN: usize = 20;

/// The pages of files of answers.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(ask).service(send);
}

/// What was found in a file.
struct Preview {
    receipt: Receipt,
    years: Vec<(u8, u64)>,
    /// The first faults: row, column and how to mend it.
    faults: Vec<(String, String, String)>,
    /// The address of the file of all faults, which is in it.
    error_file: String,
}

/// Numbers, each with what it counts.
type Counts<const N: usize> = [(&'static str, u64); N];

/// A year group that has more rows than pupils on roll, or none for the school; and those on roll.
type Over = (Option<u8>, i64);

fn over_roll(receipt: &Receipt) -> Vec<Over> {
    receipt.over_roll.iter().map(|over| (over.year.map(YearGroup::number), over.roll)).collect()
}

impl Preview {
    fn over_roll(&self) -> Vec<Over> {
        over_roll(&self.receipt)
    }

    fn counts(&self) -> Counts<3> {
        let Receipt { accepted, rejected, duplicates, .. } = self.receipt;
        [(keys::BULK_GOOD, accepted), (keys::BULK_REJECTED, rejected), (keys::BULK_DUPLICATES, duplicates)]
    }
}

/// What is told of a submission.
#[derive(Serialize, Deserialize)]
struct Told {
    id: String,
    accepted: u64,
    rejected: u64,
    duplicates: u64,
    digest: String,
    repeated: bool,
    /// What was kept before this was told has none.
    #[serde(default)]
    over_roll: Vec<Over>,
}

impl Told {
    fn counts(&self) -> Counts<3> {
        let Self { accepted, rejected, duplicates, .. } = *self;
        [(keys::BULK_ACCEPTED, accepted), (keys::BULK_REJECTED, rejected), (keys::BULK_DUPLICATES, duplicates)]
    }
}

/// What was withdrawn.
#[derive(Serialize, Deserialize)]
struct Gone {
    submissions: u64,
    rows: u64,
}

impl Gone {
    fn counts(&self) -> Counts<2> {
        [(keys::BULK_GONE_FILES, self.submissions), (keys::BULK_GONE_ROWS, self.rows)]
    }
}

impl From<Withdrawn> for Gone {
    fn from(withdrawn: Withdrawn) -> Self {
        Self { submissions: withdrawn.submissions, rows: withdrawn.rows }
    }
}

/// What became of a form.
#[derive(Default)]
struct Outcome {
    preview: Option<Preview>,
    told: Option<Told>,
    gone: Option<Gone>,
    /// What is wrong, at the file.
    wrong: Vec<String>,
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct BulkPage {
    page: Page,
    campaign: Campaign,
    school: School,
    outcome: Outcome,
    /// What was sent before the school signed off is not recognised any more.
    again: bool,
}

impl BulkPage {
    fn here(&self) -> String {
        self.page.link(format!("/surveys/{}/schools/{}/bulk", self.campaign.id, self.school.number))
    }
}

type Place = (CampaignId, SchoolNumber);

/// The form.
#[get("/surveys/{id}/schools/{number}/bulk")]
pub async fn ask(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    let at = place(&path)?;
    // Who may not send is told so here.
    let to = at.clone();
    desk.visitor.app.read(&desk.caller, move |work, _| responses::begin(work, to.0, &to.1).map(drop)).await?;
    page_of(&desk, at, Outcome::default()).await
}

/// Checks a file, sends it, or takes it back.
#[post("/surveys/{id}/schools/{number}/bulk")]
pub async fn send(request: HttpRequest, path: web::Path<(Uuid, String)>, payload: web::Payload) -> Reply {
    let desk = Desk::of(&request).await?;
    let limit = desk.visitor.app.settings.limits.bulk_bytes;
    let upload = Upload::within(desk, &request, &mut payload.into_inner(), limit).await?;
    let at = place(&path)?;
    let step = upload.sent.fields.get("step").to_owned();
    let done = match step.as_str() {
        "send" => submit(&upload, &at).await,
        "withdraw" => withdraw(&upload, &at).await,
        "withdraw_all" => withdraw_all(&upload, &at).await,
        _ => check(&upload, &at).await,
    };
    let desk = upload.sent.desk;
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(error) => Outcome { wrong: complaints(&Page::of(&desk), error)?, ..Outcome::default() },
    };
    page_of(&desk, at, outcome).await
}

/// What is wrong with a file, in words; what is not the file's fault is a problem of its own.
fn complaints(page: &Page, error: Error) -> Result<Vec<String>> {
    let about_file = [
        Code::CodesInUse,
        Code::IdempotencyKeyReused,
        Code::InvalidBody,
        Code::MalformedBody,
        Code::PayloadTooLarge,
        Code::SubmissionUnknown,
        Code::WithdrawalAmbiguous,
    ];
    if !about_file.contains(&error.code) {
        return Err(error);
    }
    let at = |fault: &Fault| {
        let mend = page.half_of(fault.code.mend());
        fault.column.as_deref().map_or_else(|| mend.to_owned(), |column| format!("{column}: {mend}"))
    };
    let faults: Vec<String> = error.faults.iter().take(SHOWN).map(at).collect();
    Ok(if faults.is_empty() { vec![page.half_of(error.code.title()).to_owned()] } else { faults })
}

/// Reads the file, for whoever may send one.
async fn read(desk: &Desk, at: &Place, file: &File) -> Result<Batch> {
    let to = at.clone();
    let app = &desk.visitor.app;
    let layout = app.read(&desk.caller, move |work, _| responses::begin(work, to.0, &to.1)).await?;
    // A browser knows little of a file's kind; every workbook is an archive, and no table begins like one.
    let format = if file.bytes.starts_with(b"PK") { Format::Xlsx } else { Format::Csv(None) };
    let mut reader = Reader::new(format, layout, limits(app));
    let bytes = file.bytes.clone();
    let read = web::block(move || {
        reader.feed(&bytes)?;
        reader.finish()
    });
    read.await.map_err(Error::unavailable)?
}

async fn check(upload: &Upload, at: &Place) -> Result<Outcome> {
    let desk = &upload.sent.desk;
    let batch = read(desk, at, &upload.file).await?;
    preview(desk, at, batch, Vec::new()).await
}

async fn preview(desk: &Desk, at: &Place, batch: Batch, wrong: Vec<String>) -> Result<Outcome> {
    let page = Page::of(desk);
    let file = STANDARD.encode(error_file(&batch, page.lang())?);
    let years = years(&batch);
    let told = |fault: &Fault| {
        let row = fault.row.map(|row| row.to_string()).unwrap_or_default();
        (row, fault.column.clone().unwrap_or_default(), fault.hint(page.lang()))
    };
    let faults = batch.faults.iter().take(SHOWN).map(told).collect();
    let to = at.clone();
    let receipt = desk.visitor.app.read(&desk.caller, move |work, app| {
        responses::submit(work, &app.vault, (to.0, &to.1), batch, Mode::Valid, true)
    });
    let error_file = format!("data:text/csv;charset=utf-8;base64,{file}");
    let preview = Preview { receipt: receipt.await?, years, faults, error_file };
    Ok(Outcome { preview: Some(preview), wrong, ..Outcome::default() })
}

/// How many good rows there are of each year group.
fn years(batch: &Batch) -> Vec<(u8, u64)> {
    let mut years = std::collections::BTreeMap::new();
    for row in &batch.rows {
        *years.entry(row.year_group.number()).or_default() += 1;
    }
    years.into_iter().collect()
}

async fn submit(upload: &Upload, at: &Place) -> Result<Outcome> {
    let (sent, desk) = (&upload.sent, &upload.sent.desk);
    let batch = read(desk, at, &upload.file).await?;
    // Another file than the one that was checked is checked first; so is one whose faulty rows nobody said to leave out.
    let mode = if sent.fields.get("leave_out") == "yes" { Mode::Valid } else { Mode::All };
    let page = Page::of(desk);
    if to_hex(&batch.digest) != sent.fields.get("digest") {
        return preview(desk, at, batch, vec![page.say(keys::BULK_OTHER_FILE)]).await;
    }
    if batch.rejected > 0 && mode == Mode::All {
        return preview(desk, at, batch, vec![page.say(keys::BULK_LEAVE_OUT_MISSING)]).await;
    }
    let to = at.clone();
    let told = sent.once_for(move |work, app| {
        let receipt = responses::submit(work, &app.vault, (to.0, &to.1), batch, mode, false)?;
        Ok(Told {
            over_roll: over_roll(&receipt),
            id: receipt.submission.map(|id| id.to_string()).unwrap_or_default(),
            accepted: receipt.accepted,
            rejected: receipt.rejected,
            duplicates: receipt.duplicates,
            digest: receipt.digest,
            repeated: receipt.repeated,
        })
    });
    Ok(Outcome { told: Some(told.await?), ..Outcome::default() })
}

async fn withdraw(upload: &Upload, at: &Place) -> Result<Outcome> {
    let batch = read(&upload.sent.desk, at, &upload.file).await?;
    let to = at.clone();
    let gone = upload
        .sent
        .once_for(move |work, app| Ok(Gone::from(responses::withdraw(work, &app.vault, (to.0, &to.1), &batch)?)));
    Ok(Outcome { gone: Some(gone.await?), ..Outcome::default() })
}

async fn withdraw_all(upload: &Upload, at: &Place) -> Result<Outcome> {
    let to = at.clone();
    let gone = upload.sent.once_for(move |work, _| Ok(Gone::from(responses::withdraw_all(work, (to.0, &to.1))?)));
    Ok(Outcome { gone: Some(gone.await?), ..Outcome::default() })
}

async fn page_of(desk: &Desk, (campaign, number): Place, outcome: Outcome) -> Reply {
    let app = &desk.visitor.app;
    let found = move |work: &mut Work<'_>, _: &App| {
        let again = responses::was_opened_again(work, campaign, &number)?;
        Ok((campaigns::by_id(work, campaign)?, schools::by_number(work, &number)?, again))
    };
    let (campaign, school, again) = app.read(&desk.caller, found).await?;
    let mut page = Page::of(desk);
    page.errors = outcome.wrong.iter().map(|text| FieldError { field: "file".into(), text: text.clone() }).collect();
    let shown = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page.show(shown, |page| BulkPage { page, campaign, school, outcome, again })?)
}

fn place((id, number): &(Uuid, String)) -> Result<Place> {
    Ok((CampaignId::from_uuid(*id), SchoolNumber::parse(number).map_err(|_| Code::NotFound)?))
}
