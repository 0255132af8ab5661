//! The columns of a table, whatever file it stands in: `year_group`, `row_key` (if wanted) and one for each question asked;
//! several answers in a cell are separated by `|`.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::instruments::{Answer, Kind, Layout};
use crate::kernel::{Code, Error, Fault, FaultCode, Result};

use super::super::model::PackedRow;
use super::row::{Given, assemble};
use super::{Refusal, RowFault};

/// More columns than any questionnaire has.
pub(super) const MOST_COLUMNS: usize = 512;

/// A cell's text, or why it can't be taken as text.
pub(super) type Cell<'a> = Result<Cow<'a, str>, FaultCode>;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Year,
    Key,
    /// The question at this place of the layout.
    Question(usize),
}

/// The columns in their order; none before the header is read.
#[derive(Default)]
pub(super) struct Columns(Vec<Column>);

impl Columns {
    /// Reads the header. An unknown column is named by its place alone: in a file without a header it would be an answer.
    pub fn read<'a>(names: impl Iterator<Item = Cell<'a>>, layout: &Layout) -> Result<Self> {
        let mut seen = HashSet::new();
        let mut columns = Vec::new();
        let mut faults = Vec::new();
        for (i, name) in names.enumerate() {
            let place = || Some(format!("#{}", i + 1));
            let column = match name.as_deref().map(str::trim) {
                Ok("year_group") => Some(Column::Year),
                Ok("row_key") => Some(Column::Key),
                // The code is one of ours: it can be named.
                Ok(code) if layout.is_text(code) => {
                    faults.push(fault(Some(code.to_owned()), FaultCode::FreeText));
                    continue;
                }
                Ok(code) => layout.find(code).map(Column::Question),
                Err(_) => None,
            };
            match column {
                None => faults.push(fault(place(), FaultCode::UnknownColumn)),
                Some(column) if !seen.insert(column) => faults.push(fault(place(), FaultCode::Duplicate)),
                Some(column) => columns.push(column),
            }
        }
        if !seen.contains(&Column::Year) {
            faults.push(fault(Some("year_group".to_owned()), FaultCode::Missing));
        }
        if faults.is_empty() { Ok(Self(columns)) } else { Err(Error::faults(Code::InvalidBody, faults)) }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Reads a row that has a cell for each column.
    pub fn row<'a>(&self, cells: impl Iterator<Item = Cell<'a>>, layout: &Layout) -> Result<PackedRow, Refusal> {
        let mut year = Err(FaultCode::Missing);
        let mut key = Ok(None);
        let mut answers: Vec<Given<'_>> = Vec::new();
        let mut faults: Vec<RowFault> = Vec::new();
        for (column, cell) in self.0.iter().zip(cells) {
            let text = cell.map(trimmed);
            if matches!(&text, Ok(text) if text.is_empty()) {
                continue;
            }
            match column {
                Column::Year => year = text.and_then(|t| t.parse().map_err(|_| FaultCode::WrongType)),
                Column::Key => key = text.map(Some),
                Column::Question(index) => {
                    let Some(slot) = layout.slots().get(*index) else {
                        continue;
                    };
                    let clean = text.and_then(|t| if t.contains('\0') { Err(FaultCode::BadCharacter) } else { Ok(t) });
                    match (clean, slot.kind()) {
                        (Err(code), _) => faults.push((Some(slot.code().to_owned()), code)),
                        (Ok(text), Kind::Single) => answers.push((Cow::Borrowed(slot.code()), Answer::One(text))),
                        // No code has one of these in it, so none is read there.
                        (Ok(text), Kind::Multi) if text.contains([',', ';', '/']) => {
                            faults.push((Some(slot.code().to_owned()), FaultCode::WrongSeparator));
                        }
                        (Ok(text), Kind::Multi) => {
                            answers.push((Cow::Borrowed(slot.code()), Answer::Many(parts(text))));
                        }
                        // No column is one's: the header was refused.
                        (Ok(_), Kind::Text) => faults.push((Some(slot.code().to_owned()), FaultCode::FreeText)),
                    }
                }
            }
        }
        assemble(layout, year, key, &answers, faults)
    }
}

fn fault(column: Option<String>, code: FaultCode) -> Fault {
    Fault { code, pointer: String::new(), row: None, column, allowed: Vec::new() }
}

/// A table without a header at all.
pub(super) fn headless() -> Error {
    Error::faults(Code::InvalidBody, vec![fault(Some("year_group".to_owned()), FaultCode::Missing)])
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
