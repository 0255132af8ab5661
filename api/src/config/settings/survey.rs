//! The survey's settings.

use dolen_domain::surveys::texts::HelpWords;

use super::Reader;

/// What an authority may choose for its surveys.
#[derive(Debug, Clone)]
pub struct SurveySettings {
    /// Published only when so many answered.
    pub min_base: u32,
    /// Of how many in a hundred of its answers a figure of several schools may come from one of them.
    pub dominance: u32,
    /// Where a pupil goes who leaves in a hurry: a page that says nothing of a survey.
    pub exit_url: String,
    /// Pupils' codes typed per minute at one address.
    pub codes_per_minute: u32,
    /// How many days before a campaign's last day schools that still owe something are reminded.
    pub remind_days_before: Vec<u16>,
    /// Words that say somebody may be hurt: those that ship, with the authority's own changes.
    pub help_words: HelpWords,
    /// So many days after a campaign's last day, what nobody has decided on of its pupils' texts goes.
    pub text_days: u16,
}

/// Reads them.
pub(super) fn survey(r: &mut Reader<'_>) -> SurveySettings {
    let settings = SurveySettings {
        min_base: r.number("survey.min_base"),
        dominance: r.number("survey.dominance"),
        exit_url: r.text("survey.exit_url"),
        codes_per_minute: r.number("survey.codes_per_minute"),
        remind_days_before: Vec::new(),
        help_words: HelpWords::default(),
        text_days: r.number("survey.text_days"),
    };
    let own = HelpWords::with(&r.text("survey.help_words"));
    r.check(own.is_ok(), "survey.help_words: words or phrases, such as county lines,-knife; what follows a - must be in the shipped list");
    let days = r.text("survey.remind_days_before");
    let read = |part: &str| part.trim().parse::<u16>().ok().filter(|n| *n <= 100);
    let parts: Vec<_> = days.split(',').filter(|part| !part.trim().is_empty()).map(read).collect();
    r.check(parts.iter().all(Option::is_some), "survey.remind_days_before: numbers of days up to 100, such as 7,2");
    let settings = SurveySettings {
        remind_days_before: parts.into_iter().flatten().collect(),
        help_words: own.unwrap_or_default(),
        ..settings
    };
    r.check((30..=730).contains(&settings.text_days), "survey.text_days: from 30 to 730");
    r.check(settings.min_base >= 30, "survey.min_base: never below 30");
    r.check((50..=95).contains(&settings.dominance), "survey.dominance: from 50 to 95");
    r.check(settings.exit_url.starts_with("https://"), "survey.exit_url: an https:// address");
    // A hall of pupils behind one address needs some; a thousand times that would let codes be guessed.
    r.check((30..=1000).contains(&settings.codes_per_minute), "survey.codes_per_minute: from 30 to 1000");
    settings
}
