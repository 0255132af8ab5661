//! When a figure may be published, and in which form. Pure, and the only place that makes a [`PublishedFigure`], so no
//! count leaves by another way (`DESIGN.md` invariant 7), whatever it counts.

mod attack;
mod bands;
mod broad;
mod differences;
mod engine;
pub mod frequency;
mod model;
mod release;
mod rules;
mod sets;
pub mod statistics;

pub use broad::{Broad, BroadFigure, FEW, broad};
pub use engine::{Beside, audit, disclose, disclose_beside, disclose_group};
pub use model::{Band, Breach, Figure, Figures, Finding, PublishedFigure, Share, Threshold};
pub use release::{Atom, Choice, Group, Malformed, Question, Release, Tally};
pub use rules::{Counts, publish, publish_median};

#[cfg(test)]
mod tests;
