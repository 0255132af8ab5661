//! Words stored as words: enums that are text with a CHECK in both databases.

use serde::{Deserialize, Serialize};

/// Declares an enum whose variants are stored, sent and read as fixed words.
///
/// Gives `as_str`, `ALL`, `FromStr`, serde as the word, and diesel's `Text` on both databases.
macro_rules! text_enum {
    ($(#[$m:meta])* $v:vis enum $n:ident { $($(#[$vm:meta])* $var:ident = $s:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
            serde::Serialize, serde::Deserialize)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        $v enum $n { $($(#[$vm])* #[serde(rename = $s)] $var),* }
        impl $n {
            /// Every variant, in the order written.
            pub const ALL: &'static [Self] = &[$(Self::$var),*];
            /// The stored word.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$var => $s),* } }
        }
        impl std::fmt::Display for $n {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl std::str::FromStr for $n {
            type Err = $crate::kernel::FaultCode;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s { $($s => Ok(Self::$var),)* _ => Err($crate::kernel::FaultCode::NotInList) }
            }
        }
        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $n
        where DB: diesel::backend::Backend, str: diesel::serialize::ToSql<diesel::sql_types::Text, DB> {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                self.as_str().to_sql(out)
            }
        }
        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $n
        where DB: diesel::backend::Backend, String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB> {
            fn from_sql(raw: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let word = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(raw)?;
                word.parse().map_err(|_| concat!("stored word is no ", stringify!($n)).into())
            }
        }
    };
}
pub(crate) use text_enum;

text_enum! {
    /// A school's phase (`facts/domain.md` §9, Welsh sectors).
    pub enum Phase {
        /// Nursery.
        Nursery = "nursery",
        /// Primary.
        Primary = "primary",
        /// Middle (3–16 or 3–19).
        Middle = "middle",
        /// Secondary.
        Secondary = "secondary",
        /// Special.
        Special = "special",
        /// Pupil referral unit.
        Pru = "pru",
        /// Independent.
        Independent = "independent",
    }
}

text_enum! {
    /// The language a school teaches in (`facts/domain.md` §9, Welsh-medium categories).
    pub enum Medium {
        /// Welsh medium.
        Welsh = "welsh",
        /// Dual stream.
        DualStream = "dual_stream",
        /// Transitional.
        Transitional = "transitional",
        /// Bilingual (A, B, C or Ch).
        Bilingual = "bilingual",
        /// English with significant Welsh.
        EnglishSignificantWelsh = "english_significant_welsh",
        /// English medium; every school in England.
        English = "english",
    }
}

/// A national-curriculum year: 0 is Reception, 1–14 the years after it (`facts/domain.md` §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct YearGroup(u8);

impl YearGroup {
    /// A year group from its number, 0 to 14.
    ///
    /// # Errors
    /// [`super::FaultCode::OutOfRange`] for any other number.
    pub fn new(number: i64) -> Result<Self, super::FaultCode> {
        u8::try_from(number).ok().filter(|n| *n <= 14).map(Self).ok_or(super::FaultCode::OutOfRange)
    }

    /// The number, 0 to 14.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// Year groups, as the bits 0 to 14 of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearGroups(i16);

impl YearGroups {
    /// Every year group.
    pub const ALL: Self = Self(0x7fff);

    /// These.
    pub fn of(years: impl IntoIterator<Item = YearGroup>) -> Self {
        Self(years.into_iter().fold(0, |bits, year| bits | 1 << year.number()))
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, year: YearGroup) -> bool {
        self.0 >> year.number() & 1 == 1
    }

    /// Each, in order.
    pub fn iter(self) -> impl Iterator<Item = YearGroup> {
        (0..=14).filter_map(|n| YearGroup::new(n).ok()).filter(move |year| self.has(*year))
    }

    /// As a number.
    #[must_use]
    pub const fn bits(self) -> i16 {
        self.0
    }

    /// From such a number.
    #[must_use]
    pub const fn from_bits(bits: i16) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl TryFrom<i64> for YearGroup {
    type Error = String;
    fn try_from(n: i64) -> Result<Self, Self::Error> {
        Self::new(n).map_err(|_| "a year group is a whole number from 0 (Reception) to 14".to_owned())
    }
}

impl From<YearGroup> for i64 {
    fn from(y: YearGroup) -> Self {
        Self::from(y.0)
    }
}

impl std::fmt::Display for YearGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == 0 { f.write_str("R") } else { write!(f, "{}", self.0) }
    }
}
