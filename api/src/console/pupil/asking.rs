//! Where a pupil is among the questions. Pure: everything known comes with the form, and nothing is kept between two pages
//! on either side (`facts/ecosystem.md` §1.5).

use std::collections::BTreeMap;

use dolen_domain::instruments::{Choice, Definition, Kind, Question};
use dolen_domain::surveys::codes::Ticket;

use crate::console::form::Fields;

/// What stands before a question's code in the name of the field with its answer.
pub const ANSWER: &str = "a.";

/// Most options taken of one form: more than any questionnaire has.
const MOST: usize = 1000;

/// What has been answered so far: each question's options.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Given(BTreeMap<String, Vec<String>>);

impl Given {
    /// What a form carries.
    pub fn of(fields: &Fields) -> Self {
        let mut given = Self::default();
        for (question, option) in fields.below(ANSWER).take(MOST) {
            given.0.entry(question.to_owned()).or_default().push(option.to_owned());
        }
        given
    }

    /// The options given to a question.
    pub fn to(&self, question: &str) -> &[String] {
        self.0.get(question).map_or(&[], Vec::as_slice)
    }

    /// Puts these in the place of what was given before; none is no answer.
    pub fn put(&mut self, question: &str, options: Vec<String>) {
        if options.is_empty() {
            self.0.remove(question);
        } else {
            self.0.insert(question.to_owned(), options);
        }
    }

    /// Leaves out what no question that is asked is the place for: a pupil went back and answered otherwise.
    pub fn keep(&mut self, asked: &[&Question]) {
        self.0.retain(|question, _| asked.iter().any(|q| q.code == *question));
    }

    /// Every answer, a line for each option.
    pub fn lines(&self) -> Vec<(&str, &str)> {
        self.0.iter().flat_map(|(q, options)| options.iter().map(|o| (q.as_str(), o.as_str()))).collect()
    }

    /// Every question that is answered, with its options.
    pub fn all(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(question, options)| (question.as_str(), options.as_slice()))
    }
}

/// What a pupil pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// On to the next question, with an answer.
    Next,
    /// On without one.
    Skip,
    /// To the question before; what is chosen on the page is not taken.
    Back,
    /// The same page again: it was in the other language.
    Stay,
    /// On from the page that tells where help is; what was written is known.
    On,
    /// That page again: it was in the other language.
    Help,
}

impl Press {
    /// The press a button's value names; the first of a form is `Next`.
    pub fn of(word: &str) -> Self {
        match word {
            "skip" => Self::Skip,
            "back" => Self::Back,
            "stay" => Self::Stay,
            "on" => Self::On,
            "help" => Self::Help,
            _ => Self::Next,
        }
    }
}

/// What comes now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Now {
    /// This question; `missing` when it was left without an answer and without skipping.
    Question { code: String, missing: bool },
    /// Before the first.
    Beginning,
    /// After the last.
    End,
}

/// The code of the band of a pupil's year group.
pub fn band_of(ticket: &Ticket) -> &str {
    ticket.definition.band_of(ticket.year_group).map_or("", |band| band.code.as_str())
}

/// Takes what the page of a question brought, and says what comes now.
pub fn turn(
    definition: &Definition,
    band: &str,
    given: &mut Given,
    (at, chosen, press): (Option<&str>, Vec<String>, Press),
) -> Now {
    // A text may be left empty.
    let is_text = at.is_some_and(|code| takes_text(definition, code));
    let missing = at.is_some() && press == Press::Next && chosen.is_empty() && !is_text;
    if let Some(question) = at {
        match press {
            Press::Next if !missing => given.put(question, chosen),
            Press::Skip => given.put(question, Vec::new()),
            _ => {}
        }
    }
    let known = given.clone();
    let asked = definition.asked(band, |question| known.to(question));
    given.keep(&asked);
    let place = at.and_then(|code| asked.iter().position(|q| q.code == code));
    let next = match (place, press) {
        (Some(place), Press::Stay | Press::Help) => Some(place),
        (Some(place), _) if missing => Some(place),
        (Some(place), Press::Back) => match place.checked_sub(1) {
            Some(before) => Some(before),
            None => return Now::Beginning,
        },
        // After the last: back to it.
        (None, Press::Back) => asked.len().checked_sub(1),
        (Some(place), _) => Some(place + 1),
        (None, Press::Stay | Press::Help) => None,
        (None, _) => Some(0),
    };
    match next.and_then(|i| asked.get(i)) {
        Some(question) => Now::Question { code: question.code.clone(), missing },
        None => Now::End,
    }
}

/// Whether a question is answered in the pupil's own words.
pub fn takes_text(definition: &Definition, code: &str) -> bool {
    definition.questions.iter().any(|q| q.code == code && q.kind == Kind::Text)
}

/// A question's options for a band, in order.
pub fn options<'a>(definition: &'a Definition, question: &'a Question, band: &str) -> Vec<&'a Choice> {
    let offered = definition.options_of(question).iter();
    offered.filter(|c| c.bands.is_empty() || c.bands.iter().any(|b| b == band)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn questionnaire() -> Definition {
        serde_json::from_str(include_str!("../../../../domain/src/instruments/builtin/bullying-v1.json")).unwrap()
    }

    fn walk(presses: &[(&str, Press)]) -> (Vec<Now>, Given) {
        let definition = questionnaire();
        let (mut given, mut at, mut seen) = (Given::default(), None::<String>, Vec::new());
        for (option, press) in presses {
            let chosen = if option.is_empty() { Vec::new() } else { vec![(*option).to_owned()] };
            let now = turn(&definition, "11-16", &mut given, (at.as_deref(), chosen, *press));
            at = match &now {
                Now::Question { code, .. } => Some(code.clone()),
                _ => None,
            };
            seen.push(now);
        }
        (seen, given)
    }

    fn question(code: &str, missing: bool) -> Now {
        Now::Question { code: code.to_owned(), missing }
    }

    #[test]
    fn one_question_after_another_and_back() {
        let (seen, given) = walk(&[
            ("", Press::Next),
            ("", Press::Next),
            ("always", Press::Next),
            ("", Press::Skip),
            ("always", Press::Back),
            ("", Press::Stay),
            ("never", Press::Next),
        ]);
        assert_eq!(
            seen,
            [
                question("safe_school", false),
                question("safe_school", true),
                question("safe_travel", false),
                question("belonging", false),
                question("safe_travel", false),
                question("safe_travel", false),
                question("belonging", false),
            ]
        );
        assert_eq!(given.lines(), [("safe_school", "always"), ("safe_travel", "never")]);
        assert_eq!(walk(&[("", Press::Next), ("", Press::Back)]).0[1], Now::Beginning);
    }

    #[test]
    fn what_hangs_on_an_answer_goes_with_it() {
        let definition = questionnaire();
        let mut given = Given::default();
        given.put("bullied", vec!["weekly".to_owned()]);
        given.put("bullied_types", vec!["verbal".to_owned()]);
        let weekly =
            |given: &Given| definition.asked("11-16", |q| given.to(q)).iter().any(|q| q.code == "bullied_types");
        assert!(weekly(&given));
        let now = turn(&definition, "11-16", &mut given, (Some("bullied"), vec!["not_at_all".to_owned()], Press::Next));
        assert_eq!(now, question("bullied_online", false));
        assert_eq!(given.lines(), [("bullied", "not_at_all")]);
    }

    #[test]
    fn a_text_may_be_left_empty_and_goes_on_from_where_help_is() {
        let mut definition = questionnaire();
        definition.questions[1].kind = Kind::Text;
        let mut given = Given::default();
        let code = definition.questions[1].code.clone();
        let mut press = |words: &str, press| {
            let chosen = if words.is_empty() { Vec::new() } else { vec![words.to_owned()] };
            let now = turn(&definition, "11-16", &mut given, (Some(&code), chosen, press));
            (now, given.lines().iter().map(|(_, words)| (*words).to_owned()).collect::<Vec<_>>())
        };
        let (here, after) = (question(&definition.questions[1].code, false), question("belonging", false));
        assert_eq!(press("some words", Press::Next), (after.clone(), vec!["some words".to_owned()]));
        // From the page that tells where help is; then back to change the words, and away with them.
        assert_eq!(press("", Press::On), (after.clone(), vec!["some words".to_owned()]));
        assert_eq!(press("", Press::Help), (here.clone(), vec!["some words".to_owned()]));
        assert_eq!(press("", Press::Stay), (here, vec!["some words".to_owned()]));
        assert_eq!(press("", Press::Next), (after, Vec::new()));
    }

    #[test]
    fn skipping_everything_comes_to_an_end() {
        let mut presses = vec![("", Press::Next)];
        presses.extend(std::iter::repeat_n(("", Press::Skip), 60));
        let (seen, given) = walk(&presses);
        assert!(seen.contains(&Now::End) && given.lines().is_empty());
    }
}
