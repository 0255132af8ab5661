//! A report as a file to save: `pdf`, `csv` or `xlsx`.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use dolen_domain::kernel::{Code, Error};

use crate::paper::{self, Paper, Tidy};
use crate::rest::Reply;

/// What a file is made of.
pub struct Source<P, T> {
    /// Names the file, and the sheet of a workbook.
    pub name: &'static str,
    /// The day its figures were published.
    pub made_on: NaiveDate,
    /// What a PDF says.
    pub paper: P,
    /// What a table holds.
    pub table: T,
}

/// The file of this format. It is made apart from the threads that answer requests: a PDF of some pages takes as long as a hundred
/// of them.
///
/// # Errors
/// [`Code::NotFound`] for another format.
pub async fn answer<P, T>(format: &str, source: Source<P, T>) -> Reply
where
    P: FnOnce() -> Paper + Send + 'static,
    T: FnOnce() -> Tidy + Send + 'static,
{
    let Source { name, made_on, paper, table } = source;
    let (kind, made) = match format {
        "pdf" => ("application/pdf", web::block(move || paper::pdf(&paper())).await),
        "csv" => ("text/csv; charset=utf-8", web::block(move || paper::csv(&table())).await),
        "xlsx" => {
            let made = made_on.and_time(chrono::NaiveTime::MIN).and_utc();
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (kind, web::block(move || paper::xlsx(&table(), name, made)).await)
        }
        _ => return Err(Error::from(Code::NotFound).into()),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"dolen-{name}.{format}\"")))
        .body(made.map_err(Error::unavailable)??))
}
