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
        /// How far a return to school is: its steps and their days.
        Steps = "steps",
        /// What was said at the steps of a return.
        ReturnFile = "return_file",
        /// Which special provision there is, and its days.
        Provision = "provision",
        /// What is written of a special provision.
        ProvisionFile = "provision_file",
        /// All of it, to answer a request for the child's data.
        SubjectAccess = "subject_access",
        /// The child's date of birth.
        Birthday = "birthday",
        /// Something this version has no word for.
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
            Self::Steps => pair("Camau'r dychwelyd i'r ysgol", "The steps of the return to school"),
            Self::ReturnFile => pair("Yr hyn a ddywedwyd am y dychwelyd", "What was said about the return"),
            Self::Provision => pair("Pa ddarpariaeth arbennig sydd", "Which special provision there is"),
            Self::ProvisionFile => pair("Cynnwys y ddarpariaeth arbennig", "What the special provision says"),
            Self::SubjectAccess => {
                pair("Popeth, i ateb cais am ddata'r plentyn", "All, to answer a request for the child's data")
            }
            Self::Birthday => pair("Dyddiad geni'r plentyn", "The child's date of birth"),
            Self::Other => pair("Rhan arall", "Another part"),
        }
    }

    /// Whether reading it opens something sealed. What is not known may have been: it is counted rather than missed.
    #[must_use]
    pub const fn is_opening(self) -> bool {
        match self {
            Self::Envelope | Self::Readers | Self::Steps | Self::Provision => false,
            Self::Content
            | Self::People
            | Self::Tasks
            | Self::Documents
            | Self::ReturnFile
            | Self::ProvisionFile
            | Self::SubjectAccess
            | Self::Birthday
            | Self::Other => true,
        }
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
