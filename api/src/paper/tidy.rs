//! A tidy table: one row for each figure, one column for each thing said of it.

use std::fmt;

/// A table for other programs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tidy {
    /// What the columns are called: lower case with underscores, each once (`time_period`, `geographic_level`).
    pub columns: Vec<String>,
    /// The cells of each row, as many as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text, or an official symbol in a figure's place (`c`, `z`, `x`, `low`, `u`).
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with one decimal place, as its tenths: 125 is 12.5.
    Tenths(i64),
}

impl Cell {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&harmless(text)),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Tenths(tenths) => {
                let sign = if *tenths < 0 { "-" } else { "" };
                write!(f, "{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
            }
        }
    }
}

/// What begins a formula in a spreadsheet: the four signs, their wide twins, and what a program skips before them
/// (`facts/reliability.md` UPL-3).
const BEGINS: &[char] =
    &['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{2212}'];

/// The text, with an apostrophe before what a spreadsheet would take for a formula, and without characters no file may hold.
pub(super) fn harmless(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let text: String = text.chars().filter(allowed).collect();
    // Spaces before a sign don't keep every program from reading it.
    if text.starts_with(BEGINS) || text.trim_start().starts_with(BEGINS) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_no_longer_formulas() {
        let begins = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u{0}=1", "\u{ff1d}1", "\u{a0}=1"];
        for text in begins {
            assert!(harmless(text).starts_with('\''), "{text:?}");
            assert!(!harmless(text).contains('\u{0}'));
        }
        for text in ["", "Ysgol y Bryn", "12-15", "a=b", "low", "'quoted"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn numbers_are_written_with_a_point() {
        let told = |cell: Cell| cell.to_string();
        assert_eq!(told(Cell::Tenths(125)), "12.5");
        assert_eq!(told(Cell::Tenths(-5)), "-0.5");
        assert_eq!(told(Cell::Tenths(100)), "10.0");
        assert_eq!(told(Cell::Whole(-3)), "-3");
    }
}
