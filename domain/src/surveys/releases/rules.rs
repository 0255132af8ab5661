//! Counting. Pure.

use crate::instruments::{Layout, Slot};
use crate::kernel::YearGroup;

use crate::disclosure::{Counts, Threshold, publish};

use super::model::QuestionResult;

/// Raw counts of one question. They stay in this area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    /// Respondents whose band is asked.
    asked: u64,
    /// Respondents who answered.
    base: u64,
    /// Those who chose each option.
    counts: Vec<u64>,
}

impl Tally {
    fn figures(&self) -> Counts<'_> {
        Counts { asked: self.asked, base: self.base, counts: &self.counts }
    }
}

/// Counts packed rows question by question; nothing when a row is not of this layout.
pub(super) fn tally<'a>(layout: &Layout, rows: impl Iterator<Item = (YearGroup, &'a [u8])>) -> Option<Vec<Tally>> {
    let empty = |slot: &Slot| Tally { asked: 0, base: 0, counts: vec![0; slot.options().len()] };
    let mut tallies: Vec<Tally> = layout.slots().iter().map(empty).collect();
    for (year, row) in rows {
        let band = layout.band(year)?;
        for (slot, tally) in layout.slots().iter().zip(&mut tallies) {
            let mask = slot.mask(row)?;
            tally.asked += u64::from(slot.is_for(band));
            tally.base += u64::from(mask != 0);
            let mut left = mask;
            while left != 0 {
                if let Some(count) = tally.counts.get_mut(left.trailing_zeros() as usize) {
                    *count += 1;
                }
                left &= left - 1;
            }
        }
    }
    Some(tallies)
}

/// Every question's published figure.
pub(super) fn release(layout: &Layout, tallies: &[Tally], threshold: Threshold) -> Vec<QuestionResult> {
    let figure = |(slot, tally): (&Slot, &Tally)| QuestionResult {
        question: slot.code().to_owned(),
        figure: publish(slot.options(), &tally.figures(), threshold),
    };
    layout.slots().iter().zip(tallies).map(figure).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::disclosure::Figure;
    use crate::instruments::{Answer, Definition};

    fn layout() -> Layout {
        let text = include_str!("../../instruments/builtin/bullying-v1.json");
        Layout::of(&serde_json::from_str::<Definition>(text).unwrap()).unwrap()
    }

    /// A year group, and question and option of each answer.
    type Plain = (i64, Vec<(&'static str, &'static str)>);

    /// Some pupils' years and answers to two questions, as places in the lists below.
    fn pupils() -> impl Strategy<Value = Vec<(i64, Option<usize>, Vec<usize>)>> {
        let pupil = (3_i64..=11, prop::option::of(0_usize..6), prop::collection::vec(0_usize..9, 0..4));
        prop::collection::vec(pupil, 0..120)
    }
    const SCALE: [&str; 6] =
        ["not_at_all", "once_or_twice", "two_or_three_a_month", "weekly", "several_a_week", "prefer_not_to_say"];
    const TYPES: [&str; 9] =
        ["names", "left_out", "hit", "rumours", "belongings", "threatened", "sexual", "other", "prefer_not_to_say"];

    proptest! {
        #[test]
        fn tallies_equal_a_plain_count(pupils in pupils()) {
            let layout = layout();
            let mut rows = Vec::new();
            let mut given: Vec<Plain> = Vec::new();
            for (number, bullied, types) in pupils {
                let year = YearGroup::new(number).unwrap();
                let mut plain: Vec<(&'static str, &'static str)> = bullied.iter().map(|i| ("bullied", SCALE[*i])).collect();
                let mut answers: Vec<_> = plain.iter().map(|(q, o)| ((*q).into(), Answer::One((*o).into()))).collect();
                if bullied.is_some_and(|i| (1..=4).contains(&i)) {
                    let mut types: Vec<&'static str> =
                        types.iter().map(|i| TYPES[*i]).filter(|t| number > 6 || *t != "sexual").collect();
                    types.sort_unstable();
                    types.dedup();
                    plain.extend(types.iter().map(|t| ("bullied_types", *t)));
                    answers.push(("bullied_types".into(), Answer::Many(types.into_iter().map(Into::into).collect())));
                }
                rows.push((year, layout.pack(layout.band(year).unwrap(), &answers).unwrap()));
                given.push((number, plain));
            }
            let tallies = tally(&layout, rows.iter().map(|(year, row)| (*year, row.as_bytes()))).unwrap();
            let count = |test: &dyn Fn(&Plain) -> bool| {
                u64::try_from(given.iter().filter(|g| test(g)).count()).unwrap()
            };
            for (slot, tally) in layout.slots().iter().zip(&tallies) {
                let code = slot.code();
                prop_assert_eq!(tally.base, count(&|g| g.1.iter().any(|(q, _)| *q == code)));
                for (option, n) in slot.options().zip(&tally.counts) {
                    prop_assert_eq!(*n, count(&|g| g.1.contains(&(code, option))), "{} {}", code, option);
                }
            }
            let asked = |code: &str| tallies[layout.find(code).unwrap()].asked;
            prop_assert_eq!(asked("bullied"), count(&|_| true));
            prop_assert_eq!(asked("learned"), count(&|g| g.0 > 6));
        }

        #[test]
        fn nothing_under_the_threshold_is_shown(
            counts in prop::collection::vec(0_u64..400, 1..8), more in 0_u64..60, min_base in 0_u64..60
        ) {
            let base = counts.iter().max().copied().unwrap_or(0) / 4 + more;
            let counts: Vec<u64> = counts.into_iter().map(|c| c.min(base)).collect();
            let options: Vec<String> = (0..counts.len()).map(|i| format!("o{i}")).collect();
            let tally = Tally { asked: base + 1, base, counts: counts.clone() };
            let figure = publish(options.iter().map(String::as_str), &tally.figures(), Threshold { min_base });
            match figure.view() {
                Figure::Shown { base: shown, shares } => {
                    prop_assert!(base >= min_base && base > 0);
                    prop_assert!(shown % 5 == 0 && shown <= base && base < shown + 5);
                    for (share, count) in shares.iter().zip(&counts) {
                        prop_assert_eq!(share.percent % 5, 0);
                        // Within half a step, two and a half points, of the truth.
                        let (p, c) = (u64::from(share.percent) * base, 100 * count);
                        prop_assert!(2 * p.abs_diff(c) <= 5 * base, "{} of {}", count, base);
                    }
                    prop_assert_eq!(shares.len(), counts.len());
                }
                Figure::Withheld { symbol, reason } => {
                    prop_assert!(base < min_base.max(1));
                    prop_assert_eq!((symbol, reason), ("c", "small_n"));
                }
                Figure::NotAsked { .. } => prop_assert!(false, "it was asked"),
            }
        }

        /// What is withheld looks the same whatever lies under it.
        #[test]
        fn withheld_figures_tell_nothing(a in 0_u64..30, b in 0_u64..30) {
            let figure = |n: u64| {
                let tally = Tally { asked: 200, base: n, counts: vec![n, 0] };
                publish(["x", "y"].into_iter(), &tally.figures(), Threshold::default())
            };
            prop_assert_eq!(figure(a), figure(b));
        }
    }

    #[test]
    fn a_question_nobody_was_asked_is_not_applicable() {
        let tally = Tally { asked: 0, base: 0, counts: vec![0] };
        let figure = publish(std::iter::once("x"), &tally.figures(), Threshold::default());
        assert_eq!(figure.view(), Figure::NotAsked { symbol: "z" });
    }
}
