//! Texts, and the words that call for help.

use serde::{Deserialize, Serialize};

use crate::directory::schools::School;
use crate::instruments::LONGEST_TEXT;
use crate::kernel::{Bilingual, FaultCode, FreeText, TextId};

use super::rules;

/// What a pupil wrote, and in answer to what. Sealed wherever it stands. No `Debug` of the words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The question's code.
    pub question: String,
    /// The words, as [`Written::read`] cleaned them.
    pub words: String,
    /// What makes one sealed text as long as another: who has the database and a proxy's log of how much came must not lay one
    /// beside the other.
    #[serde(default)]
    padding: String,
}

/// Sealed texts are as long as the longest, reckoned in bytes: of [`LONGEST_TEXT`] characters with four bytes at most, as JSON may
/// write some of them with six.
const PADDED: usize = 6 * LONGEST_TEXT;

impl Written {
    /// Reads what a form brought: line ends of one kind, at most [`LONGEST_TEXT`] characters. Nothing when nothing was
    /// written.
    ///
    /// # Errors
    /// [`FaultCode::TooLong`] or [`FaultCode::BadCharacter`].
    pub fn read(question: &str, raw: &str) -> Result<Option<Self>, FaultCode> {
        match FreeText::<LONGEST_TEXT>::parse(&rules::one_line_end(raw)) {
            Ok(text) => Ok(Some(Self::new(question.to_owned(), text.as_str().to_owned()))),
            Err(FaultCode::Missing) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

impl Written {
    pub(super) const fn new(question: String, words: String) -> Self {
        Self { question, words, padding: String::new() }
    }

    /// The same, as long as any other when it is sealed.
    pub(super) fn padded(&self) -> Self {
        let length = |text: &str| serde_json::to_string(text).map_or(0, |json| json.len());
        let own = length(&self.question) + length(&self.words);
        Self { padding: " ".repeat(PADDED.saturating_sub(own)), ..self.clone() }
    }
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Written({}, {} bytes)", self.question, self.words.len())
    }
}

/// Words and phrases that say that somebody may be hurt, ready to be looked for; none by default.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HelpWords(pub(super) Vec<Vec<String>>);

impl std::fmt::Debug for HelpWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HelpWords({})", self.0.len())
    }
}

/// A text that waits for somebody to take names out, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: TextId,
    /// Its school.
    pub school: School,
    /// What was asked.
    pub asked: Bilingual,
    /// What was written.
    pub written: Written,
}

/// A school's texts that were passed, of one question, in an order that means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// What was asked.
    pub asked: Bilingual,
    /// What was written, without what was taken out.
    pub texts: Vec<String>,
}
