//! A CSV file as rows of clean cells under known columns, whatever program saved it.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::kernel::{Fault, FaultCode, clean_text};

use super::cells::Row;
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
    Fault { code, pointer: String::new(), row: None, column, allowed: Vec::new() }
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
}
