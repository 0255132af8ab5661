//! What a proportion is worth: its interval, a change of it, and whether it stands out. Pure.
//!
//! An interval worked out from exact counts gives the counts away: whoever has both its ends can solve for them. Readers
//! are therefore given intervals of what is published of a figure ([`super::Figure::Shown`]), never of what lies under it.

/// How sure a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// 95 %: one time in twenty wrong ("2σ" of a funnel).
    P95,
    /// 99.8 %: one time in five hundred wrong ("3σ" of a funnel).
    P998,
}

impl Confidence {
    /// The standard normal quantile that leaves half of the rest above it.
    const fn z(self) -> f64 {
        match self {
            Self::P95 => 1.959_963_984_540_054,
            Self::P998 => 3.090_232_306_167_813,
        }
    }
}

/// A range of proportions, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
}

/// Whole points of a hundred, from -100 to 100, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points {
    /// The lower end.
    pub from: i16,
    /// The upper end.
    pub to: i16,
}

impl Interval {
    /// Whether a proportion lies in it.
    #[must_use]
    pub fn has(&self, proportion: f64) -> bool {
        (self.lower..=self.upper).contains(&proportion)
    }

    /// In whole points, rounded outwards: what lies in the interval lies between them.
    #[must_use]
    pub fn points(&self) -> Points {
        // What is a whole number but for how a computer reckons stays one.
        const ROOM: f64 = 1e-9;
        let whole = -100_i16..=100;
        let below = whole.clone().rev().find(|p| f64::from(*p) <= self.lower * 100.0 + ROOM);
        let above = whole.clone().find(|p| f64::from(*p) >= self.upper * 100.0 - ROOM);
        Points { from: below.unwrap_or(*whole.start()), to: above.unwrap_or(*whole.end()) }
    }
}

/// Wilson's score interval of a proportion of `base`, which need not be a whole number of them (`facts/domain.md` §5).
/// The whole range when the base is nought.
#[must_use]
pub fn wilson(proportion: f64, base: f64, confidence: Confidence) -> Interval {
    if base <= 0.0 {
        return Interval { lower: 0.0, upper: 1.0 };
    }
    let (z, p) = (confidence.z(), proportion.clamp(0.0, 1.0));
    let x = p * base;
    let (middle, reach) = (2.0 * x + z * z, z * (z * z + 4.0 * x * (1.0 - p)).sqrt());
    let over = 2.0 * (base + z * z);
    Interval { lower: ((middle - reach) / over).clamp(0.0, 1.0), upper: ((middle + reach) / over).clamp(0.0, 1.0) }
}

/// How a proportion changed, from -1 to 1, with the interval that joins the two Wilson intervals (Newcombe, Statistics in
/// Medicine 17 (1998) 873–890, method 10).
#[must_use]
pub fn change(before: (f64, f64), after: (f64, f64), confidence: Confidence) -> Interval {
    let (was, is) = (wilson(before.0, before.1, confidence), wilson(after.0, after.1, confidence));
    let difference = after.0 - before.0;
    let below = (after.0 - is.lower).hypot(was.upper - before.0);
    let above = (is.upper - after.0).hypot(before.0 - was.lower);
    Interval { lower: difference - below, upper: difference + above }
}

/// The limits within which a proportion of `base` lies by chance when the true one is `average` (`facts/domain.md` §5,
/// after `PHEindicatormethods`). The whole range when the base is nought.
#[must_use]
pub fn funnel(average: f64, base: f64, confidence: Confidence) -> Interval {
    if base <= 0.0 {
        return Interval { lower: 0.0, upper: 1.0 };
    }
    let (z2, n) = (confidence.z().powi(2), base);
    let a = n / z2 + 1.0;
    let last = 1.0 / z2 + 1.0 / n;
    let inner = n * (average * (n / z2 + 2.0) - 1.0) + z2 * (average - 1.0);
    let adjust = ((8.0 * average * a).powi(2) - 64.0 * last * average * inner).max(0.0).sqrt() / 8.0;
    let limit = |numerator: f64| (numerator / last / n).clamp(0.0, 1.0);
    Interval { lower: limit(average * a - adjust), upper: limit(average * a + adjust) }
}

/// The interval of a proportion of which only the range is known: Wilson's, wherever in the range it lies. `base` is the
/// fewest there may be.
#[must_use]
pub fn wilson_of(range: Interval, base: f64, confidence: Confidence) -> Interval {
    let end = |proportion| wilson(proportion, base, confidence);
    Interval { lower: end(range.lower).lower, upper: end(range.upper).upper }
}

/// How a proportion changed of which only the ranges are known, before and after: [`change`], wherever in them both lie. Its
/// ends are those of the two corners that are furthest apart, as each end only grows with what was and shrinks with what is.
#[must_use]
pub fn change_of(before: (Interval, f64), after: (Interval, f64), confidence: Confidence) -> Interval {
    let (was, is) = (before.0, after.0);
    let least = change((was.upper, before.1), (is.lower, after.1), confidence);
    let most = change((was.lower, before.1), (is.upper, after.1), confidence);
    Interval { lower: least.lower, upper: most.upper }
}

/// The limits of a funnel around an average of which only the range is known, wherever in it the average lies.
#[must_use]
pub fn funnel_of(average: Interval, base: f64, confidence: Confidence) -> Interval {
    let around = |average| funnel(average, base, confidence);
    Interval { lower: around(average.lower).lower, upper: around(average.upper).upper }
}

/// How a proportion stands to an average, with the labels of `facts/domain.md` §5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stands {
    /// Below the limits of 99.8 %.
    FarBelow,
    /// Below the limits of 95 %.
    Below,
    /// Within what chance makes.
    Within,
    /// Above the limits of 95 %.
    Above,
    /// Above the limits of 99.8 %.
    FarAbove,
}

/// How a proportion of `base` stands to an average.
#[must_use]
pub fn stands(proportion: f64, base: f64, average: f64) -> Stands {
    let (near, far) = (funnel(average, base, Confidence::P95), funnel(average, base, Confidence::P998));
    if proportion < far.lower {
        Stands::FarBelow
    } else if proportion < near.lower {
        Stands::Below
    } else if proportion > far.upper {
        Stands::FarAbove
    } else if proportion > near.upper {
        Stands::Above
    } else {
        Stands::Within
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-8
    }

    #[test]
    fn wilson_gives_the_published_answers() {
        for (x, n, confidence, lower, upper) in [
            (65.0, 100.0, Confidence::P95, 0.552_544_432_968_879_7, 0.736_357_517_569_024_7),
            (1045.0, 5000.0, Confidence::P95, 0.197_955_498_800_132_97, 0.220_491_303_731_890_27),
            (65.0, 100.0, Confidence::P998, 0.495_494_654_607_0, 0.778_354_061_409_0),
            (0.0, 10.0, Confidence::P95, 0.0, 0.277_532_799_862_889_2),
            (10.0, 10.0, Confidence::P95, 0.722_467_200_137_110_7, 1.0),
        ] {
            let found = wilson(x / n, n, confidence);
            assert!(close(found.lower, lower) && close(found.upper, upper), "{x}/{n}: {found:?}");
        }
        assert_eq!(wilson(0.0, 0.0, Confidence::P95), Interval { lower: 0.0, upper: 1.0 });
    }

    #[test]
    fn a_funnel_gives_the_published_answers() {
        let average = 0.806_424_48;
        for (n, confidence, lower, upper) in [
            (1.0, Confidence::P95, 0.032_042_64, 1.0),
            (3.0, Confidence::P95, 0.359_334_92, 1.0),
            (3.0, Confidence::P998, 0.101_508_15, 1.0),
            (5.0, Confidence::P95, 0.460_110_39, 1.0),
            (5.0, Confidence::P998, 0.260_398_64, 1.0),
            (100.0, Confidence::P95, 0.728_986_30, 0.883_862_66),
            // The table has .92852957 here; the formula beside it gives this, in whatever way it is reckoned.
            (100.0, Confidence::P998, 0.684_329_39, 0.928_519_57),
        ] {
            let found = funnel(average, n, confidence);
            assert!((found.lower - lower).abs() < 2e-7 && (found.upper - upper).abs() < 2e-7, "{n}: {found:?}");
        }
    }

    #[test]
    fn a_change_gives_the_published_answer() {
        // Newcombe 1998, table II, contrast (a): 56/70 less 48/80.
        let found = change((48.0 / 80.0, 80.0), (56.0 / 70.0, 70.0), Confidence::P95);
        assert!((found.lower - 0.0524).abs() < 5e-5 && (found.upper - 0.3339).abs() < 5e-5, "{found:?}");
    }

    #[test]
    fn what_stands_out_is_told_and_what_does_not_is_not() {
        for (proportion, expected) in [
            (0.20, Stands::Within),
            (0.27, Stands::Within),
            (0.29, Stands::Above),
            (0.36, Stands::FarAbove),
            (0.12, Stands::Below),
            (0.05, Stands::FarBelow),
        ] {
            assert_eq!(stands(proportion, 100.0, 0.20), expected, "{proportion}");
        }
        // The same share of fewer is not the same news.
        assert_eq!(stands(0.36, 12.0, 0.20), Stands::Within);
    }

    #[test]
    fn points_are_rounded_outwards() {
        let of = |lower, upper| {
            let Points { from, to } = Interval { lower, upper }.points();
            (from, to)
        };
        assert_eq!(of(0.123, 0.456), (12, 46));
        assert_eq!(of(0.07, 0.29), (7, 29), "whole points stay what they are");
        assert_eq!(of(-0.011, 0.001), (-2, 1));
        assert_eq!((of(0.0, 1.0), of(-1.0, 1.0), of(-1.5, 1.5)), ((0, 100), (-100, 100), (-100, 100)));
    }

    /// A range of one point is that point.
    #[test]
    fn what_is_known_exactly_has_the_published_interval() {
        let at = |p| Interval { lower: p, upper: p };
        assert_eq!(wilson_of(at(0.65), 100.0, Confidence::P95), wilson(0.65, 100.0, Confidence::P95));
        let newcombe = change_of((at(48.0 / 80.0), 80.0), (at(56.0 / 70.0), 70.0), Confidence::P95);
        assert_eq!(newcombe, change((48.0 / 80.0, 80.0), (56.0 / 70.0, 70.0), Confidence::P95));
        assert_eq!(funnel_of(at(0.8), 100.0, Confidence::P95), funnel(0.8, 100.0, Confidence::P95));
    }

    proptest! {
        /// Of every share within its range, and of every base there may be, the interval lies within the one that is told.
        #[test]
        fn what_is_told_of_a_range_holds_what_is_true(
            from in 0_u32..=18, was in 0_u32..=18, inside in 0.0_f64..=1.0, beside in 0.0_f64..=1.0,
            n in 30_u32..900, m in 30_u32..900, more in 0_u32..5,
        ) {
            let room = 1e-9;
            let band = |from: u32| Interval { lower: f64::from(from) / 20.0, upper: f64::from(from + 2) / 20.0 };
            let (now, before) = (band(from), band(was));
            let (share, last) = (now.lower + inside * 0.1, before.lower + beside * 0.1);
            let (n, m, true_n) = (f64::from(n), f64::from(m), f64::from(n + more));
            let within = |outer: Interval, inner: Interval| {
                outer.lower <= inner.lower + room && inner.upper <= outer.upper + room
            };
            let confidence = Confidence::P95;
            prop_assert!(within(wilson_of(now, n, confidence), wilson(share, true_n, confidence)));
            let told = change_of((before, m), (now, n), confidence);
            prop_assert!(within(told, change((last, m), (share, true_n), confidence)));
            prop_assert!(within(funnel_of(now, n, confidence), funnel(share, true_n, confidence)));
        }

        #[test]
        fn an_interval_holds_its_proportion_and_narrows(x in 0_u32..500, more in 1_u32..500) {
            let n = f64::from(x + more);
            let p = f64::from(x) / n;
            let (near, far) = (wilson(p, n, Confidence::P95), wilson(p, n, Confidence::P998));
            let room = 1e-12;
            prop_assert!(near.lower <= p + room && p <= near.upper + room);
            prop_assert!(far.lower <= near.lower + room && near.upper <= far.upper + room);
            let wider = wilson(p, n * 4.0, Confidence::P95);
            prop_assert!(wider.upper - wider.lower <= near.upper - near.lower + room);
        }

        #[test]
        fn no_change_is_a_change_that_may_be_nought(p in 0.0_f64..=1.0, n in 1_u32..2000, m in 1_u32..2000) {
            let found = change((p, f64::from(n)), (p, f64::from(m)), Confidence::P95);
            prop_assert!(found.has(0.0), "{:?}", found);
        }
    }
}
