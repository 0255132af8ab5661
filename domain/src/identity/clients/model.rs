//! An API client.

use crate::kernel::{ClientId, FreeText, Scopes, Utc};

/// A client whose secret was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// What its tokens may allow.
    pub scopes: Scopes,
}

/// A new client.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Its name.
    pub name: FreeText<200>,
    /// What its tokens may allow.
    pub scopes: Scopes,
    /// When it stops working, if ever.
    pub expires_at: Option<Utc>,
}
