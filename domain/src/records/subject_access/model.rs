//! Requests, pieces, and what is given.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::directory::schools::School;
use crate::kernel::{
    Bilingual, CaseId, DocumentId, PersonId, PieceId, PupilId, Reference, SubjectAccessId, Utc, pair, text_enum,
};
use crate::pupils::PupilIdentity;

text_enum! {
    /// Who asks.
    pub enum AskedBy {
        /// The child, whatever their age, if they understand (WSI 2011/1942; `facts/domain.md` §12).
        Child = "child",
        /// A parent.
        Parent = "parent",
        /// Somebody on their behalf.
        Representative = "representative",
    }
}

impl AskedBy {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Child => pair("Y plentyn", "The child"),
            Self::Parent => pair("Rhiant", "A parent"),
            Self::Representative => pair("Cynrychiolydd", "A representative"),
        }
    }
}

text_enum! {
    /// How far a request is.
    pub enum State {
        /// Taken in.
        Open = "open",
        /// Everything was found; the pieces wait for decisions.
        Gathered = "gathered",
        /// The bundle was made.
        Released = "released",
        /// It is no longer asked for.
        Withdrawn = "withdrawn",
    }
}

impl State {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Open => pair("Wedi'i dderbyn", "Taken in"),
            Self::Gathered => pair("I'w wirio", "To be checked"),
            Self::Released => pair("Wedi'i ryddhau", "Released"),
            Self::Withdrawn => pair("Wedi'i dynnu'n ôl", "Withdrawn"),
        }
    }
}

text_enum! {
    /// What was decided on a piece.
    pub enum Decision {
        /// It is given.
        Keep = "keep",
        /// It is not.
        Redact = "redact",
    }
}

text_enum! {
    /// Why a piece is not given.
    pub enum Reason {
        /// It is about somebody else, who has not agreed.
        ThirdParty = "third_party",
        /// Giving it would be likely to do serious harm.
        SeriousHarm = "serious_harm",
        /// It is legal advice.
        LegalPrivilege = "legal_privilege",
        /// Another exemption, on paper with the authority's lawyer.
        Other = "other",
    }
}

impl Reason {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::ThirdParty => pair("Mae am rywun arall", "It is about somebody else"),
            Self::SeriousHarm => pair("Gallai achosi niwed difrifol", "It could cause serious harm"),
            Self::LegalPrivilege => pair("Cyngor cyfreithiol", "Legal advice"),
            Self::Other => pair("Eithriad arall", "Another exemption"),
        }
    }
}

text_enum! {
    /// What a bundle is made as.
    pub enum Format {
        /// For machines.
        Json = "json",
        /// For reading.
        Html = "html",
        /// For printing.
        Pdf = "pdf",
    }
}

/// A request to take in, not yet checked. The child is named by number or by the reference of a case.
#[derive(Clone)]
pub struct NewRequest {
    /// The unique pupil number.
    pub upn: Option<String>,
    /// The reference of one of the child's cases.
    pub reference: Option<String>,
    /// Who asks, as a word of [`AskedBy`].
    pub asked_by: String,
    /// When it came in.
    pub received_on: NaiveDate,
}

/// A request, without anything it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: SubjectAccessId,
    /// The reference people quote.
    pub reference: Reference,
    /// The child, as an id.
    pub pupil: PupilId,
    /// Who asks.
    pub asked_by: AskedBy,
    /// When it came in.
    pub received_on: NaiveDate,
    /// By when it is to be answered.
    pub due_on: NaiveDate,
    /// How far it is.
    pub state: State,
    /// Who took it in.
    pub opened_by: PersonId,
    /// When.
    pub opened_at: Utc,
    /// When it was released or withdrawn.
    pub finished_at: Option<Utc>,
    /// How many pieces were found.
    pub pieces: i64,
    /// How many wait for a decision.
    pub undecided: i64,
    /// Its version, from 1.
    pub version: i64,
}

/// What is sealed of a piece. No `Debug` of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceContent {
    /// Of which case.
    pub case: CaseId,
    /// Found in which table, for its name.
    pub source: String,
    /// Which part of the row.
    pub field: String,
    /// What it says; for a document its name.
    pub text: String,
    /// The document, when it is one.
    pub document: Option<DocumentId>,
}

/// A piece, opened. No `Debug` of it.
#[derive(Clone)]
pub struct Piece {
    /// Its id.
    pub id: PieceId,
    /// Its number, from 1.
    pub number: i64,
    /// Whether it names, or is about, one of the people around the child.
    pub marked: bool,
    /// What it says.
    pub content: PieceContent,
    /// What was decided, and why not.
    pub decision: Option<(Decision, Option<Reason>)>,
}

/// A piece as it is given.
#[derive(Clone, Serialize)]
pub struct Given {
    /// Found in which table.
    pub source: String,
    /// Which part.
    pub field: String,
    /// What it says, unless it was redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why it was redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redacted: Option<Reason>,
}

/// A document as it is given.
#[derive(Clone)]
pub struct GivenDocument {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One case in a bundle.
#[derive(Clone)]
pub struct CasePart {
    /// Its reference.
    pub reference: Reference,
    /// What it is, as a word.
    pub kind: String,
    /// The school.
    pub school: School,
    /// The service.
    pub service: Option<Bilingual>,
    /// When it came in.
    pub opened_on: NaiveDate,
    /// When it was closed.
    pub closed_on: Option<NaiveDate>,
    /// What was found.
    pub given: Vec<Given>,
    /// The documents that are given.
    pub documents: Vec<GivenDocument>,
}

/// A reading or change of the child's records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reader {
    /// On which day.
    pub on: NaiveDate,
    /// What was done, as a word of the audit record.
    pub action: String,
    /// By whom, as a role: the names of staff are theirs.
    pub role: String,
}

/// Everything that is given. No `Debug` of it.
#[derive(Clone)]
pub struct Bundle {
    /// The request's reference.
    pub reference: Reference,
    /// When it came in.
    pub received_on: NaiveDate,
    /// When it is given.
    pub released_on: NaiveDate,
    /// Who the child is.
    pub child: PupilIdentity,
    /// Their cases, the oldest first.
    pub cases: Vec<CasePart>,
    /// Who has read them.
    pub readers: Vec<Reader>,
}

/// A bundle made into files.
pub struct Rendered {
    /// For machines.
    pub json: Vec<u8>,
    /// For reading.
    pub html: Vec<u8>,
    /// For printing.
    pub pdf: Vec<u8>,
}
