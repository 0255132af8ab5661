//! WARRN records: what a health worker sends after dangerous self-harm, and who may know
//! (`seeds/003`, "WARRN Pilot Project"; `facts/domain.md` §7).
//!
//! A copy goes to two parts and nobody else: the school's designated safeguarding person and the school's educational
//! psychologist. They are named in the record, dated, and a clock runs until each part acknowledges; past it, a deputy is
//! named too. Who leaves is followed by who holds their post now. What follows until the return has lasted is in
//! [`returns`]. The record holds a minimal structured summary, sealed under the child's key. It is a formulation: nothing
//! here computes or stores a score.

pub mod alerts;
mod handing;
mod model;
mod recipients;
mod referring;
pub mod returns;
mod rules;
mod service;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod views;

pub use handing::{HandedOver, destination, hand_over, moved};
pub use model::{Acknowledged, Content, Mine, NamedRecipient, Part, Section, SendWarrn, Sent, WarrnEnvelope};
pub use referring::{ReferFromRecord, refer, referable};
pub use returns::{tend, waiting_for_clock};
pub use service::{acknowledge, attach, by_reference, content, envelope, facts, list, read, send, version};
pub use settings::{Heading, WarrnSettings};
pub use views::{Known, Opened, SeenByLead, SeenByRecipient, SeenBySender, SeenInEmergency, WarrnListed, WarrnView};
