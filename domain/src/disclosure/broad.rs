//! Figures of large groups that are told beside a release's tables, so that they take nothing from what those hide.
//!
//! Girls and boys, and the roles pupils have in bullying, cut across schools. To decide their tables together with all others
//! would make every cell several cells. Instead they are told **broadly**: only for groups of hundreds, and only what holds just as
//! well of every authority that differs from the true one in up to [`MARGIN`] pupils. A number in a release's tables is hidden because
//! there are other worlds with the same tables, and these differ from the true one in no more pupils
//! (`docs/adr/0021`, `docs/adr/0026`). So each of them fits the broad figures too, whatever the pupils in it say they are.

use serde::{Deserialize, Serialize};

use super::attack::MOVED;
use super::bands::Step;
use super::model::{Band, Share};

/// The pupils by whom an authority may differ and a broad figure still be true of it: as many as a proof moves.
pub const MARGIN: u32 = MOVED.unsigned_abs();

/// Groups of fewer who answered are told of as too few. What is said in a figure's place is true of all near as well.
pub const FEW: u32 = 300;

/// What is said of a base: this many or more, and nothing above it.
const LEASTS: [u32; 8] = [250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000];

/// Bands, narrowest first, each from so many answers on that none to some dozens fall alike: were a narrower band told as soon as it
/// held, it would tell nobody from one at some bases.
const STEPS: [(u32, Step); 5] =
    [(2000, Step::Fives), (1000, Step::Tens), (500, Step::Twenties), (0, Step::Outer), (0, Step::Thirds)];

/// A figure that passed the rule. Only the rule makes one; what was published is read back as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct BroadFigure(Broad);

/// What a reader sees of a broad figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broad {
    /// Told.
    Shown {
        /// So many answered, or more.
        least: u32,
        /// The share of each option of which something can be said, in the question's order.
        shares: Vec<Share>,
    },
    /// Fewer than [`FEW`] answered, or hardly any outside one or two schools. Nobody at all is told as a few are.
    Small,
    /// Each share lies too near an edge of every band there is.
    Close,
    /// The question was for none of the group, whoever there is in it.
    NotAsked,
}

/// Decides a figure: options with those who chose each, of so many who answered.
#[must_use]
pub fn broad<'a>(options: impl Iterator<Item = (&'a str, u32)>, base: u32) -> BroadFigure {
    let Some(least) = LEASTS.into_iter().rev().find(|least| least + MARGIN <= base) else {
        return BroadFigure(Broad::Small);
    };
    let share = |(option, count): (&str, u32)| {
        narrowest_safe(count, base, least).map(|band| Share::within(option.to_owned(), band))
    };
    let shares: Vec<Share> = options.filter_map(share).collect();
    BroadFigure(if shares.is_empty() { Broad::Close } else { Broad::Shown { least, shares } })
}

/// The narrowest band that is true of all near, if there is one. Each option has its own: what is true stays true beside
/// something else.
fn narrowest_safe(count: u32, base: u32, least: u32) -> Option<Band> {
    let steps = STEPS.into_iter().filter(|(from, _)| least >= *from);
    steps.map(|(_, step)| step.band(count, base)).find(|band| holds_around(*band, count, base, MARGIN))
}

/// Whether a band is true of a count of a base, and of any others that so many pupils make of them.
fn holds_around(band: Band, count: u32, base: u32, margin: u32) -> bool {
    let thousandths = |n: u32| 1000 * u64::from(n);
    let edge = |edge: u16, base: u32| u64::from(edge) * u64::from(base);
    let above = band.from == 0 || thousandths(count.saturating_sub(margin)) >= edge(band.from, base + margin);
    let below = band.to >= 1000 || thousandths(count + margin) < edge(band.to, base.saturating_sub(margin));
    above && below
}

impl BroadFigure {
    /// Of a question that is for none of the group: known from the questionnaire, never from answers.
    #[must_use]
    pub const fn not_asked() -> Self {
        Self(Broad::NotAsked)
    }

    /// Of a group that is told of no more than a small one is.
    #[must_use]
    pub const fn small() -> Self {
        Self(Broad::Small)
    }

    /// What a reader sees.
    #[must_use]
    pub const fn view(&self) -> &Broad {
        &self.0
    }

    /// The official symbol in the figure's place, and why (`facts/domain.md` §5); nothing of one that is shown.
    #[must_use]
    pub const fn symbol(&self) -> Option<(&'static str, &'static str)> {
        match &self.0 {
            Broad::Shown { .. } => None,
            Broad::Small => Some(("c", "small_n")),
            Broad::Close => Some(("c", "differencing")),
            Broad::NotAsked => Some(("z", "not_asked")),
        }
    }

    /// Whether it is true, with its margin, of so many who answered and who chose each of its options.
    #[must_use]
    pub fn is_safe(&self, base: u32, counts: &[u32]) -> bool {
        let Broad::Shown { least, shares } = &self.0 else { return true };
        least + MARGIN <= base
            && shares.len() == counts.len()
            && shares.iter().zip(counts).all(|(share, count)| holds_around(share.band, *count, base, MARGIN))
    }
}

/// A figure as a release keeps it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    least: Option<u32>,
    /// Option, and the range in thousandths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<(String, u16, u16)>,
}

impl From<BroadFigure> for Written {
    fn from(figure: BroadFigure) -> Self {
        let reason = figure.symbol().map(|(_, reason)| reason.to_owned());
        match figure.0 {
            Broad::Shown { least, shares } => {
                let shares = shares.into_iter().map(|s| (s.option, s.band.from, s.band.to)).collect();
                Self { reason, least: Some(least), shares }
            }
            Broad::Small | Broad::Close | Broad::NotAsked => Self { reason, least: None, shares: Vec::new() },
        }
    }
}

impl TryFrom<Written> for BroadFigure {
    type Error = &'static str;
    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let share = |(option, from, to): (String, u16, u16)| Share::within(option, Band { from, to });
        Ok(Self(match (written.least, written.reason.as_deref()) {
            (Some(least), None) => Broad::Shown { least, shares: written.shares.into_iter().map(share).collect() },
            (None, Some("small_n")) => Broad::Small,
            (None, Some("differencing")) => Broad::Close,
            (None, Some("not_asked")) => Broad::NotAsked,
            _ => return Err("not a figure that was published"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(counts: &[u32]) -> BroadFigure {
        broad(["a", "b", "c"].into_iter().zip(counts.iter().copied()), counts.iter().sum())
    }

    #[test]
    fn few_are_not_told_and_many_are_told_broadly() {
        assert_eq!(*of(&[200, 40, 33]).view(), Broad::Small);
        let shown = of(&[1600, 300, 150]);
        let Broad::Shown { least, shares } = shown.view() else { panic!("{shown:?}") };
        let ranges: Vec<String> = shares.iter().map(Share::range).collect();
        assert_eq!((*least, ranges), (2000, ["60–100%", "10–20%", "5–10%"].map(str::to_owned).to_vec()));
    }

    /// Nobody is told as a few are, whether of a group or of its options, from either end.
    #[test]
    fn no_small_number_is_told_from_its_neighbours() {
        let few = of(&[0, 0, 0]);
        assert!((1..=MARGIN).all(|base| of(&[base, 0, 0]) == few));
        for base in (250..9000).step_by(7) {
            let told = |count| broad([("a", count)].into_iter(), base);
            assert!((1..=28).all(|count| told(count) == told(0)), "{base}");
            assert!((1..=28).all(|count| told(base - count) == told(base)), "{base}");
        }
        assert!(LEASTS[0] + MARGIN - 1 + MARGIN < FEW, "too few is true of all near");
    }

    /// The control: were a band taken as soon as it holds, nobody would be told from one.
    #[test]
    fn the_narrowest_band_at_every_base_tells_nobody_from_one() {
        let taken = |count| {
            [Step::Fives, Step::Tens]
                .into_iter()
                .map(|s| s.band(count, 524))
                .find(|b| holds_around(*b, count, 524, MARGIN))
        };
        assert_ne!(taken(0), taken(1));
    }

    proptest! {
        /// Whoever moves that many pupils, from one option to another, in or out, finds the figure true still.
        #[test]
        fn what_is_told_is_true_of_all_near(
            counts in prop::collection::vec(0_u32..3000, 3),
            moves in prop::collection::vec((0_usize..4, 0_usize..4), MARGIN as usize),
        ) {
            let figure = of(&counts);
            if let Broad::Shown { least, shares } = figure.view() {
                // The fourth is outside.
                let mut near: Vec<u32> = counts.iter().copied().chain([1_000_000]).collect();
                for (from, to) in moves {
                    if near[from] > 0 {
                        near[from] -= 1;
                        near[to] += 1;
                    }
                }
                let base: u32 = near[..3].iter().sum();
                prop_assert!(base >= *least);
                // Of an option too near every edge nothing is told.
                let told: Vec<usize> = shares.iter().map(|s| ["a", "b", "c"].iter().position(|o| *o == s.option).unwrap()).collect();
                for (share, at) in shares.iter().zip(&told) {
                    prop_assert!(share.band.has(near[*at], base), "{:?} {} {}", share.band, near[*at], base);
                }
                let own: Vec<u32> = told.iter().map(|at| counts[*at]).collect();
                prop_assert!(figure.is_safe(counts.iter().sum(), &own));
            }
            let text = serde_json::to_string(&figure).unwrap();
            prop_assert_eq!(serde_json::from_str::<BroadFigure>(&text).unwrap(), figure);
        }
    }

    /// The control: the narrowest band by itself, as tables have it, is not true of all near.
    #[test]
    fn without_the_margin_it_would_not_hold() {
        let (count, base) = (101, 1000);
        let band = Step::Fives.band(count, base);
        assert!(band.has(count, base) && !band.has(count - 2, base));
        let told =
            BroadFigure(Broad::Shown { least: 500, shares: vec![Share { option: "a".into(), percent: 12, band }] });
        assert!(!told.is_safe(base, &[count]));
    }
}
