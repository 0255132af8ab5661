//! Signing in by an OpenID Connect issuer: the authorization code flow with PKCE, state and nonce (`OpenID Connect Core` §3.1,
//! RFC 7636, RFC 9700), by hand over the HTTP client in `outbound`.

mod flow;
mod id_token;
mod provider;

pub use flow::{Answered, Sent};
pub use provider::{Issuers, Provider};
