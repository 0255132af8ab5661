//! Randomness comes in as an argument (`DESIGN.md` invariant 9).

use std::sync::Mutex;

/// Where random bytes come from.
pub trait Chance: Send + Sync {
    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]);

    /// `N` random bytes.
    fn bytes<const N: usize>(&self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut out = [0_u8; N];
        self.fill(&mut out);
        out
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsChance;

impl Chance for OsChance {
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can be done without it.
    #[expect(
        clippy::expect_used,
        reason = "without randomness no key, id or session is safe; stopping is the only answer"
    )]
    fn fill(&self, out: &mut [u8]) {
        getrandom::fill(out).expect("the operating system's random generator failed");
    }
}

/// A seeded sequence for tests and the demo's invented data. Never for keys (`xorshift64*`, Vigna 2016).
#[derive(Debug)]
pub struct FixedChance(Mutex<u64>);

impl FixedChance {
    /// A sequence that is the same for the same seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(seed | 1))
    }
}

impl Chance for FixedChance {
    fn fill(&self, out: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in out.chunks_mut(8) {
            let mut x = *state;
            x ^= x >> 12;
            x ^= x << 25;
            x ^= x >> 27;
            *state = x;
            let word = x.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(word) {
                *to = from;
            }
        }
    }
}
