//! Sheets of pupils' codes: which a school has, and a new one as it is printed.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::kernel::{CampaignId, Code, Error, Fault, FaultCode, Lang, Result, SchoolNumber, SheetId, YearGroup};
use dolen_domain::surveys::campaigns::{self, Campaign};
use dolen_domain::surveys::codes::{self, NewSheet, Printed, Sheet};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::paper::{self, Dots};
use crate::rest::Reply;

use super::address;
use super::code_paper;
use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Field, Fields, Sent, complain};
use super::page::Page;
use super::strings::keys;

/// The pages of sheets.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(list).service(print).service(replace);
}

const FIELDS: &[Field] = &[
    Field { name: "year_group", texts: &[(FaultCode::OutOfRange, keys::SHEET_YEAR_WRONG)] },
    Field {
        name: "class",
        texts: &[(FaultCode::Missing, keys::SHEET_CLASS_MISSING), (FaultCode::TooLong, keys::SHEET_CLASS_LONG)],
    },
    Field { name: "size", texts: &[(FaultCode::OutOfRange, keys::SHEET_SIZE_WRONG)] },
];

#[derive(Template)]
#[template(path = "code_sheets.html")]
struct SheetsPage {
    page: Page,
    campaign: Campaign,
    school: School,
    sheets: Vec<Sheet>,
    fields: Fields,
}

impl SheetsPage {
    fn here(&self) -> String {
        self.page.link(format!("/surveys/{}/schools/{}/codes", self.campaign.id, self.school.number))
    }
}

#[derive(Template)]
#[template(path = "code_sheet.html")]
struct PrintPage {
    page: Page,
    /// The form that made it, to be sent again for the PDF.
    again: Vec<(String, String)>,
    sheet: PrintedSheet,
    /// Where pupils type a code.
    at: String,
    /// The same with a code, for its QR code.
    with_code: String,
}

/// A sheet as it is printed.
#[derive(Serialize, Deserialize)]
pub(super) struct PrintedSheet {
    pub(super) class: String,
    year_group: u8,
    /// The codes, in Welsh and in English.
    pub(super) codes: Vec<(String, String)>,
}

impl From<Printed> for PrintedSheet {
    fn from(printed: Printed) -> Self {
        let both = |code: &codes::WordCode| (code.in_words(Lang::Cy), code.in_words(Lang::En));
        Self {
            class: printed.sheet.class,
            year_group: printed.sheet.year_group.number(),
            codes: printed.codes.iter().map(both).collect(),
        }
    }
}

#[cfg(test)]
impl PrintedSheet {
    pub(super) fn of(class: &str, codes: Vec<(String, String)>) -> Self {
        Self { class: class.to_owned(), year_group: 8, codes }
    }
}

impl PrintPage {
    /// The address with a code in it, for a camera.
    fn dots(&self, code: &str) -> Option<Dots> {
        Dots::of(&format!("{}{}", self.with_code, code.replace(' ', "-"))).ok()
    }
}

/// How an answer is to look.
#[derive(Default, Deserialize)]
pub struct Shape {
    #[serde(rename = "as")]
    shape: Option<String>,
}

/// The sheets of a school, and the form of another.
#[get("/surveys/{id}/schools/{number}/codes")]
pub async fn list(desk: Desk, path: web::Path<(Uuid, String)>) -> Reply {
    page_of(&desk, &path, Fields::of(&[("size", "30")]), None).await
}

async fn page_of(desk: &Desk, path: &(Uuid, String), fields: Fields, wrong: Option<Vec<Fault>>) -> Reply {
    let (campaign, number) = place(path)?;
    let (campaign, school, sheets) = desk
        .visitor
        .app
        .read(&desk.caller, move |work, _| {
            let sheets = codes::sheets(work, (campaign, &number))?;
            Ok((campaigns::by_id(work, campaign)?, schools::by_number(work, &number)?, sheets))
        })
        .await?;
    let mut page = Page::of(desk);
    let shown = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    complain(&mut page, FIELDS, &wrong.unwrap_or_default());
    Ok(page.show(shown, |page| SheetsPage { page, campaign, school, sheets, fields })?)
}

/// Makes a sheet and shows it once, to be printed. Sent twice, the form shows the same one, and with `as=pdf` as a PDF.
#[post("/surveys/{id}/schools/{number}/codes")]
pub async fn print(sent: Sent, path: web::Path<(Uuid, String)>, shape: web::Query<Shape>) -> Reply {
    let (campaign, number) = place(&path)?;
    let (year, class, size) = (
        sent.fields.get("year_group").to_owned(),
        sent.fields.get("class").to_owned(),
        sent.fields.get("size").to_owned(),
    );
    let made = sent.once_for(move |work, app: &App| {
        let year_group = year.parse().ok().and_then(|n| YearGroup::new(n).ok());
        let year_group = year_group.ok_or_else(|| Error::fault("/year_group", FaultCode::OutOfRange))?;
        // What is no number is out of range like nought.
        let new = NewSheet { year_group, class, size: size.parse().unwrap_or(0) };
        Ok(PrintedSheet::from(codes::make(work, &app.vault, (campaign, &number), new)?))
    });
    match made.await {
        Ok(sheet) => show(&sent, campaign, sheet, &shape).await,
        Err(e) if e.code == Code::InvalidBody => page_of(&sent.desk, &path, sent.fields, Some(e.faults)).await,
        Err(e) => Err(e.into()),
    }
}

/// Calls a lost sheet back and shows another with as many codes as were left.
#[post("/surveys/{id}/schools/{number}/codes/{sheet}/replace")]
pub async fn replace(sent: Sent, path: web::Path<(Uuid, String, Uuid)>, shape: web::Query<Shape>) -> Reply {
    let (id, number, sheet) = path.into_inner();
    let (campaign, school) = place(&(id, number.clone()))?;
    let made = sent.once_for(move |work, app: &App| {
        let sheet = SheetId::from_uuid(sheet);
        Ok(PrintedSheet::from(codes::reissue(work, &app.vault, (campaign, &school), sheet)?))
    });
    match made.await {
        Ok(sheet) => show(&sent, campaign, sheet, &shape).await,
        Err(e) if e.code == Code::StateConflict => {
            let to = format!("/surveys/{id}/schools/{number}/codes");
            Ok(Done::at(to, Flash::SheetGone).respond(&sent.desk.visitor))
        }
        Err(e) => Err(e.into()),
    }
}

/// The sheet as a page, or as the PDF of the same form sent again: the codes are kept nowhere else.
async fn show(sent: &Sent, campaign: CampaignId, sheet: PrintedSheet, shape: &Shape) -> Reply {
    let visitor = &sent.desk.visitor;
    let base = visitor.app.settings.server.public_url.trim_end_matches('/').to_owned();
    let at = move |lang| format!("{base}{}", address::of(lang, "/survey"));
    if shape.shape.as_deref() != Some("pdf") {
        let (at, with_code) = (at(visitor.lang), format!("{}?code=", at(visitor.lang)));
        let again = sent.fields.below("").map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        return Ok(Page::of(&sent.desk).ok(|page| PrintPage { page, again, sheet, at, with_code })?);
    }
    let campaign = visitor.app.read(&sent.desk.caller, move |work, _| campaigns::by_id(work, campaign)).await?;
    let strings = visitor.strings.clone();
    let made = web::block(move || paper::pdf(&code_paper::paper(&strings, &campaign, &sheet, at)?)).await;
    let file = made.map_err(Error::unavailable)??;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pdf"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"dolen-codes.pdf\""))
        .body(file))
}

fn place((id, number): &(Uuid, String)) -> Result<(CampaignId, SchoolNumber)> {
    Ok((CampaignId::from_uuid(*id), SchoolNumber::parse(number).map_err(|_| Code::NotFound)?))
}
