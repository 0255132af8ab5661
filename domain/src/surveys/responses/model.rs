//! What comes in and what is answered.

use crate::instruments::Packed;
use crate::kernel::{Fault, SubmissionId, YearGroup, text_enum};

/// The form of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// A header line, then one response a line; in which characters, if the sender said it.
    Csv(Option<Charset>),
    /// One object with a list, `{"responses": […]}`.
    Json,
    /// A workbook (Office Open XML): of its first sheet a header row, then one response a row.
    Xlsx,
}

impl Format {
    /// The forms there are.
    pub const ALL: [Self; 4] = [Self::Ndjson, Self::Csv(None), Self::Json, Self::Xlsx];
}

/// In which characters a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// Windows-1252, as older spreadsheets save it.
    Windows1252,
}

text_enum! {
    /// What becomes of a batch with faulty rows.
    pub enum Mode {
        /// Nothing is kept unless every row is good.
        All = "all",
        /// The good rows are kept.
        Valid = "valid",
    }
}

/// What one body may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows.
    pub max_rows: u64,
    /// Bytes in one row.
    pub max_line: usize,
    /// Bytes in all.
    pub max_bytes: u64,
}

impl Default for Limits {
    /// 50,000 rows of at most 16 KiB, 64 MiB in all: a large authority's secondary pupils in one body.
    fn default() -> Self {
        Self { max_rows: 50_000, max_line: 16 * 1024, max_bytes: 64 * 1024 * 1024 }
    }
}

/// One good row.
#[derive(Clone, PartialEq, Eq)]
pub struct PackedRow {
    /// The respondent's year group.
    pub year_group: YearGroup,
    /// The answers.
    pub answers: Packed,
    /// The sender's own key for the row. Only a keyed hash of it is kept, and apart from the answers.
    pub key: Option<String>,
}

impl std::fmt::Debug for PackedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PackedRow(…)")
    }
}

/// A body, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The code and version of the questionnaire it was read against.
    pub stamp: String,
    /// The good rows, in the order they came.
    pub rows: Vec<PackedRow>,
    /// The first 1,000 faults.
    pub faults: Vec<Fault>,
    /// How many faults there were.
    pub fault_count: u64,
    /// How many rows were faulty.
    pub rejected: u64,
    /// How many rows came.
    pub received: u64,
    /// SHA-256 of the body as it came.
    pub digest: [u8; 32],
}

/// The school, or a year group of it, has more rows than pupils on roll: nothing is refused for that, for a roll may be old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverRoll {
    /// The year group; nothing for the school.
    pub year: Option<YearGroup>,
    /// The pupils on roll.
    pub roll: i64,
}

/// What a sender is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The submission's id; none for a dry run.
    pub submission: Option<SubmissionId>,
    /// Rows kept.
    pub accepted: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Rows whose key had come before; they were left out.
    pub duplicates: u64,
    /// SHA-256 of the body, in hexadecimal.
    pub digest: String,
    /// The first 1,000 faults of the refused rows.
    pub problems: Vec<Fault>,
    /// How many faults there were.
    pub problem_count: u64,
    /// Where there are more rows than pupils on roll, with those that this body brings.
    pub over_roll: Vec<OverRoll>,
    /// Nothing was written.
    pub dry_run: bool,
    /// The same body had been taken before; these are the counts of that time, and nothing was written now.
    pub repeated: bool,
}

/// What was withdrawn. Which rows of the table those were, nobody can say: equal rows are one another's equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawn {
    /// Submissions that count no more.
    pub submissions: u64,
    /// Rows of theirs that had been kept.
    pub rows: u64,
}
