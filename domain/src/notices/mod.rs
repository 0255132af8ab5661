//! The outbox: what must be told to whom, written with the change that caused it, delivered later.
//!
//! A row holds no text and no address. Wording, address and link are looked up when the message is sent, and the
//! recipient's right to know is asked again then (`facts/reliability.md` D11, OUT-5). A message names a reference, what
//! to do, by when, and a link that needs signing in: nothing else (`facts/ecosystem.md` §1.2, privacy).
//!
//! The worker claims (`Db::upkeep`), composes (`Db::read`), sends outside any transaction, and settles (`Db::upkeep`).

mod model;
mod rules;
mod service;
mod store;
mod wording;

pub use model::{Ask, Composed, Leased, Mail, NewNotice, Notice, Outcome, Recipient, State, Subject, Wording};
pub use rules::{LARGEST_ATTEMPT, RETRY_SECONDS};
pub use service::{claim, compose, compose_account, enqueue, enqueue_account, give_back, page, settle, waiting_since};
pub use wording::{Due, Envelope, Link, Text, write};

#[cfg(test)]
mod tests;
