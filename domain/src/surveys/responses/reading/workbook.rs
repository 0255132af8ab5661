//! XLSX: the first sheet of a workbook, read as a table.
//!
//! A workbook is a ZIP archive of XML, and a small one can unpack to more than any machine holds. So its parts are unpacked
//! once into nothing and counted, whatever their headers say, before any is read (`facts/reliability.md` UPL-1, A20).

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::kernel::{Code, Error, FaultCode, Result};

use super::Rows;
use super::columns::{Cell, MOST_COLUMNS};
use super::parts::{Parts, Value, unreadable};

/// Parts of one workbook (`facts/reliability.md` UPL-1).
const MOST_PARTS: usize = 1000;
/// Bytes that all parts of one workbook unpack to (the same). 50,000 rows of 40 answers take about 70 MB.
const MOST_UNPACKED: u64 = 100_000_000;
/// How many times its own size a workbook may unpack to (the same), once it is more than [`SMALL`].
const MOST_RATIO: u64 = 100;
/// Unpacked bytes that are no harm, however small they were packed.
const SMALL: u64 = 1_000_000;

/// The workbook so far.
#[derive(Default)]
pub(super) struct Workbook {
    held: Vec<u8>,
}

impl Workbook {
    /// Keeps a part. How much comes at all is the reader's limit.
    pub fn hold(&mut self, part: &[u8]) {
        self.held.extend(part);
    }

    /// Reads the whole.
    pub fn finish(&mut self, max_line: usize, rows: &mut impl Rows) -> Result<()> {
        let held = std::mem::take(&mut self.held);
        let mut archive = ZipArchive::new(Cursor::new(held.as_slice())).map_err(|_| unreadable())?;
        measure(&mut archive, held.len())?;
        let mut parts = Parts::of(archive);
        let first = parts.first()?;
        let mut sheet = Sheet::new(max_line);
        parts.cells(&first, |row, column, value| sheet.cell(row, column, value, rows))?;
        sheet.end(rows)?;
        rows.end()
    }
}

/// Refuses an archive that unpacks to too much.
fn measure(archive: &mut ZipArchive<Cursor<&[u8]>>, packed: usize) -> Result<()> {
    if archive.len() > MOST_PARTS {
        return Err(too_large(&format!("a workbook has at most {MOST_PARTS} parts")));
    }
    let packed = u64::try_from(packed).unwrap_or(u64::MAX);
    let most = packed.saturating_mul(MOST_RATIO).clamp(SMALL, MOST_UNPACKED);
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| unreadable())?;
        // One byte more than may be tells that there is more.
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| unreadable())?;
        left =
            left.checked_sub(read).ok_or_else(|| too_large(&format!("a workbook unpacks to at most {most} bytes")))?;
    }
    Ok(())
}

fn too_large(detail: &str) -> Error {
    Error::new(Code::PayloadTooLarge).with_detail(detail)
}

/// The sheet as its cells come: one row at a time is held.
struct Sheet<'a> {
    /// How many columns there are; none before the header is read.
    width: usize,
    /// The row that is being read, from 0.
    row: Option<u32>,
    cells: Vec<Value<'a>>,
    size: usize,
    max_line: usize,
    /// Why the row can't be held.
    over: Option<FaultCode>,
}

impl<'a> Sheet<'a> {
    fn new(max_line: usize) -> Self {
        Self { width: 0, row: None, cells: Vec::new(), size: 0, max_line, over: None }
    }

    /// Takes the next cell. Cells come row by row, and in a row from the left.
    fn cell(&mut self, row: u32, column: u32, value: Value<'a>, rows: &mut impl Rows) -> Result<()> {
        if self.row != Some(row) {
            if self.row.is_some_and(|before| before > row) {
                return Err(unreadable());
            }
            self.end(rows)?;
            self.row = Some(row);
        }
        // A formatted cell with nothing in it is none.
        if is_blank(&value) {
            return Ok(());
        }
        let place = usize::try_from(column).unwrap_or(usize::MAX);
        self.size = self.size.saturating_add(text_len(&value)).saturating_add(1);
        if place >= MOST_COLUMNS {
            self.over.get_or_insert(FaultCode::TooMany);
        } else if place < self.cells.len() {
            return Err(unreadable());
        } else if self.size > self.max_line {
            self.over.get_or_insert(FaultCode::LineTooLong);
        } else {
            self.cells.resize(place, Value::Empty);
            self.cells.push(value);
        }
        Ok(())
    }

    /// Ends the row.
    fn end(&mut self, rows: &mut impl Rows) -> Result<()> {
        let (mut cells, over) = (std::mem::take(&mut self.cells), self.over.take());
        self.size = 0;
        let Some(row) = self.row.filter(|_| !cells.is_empty() || over.is_some()) else {
            return Ok(());
        };
        if self.width == 0 {
            if over.is_some() {
                return Err(Error::fault("", FaultCode::LineTooLong).with_detail("the header row is too long"));
            }
            self.width = rows.header(cells.iter().map(text))?;
            return Ok(());
        }
        // A cell beyond the last column belongs to none.
        let over = over.or_else(|| (cells.len() > self.width).then_some(FaultCode::WrongCellCount));
        let number = u64::from(row) + 1;
        if let Some(code) = over {
            return rows.unreadable(number, code);
        }
        cells.resize(self.width, Value::Empty);
        rows.cells(number, cells.iter().map(text))
    }
}

fn is_blank(value: &Value<'_>) -> bool {
    match value {
        Value::Empty => true,
        Value::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn text_len(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Number(number) => number.to_string().len(),
        _ => 5,
    }
}

/// A cell as a CSV would have it: 8.0 is 8.
fn text<'a>(value: &'a Value<'_>) -> Cell<'a> {
    match value {
        Value::Empty => Ok(Cow::Borrowed("")),
        Value::Text(text) => Ok(Cow::Borrowed(text)),
        // Written without a fraction when it has none, and in full however large it is.
        Value::Number(number) => Ok(number.to_string().into()),
        Value::Truth(truth) => Ok(truth.to_string().into()),
        Value::Unfit => Err(FaultCode::BadFormat),
    }
}
