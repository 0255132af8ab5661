//! Requests that may safely be sent twice: the first answer is kept, sealed, with the change it answered.
//!
//! Semantics of draft-ietf-httpapi-idempotency-key-header-07 (`facts/reliability.md` A10, D9): the key is scoped to the
//! caller; another request under the same key is refused; answers are kept 48 hours.

mod service;
mod store;

pub use service::{Answer, Key, Outcome, begin, complete, forget_expired};
