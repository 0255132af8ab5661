//! What is wrong with one value, where, and how to mend it.

use serde::Serialize;

use super::bilingual::pair;
use super::{Bilingual, Lang};

/// Declares [`FaultCode`] with its stable word and its mending hint in both languages.
macro_rules! fault_codes {
    ($($var:ident $word:literal $cy:literal $en:literal;)*) => {
        /// The stable code of a fault in one value. Words never change once published.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum FaultCode { $(#[doc = $en] $var),* }
        impl FaultCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$var),*];
            /// The stable word.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$var => $word),* } }
            /// How to mend it, in both languages. Welsh awaits a translator's review.
            #[must_use]
            pub const fn mend(self) -> Bilingual<&'static str> { match self { $(Self::$var => pair($cy, $en)),* } }
        }
    };
}

fault_codes! {
    BadCharacter "bad_character" "Tynnwch y nodau rheoli (er enghraifft NUL) o'r testun." "Remove control characters (such as NUL) from the text.";
    BadCheckLetter "bad_check_letter" "Nid yw llythyren wirio'r UPN yn cyfateb; gwiriwch y rhif." "The UPN's check letter does not match; check the number.";
    BadEncoding "bad_encoding" "Anfonwch y ffeil fel UTF-8 (neu Windows-1252 ar gyfer CSV)." "Send the file as UTF-8 (or Windows-1252 for CSV).";
    BadFormat "bad_format" "Nid yw'r gwerth yn y ffurf a ddisgwylir; gweler y ddogfennaeth." "The value is not in the expected form; see the documentation.";
    ConsentMissing "consent_missing" "Cofnodwch pwy roddodd ganiatâd a phryd." "Record who gave consent and when.";
    DateOutOfRange "date_out_of_range" "Rhowch ddyddiad o fewn y cyfnod a ganiateir." "Give a date within the time allowed.";
    DeputyLoop "deputy_loop" "Mae'r dirprwyon yn arwain yn ôl at yr un person; newidiwch un ohonynt." "The deputies lead back to the same person; change one of them.";
    Duplicate "duplicate" "Mae'r gwerth hwn yn ymddangos fwy nag unwaith; cadwch un." "This value appears more than once; keep one.";
    EvidenceMissing "evidence_missing" "Disgrifiwch yr hyn y mae'r ysgol eisoes wedi'i wneud." "Describe what the school has already tried.";
    FreeText "free_text" "Tynnwch y cwestiwn hwn: dim ond disgybl sy'n ateb â chod a all ysgrifennu yn ei eiriau ei hun; ni chymerir testun rhydd o ffeil." "Leave this question out: only a pupil who answers with a code can write in their own words; no free text is taken from a file.";
    InFuture "in_future" "Rhowch ddyddiad nad yw yn y dyfodol." "Give a date that is not in the future.";
    LineTooLong "line_too_long" "Rhannwch y llinell; mae'n hirach na'r terfyn." "Shorten the line; it is longer than the limit.";
    Missing "missing" "Ychwanegwch y gwerth hwn." "Add this value.";
    NotAnswerable "not_answerable" "Gadewch y cwestiwn hwn yn wag: nid yw'n cael ei ofyn ar ôl yr atebion eraill." "Leave this question out: it is not asked after the other answers.";
    NotEligible "not_eligible" "Nid yw'r plentyn o fewn cymhwysedd y gwasanaeth; dewiswch wasanaeth arall." "The child is outside the service's eligibility; choose another service.";
    NotFound "not_found" "Nid oes cofnod o'r fath; gwiriwch y gwerth." "There is no such record; check the value.";
    NotInList "not_in_list" "Defnyddiwch un o'r gwerthoedd a ganiateir." "Use one of the allowed values.";
    NotOpen "not_open" "Mae'r ysgol neu'r gwasanaeth hwn ar gau ar hyn o bryd; dewiswch un sydd ar agor." "This school or service is closed at present; choose one that is open.";
    NotWorkbook "not_workbook" "Cadwch y ffeil fel llyfr gwaith Excel (.xlsx) heb gyfrinair, neu fel CSV, a'i hanfon eto." "Save the file as an Excel workbook (.xlsx) without a password, or as CSV, and send it again.";
    OutOfRange "out_of_range" "Rhowch rif o fewn yr ystod a ganiateir." "Give a number within the allowed range.";
    TooLong "too_long" "Byrhewch y testun." "Shorten the text.";
    TooMany "too_many" "Anfonwch lai o eitemau ar y tro." "Send fewer items at a time.";
    TooShort "too_short" "Ysgrifennwch ragor." "Write more.";
    UnclosedQuote "unclosed_quote" "Mae dyfynnod yn y rhes hon heb ei bâr: caewch ef neu tynnwch ef. Gall y rhesi ar ei hôl fod wedi'u darllen fel rhan ohoni." "A quotation mark in this row has no partner: close it or take it away. The rows after it may have been read as a part of it.";
    UnknownColumn "unknown_column" "Tynnwch y golofn hon, neu gwiriwch ei henw." "Remove this column, or check its name.";
    UnknownField "unknown_field" "Tynnwch y maes hwn, neu gwiriwch ei enw." "Remove this field, or check its name.";
    WrongBand "wrong_band" "Nid yw'r cwestiwn hwn i'r grŵp blwyddyn hwn." "This question is not for this year group.";
    WrongCellCount "wrong_cell_count" "Rhowch un gell i bob colofn yn y rhes gyntaf, a chell wag lle nad oes ateb; rhowch ddyfynodau o amgylch gwerth sydd â gwahanydd ynddo." "Give the row one cell for each column of the first row, an empty one where there is no answer; put quotation marks around a value that has a separator in it.";
    WrongOrder "wrong_order" "Rhowch ddiwedd nad yw cyn y dechrau." "Give an end that is not before the beginning.";
    WrongPlace "wrong_place" "Mae'r rhif hwn yn perthyn i awdurdod arall." "This number belongs to another authority.";
    WrongSeparator "wrong_separator" "Gwahanwch sawl ateb mewn cell â | (er enghraifft a|b), nid â choma, hanner colon na blaenslaes." "Separate several answers in a cell with | (such as a|b), not with a comma, a semicolon or a slash.";
    WrongType "wrong_type" "Defnyddiwch y math cywir o werth (testun, rhif, rhestr)." "Use the right kind of value (text, number, list).";
}

impl Serialize for FaultCode {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

/// One fault: a code and a place. Never the faulty value itself, which may be a child's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub code: FaultCode,
    /// JSON Pointer into the body (RFC 6901), or empty where `row` and `column` say it.
    pub pointer: String,
    /// The row of a file: in an import counted from 1 with the header not counted; in a table of responses as a spreadsheet
    /// numbers it, where the header is row 1; in other forms of responses the place among them.
    pub row: Option<u64>,
    /// The column or field of that row.
    pub column: Option<String>,
    /// Of an answer that is none of its question's: the codes that are. They are the questionnaire's, never a sender's.
    pub allowed: Vec<String>,
}

/// Allowed codes that are told.
const ALLOWED_TOLD: usize = 12;

impl Fault {
    /// A fault at a JSON Pointer.
    #[must_use]
    pub fn at(pointer: impl Into<String>, code: FaultCode) -> Self {
        Self { code, pointer: pointer.into(), row: None, column: None, allowed: Vec::new() }
    }

    /// A fault in a row of a file, with the column when one is to blame.
    #[must_use]
    pub fn in_row(row: u64, column: Option<&str>, code: FaultCode) -> Self {
        Self { code, pointer: String::new(), row: Some(row), column: column.map(str::to_owned), allowed: Vec::new() }
    }

    /// The first 12 of the allowed codes.
    #[must_use]
    pub fn told(&self) -> &[String] {
        self.allowed.get(..ALLOWED_TOLD).unwrap_or(&self.allowed)
    }

    /// How to mend it, with the allowed codes when they are known.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> String {
        let mend = *self.code.mend().of(lang);
        if self.allowed.is_empty() {
            return mend.to_owned();
        }
        let more = if self.told().len() < self.allowed.len() { ", …" } else { "" };
        format!("{}: {}{more}", mend.trim_end_matches('.'), self.told().join(", "))
    }
}

/// Faults gathered while reading one body, so that a sender mends all of them at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault at a JSON Pointer.
    pub fn add(&mut self, pointer: impl Into<String>, code: FaultCode) {
        self.0.push(Fault::at(pointer, code));
    }

    /// Keeps the value, or notes the fault at the pointer and gives nothing.
    pub fn keep<T>(&mut self, pointer: impl Into<String>, value: Result<T, FaultCode>) -> Option<T> {
        value.map_err(|code| self.add(pointer, code)).ok()
    }

    /// Whether none was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when none was found.
    ///
    /// # Errors
    /// [`super::Code::InvalidBody`] with every fault found.
    pub fn finish(self) -> super::Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(super::Error::faults(super::Code::InvalidBody, self.0)) }
    }

    /// The faults themselves.
    #[must_use]
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_names_what_is_allowed_and_says_when_there_is_more() {
        let of = |allowed: usize| {
            let allowed = (0..allowed).map(|n| format!("o{n}")).collect();
            Fault { allowed, ..Fault::in_row(2, Some("bullied"), FaultCode::NotInList) }
        };
        assert_eq!(of(0).hint(Lang::En), "Use one of the allowed values.");
        assert_eq!(of(2).hint(Lang::En), "Use one of the allowed values: o0, o1");
        assert_eq!(of(2).hint(Lang::Cy), "Defnyddiwch un o'r gwerthoedd a ganiateir: o0, o1");
        assert!(of(12).hint(Lang::En).ends_with(", o11"));
        assert!(of(13).hint(Lang::En).ends_with(", o11, …"));
        assert_eq!((of(13).told().len(), of(3).told().len()), (12, 3));
    }
}
