//! CSV: a header line, then one row a record.
//!
//! Commas, semicolons or tabs, as the header has them, or as a first line `sep=;` says, which spreadsheets write and read. A field
//! that is not UTF-8 is read as Windows-1252, as spreadsheets save it, unless the sender said which of the two the file is.

use csv_core::{ReadRecordResult, ReaderBuilder};

use crate::kernel::{Error, FaultCode, Result};

use super::super::model::Charset;
use super::Rows;
use super::columns::{Cell, MOST_COLUMNS};

/// What may stand between two cells.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];

/// The separator that a line `sep=;` says.
fn said(line: &[u8]) -> Option<u8> {
    let line = line.strip_suffix(b"\n").or_else(|| line.strip_suffix(b"\r")).unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    match rest {
        [separator] if word.eq_ignore_ascii_case(b"sep=") && SEPARATORS.contains(separator) => Some(*separator),
        _ => None,
    }
}

/// One record's bytes, as the parser writes them.
struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    byte_len: usize,
    end_len: usize,
    /// Why the record can't be held.
    over: Option<FaultCode>,
    /// How many quotation marks came: in pairs, unless one is not closed or stands alone.
    quotes: usize,
}

impl Record {
    fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.get(..self.end_len).unwrap_or_default();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default())
    }

    /// Whether a quotation mark has no partner.
    const fn is_odd(&self) -> bool {
        self.quotes % 2 == 1
    }

    /// Whether a quotation mark has no partner, and took line ends into its field: the rows after it with them.
    fn ran_on(&self) -> bool {
        let held = self.bytes.get(..self.byte_len).unwrap_or_default();
        self.is_odd() && (self.over.is_some() || memchr::memchr2(b'\n', b'\r', held).is_some())
    }

    fn clear(&mut self) {
        (self.byte_len, self.end_len, self.over, self.quotes) = (0, 0, None, 0);
    }
}

/// The table's state.
pub(super) struct Table {
    /// The header line until it is complete; it tells the separator.
    head: Vec<u8>,
    parser: Option<csv_core::Reader>,
    /// What the line before the header says it is.
    separator: Option<u8>,
    /// How many columns there are; none before the header is read.
    width: usize,
    record: Record,
    charset: Option<Charset>,
    /// The rows that have ended, blank lines and the header among them: as a spreadsheet numbers them.
    ended: u64,
    /// No byte of the next record was read.
    fresh: bool,
    /// The last line ended in a carriage return, which a line feed may follow.
    after_return: bool,
}

impl Table {
    pub fn new(max_line: usize, charset: Option<Charset>) -> Self {
        let (bytes, ends) = (vec![0; max_line], vec![0; MOST_COLUMNS]);
        let record = Record { bytes, ends, byte_len: 0, end_len: 0, over: None, quotes: 0 };
        let (head, parser, separator) = (Vec::new(), None, None);
        Self { head, parser, separator, width: 0, record, charset, ended: 0, fresh: true, after_return: false }
    }

    pub fn feed(&mut self, chunk: &[u8], rows: &mut impl Rows) -> Result<()> {
        let mut rest = chunk;
        while self.parser.is_none() {
            if self.head.is_empty() {
                rest = self.skip_blank(rest);
            }
            let Some(end) = memchr::memchr2(b'\n', b'\r', rest) else {
                return self.hold(rest);
            };
            let (line, after) = rest.split_at(end + 1);
            self.hold(line)?;
            rest = after;
            if self.head.trim_ascii().is_empty() {
                self.after_return = self.head.ends_with(b"\r");
                self.ended += 1;
                self.head.clear();
            } else if let (None, Some(said)) = (self.separator, said(&self.head)) {
                // A spreadsheet doesn't show this line: its numbers begin after it.
                self.after_return = self.head.ends_with(b"\r");
                self.separator = Some(said);
                self.head.clear();
            } else {
                self.start(rows)?;
            }
        }
        self.parse(rest, rows)
    }

    pub fn finish(&mut self, rows: &mut impl Rows) -> Result<()> {
        if self.parser.is_none() {
            self.start(rows)?;
        }
        // An empty input tells the parser that the end has come.
        while self.step(&[], rows)?.is_some() {}
        rows.end()
    }

    /// Counts the blank lines before a record.
    fn skip_blank<'a>(&mut self, mut rest: &'a [u8]) -> &'a [u8] {
        while let [end @ (b'\r' | b'\n'), after @ ..] = rest {
            if *end == b'\r' || !self.after_return {
                self.ended += 1;
            }
            self.after_return = *end == b'\r';
            rest = after;
        }
        rest
    }

    /// Keeps a part of the header line.
    fn hold(&mut self, part: &[u8]) -> Result<()> {
        if self.head.len() + part.len() > self.record.bytes.len() {
            return Err(Error::fault("", FaultCode::LineTooLong).with_detail("the header line is too long"));
        }
        self.head.extend(part);
        Ok(())
    }

    /// Chooses the separator that was said, or that the header has most of, and reads the header.
    fn start(&mut self, rows: &mut impl Rows) -> Result<()> {
        let head = std::mem::take(&mut self.head);
        let count = |separator: u8| memchr::memchr_iter(separator, &head).count();
        let most = || SEPARATORS.into_iter().max_by_key(|s| count(*s)).unwrap_or(b',');
        let separator = self.separator.unwrap_or_else(most);
        self.parser = Some(ReaderBuilder::new().delimiter(separator).build());
        self.parse(&head, rows)
    }

    fn parse(&mut self, mut rest: &[u8], rows: &mut impl Rows) -> Result<()> {
        loop {
            if self.fresh {
                rest = self.skip_blank(rest);
            }
            if rest.is_empty() {
                return Ok(());
            }
            let Some(used) = self.step(rest, rows)? else { return Ok(()) };
            rest = rest.get(used..).unwrap_or_default();
        }
    }

    /// One call of the parser: how much it took, or nothing at the end of the body.
    fn step(&mut self, input: &[u8], rows: &mut impl Rows) -> Result<Option<usize>> {
        let (Some(parser), record) = (&mut self.parser, &mut self.record) else {
            return Ok(None);
        };
        let bytes = record.bytes.get_mut(record.byte_len..).unwrap_or_default();
        let ends = record.ends.get_mut(record.end_len..).unwrap_or_default();
        let (result, used, wrote, ended) = parser.read_record(input, bytes, ends);
        record.quotes += memchr::memchr_iter(b'"', input.get(..used).unwrap_or_default()).count();
        record.byte_len += wrote;
        record.end_len += ended;
        self.fresh = false;
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
                self.fresh = true;
                self.after_return = used.checked_sub(1).and_then(|last| input.get(last)) == Some(&b'\r');
                self.ended += 1;
                let outcome = self.record(rows);
                self.record.clear();
                outcome?;
            }
            ReadRecordResult::End => return Ok(None),
        }
        Ok(Some(used))
    }

    fn record(&mut self, rows: &mut impl Rows) -> Result<()> {
        let charset = self.charset;
        if self.width == 0 {
            if self.record.over.is_some() {
                return Err(Error::fault("", FaultCode::LineTooLong).with_detail("the header line is too long"));
            }
            self.width = rows.header(self.record.fields().map(|f| decode(f, charset)))?;
            return Ok(());
        }
        if self.record.ran_on() {
            return rows.unreadable(self.ended, FaultCode::UnclosedQuote);
        }
        if let Some(code) = self.record.over {
            return rows.unreadable(self.ended, code);
        }
        // Spreadsheets leave rows of empty cells behind.
        if self.record.fields().all(|f| f.trim_ascii().is_empty()) {
            return Ok(());
        }
        if self.record.end_len != self.width {
            let code = if self.record.is_odd() { FaultCode::UnclosedQuote } else { FaultCode::WrongCellCount };
            return rows.unreadable(self.ended, code);
        }
        rows.cells(self.ended, self.record.fields().map(|f| decode(f, charset)))
    }
}

/// A field as what the sender said the file is; if they did not, as UTF-8, or else Windows-1252, which gives every byte a
/// meaning. A whole file need not be held for that: what is not ASCII stands in row keys alone.
fn decode(field: &[u8], charset: Option<Charset>) -> Cell<'_> {
    let windows = || encoding_rs::WINDOWS_1252.decode_without_bom_handling(field).0;
    match (charset, std::str::from_utf8(field)) {
        (Some(Charset::Utf8) | None, Ok(text)) => Ok(text.into()),
        (Some(Charset::Utf8), Err(_)) => Err(FaultCode::BadEncoding),
        (Some(Charset::Windows1252), _) | (None, Err(_)) => Ok(windows()),
    }
}
