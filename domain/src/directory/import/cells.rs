//! One row's cells, and what they may hold.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::kernel::{Fault, FaultCode};

/// One row: the cells of the columns the file has.
pub(super) struct Row {
    pub number: u64,
    pub(super) cells: HashMap<&'static str, String>,
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
    move |text| {
        if text.chars().count() > most { Err(FaultCode::TooLong) } else { Ok(text.to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso_or_british() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        assert_eq!((date("2026-09-01"), date("01/09/2026"), date("1/9/2026")), (Ok(day), Ok(day), Ok(day)));
        for bad in ["09/2026", "2026-13-01", "31/02/2026", "1/9/26", "soon"] {
            assert_eq!(date(bad), Err(FaultCode::BadFormat), "{bad}");
        }
    }
}
