//! Codes for a school's pupils: printed for a class, and called back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::kernel::{CampaignId, Error, FaultCode, Lang, Result, SheetId, YearGroup};
use dolen_domain::surveys::codes::{self, NewSheet, Printed, Sheet};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Order, Signed};
use crate::rest::directory::{TextView, school_number};
use crate::rest::problems::{ActProblems, CreateProblems, ItemProblems};
use crate::rest::{Kept, Reply, reply};

/// A sheet of codes to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewSurveyCodeSheet)]
#[serde(deny_unknown_fields)]
pub struct NewSheetBody {
    /// The class's year group, 0 (Reception) to 14.
    #[schema(minimum = 0, maximum = 14, example = 8)]
    pub year_group: i64,
    /// What the school calls the class. Never a pupil's name.
    #[schema(min_length = 1, max_length = 40, example = "8 Glas")]
    pub class: String,
    /// How many codes.
    #[schema(minimum = 1, maximum = 60, example = 30)]
    pub size: u16,
}

impl NewSheetBody {
    fn read(self) -> Result<NewSheet> {
        let year_group = YearGroup::new(self.year_group);
        let year_group = year_group.map_err(|_| Error::fault("/year_group", FaultCode::OutOfRange))?;
        Ok(NewSheet { year_group, class: self.class, size: self.size })
    }
}

/// A sheet of codes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyCodeSheet)]
pub struct SheetView {
    /// Its id.
    pub id: uuid::Uuid,
    /// The class's year group.
    #[schema(example = 8)]
    pub year_group: u8,
    /// What the school calls the class.
    #[schema(example = "8 Glas")]
    pub class: String,
    /// How many codes it had.
    #[schema(example = 30)]
    pub size: u16,
    /// How many of them nobody has answered with.
    #[schema(example = 12)]
    pub unspent: u16,
    /// The day it was made.
    pub made_on: chrono::NaiveDate,
    /// The day it was called back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub voided_on: Option<chrono::NaiveDate>,
}

impl From<Sheet> for SheetView {
    fn from(s: Sheet) -> Self {
        Self {
            id: s.id.uuid(),
            year_group: s.year_group.number(),
            class: s.class,
            size: s.size,
            unspent: s.unspent,
            made_on: s.made_on,
            voided_on: s.voided_on,
        }
    }
}

/// A sheet with its codes, each good for one answer. They are given this once.
#[derive(Serialize, ToSchema)]
#[schema(as = PrintedSurveyCodeSheet)]
pub struct PrintedView {
    /// The sheet.
    pub sheet: SheetView,
    /// Its codes in both languages; a pupil may type either.
    pub codes: Vec<TextView>,
}

impl From<Printed> for PrintedView {
    fn from(printed: Printed) -> Self {
        let codes = printed.codes.iter();
        let codes = codes.map(|c| TextView { cy: c.in_words(Lang::Cy), en: c.in_words(Lang::En) }).collect();
        Self { sheet: printed.sheet.into(), codes }
    }
}

/// The sheets of a school.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyCodeSheetList)]
pub struct SheetListView {
    /// Newest first.
    pub items: Vec<SheetView>,
}

/// Print codes for a class
///
/// Each code is three words and a number, good for one answer on the days of the campaign's window. They are given this
/// once: a sheet that is lost is called back and another one made.
#[utoipa::path(tag = "surveys", operation_id = "print_survey_codes", request_body = NewSheetBody, security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "The school's number"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "Made", body = PrintedView), CreateProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/code-sheets")]
pub async fn print_codes(
    app: web::Data<App>,
    command: Command<NewSheetBody>,
    path: web::Path<(uuid::Uuid, String)>,
) -> Reply {
    let Command { order, body } = command;
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    reply(&app, order, move |work, app| {
        let printed = codes::make(work, &app.vault, (campaign, &number), body.read()?)?;
        Kept::json(StatusCode::CREATED, &PrintedView::from(printed), None, None)
    })
    .await
}

/// List a school's sheets of codes
///
/// Without the codes: how many of each are unspent is all there is to know.
#[utoipa::path(tag = "surveys", operation_id = "list_survey_code_sheets", security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "The school's number"),
    ),
    responses((status = 200, description = "The sheets", body = SheetListView), ItemProblems))]
#[get("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/code-sheets")]
pub async fn list_sheets(app: web::Data<App>, signed: Signed, path: web::Path<(uuid::Uuid, String)>) -> Reply {
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    let sheets = app.read(&signed.caller, move |work, _| codes::sheets(work, (campaign, &number))).await?;
    Ok(HttpResponse::Ok().json(SheetListView { items: sheets.into_iter().map(Into::into).collect() }))
}

/// Call a sheet of codes back
///
/// Its unspent codes open nothing any more; what was answered stays. Calling it back again changes nothing.
#[utoipa::path(tag = "surveys", operation_id = "void_survey_code_sheet", security(("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "The school's number"),
        ("sheet_id" = uuid::Uuid, Path, description = "The sheet's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "Called back", body = SheetView), ActProblems))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/code-sheets/{sheet_id}/void")]
pub async fn void_sheet(app: web::Data<App>, order: Order, path: web::Path<(uuid::Uuid, String, uuid::Uuid)>) -> Reply {
    let (campaign, number) = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    let sheet = SheetId::from_uuid(path.2);
    reply(&app, order, move |work, _| {
        let sheet = codes::void(work, (campaign, &number), sheet)?;
        Kept::json(StatusCode::OK, &SheetView::from(sheet), None, None)
    })
    .await
}
