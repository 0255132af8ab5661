//! Invented answers: a plausible spread, the questionnaire's own skip rules, and no real child's.

use dolen_domain::instruments::{Definition, Kind, PREFER_NOT_TO_SAY};
use dolen_domain::kernel::{Chance, FixedChance, YearGroup};
use serde_json::{Map, Value, json};

/// A number below `n`.
fn below(chance: &FixedChance, n: usize) -> usize {
    let mut bytes = [0_u8; 4];
    chance.fill(&mut bytes);
    u32::from_le_bytes(bytes) as usize % n.max(1)
}

/// How it goes at a school.
#[derive(Clone, Copy)]
pub enum Climate {
    /// As at most.
    Fair,
    /// More is seen, done and suffered than elsewhere, and less is told.
    Rough,
}

/// Of how many in a hundred each option is the answer, in the questionnaire's order. The spread is invented: about as many are
/// bullied as surveys commonly find. Nothing for a question that has no spread of its own.
fn spread(question: &str, climate: Climate) -> Option<&'static [u32]> {
    use Climate::{Fair, Rough};
    Some(match (question, climate) {
        ("bullied" | "seen", Fair) => &[60, 25, 6, 4, 3, 2],
        ("bullied" | "seen", Rough) => &[44, 26, 12, 10, 6, 2],
        ("bullied_online" | "bullied_others" | "bullied_others_online", Fair) => &[78, 13, 3, 2, 1, 3],
        ("bullied_online" | "bullied_others" | "bullied_others_online", Rough) => &[66, 18, 6, 4, 3, 3],
        ("safe_school" | "safe_travel" | "belonging", Fair) => &[48, 34, 12, 4, 2],
        ("safe_school" | "safe_travel" | "belonging", Rough) => &[30, 36, 22, 10, 2],
        ("trusted_adult", Fair) => &[76, 9, 12, 3],
        ("trusted_adult", Rough) => &[58, 18, 20, 4],
        ("told", Fair) => &[66, 30, 4],
        ("told", Rough) => &[48, 47, 5],
        ("school_acted", _) => &[58, 20, 18, 4],
        ("school_helped", _) => &[34, 38, 18, 6, 4],
        ("school_deals", Fair) => &[26, 44, 14, 12, 4],
        ("school_deals", Rough) => &[12, 34, 34, 16, 4],
        ("learned", _) => &[70, 26, 4],
        ("gender", _) => &[48, 47, 2, 3],
        _ => return None,
    })
}

/// The place of an option: of a question's own spread, or else earlier ones likelier.
fn place(question: &str, options: usize, climate: Climate, chance: &FixedChance) -> usize {
    let Some(spread) = spread(question, climate).filter(|spread| spread.len() == options) else {
        return below(chance, options).min(below(chance, options));
    };
    let mut left = below(chance, 100);
    let found = spread.iter().position(|share| {
        let share = usize::try_from(*share).unwrap_or_default();
        let is_it = left < share;
        left = left.saturating_sub(share);
        is_it
    });
    found.unwrap_or_default()
}

/// One response: a few questions are left out, and what is not asked is not answered.
fn response(definition: &Definition, year: YearGroup, key: &str, climate: Climate, chance: &FixedChance) -> Value {
    let mut given: Map<String, Value> = Map::new();
    let band = definition.band_of(year).map(|b| b.code.clone()).unwrap_or_default();
    for question in definition.questions_of(&band) {
        let asked = question.ask_if.iter().all(|rule| match given.get(&rule.question) {
            Some(Value::String(option)) => rule.any_of.contains(option),
            Some(Value::Array(options)) => {
                options.iter().any(|o| o.as_str().is_some_and(|o| rule.any_of.iter().any(|a| a == o)))
            }
            _ => false,
        });
        if !asked || below(chance, 25) == 0 {
            continue;
        }
        let options: Vec<&str> = definition
            .options_of(question)
            .iter()
            .filter(|o| o.bands.is_empty() || o.bands.contains(&band))
            .map(|o| o.code.as_str())
            .collect();
        let pick = || {
            let at = place(&question.code, options.len(), climate, chance);
            options.get(at).copied().unwrap_or(PREFER_NOT_TO_SAY)
        };
        let answer = match question.kind {
            // A file brings none.
            Kind::Text => continue,
            Kind::Single => json!(pick()),
            Kind::Multi => {
                let mut picked = vec![pick()];
                let second = pick();
                if !picked.contains(&second) && second != PREFER_NOT_TO_SAY && picked != [PREFER_NOT_TO_SAY] {
                    picked.push(second);
                }
                json!(picked)
            }
        };
        given.insert(question.code.clone(), answer);
    }
    json!({"year_group": year.number(), "row_key": key, "answers": given})
}

/// `count` responses spread over year groups, as NDJSON.
#[must_use]
pub fn ndjson(
    definition: &Definition,
    years: std::ops::RangeInclusive<u8>,
    (count, climate): (usize, Climate),
    seed: u64,
) -> String {
    let chance = FixedChance::seeded(seed);
    let years: Vec<YearGroup> = years.filter_map(|y| YearGroup::new(i64::from(y)).ok()).collect();
    let mut out = String::new();
    for n in 0..count {
        if let Some(year) = years.get(n % years.len().max(1)) {
            out.push_str(&response(definition, *year, &format!("{seed}-{n}"), climate, &chance).to_string());
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spread_is_of_a_hundred_and_of_the_questionnaires_options() {
        let text = include_str!("../../../../domain/src/instruments/builtin/bullying-v2.json");
        let definition: Definition = serde_json::from_str(text).unwrap();
        let mut known = 0;
        for question in &definition.questions {
            for climate in [Climate::Fair, Climate::Rough] {
                let Some(spread) = spread(&question.code, climate) else { continue };
                assert_eq!(spread.iter().sum::<u32>(), 100, "{}", question.code);
                assert_eq!(spread.len(), definition.options_of(question).len(), "{}", question.code);
                known += 1;
            }
        }
        assert_eq!(known, 2 * 15);
    }
}
