//! Break-glass: one child's records for an hour, on record, told and reviewed.

mod model;
mod rules;
mod service;
mod store;

pub use model::{
    CaseOpened, Emergency, EmergencyFilter, EmergencyView, MINUTES, NewEmergency, NewReview, Opened, Outcome, Review,
    SHORTEST_REASON,
};
pub use service::{by_reference, get, list, read, reason, review, start};
