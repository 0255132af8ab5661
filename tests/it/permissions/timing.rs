//! Whether two sets of times differ: the rank test of Mann and Whitney (Ann. Math. Statist. 18 (1947) 50–60), with the
//! normal approximation and the correction for ties.

/// What two sets have to say of each other.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    /// How likely they are to differ as much as this by chance.
    pub p: f64,
    /// Their medians.
    pub medians: (f64, f64),
}

impl Compared {
    /// By how much the medians differ, as a part of the smaller.
    pub fn difference(&self) -> f64 {
        let (a, b) = self.medians;
        (a - b).abs() / a.min(b)
    }

    /// Whether one can be told from the other: beyond chance, and by enough to be of use.
    pub fn tells_apart(&self) -> bool {
        self.p < 0.001 && self.difference() > 0.05
    }
}

/// The median of sorted times.
fn median(times: &[f64]) -> f64 {
    let middle = times.len() / 2;
    if times.len().is_multiple_of(2) { f64::midpoint(times[middle - 1], times[middle]) } else { times[middle] }
}

/// Compares two sets of at least twenty each.
pub fn compare(a: &[f64], b: &[f64]) -> Compared {
    let sorted = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times
    };
    let (a, b) = (sorted(a), sorted(b));
    let mut all: Vec<(f64, bool)> = a.iter().map(|t| (*t, true)).chain(b.iter().map(|t| (*t, false))).collect();
    all.sort_by(|x, y| x.0.total_cmp(&y.0));
    let (mut of_a, mut ties, mut before) = (0.0, 0.0, 0.0);
    for alike in all.chunk_by(|x, y| x.0.total_cmp(&y.0).is_eq()) {
        let many = f64::from(u32::try_from(alike.len()).unwrap());
        let ours = f64::from(u32::try_from(alike.iter().filter(|(_, ours)| *ours).count()).unwrap());
        // Those alike share the mean of the ranks they take up.
        of_a += ours * (before + (many + 1.0) / 2.0);
        ties += many.powi(3) - many;
        before += many;
    }
    let count = |times: &[f64]| f64::from(u32::try_from(times.len()).unwrap());
    let (n, m) = (count(&a), count(&b));
    let u = of_a - n * (n + 1.0) / 2.0;
    let spread = (n * m / 12.0 * ((n + m + 1.0) - ties / ((n + m) * (n + m - 1.0)))).sqrt();
    let z = if spread > 0.0 { ((u - n * m / 2.0).abs() - 0.5).max(0.0) / spread } else { 0.0 };
    Compared { p: both_tails(z), medians: (median(&a), median(&b)) }
}

/// How likely a normal variate is to be further from its mean than `z` (Abramowitz and Stegun 26.2.17).
fn both_tails(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let terms = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = terms.iter().rev().fold(0.0, |sum, term| (sum + term) * t);
    (2.0 * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * sum).min(1.0)
}

/// Times as they could be measured: around `base`, never twice the same.
#[cfg(test)]
fn drawn(base: f64, many: u64, seed: u64) -> Vec<f64> {
    let seed = dolen_tests::seed::Seed::new(seed);
    let between = || f64::from(u32::try_from(seed.below(1_000_000)).unwrap()) / 1_000_000.0;
    (0..many).map(|_| base * (0.8 + 0.2 * (between() + between()))).collect()
}

#[test]
fn what_differs_is_told_apart_and_what_does_not_is_not() {
    let same = compare(&drawn(1.0, 200, 1), &drawn(1.0, 200, 2));
    assert!(!same.tells_apart() && same.p > 0.001, "{same:?}");
    let other = compare(&drawn(1.0, 200, 3), &drawn(1.2, 200, 4));
    assert!(other.tells_apart() && (0.1..0.3).contains(&other.difference()), "{other:?}");
    // Certain, and of no use to anybody.
    let little = compare(&drawn(1.0, 2000, 5), &drawn(1.03, 2000, 6));
    assert!(little.p < 0.001 && !little.tells_apart(), "{little:?}");
    let all_alike = compare(&[1.0; 30], &[1.0; 30]);
    assert!((all_alike.p - 1.0).abs() < 1e-6, "{all_alike:?}");
    // Published: z = 1.96 leaves a twentieth in both tails, z = 3.29 a thousandth.
    assert!((both_tails(1.959_964) - 0.05).abs() < 1e-6 && (both_tails(3.290_527) - 0.001).abs() < 1e-6);
}
