//! The survey's settings.

use super::Reader;

/// What an authority may choose for its surveys.
#[derive(Debug, Clone)]
pub struct SurveySettings {
    /// Published only when so many answered.
    pub min_base: u32,
    /// Where a pupil goes who leaves in a hurry: a page that says nothing of a survey.
    pub exit_url: String,
    /// Pupils' codes typed per minute at one address.
    pub codes_per_minute: u32,
}

/// Reads them.
pub(super) fn survey(r: &mut Reader<'_>) -> SurveySettings {
    let settings = SurveySettings {
        min_base: r.number("survey.min_base"),
        exit_url: r.text("survey.exit_url"),
        codes_per_minute: r.number("survey.codes_per_minute"),
    };
    r.check(settings.min_base >= 30, "survey.min_base: never below 30");
    r.check(settings.exit_url.starts_with("https://"), "survey.exit_url: an https:// address");
    // A hall of pupils behind one address needs some; a thousand times that would let codes be guessed.
    r.check((30..=1000).contains(&settings.codes_per_minute), "survey.codes_per_minute: from 30 to 1000");
    settings
}
