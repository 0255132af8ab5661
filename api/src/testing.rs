//! What unit tests of this package stand on: a service over a database of its own, and a mail relay that misbehaves.

mod relay;
mod world;

pub(crate) use relay::{Kind, TestRelay};
pub(crate) use world::{World, mailer};
