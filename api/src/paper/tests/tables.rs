//! Tables for other programs.

use chrono::{DateTime, Utc};

use crate::paper::{Cell, Tidy, csv, xlsx};

fn table() -> Tidy {
    let row = |school: &str, value: Cell| vec![Cell::text("202526"), Cell::text(school), Cell::Whole(-7), value];
    Tidy {
        columns: ["time_period", "school_name", "change", "value"].map(str::to_owned).to_vec(),
        rows: vec![
            row("Ysgol Tŷ'r Dŵr, \"y Bryn\"", Cell::Tenths(125)),
            row("=HYPERLINK(\"x\")", Cell::text("c")),
            row("\tone\r\ntwo", Cell::text("-1")),
        ],
    }
}

fn moment(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000 + second, 0).unwrap()
}

#[test]
fn csv_is_what_spreadsheets_and_programs_read() {
    let bytes = csv(&table()).unwrap();
    let text = std::str::from_utf8(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap()).unwrap();
    assert!(text.starts_with("time_period,school_name,change,value\r\n"));
    let rows: Vec<Vec<String>> = ::csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|r| r.unwrap().iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(rows[0], ["202526", "Ysgol Tŷ'r Dŵr, \"y Bryn\"", "-7", "12.5"]);
    assert_eq!(rows[1], ["202526", "'=HYPERLINK(\"x\")", "-7", "c"]);
    assert_eq!(rows[2], ["202526", "'\tone\r\ntwo", "-7", "'-1"]);
    let mut short = table();
    short.rows[1].pop();
    assert!(csv(&short).is_err());
}

#[test]
fn a_workbook_is_one_plain_sheet_and_the_same_again() {
    let bytes = xlsx(&table(), "Canlyniadau", moment(0)).unwrap();
    assert!(bytes.starts_with(b"PK"));
    assert!(xlsx(&table(), "Canlyniadau", moment(0)).unwrap() == bytes);
    assert!(xlsx(&table(), "Canlyniadau", moment(3600)).unwrap() != bytes, "the moment stands in it");
    assert!(xlsx(&table(), "a/b", moment(0)).is_err());
    let mut other = table();
    other.rows[0][3] = Cell::Tenths(126);
    assert!(xlsx(&other, "Canlyniadau", moment(0)).unwrap() != bytes);
}
