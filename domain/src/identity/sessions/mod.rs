//! Signing in, and staying signed in for a while.
//!
//! Signing in has three steps, so that the slow one holds no transaction: read [`credentials`], compare with
//! [`verify_password`](super::verify_password), then [`judge`]; and [`open_session`] or [`note_failure`] after it.

mod model;
mod rules;
mod service;
pub(super) mod store;

pub use model::{Credentials, Lacking, NewSession, Opening, Session, SessionLine, SignInRules};
pub use rules::{device_of, judge, locked};
pub(super) use service::{admit, stepped_up};
pub use service::{
    credentials, end_other_sessions, end_session, end_sessions_of, forget_expired, lacking, locked_address,
    note_failure, note_failure_of, open_session, open_session_as, own_sessions, renew_session, session, touch_session,
};

#[cfg(test)]
mod tests;
