//! Randomness that can be had again.

use dolen_domain::kernel::{Chance as _, FixedChance, OsChance};

/// A seeded sequence. Its seed is printed, so a failure can be repeated with `SEED=`.
pub struct Seed {
    chance: FixedChance,
    seed: u64,
}

impl Seed {
    /// The seed of `SEED`, else a fresh one.
    #[must_use]
    pub fn of_run() -> Self {
        let seed = std::env::var("SEED").ok().map_or_else(
            || u64::from_le_bytes(OsChance.bytes::<8>()) % 1_000_000_000,
            |text| text.parse().expect("SEED is a whole number"),
        );
        eprintln!("SEED={seed}");
        Self::new(seed)
    }

    /// This seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds should not begin alike, and the generator ignores the lowest bit.
        Self { chance: FixedChance::seeded(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) << 1), seed }
    }

    /// The seed, for messages.
    #[must_use]
    pub const fn value(&self) -> u64 {
        self.seed
    }

    /// A number below `bound`.
    pub fn below(&self, bound: u64) -> u64 {
        u64::from_le_bytes(self.chance.bytes::<8>()) % bound
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }
}
