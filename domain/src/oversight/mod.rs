//! Watching over who reads what: break-glass and its review, who has seen a record, and who reads unusually much
//! (`facts/features.md` §3.7, 3.19; `facts/reliability.md` D15, REC-1, REC-2).
//!
//! An emergency access opens one child's records to one person for an hour. Its row never changes; whose records they
//! are is told at once, and another person has to say what they make of it. Everything else here is read from the audit
//! record, which holds every reading of what is sensitive and on what basis it was.

mod emergencies;
mod readers;
mod settings;
#[cfg(test)]
mod tests;
mod unusual;

pub use emergencies::{
    CaseOpened, Emergency, EmergencyFilter, EmergencyView, MINUTES, NewEmergency, NewReview, Opened, Outcome, Review,
    SHORTEST_REASON, by_reference, get, list, read, reason, review, start,
};
pub use readers::{Part, Seen, of_pupil, of_referral, of_warrn};
pub use settings::OversightSettings;
pub use unusual::{Flag, Report, Watched, report};
