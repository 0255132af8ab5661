//! Which approaches answer which findings.

use super::model::{Advice, Approach, Finding, Level, Toolkit};

/// What a survey can show: how much, of which kind, for which reason, where, and what came of it. Kinds, reasons and places
/// are the options of the shipped questionnaire (`instruments/builtin`) after `type_`, `reason_` and `place_`.
pub const FINDINGS: &[&str] = &[
    "high_bullied",
    "rising_bullied",
    "high_bullying_others",
    "rising_bullying_others",
    "type_names",
    "type_left_out",
    "type_hit",
    "type_rumours",
    "type_belongings",
    "type_threatened",
    "type_sexual",
    "type_online",
    "reason_appearance",
    "reason_disability",
    "reason_race",
    "reason_religion",
    "reason_language",
    "reason_sex",
    "reason_sexual_orientation",
    "reason_gender_identity",
    "reason_pregnancy",
    "reason_age",
    "reason_home",
    "reason_school_work",
    "place_classroom",
    "place_corridor",
    "place_playground",
    "place_canteen",
    "place_toilets",
    "place_changing_rooms",
    "place_transport",
    "place_on_the_way",
    "place_outside",
    // Few told anybody; telling did not help.
    "not_told",
    "response_not_helped",
    "witnesses_do_nothing",
    // Few have learned what to do.
    "not_learned",
    "feels_unsafe",
    "unsafe_travel",
    "low_belonging",
    "no_trusted_adult",
    // Few answered: nothing else may be said.
    "low_response_rate",
];

/// What to try, at most `cap` approaches and none twice. For each finding in its order: an approach for every pupil, then a
/// targeted one, and a specialist one when the finding is severe. An approach that was chosen for an earlier finding counts
/// for this one too, so that a school gets few things to do rather than many; then this finding is among its reasons.
///
/// The same findings give the same advice: of several approaches the version's order decides.
#[must_use]
pub fn advise<'t>(findings: &[Finding], toolkit: &'t Toolkit, cap: usize) -> Vec<Advice<'t>> {
    let mut chosen: Vec<&Approach> = Vec::new();
    for finding in findings {
        for level in levels(finding) {
            let fits = |approach: &&Approach| approach.level == *level && approach.fits.contains(&finding.code);
            if chosen.len() < cap && !chosen.iter().any(fits) {
                chosen.extend(toolkit.approaches.iter().find(fits));
            }
        }
    }
    let why = |approach: &'t Approach| {
        let mut answers = Vec::new();
        for finding in findings {
            let counts = levels(finding).contains(&approach.level) && approach.fits.contains(&finding.code);
            if counts && !answers.contains(&finding.code) {
                answers.push(finding.code.clone());
            }
        }
        Advice { approach, answers }
    };
    chosen.into_iter().map(why).collect()
}

/// The levels a finding asks for.
fn levels(finding: &Finding) -> &'static [Level] {
    if finding.severe { &Level::ALL } else { &[Level::Universal, Level::Targeted] }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::model::{FindingCode, Theme};
    use super::super::service::{NEWEST, shipped};
    use super::*;
    use crate::kernel::{Bilingual, Lang};

    fn toolkit() -> Toolkit {
        shipped(NEWEST).unwrap()
    }

    fn finding(word: &str, severe: bool) -> Finding {
        Finding { code: FindingCode::parse(word).unwrap(), severe }
    }

    fn codes<'t>(advice: &[Advice<'t>]) -> Vec<&'t str> {
        advice.iter().map(|one| one.approach.code.as_str()).collect()
    }

    #[test]
    fn every_level_and_theme_has_approaches() {
        let toolkit = toolkit();
        assert!(toolkit.approaches.len() >= 24);
        for level in Level::ALL {
            for theme in Theme::ALL {
                let there = toolkit.approaches.iter().any(|a| a.level == level && a.theme == theme);
                assert!(there, "{level:?} {theme:?}");
            }
        }
    }

    #[test]
    fn every_finding_has_an_approach_for_all_and_a_targeted_one() {
        let toolkit = toolkit();
        for word in FINDINGS {
            let advice = advise(&[finding(word, false)], &toolkit, 9);
            let levels: Vec<Level> = advice.iter().map(|one| one.approach.level).collect();
            assert_eq!(levels, [Level::Universal, Level::Targeted], "{word}");
            assert!(advice.iter().all(|one| one.answers == [FindingCode::parse(word).unwrap()]), "{word}");
        }
        assert_eq!(FindingCode::parse("high"), None);
        assert!(serde_json::from_str::<FindingCode>("\"high\"").is_err());
    }

    /// The findings are those the questionnaire can make: an option that nobody has advice for would be passed over.
    #[test]
    fn every_kind_reason_and_place_of_the_questionnaire_is_a_finding() {
        let asked: serde_json::Value =
            serde_json::from_str(include_str!("../instruments/builtin/bullying-v1.json")).unwrap();
        let mut found = BTreeSet::new();
        let of = [("bullied_types", "type_"), ("bullied_reasons", "reason_"), ("bullied_places", "place_")];
        for (question, start) in of {
            let question = asked["questions"].as_array().unwrap().iter().find(|q| q["code"] == question).unwrap();
            for option in question["options"].as_array().unwrap() {
                let code = option["code"].as_str().unwrap();
                if !["other", "prefer_not_to_say", "not_known"].contains(&code) {
                    found.insert(format!("{start}{code}"));
                }
            }
        }
        // Online bullying is a question of its own.
        found.insert("type_online".to_owned());
        let kinds = FINDINGS.iter().filter(|f| ["type_", "reason_", "place_"].iter().any(|start| f.starts_with(start)));
        assert_eq!(found, kinds.map(|f| (*f).to_owned()).collect());
    }

    #[test]
    fn everything_is_said_once_and_in_both_languages() {
        let toolkit = toolkit();
        let mut seen = BTreeSet::new();
        let mut told = |text: &Bilingual, sentences: std::ops::RangeInclusive<usize>| {
            for lang in [Lang::Cy, Lang::En] {
                let text = text.of(lang).as_str();
                assert!(!text.is_empty() && text.trim() == text, "{text:?}");
                let ends = text.chars().filter(|c| ['.', '?', '!'].contains(c)).count();
                assert!(sentences.contains(&ends), "{text:?}");
                // The one step that two services share word for word.
                let shared = text.contains("Dolen");
                assert!(seen.insert(text.to_owned()) || shared, "said twice: {text:?}");
            }
            assert_ne!(text.cy, text.en);
        };
        for approach in &toolkit.approaches {
            told(&approach.title, 0..=0);
            told(&approach.about, 2..=4);
            assert!((2..=5).contains(&approach.first_steps.len()), "{}", approach.code);
            approach.first_steps.iter().for_each(|step| told(step, 1..=2));
            assert!(!approach.fits.is_empty() && !approach.help.is_empty(), "{}", approach.code);
            assert_eq!(approach.fits.iter().collect::<BTreeSet<_>>().len(), approach.fits.len(), "{}", approach.code);
        }
        let words: BTreeSet<_> = toolkit.approaches.iter().map(|a| &a.code).collect();
        assert_eq!(words.len(), toolkit.approaches.len());
    }

    #[test]
    fn specialists_come_for_what_is_severe_alone() {
        let toolkit = toolkit();
        let mild = advise(&[finding("high_bullied", false)], &toolkit, 9);
        assert_eq!(codes(&mild), ["shared_meaning", "one_year_group"]);
        let severe = advise(&[finding("high_bullied", true)], &toolkit, 9);
        assert_eq!(codes(&severe), ["shared_meaning", "one_year_group", "psychologist_and_school"]);
    }

    #[test]
    fn one_approach_answers_several_findings_and_says_which() {
        let toolkit = toolkit();
        let findings = ["high_bullied", "type_names", "rising_bullied"].map(|word| finding(word, false));
        let advice = advise(&findings, &toolkit, 9);
        assert_eq!(codes(&advice), ["shared_meaning", "one_year_group"]);
        assert_eq!(advice[0].answers, findings.each_ref().map(|f| f.code.clone()));
        // A mild finding is no reason for a specialist that another brought.
        let mixed = [finding("low_belonging", true), finding("high_bullied", false)];
        let specialist =
            advise(&mixed, &toolkit, 9).into_iter().find(|a| a.approach.level == Level::Specialist).unwrap();
        assert_eq!(specialist.answers, [mixed[0].code.clone()]);
    }

    #[test]
    fn advice_is_the_same_again_never_twice_and_within_its_bound() {
        let toolkit = toolkit();
        let all: Vec<Finding> = FINDINGS.iter().map(|word| finding(word, true)).collect();
        let advice = advise(&all, &toolkit, usize::MAX);
        assert_eq!(advice, advise(&all, &toolkit, usize::MAX));
        let words: BTreeSet<_> = codes(&advice).into_iter().collect();
        assert_eq!(words.len(), advice.len());
        for cap in 0..6 {
            assert_eq!(codes(&advise(&all, &toolkit, cap)), codes(&advice)[..cap]);
        }
        assert!(advise(&[], &toolkit, 9).is_empty());
        // The order of findings is the order of advice.
        let ahead = advise(&[finding("type_online", false), finding("high_bullied", false)], &toolkit, 9);
        assert_eq!(ahead[0].approach.code, "life_online");
    }
}
