//! A school refers a child to a service, and the service answers.
//!
//! A referral shows its envelope (reference, school, service, state, officer) to those who follow it, and its sealed
//! content to those who must know it. Every change is one transition, one event, one audit entry, and one message to the
//! other side. Who may do what stands in [`crate::access::policy`].

mod model;
mod rules;
mod service;
mod store;

pub use model::{
    Command, Consent, ConsentBy, Content, DeclineReason, Envelope, Event, EventKind, Filter, NewConsent, Note,
    OpenReferral, Opened, Reading, State, Urgency,
};
pub use rules::{gate, transition};
pub use service::{
    accept, answer, by_reference, count, decline, envelope, facts, history, history_beside, list, open, open_for, peek,
    read, redirect, request_information, version,
};

#[cfg(test)]
mod tests;
