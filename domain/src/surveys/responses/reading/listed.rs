//! A table of a few columns, each with a name, from the same files as responses: CSV as spreadsheets save it, or a workbook.

use std::collections::HashSet;

use crate::kernel::{Code, Error, Fault, FaultCode, Result};

use super::super::model::Limits;
use super::columns::Cell;
use super::table::Table;
use super::workbook::Workbook;
use super::{Rows, without_mark};

/// A row of a table that has `N` columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<const N: usize> {
    /// Its number, as a spreadsheet gives it.
    pub number: u64,
    /// Its cells in the order the columns were asked for, an empty one being [`FaultCode::Missing`]; or why it can't be read.
    pub cells: Result<[Result<String, FaultCode>; N], FaultCode>,
}

/// The rows so far.
struct Taken<const N: usize> {
    names: [&'static str; N],
    /// Which column stands at each place of the file; none before the header is read.
    places: Vec<usize>,
    lines: Vec<Line<N>>,
    most: u64,
}

/// Reads a whole file that has exactly these columns, in any order.
///
/// # Errors
/// [`Code::MalformedBody`] for what is no table, [`Code::InvalidBody`] for other columns, [`Code::PayloadTooLarge`] for more rows
/// than the limit. What is wrong with a row stands in its line.
pub fn read_lines<const N: usize>(bytes: &[u8], names: [&'static str; N], limits: Limits) -> Result<Vec<Line<N>>> {
    let mut taken = Taken { names, places: Vec::new(), lines: Vec::new(), most: limits.max_rows };
    // Every workbook is an archive, and no table begins like one.
    if bytes.starts_with(b"PK") {
        let mut workbook = Workbook::default();
        workbook.hold(bytes);
        workbook.finish(limits.max_line, &mut taken)?;
    } else {
        let mut table = Table::new(limits.max_line, None);
        table.feed(without_mark(bytes)?, &mut taken)?;
        table.finish(&mut taken)?;
    }
    Ok(taken.lines)
}

impl<const N: usize> Taken<N> {
    fn take(&mut self, line: Line<N>) -> Result<()> {
        if u64::try_from(self.lines.len()).unwrap_or(u64::MAX) >= self.most {
            return Err(Error::new(Code::PayloadTooLarge).with_detail(format!("a file has at most {} rows", self.most)));
        }
        self.lines.push(line);
        Ok(())
    }
}

fn of_header(column: String, code: FaultCode) -> Fault {
    Fault { column: Some(column), ..Fault::at("", code) }
}

impl<const N: usize> Rows for Taken<N> {
    /// An unknown column is named by its place alone, as in a file of responses.
    fn header<'a>(&mut self, names: impl Iterator<Item = Cell<'a>>) -> Result<usize> {
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        for (i, name) in names.enumerate() {
            let name = name.unwrap_or_default();
            match self.names.iter().position(|known| *known == name.trim()) {
                None => faults.push(of_header(format!("#{}", i + 1), FaultCode::UnknownColumn)),
                Some(place) if !seen.insert(place) => {
                    faults.push(of_header(format!("#{}", i + 1), FaultCode::Duplicate));
                }
                Some(place) => self.places.push(place),
            }
        }
        let missing = self.names.iter().enumerate().filter(|(place, _)| !seen.contains(place));
        faults.extend(missing.map(|(_, name)| of_header((*name).to_owned(), FaultCode::Missing)));
        if faults.is_empty() { Ok(self.places.len()) } else { Err(Error::faults(Code::InvalidBody, faults)) }
    }

    fn cells<'a>(&mut self, number: u64, cells: impl Iterator<Item = Cell<'a>>) -> Result<()> {
        let mut row: [_; N] = std::array::from_fn(|_| Err(FaultCode::Missing));
        for (place, cell) in self.places.iter().zip(cells) {
            if let Some(at) = row.get_mut(*place) {
                *at = match cell {
                    Ok(text) if text.trim().is_empty() => Err(FaultCode::Missing),
                    cell => cell.map(|text| text.trim().to_owned()),
                };
            }
        }
        self.take(Line { number, cells: Ok(row) })
    }

    fn unreadable(&mut self, number: u64, code: FaultCode) -> Result<()> {
        self.take(Line { number, cells: Err(code) })
    }

    fn end(&self) -> Result<()> {
        if !self.places.is_empty() {
            return Ok(());
        }
        let missing = self.names.iter().map(|name| of_header((*name).to_owned(), FaultCode::Missing));
        Err(Error::faults(Code::InvalidBody, missing.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "b,a\n7,x\n\n,\u{e9} \n";

    fn read(bytes: &[u8]) -> Result<Vec<Line<2>>> {
        read_lines(bytes, ["a", "b"], Limits { max_rows: 2, max_line: 40, ..Limits::default() })
    }

    fn line(number: u64, cells: [Result<&str, FaultCode>; 2]) -> Line<2> {
        Line { number, cells: Ok(cells.map(|cell| cell.map(str::to_owned))) }
    }

    #[test]
    fn one_table_is_the_same_in_every_form() {
        let expected = vec![line(2, [Ok("x"), Ok("7")]), line(4, [Ok("\u{e9}"), Err(FaultCode::Missing)])];
        let windows: Vec<u8> = TABLE.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, column, text) in [(0, 0, "b"), (0, 1, "a"), (1, 1, "x"), (3, 0, " "), (3, 1, "\u{e9}")] {
            sheet.write_string(row, column, text).unwrap();
        }
        sheet.write_number(1, 0, 7.0).unwrap();
        for body in [
            TABLE.as_bytes().to_vec(),
            TABLE.replace(',', ";").into_bytes(),
            TABLE.replace(',', "\t").replace('\n', "\r\n").into_bytes(),
            format!("\u{feff}{TABLE}").into_bytes(),
            windows,
            book.save_to_buffer().unwrap(),
        ] {
            assert_eq!(read(&body).unwrap(), expected);
        }
    }

    #[test]
    fn columns_are_known_single_and_complete() {
        use FaultCode as F;
        let (a, b) = (("a", F::Missing), ("b", F::Missing));
        let cases: &[(&str, &[(&str, FaultCode)])] = &[
            ("", &[a, b]),
            ("\n \n", &[a, b]),
            ("x;y\n", &[("#1", F::UnknownColumn), ("#2", F::UnknownColumn), a, b]),
            ("a;a\n", &[("#2", F::Duplicate), b]),
            ("a;b;\n", &[("#3", F::UnknownColumn)]),
        ];
        for (text, expected) in cases {
            let error = read(text.as_bytes()).unwrap_err();
            let told: Vec<_> = error.faults.iter().map(|f| (f.column.as_deref().unwrap_or_default(), f.code)).collect();
            assert_eq!((error.code, told.as_slice()), (Code::InvalidBody, *expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_table_or_too_long_is_refused() {
        let long = format!("a,b\n{},1\n1\n", "x".repeat(40));
        let cells = read(long.as_bytes()).unwrap().into_iter().map(|line| (line.number, line.cells.unwrap_err()));
        assert_eq!(cells.collect::<Vec<_>>(), [(2, FaultCode::LineTooLong), (3, FaultCode::WrongCellCount)]);
        for (body, code) in [
            (&b"a,b\n1,1\n2,2\n3,3\n"[..], Code::PayloadTooLarge),
            (b"PK\x03\x04 no archive", Code::MalformedBody),
            (&[0xff, 0xfe, b'a', 0], Code::MalformedBody),
        ] {
            assert_eq!(read(body).unwrap_err().code, code, "{body:?}");
        }
    }
}
