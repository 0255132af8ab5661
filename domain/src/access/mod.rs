//! Who may do what: roles, actions, relationships, and the grant that proves it.
//!
//! The rules are data ([`policy::RULES`]), read by the code and by the tests. A store takes a [`Grant`], never a bare id,
//! and only this area makes one — from the caller's memberships as they stand in the same transaction.

mod model;
pub mod policy;
mod rules;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod words;

pub use model::{Action, Basis, Emergency, Facts, Grant, Membership, Relation, Role, Scope, Standing, StateWord};
pub use rules::{Decision, decide, is_fresh, scope_of};
pub use service::{grant, scope, standing, standing_of};
pub use store::emergency_facts;

/// What must not compile.
#[cfg(doctest)]
#[doc = include_str!("proofs.md")]
pub struct Proofs;
