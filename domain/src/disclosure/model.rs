//! Figures as they may be published.

use serde::{Deserialize, Serialize};

/// When a figure may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// The fewest answers a published figure rests on.
    pub min_base: u64,
    /// Of how many in a hundred of its answers a figure of several schools may come from one of them (`facts/domain.md` §5, dominance).
    pub dominance: u32,
}

impl Threshold {
    /// Whether a figure is of several schools, by how many of each answered: ten or more in each of three (`facts/domain.md` §4,
    /// Active Lives: "areas with ≤2 schools"; ten is our own proposal), and not nearly all in one. Otherwise it would be one
    /// school's, or two's, under another name.
    #[must_use]
    pub fn is_shared(self, bases: impl IntoIterator<Item = u32>) -> bool {
        const EACH: u32 = 10;
        const SCHOOLS: usize = 3;
        let bases: Vec<u64> = bases.into_iter().filter(|base| *base > 0).map(u64::from).collect();
        let enough = bases.iter().filter(|base| **base >= u64::from(EACH)).count() >= SCHOOLS;
        let most = bases.iter().copied().max().unwrap_or_default();
        enough && 100 * most <= u64::from(self.dominance) * bases.iter().sum::<u64>()
    }
}

impl Default for Threshold {
    /// 30: with 5-point percentages and banded bases, no small count could be found at this size
    /// (`facts/reliability.md` M5); Active Lives CYP suppresses below it too (`facts/domain.md` §4). 80 in a hundred of one school is our
    /// own proposal, and a setting.
    fn default() -> Self {
        Self { min_base: 30, dominance: 80 }
    }
}

/// A range of shares, in thousandths: from the lower end to just below the upper; the highest has its upper end too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Its lower end.
    pub from: u16,
    /// Its upper end; a share of 1000 is in the band that ends there.
    pub to: u16,
}

impl Band {
    /// Whether a count of so many answers lies in it.
    pub(super) fn has(self, count: u32, base: u32) -> bool {
        let (share, base) = (1000 * u64::from(count), u64::from(base));
        u64::from(self.from) * base <= share && (share < u64::from(self.to) * base || self.to >= 1000)
    }
}

/// An option's share of those who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The option's code.
    pub option: String,
    /// Per cent, for drawing: the middle of the band, downwards. Options of a question with several answers add up to more
    /// than 100.
    pub percent: u8,
    /// What is known of the share.
    pub band: Band,
}

impl Share {
    /// A share of which so much is known.
    pub(super) fn within(option: String, band: Band) -> Self {
        Self { option, percent: u8::try_from((band.from + band.to) / 20).unwrap_or(100), band }
    }

    /// What is known of the share, as pages write it: `15–30%`.
    #[must_use]
    pub fn range(&self) -> String {
        format!("{}–{}%", self.band.from / 10, self.band.to / 10)
    }

    /// `low` in the lowest band, where nobody and a few look alike (`facts/domain.md` §5), and `high` in the highest, where
    /// everybody and all but a few do. The statistics have no symbol for that; it is ours.
    #[must_use]
    pub fn symbol(&self) -> Option<&'static str> {
        match self.band {
            Band { from: 0, .. } => Some("low"),
            Band { to: 1000.., .. } => Some("high"),
            Band { .. } => None,
        }
    }
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
    /// Too few answered (how few is not said), or it would give another figure away, or there are no answers. The symbol
    /// is that of the education statistics (`facts/domain.md` §5).
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

/// A figure that passed the disclosure rule. Only the rule makes one; what was published is read back as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct PublishedFigure(pub(super) Verdict);

/// What the rule decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Shown {
        base: u64,
        shares: Vec<Share>,
    },
    Small,
    /// It would give away another figure.
    Differencing,
    Unavailable,
    NotAsked,
}

/// A figure as a release keeps it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    symbol: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<u64>,
    /// Option, and the range in thousandths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<(String, u16, u16)>,
}

impl From<PublishedFigure> for Written {
    fn from(figure: PublishedFigure) -> Self {
        let without = |symbol: &str, reason: &str| Self {
            symbol: Some(symbol.to_owned()),
            reason: Some(reason.to_owned()),
            base: None,
            shares: Vec::new(),
        };
        match figure.view() {
            Figure::Shown { base, shares } => {
                let share = |s: &Share| (s.option.clone(), s.band.from, s.band.to);
                Self { symbol: None, reason: None, base: Some(base), shares: shares.iter().map(share).collect() }
            }
            Figure::Withheld { symbol, reason } => without(symbol, reason),
            Figure::NotAsked { symbol } => without(symbol, "not_asked"),
        }
    }
}

impl TryFrom<Written> for PublishedFigure {
    type Error = &'static str;
    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let share = |(option, from, to): (String, u16, u16)| Share::within(option, Band { from, to });
        Ok(Self(match (written.base, written.reason.as_deref()) {
            (Some(base), None) => Verdict::Shown { base, shares: written.shares.into_iter().map(share).collect() },
            (None, Some("small_n")) => Verdict::Small,
            (None, Some("differencing")) => Verdict::Differencing,
            (None, Some("unavailable")) => Verdict::Unavailable,
            (None, Some("not_asked")) => Verdict::NotAsked,
            _ => return Err("not a figure that was published"),
        }))
    }
}

/// From this base on figures are robust; below, of limited quality (StatsWales survey tables, `facts/domain.md` §4).
const ROBUST: u64 = 40;

impl PublishedFigure {
    /// What tells nothing, and why: it would give another figure away.
    #[must_use]
    pub const fn held_back() -> Self {
        Self(Verdict::Differencing)
    }

    /// What tells nothing, since nobody was asked.
    #[must_use]
    pub const fn not_asked() -> Self {
        Self(Verdict::NotAsked)
    }

    /// What a reader sees.
    #[must_use]
    pub fn view(&self) -> Figure<'_> {
        match &self.0 {
            Verdict::Shown { base, shares } => Figure::Shown { base: *base, shares },
            Verdict::Small => Figure::Withheld { symbol: "c", reason: "small_n" },
            Verdict::Differencing => Figure::Withheld { symbol: "c", reason: "differencing" },
            Verdict::Unavailable => Figure::Withheld { symbol: "x", reason: "unavailable" },
            Verdict::NotAsked => Figure::NotAsked { symbol: "z" },
        }
    }

    /// `u` beside a figure that is shown and rests on few answers.
    #[must_use]
    pub fn quality(&self) -> Option<&'static str> {
        matches!(self.0, Verdict::Shown { base, .. } if base < ROBUST).then_some("u")
    }
}

/// What a reader could find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// A figure isn't true.
    Untrue,
    /// Subtracting tables leaves a few pupils.
    Isolates,
    /// A small count, or how few did not choose the option, is known too closely.
    Narrow,
}

/// Why a release may not be published, with its cell. It says nothing of how many there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Breach {
    /// The question.
    pub question: String,
    /// The group or atom, or what is left when groups are subtracted.
    pub group: String,
    /// The option.
    pub option: Option<String>,
    /// What could be found out.
    pub finding: Finding,
}

impl std::fmt::Display for Breach {
    /// `Narrow: question bullied, school/6764023/year/6, option weekly`, without what is not to blame.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: ", self.finding)?;
        if !self.question.is_empty() {
            write!(f, "question {}, ", self.question)?;
        }
        f.write_str(&self.group)?;
        self.option.as_ref().map_or(Ok(()), |option| write!(f, ", option {option}"))
    }
}

/// A release's figures: for each question one for each group, in the release's order.
pub type Figures = Vec<Vec<PublishedFigure>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_is_told_without_what_is_not_to_blame() {
        let whole = Breach {
            question: String::new(),
            group: "school/6764023/year/6".into(),
            option: None,
            finding: Finding::Isolates,
        };
        assert_eq!(whole.to_string(), "Isolates: school/6764023/year/6");
        let asked = Breach { question: "bullied".into(), ..whole };
        assert_eq!(asked.to_string(), "Isolates: question bullied, school/6764023/year/6");
        let narrow = Breach { option: Some("weekly".into()), finding: Finding::Narrow, ..asked };
        assert_eq!(narrow.to_string(), "Narrow: question bullied, school/6764023/year/6, option weekly");
    }
}
