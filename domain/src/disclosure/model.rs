//! Figures as they may be published.

/// When a figure may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// The fewest answers a published figure rests on.
    pub min_base: u64,
}

impl Default for Threshold {
    /// 30: with 5-point percentages and banded bases, no small count could be found at this size
    /// (`facts/reliability.md` M5); Active Lives CYP suppresses below it too (`facts/domain.md` §4).
    fn default() -> Self {
        Self { min_base: 30 }
    }
}

/// An option's share of those who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The option's code.
    pub option: String,
    /// Per cent, to the nearest 5. Options of a question with several answers add up to more than 100.
    pub percent: u8,
}

/// What a reader sees of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure<'a> {
    /// Published.
    Shown {
        /// How many answered: this many or up to four more.
        base: u64,
        /// Each option's share, in the question's order.
        shares: &'a [Share],
    },
    /// Too few answered; how few is not said. The symbol is that of the education statistics (`facts/domain.md` §5).
    Withheld {
        /// The symbol in the figure's place.
        symbol: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// The question is not for the pupils of this school.
    NotAsked {
        /// The symbol in the figure's place.
        symbol: &'static str,
    },
}

/// A figure that passed the disclosure rule. Only the rule makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedFigure(pub(super) Verdict);

/// What the rule decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Shown { base: u64, shares: Vec<Share> },
    Small,
    NotAsked,
}

impl PublishedFigure {
    /// What a reader sees.
    #[must_use]
    pub fn view(&self) -> Figure<'_> {
        match &self.0 {
            Verdict::Shown { base, shares } => Figure::Shown { base: *base, shares },
            Verdict::Small => Figure::Withheld { symbol: "c", reason: "small_n" },
            Verdict::NotAsked => Figure::NotAsked { symbol: "z" },
        }
    }
}
