//! The attacker: somebody who holds every table of a release, knows how figures are rounded and withheld, and knows the
//! rolls. What may such a reader conclude about a count?
//!
//! `Facts` are what they hold, read from the published figures themselves. `range` is the interval they can work a count
//! out to, by a linear programme over all atoms. `is_hidden` answers what a release depends on, whether that interval is
//! wide enough, much faster and never too kindly: it shows other worlds in whole pupils that fit all the facts.
//!
//! They know the rule, and use it where it is certain: "too few" is a base below the least one, "differencing" is one that
//! reaches it. They are not credited with repeating the whole decision for every world they can think of.

mod facts;
mod programme;
mod swaps;
mod world;

pub(super) use facts::{Facts, Told, Truth, What};
pub(super) use programme::Programme;
#[cfg(test)]
pub(super) use programme::range;
pub(super) use world::{is_hidden, is_plainly_hidden};

/// Counts up to this, of those who chose an option or of those who didn't, are nobody's to know
/// (`facts/reliability.md` SUR-3). Nought is among them: a reader would tell it from one by what is withheld for one.
pub(super) const SMALL: i32 = 4;

/// How wide an interval of a small count must be: it has one whole number more.
pub(super) const WIDTH: i32 = 3;

/// The most pupils whose answers are others in a world that proves a number hidden. What is told so that it holds of all authorities
/// that differ from the true one in so many pupils takes nothing from such a proof ([`super::broad`]).
pub(super) const MOVED: i32 = 24;

/// Tables of so many atoms or fewer are looked at whole: a school's.
pub(super) const FEW: usize = 24;
