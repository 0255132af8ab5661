//! How long counting takes: answers of 40 questions, in memory. `cargo run --release -p dolen-tests --example tallies`.

use std::time::Instant;

use dolen_domain::instruments::{Answer, Band, Choice, Definition, Kind, Layout, Options, Question, Wording};
use dolen_domain::kernel::{Bilingual, YearGroup};
use dolen_domain::surveys::tallies::{Rows, count};

/// A questionnaire of 40 questions: every fifth takes several answers of ten, the others one of six.
fn layout() -> Option<Layout> {
    let text = || Wording::Common(Bilingual { cy: "Testun".into(), en: "Text".into() });
    let question = |n: usize| {
        let (kind, options) = if n.is_multiple_of(5) { (Kind::Multi, 10) } else { (Kind::Single, 6) };
        let codes = (1..options).map(|o| format!("o{o}")).chain(std::iter::once("prefer_not_to_say".to_owned()));
        let choice = |code| Choice { code, symbol: None, label: text(), bands: Vec::new() };
        Question {
            code: format!("q{n}"),
            trend: None,
            kind,
            text: text(),
            options: Options::Own(codes.map(choice).collect()),
            bands: Vec::new(),
            ask_if: Vec::new(),
        }
    };
    let definition = Definition {
        code: "bench".into(),
        version: 1,
        title: Bilingual { cy: "Arolwg".into(), en: "Survey".into() },
        definition: text(),
        bands: vec![Band { code: "all".into(), years: [YearGroup::new(0).ok()?, YearGroup::new(14).ok()?] }],
        sets: std::collections::BTreeMap::new(),
        questions: (0..40).map(question).collect(),
    };
    Layout::of(&definition).ok()
}

/// So many answers, each question answered by nine of ten.
fn rows(layout: &Layout, many: usize) -> Option<Rows> {
    let (mut rows, mut dice) = (Rows::of(layout.width()), 88_172_645_463_325_252_u64);
    let band = layout.band(YearGroup::new(8).ok()?)?;
    for _ in 0..many {
        let mut answers = Vec::new();
        for slot in layout.slots() {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            if dice.is_multiple_of(10) {
                continue;
            }
            let codes: Vec<&str> = slot.options().collect();
            let pick = |n: u64| codes.get(usize::try_from(n % 6).ok()?).map(|code| (*code).to_owned().into());
            let answer = match slot.kind() {
                Kind::Single => Answer::One(pick(dice >> 20)?),
                Kind::Multi => Answer::Many(vec![pick(dice >> 20)?]),
                Kind::Text => continue,
            };
            answers.push((slot.code().to_owned().into(), answer));
        }
        rows.push(layout.pack(band, &answers).ok()?.as_bytes()).then_some(())?;
    }
    Some(rows)
}

fn main() {
    let Some(layout) = layout() else { return };
    for many in [30_000, 120_000, 1_000_000] {
        let Some(rows) = rows(&layout, many) else { return };
        let mut times: Vec<u128> = (0..7)
            .map(|_| {
                let begin = Instant::now();
                let counted = count(&layout, &rows);
                assert!(counted.is_some_and(|c| c.len() == 40));
                begin.elapsed().as_micros()
            })
            .collect();
        times.sort_unstable();
        let middle = times.get(3).copied().unwrap_or_default();
        #[expect(clippy::print_stdout, reason = "it measures for a person")]
        {
            println!("{many} answers of 40 questions, {} bytes each: {} us", layout.width(), middle);
        }
    }
}
