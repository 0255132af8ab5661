//! Counting. Pure.

use crate::disclosure::{self, Choice, PublishedFigure, Question, Threshold, disclose_group};
use crate::instruments::{Kind, Layout, Slot};
use crate::kernel::YearGroup;

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

/// Every question's published figure, decided together; nothing when they are no counts of one school.
pub(super) fn release(layout: &Layout, tallies: &[Tally], threshold: Threshold) -> Option<Vec<QuestionResult>> {
    let questions = layout.slots().iter().zip(tallies).map(question).collect();
    let figures = disclose_group("school", questions, threshold).ok()?;
    let figure = |(slot, figure): (&Slot, PublishedFigure)| QuestionResult { question: slot.code().to_owned(), figure };
    Some(layout.slots().iter().zip(figures).map(figure).collect())
}

fn question((slot, tally): (&Slot, &Tally)) -> Question {
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let counted = disclosure::Tally::Counted {
        base: narrow(tally.base),
        counts: tally.counts.iter().map(|count| narrow(*count)).collect(),
    };
    Question {
        code: slot.code().to_owned(),
        options: slot.options().map(str::to_owned).collect(),
        choice: if slot.kind() == Kind::Single { Choice::One } else { Choice::Many },
        tallies: vec![if tally.asked == 0 { disclosure::Tally::NotAsked } else { counted }],
    }
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
        fn what_is_shown_is_true_and_nothing_under_the_threshold_is(
            bullied in prop::collection::vec(0_u64..120, 6), min_base in 0_u64..60
        ) {
            let layout = layout();
            let at = layout.find("bullied").unwrap();
            let base: u64 = bullied.iter().sum();
            let least = min_base.max(30);
            let mut tallies = tally(&layout, std::iter::empty()).unwrap();
            tallies[at] = Tally { asked: base + 1, base, counts: bullied.clone() };
            let results = release(&layout, &tallies, Threshold { min_base }).unwrap();
            prop_assert_eq!(results[at].question.as_str(), "bullied");
            match results[at].figure.view() {
                Figure::Shown { base: shown, shares } => {
                    prop_assert!(base >= least && shown % 5 == 0 && shown <= base && base < shown + 5);
                    prop_assert_eq!(shares.len(), bullied.len());
                    for (share, count) in shares.iter().zip(&bullied) {
                        let (from, to) = (u64::from(share.band.from) * base, u64::from(share.band.to) * base);
                        prop_assert!(from <= 1000 * count && 1000 * count <= to, "{} of {}", count, base);
                        // At least four counts look alike.
                        prop_assert!(to - from >= 4000, "{:?} of {}", share.band, base);
                    }
                }
                // Enough have answered, and yet nothing is told: only when what is told would leave too few ways to have been.
                Figure::Withheld { symbol, reason } => {
                    prop_assert_eq!(symbol, "c");
                    prop_assert_eq!(reason == "small_n", base < least, "{} of {}", reason, base);
                }
                Figure::NotAsked { .. } => prop_assert!(false, "it was asked"),
            }
            let others = results.iter().enumerate().filter(|(n, _)| *n != at);
            for (_, other) in others {
                prop_assert_eq!(other.figure.view(), Figure::NotAsked { symbol: "z" });
            }
        }
    }

    /// What is withheld looks the same whatever lies under it.
    #[test]
    fn withheld_figures_tell_nothing() {
        let layout = layout();
        let at = layout.find("bullied").unwrap();
        let figure = |n: u64| {
            let mut tallies = tally(&layout, std::iter::empty()).unwrap();
            tallies[at] = Tally { asked: 200, base: n, counts: vec![n, 0, 0, 0, 0, 0] };
            release(&layout, &tallies, Threshold::default()).unwrap().swap_remove(at).figure
        };
        for n in 0..30 {
            assert_eq!(figure(n), figure(0), "{n}");
        }
        assert_ne!(figure(30), figure(0), "the control");
    }
}
