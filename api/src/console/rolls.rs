//! Pupils on roll: of one school as a form, of all schools as a file.

use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::directory::schools::School;
use dolen_domain::kernel::{CampaignId, Code, Error, Fault, FaultCode, Result, SchoolNumber, YearGroup};
use dolen_domain::surveys::campaigns::{self, Campaign};
use dolen_domain::surveys::rolls::{self, COLUMNS, RollFile};
use uuid::Uuid;

use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Fields, Sent};
use super::page::{FieldError, Page};
use super::strings::keys;
use super::upload::{File, Upload};

/// Faults of a file shown on the page: as many as of a file of answers are kept. All are counted.
const SHOWN: usize = 1000;

/// The pages of rolls.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(ask).service(set).service(ask_file).service(set_file);
}

/// A year group's field.
struct YearField {
    name: String,
    label: String,
    value: String,
}

#[derive(Template)]
#[template(path = "rolls.html")]
struct RollsPage {
    page: Page,
    campaign: Campaign,
    school: School,
    years: Vec<YearField>,
}

type Place = web::Path<(Uuid, String)>;

fn number_of(place: &Place) -> Result<SchoolNumber> {
    SchoolNumber::parse(&place.1).map_err(|_| Code::NotFound.into())
}

/// A year group's field, by its name.
fn field_of(year: YearGroup) -> String {
    format!("year_{}", year.number())
}

fn name_of(page: &Page, year: YearGroup) -> String {
    match year.number() {
        0 => page.say(keys::RECEPTION),
        number => page.tell(keys::PACK_YEAR, "year", number.to_string()),
    }
}

/// What is known of a school's rolls, in the form that sets them.
#[get("/surveys/{id}/schools/{number}/rolls")]
pub async fn ask(desk: Desk, place: Place) -> Reply {
    school_page(&desk, &place, None).await
}

/// Sets a school's rolls.
#[post("/surveys/{id}/schools/{number}/rolls")]
pub async fn set(sent: Sent, place: Place) -> Reply {
    let (id, number) = (CampaignId::from_uuid(place.0), number_of(&place)?);
    let fields = sent.fields.clone();
    let done = sent.once(move |work, _| {
        let (campaign, ..) = rolls::of_school(work, (id, &number))?;
        // What is no number is out of range like less than none.
        let read = |year| Some((year, fields.optional(&field_of(year))?.trim().parse().unwrap_or(-1)));
        let by_year: Vec<(YearGroup, i64)> = campaign.years.iter().filter_map(read).collect();
        let given: Vec<YearGroup> = by_year.iter().map(|(year, _)| *year).collect();
        campaigns::set_rolls(work, (id, &number), by_year).map_err(|e| at_its_field(e, &given))?;
        Ok(Done::at(format!("/surveys/{id}"), Flash::RollsSet))
    });
    match done.await {
        Err(e) if e.code == Code::InvalidBody => school_page(&sent.desk, &place, Some((&sent.fields, e.faults))).await,
        done => Ok(done?),
    }
}

/// The domain's places, which count the year groups given, as the form's fields.
fn at_its_field(mut error: Error, given: &[YearGroup]) -> Error {
    for fault in &mut error.faults {
        let index =
            fault.pointer.strip_prefix("/rolls/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
        if let Some(year) = index.and_then(|i| given.get(i)) {
            fault.pointer = format!("/{}", field_of(*year));
        }
    }
    error
}

async fn school_page(desk: &Desk, place: &Place, wrong: Option<(&Fields, Vec<Fault>)>) -> Reply {
    let (id, number) = (CampaignId::from_uuid(place.0), number_of(place)?);
    let (campaign, school, known) =
        desk.visitor.app.read(&desk.caller, move |work, _| rolls::of_school(work, (id, &number))).await?;
    let mut page = Page::of(desk);
    let mut shown = StatusCode::OK;
    let mut years = Vec::new();
    for year in campaign.years.iter() {
        let value = match &wrong {
            Some((fields, _)) => fields.get(&field_of(year)).to_owned(),
            None => known.by_year.iter().find(|(y, _)| *y == year).map_or_else(String::new, |(_, n)| n.to_string()),
        };
        years.push(YearField { name: field_of(year), label: name_of(&page, year), value });
    }
    if let Some((_, faults)) = wrong {
        shown = StatusCode::UNPROCESSABLE_ENTITY;
        page.errors = faults.iter().filter_map(|fault| complaint(&page, &years, fault)).collect();
    }
    Ok(page.show(shown, |page| RollsPage { page, campaign, school, years })?)
}

/// What is wrong with the form, at its field; what is wrong with all of it, at the first.
fn complaint(page: &Page, years: &[YearField], fault: &Fault) -> Option<FieldError> {
    let named = years.iter().find(|year| fault.pointer.strip_prefix('/') == Some(&year.name));
    let text = match (named, fault.code) {
        (Some(year), _) => page.tell(keys::ROLLS_NUMBER_WRONG, "year", &year.label),
        (None, FaultCode::Missing) => page.say(keys::ROLLS_NONE),
        (None, _) => page.say(keys::ROLLS_TOO_MANY),
    };
    Some(FieldError { field: named.or_else(|| years.first())?.name.clone().into(), text })
}

/// What is wrong with a file.
#[derive(Default)]
struct Faulty {
    /// Of the file as a whole.
    whole: Vec<String>,
    /// Of its rows and columns: where, and how to mend it.
    rows: Vec<(String, String, String)>,
    /// How many there are of rows and columns.
    count: usize,
}

#[derive(Template)]
#[template(path = "rolls_file.html")]
struct FilePage {
    page: Page,
    campaign: Campaign,
    rows: Vec<(String, String, String)>,
}

/// The form of a file with the rolls of many schools.
#[get("/surveys/{id}/rolls")]
pub async fn ask_file(desk: Desk, id: web::Path<Uuid>) -> Reply {
    file_page(&desk, CampaignId::from_uuid(*id), Faulty::default()).await
}

/// Sets the rolls of every school in a file, or of none.
#[post("/surveys/{id}/rolls")]
pub async fn set_file(upload: Upload, id: web::Path<Uuid>) -> Reply {
    let (id, desk) = (CampaignId::from_uuid(*id), &upload.sent.desk);
    // Who may not set them is told so before anything is said of the file.
    desk.visitor.app.read(&desk.caller, move |work, _| rolls::to_set(work, id).map(drop)).await?;
    let done = match read(upload.file).await {
        Ok(file) => {
            let written = upload.sent.once(move |work, _| {
                let schools = rolls::set(work, id, &file)?;
                Ok(Done::at(format!("/surveys/{id}"), Flash::RollsSetFor(u32::try_from(schools).unwrap_or(u32::MAX))))
            });
            written.await
        }
        Err(e) => Err(e),
    };
    match done {
        Err(e) if [Code::InvalidBody, Code::MalformedBody, Code::PayloadTooLarge].contains(&e.code) => {
            let faulty = faulty(&Page::of(desk), &e);
            file_page(desk, id, faulty).await
        }
        done => Ok(done?),
    }
}

async fn read(file: File) -> Result<RollFile> {
    if file.bytes.is_empty() {
        return Err(Error::fault("/file", FaultCode::Missing));
    }
    web::block(move || rolls::read(&file.bytes)).await.map_err(Error::unavailable)?
}

/// What to do about a fault of a file, where its own words say too little.
const MEND: &[(Option<&str>, FaultCode, &str)] = &[
    (Some(COLUMNS[0]), FaultCode::Missing, keys::ROLLS_SCHOOL_WRONG),
    (Some(COLUMNS[0]), FaultCode::BadFormat, keys::ROLLS_SCHOOL_WRONG),
    (Some(COLUMNS[0]), FaultCode::NotFound, keys::ROLLS_SCHOOL_UNKNOWN),
    (Some(COLUMNS[1]), FaultCode::Missing, keys::ROLLS_YEAR_WRONG),
    (Some(COLUMNS[1]), FaultCode::WrongType, keys::ROLLS_YEAR_WRONG),
    (Some(COLUMNS[1]), FaultCode::OutOfRange, keys::ROLLS_YEAR_NOT_ASKED),
    (Some(COLUMNS[1]), FaultCode::Duplicate, keys::ROLLS_YEAR_TWICE),
    (Some(COLUMNS[2]), FaultCode::Missing, keys::ROLLS_PUPILS_WRONG),
    (Some(COLUMNS[2]), FaultCode::WrongType, keys::ROLLS_PUPILS_WRONG),
    (Some(COLUMNS[2]), FaultCode::OutOfRange, keys::ROLLS_PUPILS_WRONG),
    (None, FaultCode::WrongCellCount, keys::ROLLS_CELLS_WRONG),
];

fn mend(page: &Page, fault: &Fault) -> String {
    let own = MEND.iter().find(|(column, code, _)| *column == fault.column.as_deref() && *code == fault.code);
    match (own, fault.row, fault.code) {
        // A column, not a cell.
        (_, None, FaultCode::Missing) => page.say(keys::ROLLS_COLUMN_MISSING),
        (Some((_, _, key)), Some(_), _) => page.say(key),
        _ => page.half_of(fault.code.mend()).to_owned(),
    }
}

fn faulty(page: &Page, error: &Error) -> Faulty {
    let (placed, whole): (Vec<_>, Vec<_>) =
        error.faults.iter().partition(|fault| fault.row.is_some() || fault.column.is_some());
    let text = |fault: &&Fault| match (fault.pointer.as_str(), fault.code) {
        ("/file", _) => page.say(keys::DOCUMENT_MISSING),
        (_, FaultCode::Missing) => page.say(keys::ROLLS_FILE_EMPTY),
        (_, code) => page.half_of(code.mend()).to_owned(),
    };
    let mut whole: Vec<String> = whole.iter().map(text).collect();
    if error.faults.is_empty() {
        whole.push(page.half_of(error.code.title()).to_owned());
    }
    let row = |fault: &&Fault| {
        let row = fault.row.map_or_else(|| page.say(keys::ROLLS_HEADER), |row| row.to_string());
        (row, fault.column.clone().unwrap_or_default(), mend(page, fault))
    };
    Faulty { whole, count: placed.len(), rows: placed.iter().take(SHOWN).map(row).collect() }
}

async fn file_page(desk: &Desk, id: CampaignId, faulty: Faulty) -> Reply {
    let campaign = desk.visitor.app.read(&desk.caller, move |work, _| rolls::to_set(work, id)).await?;
    let mut page = Page::of(desk);
    let mut texts = faulty.whole;
    if faulty.count > 0 {
        texts.push(page.count(keys::ROLLS_FILE_WRONG, &i64::try_from(faulty.count).unwrap_or(i64::MAX)));
    }
    page.errors = texts.into_iter().map(|text| FieldError { field: "file".into(), text }).collect();
    let shown = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page.show(shown, |page| FilePage { page, campaign, rows: faulty.rows })?)
}
