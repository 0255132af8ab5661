//! An authority's own questionnaires: copied from a published one, changed as often as it likes, published, and from then
//! on never changed ([why](../../../../docs/adr/0025-questionnaires-of-an-authority.md)).
//!
//! Who makes campaigns makes them. What ships is nobody's draft: its codes are taken.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Held, Line, Stage};
pub use service::{by_id, copy, discard, list, publish, replace, revision};
