//! One reading.

use crate::access::Basis;
use crate::cases::CaseKind;
use crate::kernel::{Bilingual, Reference, Utc, pair, text_enum};

text_enum! {
    /// What was read.
    pub enum Part {
        /// That there is one, and how far it is.
        Envelope = "envelope",
        /// What it says.
        Content = "content",
        /// The people around the child.
        People = "people",
        /// What is to be done.
        Tasks = "tasks",
        /// The names of its documents, or one of them.
        Documents = "documents",
        /// Who has seen it.
        Readers = "readers",
        /// Something else of it.
        Other = "other",
    }
}

impl Part {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Envelope => pair("Yr amlinelliad", "The outline"),
            Self::Content => pair("Y cynnwys", "The content"),
            Self::People => pair("Y bobl o amgylch y plentyn", "The people around the child"),
            Self::Tasks => pair("Y tasgau", "The tasks"),
            Self::Documents => pair("Y dogfennau", "The documents"),
            Self::Readers => pair("Pwy sydd wedi'i weld", "Who has seen it"),
            Self::Other => pair("Rhan arall", "Another part"),
        }
    }

    /// Whether reading it opens something sealed.
    #[must_use]
    pub const fn is_opening(self) -> bool {
        !matches!(self, Self::Envelope | Self::Readers)
    }
}

/// Somebody has seen something of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its number in the audit record.
    pub seq: i64,
    /// When.
    pub at: Utc,
    /// Which kind of record, and its reference; for a reading about a child as a whole, none.
    pub of: Option<(CaseKind, Reference)>,
    /// What.
    pub part: Part,
    /// In which role and on what ground; none for entries older than the record of it.
    pub basis: Option<Basis>,
    /// Whether it was the caller.
    pub own: bool,
    /// Whether an API client read it.
    pub by_client: bool,
    /// The reader's name, for those who watch over the whole; others see roles alone.
    pub name: Option<String>,
}
