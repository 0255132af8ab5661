//! The only clients that leave the process: mail, and the issuers people sign in by.

pub mod captured;
pub mod mail;
mod message;
pub mod oidc;
mod reply;
mod smtp;
#[cfg(test)]
mod tests;
