//! Signing in, and staying signed in for a while.
//!
//! Signing in has three steps, so that the slow one holds no transaction: read [`credentials`], compare with
//! [`verify_password`](super::verify_password), then [`judge`]; and [`open_session`] or [`note_failure`] after it.

mod model;
mod rules;
mod service;
pub(super) mod store;

pub use model::{Credentials, NewSession, Session, SignInRules};
pub use rules::judge;
pub use service::{credentials, end_session, forget_expired, note_failure, open_session, session, touch_session};
