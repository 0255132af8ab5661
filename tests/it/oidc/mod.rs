//! Signing in by an OpenID Connect issuer (SES-2, D13).

mod good;
mod issuer;
mod keys;
mod refused;
mod scene;
