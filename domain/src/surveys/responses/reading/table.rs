//! CSV: a header line, then one response a record.
//!
//! `year_group`, `row_key` (if wanted) and a column for each question asked; several answers in a cell are separated by
//! `|`. Commas, semicolons or tabs; a field that is not UTF-8 is read as Windows-1252, as spreadsheets save it.

use std::borrow::Cow;
use std::collections::HashSet;

use csv_core::{ReadRecordResult, ReaderBuilder};

use crate::instruments::{Answer, Kind, Layout};
use crate::kernel::{Code, Error, Fault, FaultCode, Result};

use super::super::model::PackedRow;
use super::row::{Given, assemble};
use super::{Intake, RowFault};

/// More columns than any questionnaire has.
const MOST_COLUMNS: usize = 512;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Year,
    Key,
    /// The question at this place of the layout.
    Question(usize),
}

/// One record's bytes, as the parser writes them.
struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    byte_len: usize,
    end_len: usize,
    /// Why the record can't be held.
    over: Option<FaultCode>,
}

impl Record {
    fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.get(..self.end_len).unwrap_or_default();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default())
    }

    fn clear(&mut self) {
        (self.byte_len, self.end_len, self.over) = (0, 0, None);
    }
}

/// The table's state.
pub(super) struct Table {
    /// The header line until it is complete; it tells the separator.
    head: Vec<u8>,
    parser: Option<csv_core::Reader>,
    columns: Vec<Column>,
    record: Record,
}

impl Table {
    pub fn new(max_line: usize) -> Self {
        let record =
            Record { bytes: vec![0; max_line], ends: vec![0; MOST_COLUMNS], byte_len: 0, end_len: 0, over: None };
        Self { head: Vec::new(), parser: None, columns: Vec::new(), record }
    }

    pub fn feed(&mut self, chunk: &[u8], intake: &mut Intake) -> Result<()> {
        let mut rest = chunk;
        while self.parser.is_none() {
            let Some(end) = memchr::memchr2(b'\n', b'\r', rest) else {
                return self.hold(rest);
            };
            let (line, after) = rest.split_at(end + 1);
            self.hold(line)?;
            rest = after;
            if self.head.trim_ascii().is_empty() {
                self.head.clear();
            } else {
                self.start(intake)?;
            }
        }
        self.parse(rest, intake)
    }

    pub fn finish(&mut self, intake: &mut Intake) -> Result<()> {
        if self.parser.is_none() {
            self.start(intake)?;
        }
        // An empty input tells the parser that the end has come.
        while self.step(&[], intake)?.is_some() {}
        if self.columns.is_empty() {
            return Err(header_fault("year_group", FaultCode::Missing));
        }
        Ok(())
    }

    /// Keeps a part of the header line.
    fn hold(&mut self, part: &[u8]) -> Result<()> {
        if self.head.len() + part.len() > self.record.bytes.len() {
            return Err(Error::fault("", FaultCode::LineTooLong).with_detail("the header line is too long"));
        }
        self.head.extend(part);
        Ok(())
    }

    /// Chooses the separator that the header has most of, and reads the header.
    fn start(&mut self, intake: &mut Intake) -> Result<()> {
        let head = std::mem::take(&mut self.head);
        let count = |separator: u8| memchr::memchr_iter(separator, &head).count();
        let separator = [b'\t', b';', b','].into_iter().max_by_key(|s| count(*s)).unwrap_or(b',');
        self.parser = Some(ReaderBuilder::new().delimiter(separator).build());
        self.parse(&head, intake)
    }

    fn parse(&mut self, mut rest: &[u8], intake: &mut Intake) -> Result<()> {
        while !rest.is_empty() {
            let Some(used) = self.step(rest, intake)? else { break };
            rest = rest.get(used..).unwrap_or_default();
        }
        Ok(())
    }

    /// One call of the parser: how much it took, or nothing at the end of the body.
    fn step(&mut self, input: &[u8], intake: &mut Intake) -> Result<Option<usize>> {
        let (Some(parser), record) = (&mut self.parser, &mut self.record) else {
            return Ok(None);
        };
        let bytes = record.bytes.get_mut(record.byte_len..).unwrap_or_default();
        let ends = record.ends.get_mut(record.end_len..).unwrap_or_default();
        let (result, used, wrote, ended) = parser.read_record(input, bytes, ends);
        record.byte_len += wrote;
        record.end_len += ended;
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull => {
                record.byte_len = 0;
                record.over.get_or_insert(FaultCode::LineTooLong);
            }
            ReadRecordResult::OutputEndsFull => {
                record.end_len = 0;
                record.over.get_or_insert(FaultCode::TooMany);
            }
            ReadRecordResult::Record => {
                let outcome = self.record(intake);
                self.record.clear();
                outcome?;
            }
            ReadRecordResult::End => return Ok(None),
        }
        Ok(Some(used))
    }

    fn record(&mut self, intake: &mut Intake) -> Result<()> {
        if self.columns.is_empty() {
            self.columns = self.header(&intake.layout)?;
            return Ok(());
        }
        if let Some(code) = self.record.over {
            return intake.row(|_| Err(vec![(None, code)]));
        }
        // Spreadsheets leave rows of empty cells behind.
        if self.record.fields().all(|f| f.trim_ascii().is_empty()) {
            return Ok(());
        }
        intake.row(|layout| self.row(layout))
    }

    /// Reads the header. An unknown column is named by its place alone: in a file without a header it would be an answer.
    fn header(&self, layout: &Layout) -> Result<Vec<Column>> {
        if self.record.over.is_some() {
            return Err(Error::fault("", FaultCode::LineTooLong).with_detail("the header line is too long"));
        }
        let mut seen = HashSet::new();
        let mut columns = Vec::new();
        let mut faults = Vec::new();
        for (i, field) in self.record.fields().enumerate() {
            let column = match decode(field).trim() {
                "year_group" => Some(Column::Year),
                "row_key" => Some(Column::Key),
                code => layout.find(code).map(Column::Question),
            };
            let place = || Some(format!("#{}", i + 1));
            match column {
                None => faults.push(fault(place(), FaultCode::UnknownColumn)),
                Some(column) if !seen.insert(column) => faults.push(fault(place(), FaultCode::Duplicate)),
                Some(column) => columns.push(column),
            }
        }
        if !seen.contains(&Column::Year) {
            faults.push(fault(Some("year_group".to_owned()), FaultCode::Missing));
        }
        if faults.is_empty() { Ok(columns) } else { Err(Error::faults(Code::InvalidBody, faults)) }
    }

    fn row(&self, layout: &Layout) -> Result<PackedRow, Vec<RowFault>> {
        if self.record.end_len != self.columns.len() {
            return Err(vec![(None, FaultCode::BadFormat)]);
        }
        let mut year = Err(FaultCode::Missing);
        let mut key = Ok(None);
        let mut answers: Vec<Given<'_>> = Vec::new();
        let mut faults: Vec<RowFault> = Vec::new();
        for (column, field) in self.columns.iter().zip(self.record.fields()) {
            let text = trimmed(decode(field));
            if text.is_empty() {
                continue;
            }
            match column {
                Column::Year => year = text.parse().map_err(|_| FaultCode::WrongType),
                Column::Key => key = Ok(Some(text)),
                Column::Question(index) => {
                    let Some(slot) = layout.slots().get(*index) else {
                        continue;
                    };
                    if text.contains('\0') {
                        faults.push((Some(slot.code().to_owned()), FaultCode::BadCharacter));
                        continue;
                    }
                    let answer = match slot.kind() {
                        Kind::Single => Answer::One(text),
                        Kind::Multi => Answer::Many(parts(text)),
                    };
                    answers.push((Cow::Borrowed(slot.code()), answer));
                }
            }
        }
        assemble(layout, year, key, &answers, faults)
    }
}

fn fault(column: Option<String>, code: FaultCode) -> Fault {
    Fault { code, pointer: String::new(), row: None, column }
}

fn header_fault(column: &str, code: FaultCode) -> Error {
    Error::faults(Code::InvalidBody, vec![fault(Some(column.to_owned()), code)])
}

/// UTF-8, or else Windows-1252, which gives every byte a meaning.
fn decode(field: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(field) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(field).0,
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// The codes in a cell of several.
fn parts(text: Cow<'_, str>) -> Vec<Cow<'_, str>> {
    let codes = |text: &str| text.split('|').map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect::<Vec<_>>();
    match text {
        Cow::Borrowed(text) => text.split('|').map(str::trim).filter(|p| !p.is_empty()).map(Cow::Borrowed).collect(),
        Cow::Owned(text) => codes(&text).into_iter().map(Cow::Owned).collect(),
    }
}
