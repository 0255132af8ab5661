//! What goes back to a school: figures that are safe to publish, and nothing else.
//!
//! A [`PublishedFigure`] can only be made by the disclosure rule ([`crate::disclosure`]), so no count leaves by another way (`DESIGN.md`
//! invariant 7). The rule of today is the plainest that held (`facts/reliability.md` M5); the disclosure engine of the
//! next issue replaces it behind the same type.

mod model;
mod rules;
mod service;
mod store;

pub use crate::disclosure::{Figure, PublishedFigure, Share, Threshold};
pub use model::{QuestionResult, Results};
pub use service::results;
