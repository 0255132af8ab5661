//! Reading a body as it arrives, in bounded memory. A workbook alone is held until it ends: its list of parts stands last.
//! Tables of other things than responses are read by the same code, whole (`listed`).

mod columns;
mod elements;
mod lines;
mod listed;
mod parts;
mod row;
mod table;
mod workbook;

use sha2::{Digest, Sha256};

use crate::instruments::{BandRef, Layout};
use crate::kernel::{Code, Error, Fault, FaultCode, Result};

use super::model::{Batch, Format, Limits, PackedRow};
use columns::{Cell, Columns, headless};
use elements::Elements;
use lines::Lines;
pub(in crate::surveys) use listed::{Line, read_lines};
use table::Table;
use workbook::Workbook;

/// A fault of a row before its number is known: the column or field, if one is to blame, and the code.
type RowFault = (Option<String>, FaultCode);

/// Why a row is not taken.
struct Refusal {
    faults: Vec<RowFault>,
    /// The respondent's band, when it is known: what they may answer hangs on it.
    band: Option<BandRef>,
}

impl Refusal {
    /// A row of which no column is to blame.
    fn whole(code: FaultCode) -> Self {
        Self { faults: vec![(None, code)], band: None }
    }
}

/// Faults kept of one body; all are counted.
const FAULTS_KEPT: usize = 1000;

/// The byte order mark of UTF-8, which spreadsheets put first.
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// How a body is cut into rows.
enum Source {
    Lines(Lines),
    Elements(Elements),
    Table(Box<Table>),
    Workbook(Workbook),
}

/// Reads one body in pieces. However it is cut, the same body gives the same [`Batch`]; and whatever its form, the same rows.
pub struct Reader {
    source: Source,
    intake: Intake,
    digest: Sha256,
    bytes: u64,
    /// The first bytes, until there are enough to know a byte order mark.
    head: Option<Vec<u8>>,
    failed: bool,
}

impl Reader {
    /// A reader of one body against a questionnaire.
    #[must_use]
    pub fn new(format: Format, layout: Layout, limits: Limits) -> Self {
        let source = match format {
            Format::Ndjson => Source::Lines(Lines::default()),
            Format::Json => Source::Elements(Elements::default()),
            Format::Csv(charset) => Source::Table(Box::new(Table::new(limits.max_line, charset))),
            Format::Xlsx => Source::Workbook(Workbook::default()),
        };
        let intake = Intake {
            layout,
            limits,
            columns: Columns::default(),
            rows: Vec::new(),
            faults: Vec::new(),
            fault_count: 0,
            rejected: 0,
            received: 0,
        };
        Self { source, intake, digest: Sha256::new(), bytes: 0, head: Some(Vec::new()), failed: false }
    }

    /// Takes the next piece of the body.
    ///
    /// # Errors
    /// [`Code::PayloadTooLarge`] past a limit, [`Code::MalformedBody`] or [`Code::InvalidBody`] when the body as a whole
    /// can't be read. A reader that has failed stays failed.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<()> {
        if self.failed {
            return Err(Code::MalformedBody.into());
        }
        let outcome = self.take(chunk);
        self.failed = outcome.is_err();
        outcome
    }

    /// Ends the body. A workbook is read only now, which takes a while.
    ///
    /// # Errors
    /// As [`Self::feed`], when the body is cut short.
    pub fn finish(mut self) -> Result<Batch> {
        if self.failed {
            return Err(Code::MalformedBody.into());
        }
        if let Some(head) = self.head.take() {
            self.pass(without_mark(&head)?)?;
        }
        match &mut self.source {
            Source::Lines(lines) => lines.finish(&mut self.intake)?,
            Source::Elements(elements) => elements.finish()?,
            Source::Table(table) => table.finish(&mut self.intake)?,
            Source::Workbook(workbook) => workbook.finish(self.intake.limits.max_line, &mut self.intake)?,
        }
        let Intake { layout, rows, faults, fault_count, rejected, received, .. } = self.intake;
        let digest = self.digest.finalize().into();
        Ok(Batch { stamp: layout.stamp().to_owned(), rows, faults, fault_count, rejected, received, digest })
    }

    fn take(&mut self, chunk: &[u8]) -> Result<()> {
        let room = self.intake.limits.max_bytes - self.bytes;
        let fits = usize::try_from(room).unwrap_or(usize::MAX).min(chunk.len());
        let (chunk, over) = chunk.split_at(fits);
        self.bytes += u64::try_from(fits).unwrap_or(u64::MAX);
        self.digest.update(chunk);
        let mut rest = chunk;
        if let Some(head) = &mut self.head {
            let (more, after) = rest.split_at(rest.len().min(BOM.len() - head.len()));
            head.extend(more);
            rest = after;
            if head.len() == BOM.len() {
                let head = self.head.take().unwrap_or_default();
                self.pass(without_mark(&head)?)?;
            }
        }
        self.pass(rest)?;
        if over.is_empty() {
            return Ok(());
        }
        Err(Error::new(Code::PayloadTooLarge)
            .with_detail(format!("a body holds at most {} bytes", self.intake.limits.max_bytes)))
    }

    fn pass(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        match &mut self.source {
            Source::Lines(lines) => lines.feed(bytes, &mut self.intake),
            Source::Elements(elements) => elements.feed(bytes, &mut self.intake),
            Source::Table(table) => table.feed(bytes, &mut self.intake),
            Source::Workbook(workbook) => {
                workbook.hold(bytes);
                Ok(())
            }
        }
    }
}

/// The first bytes without a byte order mark. UTF-16 is refused by its mark.
fn without_mark(head: &[u8]) -> Result<&[u8]> {
    match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Err(Error::faults(Code::MalformedBody, vec![Fault::at("", FaultCode::BadEncoding)]))
        }
        _ => Ok(head.strip_prefix(&BOM).unwrap_or(head)),
    }
}

/// What takes the rows of a table, whatever file it stands in.
trait Rows {
    /// Takes the header, and says how many columns there are.
    fn header<'a>(&mut self, names: impl Iterator<Item = Cell<'a>>) -> Result<usize>;
    /// Takes a row that has a cell for each column, by the number that a spreadsheet gives it.
    fn cells<'a>(&mut self, number: u64, cells: impl Iterator<Item = Cell<'a>>) -> Result<()>;
    /// Takes word of a row that can't be read.
    fn unreadable(&mut self, number: u64, code: FaultCode) -> Result<()>;
    /// Takes the end; a fault when there was no header.
    fn end(&self) -> Result<()>;
}

/// Where rows go as they are read.
struct Intake {
    layout: Layout,
    limits: Limits,
    /// A table's columns.
    columns: Columns,
    rows: Vec<PackedRow>,
    faults: Vec<Fault>,
    fault_count: u64,
    rejected: u64,
    received: u64,
}

impl Intake {
    /// Notes one more row, good or not, by its place among the rows that came.
    fn row(&mut self, read: impl FnOnce(&Layout) -> Result<PackedRow, Refusal>) -> Result<()> {
        self.row_at(self.received + 1, read)
    }

    /// Notes one more row of a table, by the number that a spreadsheet gives it.
    fn row_at(&mut self, number: u64, read: impl FnOnce(&Layout) -> Result<PackedRow, Refusal>) -> Result<()> {
        if self.received == self.limits.max_rows {
            return Err(Error::new(Code::PayloadTooLarge)
                .with_detail(format!("a body holds at most {} responses", self.limits.max_rows)));
        }
        self.received += 1;
        match read(&self.layout) {
            Ok(row) => self.rows.push(row),
            Err(Refusal { faults, band }) => {
                self.rejected += 1;
                for (column, code) in faults {
                    self.fault_count += 1;
                    if self.faults.len() < FAULTS_KEPT {
                        let allowed = match (code, column.as_deref(), band) {
                            (FaultCode::NotInList, Some(question), Some(band)) => self.layout.offered(question, band),
                            _ => Vec::new(),
                        };
                        self.faults.push(Fault { allowed, ..Fault::in_row(number, column.as_deref(), code) });
                    }
                }
            }
        }
        Ok(())
    }
}

impl Rows for Intake {
    fn header<'a>(&mut self, names: impl Iterator<Item = Cell<'a>>) -> Result<usize> {
        self.columns = Columns::read(names, &self.layout)?;
        Ok(self.columns.len())
    }

    fn cells<'a>(&mut self, number: u64, cells: impl Iterator<Item = Cell<'a>>) -> Result<()> {
        let row = self.columns.row(cells, &self.layout);
        self.row_at(number, |_| row)
    }

    fn unreadable(&mut self, number: u64, code: FaultCode) -> Result<()> {
        self.row_at(number, |_| Err(Refusal::whole(code)))
    }

    fn end(&self) -> Result<()> {
        if self.columns.len() == 0 { Err(headless()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
