//! Checking a body of responses: its faults as a table, for whoever mends the file in a spreadsheet.
//!
//! An operation of its own, not another media type of the submission: an answer has one form, and what changes nothing needs
//! no key.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, post, web};
use dolen_domain::kernel::{Bilingual, CampaignId, Error, Fault, Lang, Result};
use dolen_domain::surveys::responses::Batch;

use super::submit::{ResponsesBody, WorkbookBody, read_batch};
use crate::app::App;
use crate::auth::Signed;
use crate::context::RequestContext;
use crate::rest::Reply;
use crate::rest::directory::school_number;
use crate::rest::problems::CreateProblems;

/// The byte order mark of UTF-8, by which spreadsheets know it.
const BOM: &[u8] = b"\xef\xbb\xbf";

const HEADINGS: [Bilingual<&str>; 4] = [
    Bilingual { cy: "rhes", en: "row" },
    Bilingual { cy: "colofn", en: "column" },
    Bilingual { cy: "cod", en: "code" },
    Bilingual { cy: "sut i'w gywiro", en: "how to mend it" },
];

/// Said in the last line when there are more faults than are listed.
const MORE: Bilingual<&str> = Bilingual {
    cy: "Mae rhagor o wallau nad ydynt wedi'u rhestru yma: cywirwch y rhain a gwiriwch y ffeil eto.",
    en: "There are more faults that are not listed here: mend these and check the file again.",
};

/// The faults of a file as a table: row, column, code and how to mend it. Never what stands in the cell.
///
/// # Errors
/// When it can't be written.
pub fn error_file(batch: &Batch, lang: Lang) -> Result<Vec<u8>> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BOM.to_vec());
    out.write_record(HEADINGS.map(|h| *h.of(lang))).map_err(Error::internal)?;
    for fault in &batch.faults {
        out.write_record(line(fault, lang).map(|cell| plain(&cell))).map_err(Error::internal)?;
    }
    if batch.fault_count > u64::try_from(batch.faults.len()).unwrap_or(u64::MAX) {
        out.write_record(["", "", "", MORE.of(lang)]).map_err(Error::internal)?;
    }
    out.into_inner().map_err(|e| Error::internal(e.to_string()))
}

fn line(fault: &Fault, lang: Lang) -> [String; 4] {
    let row = fault.row.map(|row| row.to_string()).unwrap_or_default();
    let column = fault.column.clone().unwrap_or_default();
    [row, column, fault.code.as_str().to_owned(), fault.hint(lang)]
}

/// A cell that no spreadsheet takes for a formula (`facts/reliability.md` UPL-3).
fn plain(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

/// Check survey responses
///
/// Reads the body as the submission would and keeps nothing. The answer is a CSV of the faulty rows (UTF-8 with a byte order
/// mark, so that spreadsheets read it): the row as a spreadsheet numbers it, the column, the fault's code and how to mend it in
/// the caller's language, with the codes a question offers where an answer is none of them. It has its header alone when nothing is wrong.
#[utoipa::path(tag = "surveys", operation_id = "check_survey_responses",
    security(("client" = ["surveys:write"]), ("session" = [])),
    params(
        ("campaign_id" = uuid::Uuid, Path, description = "The campaign's id"),
        ("school_number" = String, Path, description = "Seven digits", example = "6764051"),
    ),
    request_body(content((ResponsesBody = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
        (WorkbookBody = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
        description = "The responses"),
    responses(
        (status = 200, description = "The faulty rows", content_type = "text/csv", body = String),
        CreateProblems,
    ))]
#[post("/v1/survey-campaigns/{campaign_id}/schools/{school_number}/responses/check")]
pub async fn check_responses(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(uuid::Uuid, String)>,
    mut payload: web::Payload,
) -> Reply {
    let caller = Signed::of(&request).await?.caller;
    let at = (CampaignId::from_uuid(path.0), school_number(&path.1)?);
    let batch = read_batch(&app, &caller, at, &request, &mut payload).await?;
    let file = error_file(&batch, RequestContext::current().lang)?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"dolen-faults.csv\""))
        .body(file))
}

#[cfg(test)]
mod tests {
    use dolen_domain::kernel::FaultCode;

    use super::*;

    #[test]
    fn the_table_names_what_is_allowed() {
        let allowed = vec!["weekly".to_owned(), "prefer_not_to_say".to_owned()];
        let fault = Fault { allowed, ..Fault::in_row(3, Some("bullied"), FaultCode::NotInList) };
        assert_eq!(line(&fault, Lang::En)[3], "Use one of the allowed values: weekly, prefer_not_to_say");
        assert!(line(&fault, Lang::Cy)[3].ends_with("a ganiateir: weekly, prefer_not_to_say"));
    }

    #[test]
    fn faults_are_a_table_that_a_spreadsheet_opens() {
        let mut batch = Batch {
            stamp: String::new(),
            rows: Vec::new(),
            faults: vec![
                Fault::in_row(7, Some("year_group"), FaultCode::Missing),
                Fault::in_row(9, None, FaultCode::WrongType),
                Fault::in_row(9, Some("=cmd"), FaultCode::Missing),
            ],
            fault_count: 3,
            rejected: 2,
            received: 9,
            digest: [0; 32],
        };
        let told = |batch: &Batch, lang| String::from_utf8(error_file(batch, lang).unwrap()).unwrap();
        assert_eq!(
            told(&batch, Lang::En),
            "\u{feff}row,column,code,how to mend it\r\n7,year_group,missing,Add this value.\r\n\
             9,,wrong_type,\"Use the right kind of value (text, number, list).\"\r\n9,'=cmd,missing,Add this value.\r\n"
        );
        assert!(
            told(&batch, Lang::Cy)
                .starts_with("\u{feff}rhes,colofn,cod,sut i'w gywiro\r\n7,year_group,missing,Ychwanegwch")
        );
        batch.fault_count = 4;
        assert!(told(&batch, Lang::En).ends_with("mend these and check the file again.\r\n"));
        for cell in ["=1", "+1", "-1", "@a", "\t=1", "＝1"] {
            assert_eq!(plain(cell), format!("'{cell}"));
        }
    }
}
