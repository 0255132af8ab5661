//! The only clients that leave the process: mail.

pub mod captured;
pub mod mail;
mod message;
mod reply;
mod smtp;
#[cfg(test)]
mod tests;
