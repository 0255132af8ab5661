//! The only clients that leave the process: mail, the virus scanner, and the issuers people sign in by.

pub mod captured;
pub mod mail;
mod message;
pub mod oidc;
mod reply;
pub mod scan;
mod smtp;
#[cfg(test)]
mod tests;
