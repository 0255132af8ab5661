//! What the authority reads of all its schools: the table of schools beside one another, and its annual report.
//!
//! Both are made of a release and of how the schools took part. Nothing is counted from answers here, and no school is ranked.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Annual, Approached, Heat, HeatCell, StandingOut, TakingPart, Told};
pub use rules::{columns, compared_tables, row};
pub use service::{annual, heat};
