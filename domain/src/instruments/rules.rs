//! Whether a definition is fit to be published. Pure.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::kernel::{Bilingual, YearGroup, YearGroups};

use super::flaws::{Flaw, FlawKind};
use super::model::{Band, Choice, Definition, Kind, OFTEN, Options, PREFER_NOT_TO_SAY, Question, Wording, in_band};
use super::symbols::Symbol;
use super::texts;

/// Most questions: a release is decided question by question, against an attacker (`docs/adr/0021`), and pupils are children.
const MOST_QUESTIONS: usize = 100;

/// Most age bands, as a layout's mask has room for.
const MOST_BANDS: usize = 32;

/// Most flaws that are told: who mends these sees the rest.
const MOST_FLAWS: usize = 500;

/// Which question of another questionnaire each of this one's can be compared with, by code.
///
/// Two questions are comparable when they have one key ([`Question::key`]), take as many answers, offer the same options and
/// are asked of the same year groups after the same answers. A word of the wording may be mended without breaking a trend; an
/// option that comes, goes or is renamed breaks it, for that question alone; a condition that is another breaks it for those that
/// hang on the question too. The year groups are those a campaign asked: the same questionnaire asked of others is no trend.
#[must_use]
pub fn comparable(of: (&Definition, YearGroups), with: (&Definition, YearGroups)) -> BTreeMap<String, String> {
    let (mut asked, mut pairs) = (HashSet::new(), BTreeMap::new());
    // In order: a question hangs on earlier ones alone.
    for question in &of.0.questions {
        let Some(other) = with.0.keyed(question.key()) else { continue };
        let (own, theirs) = (shape(of, question), shape(with, other));
        // Of those who were asked alike, whatever else they could answer to what this one hangs on.
        let earlier = question.ask_if.iter().all(|on| asked.contains(on.question.as_str()));
        if !earlier || own.years != theirs.years || own.after != theirs.after {
            continue;
        }
        asked.insert(question.code.as_str());
        if own == theirs {
            pairs.insert(question.code.clone(), other.code.clone());
        }
    }
    pairs
}

/// What two questions must share besides their key: kind, years, options with theirs, and conditions.
#[derive(PartialEq, Eq)]
struct Shape<'a> {
    kind: Kind,
    years: YearGroups,
    options: BTreeMap<&'a str, YearGroups>,
    after: BTreeSet<(&'a str, BTreeSet<&'a str>)>,
}

fn shape<'a>((definition, asked): (&'a Definition, YearGroups), question: &'a Question) -> Shape<'a> {
    // The year groups that were asked, of the bands that all of these lists hold.
    let years = |lists: &[&[String]]| {
        let is_in = |band: &Band| lists.iter().all(|list| in_band(list, &band.code));
        let has = |year: &YearGroup| definition.bands.iter().any(|band| is_in(band) && band.has(*year));
        YearGroups::of(asked.iter().filter(has))
    };
    let offered = |choice: &'a Choice| (choice.code.as_str(), years(&[&question.bands, &choice.bands]));
    // An earlier question is known by its key, whatever its code is here.
    let key = |code: &'a str| definition.questions.iter().find(|q| q.code == code).map_or(code, Question::key);
    let after = question.ask_if.iter().map(|c| (key(&c.question), c.any_of.iter().map(String::as_str).collect()));
    Shape {
        kind: question.kind,
        options: definition.options_of(question).iter().map(offered).collect(),
        after: after.collect(),
        years: years(&[&question.bands]),
    }
}

/// Everything wrong with a definition; nothing when it is fit.
#[must_use]
pub fn check(definition: &Definition) -> Vec<Flaw> {
    let mut flaws = structure(definition);
    if definition.version < 1 {
        flaws.push(Flaw { place: "version".to_owned(), kind: FlawKind::BadVersion });
    }
    if !is_too_much(definition) {
        flaws.extend(texts::flaws(definition));
    }
    flaws.truncate(MOST_FLAWS);
    flaws
}

/// Too much is not looked through: what is wrong with each of very many would be very much.
const fn is_too_much(definition: &Definition) -> bool {
    definition.questions.len() > MOST_QUESTIONS || definition.bands.len() > MOST_BANDS
}

/// What is wrong with a definition but for the length and the characters of its texts, which harm no [`super::Layout`].
pub(super) fn structure(definition: &Definition) -> Vec<Flaw> {
    let mut found = Findings { definition, flaws: Vec::new() };
    found.frame();
    if is_too_much(definition) {
        return found.flaws;
    }
    let (mut seen, mut keys) = (HashSet::new(), HashSet::new());
    for (index, question) in definition.questions.iter().enumerate() {
        if !seen.insert(question.code.as_str()) {
            found.add(&question.code, FlawKind::DuplicateCode);
        } else if !keys.insert(question.key()) {
            found.add(&format!("{}/trend", question.code), FlawKind::SharedTrend);
        }
        found.question(index, question);
    }
    found.flaws
}

/// Codes become columns and field names.
pub(super) fn good_code(code: &str) -> bool {
    (1..=40).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
        && !matches!(code, "year_group" | "row_key" | "answers")
}

/// The flaws found so far.
struct Findings<'a> {
    definition: &'a Definition,
    flaws: Vec<Flaw>,
}

impl Findings<'_> {
    fn add(&mut self, place: &str, kind: FlawKind) {
        if self.flaws.len() < MOST_FLAWS {
            self.flaws.push(Flaw { place: place.to_owned(), kind });
        }
    }

    /// Title, definition of bullying, bands.
    fn frame(&mut self) {
        let d = self.definition;
        if d.bands.is_empty() || d.questions.iter().all(|q| q.kind == Kind::Text) {
            self.add("", FlawKind::Empty);
        }
        if d.bands.len() > MOST_BANDS {
            self.add("bands", FlawKind::TooMany);
        }
        if d.questions.len() > MOST_QUESTIONS {
            self.add("questions", FlawKind::TooMany);
        }
        if !good_code(&d.code) {
            self.add("code", FlawKind::BadCode);
        }
        self.text("title", &d.title);
        self.wording("definition", &d.definition, |_| true);
        for (i, band) in d.bands.iter().enumerate() {
            let [first, last] = band.years;
            let clash = d.bands.iter().take(i).any(|b| b.has(first) || b.has(last) || band.has(b.years[0]));
            if last < first || clash {
                self.add(&band.code, FlawKind::BandOverlap);
            }
            if !good_code(&band.code) {
                self.add(&band.code, FlawKind::BadCode);
            }
            if d.bands.iter().take(i).any(|b| b.code == band.code) {
                self.add(&band.code, FlawKind::DuplicateCode);
            }
        }
    }

    fn question(&mut self, index: usize, question: &Question) {
        let place = question.code.as_str();
        if !good_code(place) {
            self.add(place, FlawKind::BadCode);
        }
        if question.trend.as_deref().is_some_and(|key| !good_code(key)) {
            self.add(&format!("{place}/trend"), FlawKind::BadCode);
        }
        self.bands(place, &question.bands);
        self.wording(place, &question.text, |band| in_band(&question.bands, band));
        if let Options::Shared(name) = &question.options
            && !self.definition.sets.contains_key(name)
        {
            return self.add(place, FlawKind::UnknownSet);
        }
        if question.kind == Kind::Text {
            return self.free(question);
        }
        self.options(question);
        self.conditions(index, question);
    }

    /// A question answered in the pupil's own words.
    fn free(&mut self, question: &Question) {
        if !question.options.is_none() {
            self.add(&format!("{}/options", question.code), FlawKind::TextWithOptions);
        }
        for (place, is_there) in [("ask_if", !question.ask_if.is_empty()), ("bands", !question.bands.is_empty())] {
            if is_there {
                self.add(&format!("{}/{place}", question.code), FlawKind::TextWithCondition);
            }
        }
    }

    fn options(&mut self, question: &Question) {
        let choices = self.definition.options_of(question);
        let place = format!("{}/options", question.code);
        match choices.len() {
            0 => self.add(&place, FlawKind::Empty),
            1..=64 => {}
            _ => return self.add(&place, FlawKind::TooMany),
        }
        // Offered to every band, so the choice itself may name none.
        if !choices.iter().any(|c| c.code == PREFER_NOT_TO_SAY && c.bands.is_empty()) {
            self.add(&place, FlawKind::NoWayOut);
        }
        let mut seen = HashSet::new();
        for Choice { code, symbol, label, bands } in choices {
            let place = format!("{place}/{code}");
            // The releases' own word for the case definition is nobody else's.
            if !good_code(code) || code == OFTEN {
                self.add(&place, FlawKind::BadCode);
            }
            if !seen.insert(code.as_str()) {
                self.add(&place, FlawKind::DuplicateCode);
            }
            if symbol.as_ref().is_some_and(|word| word.parse::<Symbol>().is_err()) {
                self.add(&place, FlawKind::UnknownSymbol);
            }
            self.bands(&place, bands);
            self.wording(&place, label, |band| in_band(&question.bands, band) && in_band(bands, band));
        }
    }

    /// Conditions look back, at answers that exist, and every band that is asked can meet one.
    fn conditions(&mut self, index: usize, question: &Question) {
        let d = self.definition;
        let place = format!("{}/ask_if", question.code);
        for condition in &question.ask_if {
            let place = format!("{place}/{}", condition.question);
            let Some(at) = d.questions.iter().position(|q| q.code == condition.question) else {
                self.add(&place, FlawKind::UnknownQuestion);
                continue;
            };
            if at >= index {
                self.add(&place, FlawKind::ForwardReference);
            }
            let Some(earlier) = d.questions.get(at) else { continue };
            let offered = d.options_of(earlier);
            if condition.any_of.is_empty() {
                self.add(&place, FlawKind::Empty);
            }
            for code in &condition.any_of {
                if !offered.iter().any(|c| c.code == *code) {
                    self.add(&format!("{place}/{code}"), FlawKind::UnknownOption);
                }
            }
        }
        for band in d.bands.iter().filter(|b| in_band(&question.bands, &b.code)) {
            let meets = question.ask_if.iter().any(|condition| {
                d.questions.iter().any(|q| {
                    q.code == condition.question
                        && in_band(&q.bands, &band.code)
                        && d.options_of(q)
                            .iter()
                            .any(|c| condition.any_of.contains(&c.code) && in_band(&c.bands, &band.code))
                })
            });
            if !question.ask_if.is_empty() && !meets {
                self.add(&format!("{place}/{}", band.code), FlawKind::NeverAsked);
            }
        }
    }

    fn bands(&mut self, place: &str, bands: &[String]) {
        for code in bands {
            if !self.definition.bands.iter().any(|b| b.code == *code) {
                self.add(place, FlawKind::UnknownBand);
            }
        }
    }

    fn text(&mut self, place: &str, text: &Bilingual) {
        if text.cy.trim().is_empty() || text.en.trim().is_empty() {
            self.add(place, FlawKind::MissingLanguage);
        }
    }

    /// Every band that reads this has it, and what is there is in both languages, read or not.
    fn wording(&mut self, place: &str, wording: &Wording, reads: impl Fn(&str) -> bool) {
        match wording {
            Wording::Common(text) => self.text(place, text),
            Wording::Banded(texts) => {
                let d = self.definition;
                for Band { code, .. } in &d.bands {
                    match texts.get(code) {
                        Some(text) => self.text(&format!("{place}/{code}"), text),
                        None if reads(code) => self.add(&format!("{place}/{code}"), FlawKind::MissingLanguage),
                        None => {}
                    }
                }
                if texts.keys().any(|code| !d.bands.iter().any(|b| b.code == *code)) {
                    self.add(place, FlawKind::UnknownBand);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::model::AskIf;
    use crate::instruments::service::BUILTIN;

    fn builtin() -> Definition {
        serde_json::from_str(BUILTIN[0]).unwrap()
    }

    #[test]
    fn what_ships_is_fit_and_of_bearable_length() {
        for text in BUILTIN {
            assert_eq!(check(&serde_json::from_str(text).unwrap()), vec![]);
        }
        for version in BUILTIN {
            let d: Definition = serde_json::from_str(version).unwrap();
            let drawn = d.questions.iter().flat_map(|q| d.options_of(q)).all(|c| c.drawn().is_some());
            assert_eq!(drawn, d.version > 1, "every answer has a symbol since version 2");
        }
        let d = builtin();
        assert!((20..=25).contains(&d.questions_of("11-16").count()));
        assert!((13..=17).contains(&d.questions_of("7-11").count()));
    }

    /// Each way of spoiling the shipped definition is found, and as itself.
    /// Gives a question answers of its own, changed.
    fn own_choices(d: &mut Definition, q: usize, change: impl FnOnce(&mut Vec<Choice>)) {
        let mut choices = d.options_of(&d.questions[q]).to_vec();
        change(&mut choices);
        d.questions[q].options = Options::Own(choices);
    }

    #[test]
    fn every_flaw_is_found() {
        use FlawKind as F;
        type Spoil = fn(&mut Definition);
        let own = |d: &mut Definition, q: usize, f: fn(&mut Vec<Choice>)| {
            own_choices(d, q, f);
        };
        let cases: [(F, Spoil); 16] = [
            (F::BadCode, |d| d.questions[1].code = "Year Group".into()),
            (F::DuplicateCode, |d| d.questions[1].code = "safe_school".into()),
            (F::BandOverlap, |d| d.bands[0].years = d.bands[1].years),
            (F::UnknownBand, |d| d.questions[0].bands = vec!["16-18".into()]),
            (F::UnknownSet, |d| d.questions[0].options = Options::Shared("none".into())),
            (F::UnknownQuestion, |d| d.questions[6].ask_if[0].question = "nothing".into()),
            (F::UnknownOption, |d| d.questions[6].ask_if[0].any_of.push("nothing".into())),
            (F::ForwardReference, |d| d.questions[6].ask_if[0].question = "seen".into()),
            // `bullied_places` is for both bands, `online_types` for the older one.
            (F::NeverAsked, |d| {
                d.questions[8].ask_if =
                    vec![AskIf { question: "online_types".into(), any_of: vec!["messages".into()] }];
            }),
            (F::Empty, |d| d.questions.clear()),
            (F::TooMany, |d| {
                let first = d.questions[0].clone();
                d.questions.extend((0..100).map(|n| Question { code: format!("q{n}"), ..first.clone() }));
            }),
            // A key that is another question's, or its code.
            (F::SharedTrend, |d| d.questions[1].trend = Some("safe_school".into())),
            (F::BadCode, |d| d.questions[1].trend = Some(String::new())),
            (F::UnknownSymbol, |d| {
                d.sets.get_mut("there_is").unwrap()[0].symbol = Some("thumb".into());
            }),
            (F::MissingLanguage, |d| d.title.cy = " ".into()),
            (F::MissingLanguage, |d| d.definition = Wording::Banded(std::collections::BTreeMap::new())),
        ];
        for (kind, spoil) in cases {
            let mut d = builtin();
            spoil(&mut d);
            assert!(check(&d).iter().any(|f| f.kind == kind), "{kind:?}: {:?}", check(&d));
        }
        // Of the two that share a key the second is told, at its key.
        let mut d = builtin();
        d.questions[1].trend = Some("safe_school".into());
        assert_eq!(check(&d), [Flaw { place: "safe_travel/trend".into(), kind: F::SharedTrend }]);
        let mut d = builtin();
        d.questions[0].kind = Kind::Text;
        d.questions[9].kind = Kind::Text;
        d.questions[9].ask_if =
            vec![AskIf { question: d.questions[8].code.clone(), any_of: vec![PREFER_NOT_TO_SAY.into()] }];
        let (first, later) = (d.questions[0].code.clone(), d.questions[9].code.clone());
        for (place, kind) in [
            (format!("{first}/options"), F::TextWithOptions),
            (format!("{later}/options"), F::TextWithOptions),
            (format!("{later}/ask_if"), F::TextWithCondition),
        ] {
            assert!(check(&d).contains(&Flaw { place, kind }), "{:?}", check(&d));
        }
        let mut d = builtin();
        own(&mut d, 0, |c| c.retain(|c| c.code != PREFER_NOT_TO_SAY));
        assert!(check(&d).iter().any(|f| f.kind == F::NoWayOut));
        own(&mut d, 1, |c| {
            for i in 0..65 {
                c.push(Choice { code: format!("o{i}"), ..c[0].clone() });
            }
        });
        assert!(check(&d).iter().any(|f| f.kind == F::TooMany && f.place == "safe_travel/options"));
    }

    fn shipped(version: usize) -> Definition {
        serde_json::from_str(BUILTIN[version - 1]).unwrap()
    }

    #[test]
    fn other_year_groups_and_what_hangs_on_what_changed_are_no_trend() {
        let (first, mut second) = (shipped(1), shipped(2));
        let years = |from: i64, to: i64| YearGroups::of((from..=to).map(|n| YearGroup::new(n).unwrap()));
        assert_eq!(comparable((&second, years(7, 11)), (&first, years(3, 6))), BTreeMap::new());
        assert!(!comparable((&second, years(7, 11)), (&first, years(7, 11))).is_empty());
        let at = second.questions.iter().position(|q| q.code == "told").unwrap();
        second.questions[at].ask_if[0].any_of.truncate(1);
        let left = comparable((&second, YearGroups::ALL), (&first, YearGroups::ALL));
        assert!(!left.contains_key("told") && !left.contains_key("told_whom") && left.contains_key("bullied"));
    }

    #[test]
    fn too_much_is_told_and_not_looked_through() {
        let mut d = builtin();
        let one = d.questions[0].clone();
        d.questions = (0..5000).map(|n| Question { code: format!("BAD {n}"), ..one.clone() }).collect();
        assert_eq!(check(&d), [Flaw { place: "questions".into(), kind: FlawKind::TooMany }]);
        let mut d = builtin();
        own_choices(&mut d, 0, |c| (0..5000).for_each(|n| c.push(Choice { code: format!("BAD {n}"), ..c[0].clone() })));
        assert_eq!(check(&d).len(), 1);
    }

    #[test]
    fn every_question_of_the_second_version_is_comparable_with_the_first() {
        let (first, second) = (shipped(1), shipped(2));
        let all = comparable((&second, YearGroups::ALL), (&first, YearGroups::ALL));
        assert_eq!(all.len(), second.questions.len());
        assert!(all.iter().all(|(of, with)| of == with));
        assert_eq!(comparable((&first, YearGroups::ALL), (&second, YearGroups::ALL)), all);
    }

    /// The control: each change breaks the comparison of the question it is made to, and of no other.
    #[test]
    fn what_changes_a_question_breaks_the_comparison_of_it_alone() {
        type Change = fn(&mut Definition);
        let at = |d: &Definition, code: &str| d.questions.iter().position(|q| q.code == code).unwrap();
        let first = shipped(1);
        let own = |d: &mut Definition, code: &str, f: fn(&mut Vec<Choice>)| {
            let q = at(d, code);
            own_choices(d, q, f);
        };
        let broken = |change: &dyn Fn(&mut Definition)| {
            let mut d = shipped(2);
            change(&mut d);
            let all = comparable((&d, YearGroups::ALL), (&first, YearGroups::ALL));
            first
                .questions
                .iter()
                .map(|q| q.code.clone())
                .filter(|code| !all.values().any(|w| w == code))
                .collect::<Vec<_>>()
        };
        assert_eq!(broken(&|d| own(d, "bullied", |c| c.retain(|c| c.code != "weekly"))), ["bullied"]);
        assert_eq!(broken(&|d| own(d, "bullied", |c| c[1].code = "seldom".into())), ["bullied"]);
        assert_eq!(broken(&|d| own(d, "bullied_types", |c| c[0].bands = vec!["7-11".into()])), ["bullied_types"]);
        let changes: [(&str, Change); 4] = [
            ("safe_school", |d| d.questions[0].kind = Kind::Multi),
            ("safe_school", |d| d.questions[0].bands = vec!["11-16".into()]),
            ("safe_school", |d| d.questions[0].trend = Some("another".into())),
            ("bullied_types", |d| {
                d.questions[6].ask_if[0].any_of.pop();
            }),
        ];
        for (code, change) in changes {
            assert_eq!(broken(&change), [code]);
        }
        // What is no change of what is asked: the order of answers, the wording, the question's own code.
        assert_eq!(broken(&|d| own(d, "bullied", |c| c.reverse())), Vec::<String>::new());
        assert_eq!(broken(&|d| d.questions[0].text = d.questions[1].text.clone()), Vec::<String>::new());
        let renamed = |d: &mut Definition| {
            let q = at(d, "bullied");
            d.questions[q].code = "bullied_here".into();
            for c in d.questions.iter_mut().flat_map(|q| &mut q.ask_if).filter(|c| c.question == "bullied") {
                c.question = "bullied_here".into();
            }
        };
        assert_eq!(broken(&renamed), Vec::<String>::new());
    }
}
