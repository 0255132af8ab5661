//! What goes back to a school: figures that are safe to publish, and nothing else.
//!
//! A [`PublishedFigure`] can only be made by the disclosure engine ([`crate::disclosure`]), so no count leaves by another way
//! (`DESIGN.md` invariant 7).

mod model;
mod rules;
mod service;
mod store;

pub use crate::disclosure::{Band, Figure, PublishedFigure, Share, Threshold};
pub use model::{QuestionResult, Results};
pub use service::results;
