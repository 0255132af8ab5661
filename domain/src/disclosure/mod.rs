//! When a figure may be published, and in which form. Pure, and the only place that makes a [`PublishedFigure`], so no
//! count leaves by another way (`DESIGN.md` invariant 7), whatever it counts.

mod model;
mod rules;
pub mod statistics;

pub use model::{Figure, PublishedFigure, Share, Threshold};
pub use rules::{Counts, publish, publish_median};
