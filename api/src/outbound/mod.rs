//! The only clients that leave the process: mail, and the virus scanner.

pub mod captured;
pub mod mail;
mod message;
mod reply;
pub mod scan;
mod smtp;
#[cfg(test)]
mod tests;
