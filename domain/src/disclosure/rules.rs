//! The one disclosure rule.

use super::bands::Step;
use super::model::{Band, PublishedFigure, Share, Threshold, Verdict};

/// Raw counts of one figure. They stay with whoever counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts<'a> {
    /// Those the figure could be about.
    pub asked: u64,
    /// Those it is about.
    pub base: u64,
    /// Those of each option, in order.
    pub counts: &'a [u64],
}

/// One figure by itself: below the least base it is withheld whole, so that no option gives its complement away; above it
/// percentages are to the nearest 5 and the base is rounded down to a multiple of 5 (`facts/reliability.md` M5).
///
/// It knows of two traps nothing: what several tables tell together, and that "5 %" of 30 to 34 is one or two. A release
/// of many tables goes through [`super::disclose`], which knows both (`docs/adr/0021-disclosure-engine.md`).
pub fn publish<'a>(options: impl Iterator<Item = &'a str>, of: &Counts<'_>, threshold: Threshold) -> PublishedFigure {
    PublishedFigure(if of.asked == 0 {
        Verdict::NotAsked
    } else if of.base < threshold.min_base.max(1) {
        Verdict::Small
    } else {
        let share = |(option, count): (&str, &u64)| {
            let percent = percent(*count, of.base);
            let middle = 10 * u16::from(percent);
            let band = Band { from: middle.saturating_sub(25), to: (middle + 25).min(1000) };
            Share { option: option.to_owned(), percent, band }
        };
        Verdict::Shown { base: of.base - of.base % 5, shares: options.zip(of.counts).map(share).collect() }
    })
}

/// What is decided of a figure in a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Nobody was asked.
    NotAsked,
    /// Nothing came.
    Unavailable,
    /// Too few answered.
    Small,
    /// It would give away another figure.
    Differencing,
    /// In bands so wide.
    Shown(Step),
}

/// A figure of a release, in the form decided for it.
pub(super) fn form<'a>(
    options: impl Iterator<Item = &'a str>,
    base: u32,
    counts: impl Iterator<Item = u32>,
    form: Form,
) -> PublishedFigure {
    PublishedFigure(match form {
        Form::NotAsked => Verdict::NotAsked,
        Form::Unavailable => Verdict::Unavailable,
        Form::Small => Verdict::Small,
        Form::Differencing => Verdict::Differencing,
        Form::Shown(step) => {
            let share = |(option, count): (&str, u32)| {
                let band = step.band(count, base);
                let percent = u8::try_from((band.from + band.to) / 20).unwrap_or(100);
                Share { option: option.to_owned(), percent, band }
            };
            Verdict::Shown { base: u64::from(base - base % 5), shares: options.zip(counts).map(share).collect() }
        }
    })
}

/// The middle of enough values; nothing of too few. The lower of two middles.
#[must_use]
pub fn publish_median(mut values: Vec<u32>, threshold: Threshold) -> Option<u32> {
    let enough = u64::try_from(values.len()).is_ok_and(|n| n >= threshold.min_base.max(1));
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().filter(|_| enough)
}

/// Per cent to the nearest 5, half up (`facts/domain.md` §5, rounding).
fn percent(count: u64, base: u64) -> u8 {
    let steps = (40 * count + base) / (2 * base);
    u8::try_from(5 * steps).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_go_to_the_nearest_five_half_up() {
        for (count, base, expected) in [
            (0, 30, 0),
            (1, 200, 0),
            (1, 40, 5),
            (39, 40, 100),
            (199, 200, 100),
            (15, 30, 50),
            (7, 31, 25),
            (30, 30, 100),
        ] {
            assert_eq!(percent(count, base), expected, "{count}/{base}");
        }
    }

    #[test]
    fn a_median_of_too_few_is_not_told() {
        let threshold = Threshold { min_base: 3 };
        assert_eq!(publish_median(vec![9, 1], threshold), None);
        assert_eq!(publish_median(vec![9, 1, 4], threshold), Some(4));
        assert_eq!(publish_median(vec![9, 1, 4, 5], threshold), Some(4));
        assert_eq!(publish_median(Vec::new(), Threshold { min_base: 0 }), None);
    }
}
