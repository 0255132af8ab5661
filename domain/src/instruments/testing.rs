//! A questionnaire with a question answered in the pupil's own words, for tests.

use crate::db::Work;
use crate::kernel::{Bilingual, InstrumentId, Result};

use super::model::{Definition, Kind, Options, Question, Wording};
use super::{service, store};

/// Such a question, for every band.
pub(crate) fn text(code: &str) -> Question {
    Question {
        code: code.to_owned(),
        trend: None,
        kind: Kind::Text,
        text: Wording::Common(Bilingual { cy: "Unrhyw beth arall?".into(), en: "Anything else?".into() }),
        options: Options::default(),
        bands: Vec::new(),
        ask_if: Vec::new(),
    }
}

/// The first shipped questionnaire under another code, with such a question `anything_else` at its end.
pub(crate) fn with_a_text() -> Definition {
    let mut definition: Definition = serde_json::from_str(service::BUILTIN[0]).unwrap();
    definition.code = "with_a_text".to_owned();
    definition.questions.push(text("anything_else"));
    definition
}

/// Stores it.
pub(crate) fn publish(work: &mut Work<'_>, definition: &Definition) -> Result<()> {
    let id = InstrumentId::from_uuid(work.new_id());
    store::insert(work, id, definition)
}
