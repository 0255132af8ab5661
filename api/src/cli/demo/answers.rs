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

/// One response: earlier options are likelier, a few are left out, and what is not asked is not answered.
fn response(definition: &Definition, year: YearGroup, key: &str, chance: &FixedChance) -> Value {
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
            let spread = below(chance, options.len()).min(below(chance, options.len()));
            options.get(spread).copied().unwrap_or(PREFER_NOT_TO_SAY)
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
pub fn ndjson(definition: &Definition, years: std::ops::RangeInclusive<u8>, count: usize, seed: u64) -> String {
    let chance = FixedChance::seeded(seed);
    let years: Vec<YearGroup> = years.filter_map(|y| YearGroup::new(i64::from(y)).ok()).collect();
    let mut out = String::new();
    for n in 0..count {
        if let Some(year) = years.get(n % years.len().max(1)) {
            out.push_str(&response(definition, *year, &format!("{seed}-{n}"), &chance).to_string());
            out.push('\n');
        }
    }
    out
}
