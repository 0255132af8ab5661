//! The second factor: a code of an authenticator app (TOTP, RFC 6238), and ten recovery codes that replace it once each.
//!
//! A factor counts when a code of it has confirmed it. A code works once: the step it belongs to is kept, and no earlier
//! one is taken again (RFC 6238 §5.2). Failed codes count like failed passwords, towards the same lock.

mod model;
mod rules;
mod service;
pub(super) mod store;

pub use model::{Enrolled, Enrolment, FactorStanding};
pub use rules::{TotpSecret, code_at, step_of};
pub use service::{
    begin_enrolment, confirm_enrolment, enrol_known, factor_standing, last_step, new_recovery_codes, open_session_with,
    pending_enrolment, reset_factor, step_up,
};

#[cfg(test)]
mod tests;
