//! The annual survey: campaigns, what schools send in, and what goes back to them.
//!
//! Answers stand alone. A stored row is a random id, a year group and packed bytes under a campaign and a school: no
//! time, no order, no batch, no key of the sender's (`DESIGN.md` invariant 6; `facts/reliability.md` D12, SUR-1).

pub mod campaigns;
pub mod codes;
pub mod concerns;
pub mod packs;
pub mod participation;
pub mod releases;
pub mod reports;
pub mod responses;
pub mod rolls;
#[cfg(test)]
mod stage;
pub mod tallies;
pub mod texts;
