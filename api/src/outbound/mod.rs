//! The only clients that leave the process: mail.

pub mod mail;
