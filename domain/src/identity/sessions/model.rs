//! Sessions and what leads to one.

use crate::identity::people::PasswordHash;
use crate::identity::{Preference, RoleSet, SecretToken};
use crate::kernel::{PersonId, SessionId, Utc};

/// The numbers of signing in. An authority may set stricter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInRules {
    /// Failed attempts in a row after which an account is locked.
    pub attempts: u32,
    /// For how long, in seconds.
    pub lock_seconds: i64,
    /// How long a session lasts without being used, in seconds.
    pub idle_seconds: i64,
    /// How long it lasts at most, in seconds.
    pub absolute_seconds: i64,
    /// Whose holders must have a second factor.
    pub second_factor_roles: RoleSet,
}

impl Default for SignInRules {
    /// Five attempts, a quarter of an hour's lock, a quarter of an hour idle, a working day at most; a second factor for
    /// everybody (`facts/reliability.md` A22).
    fn default() -> Self {
        Self {
            attempts: 5,
            lock_seconds: 15 * 60,
            idle_seconds: 15 * 60,
            absolute_seconds: 8 * 3600,
            second_factor_roles: RoleSet::ALL,
        }
    }
}

/// What a person's e-mail leads to before the password is compared.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Who.
    pub person: PersonId,
    /// Their password's hash, when they have one.
    pub hash: Option<PasswordHash>,
    /// Whether they may sign in at all.
    pub active: bool,
    /// Until when they are locked out.
    pub locked_until: Option<Utc>,
}

/// How a session is opened: what its person proved, and with what they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// A second factor was proved just now.
    pub second_factor: bool,
    /// The browser and system, coarsely ([`super::device_of`]).
    pub device: String,
}

/// A session just opened: the only time its token is known here.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The session.
    pub id: SessionId,
    /// What the browser keeps.
    pub token: SecretToken,
    /// When it ends at the latest.
    pub expires_at: Utc,
}

/// A session in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// Their name, for the page's corner.
    pub name: String,
    /// Their language.
    pub lang: Preference,
    /// When it ends at the latest.
    pub expires_at: Utc,
    /// The code of the issuer it was opened by, if by one.
    pub issuer: Option<String>,
    /// When a second factor was last proved in it.
    pub second_factor_at: Option<Utc>,
    /// Whether its use should be noted now with [`super::touch_session`].
    pub touch_due: bool,
}

/// A session as its person sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// The session.
    pub id: SessionId,
    /// Since when.
    pub created_at: Utc,
    /// When it was last used, to the minute.
    pub last_used_at: Utc,
    /// The browser and system, coarsely; empty when not known.
    pub device: String,
}

/// What a session still lacks before it may do anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// Its person has a second factor and has not proved it in this session.
    Proof,
    /// Its person must have a second factor and has none.
    Factor,
}
