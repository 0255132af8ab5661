//! A child's own data, asked for: found, looked through piece by piece for what is somebody else's, and given.
//!
//! Everything sealed in the child's cases becomes pieces. Nothing leaves before a person who may open it has decided on
//! each: kept, or redacted for a reason. The answer is due within a calendar month (UK GDPR article 12(3)).

mod gather;
mod model;
mod rules;
mod service;
mod store;

pub use gather::gather;
pub use model::{
    AskedBy, Bundle, CasePart, Decision, Format, Given, GivenDocument, NewRequest, Piece, PieceContent, Reader, Reason,
    Rendered, Request, State,
};
pub use rules::{due_on, source_name};
pub use service::{
    decide, download, end_bundles, is_any_bundle_over, list, open, permit, pieces, release, request, withdraw,
};
