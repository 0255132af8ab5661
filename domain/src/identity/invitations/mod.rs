//! Invitations: an administrator invites, the invitee accepts, another administrator confirms; only then a role counts.
//!
//! The link's secret is nowhere stored. It is derived from the vault when the mail is written, and only its digest is kept
//! to recognise it by, so neither the outbox nor the table leads anybody in.

mod model;
mod service;
pub(super) mod store;

pub use model::{Accepted, Invitation, Invite, Invited};
pub use service::{DAYS, accept_invitation, invitation, invitation_link, invite};
