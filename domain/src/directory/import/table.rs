//! A CSV file as rows of clean cells under known columns, whatever program saved it.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;

use crate::kernel::{Fault, FaultCode, clean_text};

use super::words::flat;

/// The most rows of a file, the header not counted.
pub(super) const MOST_ROWS: usize = 20_000;
/// The most characters of a cell.
const LONGEST_CELL: usize = 2_000;

/// A column we know: its name in faults, whether a file must have it, and what else it may be called.
pub(super) struct Column {
    pub name: &'static str,
    pub required: bool,
    /// In the form [`flat`] gives.
    pub called: &'static [&'static str],
}

/// A file as read.
#[derive(Default)]
pub(super) struct Table {
    pub rows: Vec<Row>,
    pub faults: Vec<Fault>,
}

/// One row: the cells of the columns the file has.
pub(super) struct Row {
    pub number: u64,
    cells: HashMap<&'static str, String>,
}

/// What stands in an optional column.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cell<T> {
    /// The file has no such column.
    NoColumn,
    /// Nothing (or something faulty, which is noted).
    Blank,
    /// This.
    Value(T),
}

impl<T> Cell<T> {
    /// The value; what was known when the file has no such column.
    pub fn or_keep(self, known: Option<T>) -> Option<T> {
        match self {
            Self::NoColumn => known,
            Self::Blank => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl Row {
    /// A cell that must hold something; notes a fault and gives nothing otherwise.
    pub fn required<T>(
        &self,
        faults: &mut Vec<Fault>,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, FaultCode>,
    ) -> Option<T> {
        match self.optional(faults, column, read) {
            Cell::Value(value) => Some(value),
            Cell::Blank if self.text(column).is_some_and(|t| !t.is_empty()) => None,
            Cell::Blank | Cell::NoColumn => {
                faults.push(Fault::in_row(self.number, Some(column), FaultCode::Missing));
                None
            }
        }
    }

    /// A cell that may be empty; notes a fault in what is there.
    pub fn optional<T>(
        &self,
        faults: &mut Vec<Fault>,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, FaultCode>,
    ) -> Cell<T> {
        match self.text(column) {
            None => Cell::NoColumn,
            Some("") => Cell::Blank,
            Some(text) => match read(text) {
                Ok(value) => Cell::Value(value),
                Err(code) => {
                    faults.push(Fault::in_row(self.number, Some(column), code));
                    Cell::Blank
                }
            },
        }
    }

    /// A cell's text; nothing when the file has no such column.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }
}

/// UTF-8 with or without a byte-order mark, else Windows-1252, as spreadsheets save "CSV" without asking.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FaultCode> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(FaultCode::BadEncoding);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    })
}

/// The separator the header line uses most: comma, semicolon or tab.
fn separator(text: &str) -> u8 {
    let header = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |c: u8| header.bytes().filter(|b| *b == c).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|c| count(*c)).unwrap_or(b',')
}

/// A column's letter in a spreadsheet: A to Z, AA and so on. An unknown heading itself is not repeated, for a file
/// without headings has someone's name there.
fn letter(index: usize) -> String {
    let mut rest = index;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

/// A fault of the file as a whole, at a column when one is to blame.
fn of_file(column: Option<String>, code: FaultCode) -> Fault {
    Fault { code, pointer: String::new(), row: None, column }
}

/// Which column of ours each of the file's is; notes headings that are unknown, double or not there.
fn headings(header: &csv::StringRecord, columns: &[Column], faults: &mut Vec<Fault>) -> Vec<Option<&'static str>> {
    let mut found: Vec<Option<&'static str>> = Vec::new();
    for (index, heading) in header.iter().enumerate() {
        let heading = flat(heading);
        let column = columns.iter().find(|c| flat(c.name) == heading || c.called.contains(&heading.as_str()));
        if column.is_none() && !heading.is_empty() {
            faults.push(of_file(Some(letter(index)), FaultCode::UnknownColumn));
        }
        if let Some(double) = column.filter(|c| found.contains(&Some(c.name))) {
            faults.push(of_file(Some(double.name.to_owned()), FaultCode::Duplicate));
        }
        found.push(column.map(|c| c.name));
    }
    for column in columns.iter().filter(|c| c.required && !found.contains(&Some(c.name))) {
        faults.push(of_file(Some(column.name.to_owned()), FaultCode::Missing));
    }
    found
}

/// One cell, clean and on one line.
fn cell(raw: &str) -> Result<String, FaultCode> {
    let text = clean_text(raw)?.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LONGEST_CELL { Err(FaultCode::TooLong) } else { Ok(text) }
}

/// Reads a file. A row with a fault in the form of its cells is left out of the rows, so each fault is told once.
pub(super) fn read(bytes: &[u8], columns: &[Column]) -> Table {
    let mut table = Table::default();
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(code) => {
            table.faults.push(of_file(None, code));
            return table;
        }
    };
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes())
        .into_records()
        .map_while(Result::ok);
    let Some(header) = lines.next() else {
        table.faults.push(of_file(None, FaultCode::Missing));
        return table;
    };
    let headings = headings(&header, columns, &mut table.faults);
    if !table.faults.is_empty() {
        return table;
    }
    for (number, line) in (1_u64..).zip(lines) {
        if line.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        if table.rows.len() == MOST_ROWS {
            table.faults.push(of_file(None, FaultCode::TooMany));
            return table;
        }
        match row(number, &line, &headings) {
            Ok(row) => table.rows.push(row),
            Err(faults) => table.faults.extend(faults),
        }
    }
    table
}

fn row(number: u64, line: &csv::StringRecord, headings: &[Option<&'static str>]) -> Result<Row, Vec<Fault>> {
    let mut row = Row { number, cells: HashMap::new() };
    let mut faults = Vec::new();
    for name in headings.iter().flatten() {
        row.cells.insert(name, String::new());
    }
    for (index, raw) in line.iter().enumerate() {
        let place = headings.get(index).copied().flatten();
        match (place, cell(raw)) {
            (Some(name), Ok(text)) => {
                row.cells.insert(name, text);
            }
            (None, Ok(text)) if text.is_empty() => {}
            // Content under no heading: most often a separator that should have been quoted.
            (None, Ok(_)) => faults.push(Fault::in_row(number, Some(&letter(index)), FaultCode::UnknownColumn)),
            (name, Err(code)) => {
                let column = name.map_or_else(|| letter(index), str::to_owned);
                faults.push(Fault::in_row(number, Some(&column), code));
            }
        }
    }
    if faults.is_empty() { Ok(row) } else { Err(faults) }
}

/// A date as `2026-09-01` or `01/09/2026`.
pub(super) fn date(text: &str) -> Result<NaiveDate, FaultCode> {
    let iso = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
    let format = if iso { "%Y-%m-%d" } else { "%d/%m/%Y" };
    let date = NaiveDate::parse_from_str(text, format).map_err(|_| FaultCode::BadFormat)?;
    // A year of two digits reads as one of the first century.
    if (1800..=2200).contains(&chrono::Datelike::year(&date)) { Ok(date) } else { Err(FaultCode::BadFormat) }
}

/// Text of one to so many characters.
pub(super) fn text_up_to(most: usize) -> impl Fn(&str) -> Result<String, FaultCode> {
    move |text| if text.chars().count() > most { Err(FaultCode::TooLong) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { name: "Name", required: true, called: &["enw"] },
        Column { name: "Key Areas", required: false, called: &["meysydd allweddol"] },
    ];

    fn names(bytes: &[u8]) -> Vec<String> {
        let table = read(bytes, COLUMNS);
        assert_eq!(table.faults, []);
        table.rows.iter().filter_map(|r| r.text("Name").map(str::to_owned)).collect()
    }

    fn fault(bytes: &[u8]) -> Vec<(FaultCode, Option<u64>, Option<String>)> {
        read(bytes, COLUMNS).faults.into_iter().map(|f| (f.code, f.row, f.column)).collect()
    }

    #[test]
    fn encodings_and_separators() {
        assert_eq!(names("Name,Key Areas\nSiân,\n".as_bytes()), ["Siân"]);
        assert_eq!(names("\u{feff}enw;MEYSYDD_ALLWEDDOL\r\n\"Tŷ; Gwyn\";x\r\n".as_bytes()), ["Tŷ; Gwyn"]);
        assert_eq!(names(b"Key Areas\tName\nx, y\tSi\xe2n\n"), ["Siân"]);
        assert_eq!(names(b"Name\n\nA\n,\nB\n"), ["A", "B"]);
        assert_eq!(fault(&[0xFF, 0xFE, b'N', 0]), [(FaultCode::BadEncoding, None, None)]);
    }

    #[test]
    fn headings_are_known_single_and_complete() {
        assert_eq!(fault(b""), [(FaultCode::Missing, None, None)]);
        let shown = fault(b"Key Areas,Role Title Person\nx,y");
        let column = |c: &str| Some(c.to_owned());
        assert_eq!(shown, [(FaultCode::UnknownColumn, None, column("B")), (FaultCode::Missing, None, column("Name"))]);
        assert_eq!(fault(b"Name,Enw\n"), [(FaultCode::Duplicate, None, column("Name"))]);
        assert_eq!(
            (letter(0), letter(25), letter(26), letter(701)),
            ("A".into(), "Z".into(), "AA".into(), "ZZ".into())
        );
    }

    #[test]
    fn cells_and_rows_have_limits() {
        let long = format!("Name\nA\n{}\n", "x".repeat(LONGEST_CELL + 1));
        assert_eq!(fault(long.as_bytes()), [(FaultCode::TooLong, Some(2), Some("Name".to_owned()))]);
        assert_eq!(fault(b"Name\na\0b\n"), [(FaultCode::BadCharacter, Some(1), Some("Name".to_owned()))]);
        assert_eq!(fault(b"Name\nA,B\n"), [(FaultCode::UnknownColumn, Some(1), Some("B".to_owned()))]);
        let many = format!("Name\n{}", "A\n".repeat(MOST_ROWS + 1));
        assert_eq!(fault(many.as_bytes()), [(FaultCode::TooMany, None, None)]);
    }

    #[test]
    fn dates_are_iso_or_british() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        assert_eq!((date("2026-09-01"), date("01/09/2026"), date("1/9/2026")), (Ok(day), Ok(day), Ok(day)));
        for bad in ["09/2026", "2026-13-01", "31/02/2026", "1/9/26", "soon"] {
            assert_eq!(date(bad), Err(FaultCode::BadFormat), "{bad}");
        }
    }
}
