//! The count.

use crate::instruments::{Kind, Layout, Slot};

use super::model::{Counted, Rows};

/// Rows looked at together: few enough to stay near the processor while every question is counted.
const TOGETHER: usize = 512;

/// Counts every question of the layout, in its order; nothing when a row is not of this layout.
#[must_use]
pub fn count(layout: &Layout, rows: &Rows) -> Option<Vec<Counted>> {
    if rows.width != layout.width() || rows.width == 0 {
        return None;
    }
    let empty = |slot: &Slot| Counted { base: 0, chosen: vec![0; slot.options().len()] };
    let mut counted: Vec<Counted> = layout.slots().iter().map(empty).collect();
    for block in rows.bytes.chunks(rows.width * TOGETHER) {
        for (slot, into) in layout.slots().iter().zip(&mut counted) {
            match slot.kind() {
                Kind::Single => single(slot, block, rows.width, into)?,
                Kind::Multi => multi(slot, block, rows.width, into)?,
                Kind::Text => {}
            }
        }
    }
    Some(counted)
}

/// One byte a row: how often each value comes. Two counters in turn, so that equal neighbours don't wait for each other.
fn single(slot: &Slot, block: &[u8], width: usize, into: &mut Counted) -> Option<()> {
    let (mut even, mut odd) = ([0_u32; 256], [0_u32; 256]);
    let mut column = block.get(slot.place().start..)?.iter().step_by(width).copied();
    while let Some(value) = column.next() {
        *even.get_mut(usize::from(value))? += 1;
        let Some(value) = column.next() else { break };
        *odd.get_mut(usize::from(value))? += 1;
    }
    let mut values = even.iter().zip(&odd).map(|(a, b)| a + b).skip(1);
    for (chosen, n) in into.chosen.iter_mut().zip(&mut values) {
        *chosen += n;
        into.base += n;
    }
    // A value beyond the last option is none of ours.
    values.all(|n| n == 0).then_some(())
}

/// A mask a row: each of its bits is one more.
fn multi(slot: &Slot, block: &[u8], width: usize, into: &mut Counted) -> Option<()> {
    let place = slot.place();
    let beyond = u64::MAX.checked_shl(u32::try_from(into.chosen.len()).ok()?).unwrap_or(0);
    for row in block.chunks_exact(width) {
        let mut mask = row.get(place.clone())?.iter().rev().fold(0_u64, |mask, byte| mask << 8 | u64::from(*byte));
        if mask & beyond != 0 {
            return None;
        }
        into.base += u32::from(mask != 0);
        while mask != 0 {
            *into.chosen.get_mut(mask.trailing_zeros() as usize)? += 1;
            mask &= mask - 1;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;
    use crate::instruments::{Answer, Band, Choice, Definition, Options, Question, Wording};
    use crate::kernel::{Bilingual, YearGroup};

    /// Any questionnaire: up to a dozen questions of either kind with up to 60 options.
    fn instruments() -> impl Strategy<Value = Definition> {
        prop::collection::vec((any::<bool>(), 2_usize..60), 1..12).prop_map(|questions| {
            let text = || Wording::Common(Bilingual { cy: "Testun".into(), en: "Text".into() });
            let year = |n| YearGroup::new(n).unwrap();
            let question = |(i, (many, options)): (usize, (bool, usize))| {
                let mut choices: Vec<_> = (1..options).map(|o| format!("o{o}")).collect();
                choices.push("prefer_not_to_say".into());
                let choice = |code| Choice { code, symbol: None, label: text(), bands: Vec::new() };
                Question {
                    code: format!("q{i}"),
                    trend: None,
                    kind: if many { Kind::Multi } else { Kind::Single },
                    text: text(),
                    options: Options::Own(choices.into_iter().map(choice).collect()),
                    bands: Vec::new(),
                    ask_if: Vec::new(),
                }
            };
            Definition {
                code: "any".into(),
                version: 1,
                title: Bilingual { cy: "Arolwg".into(), en: "Survey".into() },
                definition: text(),
                bands: vec![Band { code: "all".into(), years: [year(0), year(14)] }],
                sets: std::collections::BTreeMap::default(),
                questions: questions.into_iter().enumerate().map(question).collect(),
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn tallies_equal_a_naive_count_of_what_was_packed(
            definition in instruments(),
            given in prop::collection::vec(prop::collection::vec(any::<u64>(), 12), 0..1100),
        ) {
            let layout = Layout::of(&definition).unwrap();
            let band = layout.band(YearGroup::new(5).unwrap()).unwrap();
            let mut rows = Rows::of(layout.width());
            let mut naive: Vec<(u32, Vec<u32>)> =
                layout.slots().iter().map(|s| (0, vec![0; s.options().len()])).collect();
            for pupil in given {
                let mut answers = Vec::new();
                for ((slot, draw), (base, chosen)) in layout.slots().iter().zip(pupil).zip(&mut naive) {
                    let codes: Vec<&str> = slot.options().collect();
                    let picked: Vec<usize> = match slot.kind() {
                        Kind::Single => usize::try_from(draw % (codes.len() as u64 + 1)).ok().filter(|i| *i < codes.len()).into_iter().collect(),
                        Kind::Multi => (0..codes.len()).filter(|i| draw >> i & 1 == 1).collect(),
                        Kind::Text => Vec::new(),
                    };
                    *base += u32::from(!picked.is_empty());
                    for i in &picked {
                        chosen[*i] += 1;
                    }
                    let code = |i: &usize| Cow::Owned(codes[*i].to_owned());
                    let answer = match slot.kind() {
                        _ if picked.is_empty() => continue,
                        Kind::Single => Answer::One(code(&picked[0])),
                        Kind::Multi => Answer::Many(picked.iter().map(code).collect()),
                        Kind::Text => Answer::Other,
                    };
                    answers.push((Cow::Owned(slot.code().to_owned()), answer));
                }
                let packed = layout.pack(band, &answers).unwrap();
                // And what was packed comes out again.
                let out = layout.unpack(packed.as_bytes()).unwrap();
                prop_assert_eq!(out.len(), answers.len());
                prop_assert!(rows.push(packed.as_bytes()));
            }
            let counted = count(&layout, &rows).unwrap();
            let found: Vec<_> = counted.into_iter().map(|c| (c.base, c.chosen)).collect();
            prop_assert_eq!(found, naive);
        }
    }

    /// The shortest of seven runs, which is the one that was disturbed least.
    fn shortest(mut run: impl FnMut()) -> std::time::Duration {
        let timed = |()| {
            let began = std::time::Instant::now();
            run();
            began.elapsed()
        };
        std::iter::repeat_n((), 7).map(timed).min().unwrap()
    }

    /// How many times as long something takes of eight times the rows.
    fn growth(rows: usize, run: impl Fn(&Rows)) -> f64 {
        let of = |many: usize| {
            let mut all = Rows::of(24);
            for _ in 0..many {
                assert!(all.push(&[1; 24]));
            }
            shortest(|| run(&all)).as_secs_f64()
        };
        of(8 * rows) / of(rows)
    }

    /// A count that went through all for each would take 64 times as long; a busy machine doubles what is eight.
    #[test]
    fn the_cost_of_counting_grows_as_the_answers_do() {
        let text = include_str!("../../instruments/builtin/bullying-v2.json");
        let layout = Layout::of(&serde_json::from_str::<Definition>(text).unwrap()).unwrap();
        let counted = growth(4096, |rows| {
            let rows = Rows { width: layout.width(), bytes: vec![0; rows.len() * layout.width()] };
            assert!(count(&layout, &rows).is_some());
        });
        assert!(counted < 24.0, "eight times the answers took {counted} times as long");
        let squared = growth(128, |rows| {
            let pairs = rows.iter().map(|a| rows.iter().filter(|b| a == *b).count());
            assert_eq!(pairs.sum::<usize>(), rows.len() * rows.len());
        });
        assert!(squared > 24.0, "the control took {squared} times as long");
    }

    #[test]
    fn bytes_of_another_layout_are_not_counted() {
        let text = include_str!("../../instruments/builtin/bullying-v1.json");
        let layout = Layout::of(&serde_json::from_str::<Definition>(text).unwrap()).unwrap();
        let mut rows = Rows::of(layout.width());
        assert!(!rows.push(&[1]));
        assert!(rows.push(&vec![0; layout.width()]) && count(&layout, &rows).is_some());
        assert!(rows.push(&vec![255; layout.width()]) && count(&layout, &rows).is_none());
        assert!(count(&layout, &Rows::of(layout.width() + 1)).is_none());
    }
}
