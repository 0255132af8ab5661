//! The one disclosure rule.

use super::bands::Step;
use super::model::{PublishedFigure, Share, Threshold, Verdict};

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
/// shares are in bands as wide as [`Step::of`] says and the base is rounded down to a multiple of 5.
///
/// What several tables tell together it does not know: a release of them goes through [`super::disclose`].
pub fn publish<'a>(options: impl Iterator<Item = &'a str>, of: &Counts<'_>, threshold: Threshold) -> PublishedFigure {
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let base = narrow(of.base);
    let step = Step::of(base - base % 5).filter(|_| of.base >= threshold.min_base.max(1));
    let decided = match step {
        _ if of.asked == 0 => Form::NotAsked,
        Some(step) => Form::Shown(step),
        None => Form::Small,
    };
    form(options, base, of.counts.iter().map(|count| narrow(*count)), decided)
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
                Share::within(option.to_owned(), band)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The trap of five points: one and two of thirty look like none, and like each other.
    #[test]
    fn no_small_count_is_told_from_its_neighbours() {
        let shown = |count: u64, base: u64| {
            let counts = Counts { asked: base, base, counts: &[count, base - count] };
            publish(["yes", "no"].into_iter(), &counts, Threshold::default())
        };
        for base in 30..400 {
            for count in 0..4 {
                assert_eq!(shown(count, base), shown(0, base), "{count} of {base}");
            }
        }
        assert_ne!(shown(15, 40), shown(0, 40), "the control");
    }

    #[test]
    fn a_median_of_too_few_is_not_told() {
        let threshold = Threshold { min_base: 3, ..Threshold::default() };
        assert_eq!(publish_median(vec![9, 1], threshold), None);
        assert_eq!(publish_median(vec![9, 1, 4], threshold), Some(4));
        assert_eq!(publish_median(vec![9, 1, 4, 5], threshold), Some(4));
        assert_eq!(publish_median(Vec::new(), Threshold { min_base: 0, ..Threshold::default() }), None);
    }
}
