//! The tables of cases. The transport and the areas above never see a row.

pub mod documents;
pub mod envelope;
pub mod events;
pub mod links;
pub mod milestones;
pub mod pauses;
pub mod people;
pub mod tasks;
