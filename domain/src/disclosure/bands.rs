//! How wide the bands of a share must be.
//!
//! A share to the nearest 5 % of about 30 answers is a count in disguise: "5 %" of 30 to 34 is 1 or 2 of them, "0 %" is
//! nobody. So the width follows the base: **every band has at least four whole counts, whatever the base is within its own
//! published interval.** A band `[from, to)` of `base` answers has at least `⌊(to − from) · base⌋` of them, since a half-open
//! interval as long as a whole number has at least that many whole numbers in it; so the narrowest band times the published
//! base, which is the least the base can be, must be four or more. The lowest band has 0, 1, 2 and 3 in it at least, and the
//! highest, which has its upper end too, the same of those who did *not* choose the option: neither tells nobody from
//! somebody.
//!
//! Coarser steps lie in finer ones, edge for edge, so that a figure made coarser never rules out what it allowed before.

use super::model::Band;

/// The width of a figure's bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Fives,
    Tens,
    /// For bases from 30 to 39, where ten points are three counts: 15, 15, 20, 20, 15, 15.
    Sixths,
    Twenties,
    Thirds,
    /// Two bands of 40 points and one of 20 between them.
    Outer,
}

/// The fewest whole counts in a band, so that a reader's interval is three wide (`facts/reliability.md` SUR-3).
pub(super) const COUNTS: u32 = 4;

/// Thousandths, as all edges here.
const WHOLE: u32 = 1000;

impl Step {
    /// The finest one that has four counts in each band, for a base published as this; nothing when none has.
    pub(super) fn of(published_base: u32) -> Option<Self> {
        [Self::Fives, Self::Tens, Self::Sixths, Self::Twenties]
            .into_iter()
            .find(|step| step.narrowest() * published_base >= COUNTS * WHOLE)
    }

    /// The next one whose bands are unions of this one's.
    pub(super) fn coarser(self) -> Option<Self> {
        match self {
            Self::Fives => Some(Self::Tens),
            Self::Tens => Some(Self::Twenties),
            Self::Sixths => Some(Self::Thirds),
            Self::Twenties => Some(Self::Outer),
            Self::Thirds | Self::Outer => None,
        }
    }

    /// Where its bands begin, from the lowest.
    fn edges(self) -> &'static [u16] {
        match self {
            Self::Fives => {
                &[0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 850, 900, 950]
            }
            Self::Tens => &[0, 100, 200, 300, 400, 500, 600, 700, 800, 900],
            Self::Sixths => &[0, 150, 300, 500, 700, 850],
            Self::Twenties => &[0, 200, 400, 600, 800],
            Self::Thirds => &[0, 300, 700],
            Self::Outer => &[0, 400, 600],
        }
    }

    fn bands(self) -> impl Iterator<Item = Band> {
        let edges = self.edges();
        let ends = edges.iter().copied().skip(1).chain(std::iter::once(1000));
        edges.iter().zip(ends).map(|(from, to)| Band { from: *from, to })
    }

    fn narrowest(self) -> u32 {
        self.bands().map(|b| u32::from(b.to - b.from)).min().unwrap_or_default()
    }

    /// The band a count of so many answers lies in.
    pub(super) fn band(self, count: u32, base: u32) -> Band {
        self.bands().find(|b| b.has(count, base)).unwrap_or(Band { from: 0, to: 1000 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Step; 6] = [Step::Fives, Step::Tens, Step::Sixths, Step::Twenties, Step::Thirds, Step::Outer];

    /// Not by the formula but by counting, for every base and every band.
    #[test]
    fn every_band_has_four_counts_for_every_base_it_may_have() {
        for base in 20..3000_u32 {
            let step = Step::of(base - base % 5).unwrap();
            for band in step.bands() {
                let inside = (0..=base).filter(|c| band.has(*c, base)).count();
                assert!(inside >= 4, "{base} {step:?} {band:?}: {inside}");
            }
        }
        // The control: five points for everybody, as the plain rule has it, leave two counts and fewer.
        let narrow =
            |base: u32| Step::Fives.bands().filter(|b| (0..=base).filter(|c| b.has(*c, base)).count() < 4).count();
        assert!((30..75).all(|base| narrow(base) > 0));
    }

    #[test]
    fn the_ends_tell_nobody_from_somebody_never() {
        for base in 30..3000_u32 {
            let step = Step::of(base - base % 5).unwrap();
            for few in 1..4 {
                assert_eq!(step.band(0, base), step.band(few, base), "{base}");
                // Of those who did not choose it, only so many; and just above the edge there may be one more.
                assert_eq!(step.band(base, base), step.band(base - few, base), "{base}");
            }
        }
    }

    #[test]
    fn the_width_follows_the_base() {
        for (base, step) in
            [(80, Step::Fives), (75, Step::Tens), (40, Step::Tens), (35, Step::Sixths), (30, Step::Sixths)]
        {
            assert_eq!(Step::of(base), Some(step), "{base}");
        }
        assert_eq!((Step::of(20), Step::of(15)), (Some(Step::Twenties), None));
        assert_eq!(Step::Sixths.band(4, 30), Band { from: 0, to: 150 });
        assert_eq!(Step::Sixths.band(5, 31), Band { from: 150, to: 300 });
        assert_eq!(Step::Fives.band(80, 80), Band { from: 950, to: 1000 });
    }

    #[test]
    fn every_count_has_one_band_and_coarser_ones_are_made_of_it() {
        for step in ALL {
            for base in 1..200_u32 {
                for count in 0..=base {
                    assert_eq!(step.bands().filter(|b| b.has(count, base)).count(), 1, "{step:?} {count}/{base}");
                    if let Some(coarser) = step.coarser() {
                        let (fine, coarse) = (step.band(count, base), coarser.band(count, base));
                        assert!(coarse.from <= fine.from && fine.to <= coarse.to);
                    }
                }
            }
        }
    }
}
